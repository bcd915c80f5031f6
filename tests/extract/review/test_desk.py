"""Desks over a real store: stored at once, refused when outdated, saved whole."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from extract import read_letter
from extract.clean import Cleaned
from extract.draft import Draft
from extract.parse import parse_letter
from extract.review.desk import LabelInvalid, NothingToUndo, Seat
from extract.review.edits import Edit
from extract.review.errors import (
    ReviewBusy,
    ReviewNotStored,
    ReviewSourceUnusable,
    StoreUnusable,
)
from extract.review.labels import LabelTaken
from extract.review.review import Review
from extract.review.settling import CannotSettle, decide_point, open_case
from extract.review.shelf import Filter, KeptLetter
from extract.review.store import SETTLED, Outdated, Store
from extract.web.problems import as_problem
from schemas import CaseRecord
from tests.extract.review.reviewing import make_review
from tests.extract.review.runs import SAMPLE_LETTER, TWO_ITEMS, UNSURE, make_run

ALICE = Seat("letter", "alice", "alice")
BOB = Seat("letter", "bob", "bob")
EDIT: TypeAdapter[Edit] = TypeAdapter(Edit)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two letters."""
    letters = tmp_path / "letters"
    letters.mkdir()
    (letters / "letter.txt").write_text(TWO_ITEMS)
    (letters / "other.txt").write_text(SAMPLE_LETTER)
    return letters


def opened(folder: Path, **settings: Any) -> tuple[Review, KeptLetter]:
    review = make_review(folder, folder.parent / "review", **settings)
    kept = review.shelf.get("letter")
    assert kept
    return review, kept


def change(review: Review, kept: KeptLetter, seat: Seat, version: int, **edit: Any) -> int:
    return review.desks.edit(seat, kept, version, EDIT.validate_python(edit))[0]


def age(review: Review, kept: KeptLetter, seat: Seat, version: int, value: int) -> int:
    entries = [{"value": value, "was": 0}]
    return change(
        review, kept, seat, version, action="set", field="patient.age", entries=entries
    )


def stated_age(review: Review, kept: KeptLetter, desk: str) -> list[Any]:
    return review.desks.open(kept, desk)[1].cell(None, "patient.age").values


def test_an_edit_is_there_after_a_new_start(folder: Path) -> None:
    review, kept = opened(folder)
    assert age(review, kept, ALICE, 0, 45) == 1
    review.store.close()
    again, kept = opened(folder)
    assert again.desks.open(kept, "alice")[0] == 1
    assert stated_age(again, kept, "alice") == [45]
    assert stated_age(again, kept, "bob") == [44]
    again.store.close()


def test_an_edit_that_a_full_disk_refuses_is_said_so_and_can_be_made_again(
    folder: Path,
) -> None:
    review, kept = opened(folder)
    pages = review.store.value("PRAGMA page_count")
    review.store.value(f"PRAGMA max_page_count = {pages}")
    edits = (age(review, kept, ALICE, version, 40 + version % 30) for version in range(1000))
    with pytest.raises(ReviewNotStored, match=r"SQLITE_FULL.* free some space") as caught:
        list(edits)
    assert as_problem(caught.value).status_code == 507
    version, _ = review.desks.open(kept, "alice")
    review.store.value(f"PRAGMA max_page_count = {pages + 1000}")
    assert age(review, kept, ALICE, version, 39) == version + 1
    review.store.close()


def test_a_label_whose_file_cannot_be_written_is_stored_and_said_so(folder: Path) -> None:
    review, kept = opened(folder)
    labels = folder.parent / "review" / "reviewers"
    labels.write_text("in the way")
    with pytest.raises(ReviewNotStored, match="the label is stored"):
        review.desks.save(ALICE, kept, 0, replace=False)
    labels.unlink()
    review.desks.save(ALICE, kept, 0, replace=False)
    assert (labels / "alice" / "labels" / "letter.json").exists()
    review.store.close()


