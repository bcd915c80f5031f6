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
    Origin,
    Sheet,
    SheetItem,
    Status,
    cell_id,
    field_path,
)


class Difference(NamedTuple):
    """A point of disagreement: one field, or (`field` empty) a whole item of one of them.

    `origin` is the reviewer's item in question, the first one's if both have it, and `item`
    the key of what stands for it on the settled sheet; `first` and `second` are the cells
    (or, for a whole item, its description) of the two reviewers.
    """

    origin: Origin | None
    item: int | None
    field: str
    first: Cell | None
    second: Cell | None
    is_decided: bool

    @property
    def id(self) -> str:
        """What names the point: `r.layout`, `first.i2.decision`, `second.i0.`."""
        if self.origin is None:
            return cell_id(None, self.field)
        return f"{self.origin.reviewer}.{cell_id(self.origin.key, self.field)}"

    @property
    def path(self) -> str:
        """The path of the field in the record: `items[].decision`."""
        return field_path(self.origin.key if self.origin else None, self.field)


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
            items.append(SheetItem(key=mine.key, cells=cells, origin=_firsts(mine)))
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
                _difference(_firsts(mine), name, cell, other.cells[name], settled)
                for name, cell in mine.cells.items()
                if not same_values(cell, other.cells[name])
            ]
        elif mine:
            found.append(_lonely(_firsts(mine), mine, settled))
        elif other:
            origin = Origin(reviewer="second", key=other.key)
            found.append(_lonely(origin, other, settled))
    return found


def _firsts(item: SheetItem) -> Origin:
    return Origin(reviewer="first", key=item.key)


def _difference(
    origin: Origin | None, name: str, first: Cell, second: Cell, settled: Sheet
) -> Difference:
    if origin is None:
        is_decided = settled.cells[name].status is not None
        return Difference(None, None, name, first, second, is_decided)
    item = settled.item_from(origin)
    if item is None:  # it was taken out by hand
        return Difference(origin, None, name, first, second, is_decided=True)
    is_decided = item.cells[name].status is not None
    return Difference(origin, item.key, name, first, second, is_decided)


def _lonely(origin: Origin, item: SheetItem, settled: Sheet) -> Difference:
    standing = settled.item_from(origin)
    cell = item.cells["description"]
    first, second = (cell, None) if origin.reviewer == "first" else (None, cell)
    key = standing.key if standing else None
    point = Difference(origin, key, "", first, second, is_decided=False)
    return point._replace(is_decided=point.id in settled.decided)


def decide(first: Sheet, second: Sheet, settled: Sheet, *, point: str, take: str) -> Sheet:
    """`settled` with the point `point` decided for the `first` or the `second` reviewer.

    Raises:
        KeyError: there is no such point of disagreement, or its item was taken out.
    """
    by_id = {each.id: each for each in differences(first, second, settled)}
    difference = by_id[point]
    if difference.field:
        if difference.origin and difference.item is None:
            raise KeyError(point)
        cell = difference.first if take == "first" else difference.second
        chosen = Cell(entries=cell.entries if cell else (), status=Status.ACCEPTED)
        return settled.with_cell(difference.item, difference.field, chosen)
    origin = difference.origin
    if origin is None:
        raise AssertionError("a whole item is somebody's")
    items = [item for item in settled.items if item.origin != origin]
    if take == origin.reviewer:
        source = (first if take == "first" else second).item(origin.key)
        items.insert(*_taken(source, origin, settled))
    decided = (*(each for each in settled.decided if each != point), point)
    return settled.model_copy(update={"items": tuple(items), "decided": decided})


def _taken(source: SheetItem, origin: Origin, settled: Sheet) -> tuple[int, SheetItem]:
    """Where on the settled sheet a reviewer's item is to stand, and as what."""
    cells = {
        name: Cell(entries=cell.entries, status=Status.ACCEPTED)
        for name, cell in source.cells.items()
    }
    old = settled.item_from(origin)
    position = settled.items.index(old) if old else len(settled.items)
    key = old.key if old else settled.next_key()
    return position, SheetItem(key=key, cells=cells, origin=origin)


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
    return controls_by_path()[difference.path].group
