"""An invented letter and settings for tests that ask the loopback endpoint."""

from typing import Any

from extract.settings import Method, ModelSettings, Settings
from prompts import load_examples
from tests.extract.model.endpoint import Endpoint

KEY = "sk-loopback-0123456789"
LETTER: str = load_examples("letter")[0]["letter"]
REPLY: dict[str, Any] = load_examples("letter")[0]["reply"]


def letter_about(name: str) -> str:
    """The invented letter with a word in it by which the endpoint can tell it."""
    return LETTER.replace("flare-up", f"flare-up at {name}")


def model_settings(endpoint: Endpoint, **changes: Any) -> ModelSettings:
    """Settings that ask `endpoint`, without long pauses."""
    chosen: dict[str, Any] = {
        "name": "made-up",
        "base_url": endpoint.url,
        "api_key": KEY,
        "timeout_s": 30.0,
        "attempts": 3,
        "pause_s": 0.01,
        **changes,
    }
    return ModelSettings(**chosen)


def asking(endpoint: Endpoint, method: Method = Method.MODEL, **changes: Any) -> Settings:
    """Settings for one letter or many, asked of `endpoint`."""
    return Settings(method=method, model=model_settings(endpoint, **changes))
