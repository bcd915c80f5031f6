"""What a caller may choose. Frozen and passed down by hand.

What shapes a result is read from the environment in `from_env` alone, which the commands and
the service call.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from enum import StrEnum
from math import inf
from types import NoneType
from typing import TYPE_CHECKING, Any, get_args
from urllib.parse import urlsplit

from extract.errors import SettingsInvalid

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

MEGABYTE = 1_000_000

_MOST_BYTES = 1_000_000 * MEGABYTE


def megabytes(count: float) -> int:
    """`count` megabytes in bytes.

    Raises:
        SettingsInvalid: that is no size of a letter.
    """
    if not 1 <= count * MEGABYTE <= _MOST_BYTES:
        raise SettingsInvalid(
            f"a size limit must be a number above 0 and up to 1,000,000, not {count:g} MB"
        )
    return int(count * MEGABYTE)


class Method(StrEnum):
    """How the fields are found."""

    RULES = "rules"
    MODEL = "model"
    CASCADE = "cascade"
    AUTO = "auto"


class ReplyMode(StrEnum):
    """How the endpoint is made to reply in JSON."""

    AUTO = "auto"
    JSON_SCHEMA = "json_schema"
    TOOLS = "tools"
    JSON = "json"


@dataclass(frozen=True, kw_only=True)
class ModelSettings:
    """Which model is asked, how, and within which bounds.

    Args:
        name: the model, as the endpoint calls it.
        base_url: the endpoint, usually ending in `/v1`; `None` is OpenAI's own.
        api_key: never shown; `None` for local servers that ask for none.
        mode: `auto` tries JSON Schema, tools, plain JSON and stays with what is taken.
        temperature: `None` leaves it to the endpoint; dropped where it is not taken.
        seed: asked for so that replies repeat; dropped where it is not taken.
        max_output_tokens: the longest reply at first; a cut one is asked for again, longer.
        timeout_s: the longest that one call may take, first byte to last.
        attempts: how often one call is made, transport faults included.
        pause_s: the longest pause before the second attempt; it doubles from then on.
        patience_s: how long one call may be retried for, pauses included; waiting for its
            turn, for the limits below or for the budget does not count.
        rounds: how often the model is shown what was wrong with its reply.
        concurrency: the most calls under way; fewer are made while the endpoint is busy.
        requests_per_minute: the endpoint's limit, if known.
        tokens_per_minute: the endpoint's limit, if known.
        max_cost_usd: no call is made that could bring the run over it.
        max_tokens: the same, counted in tokens, input and output together.
        input_usd_per_million: the price of input, if the price list is not to be used.
        output_usd_per_million: the price of output, likewise.
    """

    name: str
    base_url: str | None = None
    api_key: str | None = field(default=None, repr=False)
    mode: ReplyMode = ReplyMode.AUTO
    temperature: float | None = 0.0
    seed: int | None = 0
    max_output_tokens: int = 8_000
    timeout_s: float = 120.0
    attempts: int = 5
    pause_s: float = 0.5
    patience_s: float = 180.0
    rounds: int = 2
    concurrency: int = 16
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    max_cost_usd: float | None = None
    max_tokens: int | None = None
    input_usd_per_million: float | None = None
    output_usd_per_million: float | None = None

    @property
    def endpoint(self) -> str:
        """Where the model is asked: at OpenAI if no other endpoint is named.

        Not left to the client, which would read the environment.
        """
        return self.base_url or "https://api.openai.com/v1"

    @property
    def is_openai(self) -> bool:
        """Whether the endpoint is OpenAI's or Azure's."""
        host = urlsplit(self.endpoint).hostname or ""
        return host.endswith((".openai.com", ".azure.com"))

    def __post_init__(self) -> None:
        """Refuse values of another kind, and those that are out of range."""
        as_member(self, "mode", ReplyMode)
        check_kinds(self)
        for wanted, (is_meant, names) in _NUMBERS.items():
            for name in names:
                value = getattr(self, name)
                if value is not None and not (abs(value) < inf and is_meant(value)):
                    raise SettingsInvalid(f"{name} must be {wanted}, not {value}")
        if not 0 <= self.rounds <= _MOST_ROUNDS:
            raise SettingsInvalid(f"rounds must be 0 to {_MOST_ROUNDS}, not {self.rounds}")
        if not self.name.isprintable():
            raise SettingsInvalid(
                "the model's name (IMR_MODEL, --model) may hold printable characters only"
            )
        if self.api_key and not (self.api_key.isascii() and _is_word(self.api_key)):
            raise SettingsInvalid(
                "the API key (OPENAI_API_KEY) may hold printable ASCII only, and no space"
            )
        if self.base_url is not None:
            _check_address(self.base_url)
        if (self.input_usd_per_million is None) != (self.output_usd_per_million is None):
            raise SettingsInvalid("give both prices, of input and of output, or neither")


def _check_address(url: str) -> None:
    """Refuse what is no address of an endpoint, without repeating it.

    Raises:
        SettingsInvalid: it is none, or holds more than host, port and path.
    """
    try:
        parts = urlsplit(url)
        is_whole = bool(parts.hostname) and parts.port != 0 and _is_word(url)
    except ValueError:
        is_whole = False
    if not is_whole or parts.scheme not in {"http", "https"}:
        raise SettingsInvalid(
            "the address of the endpoint (OPENAI_BASE_URL, --base-url) is no valid URL: write "
            "it like http://localhost:8000/v1"
        )
    if "@" in parts.netloc or "?" in url or "#" in url:
        raise SettingsInvalid(
            "the address of the endpoint (OPENAI_BASE_URL, --base-url) is kept with the "
            "results and may hold no user, password or query: give a key as OPENAI_API_KEY, "
            'and what else the endpoint wants as OPENAI_CUSTOM_HEADERS ("Name: value" lines)'
        )


def _is_word(text: str) -> bool:
    """Whether `text` has neither blanks nor what cannot be printed."""
    return text.isprintable() and " " not in text


_MOST_OUTPUT = 1_000_000
_MOST_ROUNDS = 2
_NUMBERS: Mapping[str, tuple[Callable[[float], bool], tuple[str, ...]]] = {
    "1 or more": (
        lambda value: value >= 1,
        ("attempts", "concurrency", "requests_per_minute", "tokens_per_minute", "max_tokens"),
    ),
    f"1 to {_MOST_OUTPUT}": (
        lambda value: 1 <= value <= _MOST_OUTPUT,
        ("max_output_tokens",),
    ),
    "more than 0": (
        lambda value: value > 0,
        ("timeout_s", "pause_s", "patience_s", "max_cost_usd"),
    ),
    "0 or more": (
        lambda value: value >= 0,
        ("temperature", "input_usd_per_million", "output_usd_per_million"),
    ),
}  # fmt: skip
"""What each number must be, how that is told, and which numbers."""


def as_member(settings: object, name: str, kind: type[StrEnum]) -> None:
    """Make the choice `name` of frozen `settings` a member of `kind`: "rules" is one too.

    Raises:
        SettingsInvalid: it is none.
    """
    value = getattr(settings, name)
    try:
        object.__setattr__(settings, name, kind(value))
    except ValueError:
        wanted = " or ".join(kind)
        raise SettingsInvalid(f"{name} must be {wanted}, not {value!r}") from None


_KINDS: Mapping[type, str] = {
    bool: "True or False",
    str: "a str",
    int: "a whole number",
    float: "a number",
}


def check_kinds(settings: "DataclassInstance") -> None:
    """Refuse texts, numbers and truth values of another kind than `settings` declare.

    Raises:
        SettingsInvalid: one is; its value is not repeated, it may be a key.
    """
    for each in fields(settings):
        value = getattr(settings, each.name)
        kinds: tuple[type, ...] = get_args(each.type) or (each.type,)
        taken = (*kinds, int) if float in kinds else kinds
        is_no_number = isinstance(value, bool) and bool not in kinds
        if kinds[0] in _KINDS and (is_no_number or not isinstance(value, taken)):
            wanted = _KINDS[kinds[0]] + (" or None" if NoneType in kinds else "")
            raise SettingsInvalid(f"{each.name} must be {wanted}, not {type(value).__name__}")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The choices that shape a result.

    Args:
        method: `rules` (deterministic parsers, offline), `model` (a language model; what
            it does not prove falls back to the rules), `cascade` (rules first; the model
            is asked only for what they leave open), `auto` (`model` if one is configured).
        max_bytes: a larger letter is refused unread.
        min_confidence: a value under it is left `null` and listed as doubtful, 0 to 1.
        today: the newest date that a two-digit year may mean when the letter has no
            other date; `None` asks the clock.
        cascade_below: a value found by a rule of less measured confidence is asked for again
            in a cascade.
        model: the model of the methods that ask one.
    """

    method: Method = Method.RULES
    max_bytes: int = 20 * MEGABYTE
    min_confidence: float = 0.0
    today: date | None = None
    cascade_below: float = 0.8
    model: ModelSettings | None = None

    def __post_init__(self) -> None:
        """Refuse values of another kind, and those that are out of range."""
        as_member(self, "method", Method)
        check_kinds(self)
        if self.max_bytes < 1:
            raise SettingsInvalid(f"max_bytes must be 1 or more, not {self.max_bytes}")
        for name in ("min_confidence", "cascade_below"):
            value = getattr(self, name)
            if not 0 <= value <= 1:
                raise SettingsInvalid(f"{name} must lie between 0 and 1, not {value}")
        if not isinstance(self.model, ModelSettings | None):
            raise SettingsInvalid(
                "model must be ModelSettings(name=…), or None, not a "
                f"{type(self.model).__name__}"
            )
        if self.today is not None and type(self.today) is not date:
            raise SettingsInvalid("today must be a date, such as date(2014, 3, 1)")

    @property
    def resolved_method(self) -> Method:
        """The method that is meant: `auto` is `model` if one is configured."""
        if self.method is not Method.AUTO:
            return self.method
        return Method.MODEL if self.model else Method.RULES

    def check_asked(self, model: object | None) -> None:
        """Make sure that `model`, if one is handed in, can be asked and will be.

        Raises:
            SettingsInvalid: the method asks none, or it is none.
        """
        if model is None:
            return
        if self.resolved_method is Method.RULES:
            raise SettingsInvalid(
                "a model was given and would not be asked: the method is rules. Set method "
                "to model or cascade"
            )
        if isinstance(model, type):
            raise SettingsInvalid(f"model is a class: make a model of it, {model.__name__}(…)")
        if not hasattr(model, "ask"):
            raise SettingsInvalid(
                f"model must be a LanguageModel, not a {type(model).__name__}: to have one "
                "asked by its name, set Settings(model=ModelSettings(name=…))"
            )

    @property
    def newest_day(self) -> date:
        """The newest date that a two-digit year may mean: `today`, or the clock's."""
        return self.today or datetime.now(UTC).date()


