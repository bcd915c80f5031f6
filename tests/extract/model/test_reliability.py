"""Every fault of an endpoint: the letter ends well, the others are not affected."""

from pathlib import Path

import pytest

from tests.extract.model.endpoint import Fault
from tests.extract.model.matrix import KIND, Row, ending_of, render

DOCUMENT = Path(__file__).parents[3] / "docs" / "reliability.md"
RIGHT, RULES = "the right record", "the rules' record"


def row_of(fault: Fault, often: int | None) -> Row:
    row = ending_of(fault, often)
    assert row.calls <= row.at_most
    assert row.others in ("unaffected", "handed out first")
    line = render([row]).rsplit("\n", 1)[1]
    assert line in DOCUMENT.read_text("utf-8"), "refresh docs/reliability.md"
    return row


@pytest.mark.parametrize(
    "fault", [f for f, kind in KIND.items() if kind in ("transport", "reply")]
)
def test_passing_fault_costs_a_call_and_nothing_else(fault: Fault) -> None:
    once, twice = row_of(fault, 1), row_of(fault, 2)
    assert (once.calls, once.ending, once.failure) == (2, RIGHT, "–")
    assert (twice.calls, twice.ending, twice.failure) == (3, RIGHT, "–")


@pytest.mark.parametrize("fault", [f for f, kind in KIND.items() if kind == "transport"])
def test_lasting_fault_ends_with_the_rules_record_and_a_name(fault: Fault) -> None:
    row = row_of(fault, None)
    assert row.ending == RULES
    assert row.failure.startswith("Endpoint")


@pytest.mark.parametrize("fault", [f for f, kind in KIND.items() if kind == "reply"])
def test_lasting_bad_reply_costs_no_more_than_its_bad_parts(fault: Fault) -> None:
    row = row_of(fault, None)
    assert row.failure != "–"


@pytest.mark.parametrize("fault", [f for f, kind in KIND.items() if kind == "harmless"])
def test_what_is_not_needed_costs_nothing(fault: Fault) -> None:
    row = row_of(fault, None)
    assert (row.calls, row.ending, row.failure) == (1, RIGHT, "–")


@pytest.mark.parametrize("often", [1, 2, None])
def test_reply_too_long_is_asked_for_longer_then_in_parts(often: int | None) -> None:
    row = row_of(Fault.TRUNCATED, often)
    if often == 1:
        assert (row.calls, row.ending) == (2, RIGHT)
    else:
        assert row.calls > 3
        assert row.failure == "ReplyTruncated"


@pytest.mark.parametrize("fault", [f for f, kind in KIND.items() if kind == "final"])
@pytest.mark.parametrize("often", [1, 2, None])
def test_unwilling_model_is_not_asked_again(fault: Fault, often: int | None) -> None:
    row = row_of(fault, often)
    assert (row.calls, row.ending) == (1, RULES)


@pytest.mark.parametrize("fault", [f for f, kind in KIND.items() if kind == "stops"])
@pytest.mark.parametrize("often", [1, 2, None])
def test_run_that_cannot_succeed_stops_at_once(fault: Fault, often: int | None) -> None:
    row = row_of(fault, often)
    assert (row.calls, row.ending) == (1, "the run stops")


def test_every_fault_has_its_three_rows() -> None:
    text = DOCUMENT.read_text("utf-8")
    for fault in KIND:
        assert sum(line.startswith(f"| {fault} |") for line in text.splitlines()) == 3