def test_an_edit_of_an_outdated_state_is_refused(folder: Path) -> None:
    review, kept = opened(folder)
    age(review, kept, ALICE, 0, 45)
    with pytest.raises(Outdated) as caught:
        age(review, kept, ALICE, 0, 46)
    assert caught.value.version == 1
    assert stated_age(review, kept, "alice") == [45]
    (edit,) = review.store.edits_since("letter", "alice", 0)
    assert (edit.by, edit.action, json.loads(edit.after)["entries"][0]["value"]) == (
        "alice",
        "set",
        45,
    )
    review.store.close()


def test_two_processes_cannot_both_win(folder: Path) -> None:
    review, kept = opened(folder)
    other = Store(review.settings.folder / "review.sqlite")
    age(review, kept, ALICE, 0, 45)
    with pytest.raises(Outdated), other.writing():
        other.check_version("letter", "alice", 0)
    other.close()
    review.store.close()


def test_undo_goes_back_step_by_step_and_is_written_down(folder: Path) -> None:
    review, kept = opened(folder)
    age(review, kept, ALICE, 0, 45)
    change(review, kept, ALICE, 1, action="remove_item", item=0)
    age(review, kept, ALICE, 2, 46)
    seen = []
    for version in (3, 4, 5):
        _, sheet, _ = review.desks.undo(ALICE, kept, version)
        seen.append((sheet.cell(None, "patient.age").values, len(sheet.items)))
    assert seen == [([45], 1), ([45], 2), ([44], 2)]
    with pytest.raises(NothingToUndo):
        review.desks.undo(ALICE, kept, 6)
    assert [e.action for e in review.store.edits_since("letter", "alice", 0)] == [
        "set",
        "remove_item",
        "set",
        "undo",
        "undo",
        "undo",
    ]
    review.store.close()


def test_a_saved_label_is_the_guides_record_beside_its_letter(folder: Path) -> None:
    review, kept = opened(folder)
    version = age(review, kept, ALICE, 0, 45)
    record = review.desks.save(ALICE, kept, version, replace=False)
    gold = review.settings.folder / "gold"
    text = (gold / "labels" / "letter.json").read_text("utf-8")
    assert text == record.model_dump_json(indent=1)
    assert CaseRecord.model_validate_json(text).patient.age == 45
    assert (gold / "letters" / "letter.txt").read_text("utf-8") == TWO_ITEMS
    line = json.loads((review.settings.folder / "audit.jsonl").read_text("utf-8"))
    assert (line["by"], line["letter"], line["desk"]) == ("alice", "letter", "alice")
    assert line["changes"] == [
        {"field": "patient.age", "item": None, "from": [44], "to": [45]}
    ]
    review.store.close()


def test_a_sheet_that_is_no_record_is_not_saved(folder: Path) -> None:
    review, kept = opened(folder)
    version = change(review, kept, ALICE, 0, action="add_item")
    with pytest.raises(LabelInvalid) as caught:
        review.desks.save(ALICE, kept, version, replace=False)
    assert caught.value.faults == [(2, "description", "is required")]
    review.store.close()


@pytest.mark.parametrize(("out", "gold"), [("review", None), ("review", "truth"), ("", None)])
def test_labels_within_the_letters_are_no_new_letters(
    folder: Path, out: str, gold: str | None
) -> None:
    settings: dict[str, Any] = {"gold": folder / gold} if gold else {}
    review = make_review(folder, folder / out, **settings)
    kept = review.shelf.get("letter")
    assert kept
    review.desks.save(ALICE, kept, age(review, kept, ALICE, 0, 41), replace=False)
    review.store.close()
    assert len(list(folder.rglob("letters/letter.txt"))) == 2, "of the reviewer, and gold"
    again = make_review(folder, folder / out, **settings)
    assert sorted(again.shelf.known()) == ["letter", "other"]
    again.store.close()


