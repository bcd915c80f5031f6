"""Makes case records out of letters. Each public name is imported at its first use."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extract.account import Attempt, Usage
    from extract.errors import ExtractError, ModelError, ModelUnusable, ReadError, WorkFailed
    from extract.letter import Letter, read_letter
    from extract.model.llm import Answer, LanguageModel, Question, ScriptedModel
    from extract.model.usage import CallLog
    from extract.pipeline import extract_many, extract_record
    from extract.result import (
        Doubt,
        Evidence,
        Extraction,
        ExtractionWarning,
        ModelRun,
        Source,
    )
    from extract.settings import Method, ModelSettings, Settings, from_env

__all__ = [
    "Answer",
    "Attempt",
    "CallLog",
    "Doubt",
    "Evidence",
    "ExtractError",
    "Extraction",
    "ExtractionWarning",
    "LanguageModel",
    "Letter",
    "Method",
    "ModelError",
    "ModelRun",
    "ModelSettings",
    "ModelUnusable",
    "Question",
    "ReadError",
    "ScriptedModel",
    "Settings",
    "Source",
    "Usage",
    "WorkFailed",
    "extract_many",
    "extract_record",
    "from_env",
    "read_letter",
]

_HOMES = (
    *("errors", "settings", "account", "result", "letter", "pipeline"),
    *("model.usage", "model.llm"),
)
"""Where the names live, light ones first: reading letters costs 0.3 s to import."""


def __getattr__(name: str) -> object:
    """Import a public name at its first use."""
    for home in _HOMES if name in __all__ else ():
        module = import_module(f"extract.{home}")
        if hasattr(module, name):
            globals()[name] = getattr(module, name)
            return globals()[name]
    raise AttributeError(f"module 'extract' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
