"""What is learnt from refusals: of an endpoint much, of one letter nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from extract.errors import ModelUnusable
from extract.model.dialect import Dialect, first_dialect
from extract.model.letters import LetterResult, stream_results
from extract.model.refusals import NotTaken
from extract.result import Extraction
from extract.settings import ModelSettings, ReplyMode
from tests.extract.model.endpoint import Endpoint, Fault, Plan, always
from tests.extract.model.letters import REPLY, asking, letter_about

Faults = Callable[[str, int], Fault | None]


def ended(names: str, faults: Faults, **changes: Any) -> tuple[list[str], Endpoint]:
    """How each letter ended: the reason of its failure, or the mode in which it was asked."""
    with Endpoint(Plan(lambda _message: REPLY, faults)) as endpoint:
        settings = asking(endpoint, **{"concurrency": 1, **changes})
        found = list(stream_results(map(letter_about, names.split()), settings=settings))
    return [_end(outcome) for outcome in found], endpoint


def _end(outcome: LetterResult) -> str:
    assert isinstance(outcome, Extraction)
    assert outcome.model
    reasons = [failure.reason for failure in outcome.model.failures]
    return reasons[0] if reasons else str(outcome.model.parameters["mode"])


BAD = always(Fault.BAD_PROMPT, about="BAD")


@pytest.mark.parametrize("mode", ["auto", "tools"])
@pytest.mark.parametrize(
    "names", ["BAD1 A B", "A BAD1 B", "BAD1 BAD2 A B", "BAD1 A BAD2 BAD3"]
)
def test_letter_that_is_refused_stops_no_other(names: str, mode: str) -> None:
    ends, _ = ended(names, BAD, mode=mode)
    taken = "json_schema" if mode == "auto" else mode
    assert ends == ["RequestRefused" if "BAD" in each else taken for each in names.split()]


def test_endpoint_that_takes_no_letter_in_any_dialect_stops_the_run() -> None:
    with pytest.raises(ModelUnusable, match="invalid_prompt"):
        ended("BAD1 BAD2 BAD3 A", BAD)


def test_one_letter_asked_three_times_does_not_stop_the_run() -> None:
    assert ended("BAD BAD BAD BAD A", BAD)[0] == ["RequestRefused"] * 4 + ["json_schema"]


def test_fault_that_passes_after_a_refusal_leaves_the_best_dialect() -> None:
    turns = iter([Fault.BAD_PROMPT, Fault.ERROR])
    ends, _ = ended("BAD A", lambda _message, _count: next(turns, None), attempts=1)
    assert ends == ["EndpointFailing", "json_schema"]


def test_words_of_a_letter_cost_no_parameter_of_the_others() -> None:
    ends, endpoint = ended("A BAD B", always(Fault.NO_TEMPERATURE, about="BAD"))
    assert ends == ["json_schema", "RequestRefused", "json_schema"]
    assert all("temperature" in request for request in endpoint.requests)


@pytest.mark.parametrize(
    ("param", "dropped"), [("seed", {"seed"}), ("messages", set()), ("", {"store"})]
)
def test_parameter_that_is_named_counts_before_the_words(
    param: str, dropped: set[str]
) -> None:
    dialect = Dialect(ReplyMode.TOOLS)
    after = dialect.after(NotTaken(400, "", "the drug store", param), fixed=False)
    mode = ReplyMode.TOOLS if dropped else ReplyMode.JSON
    assert after == Dialect(mode, frozenset(dropped))


def test_newer_name_of_the_longest_reply_is_for_openai() -> None:
    assert not first_dialect(ModelSettings(name="m")).dropped
    local = ModelSettings(name="m", base_url="http://localhost:9/v1")
    assert first_dialect(local).dropped == {"max_completion_tokens"}