_READERS: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "name": ("IMR_MODEL", str.strip),
    "base_url": ("OPENAI_BASE_URL", str.strip),
    "api_key": ("OPENAI_API_KEY", str.strip),
    "mode": ("IMR_MODE", ReplyMode),
    "temperature": ("IMR_TEMPERATURE", float),
    "max_output_tokens": ("IMR_MAX_OUTPUT_TOKENS", int),
    "timeout_s": ("IMR_TIMEOUT_S", float),
    "attempts": ("IMR_ATTEMPTS", int),
    "patience_s": ("IMR_PATIENCE_S", float),
    "concurrency": ("IMR_CONCURRENCY", int),
    "requests_per_minute": ("IMR_REQUESTS_PER_MINUTE", int),
    "tokens_per_minute": ("IMR_TOKENS_PER_MINUTE", int),
    "max_cost_usd": ("IMR_MAX_COST_USD", float),
    "max_tokens": ("IMR_MAX_TOKENS", int),
    "input_usd_per_million": ("IMR_INPUT_USD_PER_MILLION", float),
    "output_usd_per_million": ("IMR_OUTPUT_USD_PER_MILLION", float),
}


def from_env(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings that the environment asks for; a model only if `IMR_MODEL` names one.

    Raises:
        SettingsInvalid: a variable cannot be read; it is named.
    """
    environ = os.environ if environ is None else environ
    chosen = {
        name: _read(environ[variable], read, variable)
        for name, (variable, read) in _READERS.items()
        if environ.get(variable)
    }
    method = _read(environ.get("IMR_METHOD") or "rules", Method, "IMR_METHOD")
    model = ModelSettings(**chosen) if "name" in chosen else None
    return Settings(method=method, model=model)


def _read(text: str, read: Callable[[str], Any], variable: str) -> Any:
    """The value that `text` stands for; the text itself is not repeated in an error."""
    try:
        return read(text)
    except ValueError:
        if isinstance(read, type) and issubclass(read, StrEnum):
            wanted = " or ".join(read)
        else:
            wanted = "a whole number" if read is int else "a number"
        raise SettingsInvalid(f"{variable} cannot be read: it should be {wanted}") from None
