"""Word lists as data files, loaded when they are first asked for."""

import tomllib
from functools import cache
from importlib import resources
from typing import Any


@cache
def load_lexicon(name: str) -> dict[str, Any]:
    """The contents of `extract/lexicon/<name>.toml`."""
    path = resources.files("extract.lexicon").joinpath(f"{name}.toml")
    return tomllib.loads(path.read_text("utf-8"))
