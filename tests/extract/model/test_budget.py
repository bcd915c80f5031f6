"""What is booked of a call, and that no budget is passed, whatever the endpoint tells."""

import pytest

from extract import extract_many
from tests.extract.model.endpoint import Endpoint, Plan
from tests.extract.model.letters import REPLY, asking, letter_about

PRICES = {"input_usd_per_million": 1.0, "output_usd_per_million": 10.0}
LETTERS = [letter_about(f"NUMBER{at}") for at in range(6)]


@pytest.mark.parametrize("concurrency", [1, 6])
def test_calls_under_way_take_no_letter_its_call(concurrency: int) -> None:
    """A call takes 0.014 USD of the 0.09 that it may: four fit, however many at once."""
    with Endpoint(Plan(lambda _message: REPLY, latency_s=0.05)) as endpoint:
        settings = asking(endpoint, concurrency=concurrency, max_cost_usd=0.14, **PRICES)
        results = list(extract_many(LETTERS, settings=settings))
    asked = [result.model is not None and not result.model.failures for result in results]
    assert asked == [True] * 4 + [False] * 2
