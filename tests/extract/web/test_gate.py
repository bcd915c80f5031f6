import pytest

from extract.web.gate import Gate
from extract.web.metrics import Metrics
from extract.web.problems import Problem


def test_beyond_the_limit_of_all_it_is_busy() -> None:
    gate = Gate(2, 2, Metrics())
    with (
        gate.entered("a"),
        gate.entered("b"),
        pytest.raises(Problem) as caught,
        gate.entered("c"),
    ):
        pass
    assert (caught.value.status_code, caught.value.headers) == (503, {"Retry-After": "1"})


def test_beyond_the_limit_of_one_it_is_that_callers_fault() -> None:
    gate = Gate(5, 1, Metrics())
    with gate.entered("a"), pytest.raises(Problem) as caught, gate.entered("a"):
        pass
    assert caught.value.status_code == 429
    with gate.entered("b"):
        pass


def test_places_are_given_back_even_after_a_failure() -> None:
    gate = Gate(1, 1, Metrics())
    for _ in range(3):
        with pytest.raises(KeyError), gate.entered("a"):
            raise KeyError
    with gate.entered("a"):
        pass
