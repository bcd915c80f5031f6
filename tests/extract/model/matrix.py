"""The fault matrix: every fault once, twice and for ever, measured on the loopback endpoint.

python -m tests.extract.model.matrix > docs/reliability.md
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

from extract import ExtractError, Extraction, extract_many, extract_record
from extract.model.letters import LetterResult, stream_results
from schemas import CaseRecord
from tests.extract.model.endpoint import Endpoint, Fault, Plan, always, times
from tests.extract.model.letters import REPLY, asking, letter_about

ATTEMPTS = 3
CALLS_AT_MOST = {
    "transport": ATTEMPTS,
    "reply": 3,
    "harmless": 1,
    "final": 1,
    "cut": 6,
    "stops": 1,
}
"""Calls for one letter: attempts of one call; first reply and two corrections; one; one; the
reply and the longer one, of the whole and of its two parts; one, and the run ends."""

KIND = {
    Fault.BUSY: "transport",
    Fault.BUSY_SECONDS: "transport",
    Fault.BUSY_DATE: "transport",
    Fault.ERROR: "transport",
    Fault.RESET: "transport",
    Fault.SLOW: "transport",
    Fault.HANG: "transport",
    Fault.HTML: "transport",
    Fault.BROKEN_JSON: "transport",
    Fault.NO_MESSAGE: "transport",
    Fault.NO_COUNTS: "harmless",
    Fault.THOUGHTS: "harmless",
    Fault.WORDS: "harmless",
    Fault.TRUNCATED: "cut",
    Fault.INVALID_ENUM: "reply",
    Fault.MISSING_KEY: "reply",
    Fault.WRONG_QUOTE: "reply",
    Fault.EMPTY: "reply",
    Fault.NOT_JSON: "reply",
    Fault.REFUSAL: "final",
    Fault.FILTERED: "final",
    Fault.LETTER_FILTERED: "final",
    Fault.BAD_PROMPT: "final",
    Fault.NO_ROOM: "final",
    Fault.TOO_LARGE: "final",
    Fault.UNAUTHORIZED: "stops",
    Fault.NO_MODEL: "stops",
    Fault.NO_QUOTA: "stops",
    Fault.MOVED: "stops",
}


class Row(NamedTuple):
    """What became of a letter whose calls meet a fault."""

    fault: Fault
    often: str
    calls: int
    at_most: int
    ending: str
    failure: str
    others: str


NAMES = ("BEFORE", "FAULTY", "AFTER")


@cache
def right_records() -> dict[str, CaseRecord]:
    """What each letter comes to when nothing goes wrong."""
    with Endpoint(Plan(lambda _message: REPLY)) as endpoint:
        letters = map(letter_about, NAMES)
        extractions = list(extract_many(letters, settings=asking(endpoint)))
    assert all(e.model and not e.model.rejections for e in extractions)
    return {name: e.record for name, e in zip(NAMES, extractions, strict=True)}


def ending_of(fault: Fault, often: int | None) -> Row:
    """Put one faulty letter among two good ones through the model."""
    faults = (
        always(fault, about="FAULTY") if often is None else times(often, fault, about="FAULTY")
    )
    ended: list[LetterResult] = []
    stop: ExtractError | None = None
    with Endpoint(Plan(lambda _message: REPLY, faults)) as endpoint:
        timeout_s = 1.0 if fault in (Fault.SLOW, Fault.HANG) else 30.0
        settings = asking(endpoint, attempts=ATTEMPTS, concurrency=1, timeout_s=timeout_s)
        try:
            ended += stream_results(map(letter_about, NAMES), settings=settings)
        except ExtractError as error:
            stop = error
        calls = sum(map(_is_about_faulty, endpoint.requests))
    how = {1: "once", 2: "twice", None: "for ever"}[often]
    at_most = CALLS_AT_MOST[KIND[fault]]
    if stop:
        return Row(
            fault, how, calls, at_most, "the run stops", stop.reason, "handed out first"
        )
    return Row(fault, how, calls, at_most, *_ending(ended))


def _is_about_faulty(request: dict[str, Any]) -> bool:
    """Whether a request asks about the faulty letter, or about a part of it."""
    asked = request["messages"][1]["content"]
    return "FAULTY" in asked or asked.split(">>>\n", 1)[1].startswith("[")


def _ending(ended: Sequence[LetterResult]) -> tuple[str, str, str]:
    """How the faulty letter ended, what was named, and how the others fared."""
    right = right_records()
    extractions = [result for result in ended if isinstance(result, Extraction)]
    before, faulty, after = extractions
    rules = extract_record(letter_about("FAULTY"))
    assert faulty.model
    failures = [failure.reason for failure in faulty.model.failures]
    rejected = sorted({rejection.fault for rejection in faulty.model.rejections})
    if failures:
        assert faulty.record == rules.record
        ending = "the rules' record"
    elif rejected:
        ending = "the proved answers, else the rules' values"
    else:
        assert faulty.record == right["FAULTY"]
        ending = "the right record"
    fine = before.record == right["BEFORE"] and after.record == right["AFTER"]
    named = ", ".join(failures + rejected) or "–"
    return ending, named, "unaffected" if fine else "AFFECTED"


def matrix() -> list[Row]:
    """Every fault, once, twice and for ever."""
    return [ending_of(fault, often) for fault in KIND for often in (1, 2, None)]


def render(rows: Iterable[Row]) -> str:
    """The table as `docs/reliability.md` shows it."""
    lines = [
        "# What happens when a call goes wrong",
        "",
        "Measured by the tests, not written by hand: `tests/extract/model/test_reliability.py`",
        "compares this file with what it measures. One letter among three meets the fault,",
        "on a loopback endpoint that speaks the real protocol with replies made up for",
        f"tests; at most {ATTEMPTS} attempts a call and two corrections. Refresh it with",
        "`python -m tests.extract.model.matrix > docs/reliability.md`.",
        "",
        "| fault | how often | calls | at most | the letter ends with | named | other letters |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        lines.append(f"| {' | '.join(str(cell) for cell in row)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(render(matrix()))
