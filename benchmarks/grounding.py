"""How well are quotations told from altered ones? Ours, rapidfuzz, langextract, in one run.

Quotations are cut from the letters of a folder, which is handed in and never kept; each is
then spoilt in one way. A figure is the share that a method says stands in the letter, for
harmless noise the share that it also puts in the right place.

    python -m benchmarks.grounding FOLDER [--quotes 30] [--slow 300]
"""

import json
import random
import re
import statistics
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from extract.clean import clean
from extract.errors import ExtractError
from extract.letter import read_letter
from extract.model.ground import Ground, fold

OPPOSITES = Path(__file__).with_name("opposites.json")
_LEAST_WORDS, _MOST_WORDS = 4, 30
_LETTERS = "abcdefghijklmnopqrstuvwxyz"

Place = Callable[[str, str], tuple[int, int] | None]
"""Letter and quotation to where it stands."""


class Case(NamedTuple):
    """A quotation, spoilt or not, and where it was cut from."""

    kind: str
    letter: str
    quote: str
    span: tuple[int, int]


# ── ways of spoiling a quotation; `None` where it cannot be spoilt so ──────────────────


def _space(quote: str, dice: random.Random) -> str:
    return "".join(dice.choice([" ", "  ", "\n", " \n\n"]) if c == " " else c for c in quote)


def _case(quote: str, dice: random.Random) -> str:
    return dice.choice([str.upper, str.lower, str.title])(quote)


def _hyphen(quote: str, dice: random.Random) -> str | None:
    words = list(re.finditer(r"\b[A-Za-z]{7,}\b", quote))
    if not words:
        return None
    word = dice.choice(words)
    at = dice.randint(word.start() + 3, word.end() - 3)
    return f"{quote[:at]}-\n{quote[at:]}"


def _typo(quote: str, dice: random.Random) -> str | None:
    places = [index for index, c in enumerate(quote[:-1]) if c.isalpha()]
    if not places:
        return None
    at = dice.choice(places)
    letter = dice.choice(_LETTERS)
    spoilt = dice.choice(
        [
            quote[:at] + quote[at + 1 :],
            quote[:at] + letter + quote[at:],
            quote[:at] + letter + quote[at + 1 :],
            quote[:at] + quote[at + 1] + quote[at] + quote[at + 2 :],
        ]
    )
    return spoilt if fold(spoilt).lower() != fold(quote).lower() else None


_VERB = re.compile(r"\b(?:is|are|was|were|has|have|does|did|can|could|should|would|will)\b")
_NOT = re.compile(r"\b(?:not|no|without|never)\s")


def _negate(quote: str, _dice: random.Random) -> str | None:
    if _NOT.search(quote):
        return _NOT.sub("", quote, count=1)
    verb = _VERB.search(quote)
    return f"{quote[: verb.end()]} not{quote[verb.end() :]}" if verb else None


def _number(quote: str, dice: random.Random) -> str | None:
    places = [index for index, c in enumerate(quote) if c.isdigit()]
    if not places:
        return None
    at = dice.choice(places)
    return (
        quote[:at] + dice.choice([d for d in "0123456789" if d != quote[at]]) + quote[at + 1 :]
    )


_SIDES = {"left": "right", "right": "left", "Left": "Right", "Right": "Left"}


def _side(quote: str, _dice: random.Random) -> str | None:
    spoilt = re.sub(r"\b(?:[Ll]eft|[Rr]ight)\b", lambda m: _SIDES[m[0]], quote, count=1)
    return spoilt if spoilt != quote else None


def _opposite(quote: str, dice: random.Random) -> str | None:
    pairs = _opposites()
    found = [m for m in re.finditer(r"[A-Za-z]+", quote) if m[0].lower() in pairs]
    if not found:
        return None
    word = dice.choice(found)
    return quote[: word.start()] + pairs[word[0].lower()] + quote[word.end() :]


def _opposites() -> dict[str, str]:
    pairs: list[list[str]] = json.loads(OPPOSITES.read_text("utf-8"))
    return {one: other for a, b in pairs for one, other in ((a, b), (b, a))}


SPOIL: dict[str, Callable[[str, random.Random], str | None]] = {
    "verbatim": lambda quote, _dice: quote,
    "white space": _space,
    "case": _case,
    "hyphenation": _hyphen,
    "one typing error": _typo,
    "negated": _negate,
    "number changed": _number,
    "side changed": _side,
    "opposite word": _opposite,
}
RIGHT = ("verbatim", "white space", "case", "hyphenation", "one typing error")


