"""The cascade on the real letters: what it leaves unasked, and that nothing is lost by it."""

import json
import re
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from extract import Extraction, extract_record
from extract.clean import clean
from extract.model.gaps import find_gaps
from extract.model.llm import Question, ScriptedModel
from extract.model.wire import asked_of
from extract.parse import parse_letter
from extract.parse.letter import cut_letter
from extract.settings import Method, Settings
from tests.extract.model.endpoint import fitted
from tests.extract.model.replies import TODAY, gold_replies

LEAST_SAVED = 0.60


@pytest.fixture(scope="module", name="results")
def _results(gold: Path) -> list[tuple[Extraction, Extraction, int, int]]:
    """Each real letter by `model` and by `cascade`, and the tokens that each sent."""
    results = []
    for path, reply in zip(
        sorted((gold / "letters").glob("*.txt")), gold_replies(gold).values(), strict=True
    ):
        pair, sent = [], []
        for method in (Method.MODEL, Method.CASCADE):
            model = ScriptedModel(partial(_answer, reply))
            pair.append(extract_record(path, settings=Settings(method=method), model=model))
            sent.append(sum(question.tokens() for question in model.questions))
        results.append((pair[0], pair[1], sent[0], sent[1]))
    return results


def _answer(reply: dict[str, Any], question: Question) -> str:
    """Of the made-up reply what the question asks for."""
    schema = question.reply.model_json_schema()
    body = {
        "messages": [message._asdict() for message in question.messages],
        "response_format": {"json_schema": {"schema": schema}},
    }
    return json.dumps(fitted(reply, body))


def filled(extraction: Extraction) -> set[str]:
    """The fields that hold something, by path; a list is one field."""
    return {_LAST_INDEX.sub("", path) for path in extraction.evidence}


_LAST_INDEX = re.compile(r"\[\d+\]$")


def test_cascade_sends_far_less(
    results: list[tuple[Extraction, Extraction, int, int]],
) -> None:
    whole = sum(sent for _, _, sent, _ in results)
    asked = sum(sent for _, _, _, sent in results)
    assert 1 - asked / whole >= LEAST_SAVED
    for _, cascade, sent, less in results:
        assert cascade.model
        assert cascade.model.input_tokens_saved == sent - less


def test_cascade_loses_no_field_that_the_model_fills(
    results: list[tuple[Extraction, Extraction, int, int]],
) -> None:
    for model, cascade, _, _ in results:
        assert model.model
        assert not model.model.rejections
        assert filled(model) - filled(cascade) == set()


def test_nothing_is_asked_where_nothing_is_open() -> None:
    letter = clean("no letter at all")
    draft = parse_letter(letter, today=TODAY)
    gaps = find_gaps(draft, cut_letter(letter), letter.flat, is_doubtful=lambda _rule: False)
    assert gaps.paths == frozenset()


def test_doubtful_rule_opens_its_field(letter_paths: list[Path]) -> None:
    letter = clean(letter_paths[0].read_text("utf-8"))
    draft, parts = parse_letter(letter, today=TODAY), cut_letter(letter)

    def gaps_with(doubtful: str) -> frozenset[str]:
        found = find_gaps(
            draft, parts, letter.flat, is_doubtful=lambda rule: rule.startswith(doubtful)
        )
        return found.paths

    assert "patient.age" not in gaps_with("nothing")
    assert "patient.age" in gaps_with("patient.age")


def test_visits_are_not_asked_for_where_nothing_is_visited() -> None:
    letter = clean(
        "IMR ISSUES, DECISIONS AND RATIONALES\nset forth below:\nSoma 350mg #30: Upheld\n"
        "Claims Administrator guideline: Decision based on MTUS.\nMAXIMUS guideline: ODG.\n"
        "Decision rationale: The guideline allows some visits of therapy; it is not medically "
        "necessary.\n"
    )
    draft = parse_letter(letter, today=TODAY)
    gaps = find_gaps(draft, cut_letter(letter), letter.flat, is_doubtful=lambda _rule: True)
    assert "items[].rationale_factors" in gaps.items[0]
    visits = {"prior_visits", "guideline_max_visits", "requested.visits"}
    assert gaps.items[0].isdisjoint(f"items[].{name}" for name in visits)


def test_a_decision_without_a_title_is_no_item(letter_paths: list[Path]) -> None:
    text = letter_paths[0].read_text("utf-8")
    head, _, body = text.partition("ADDITIONAL PHYSICAL THERAPY")
    untitled = (
        head + "Upheld\n\nClaims Administrator" + body.partition("Claims Administrator")[2]
    )
    model = ScriptedModel(lambda _question: "{}")
    settings = Settings(method=Method.CASCADE)
    result = extract_record(untitled, settings=settings, model=model)
    assert result.record.items == ()
    assert "item_without_title" in [warning.code for warning in result.warnings]


def test_letter_without_known_items_is_asked_about_as_a_whole() -> None:
    model = ScriptedModel(lambda _question: "{}")
    settings = Settings(method=Method.CASCADE)
    result = extract_record("Some letter of no known form.", settings=settings, model=model)
    assert result.model
    assert result.model.prompt == "letter.v1"
    assert len(asked_of(model.questions[0].reply)) > 30
