"""Does an item ask for a treatment that comes in visits, and for which kind?"""

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from extract.lexicon import load_lexicon
from extract.parse.visits.mentions import PhraseTable
from extract.spans import lowered

# Of these an item's title asks for the encounter itself, not for a course of treatment.
_ONE_ENCOUNTER = re.compile(
    r"\bre-?exam|\b(?:re-?)?evaluat|\bconsult|\bfollow[- ]?up\b|\breferral|\bunit\b"
)

# "Physical therapy evaluation and 4 treatments" · "eval and treat": a course follows.
_AND_COURSE = re.compile(
    r"\b(?:and|plus|with|&|\+) (?:treat|(?:\d{1,2}|[a-z]+) (?:\w+ ){0,2}"
    r"(?:visits|treatments|sessions)\b)"
)

# "Transportation to and from physical therapy" · "a heat lamp with each acupuncture session":
# what stands behind is another treatment, which this one goes with.
_GOES_WITH = re.compile(r"\b(?:to and from|with each|during each|before each|after each) ")

_NO_KIND = "none"


@lru_cache(maxsize=1024)
def find_kind(title: str) -> str | None:
    """The kind of treatment that an item's title asks for, if it comes in visits.

    >>> find_kind("Physical therapy 3x4 for the lumbar spine"), find_kind("Soma 350mg")
    ('therapy', None)
    """
    text = _GOES_WITH.split(lowered(title), 1)[0]
    if _ONE_ENCOUNTER.search(text) and not _AND_COURSE.search(text):
        return None
    kind = _title_table().first(text)
    return kind if kind != _NO_KIND else None


@cache
def _title_table() -> PhraseTable:
    return PhraseTable(
        {kind["name"]: kind["title"] for kind in load_lexicon("visits")["kind"]}
    )


def is_same(named: str, kind: str) -> bool:
    """Whether `named`, what a text calls a treatment, may be of `kind`.

    >>> is_same("epidural", "epidural"), is_same("injection", "epidural")
    (True, True)
    >>> is_same("facet", "epidural"), is_same("injection", "therapy")
    (False, False)
    """
    return named == kind or kind in _generics().get(named, ())


def may_be_guided(named: Sequence[str], kind: str) -> bool:
    """Whether what a guideline says of treatments called so may be meant for `kind`.

    One is of the kind, or of that whose guideline it is under, or none is named.

    >>> may_be_guided(["therapy"], "epidural"), may_be_guided([], "therapy")
    (False, True)
    >>> may_be_guided(["therapy"], "aquatic")
    True
    """
    kinds = (kind, _guideline_of().get(kind, kind))
    return not named or any(is_same(name, each) for name in named for each in kinds)


@cache
def _guideline_of() -> dict[str, str]:
    kinds = load_lexicon("visits")["kind"]
    return {kind["name"]: kind["guideline_of"] for kind in kinds if "guideline_of" in kind}


@cache
def _generics() -> dict[str, list[str]]:
    kinds = load_lexicon("visits")["kind"]
    return {kind["name"]: kind["generic_for"] for kind in kinds if "generic_for" in kind}
