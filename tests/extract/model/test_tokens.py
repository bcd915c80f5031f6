"""A text of any length has a number of tokens, and a record by the rules."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from extract import extract_record
from extract.cli import app
from extract.model.question import corrected, whole_letter
from extract.model.tokens import count_tokens
from tests.extract.model.endpoint import Endpoint, Fault, Plan, always
from tests.extract.model.letters import LETTER, REPLY, asking

LONG = LETTER + "\nThe record was read. " * 50_000
HOSTILE = '{"a":' * 100_000


@pytest.mark.parametrize("text", ["word " * 250_000, HOSTILE, "漢字" * 300_000, "1" * 10**6])
def test_a_text_of_any_length_is_counted(text: str) -> None:
    half = len(text) // 2
    assert count_tokens(text) == pytest.approx(2 * count_tokens(text[:half]), rel=0.01)


def test_letter_longer_than_any_model_reads_keeps_its_rules_record() -> None:
    with Endpoint(Plan(lambda _message: REPLY, always(Fault.NO_ROOM))) as endpoint:
        extraction = extract_record(LONG, settings=asking(endpoint))
        assert len(endpoint.requests) == 1
    assert extraction.record == extract_record(LONG).record
    assert extraction.model
    assert [failure.reason for failure in extraction.model.failures] == ["LetterTooLong"]


@pytest.mark.parametrize(
    "command", [["prompt"], ["extract", "--dry-run", "--method", "model"]]
)
def test_commands_tell_the_size_of_any_letter(command: list[str], tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text(LONG, "utf-8")
    run = CliRunner().invoke(app, [*command, str(path)], env={"IMR_MODEL": "m"})
    assert run.exit_code == 0
    assert "tokens" in run.stdout


def test_reply_without_end_is_shown_to_the_model_in_part_only() -> None:
    question = corrected(whole_letter().about(LETTER, 10), HOSTILE, ["- it is no JSON"])
    assert len(question.messages[2].content) == 100_000
    said = json.dumps(REPLY)
    assert corrected(question, said, ["- no"]).messages[2].content == said


def test_reply_without_end_leaves_the_rules_record() -> None:
    def hostile(body: dict[str, object]) -> dict[str, object]:
        return {**body, "choices": [{"index": 0, "message": {"content": HOSTILE}}]}

    with Endpoint(Plan(lambda _message: REPLY, altered=hostile)) as endpoint:
        extraction = extract_record(LETTER, settings=asking(endpoint))
    assert extraction.record == extract_record(LETTER).record
    assert extraction.model
    assert [failure.reason for failure in extraction.model.failures] == ["ReplyNotJson"]
