"""How fast is the rules path, beside reading and hashing the same letters?

Run as `python -m benchmarks.rules`; `make bench` runs it with the others. One core, one
process. Every letter is a new text (other numbers and dates), so that no cache can answer.
"""

import hashlib
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from benchmarks.letters import write_folder
from extract import extract_record

LETTERS = 2000
ROUNDS = 3


def rate(work: Callable[[Path], object], paths: list[Path]) -> float:
    """Letters a second, the best of some rounds: the machine's noise only slows down."""
    seconds = []
    for _ in range(ROUNDS):
        start = perf_counter()
        for path in paths:
            work(path)
        seconds.append(perf_counter() - start)
    return len(paths) / min(seconds)


def read_and_hash(path: Path) -> str:
    """What any extraction does at the least."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def extract_and_write(path: Path) -> str:
    """The whole rules path, down to the JSON line."""
    return extract_record(path).model_dump_json()


def main() -> None:
    """Print both rates and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        paths = sorted(write_folder(Path(folder), LETTERS).rglob("*.txt"))
        for path in paths[:20]:
            extract_and_write(path)
        least, whole = rate(read_and_hash, paths), rate(extract_and_write, paths)
    print(f"rules path, one core, {LETTERS:,} letters of the five real ones, altered")
    print(f"  read and hash     {least:10,.0f} letters/s")
    print(f"  extract and write {whole:10,.0f} letters/s   1/{least / whole:.0f} of the above")


if __name__ == "__main__":
    main()
