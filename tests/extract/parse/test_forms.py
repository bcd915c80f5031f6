"""Whatever a letter's case and its blanks, it decides the same of the same items."""

from collections.abc import Callable
from pathlib import Path

import pytest

from extract import extract_record
from tests.conftest import ROOT

LETTERS = sorted((ROOT / "gold" / "authored" / "letters").glob("*.txt"))
CHANGES: dict[str, Callable[[str], str]] = {
    "capitals": str.upper,
    "hard blanks": lambda text: text.replace(" ", "\xa0"),
    "line feeds of DOS": lambda text: text.replace("\n", "\r\n"),
    "double spacing": lambda text: text.replace("\n", "\n\n"),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("path", LETTERS, ids=lambda path: path.stem)
def test_the_decisions_are_the_same(path: Path, change: str) -> None:
    text = path.read_text("utf-8")
    plain = extract_record(text).record
    changed = extract_record(CHANGES[change](text)).record
    assert changed.layout == plain.layout
    decided = [[item.decision for item in record.items] for record in (plain, changed)]
    assert decided[0] == decided[1]
