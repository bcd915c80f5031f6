"""Two reviewers' labels of one letter, brought to one on the settled desk."""

from typing import NamedTuple

from extract.review.desk import Desks, Seat
from extract.review.differences import (
    Difference,
    decide,
    differences,
    start_settling,
)
from extract.review.errors import ReviewRefused
from extract.review.sheet import Origin, Sheet
from extract.review.shelf import KeptLetter
from extract.review.store import BEGUN, SETTLED


class CannotSettle(ReviewRefused):
    """There is nothing to settle, or not this; the message says why."""

    status = 409


class Case(NamedTuple):
    """A letter that two reviewers labelled."""

    names: tuple[str, str]
    first: Sheet
    second: Sheet
    settled: Sheet
    version: int
    points: list[Difference]

    @property
    def open_points(self) -> int:
        """How many points are undecided."""
        return sum(not point.is_decided for point in self.points)


def open_case(desks: Desks, kept: KeptLetter) -> Case:
    """The letter's two labels, and what has been settled of them; begins it if need be.

    Raises:
        CannotSettle: fewer than two reviewers saved a label.
    """
    own = [
        s for desk, s in sorted(desks.store.newest_saved(kept.id).items()) if desk != SETTLED
    ]
    if len(own) < 2:
        raise CannotSettle("two reviewers must have saved a label of this letter first")
    one, other = own[0], own[1]
    first, second = (desks.as_saved(kept, saved) for saved in (one, other))
    stored = desks.store.sheet(kept.id, SETTLED)
    begun = stored is not None and stored[1].basis == (one.id, other.id)
    version, settled = stored or (0, first)
    if not begun:  # never begun, or one of the labels has changed since
        settled = start_settling(first, second, (one.id, other.id))
        seat = Seat(kept.id, SETTLED, SETTLED)
        version = desks.replace(seat, kept, version, sheet=settled, action=BEGUN)
    return Case(
        (one.desk, other.desk),
        first,
        second,
        settled,
        version,
        differences(first, second, settled),
    )


def decide_point(
    desks: Desks, seat: Seat, kept: KeptLetter, version: int, *, point: str, take: str
) -> int:
    """Decide `point` for the `first` or `second` reviewer; the settled sheet's new version.

    Raises:
        CannotSettle: there is no such point.
        Outdated: the settled sheet was changed in the meantime.
    """
    case = open_case(desks, kept)
    try:
        sheet = decide(case.first, case.second, case.settled, point=point, take=take)
    except KeyError:
        raise CannotSettle("there is no such point of disagreement") from None
    seat = seat._replace(desk=SETTLED)
    return desks.replace(seat, kept, version, sheet=sheet, action="settle")


def item_position(case: Case, origin: Origin) -> int:
    """The item's number among those of the reviewer who has it, from 1."""
    source = case.first if origin.reviewer == "first" else case.second
    return [item.key for item in source.items].index(origin.key) + 1