def test_labels_count_only_when_the_reviewers_agree(folder: Path) -> None:
    review, kept = opened(folder, reviewers=2)
    gold = review.settings.folder / "gold" / "labels" / "letter.json"
    review.desks.save(ALICE, kept, age(review, kept, ALICE, 0, 45), replace=False)
    assert not gold.exists()
    review.desks.save(BOB, kept, age(review, kept, BOB, 0, 46), replace=False)
    assert not gold.exists()
    review.desks.save(BOB, kept, age(review, kept, BOB, 1, 45), replace=False)
    assert json.loads(gold.read_text("utf-8"))["patient"]["age"] == 45
    review.store.close()


def test_a_label_in_dispute_stops_counting_until_it_is_settled(folder: Path) -> None:
    review, kept = opened(folder)
    gold = review.settings.folder / "gold" / "labels" / "letter.json"
    review.desks.save(ALICE, kept, age(review, kept, ALICE, 0, 45), replace=False)
    assert gold.exists()
    with pytest.raises(CannotSettle):
        open_case(review.desks, kept)
    review.desks.save(BOB, kept, age(review, kept, BOB, 0, 46), replace=False)
    assert not gold.exists()
    case = open_case(review.desks, kept)
    assert ([point.id for point in case.points], case.open_points) == (["r.patient.age"], 1)
    seat = Seat("letter", SETTLED, "carol")
    with pytest.raises(CannotSettle, match="no such point"):
        decide_point(review.desks, seat, kept, case.version, point="r.layout", take="first")
    version = decide_point(
        review.desks, seat, kept, case.version, point="r.patient.age", take="second"
    )
    assert open_case(review.desks, kept).open_points == 0
    review.desks.save(seat, kept, version, replace=False)
    assert json.loads(gold.read_text("utf-8"))["patient"]["age"] == 46
    review.desks.save(ALICE, kept, age(review, kept, ALICE, 1, 47), replace=False)
    assert not gold.exists()
    review.store.close()


def test_another_programs_label_is_not_overwritten_unasked(folder: Path) -> None:
    gold = folder.parent / "gold"
    (gold / "labels").mkdir(parents=True)
    (gold / "labels" / "letter.json").write_text("{}")
    review, kept = opened(folder, gold=gold)
    version = age(review, kept, ALICE, 0, 45)
    with pytest.raises(LabelTaken):
        review.desks.save(ALICE, kept, version, replace=False)
    review.desks.save(ALICE, kept, version, replace=True)
    label = (gold / "labels" / "letter.json").read_text("utf-8")
    assert json.loads(label)["patient"]["age"] == 45
    review.store.close()


@pytest.mark.parametrize("kind", ["folder", "no text"])
def test_what_is_no_label_is_another_programs_too(folder: Path, kind: str) -> None:
    label = folder.parent / "gold" / "labels" / "letter.json"
    label.parent.mkdir(parents=True)
    if kind == "folder":
        label.mkdir()
    else:
        label.write_bytes(b"\xff\xfe")
    review, kept = opened(folder, gold=label.parent.parent)
    with pytest.raises(LabelTaken):
        review.desks.save(ALICE, kept, 0, replace=False)
    if kind == "folder":
        with pytest.raises(ReviewNotStored, match="the label is stored"):
            review.desks.save(ALICE, kept, 0, replace=True)
    else:
        review.desks.save(ALICE, kept, 0, replace=True)
        assert json.loads(label.read_text("utf-8"))["items"]
    review.store.close()


def test_a_change_waits_for_another_process_but_not_for_ever(folder: Path) -> None:
    review, kept = opened(folder)
    review.store.value("PRAGMA busy_timeout = 50")
    other, _ = opened(folder)
    letter = read_letter(folder / "letter.txt")
    writes: list[Callable[[], object]] = [
        lambda: age(review, kept, ALICE, 0, 45),
        lambda: review.shelf.put([]),
        lambda: review.shelf.put_text("letter", letter),
        lambda: review.shelf.put_failure("letter", "LetterEmpty", "the letter is empty"),
    ]
    for write in writes:
        with other.store.writing(), pytest.raises(ReviewBusy, match="do it again") as caught:
            write()
        assert as_problem(caught.value).status_code == 503
        write()
    review.store.close()
    other.store.close()


