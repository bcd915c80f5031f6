"""The letters under review: put in, looked up, listed by doubt."""

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from extract.batch.containers import placed
from extract.letter import Letter
from extract.result import Extraction
from extract.review.sheet import Sheet, field_path, sheet_of
from extract.review.store import SETTLED, Store


class NewLetter(NamedTuple):
    """A letter that comes under review; text and contents where they are at hand.

    Args:
        folder: what a relative path of its file counts from.
    """

    extraction: Extraction
    letter: Letter | None = None
    contents: bytes | None = None
    folder: str = ""


class KeptLetter(NamedTuple):
    """A letter as it is kept."""

    id: str
    path: str | None
    contents: bytes | None
    text: str | None
    page_starts: tuple[int, ...]
    extraction: Extraction


class ListRow(NamedTuple):
    """A row of the list."""

    id: str
    layout: str
    items: int
    worst: float | None
    doubtful: tuple[str, ...]
    warnings: tuple[str, ...]
    desks: tuple[str, ...]
    labelled_by: tuple[str, ...]


class Filter(NamedTuple):
    """Which letters to list; an empty text means any."""

    field: str = ""
    layout: str = ""
    warning: str = ""
    state: str = ""
    search: str = ""


class LetterShelf:
    """The letters of a review.

    Args:
        store: where they are kept.
        under: a value of less confidence is doubtful.
    """

    def __init__(self, store: Store, under: float) -> None:
        self._store = store
        self._under = under

    def put(self, letters: Sequence[NewLetter]) -> None:
        """Keep `letters`; one that is here already is brought up to date."""
        with self._store.writing():
            for new in letters:
                self._put(new)

    def _put(self, new: NewLetter) -> None:
        extraction, letter, store = new.extraction, new.letter, self._store
        sheet, path = sheet_of(extraction), extraction.source.path
        doubtful = self.doubtful_fields(sheet)
        sure = [cell.confidence for _, _, cell in sheet.walk() if cell.confidence is not None]
        store.change(
            "INSERT INTO letter VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO"
            " UPDATE SET sha256 = excluded.sha256, path = excluded.path,"
            " contents = excluded.contents, text = excluded.text,"
            " page_starts = excluded.page_starts, extraction = excluded.extraction,"
            " layout = excluded.layout, worst = excluded.worst, doubts = excluded.doubts,"
            " items = excluded.items",
            (
                extraction.id,
                extraction.source.sha256,
                path and placed(path, new.folder),
                new.contents,
                letter.text.encode("utf-8", "surrogatepass") if letter else None,
                json.dumps(letter.page_starts) if letter else None,
                extraction.model_dump_json(),
                extraction.record.layout.value,
                min(sure, default=None),
                len(doubtful),
                len(extraction.record.items),
            ),
        )
        store.change("DELETE FROM doubt WHERE letter = ?", (extraction.id,))
        store.change("DELETE FROM warning WHERE letter = ?", (extraction.id,))
        store.change_all(
            "INSERT INTO doubt VALUES (?, ?)", [(extraction.id, each) for each in doubtful]
        )
        store.change_all(
            "INSERT INTO warning VALUES (?, ?)",
            [(extraction.id, code) for code in sorted({w.code for w in extraction.warnings})],
        )

    def doubtful_fields(self, sheet: Sheet) -> list[str]:
        """The paths of the fields of `sheet` that a person should look at, with repetition."""
        return [
            field_path(item, name)
            for item, name, cell in sheet.walk()
            if cell.is_doubtful(self._under)
        ]

    def put_text(self, letter_id: str, letter: Letter) -> None:
        """Keep the text of a letter that was read after it was put here."""
        text = letter.text.encode("utf-8", "surrogatepass")
        with self._store.writing():
            self._store.change(
                "UPDATE letter SET text = ?, page_starts = ? WHERE id = ?",
                (text, json.dumps(letter.page_starts), letter_id),
            )

    def put_failure(self, name: str, reason: str, message: str) -> None:
        """Keep the fact that a letter could not be read."""
        with self._store.writing():
            self._store.change(
                "INSERT OR REPLACE INTO failure VALUES (?, ?, ?)", (name, reason, message)
            )

    def failures(self) -> list[sqlite3.Row]:
        """The letters that could not be read."""
        return list(self._store.rows("SELECT * FROM failure ORDER BY name"))

    def known(self) -> dict[str, str]:
        """SHA-256 of every letter that is here, by id."""
        rows = self._store.rows("SELECT id, sha256 FROM letter")
        return {row["id"]: row["sha256"] for row in rows}

    def get(self, letter_id: str) -> KeptLetter | None:
        """The letter `letter_id`."""
        row = self._store.row("SELECT * FROM letter WHERE id = ?", (letter_id,))
        if row is None:
            return None
        text = row["text"].decode("utf-8", "surrogatepass") if row["text"] else None
        return KeptLetter(
            row["id"],
            row["path"],
            row["contents"],
            text,
            tuple(json.loads(row["page_starts"] or "[0]")),
            Extraction.model_validate_json(row["extraction"]),
        )

    def count(self, chosen: Filter) -> int:
        """The number of letters that `chosen` lets through."""
        where, values = _where(chosen)
        return int(self._store.value(f"SELECT count(*) FROM letter WHERE {where}", *values))

    def page(self, chosen: Filter, *, offset: int, limit: int) -> list[ListRow]:
        """Letters that `chosen` lets through, the least sure first."""
        where, values = _where(chosen)
        rows = self._store.rows(
            f"SELECT id, layout, items, worst FROM letter WHERE {where}"
            " ORDER BY worst IS NULL, worst, doubts DESC, id LIMIT ? OFFSET ?",
            (*values, limit, offset),
        )
        return [self._row(row) for row in rows]

    def neighbours(self, letter_id: str, chosen: Filter) -> tuple[str | None, str | None]:
        """The letters before and after `letter_id` in the list.

        It keeps its place there though it may have ceased to be one of those chosen.
        """
        where, values = _where(chosen)
        row = self._store.row(
            "SELECT * FROM (SELECT id, lag(id) OVER listed AS before, lead(id) OVER listed"
            f" AS after FROM letter WHERE ({where}) OR id = ? WINDOW listed AS"
            " (ORDER BY worst IS NULL, worst, doubts DESC, id)) WHERE id = ?",
            (*values, letter_id, letter_id),
        )
        return (row["before"], row["after"]) if row else (None, None)

    def choices(self) -> dict[str, list[tuple[str, int]]]:
        """What can be filtered by: fields, layouts and warnings, with counts of letters."""
        return {
            name: [(row[0], row[1]) for row in self._store.rows(query)]
            for name, query in _CHOICES.items()
        }

    def _row(self, row: sqlite3.Row) -> ListRow:
        letter_id = row["id"]
        doubts = Counter(
            each[0]
            for each in self._store.rows(
                "SELECT field FROM doubt WHERE letter = ?", (letter_id,)
            )
        )
        warnings = self._store.rows(
            "SELECT code FROM warning WHERE letter = ? ORDER BY code", (letter_id,)
        )
        return ListRow(
            letter_id,
            row["layout"],
            row["items"],
            row["worst"],
            tuple(f"{name} ({n})" if n > 1 else name for name, n in doubts.items()),
            tuple(each[0] for each in warnings),
            tuple(desk for desk in self._store.desks(letter_id) if desk != SETTLED),
            tuple(self._store.newest_saved(letter_id)),
        )


