"""The tidy tables: columns from the declared fields, rows from records."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.batch.tables import TABLES, arrow_schema, columns, tables_of
from schemas import BodyPart, CaseRecord, Category, Citation, Item, record_fields

LABELS = {
    path.stem: CaseRecord.model_validate_json(path.read_text("utf-8"))
    for path in sorted(Path(__file__).parents[3].joinpath("gold/labels").glob("*.json"))
}


def _tables(records: dict[str, CaseRecord]) -> dict[str, list[dict[str, Any]]]:
    bodies = [record.model_dump_json() for record in records.values()]
    made = tables_of(list(records), bodies, [["odd"]] * len(records))
    return {name: table.to_pylist() for name, table in made.items()}


def _plain(record: CaseRecord, letter_id: str) -> dict[str, list[dict[str, Any]]]:
    """The rows of one record, made the slow and obvious way."""
    kept = json.loads(record.model_dump_json())
    case = {"id": letter_id, "item_count": len(record.items), "warnings": ["odd"]}
    items: list[dict[str, Any]] = []
    citations: list[dict[str, Any]] = []
    for field in record_fields():
        if "[]" not in field.path:
            top, *below = field.path.split(".")
            case[field.path.replace(".", "_")] = kept[top][below[0]] if below else kept[top]
    for name in ("decision_date", "date_of_injury", "ur_denial_date", "date_assigned"):
        case[name] = getattr(record, name)
    case["application_received"] = record.application_received
    for number, item in enumerate(record.items, 1):
        row = json.loads(item.model_dump_json())
        row |= {f"requested_{name}": value for name, value in row.pop("requested").items()}
        row["body_parts"] = [
            part.part.value + (f" ({part.side.value})" if part.side else "")
            for part in item.body_parts
        ]
        row["dwc_category"] = item.dwc_category and item.dwc_category.value
        for name in ("claims_administrator_guidelines", "reviewer_guidelines"):
            who = name.removesuffix("_guidelines")
            for citation in row.pop(name):
                citations.append(
                    {"id": letter_id, "item": number, "cited_by": who, **citation}
                )
        items.append({"id": letter_id, "item": number, **row})
    return {"cases": [case], "items": items, "citations": citations}


def test_every_declared_field_is_a_column_of_one_table() -> None:
    names = {c.name for table in ("cases", "items") for c in columns(table)}
    for field in record_fields():
        path = field.path.removeprefix("items[].").replace(".", "_")
        assert path in names or path.endswith("_guidelines")


def test_the_rows_of_real_records_are_those_made_the_slow_way() -> None:
    made = _tables(LABELS)
    plain = [_plain(record, letter_id) for letter_id, record in LABELS.items()]
    for table in TABLES:
        assert made[table] == [row for each in plain for row in each[table]]


_words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip)
_citations = st.lists(
    st.builds(Citation, year=st.none(), section=_words | st.none(), pages=st.tuples(_words)),
    max_size=3,
).map(tuple)
_items = st.builds(
    Item,
    description=_words,
    category=st.sampled_from(Category) | st.none(),
    body_parts=st.lists(st.builds(BodyPart), max_size=3).map(tuple),
    claims_administrator_guidelines=_citations,
    reviewer_guidelines=_citations,
)
_records = st.builds(
    CaseRecord,
    case_number=st.none(),
    decision_date=st.dates(date(1950, 1, 1), date(2100, 1, 1)) | st.none(),
    items=st.lists(_items, max_size=3).map(tuple),
)


@given(st.lists(_records, max_size=4))
def test_the_rows_of_any_records_are_those_made_the_slow_way(
    records: list[CaseRecord],
) -> None:
    named = {f"letter-{number}": record for number, record in enumerate(records)}
    made = _tables(named)
    plain = [_plain(record, letter_id) for letter_id, record in named.items()]
    for table in TABLES:
        assert made[table] == [row for each in plain for row in each[table]]


def test_the_divisions_class_stands_behind_the_category() -> None:
    names = [column.name for column in columns("items")]
    assert names.index("dwc_category") == names.index("category") + 1


def test_dates_are_dates_and_lists_are_lists() -> None:
    record = CaseRecord(decision_date=date(2014, 5, 6), diagnoses=("strain", "tear"))
    (row,) = _tables({"a": record})["cases"]
    assert row["decision_date"] == date(2014, 5, 6)
    assert row["diagnoses"] == ["strain", "tear"]


@pytest.mark.parametrize("table", TABLES)
def test_a_table_without_rows_keeps_its_columns(table: str) -> None:
    assert tables_of([], [], [])[table].schema == arrow_schema(table)
    assert tables_of(["a"], [CaseRecord().model_dump_json()], [[]])[table].schema == (
        arrow_schema(table)
    )
