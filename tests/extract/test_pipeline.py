"""The whole way on real letters, and on no letters at all."""

import hashlib
import os
import re
import subprocess
import sys
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extract import (
    ExtractError,
    Extraction,
    Method,
    ScriptedModel,
    Settings,
    WorkFailed,
    extract_many,
    extract_record,
)
from extract.errors import SettingsInvalid
from schemas import CaseRecord, Layout, record_values
from tests.conftest import ROOT

LETTERS = {
    path.stem: path.read_text()
    for folder in ("letters", "authored/letters")
    for path in sorted((ROOT / "gold" / folder).glob("*.txt"))
}


def check_evidence(extraction: Extraction, text: str) -> None:
    """Every value has evidence, and every quotation stands where it says."""
    stated = {value.path for value in record_values(extraction.record)}
    if extraction.record.layout is Layout.UNKNOWN:
        stated.discard("layout")
    assert set(extraction.evidence) == stated
    for proof in extraction.evidence.values():
        assert text[proof.start : proof.end] == proof.quote
        assert 0 <= proof.confidence <= 1
        assert proof.rule


@pytest.mark.parametrize("name", LETTERS)
def test_every_value_of_a_real_letter_has_its_evidence(name: str) -> None:
    extraction = extract_record(LETTERS[name])
    assert extraction.record.layout is not Layout.UNKNOWN
    check_evidence(extraction, LETTERS[name])


@pytest.mark.parametrize("name", LETTERS)
def test_same_letter_gives_the_same_bytes(name: str) -> None:
    first, second = (extract_record(LETTERS[name]).model_dump_json() for _ in range(2))
    assert first == second
    assert Extraction.model_validate_json(first).model_dump_json() == first


_DIGEST = """
import hashlib
from pathlib import Path
from extract import extract_record
texts = [path.read_text() for path in sorted(Path("gold").glob("**/letters/*.txt"))]
disputed = Path("gold/authored/letters/authored-14.txt").read_text()
disputed = disputed.replace("09/02/2015", "09/03/2015", 1).replace("09/24/2015", "09/25/2015", 1)
made = [extract_record(text).model_dump_json() for text in (*texts, disputed)]
assert made[-1].count("dates_disagree") == 2
print(hashlib.sha256("".join(made).encode()).hexdigest())
"""


