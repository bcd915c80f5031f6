import asyncio
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.account import Usage, total_usage
from extract.errors import BudgetSpent, PriceUnknown
from extract.model.tokens import approximate_tokens, count_tokens, is_exact
from extract.model.usage import Budget, Price
from extract.settings import ModelSettings


def priced(**changes: float | int) -> ModelSettings:
    prices = {"input_usd_per_million": 1.0, "output_usd_per_million": 10.0}
    return ModelSettings(name="m", **{**prices, **changes})  # type: ignore[arg-type]


def test_known_model_has_the_price_of_the_list() -> None:
    cost = Price(ModelSettings(name="gpt-4o-mini")).of(Usage(input_tokens=1_000_000))
    assert cost == pytest.approx(0.15)


def test_own_price_overrides_the_list() -> None:
    price = Price(
        ModelSettings(name="gpt-4o-mini", input_usd_per_million=2, output_usd_per_million=3)
    )
    assert price.of(Usage(input_tokens=500_000, output_tokens=1_000_000)) == pytest.approx(4)


def test_unknown_model_has_no_price() -> None:
    assert Price(ModelSettings(name="my-own")).of(Usage(input_tokens=1)) is None


def test_budget_in_money_needs_a_price() -> None:
    with pytest.raises(PriceUnknown, match="max_tokens"):
        Budget(ModelSettings(name="my-own", max_cost_usd=1))


@given(
    st.lists(st.tuples(*[st.integers(0, 500)] * 2, st.integers(0, 5)), max_size=30),
    st.integers(1, 5_000),
)
def test_no_order_of_calls_passes_the_budget(
    calls: list[tuple[int, int, int]], most: int
) -> None:
    """Each call sets its worst aside and uses it; some end late, some never start."""
    budget = Budget(priced(max_tokens=most, max_cost_usd=most * 10 / 1_000_000))

    async def call(sent: int, received: int, turns: int) -> None:
        worst = Usage(input_tokens=sent, output_tokens=received)
        with suppress(BudgetSpent):
            held = await budget.hold(worst)
            for _ in range(turns):
                await asyncio.sleep(0)
            budget.settle(held, worst)

    async def call_all() -> None:
        await asyncio.wait_for(asyncio.gather(*(call(*each) for each in calls)), 10)

    asyncio.run(call_all())
    assert budget.spent.total <= most


async def _spend(budget: Budget, sent: int) -> bool:
    """A call that may send ten times as much as it does; whether the budget allowed it."""
    try:
        held = await budget.hold(Usage(input_tokens=10 * sent))
    except BudgetSpent:
        return False
    await asyncio.sleep(0)
    budget.settle(held, Usage(input_tokens=sent))
    return True


async def _spend_all(budget: Budget, calls: list[int], concurrency: int) -> list[bool]:
    places = asyncio.Semaphore(concurrency)

    async def spend(sent: int) -> bool:
        async with places:
            return await _spend(budget, sent)

    return await asyncio.wait_for(asyncio.gather(*map(spend, calls)), 10)


@given(st.lists(st.integers(1, 100), max_size=20), st.integers(1, 2_000), st.integers(2, 16))
def test_what_a_budget_allows_does_not_depend_on_concurrency(
    calls: list[int], most: int, concurrency: int
) -> None:
    alone, beside = (Budget(priced(max_tokens=most)) for _ in range(2))
    expected = asyncio.run(_spend_all(alone, calls, 1))
    assert asyncio.run(_spend_all(beside, calls, concurrency)) == expected
    assert beside.spent == alone.spent


def test_call_that_is_cancelled_in_the_queue_holds_up_no_other() -> None:
    async def main() -> list[object]:
        budget = Budget(priced(max_tokens=100))
        held = await budget.hold(Usage(input_tokens=100))
        calls = [asyncio.create_task(_spend(budget, 10)) for _ in range(2)]
        await asyncio.sleep(0)
        calls[0].cancel()
        budget.settle(held, Usage())
        return await asyncio.wait_for(asyncio.gather(*calls, return_exceptions=True), 10)

    cancelled, done = asyncio.run(main())
    assert isinstance(cancelled, asyncio.CancelledError)
    assert done is True


def test_call_that_used_less_gives_the_rest_back() -> None:
    budget = Budget(priced(max_tokens=100))

    async def main() -> None:
        held = await budget.hold(Usage(input_tokens=90))
        waiting = asyncio.create_task(budget.hold(Usage(input_tokens=20)))
        await asyncio.sleep(0)
        assert not waiting.done()
        budget.settle(held, Usage(input_tokens=10))
        budget.settle(await asyncio.wait_for(waiting, 10), Usage())
        with pytest.raises(BudgetSpent, match="100 tokens"):
            await budget.hold(Usage(input_tokens=95))

    asyncio.run(main())
    assert budget.spent == Usage(input_tokens=10)


def test_budget_in_money_names_the_flag() -> None:
    budget = Budget(priced(max_cost_usd=0.001))
    with pytest.raises(BudgetSpent, match=r"0\.001 USD.*--max-cost"):
        asyncio.run(budget.hold(Usage(output_tokens=1_000)))


def test_more_kept_tokens_than_sent_are_all_that_were_sent() -> None:
    usage = Usage(input_tokens=1_000, output_tokens=20, cached_tokens=2_000)
    assert usage.cached_tokens == 1_000
    budget = Budget(ModelSettings(name="gpt-4.1-mini", max_cost_usd=1))
    budget.settle(asyncio.run(budget.hold(usage)), usage)
    assert budget.cost_of(budget.spent) == pytest.approx(0.000132)


def test_counts_that_the_price_list_refuses_have_no_price(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise ValueError("uncached tokens cannot be negative")

    monkeypatch.setattr("genai_prices.calc_price", refuse)
    assert Price(ModelSettings(name="gpt-4.1-mini")).of(Usage(input_tokens=1)) is None


def test_usages_that_nobody_could_pay_for_add_up_to_the_most() -> None:
    most = Usage(input_tokens=10**15)
    assert most + most == most


def test_usages_add_up() -> None:
    one = Usage(input_tokens=1, output_tokens=2, cached_tokens=1)
    assert total_usage([one, one]) == Usage(input_tokens=2, output_tokens=4, cached_tokens=2)
    assert total_usage([]) == Usage()


def test_approximate_count_is_near_the_exact_one(letter_paths: list) -> None:  # type: ignore[type-arg]
    assert is_exact()
    for path in letter_paths:
        text = " ".join(path.read_text("utf-8").split())
        assert approximate_tokens(text) == pytest.approx(count_tokens(text), rel=0.1)


@given(st.text(max_size=200))
def test_every_text_can_be_counted(text: str) -> None:
    assert count_tokens(text) >= 0
    assert approximate_tokens(text) <= len(text)
