"""Which reasons does one sentence of a rationale give? Each sentence is read on its own."""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from extract.parse.rationale.cues import (
    Cue,
    Lacks,
    find_needles,
    load_cues,
    load_lacks,
    load_roles,
)
from schemas import RationaleFactor

# "…, as they are not recommended beyond the acute phase" says why, not what is missing.
_REASON = re.compile(
    r",? (?:as|since|because|due to|given that) (?=the|they|it|guidelines|an?)"
)

# "no evidence of failure to progress" is no lack of progress, but of a criterion.
_FAILED_TO_IMPROVE = re.compile(
    r"\bfail(?:ed|ure|s)? to (?:progress|improve|respond|provide relief)\b"
)

_AT_ONCE = 40
"""How far behind the words of a lack "why" may stand, in characters."""

Reason = tuple[RationaleFactor, str]
"""A factor, and the rule that found it."""


class SentenceReasons(NamedTuple):
    """What one sentence says.

    Args:
        to_uphold: the cues for a denial that it holds, by their number in the lexicon.
        to_overturn: the cues against one, likewise.
        lacks: what it means that something is missing.
        role: of whom it speaks: `case`, `guideline`, or nobody.
    """

    to_uphold: tuple[int, ...]
    to_overturn: tuple[int, ...]
    lacks: tuple[Reason, ...]
    role: str = ""

    @property
    def signs(self) -> set[str]:
        """What the linear model is told of the sentence besides its words."""
        cues = load_cues()
        factors = [cues.to_uphold[number].factor for number in self.to_uphold]
        factors += [cues.to_overturn[number].factor for number in self.to_overturn]
        factors += [factor for factor, _ in self.lacks]
        role = {f"role.{self.role}"} if self.role else set()
        return role | {f"cue.{factor.value}" for factor in factors}


_NOTHING = SentenceReasons((), (), ())


def read_sentence(sentence: str) -> SentenceReasons:
    """What `sentence`, in lower case, says; a guideline's words count only where a cue may."""
    held = {needle for _, needle in find_needles(sentence)}
    begins_with_patient = sentence.startswith(("he ", "she "))
    if not held and not begins_with_patient:
        return _NOTHING
    roles = load_roles()
    signs = held.intersection(roles.case)
    is_quoted = bool(signs) and signs <= roles.weak and roles.says.search(sentence) is not None
    of_case = begins_with_patient or bool(signs and not is_quoted)
    of_guideline = not of_case and (is_quoted or not held.isdisjoint(roles.guideline))
    lacks: tuple[Reason, ...] = ()
    if not of_guideline and not held.isdisjoint(load_lacks().needles):
        lacks = tuple(_reasons_of_lack(sentence, load_lacks(), of_case=of_case))
    to_uphold, to_overturn = _cue_books()
    return SentenceReasons(
        to_uphold.held_by(sentence, held, of_guideline=of_guideline),
        to_overturn.held_by(sentence, held, of_guideline=of_guideline),
        lacks,
        "case" if of_case else "guideline" if of_guideline else "",
    )


class _CueBook:
    """Cues, found by their needles."""

    def __init__(self, cues: tuple[Cue, ...]) -> None:
        self._cues = cues
        self._by_needle: dict[str, list[int]] = {}
        for number, cue in enumerate(cues):
            for needle in cue.needles:
                self._by_needle.setdefault(needle, []).append(number)

    def held_by(
        self, sentence: str, needles: set[str], *, of_guideline: bool
    ) -> tuple[int, ...]:
        """The numbers of the cues that `sentence`, which holds `needles`, holds."""
        by_needle = self._by_needle
        candidates = sorted({n for needle in needles for n in by_needle.get(needle, ())})
        return tuple(
            number
            for number in candidates
            if (self._cues[number].anywhere or not of_guideline)
            and self._cues[number].is_in(sentence)
        )


@cache
def _cue_books() -> tuple[_CueBook, _CueBook]:
    cues = load_cues()
    return _CueBook(cues.to_uphold), _CueBook(cues.to_overturn)


def _reasons_of_lack(sentence: str, lacks: Lacks, *, of_case: bool) -> Iterator[Reason]:
    """What it means that something is missing: that depends on what is missing, and how."""
    if not lacks.undocumented.search(sentence) and not lacks.absent.search(sentence):
        return
    sentence = _FAILED_TO_IMPROVE.sub("failed", sentence)
    sentence = lacks.not_missing.sub(" ", sentence)
    undocumented = lacks.undocumented.search(sentence)
    lack = undocumented or lacks.absent.search(sentence)
    if not lack:
        return
    if undocumented:
        yield RationaleFactor.INSUFFICIENT_DOCUMENTATION, "factors.undocumented"
    if lacks.told.search(sentence, lack.start(), lack.end() + _AT_ONCE):
        return
    missing = _what_is_missing(sentence, lack)
    gain = lacks.function.search(missing)
    if gain and (undocumented or of_case):
        yield RationaleFactor.NO_FUNCTIONAL_IMPROVEMENT, "factors.no_gain"
    explained = gain or lacks.explanation.search(missing)
    if not explained or lacks.criterion.search(missing):
        yield RationaleFactor.GUIDELINE_CRITERIA_NOT_MET, "factors.no_criterion"


def _what_is_missing(sentence: str, lack: re.Match[str]) -> str:
    """`sentence` without the clause that says why it matters."""
    reason = _REASON.search(sentence, lack.end())
    return sentence[: reason.start()] if reason else sentence
