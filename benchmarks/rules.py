"""How fast is the rules path, beside what any extraction does at the least?

Run as `python -m benchmarks.rules`; `make bench` runs it with the others. One core, one
process, and no letter's record is remembered. Three kinds of letters, the easiest first: the
five real ones over and over; the same with other numbers and dates, so that their sentences
alone were seen before, as reviewers paste the same ones again and again; and, as the other
end, letters of which no sentence was seen before: the gold ones, each once.

Two references are measured in turn with it: reading and hashing a letter; and the least
that makes a validated record: read, cut at headings, find dates, validate, write. The bar
is 1,500 letters/s over the five; rates hold for the machine and the minute, shares for more.
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
BAR = 1500

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
    five = sorted(GOLD.glob("*.txt"))
    print("rules path, one core; letters/s, and the share of the least record's")
    _show(f"the five real letters, {LETTERS // 5} times (bar {BAR:,})", five * (LETTERS // 5))
    with tempfile.TemporaryDirectory() as folder:
        altered = sorted(write_folder(Path(folder), LETTERS).rglob("*.txt"))
        _show(f"{LETTERS:,} letters of the five, altered", altered)
    print(f"{count} invented letters, no sentence of them seen before")
    print(f"  the least record  {fresh_least:10,.0f}")
    print(f"  extract and write {fresh:10,.0f}   {fresh / fresh_least:.0%}")


def _show(what: str, paths: list[Path]) -> None:
    least_record = LeastRecord({path: extract_record(path) for path in set(paths)})
    works: list[Work] = [read_and_hash, least_record, extract_and_write]
    reading, least, whole = rates(works, paths)
    print(what)
    print(f"  read and hash     {reading:10,.0f}")
    print(f"  the least record  {least:10,.0f}")
    print(f"  extract and write {whole:10,.0f}   {whole / least:.0%}")


if __name__ == "__main__":
    main()
