"""Which text does a prompt have? Reads the files, fills in the variables."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

# "{{ fields }}" stands for the variable `fields`.
_VARIABLE = re.compile(r"\{\{ ([a-z_]+) \}\}")


class PromptError(Exception):
    """A prompt does not exist, or its variables were not given as it names them."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One version of one text.

    Args:
        name: what it is for: `letter`.
        version: from 1; a change of a released text is a new version.
        text: as it stands in the file, variables as `{{ name }}`.
    """

    name: str
    version: int
    text: str

    @property
    def label(self) -> str:
        """Name and version as results carry them: `letter.v1`."""
        return f"{self.name}.v{self.version}"

    @property
    def digest(self) -> str:
        """SHA-256 of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def variables(self) -> frozenset[str]:
        """The names that `render` must be given."""
        return frozenset(_VARIABLE.findall(self.text))

    def render(self, variables: Mapping[str, str]) -> str:
        """The text with every variable filled in; what is filled in is not read again.

        Raises:
            PromptError: variables are missing or unknown; all of them are named.
        """
        wrong = self.variables ^ variables.keys()
        if wrong:
            names = ", ".join(sorted(wrong))
            raise PromptError(f"{self.label}: variables missing or unknown: {names}")
        return _VARIABLE.sub(lambda match: variables[match[1]], self.text).strip()


@cache
def load_prompt(name: str, version: int = 1) -> Prompt:
    """The prompt `name` in its `version`.

    Raises:
        PromptError: there is no such file.
    """
    file = resources.files("prompts").joinpath(f"{name}.v{version}.md")
    if not file.is_file():
        raise PromptError(f"there is no prompt {name}.v{version}")
    return Prompt(name, version, file.read_text("utf-8"))


@cache
def load_examples(name: str) -> tuple[dict[str, Any], ...]:
    """The examples of a prompt: `letter`, invented, and the `reply` to it."""
    file = resources.files("prompts").joinpath(f"examples/{name}.v1.json")
    examples: list[dict[str, Any]] = json.loads(file.read_text("utf-8"))
    return tuple(examples)


@cache
def released_digests() -> Mapping[str, str]:
    """The digest that each released file had on the day of its release."""
    text = resources.files("prompts").joinpath("released.json").read_text("utf-8")
    digests: dict[str, str] = json.loads(text)
    return digests
