"""Makes case records out of letters."""

from extract.errors import ExtractError, ReadError
from extract.letter import Letter, read_letter
from extract.pipeline import extract_many, extract_record
from extract.result import Doubt, Evidence, Extraction, ExtractionWarning, Source
from extract.settings import Method, Settings

__all__ = [
    "Doubt",
    "Evidence",
    "ExtractError",
    "Extraction",
    "ExtractionWarning",
    "Letter",
    "Method",
    "ReadError",
    "Settings",
    "Source",
    "extract_many",
    "extract_record",
    "read_letter",
]
