"""The tidy tables: columns from the declared fields, rows from a record."""

import json
from datetime import date
from pathlib import Path

import pytest

from extract.batch.tables import TABLES, arrow_schema, arrow_table, columns, rows_of
from schemas import record_fields

LABEL = json.loads(
    Path(__file__).parents[3].joinpath("gold/labels/imr-002.json").read_text("utf-8")
)


def test_every_declared_field_is_a_column_of_one_table() -> None:
    names = {c.name for table in ("cases", "items") for c in columns(table)}
    for field in record_fields():
        path = field.path.removeprefix("items[].").replace(".", "_")
        assert path in names or path.endswith("_guidelines")


@pytest.mark.parametrize("table", TABLES)
def test_rows_have_a_value_for_every_column(table: str) -> None:
    rows = rows_of("imr-002", LABEL)[table]
    assert rows
    assert {len(row) for row in rows} == {len(columns(table))}
    assert {row[0] for row in rows} == {"imr-002"}


def test_item_carries_the_divisions_class_behind_its_category() -> None:
    names = [column.name for column in columns("items")]
    row = dict(zip(names, rows_of("imr-002", LABEL)["items"][0], strict=True))
    assert (row["category"], row["dwc_category"]) == ("physical_therapy", "Rehabilitation")
    assert names.index("dwc_category") == names.index("category") + 1


def test_citations_say_who_cited() -> None:
    rows = rows_of("imr-002", LABEL)["citations"]
    assert {row[2] for row in rows} <= {"claims_administrator", "reviewer"}
    assert len(rows) == sum(
        len(item["claims_administrator_guidelines"]) + len(item["reviewer_guidelines"])
        for item in LABEL["items"]
    )


def test_dates_become_dates_and_lists_stay_lists() -> None:
    record = {**LABEL, "decision_date": "2014-05-06", "diagnoses": ["strain", "tear"]}
    (row,) = arrow_table("cases", rows_of("a", record)["cases"]).to_pylist()
    assert row["decision_date"] == date(2014, 5, 6)
    assert row["diagnoses"] == ["strain", "tear"]


@pytest.mark.parametrize("table", TABLES)
def test_a_table_without_rows_keeps_its_columns(table: str) -> None:
    assert arrow_table(table, []).schema == arrow_schema(table)
