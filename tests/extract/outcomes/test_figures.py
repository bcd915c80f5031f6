"""Shares and visits, counted from records whose answers are known."""

import json
from pathlib import Path
from typing import Any

import pytest

from extract.outcomes.figures import NOT_STATED, Figures
from extract.outcomes.grouping import Grouping
from extract.outcomes.page import share_in_words
from extract.outcomes.shares import share_of

LABELS = sorted(Path(__file__).parents[3].joinpath("gold/labels").glob("*.json"))


def _item(decision: str | None, **fields: Any) -> dict[str, Any]:
    asked = {"visits": fields.pop("requested", None), "drug": fields.pop("drug", None)}
    empty: dict[str, Any] = {
        "category": "physical_therapy",
        "body_parts": [],
        "reviewer_guidelines": [],
        "prior_visits": None,
        "guideline_max_visits": None,
    }
    return {**empty, "decision": decision, "requested": asked, **fields}


def _record(*items: dict[str, Any], decided: str | None = "2014-05-06") -> dict[str, Any]:
    reviewer = {"board_certifications": ["Physical Medicine and Rehabilitation"]}
    return {"items": list(items), "decision_date": decided, "reviewer": reviewer}


def _figures(*records: dict[str, Any]) -> Figures:
    figures = Figures()
    for record in records:
        figures.add(record)
    return figures


def test_overturned_in_part_counts_and_undecided_does_not() -> None:
    figures = _figures(
        _record(_item("upheld"), _item("overturned"), _item("partially_overturned")),
        _record(_item("upheld"), _item(None)),
    )
    assert (figures.letters, figures.items, figures.undecided) == (2, 5, 1)
    assert figures.overall()[:3] == (2, 4, 0.5)


@pytest.mark.parametrize(
    ("grouping", "rows"),
    [
        (Grouping.CATEGORY, {"imaging": (1, 1), "physical_therapy": (0, 1)}),
        (Grouping.DWC_CATEGORY, {"Diagnostic Testing": (1, 1), "Rehabilitation": (0, 1)}),
        (Grouping.BODY_PART, {"knee": (1, 1), "hip": (1, 1), NOT_STATED: (0, 1)}),
        (Grouping.GUIDELINE, {"odg": (1, 1), NOT_STATED: (0, 1)}),
        (Grouping.SPECIALTY, {"Physical Medicine & Rehabilitation": (1, 2)}),
        (Grouping.DRUG, {"Norco": (1, 1)}),
        (Grouping.YEAR, {"2014": (1, 2)}),
    ],
)
def test_items_count_under_each_value_once(
    grouping: Grouping, rows: dict[str, tuple[int, int]]
) -> None:
    parts = [{"part": "knee", "side": "left"}, {"part": "knee", "side": "right"}]
    imaging = _item(
        "overturned",
        category="imaging",
        body_parts=[*parts, {"part": "hip", "side": None}],
        reviewer_guidelines=[{"guideline": "odg"}, {"guideline": "odg"}],
        drug="NORCO",
    )
    figures = _figures(_record(imaging, _item("upheld")))
    assert {r.value: (r.share.part, r.share.whole) for r in figures.rows(grouping)} == rows


def test_years_come_in_order_and_the_rest_by_size() -> None:
    figures = _figures(
        _record(_item("upheld"), _item("upheld"), decided="2016-01-01"),
        _record(_item("upheld"), decided="2014-01-01"),
        _record(_item("upheld", category="imaging"), decided=None),
    )
    assert [row.value for row in figures.rows(Grouping.YEAR)] == ["2014", "2016", NOT_STATED]
    assert [row.value for row in figures.rows(Grouping.CATEGORY)] == [
        "physical_therapy",
        "imaging",
    ]


def test_visits_are_set_against_what_the_guideline_supports() -> None:
    figures = _figures(
        _record(
            _item("overturned", requested=6, guideline_max_visits=10),
            _item("upheld", requested=6, prior_visits=23, guideline_max_visits=10),
            _item("upheld", requested=12, prior_visits=0, guideline_max_visits=10),
            _item("upheld", requested=8),
        )
    )
    (visits,) = figures.visits()
    assert visits.requested == (4, 6, 6, 8)
    assert visits.prior == (2, 0, 0, 23)
    assert visits.supported.median == 10
    assert visits.within[:2] == (1, 1)
    assert visits.beyond[:2] == (0, 2)


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (5, 10, 0.2366, 0.7634),
        (48, 439, 0.0835, 0.1420),
    ],
)
def test_intervals_are_wilsons(part: int, whole: int, low: float, high: float) -> None:
    share = share_of(part, whole)
    assert share.low == pytest.approx(low, abs=5e-4)
    assert share.high == pytest.approx(high, abs=5e-4)


def test_a_share_of_nothing_is_no_number() -> None:
    assert share_of(0, 0) == (0, 0, None, None, None)


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        (48, 439, "10.9 % (8.3–14.2 %), 48 of 439"),
        (9_996, 10_000, "99.9 % (99.9–99.9 %), 9,996 of 10,000"),
        (5, 5, "100.0 % (56.6–100.0 %), 5 of 5"),
        (0, 0, "–"),
    ],
)
def test_only_a_whole_is_shown_as_a_hundred_per_cent(
    part: int, whole: int, words: str
) -> None:
    assert share_in_words(share_of(part, whole)) == words


def test_real_records_are_counted_completely() -> None:
    records = [json.loads(path.read_text("utf-8")) for path in LABELS]
    figures = _figures(*records)
    items = sum(len(record["items"]) for record in records)
    assert figures.items == items
    for grouping in set(Grouping) - {Grouping.DRUG}:
        assert sum(row.share.whole for row in figures.rows(grouping)) >= items
    drugs = sum(
        bool(item["requested"]["drug"]) for record in records for item in record["items"]
    )
    assert sum(row.share.whole for row in figures.rows(Grouping.DRUG)) == drugs > 0
