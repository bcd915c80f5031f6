"""Makes many letters out of the gold ones, none like another: other numbers and dates."""

import re
from collections.abc import Iterator
from pathlib import Path

GOLD = Path(__file__).parents[1] / "gold" / "letters"

_DATE = re.compile(r"\b(\d{1,2})([-/])(\d{1,2})([-/])(\d{2}(?:\d{2})?)\b")


def make_letters(count: int) -> Iterator[tuple[str, str]]:
    """`count` ids and texts; number n is always the same."""
    templates = [path.read_text("utf-8") for path in sorted(GOLD.glob("*.txt"))]
    for number in range(count):
        yield f"letter-{number:07d}", _alter(templates[number % len(templates)], number)


def write_folder(folder: Path, count: int) -> Path:
    """`count` letters as files, a thousand to a folder."""
    for letter_id, text in make_letters(count):
        path = folder / letter_id[7:11] / f"{letter_id}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def _alter(text: str, number: int) -> str:
    """Other days and another case number; months and years stay, so that sense is kept."""

    def other_day(match: re.Match[str]) -> str:
        month, first, day, second, year = match.groups()
        return f"{month}{first}{(int(day) + number) % 28 + 1}{second}{year}"

    return f"Case Number: CM14-{number:07d}\n{_DATE.sub(other_day, text)}"
