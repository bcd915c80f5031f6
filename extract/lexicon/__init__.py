"""Word lists as data files, loaded when they are first asked for."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any


@cache
def load_lexicon(name: str) -> dict[str, Any]:
    """The contents of `extract/lexicon/<name>.toml`."""
    path = resources.files("extract.lexicon").joinpath(f"{name}.toml")
    return tomllib.loads(path.read_text("utf-8"))


def any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """A lexicon's `patterns` as one that matches where any of them does."""
    return re.compile("|".join(patterns))
