"""The model path replayed from cassettes, with nobody at the other end."""

from pathlib import Path

import pytest

from extract import Extraction
from tests.extract.model.letters import KEY
from tests.extract.model.record import FOLDER, NOBODY, NOTE, SCENES, extract_scene, recorder

CALLS = {
    "json_schema": ["ok"],
    "tools": ["ok"],
    "plain_json": ["ok"],
    "corrected": ["ok", "ok"],
    "busy_then_good": ["EndpointBusy", "ok"],
    "refused": ["ok"],
}


def replayed(name: str) -> Extraction:
    with recorder("none").use_cassette(f"{name}.yaml") as cassette:
        extraction = extract_scene(name, NOBODY)
        assert cassette.all_played
    return extraction


@pytest.mark.parametrize("name", SCENES)
def test_cassette_replays_every_call(name: str) -> None:
    extraction = replayed(name)
    assert extraction.model
    assert [attempt.outcome for attempt in extraction.model.attempts] == CALLS[name]
    assert extraction.model.served_by == "made-up-replies"
    assert extraction.model.rejections == ()
    assert [item.decision for item in extraction.record.items] == ["upheld", "overturned"]
    refused = [failure.reason for failure in extraction.model.failures]
    assert refused == (["ReplyRefused"] if name == "refused" else [])


@pytest.mark.parametrize("mode", ["tools", "plain_json"])
def test_every_mode_comes_to_the_same_record(mode: str) -> None:
    assert replayed(mode).record == replayed("json_schema").record


def test_another_letter_finds_no_reply_in_a_cassette() -> None:
    """Bodies are matched: a letter never gets another letter's answer."""
    from extract import extract_record
    from extract.settings import Method, ModelSettings, ReplyMode, Settings

    model = ModelSettings(
        name="made-up",
        base_url=NOBODY,
        api_key=KEY,
        mode=ReplyMode.JSON_SCHEMA,
        attempts=1,
    )
    settings = Settings(method=Method.MODEL, model=model)
    with recorder("none").use_cassette("json_schema.yaml"):
        extraction = extract_record("Another letter.", settings=settings)
    assert extraction.model
    assert [failure.reason for failure in extraction.model.failures] == ["EndpointUnreachable"]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_cassette_holds_no_secret_and_says_what_it_is(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.startswith(NOTE)
    assert "made-up-replies" in text
    for secret in (KEY, "authorization", "Bearer", "set-cookie", "sk-"):
        assert secret.lower() not in text.lower()


def test_every_scene_has_its_cassette() -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} == set(SCENES) == set(CALLS)