def test_every_process_finds_the_same_bytes() -> None:
    """Each process keeps what is hashed, sets among them, in another order."""
    found = {
        subprocess.run(
            [sys.executable, "-c", _DIGEST],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("2", "3", "4")
    }
    assert len(found) == 1


def test_many_is_lazy(letter_paths: list[Path]) -> None:
    def sources() -> object:
        yield letter_paths[0]
        raise AssertionError("the second letter was not asked for")

    results = extract_many(sources())  # type: ignore[arg-type]
    assert next(results).id == letter_paths[0].stem


@pytest.mark.parametrize("one", ["text", b"text", Path("a.txt")])
def test_one_letter_is_not_many(one: object) -> None:
    with pytest.raises(TypeError, match="use extract_record"):
        extract_many(one)  # type: ignore[arg-type]


ASKING = Settings(method=Method.MODEL)


@pytest.mark.parametrize(
    ("settings", "model", "advice"),
    [
        (None, ScriptedModel(lambda _question: "{}"), "Set method to model or cascade"),
        (ASKING, ScriptedModel, r"make a model of it, ScriptedModel\(…\)"),
        (ASKING, "gpt-4.1-mini", r"set Settings\(model=ModelSettings\(name="),
    ],
)
def test_a_model_that_would_not_be_asked_is_refused(
    settings: Settings | None, model: Any, advice: str
) -> None:
    with pytest.raises(SettingsInvalid, match=advice):
        extract_record("a letter", settings=settings, model=model)
    with pytest.raises(SettingsInvalid, match=advice):
        extract_many(["a letter"], settings=settings, model=model)


def test_no_letter_at_all_is_a_record_of_unknown_layout() -> None:
    extraction = extract_record("Dear friend, the weather is fine.")
    assert extraction.record == CaseRecord()
    assert [warning.code for warning in extraction.warnings] == ["layout_unknown"]


def test_what_holds_several_letters_or_no_decision_is_warned_of() -> None:
    head = "Case Number: CM15–000000{}\nIMR ISSUES, DECISIONS AND RATIONALES\nNone.\n"
    one, two = extract_record(head.format(1)), extract_record(head.format(1) + head.format(2))
    assert one.record.case_number == "CM15-0000001"
    assert [warning.code for warning in one.warnings] == ["items_missing"]
    assert [warning.code for warning in two.warnings] == ["several_letters", "items_missing"]
    for name in ("imr-001", "authored-01", "authored-16", "authored-20"):
        text = re.sub(r"CM\d\d-\d{7}", "", LETTERS[name])
        alone, doubled = (
            {warning.code for warning in extract_record(each).warnings}
            for each in (text, f"{text}\n{text}")
        )
        assert "several_letters" in doubled - alone


def test_a_value_under_the_least_confidence_is_a_doubt() -> None:
    text = LETTERS["imr-001"]
    extraction = extract_record(text, settings=Settings(min_confidence=1.0))
    assert extraction.record.patient.age is None
    doubts = {doubt.path: doubt for doubt in extraction.doubtful}
    age = doubts["patient.age"]
    assert age.value == text[age.evidence.start : age.evidence.end] == "37"
    citation = doubts["items[0].claims_administrator_guidelines[0]"]
    assert citation.value == "mtus chronic_pain · p. 98-99"


def test_the_outcome_is_as_sure_as_its_least_sure_decision() -> None:
    text = LETTERS["imr-003"].replace(
        "is not medically necessary", "is medically necessary", 1
    )
    evidence = extract_record(text).evidence
    decisions = [evidence[f"items[{number}].decision"] for number in range(2)]
    first, second = (decision.confidence for decision in decisions)
    assert first != second
    assert evidence["outcome"].confidence == min(first, second)
    assert evidence["outcome"].derived_from == ("items[0].decision", "items[1].decision")


def test_a_bug_is_named_without_the_letters_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("words of the letter")

    monkeypatch.setattr("extract.pipeline.parse_letter", broken)
    with pytest.raises(WorkFailed, match=r"KeyError at test_pipeline\.py") as caught:
        extract_record(LETTERS["imr-001"])
    assert caught.value.letter_id
    assert caught.value.__context__ is None
    assert "words" not in str(caught.value)


@pytest.mark.parametrize("name", LETTERS)
def test_nothing_behind_a_label_is_nothing_stated(name: str) -> None:
    """The letter broken off behind each label, and each passage behind one left out."""
    text = LETTERS[name]
    ends = [match.end() for match in re.finditer(r"(?<=\w):[ \n]|(?<=\w)\n\n", text)]
    for end, following in pairwise([*ends, len(text)]):
        for broken in (text[:end], text[:end] + text[following:]):
            check_evidence(extract_record(broken), broken)


def test_texts_keep_broken_words_but_nothing_that_cannot_be_seen() -> None:
    text = LETTERS["imr-001"]
    for inserted, words in [("oc-\ncas", "with oc- casional pain"), ("oc\u200bcas", None)]:
        changed = text.replace("presents with occas", f"presents with {inserted}")
        changed = f"Case Number: CM14-\u200b0012345\n{changed}"
        record = extract_record(changed).record
        assert record.case_number == "CM14-0012345"
        assert (words or "with occasional pain") in (record.items[0].rationale or "")


def test_what_no_summary_tells_is_read_in_the_rationale() -> None:
    text = LETTERS["imr-001"]
    start = text.index("CLINICAL CASE SUMMARY") + len("CLINICAL CASE SUMMARY")
    end = text.index("IMR ISSUES, DECISIONS AND RATIONALES", start)
    emptied = f"{text[:start]}\n\n{text[end:]} This is a 44-year-old male roofer."
    injured = f"{emptied} He was injured on 3/4/2012."
    record = extract_record(injured).record
    assert (record.patient.age, record.patient.sex) == (44, "male")
    assert record.date_of_injury == date(2012, 3, 4)


WORDS = sorted({word for text in LETTERS.values() for word in text.split(" ")})


@st.composite
def mangled_letters(draw: st.DrawFn) -> str:
    """A real letter with stretches cut out, doubled, or filled with anything."""
    text = draw(st.sampled_from(sorted(LETTERS.values())))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 1500)))
        filler = draw(
            st.one_of(st.just(""), st.just(text[start:end] * 2), st.text(max_size=40))
        )
        text = text[:start] + filler + text[end:]
    return text


@given(st.one_of(mangled_letters(), st.text(), st.lists(st.sampled_from(WORDS)).map(" ".join)))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_text_of_any_kind_raises_anything_undeclared(text: str) -> None:
    try:
        extraction = extract_record(text)
    except ExtractError:
        return
    check_evidence(extraction, text)


@given(st.binary(max_size=400))
@settings(deadline=None)
def test_no_bytes_of_any_kind_raise_anything_undeclared(data: bytes) -> None:
    try:
        extraction = extract_record(data)
    except ExtractError:
        return
    assert extraction.source.sha256 == hashlib.sha256(data).hexdigest()