_CHOICES = {
    "field": "SELECT field, count(DISTINCT letter) FROM doubt GROUP BY field ORDER BY field",
    "layout": "SELECT layout, count(*) FROM letter GROUP BY layout ORDER BY layout",
    "warning": "SELECT code, count(*) FROM warning GROUP BY code ORDER BY code",
}

_STATES = {
    "open": "id NOT IN (SELECT letter FROM saved)",
    "started": "id IN (SELECT letter FROM sheet) AND id NOT IN (SELECT letter FROM saved)",
    "labelled": "id IN (SELECT letter FROM saved)",
    "disagreement": "id IN (SELECT letter FROM warning WHERE code LIKE '%model%')",
}


def _where(chosen: Filter) -> tuple[str, list[Any]]:
    """The condition for `chosen` and the values in it."""
    conditions, values = ["1"], []
    for query, value in (
        ("id IN (SELECT letter FROM doubt WHERE field = ?)", chosen.field),
        ("layout = ?", chosen.layout),
        ("id IN (SELECT letter FROM warning WHERE code = ?)", chosen.warning),
        ("instr(lower(id), lower(?)) > 0", chosen.search),
    ):
        if value:
            conditions.append(query)
            values.append(value)
    if chosen.state in _STATES:
        conditions.append(_STATES[chosen.state])
    return " AND ".join(conditions), values
