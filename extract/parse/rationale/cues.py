"""The lexicon of rationale cues: what a sentence must hold to give a reason.

All patterns are in lower case and are matched against sentences in lower case: that is
three times as fast as ignoring case. A cue's are compiled when a sentence first asks for it:
compiling all of them would be a fifth of what a first letter takes.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import ahocorasick

from extract.lexicon import any_of, load_lexicon
from schemas import RationaleFactor

_EXPLAINING = frozenset(
    {
        RationaleFactor.NO_NEW_INJURY_OR_CHANGE,
        RationaleFactor.REQUEST_INCOMPLETE,
        RationaleFactor.NO_INDICATION,
        RationaleFactor.DEPENDS_ON_DENIED_SERVICE,
    }
)
"""A lack that gives one of these reasons is no further one."""


class Cue(NamedTuple):
    """What a sentence must hold to give `factor` as a reason.

    Args:
        needles: parts of the sentence of which one is looked for first.
        unless: what the sentence must not hold.
        anywhere: it counts in a sentence that only tells what a guideline says, too.
        explains_lack: what the sentence says is missing is no further reason.
    """

    factor: RationaleFactor
    needles: tuple[str, ...]
    pattern: str
    unless: str | None
    anywhere: bool
    explains_lack: bool

    def is_in(self, sentence: str) -> bool:
        """Whether `sentence`, in lower case, holds the cue."""
        if not _compiled(self.pattern).search(sentence):
            return False
        return self.unless is None or not _compiled(self.unless).search(sentence)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


class Cues(NamedTuple):
    """The cues by what they support."""

    to_uphold: tuple[Cue, ...]
    to_overturn: tuple[Cue, ...]


class Lacks(NamedTuple):
    """How a lack is worded, and what may be missing."""

    needles: tuple[str, ...]
    undocumented: re.Pattern[str]
    absent: re.Pattern[str]
    criterion: re.Pattern[str]
    told: re.Pattern[str]
    function: re.Pattern[str]
    explanation: re.Pattern[str]
    not_missing: re.Pattern[str]


class Roles(NamedTuple):
    """What shows whether a sentence speaks of the case or tells what a guideline says.

    Args:
        weak: those of `case` that mean nothing where a guideline is quoted.
        says: how a guideline is quoted.
    """

    case: tuple[str, ...]
    guideline: tuple[str, ...]
    weak: frozenset[str]
    says: re.Pattern[str]


@cache
def load_cues() -> Cues:
    """The cues of `extract/lexicon/rationale_cues.toml`, in its order."""
    cues = [read_cue(entry) for entry in load_lexicon("rationale_cues")["cue"]]
    return Cues(
        to_uphold=tuple(cue for cue in cues if not cue.factor.is_for_treatment),
        to_overturn=tuple(cue for cue in cues if cue.factor.is_for_treatment),
    )


def read_cue(entry: dict[str, Any]) -> Cue:
    """The cue that an entry of the lexicon declares."""
    factor = RationaleFactor(entry["factor"])
    return Cue(
        factor=factor,
        needles=tuple(entry["needle"]),
        pattern=entry["pattern"],
        unless=entry.get("unless"),
        anywhere=entry.get("where") == "any",
        explains_lack=factor in _EXPLAINING and not entry.get("also_a_lack", False),
    )


@cache
def load_lacks() -> Lacks:
    """How a lack is worded."""
    lexicon = load_lexicon("rationale_cues")["lack"]
    patterns = {name: any_of(value) for name, value in lexicon.items() if name != "needles"}
    return Lacks(needles=tuple(lexicon["needles"]), **patterns)


@cache
def load_roles() -> Roles:
    """What shows of whom a sentence speaks."""
    lexicon = load_lexicon("rationale_cues")["role"]
    return Roles(
        case=tuple(lexicon["case"]),
        guideline=tuple(lexicon["guideline"]),
        weak=frozenset(lexicon["weak"]),
        says=re.compile(lexicon["says"]),
    )


def find_needles(text: str) -> Iterator[tuple[int, str]]:
    """Where each needle of the lexicon begins in `text`, in lower case: all in one pass."""
    for last, needle in _needle_automaton().iter(text):
        yield last - len(needle) + 1, needle


@cache
def _needle_automaton() -> ahocorasick.Automaton:
    cues, roles = load_cues(), load_roles()
    automaton = ahocorasick.Automaton()
    for cue in (*cues.to_uphold, *cues.to_overturn):
        for needle in cue.needles:
            automaton.add_word(needle, needle)
    for needle in (*load_lacks().needles, *roles.case, *roles.guideline):
        automaton.add_word(needle, needle)
    automaton.make_automaton()
    return automaton
