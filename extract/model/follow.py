"""Does a value follow from the words that are said to prove it?

The words are the letter's own, at the place where the model's quotation was found, never
the quotation itself. A date, a number, a strength, a page must be printed there in some
notation, a word of a vocabulary must have a cue there, a name must share its words.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

from extract.model.cues import CATEGORY, NOT_MTUS, PROOF, compiled
from extract.model.typing_error import is_typing_error
from extract.parse.dates import find_dates
from extract.parse.number_words import NUMBER_WORD, parse_number
from extract.spans import Passage
from schemas import Basis, BodyPart, Category, Citation, Decision, RationaleFactor, Term

_MULTIPLES = {"once": 1, "twice": 2, "thrice": 3, "single": 1, "hundred": 100, "dozen": 12}
# "10", "twenty-four", "twice"; not the "5" of "2.5"
_NUMBER = re.compile(
    rf"(?<![\d.,])\d{{1,4}}(?![\d,]*\d|\.\d)|\b(?:{NUMBER_WORD}|{'|'.join(_MULTIPLES)})\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"\W+(?:\w+\W+){0,3}(?:visit|session|treatment|therap|injection)", re.I)
_NONE_HAD = re.compile(r"\b(?:no|not|none|never|without|zero)\b", re.IGNORECASE)

_FIGURES = re.compile(r"\d+(?:[.,]\d+)*")
_NAME_WORD = re.compile(r"[^\W\d_]{2,}")
_SMALL_WORDS = frozenset({"and", "of", "the", "for", "in", "to"})


_NEGATED = r"(?:\b(?:not|no(?!\.)|none|neither|nor|never|cannot|without)\b|n't\b)"
_SENTENCE = 80
"""Characters before a verdict in which its sentence may turn it round."""


class Proof(NamedTuple):
    """What is known about the place that is said to prove a value.

    Args:
        said: the letter's words at the place.
        before: some of the letter's words in front of it, behind it nothing.
        newest: the newest date that a two-digit year may mean.
    """

    said: str
    before: str
    newest: date


def follows(path: str, value: Any, proof: Proof) -> bool:
    """Whether `value` of the field `path` follows from what the letter says there."""
    if path in _BY_FIELD:
        return _BY_FIELD[path](value, proof)
    for kind, check in _BY_KIND.items():
        if isinstance(value, kind):
            return check(value, proof)
    return False


def numbers_in(text: str) -> Iterator[tuple[int, int]]:
    """Every number in `text`, in figures or words, with the offset behind it."""
    for match in _NUMBER.finditer(text):
        number = parse_number(match[0]) or _MULTIPLES.get(match[0].lower(), 0)
        yield number, match.end()


def _is_printed_number(value: int, proof: Proof) -> bool:
    return any(value == number for number, _ in numbers_in(proof.said))


def _is_product(value: int, proof: Proof) -> bool:
    """Whether `value` is printed, or is a printed rate times a printed length."""
    printed = [number for number, _ in numbers_in(proof.said)]
    return value in printed or any(one * other == value for one, other in pairwise(printed))


def _is_total(value: int, proof: Proof) -> bool:
    """Whether `value` is printed, or the sum of the counts of visits, or none were had."""
    if value == 0 and _NONE_HAD.search(proof.said):
        return True
    counts = [
        number for number, end in numbers_in(proof.said) if _COUNTED.match(proof.said, end)
    ]
    return _is_printed_number(value, proof) or (len(counts) > 1 and sum(counts) == value)


def _is_printed_date(value: date, proof: Proof) -> bool:
    dates = find_dates(Passage(proof.said), newest=proof.newest)
    return any(found.value == value for found in dates)


def _has_cue(value: Term, proof: Proof) -> bool:
    """Whether a cue of `value` is said; a word without cues needs no more than a place."""
    pattern = PROOF.get(value)
    return pattern is None or compiled(pattern).search(proof.said) is not None


def _is_decision(value: Decision, proof: Proof) -> bool:
    """Whether the words decide as `value` says; what their sentence says before them counts.

    A verdict that is negated decides nothing.
    """
    before = compiled(r"[.;](?:\s|$)").split(proof.before)[-1]
    said = f"{before[-_SENTENCE:]}{proof.said}".lower()
    if compiled(rf"{_NEGATED}[^.;]{{0,40}}\b(?:upheld|overturned)").search(said):
        return False
    upheld = "upheld" in said or compiled(
        r"\b(?:not|none|neither|nor)\b[^.;]{0,60}medical(?:ly)? necess"
    ).search(said)
    necessary = compiled(r"(?:is|are|was|were) (?:partially )?medically necess").search(said)
    granted = "overturned" in said or (
        necessary and not compiled(_NEGATED).search(said, 0, necessary.start())
    )
    if value is Decision.PARTIALLY_OVERTURNED:
        return (
            compiled(r"partial|in part|modif|portion|smaller|reduced").search(said) is not None
        )
    return (
        bool(upheld and not granted)
        if value is Decision.UPHELD
        else bool(granted and not upheld)
    )


def _is_category(value: Category, proof: Proof) -> bool:
    """Whether no other category is spoken of, unless this one is too."""
    if value in CATEGORY and compiled(CATEGORY[value]).search(proof.said):
        return True
    return not any(compiled(pattern).search(proof.said) for pattern in CATEGORY.values())


def _is_body_part(value: BodyPart, proof: Proof) -> bool:
    side = value.side is None or _has_cue(value.side, proof)
    return side and _has_cue(value.part, proof)


def _is_citation(value: Citation, proof: Proof) -> bool:
    """Whether guideline, year, pages, section and basis are all said."""
    figures = {
        figure for text in _FIGURES.findall(proof.said) for figure in re.split(r"[.,]", text)
    }
    pages = {figure for page in value.pages for figure in _FIGURES.findall(page)}
    year = value.year is None or str(value.year) in figures or str(value.year)[2:] in figures
    section = value.section is None or shares_words(value.section, proof)
    return (
        year
        and section
        and pages <= figures
        and _has_basis(value, proof)
        and _has_cue(value.guideline, proof)
    )


def _has_basis(value: Citation, proof: Proof) -> bool:
    """Whether the nearest word on the basis says so; it carries over from words before."""
    if value.basis is Basis.NON_MTUS:
        return compiled(NOT_MTUS).search(f"{proof.before} {proof.said}") is not None
    denied = compiled(NOT_MTUS).search(proof.said)
    return denied is None


def shares_words(value: str, proof: Proof) -> bool:
    """Whether every word and figure of `value` is said, typing errors apart."""
    said = {word.lower() for word in _NAME_WORD.findall(proof.said)}
    for word in {word.lower() for word in _NAME_WORD.findall(value)} - _SMALL_WORDS - said:
        if not any(is_typing_error(word, printed) for printed in said):
            return False
    return set(_FIGURES.findall(value)) <= set(_FIGURES.findall(proof.said))


def _is_strength(value: str, proof: Proof) -> bool:
    """Whether the figures and the unit are said: "10-325 mg" of "10/325mg"."""
    printed = set(re.findall(r"\d+(?:\.\d+)?", proof.said))
    unit = value.split()[-1].lower() if " " in value else ""
    return set(re.findall(r"\d+(?:\.\d+)?", value)) <= printed and unit in proof.said.lower()


Check = Callable[[Any, Proof], bool]

_BY_FIELD: Mapping[str, Check] = {
    "items[].decision": _is_decision,
    "items[].category": _is_category,
    "items[].requested.visits": _is_product,
    "items[].requested.strength": _is_strength,
    "items[].prior_visits": _is_total,
}

_BY_KIND: Mapping[type, Check] = {
    date: _is_printed_date,
    int: _is_printed_number,
    BodyPart: _is_body_part,
    Citation: _is_citation,
    RationaleFactor: lambda _value, _proof: True,  # its place, the rationale, is checked
    Term: _has_cue,
    str: shares_words,
}
