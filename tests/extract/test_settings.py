import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from extract.errors import SettingsInvalid
from extract.settings import _READERS, Method, ModelSettings, ReplyMode, Settings, from_env

KEY = "sk-very-secret"


def test_environment_without_a_model_names_none() -> None:
    assert from_env({}) == Settings()
    assert from_env({"OPENAI_API_KEY": KEY}).model is None


def test_environment_is_read_whole() -> None:
    settings = from_env(
        {
            "IMR_MODEL": "m",
            "IMR_METHOD": "cascade",
            "OPENAI_API_KEY": KEY,
            "OPENAI_BASE_URL": "http://127.0.0.1:1/v1",
            "IMR_MODE": "tools",
            "IMR_CONCURRENCY": "7",
            "IMR_MAX_COST_USD": "2.5",
        }
    )
    assert settings.method is Method.CASCADE
    assert settings.model == ModelSettings(
        name="m",
        api_key=KEY,
        base_url="http://127.0.0.1:1/v1",
        mode=ReplyMode.TOOLS,
        concurrency=7,
        max_cost_usd=2.5,
    )


def test_key_is_in_no_repr() -> None:
    settings = from_env({"IMR_MODEL": "m", "OPENAI_API_KEY": KEY})
    assert KEY not in repr(settings)
    assert KEY not in str(settings.model)


@pytest.mark.parametrize(
    ("variable", "text", "wanted"),
    [
        ("IMR_CONCURRENCY", "many", "a whole number"),
        ("IMR_MAX_COST_USD", "cheap", "a number"),
        ("IMR_MODE", "xml", "auto or json_schema or tools or json"),
        ("IMR_METHOD", "magic", "rules or model or cascade or auto"),
        ("IMR_CONCURRENCY", "0", "concurrency must be 1 or more"),
        ("IMR_TIMEOUT_S", "-1", "timeout_s must be more than 0"),
        ("IMR_TIMEOUT_S", "inf", "timeout_s must be more than 0"),
        ("IMR_TEMPERATURE", "nan", "temperature must be 0 or more"),
        ("IMR_MAX_COST_USD", "nan", "max_cost_usd must be more than 0"),
        ("IMR_INPUT_USD_PER_MILLION", "1", "both prices"),
        ("IMR_INPUT_USD_PER_MILLION", "nan", "input_usd_per_million must be 0 or more"),
        ("IMR_OUTPUT_USD_PER_MILLION", "-1", "output_usd_per_million must be 0 or more"),
        ("IMR_MAX_OUTPUT_TOKENS", "9" * 20, "max_output_tokens must be 1 to 1000000"),
        ("IMR_MAX_OUTPUT_TOKENS", "9" * 400, "max_output_tokens must be 1 to 1000000"),
        ("IMR_MODEL", "m\udcff", "the model's name"),
        ("OPENAI_API_KEY", "sk-ab cd", "OPENAI_API_KEY"),
        ("OPENAI_BASE_URL", "http://local host/v1", "OPENAI_BASE_URL"),
    ],
)
def test_variable_that_cannot_be_used_is_named(variable: str, text: str, wanted: str) -> None:
    with pytest.raises(SettingsInvalid, match=wanted):
        from_env({"IMR_MODEL": "m", variable: text})


@pytest.mark.parametrize(
    "address",
    [
        "user:zebra@host/v1",
        "zebra@host/v1",
        "host/v1?api-key=zebra",
        "host/v1#zebra",
        "@host/v1",
    ],
)
def test_address_that_holds_a_secret_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(
        SettingsInvalid, match=r"OPENAI_API_KEY.*OPENAI_CUSTOM_HEADERS"
    ) as raised:
        ModelSettings(name="m", base_url=f"http://{address}")
    assert "zebra" not in raised.value.message


def test_blanks_around_what_was_pasted_do_not_count() -> None:
    pasted = {
        "IMR_MODEL": " m\n",
        "OPENAI_API_KEY": f"{KEY} ",
        "OPENAI_BASE_URL": "\thttp://a/v1 ",
    }
    model = ModelSettings(name="m", api_key=KEY, base_url="http://a/v1")
    assert from_env(pasted).model == model


def test_a_choice_may_be_given_by_its_word() -> None:
    settings = Settings(method="rules", model=ModelSettings(name="m"))  # type: ignore[arg-type]
    assert settings.resolved_method is Method.RULES
    assert ModelSettings(name="m", mode="tools").mode is ReplyMode.TOOLS  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("choices", "wanted"),
    [
        ({"method": "rule"}, "method must be rules or model or cascade or auto, not 'rule'"),
        ({"min_confidence": float("nan")}, "min_confidence must lie between 0 and 1"),
        ({"cascade_below": 5}, "cascade_below must lie between 0 and 1"),
        ({"today": "2014-03-01"}, "today must be a date"),
        ({"today": datetime(2014, 3, 1, tzinfo=UTC)}, "today must be a date"),
    ],
)
def test_what_cannot_be_meant_is_refused(choices: dict[str, Any], wanted: str) -> None:
    with pytest.raises(SettingsInvalid, match=wanted):
        Settings(**choices)


def test_auto_is_the_model_if_one_is_configured() -> None:
    auto = Settings(method=Method.AUTO)
    assert auto.resolved_method is Method.RULES
    with_one = Settings(method=Method.AUTO, model=ModelSettings(name="m"))
    assert with_one.resolved_method is Method.MODEL
    assert Settings(method=Method.CASCADE).resolved_method is Method.CASCADE


def test_every_variable_is_documented_with_its_default() -> None:
    document = Path(__file__).parents[2] / "docs" / "settings.md"
    rows = re.findall(
        r"^\| `(\w+)` .*\| ([^|]+) \|$", document.read_text("utf-8"), re.MULTILINE
    )
    assert {name for name, _ in rows} == {name for name, _ in _READERS.values()} | {
        "IMR_METHOD"
    }
    defaults = ModelSettings(name="m")
    for field, (variable, _) in _READERS.items():
        said = dict(rows)[variable].strip("`")
        if said.isdecimal():
            assert float(said) == getattr(defaults, field)


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        (Settings, {"min_confidence": "0.5"}),
        (Settings, {"cascade_below": None}),
        (Settings, {"max_bytes": "20"}),
        (Settings, {"max_bytes": 1.5}),
        (Settings, {"model": "gpt-4.1-mini"}),
        (ModelSettings, {"name": "m", "attempts": "3"}),
        (ModelSettings, {"name": "m", "timeout_s": True}),
        (ModelSettings, {"name": "m", "rounds": "2"}),
        (ModelSettings, {"name": 3}),
        (ModelSettings, {"name": None}),
        (ModelSettings, {"name": "m", "attempts": None}),
        (ModelSettings, {"name": "m", "concurrency": 2.5}),
        (ModelSettings, {"name": "m", "seed": "a"}),
        (ModelSettings, {"name": "m", "base_url": Path("a")}),
        (ModelSettings, {"name": "m", "api_key": 3}),
    ],
)
def test_a_value_of_another_kind_is_refused_where_it_is_set(
    kind: Any, wrong: dict[str, Any]
) -> None:
    *_, name = wrong
    with pytest.raises(SettingsInvalid, match=name):
        kind(**wrong)
