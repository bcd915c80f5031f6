"""Makes case records out of letters. Each public name is imported at its first use."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extract.errors import ExtractError, ModelError, ModelUnusable, ReadError, WorkFailed
    from extract.letter import Letter, read_letter
    from extract.pipeline import extract_many, extract_record
    from extract.result import (
        Doubt,
        Evidence,
        Extraction,
        ExtractionWarning,
        ModelRun,
        Source,
    )
    from extract.settings import Method, ModelSettings, Settings

__all__ = [
    "Doubt",
    "Evidence",
    "ExtractError",
    "Extraction",
    "ExtractionWarning",
    "Letter",
    "Method",
    "ModelError",
    "ModelRun",
    "ModelSettings",
    "ModelUnusable",
    "ReadError",
    "Settings",
    "Source",
    "WorkFailed",
    "extract_many",
    "extract_record",
    "read_letter",
]

_HOMES = {
    "extract.errors": (
        "ExtractError",
        "ModelError",
        "ModelUnusable",
        "ReadError",
        "WorkFailed",
    ),
    "extract.letter": ("Letter", "read_letter"),
    "extract.pipeline": ("extract_many", "extract_record"),
    "extract.result": (
        *("Doubt", "Evidence", "Extraction", "ExtractionWarning", "ModelRun", "Source"),
    ),
    "extract.settings": ("Method", "ModelSettings", "Settings"),
}
"""Where each name lives: reading letters and validating records costs 0.3 s to import."""


def __getattr__(name: str) -> object:
    """Import a public name at its first use."""
    for home, names in _HOMES.items():
        if name in names:
            globals()[name] = getattr(import_module(home), name)
            return globals()[name]
    raise AttributeError(f"module 'extract' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
