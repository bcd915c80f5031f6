"""How fast is the rules path, beside what any extraction does at the least?

Run as `python -m benchmarks.rules`; `make bench` runs it with the others. One core, one
process. Every letter is a new text (other numbers and dates), so that no letter's record is
remembered; its sentences are, as reviewers paste the same ones again and again. Then, as the
other end, letters of which no sentence was seen before: the gold ones, each once.

Two references are measured in turn with it: reading and hashing a letter; and the least
that makes a validated record: read, cut at headings, find dates, validate, write. The bar
is 35 % of the second one's rate: 1,500 letters/s where that one reaches 4,300.
"""

import hashlib
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from benchmarks.letters import GOLD, write_folder
from extract import Extraction, extract_record

LETTERS = 1000
ROUNDS = 5
BAR = 0.35

_HEADING = re.compile(r"\n(?=[A-Z][A-Z ,]{9,}\n)")
_DATE = re.compile(r"\b\d{1,2}/\d{1,2}/\d{2,4}\b")


Work = Callable[[Path], object]
"""What is timed: something that is done to the letter of a file."""


def rates(works: list[Work], paths: list[Path]) -> list[float]:
    """Letters a second of each of `works`; of each letter the fastest of some rounds.

    They take turns letter by letter, so that a busy moment of the machine slows down all.
    """
    fastest = [[float("inf")] * len(works) for _ in paths]
    for _ in range(ROUNDS):
        for path, best in zip(paths, fastest, strict=True):
            for number, work in enumerate(works):
                start = perf_counter()
                work(path)
                best[number] = min(best[number], perf_counter() - start)
    return [len(paths) / sum(seconds) for seconds in zip(*fastest, strict=True)]


def read_and_hash(path: Path) -> str:
    """What any extraction does at the least."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


class LeastRecord:
    """The least that makes a validated record: the values of each letter are known before."""

    def __init__(self, extracted: dict[Path, Extraction]) -> None:
        self._known = {path: known.model_dump() for path, known in extracted.items()}

    def __call__(self, path: Path) -> str:
        """Read, cut at headings, find dates, validate the known values, write."""
        text = path.read_text("utf-8")
        for section in _HEADING.split(text):
            _DATE.findall(section)
        return Extraction.model_validate(self._known[path]).model_dump_json()


def extract_and_write(path: Path) -> str:
    """The whole rules path, down to the JSON line."""
    return extract_record(path).model_dump_json()


def first_sight() -> tuple[float, float, int]:
    """Letters a second over gold letters read for the first time, the least record's, count.

    Call it before anything else was extracted.
    """
    first, *paths = sorted(GOLD.parent.glob("*/letters/*.txt"))
    extract_and_write(first)  # loads lexicons and weights
    extracted, seconds = {}, 0.0
    for path in paths:
        start = perf_counter()
        extracted[path] = extract_record(path)
        extracted[path].model_dump_json()
        seconds += perf_counter() - start
    (least,) = rates([LeastRecord(extracted)], paths)
    return len(paths) / seconds, least, len(paths)


def main() -> None:
    """Print the rates and their ratios."""
    fresh, fresh_least, count = first_sight()
    with tempfile.TemporaryDirectory() as folder:
        paths = sorted(write_folder(Path(folder), LETTERS).rglob("*.txt"))
        least_record = LeastRecord({path: extract_record(path) for path in paths})
        works: list[Work] = [read_and_hash, least_record, extract_and_write]
        reading, least, whole = rates(works, paths)
    print(f"rules path, one core, {LETTERS:,} letters of the five real ones, altered")
    print(f"  read and hash     {reading:10,.0f} letters/s")
    print(f"  the least record  {least:10,.0f} letters/s")
    print(
        f"  extract and write {whole:10,.0f} letters/s   1/{reading / whole:.0f} of the first"
    )
    print(f"    {whole / least:.0%} of the least record's rate (bar {BAR:.0%})")
    print(f"{count} invented letters, no sentence of them seen before")
    print(f"  the least record  {fresh_least:10,.0f} letters/s")
    print(f"  extract and write {fresh:10,.0f} letters/s   {fresh / fresh_least:.0%} of it")


if __name__ == "__main__":
    main()
