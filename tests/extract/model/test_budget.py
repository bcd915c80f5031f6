"""What is booked of a call, and that no budget is passed, whatever the endpoint tells."""

from typing import Any

import pytest

from extract import Extraction, extract_many
from tests.extract.model.endpoint import Endpoint, Fault, Plan, always
from tests.extract.model.letters import REPLY, asking, letter_about

PRICES: dict[str, Any] = {"input_usd_per_million": 1.0, "output_usd_per_million": 10.0}
LETTERS = [letter_about(f"NUMBER{at}") for at in range(6)]


@pytest.mark.parametrize("concurrency", [1, 6])
def test_calls_under_way_take_no_letter_its_call(concurrency: int) -> None:
    """A call takes 0.014 USD of the 0.09 that it may: four fit, however many at once."""
    with Endpoint(Plan(lambda _message: REPLY, latency_s=0.05)) as endpoint:
        settings = asking(endpoint, concurrency=concurrency, max_cost_usd=0.14, **PRICES)
        results = list(extract_many(LETTERS, settings=settings))
    assert [_reason(result) for result in results] == [None] * 4 + ["BudgetSpent"] * 2


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.SLOW, Fault.RESET, Fault.BROKEN_JSON])
def test_calls_of_which_nothing_is_heard_pass_no_budget(fault: Fault) -> None:
    """The endpoint may have made each reply: eight at their worst are too many."""
    with Endpoint(Plan(lambda _message: REPLY, always(fault))) as endpoint:
        settings = asking(
            endpoint, attempts=3, timeout_s=0.2, concurrency=3, max_cost_usd=0.7, **PRICES
        )
        results = list(extract_many(LETTERS, settings=settings))
        asked = len(endpoint.requests)
    assert sum(_cost(result) for result in results) <= 0.7
    assert asked == 7
    assert {_reason(result) for result in results[-2:]} == {"BudgetSpent"}


def test_replies_without_counts_pass_no_budget() -> None:
    with Endpoint(Plan(lambda _message: REPLY, altered=_without_counts)) as endpoint:
        settings = asking(endpoint, concurrency=1, max_cost_usd=0.14, **PRICES)
        results = list(extract_many(LETTERS, settings=settings))
    assert [_reason(result) for result in results] == [None] * 3 + ["BudgetSpent"] * 3


def _without_counts(completion: dict[str, Any]) -> dict[str, Any]:
    return completion | {"usage": None}


def _cost(extraction: Extraction) -> float:
    assert extraction.model
    return extraction.model.cost_usd or 0.0


def _reason(extraction: Extraction) -> str | None:
    assert extraction.model
    return next((failure.reason for failure in extraction.model.failures), None)
