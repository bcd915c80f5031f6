import asyncio

from hypothesis import given
from hypothesis import strategies as st

from extract.model.throttle import Bucket, Throttle
from extract.settings import ModelSettings


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_first_minutes_share_is_there_at_once_and_fills_steadily() -> None:
    clock = Clock()
    bucket = Bucket(60, clock=clock)
    assert [bucket.wait_for(30), bucket.wait_for(30)] == [0.0, 0.0]
    assert bucket.wait_for(1) == 1.0
    clock.now = 10.0
    assert bucket.wait_for(9) == 0.0


def test_no_limit_never_waits() -> None:
    assert Bucket(None).wait_for(10**9) == 0.0


def test_more_than_a_minutes_share_waits_as_for_one() -> None:
    clock = Clock()
    bucket = Bucket(60, clock=clock)
    assert bucket.wait_for(1_000) == 0.0
    assert bucket.wait_for(60) == 60.0


@given(st.lists(st.integers(1, 100), max_size=40))
def test_units_handed_out_never_pass_the_rate(units: list[int]) -> None:
    clock = Clock()
    bucket = Bucket(100, clock=clock)
    taken = 0
    for wanted in units:
        clock.now += bucket.wait_for(wanted)
        taken += wanted
        assert taken <= 100 + clock.now * 100 / 60 + 1e-6


def throttle(most: int) -> Throttle:
    return Throttle(ModelSettings(name="m", concurrency=most))


def test_busy_endpoint_halves_the_limit_once_for_all_calls_then_under_way() -> None:
    async def main() -> list[int]:
        limits, gate = [], throttle(16)
        async with gate.slot(1) as first, gate.slot(1) as second:
            for ticket in (first, second):
                gate.busy(ticket)
                limits.append(gate.limit)
        async with gate.slot(1) as third:
            gate.busy(third)
            limits.append(gate.limit)
        return limits

    assert asyncio.run(main()) == [8, 8, 4]


def test_limit_never_falls_below_one_and_recovers_to_the_most() -> None:
    async def main() -> tuple[int, int]:
        gate = throttle(4)
        for _ in range(6):
            async with gate.slot(1) as ticket:
                gate.busy(ticket)
        lowest = gate.limit
        for _ in range(40):
            gate.went_well()
        return lowest, gate.limit

    assert asyncio.run(main()) == (1, 4)


def test_place_of_a_cancelled_waiter_goes_to_the_next() -> None:
    async def main() -> list[str]:
        gate, order = throttle(1), list[str]()

        async def work(name: str) -> None:
            async with gate.slot(1):
                order.append(name)
                await asyncio.sleep(0)

        async with gate.slot(1):
            first, second = (asyncio.create_task(work(name)) for name in ("a", "b"))
            await asyncio.sleep(0)
        first.cancel()
        await asyncio.gather(first, second, return_exceptions=True)
        return order

    assert asyncio.run(asyncio.wait_for(main(), 5)) in (["b"], ["a", "b"])


def test_every_waiter_gets_its_turn() -> None:
    async def main() -> int:
        gate, most, now = throttle(3), 0, 0

        async def work() -> None:
            nonlocal most, now
            async with gate.slot(1):
                now += 1
                most = max(most, now)
                await asyncio.sleep(0)
                now -= 1

        await asyncio.gather(*(work() for _ in range(50)))
        return most

    assert asyncio.run(asyncio.wait_for(main(), 5)) == 3
