import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from extract.cli import app
from extract.model.estimate import OUTPUT_CASE_TOKENS, OUTPUT_ITEM_TOKENS, estimate_run
from extract.model.tokens import count_tokens
from extract.settings import Method, ModelSettings, Settings
from tests.extract.model.endpoint import Endpoint, Fault, Plan, always
from tests.extract.model.letters import KEY, LETTER, REPLY
from tests.extract.model.replies import gold_replies

RUN = CliRunner()


@pytest.fixture(name="letter")
def _letter(tmp_path: Path) -> str:
    path = tmp_path / "letter.txt"
    path.write_text(LETTER, "utf-8")
    return str(path)


def environment(endpoint: Endpoint) -> dict[str, str]:
    return {
        "IMR_MODEL": "made-up",
        "OPENAI_BASE_URL": endpoint.url,
        "OPENAI_API_KEY": KEY,
    }


def test_model_is_asked_as_the_environment_says(letter: str) -> None:
    with Endpoint(Plan(lambda _message: REPLY)) as endpoint:
        run = RUN.invoke(
            app, ["extract", letter, letter, "--method", "model"], env=environment(endpoint)
        )
        assert len(endpoint.requests) == 2
    assert run.exit_code == 0
    first, second = map(json.loads, run.stdout.splitlines())
    assert first == second
    assert first["model"]["model"] == "made-up"
    assert first["record"]["outcome"] == "mixed"


def test_flags_win_over_the_environment(letter: str) -> None:
    with Endpoint(Plan(lambda _message: REPLY)) as endpoint:
        env = {"IMR_MODEL": "other", "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}
        flags = ["--model", "mine", "--base-url", endpoint.url, "--concurrency", "1"]
        run = RUN.invoke(app, ["extract", letter, "--method", "model", *flags], env=env)
        assert [request["model"] for request in endpoint.requests] == ["mine"]
    assert run.exit_code == 0


def test_refused_key_ends_the_command_and_says_what_to_set(letter: str) -> None:
    with Endpoint(Plan(lambda _message: REPLY, always(Fault.UNAUTHORIZED))) as endpoint:
        run = RUN.invoke(
            app, ["extract", letter, "--method", "model"], env=environment(endpoint)
        )
    assert run.exit_code == 2
    assert "OPENAI_API_KEY" in run.stderr
    assert KEY not in run.output


def test_without_a_model_the_command_says_how_to_name_one(letter: str) -> None:
    run = RUN.invoke(app, ["extract", letter, "--method", "cascade"])
    assert run.exit_code == 2
    assert "IMR_MODEL" in run.stderr


def test_dry_run_sends_nothing_and_names_letters_tokens_and_money(letter: str) -> None:
    with Endpoint(Plan(lambda _message: REPLY)) as endpoint:
        flags = ["--method", "model", "--model", "gpt-4o-mini", "--dry-run"]
        run = RUN.invoke(app, ["extract", letter, *flags], env=environment(endpoint))
        assert endpoint.requests == []
    assert run.exit_code == 0
    assert "1 letters (0 unreadable), 1 calls" in run.stdout
    assert "USD" in run.stdout


def test_prompt_prints_exactly_what_is_sent(letter: str) -> None:
    with Endpoint(Plan(lambda _message: REPLY)) as endpoint:
        env = environment(endpoint)
        shown = RUN.invoke(app, ["prompt", letter, "--json"], env=env)
        RUN.invoke(app, ["extract", letter, "--method", "model"], env=env)
        (sent,) = endpoint.requests
    assert json.loads(shown.stdout) == sent


def test_prompt_can_be_read_by_a_person(letter: str) -> None:
    run = RUN.invoke(app, ["prompt", letter])
    assert run.exit_code == 0
    for part in (
        "[parameters]",
        "[system]",
        "[user]",
        "[response schema]",
        "[size]",
        LETTER[:40],
    ):
        assert part in run.stdout


def test_prompt_of_a_missing_file_is_an_error() -> None:
    run = RUN.invoke(app, ["prompt", "nowhere.txt"])
    assert run.exit_code == 1
    assert "nowhere.txt" in run.stderr


def test_estimated_reply_is_as_long_as_the_replies_written_for_the_real_letters(
    gold: Path,
) -> None:
    replies = list(gold_replies(gold).values())
    counted = sum(count_tokens(json.dumps(r, separators=(",", ":"))) for r in replies)
    items = sum(len(reply["items"]) for reply in replies)
    estimated = OUTPUT_CASE_TOKENS * len(replies) + OUTPUT_ITEM_TOKENS * items
    assert estimated == pytest.approx(counted, rel=0.1)


def test_cascade_is_estimated_at_less_than_the_whole(letter_paths: list[Path]) -> None:
    model = ModelSettings(name="m", input_usd_per_million=1, output_usd_per_million=2)
    whole, cascade = (
        estimate_run(letter_paths, settings=Settings(method=method, model=model))
        for method in (Method.MODEL, Method.CASCADE)
    )
    assert whole.letters == cascade.letters == 5
    assert cascade.usage.input_tokens < 0.4 * whole.usage.input_tokens
    assert whole.cost_usd
    assert cascade.cost_usd is not None
    assert cascade.cost_usd < whole.cost_usd


def test_rules_cost_nothing_and_unreadable_letters_are_counted(tmp_path: Path) -> None:
    estimate = estimate_run([tmp_path / "nowhere.txt", LETTER], settings=Settings())
    assert (estimate.letters, len(estimate.unreadable), estimate.calls) == (1, 1, 0)
