"""A review that an earlier version kept goes on, and nothing that was settled is lost."""

import json
from pathlib import Path
from typing import Any

import pytest

from extract.review.desk import Seat
from extract.review.migrations import MIGRATIONS
from extract.review.review import Review
from extract.review.settling import decide_point, open_case
from extract.review.shelf import KeptLetter
from extract.review.store import SETTLED
from tests.extract.review.reviewing import make_review
from tests.extract.review.runs import many_items

SEAT = Seat("letter", SETTLED, "carol")


def opened(folder: Path) -> tuple[Review, KeptLetter]:
    (folder / "letters").mkdir(exist_ok=True)
    (folder / "letters" / "letter.txt").write_text(many_items(4))
    review = make_review(folder / "letters", folder / "review")
    kept = review.shelf.get("letter")
    assert kept
    return review, kept


def as_version_1(content: str) -> str:
    """A settled sheet as version 1 kept it, with an item that was added by hand."""
    sheet: dict[str, Any] = json.loads(content)
    for item in sheet["items"]:
        del item["origin"]
    first, others = sheet["items"][0], sheet["items"][1:]
    for item, key in zip(others, (100_001, 100_002), strict=True):
        item["key"] = key
    sheet["items"] = [first, *others, {**first, "key": 100_003}]
    sheet["decided"] = ["i100001.", "i100002."]
    return json.dumps(sheet)


def settled_by_version_1(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of four items alice has the first; two of bob's others were taken on the settled desk."""
    with monkeypatch.context() as before:
        before.setattr("extract.review.store.MIGRATIONS", MIGRATIONS[:1])
        review, kept = opened(folder)
        items = review.desks.open(kept, "bob")[1].items
        for name, some in (("alice", items[:1]), ("bob", items)):
            seat = Seat("letter", name, name)
            _, sheet = review.desks.open(kept, name)
            sheet = sheet.model_copy(update={"items": some})
            review.desks.replace(seat, kept, 0, sheet=sheet, action="label_studio")
            review.desks.save(seat, kept, 1, replace=False)
        version = open_case(review.desks, kept).version
        for point in ("second.i1.", "second.i2."):
            version = decide_point(
                review.desks, SEAT, kept, version, point=point, take="second"
            )
        store = review.store
        (content,) = store.row("SELECT content FROM sheet WHERE desk = ?", (SETTLED,))
        old = as_version_1(content)
        with store.writing():
            store.change("UPDATE sheet SET content = ? WHERE desk = ?", (old, SETTLED))
            store.change(
                "UPDATE edit SET before = ?, after = ? WHERE desk = ?", (old, old, SETTLED)
            )
        store.close()


def keys(review: Review, kept: KeptLetter) -> list[int]:
    return [item.key for item in open_case(review.desks, kept).settled.items]


def test_what_version_1_settled_stays_settled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled_by_version_1(tmp_path, monkeypatch)
    review, kept = opened(tmp_path)
    case = open_case(review.desks, kept)
    assert [(point.id, point.is_decided) for point in case.points] == [
        ("second.i1.", True),
        ("second.i2.", True),
        ("second.i3.", False),
    ]
    assert keys(review, kept) == [0, 100_001, 100_002, 100_003]
    version = decide_point(
        review.desks, SEAT, kept, case.version, point="second.i3.", take="second"
    )
    version = decide_point(review.desks, SEAT, kept, version, point="second.i2.", take="first")
    assert keys(review, kept) == [0, 100_001, 100_003, 100_004], "the added one stays"
    for _ in range(3):  # the last one was made by version 1
        version, _, _ = review.desks.undo(SEAT, kept, version)
    assert keys(review, kept) == [0, 100_001, 100_002, 100_003]
    assert open_case(review.desks, kept).open_points == 1
    review.store.close()
