"""What does a record look like as rows? The tidy tables `cases`, `items` and `citations`.

One row per letter, per item, per citation, keyed by the letter's id. The columns are read
off the declared fields of the record; `dwc_category` stands behind `category`.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from schemas import Category, Citation, record_fields
from schemas.fields import Field

if TYPE_CHECKING:
    import pyarrow as pa

Record = dict[str, Any]
"""A case record as JSON holds it."""

Rows = dict[str, list[tuple[Any, ...]]]
"""Table to its rows."""

TABLES = ("cases", "items", "citations")

_ITEM = "items[]."
_CITED = {
    "claims_administrator_guidelines": "claims_administrator",
    "reviewer_guidelines": "reviewer",
}


class Column(NamedTuple):
    """A column of a table: its name and the type of one value in it."""

    name: str
    kind: type
    is_list: bool = False


@cache
def columns(table: str) -> tuple[Column, ...]:
    """The columns of `table`, keys first."""
    key = Column("id", str)
    if table == "cases":
        fields = [_column(field) for field in _case_fields()]
        return (key, *fields, Column("item_count", int))
    if table == "items":
        fields = [_column(field, _ITEM) for field in _item_fields()]
        at = [column.name for column in fields].index("category") + 1
        fields.insert(at, Column("dwc_category", str))
        return (key, Column("item", int), *fields)
    return (key, Column("item", int), Column("cited_by", str), *_citation_columns())


def rows_of(letter_id: str, record: Record) -> Rows:
    """The rows of one record, table by table."""
    rows: Rows = {"cases": [_case_row(letter_id, record)], "items": [], "citations": []}
    for number, item in enumerate(record["items"], start=1):
        rows["items"].append(_item_row(letter_id, number, item))
        rows["citations"] += _citation_rows(letter_id, number, item)
    return rows


def arrow_table(table: str, rows: Sequence[tuple[Any, ...]]) -> "pa.Table":
    """`rows` of `table` as an Arrow table with the table's schema."""
    import pyarrow as pa

    schema = arrow_schema(table)
    values = list(zip(*rows, strict=True)) if rows else [() for _ in schema]
    arrays = [
        pa.array(column, pa.string()).cast(pa.date32())
        if field.type == pa.date32()
        else pa.array(column, field.type)
        for column, field in zip(values, schema, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def arrow_schema(table: str) -> "pa.Schema":
    """The columns of `table` as an Arrow schema: dates are dates, lists are lists."""
    import pyarrow as pa

    kinds = {int: pa.int64(), date: pa.date32()}
    fields = []
    for column in columns(table):
        kind = kinds.get(column.kind, pa.string())
        fields.append((column.name, pa.list_(kind) if column.is_list else kind))
    return pa.schema(fields)


@cache
def _case_fields() -> tuple[Field, ...]:
    return tuple(field for field in record_fields() if not field.path.startswith(_ITEM))


@cache
def _item_fields() -> tuple[Field, ...]:
    return tuple(
        field
        for field in record_fields()
        if field.path.startswith(_ITEM) and field.kind is not Citation
    )


@cache
def _paths() -> dict[str, tuple[tuple[str, ...], ...]]:
    """The way to each value of a case row and of an item row."""
    return {
        "cases": tuple(tuple(field.path.split(".")) for field in _case_fields()),
        "items": tuple(
            tuple(field.path.removeprefix(_ITEM).split(".")) for field in _item_fields()
        ),
    }


def _column(field: Field, prefix: str = "") -> Column:
    name = field.path.removeprefix(prefix).replace(".", "_")
    return Column(name, field.kind, field.is_list)


@cache
def _citation_columns() -> tuple[Column, ...]:
    kinds = {"year": int}
    return tuple(
        Column(name, kinds.get(name, str), is_list=name == "pages")
        for name in Citation.model_fields
    )


def _case_row(letter_id: str, record: Record) -> tuple[Any, ...]:
    values = [_value(record, path) for path in _paths()["cases"]]
    return (letter_id, *values, len(record["items"]))


def _item_row(letter_id: str, number: int, item: Record) -> tuple[Any, ...]:
    values: list[Any] = []
    for path in _paths()["items"]:
        value = _value(item, path)
        if path == ("body_parts",):
            value = [body_part_name(part) for part in value]
        values.append(value)
        if path == ("category",):
            values.append(Category(value).dwc.value if value else None)
    return (letter_id, number, *values)


def body_part_name(part: Record) -> str:
    """A body part in one word: `knee (left)`, `lumbar_spine`.

    >>> body_part_name({"part": "knee", "side": "left"})
    'knee (left)'
    """
    return f"{part['part']} ({part['side']})" if part["side"] else str(part["part"])


def _citation_rows(letter_id: str, number: int, item: Record) -> Iterator[tuple[Any, ...]]:
    for field, cited_by in _CITED.items():
        for citation in item[field]:
            values = (citation[column.name] for column in _citation_columns())
            yield (letter_id, number, cited_by, *values)


def _value(part: Record, path: tuple[str, ...]) -> Any:
    value: Any = part
    for name in path:
        value = value[name]
    return value
