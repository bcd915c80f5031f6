"""Where do two reviewers of a letter disagree, and what was decided? Pure.

Items are paired one to one by their descriptions before they are compared. The settled
sheet begins as the first reviewer's: what both say counts as accepted, what they disagree
on waits for a decision.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from extract.review.form import controls_by_path
from extract.review.sheet import (
    Cell,
    Sheet,
    SheetItem,
    Status,
    cell_id,
    field_path,
)

OTHERS_KEYS = 100_000
"""Items that only the second reviewer has get keys from here on."""


class Difference(NamedTuple):
    """A point of disagreement: one field, or (`field` empty) a whole item of one of them.

    `item` is the item's key on the settled sheet; `first` and `second` are the cells (or,
    for a whole item, its description) of the two reviewers.
    """

    item: int | None
    field: str
    first: Cell | None
    second: Cell | None
    is_decided: bool

    @property
    def id(self) -> str:
        """What names the point: `i2.decision`."""
        return cell_id(self.item, self.field)


def pair_items(
    first: Sequence[SheetItem], second: Sequence[SheetItem]
) -> list[tuple[SheetItem | None, SheetItem | None]]:
    """The items of both reviewers, paired as the scorer pairs a label's."""
    from extract.pairing import pair_by_description  # loads numpy

    partner = dict(
        pair_by_description(
            [_description(item) for item in first],
            [_description(item) for item in second],
            lambda mine, other: _agreeing_cells(first[mine], second[other]),
        )
    )
    pairs: list[tuple[SheetItem | None, SheetItem | None]] = [
        (item, second[partner[index]] if index in partner else None)
        for index, item in enumerate(first)
    ]
    lonely = set(range(len(second))) - set(partner.values())
    return pairs + [(None, second[index]) for index in sorted(lonely)]


def _agreeing_cells(mine: SheetItem, other: SheetItem) -> int:
    return sum(same_values(cell, other.cells[name]) for name, cell in mine.cells.items())


def start_settling(first: Sheet, second: Sheet, basis: tuple[int, int]) -> Sheet:
    """The settled sheet before anything is decided."""
    items = []
    for mine, other in pair_items(first.items, second.items):
        if mine:
            theirs = other.cells if other else {}
            cells = {n: _begun(c, theirs.get(n)) for n, c in mine.cells.items()}
            items.append(SheetItem(key=mine.key, cells=cells))
    return Sheet(
        cells={name: _begun(cell, second.cells[name]) for name, cell in first.cells.items()},
        items=tuple(items),
        basis=basis,
    )


def _begun(mine: Cell, other: Cell | None) -> Cell:
    agreed = other is None or same_values(mine, other)
    return Cell(entries=mine.entries, status=Status.ACCEPTED if agreed else None)


def differences(first: Sheet, second: Sheet, settled: Sheet) -> list[Difference]:
    """Every point on which the two disagree, in the guide's order."""
    found = [
        _difference(None, name, cell, second.cells[name], settled)
        for name, cell in first.cells.items()
        if not same_values(cell, second.cells[name])
    ]
    for mine, other in pair_items(first.items, second.items):
        if mine and other:
            found += [
                _difference(mine.key, name, cell, other.cells[name], settled)
                for name, cell in mine.cells.items()
                if not same_values(cell, other.cells[name])
            ]
        elif mine or other:
            found.append(_lonely(mine, other, settled))
    return found


def _difference(
    item: int | None, name: str, first: Cell, second: Cell, settled: Sheet
) -> Difference:
    try:
        decided = settled.cell(item, name).status is not None
    except KeyError:
        decided = True  # the item was taken out by hand
    return Difference(item, name, first, second, decided)


def _lonely(mine: SheetItem | None, other: SheetItem | None, settled: Sheet) -> Difference:
    key = mine.key if mine else OTHERS_KEYS + (other.key if other else 0)
    first = mine.cells["description"] if mine else None
    second = other.cells["description"] if other else None
    point = Difference(key, "", first, second, False)
    return point._replace(is_decided=point.id in settled.decided)


def decide(first: Sheet, second: Sheet, settled: Sheet, *, point: str, take: str) -> Sheet:
    """`settled` with the point `point` decided for the `first` or the `second` reviewer.

    Raises:
        KeyError: there is no such point of disagreement.
    """
    by_id = {each.id: each for each in differences(first, second, settled)}
    difference = by_id[point]
    if difference.field:
        cell = difference.first if take == "first" else difference.second
        chosen = Cell(entries=cell.entries if cell else (), status=Status.ACCEPTED)
        return settled.with_cell(difference.item, difference.field, chosen)
    key = difference.item or 0
    source = first.item(key) if difference.first else second.item(key - OTHERS_KEYS)
    wanted = (difference.first if take == "first" else difference.second) is not None
    items = [item for item in settled.items if item.key != key]
    if wanted:
        cells = {
            name: Cell(entries=cell.entries, status=Status.ACCEPTED)
            for name, cell in source.cells.items()
        }
        position = next((i for i, x in enumerate(settled.items) if x.key == key), len(items))
        items.insert(position, SheetItem(key=key, cells=cells))
    decided = (*(each for each in settled.decided if each != point), point)
    return settled.model_copy(update={"items": tuple(items), "decided": decided})


def same_values(first: Cell, second: Cell) -> bool:
    """Whether two cells say the same; the order of a list's values does not count."""
    return sorted(map(_comparable, first.values)) == sorted(map(_comparable, second.values))


def _comparable(value: Any) -> str:
    return repr(sorted(value.items())) if isinstance(value, dict) else repr(value)


def _description(item: SheetItem) -> str:
    values = item.cells["description"].values
    return str(values[0]) if values else ""


def group_of(difference: Difference) -> str:
    """The colour group of the field in question."""
    if not difference.field:
        return "item"
    return controls_by_path()[field_path(difference.item, difference.field)].group