def cases(letters: list[str], count: int, seed: int) -> Iterator[Case]:
    """`count` quotations of each letter, each spoilt in every way that it can be."""
    dice = random.Random(seed)
    for index, letter in enumerate(letters):
        words = list(re.finditer(r"\S+", letter))
        even = fold(letter).lower()
        for _ in range(count):
            size = dice.randint(_LEAST_WORDS, _MOST_WORDS)
            first = dice.randrange(max(1, len(words) - size))
            last = words[min(first + size, len(words)) - 1]
            span = words[first].start(), last.end()
            quote = letter[slice(*span)]
            for kind, spoil in SPOIL.items():
                spoilt = spoil(quote, dice)
                told = kind in RIGHT or (spoilt and fold(spoilt).lower() not in even)
                if spoilt and told:
                    yield Case(kind, letter, spoilt, span)
            other = letters[index - 1]
            if fold(quote).lower() not in fold(other).lower():
                yield Case("from another letter", other, quote, (-1, -1))


# ── the methods ────────────────────────────────────────────────────────────────────────


def ours() -> Place:
    """This project."""
    grounds: dict[int, Ground] = {}

    def place(letter: str, quote: str) -> tuple[int, int] | None:
        ground = grounds.setdefault(id(letter), Ground(letter))
        placed = ground.place(quote)
        return (placed.start, placed.end) if placed else None

    return place


def by_rapidfuzz() -> Place:
    """rapidfuzz's partial ratio, 90 of 100 or more, white space and case folded."""
    from rapidfuzz import fuzz

    lower: dict[int, str] = {}

    def place(letter: str, quote: str) -> tuple[int, int] | None:
        text = lower.setdefault(id(letter), letter.lower())
        found = fuzz.partial_ratio_alignment(
            " ".join(quote.lower().split()), text, score_cutoff=90
        )
        return (found.dest_start, found.dest_end) if found else None

    return place


def by_langextract() -> Place | None:
    """langextract's aligner as its README filters it: every status but none."""
    try:
        from langextract import resolver
        from langextract.core import data
    except ImportError:
        return None
    aligner: Any = resolver.WordAligner()

    def place(letter: str, quote: str) -> tuple[int, int] | None:
        extraction = data.Extraction(extraction_class="quote", extraction_text=quote)
        ((aligned,),) = aligner.align_extractions([[extraction]], letter)
        where = aligned.char_interval
        return (where.start_pos, where.end_pos) if where else None

    return place


def measure(place: Place, tried: list[Case]) -> dict[str, str]:
    """For each kind the share accepted (for harmless noise: and rightly placed)."""
    counts: dict[str, list[int]] = {}
    times: list[float] = []
    for case in tried:
        start = time.perf_counter()
        found = place(case.letter, case.quote)
        times.append(time.perf_counter() - start)
        said = fold(case.letter[slice(*found)]).lower() if found else ""
        meant = fold(case.letter[slice(*case.span)]).lower() if case.span[0] >= 0 else ""
        right = bool(found) and (case.kind not in RIGHT or said == meant)
        count = counts.setdefault(case.kind, [0, 0])
        count[0] += right
        count[1] += 1
    shares = {
        kind: f"{100 * right / total:.1f} % of {total}"
        for kind, (right, total) in counts.items()
    }
    return {**shares, "median ms": f"{1000 * statistics.median(times):.3f}"}


def _letters(folder: Path) -> list[str]:
    texts = []
    for path in sorted(folder.iterdir()):
        try:
            texts.append(clean(read_letter(path).text).flat)
        except ExtractError:
            print(f"{path.name}: skipped")
    return texts


def main() -> None:
    """Measure and print, one column a method."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--quotes", type=int, default=30)
    parser.add_argument("--slow", type=int, default=300, help="cases for langextract")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    letters = _letters(options.folder)
    tried = list(cases(letters, options.quotes, options.seed))
    columns = {"imr": measure(ours(), tried), "rapidfuzz ≥ 90": measure(by_rapidfuzz(), tried)}
    aligner = by_langextract()
    if aligner:
        few = random.Random(options.seed).sample(tried, min(options.slow, len(tried)))
        columns["langextract"] = measure(aligner, few)
    else:
        print("langextract is not installed: its column is not measured")
    print(f"{len(letters)} letters, {len(tried)} quotations")
    print(f"| kind | {' | '.join(columns)} |\n|---|{'---|' * len(columns)}")
    for kind in (*SPOIL, "from another letter", "median ms"):
        cells = (column.get(kind, "–") for column in columns.values())
        print(f"| {kind} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
