"""Prompts: released ones are never edited, examples are proved, fields come from schemas."""

import hashlib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.clean import clean
from extract.model.examine import Examination
from extract.model.ground import Ground
from extract.model.question import (
    WHOLE,
    corrected,
    fence,
    labelling_rules,
    open_fields,
    whole_letter,
)
from extract.model.wire import asked_fields, reply_model
from prompts import Prompt, PromptError, load_examples, load_prompt, released_digests
from schemas import RationaleFactor

FOLDER = Path(__file__).parent.parent / "prompts"


@pytest.mark.parametrize("name", sorted(released_digests()))
def test_released_prompt_is_never_edited(name: str) -> None:
    """A failure means: undo the edit, or make it a new version with its own digest."""
    text = (FOLDER / name).read_bytes()
    assert hashlib.sha256(text).hexdigest() == released_digests()[name]


def test_every_prompt_file_is_released() -> None:
    files = {path.relative_to(FOLDER).as_posix() for path in FOLDER.glob("**/*.v*.*")}
    assert files == set(released_digests())


def test_variables_missing_and_unknown_are_all_named_at_once() -> None:
    prompt = Prompt("p", 1, "{{ one }} and {{ two }}")
    with pytest.raises(PromptError, match="one, three"):
        prompt.render({"two": "2", "three": "3"})


@given(st.text())
def test_what_is_filled_in_is_not_read_again(text: str) -> None:
    prompt = Prompt("p", 1, "<{{ one }}{{ two }}>")
    assert prompt.render({"one": "{{ two }}", "two": text}) == f"<{{{{ two }}}}{text}>"


def test_unknown_prompt_is_an_error() -> None:
    with pytest.raises(PromptError, match=r"nothing\.v7"):
        load_prompt("nothing", 7)


def test_prompt_explains_every_field_and_every_word() -> None:
    system = whole_letter().system
    for field in asked_fields():
        assert f"- {field.path}: {field.description}" in system
        for word in field.vocabulary or ():
            assert word.value in system
            assert word.meaning in system


def test_prompt_of_open_fields_explains_only_these() -> None:
    asking = open_fields(frozenset({"items[].rationale_factors"}))
    assert "items[].rationale_factors: The reasons" in asking.system
    assert all(factor.value in asking.system for factor in RationaleFactor)
    assert "patient.age" not in asking.system
    assert "acupuncture" not in asking.system


def test_every_labelling_rule_is_about_fields_that_exist() -> None:
    paths = [field.path for field in asked_fields()]
    for path, rule in labelling_rules():
        assert any(p == path or p.startswith(f"{path}.") for p in paths), path
        assert rule[0].isupper() or rule[0] == '"'
        assert rule in whole_letter().system


@pytest.mark.parametrize("number", range(len(load_examples("letter"))))
def test_every_value_of_an_example_is_proved_by_its_letter(number: int) -> None:
    example = load_examples("letter")[number]
    reply = reply_model().model_validate(example["reply"])
    ground = Ground(clean(example["letter"]).flat)
    examination = Examination(ground, rule=WHOLE.label, newest=date(2026, 1, 1))
    draft, problems = examination.examine(reply)
    assert problems == []
    assert len(draft.items) == len(example["reply"]["items"])


def test_digest_names_everything_but_the_letter() -> None:
    whole, other = whole_letter(), open_fields(frozenset({"patient.age"}))
    assert whole.digest != other.digest
    assert len(whole.digest) == 64


@given(st.text(max_size=300))
def test_letter_cannot_hold_its_own_end_mark(text: str) -> None:
    fenced = fence(text)
    mark = fenced.rsplit("\n", 1)[1]
    assert mark not in text
    assert fenced.startswith("<<<LETTER ")
    assert fenced.split("\n", 1)[1].rsplit("\n", 1)[0] == text


def test_correction_keeps_the_letter_and_only_the_last_reply() -> None:
    question = whole_letter().about("Upheld", 100)
    once = corrected(question, "first reply", ["- patient.age: no"])
    twice = corrected(once, "second reply", ["- patient.sex: no"])
    assert twice.messages[:2] == question.messages
    assert [message.role for message in twice.messages] == [
        *("system", "user", "assistant", "user")
    ]
    assert twice.messages[2].content == "second reply"
    assert "patient.age" not in twice.messages[3].content
