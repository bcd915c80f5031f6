import pytest

from extract.web.concurrency import ConcurrencyLimit
from extract.web.metrics import Metrics
from extract.web.problems import Problem


def test_beyond_the_limit_of_all_it_is_busy() -> None:
    concurrency = ConcurrencyLimit(2, 2, Metrics())
    with (
        concurrency.place_for("a"),
        concurrency.place_for("b"),
        pytest.raises(Problem) as caught,
        concurrency.place_for("c"),
    ):
        pass
    assert (caught.value.status_code, caught.value.headers) == (503, {"Retry-After": "1"})


def test_beyond_the_limit_of_one_it_is_that_callers_fault() -> None:
    concurrency = ConcurrencyLimit(5, 1, Metrics())
    with (
        concurrency.place_for("a"),
        pytest.raises(Problem) as caught,
        concurrency.place_for("a"),
    ):
        pass
    assert caught.value.status_code == 429
    with concurrency.place_for("b"):
        pass


def test_places_are_given_back_even_after_a_failure() -> None:
    concurrency = ConcurrencyLimit(1, 1, Metrics())
    for _ in range(3):
        with pytest.raises(KeyError), concurrency.place_for("a"):
            raise KeyError
    with concurrency.place_for("a"):
        pass
