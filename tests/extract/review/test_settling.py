"""What is settled are the labels as they were saved, whatever the reviewers do since."""

from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from extract.review.desk import Seat
from extract.review.edits import Edit
from extract.review.review import Review
from extract.review.settling import decide_point, open_case
from extract.review.shelf import KeptLetter
from extract.review.store import SETTLED
from tests.extract.review.reviewing import make_review
from tests.extract.review.runs import TWO_ITEMS

EDIT: TypeAdapter[Edit] = TypeAdapter(Edit)


def change(review: Review, kept: KeptLetter, name: str, version: int, **edit: Any) -> int:
    seat = Seat("letter", name, name)
    return review.desks.edit(seat, kept, version, EDIT.validate_python(edit))[0]


def save(review: Review, kept: KeptLetter, name: str, version: int) -> None:
    review.desks.save(Seat("letter", name, name), kept, version, replace=False)


def test_an_edit_that_is_not_saved_changes_no_point(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "letter.txt").write_text(TWO_ITEMS)
    review = make_review(tmp_path / "letters", tmp_path / "review")
    kept = review.shelf.get("letter")
    assert kept
    moved = change(review, kept, "alice", 0, action="move_item", item=0, by=1)
    save(review, kept, "alice", moved)
    visits = [{"value": 7}]
    save(
        review, kept, "bob", change(
            review, kept, "bob", 0, action="set", item=1, field="prior_visits", entries=visits
        ),
    )  # fmt: skip
    case = open_case(review.desks, kept)
    assert [point.id for point in case.points] == ["first.i1.prior_visits"]
    seat = Seat("letter", SETTLED, "carol")
    point = case.points[0].id
    decide_point(review.desks, seat, kept, case.version, point=point, take="second")

    moved = change(review, kept, "alice", moved, action="comment", field="layout", text="?")
    change(review, kept, "alice", moved, action="move_item", item=1, by=1)
    again = open_case(review.desks, kept)
    assert [(each.id, each.is_decided) for each in again.points] == [(point, True)]
    assert again.first == case.first
    review.store.close()