def test_files_that_a_crash_kept_from_being_written_are_written_at_the_start(
    folder: Path,
) -> None:
    review, kept = opened(folder)
    review.desks.save(ALICE, kept, age(review, kept, ALICE, 0, 45), replace=False)
    root = review.settings.folder
    (root / "gold" / "labels" / "letter.json").unlink()
    audit = (root / "audit.jsonl").read_text("utf-8")
    (root / "audit.jsonl").write_text(audit[:40])
    review.desks.mend()
    assert (root / "gold" / "labels" / "letter.json").exists()
    assert (root / "audit.jsonl").read_text("utf-8") == audit
    review.store.close()


@pytest.mark.parametrize("left", [0.0, 0.01, 0.5, 0.8, 0.99, 1.0])
def test_the_audit_goes_on_behind_its_last_whole_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch, left: float
) -> None:
    monkeypatch.setattr("extract.review.labels._BLOCK", 64)  # a part of a line
    review, kept = opened(folder)
    path = review.settings.folder / "audit.jsonl"
    version = 0
    for value in range(41, 46):
        version = age(review, kept, ALICE, version, value)
        review.desks.save(ALICE, kept, version, replace=True)
    audit = path.read_bytes()
    assert audit.count(b"\n") == 5
    path.write_bytes(audit[: round(left * len(audit))])
    review.desks.mend()
    assert path.read_bytes() == audit
    review.store.close()


def test_a_letter_over_which_the_extractor_breaks_is_a_failure(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(cleaned: Cleaned, **more: Any) -> Draft:
        if "Norco" in cleaned.lines:
            raise IndexError
        return parse_letter(cleaned, **more)

    monkeypatch.setattr("extract.pipeline.parse_letter", broken)
    review = make_review(folder, folder.parent / "review")
    assert review.shelf.get("letter") is None
    assert review.shelf.get("other") is not None
    assert [row["reason"] for row in review.shelf.failures()] == ["ExtractorFailed"]
    review.store.close()


def test_a_store_of_another_form_or_none_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "review.sqlite"
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(StoreUnusable, match="form 99"):
        Store(path)
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(StoreUnusable, match="no review store"):
        Store(path)


@pytest.mark.parametrize("damage", [b"garbage", b"\xff\xfe"])
def test_damaged_records_are_said_with_what_mends_them(tmp_path: Path, damage: bytes) -> None:
    run = make_run(tmp_path, {"letter": SAMPLE_LETTER}, {})
    (run / "records.jsonl").write_bytes(damage)
    with pytest.raises(
        ReviewSourceUnusable, match=r"line 1 is no extraction.*writes the file"
    ):
        make_review(run, tmp_path / "review")


def test_the_list_begins_with_the_least_sure_and_filters(tmp_path: Path) -> None:
    letters = {"b": SAMPLE_LETTER, "a": SAMPLE_LETTER, "c": "no letter of this kind"}
    run = make_run(tmp_path, letters, {})
    lines = (run / "records.jsonl").read_text("utf-8").splitlines()
    lines[0] = lines[0].replace('"confidence":0.99', f'"confidence":{UNSURE}', 1)
    (run / "records.jsonl").write_text("\n".join(lines) + "\n")
    review = make_review(run, tmp_path / "review")
    rows = review.shelf.page(Filter(), offset=0, limit=9)
    assert [row.id for row in rows] == ["b", "a", "c"]
    assert rows[0].doubtful == ("layout",)
    ids = [row.id for row in review.shelf.page(Filter(field="layout"), offset=0, limit=9)]
    assert ids == ["b"]
    unknown = review.shelf.page(Filter(layout="unknown"), offset=0, limit=9)
    assert [row.id for row in unknown] == ["c"]
    assert review.shelf.count(Filter(search="A")) == 1
    assert review.shelf.neighbours("a", Filter()) == ("b", "c")
    known = Filter(layout="issues_decisions_rationales")
    assert review.shelf.neighbours("a", known) == ("b", None)
    assert review.shelf.neighbours("c", known) == ("a", None), "no longer chosen, still placed"
    review.store.close()
