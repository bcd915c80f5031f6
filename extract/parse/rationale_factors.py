"""For which reasons was the item decided so? Cues in the sentences of its rationale.

Only a reason that supports the decision counts. A sentence that tells what a guideline
says, not what was found in this case, gives a reason only where a cue allows it.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator

from extract.parse.rationale_cues import (
    Cue,
    Lacks,
    find_needles,
    load_cues,
    load_lacks,
    load_roles,
)
from extract.parse.sentences import lowered, sentence_ends
from extract.spans import Found, Passage
from schemas import Decision, RationaleFactor

Factor = RationaleFactor

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


def find_rationale_factors(
    rationale: Passage, decision: Decision | None
) -> list[Found[RationaleFactor]]:
    """Each reason that `rationale` gives for `decision`, at the sentence that gives it.

    Without a decision no reason can support it: the list is empty.
    """
    if decision is None:
        return []
    reading = _Reading(rationale)
    found: dict[RationaleFactor, Found[RationaleFactor]] = {}
    if decision is not Decision.UPHELD:
        for factor in _reasons_to_overturn(reading):
            found.setdefault(factor.value, factor)
    if decision is not Decision.OVERTURNED:
        for factor in _reasons_to_uphold(reading):
            found.setdefault(factor.value, factor)
    return sorted(found.values(), key=lambda factor: factor.start)


class _Reading:
    """A rationale in lower case, its sentences, and which of them speak of the case."""

    def __init__(self, passage: Passage) -> None:
        self.passage = passage
        self.text = lowered(passage.text)
        self.ends = sentence_ends(passage.text)
        self.starts = [0, *self.ends[:-1]]
        self.sentences = [
            self.text[start:end] for start, end in zip(self.starts, self.ends, strict=True)
        ]
        self._sentences_of: dict[str, set[int]] = {}
        for start, needle in find_needles(self.text):
            number = bisect_right(self.starts, start) - 1
            self._sentences_of.setdefault(needle, set()).add(number)
        roles = load_roles()
        self._of_case = frozenset(self.sentences_with(roles.case))
        self._of_guideline = frozenset(self.sentences_with(roles.guideline))

    def sentences_with(self, needles: tuple[str, ...]) -> list[int]:
        """The number of each sentence in which one of `needles` begins."""
        if self._sentences_of.keys().isdisjoint(needles):
            return []
        return sorted({n for needle in needles for n in self._sentences_of.get(needle, ())})

    def tells_guideline(self, number: int) -> bool:
        """Whether the sentence tells what a guideline says, not what this case is like."""
        return number in self._of_guideline and not self.speaks_of_case(number)

    def speaks_of_case(self, number: int) -> bool:
        """Whether the sentence speaks of this case, whatever guideline it names."""
        return number in self._of_case or self.sentences[number].startswith(("he ", "she "))

    def found(self, number: int, factor: RationaleFactor, rule: str) -> Found[RationaleFactor]:
        """`factor` at the place of the sentence."""
        sentence = self.passage.part(self.starts[number], self.ends[number])
        return sentence.stripped().found_whole(factor, rule)


def _reasons_to_uphold(reading: _Reading) -> Iterator[Found[RationaleFactor]]:
    explained: set[int] = set()
    for cue, number in _cued(reading, load_cues().to_uphold):
        if cue.explains_lack:
            explained.add(number)
        yield reading.found(number, cue.factor, "factors.cue")
    yield from _lacks_found(reading, explained)


def _reasons_to_overturn(reading: _Reading) -> Iterator[Found[RationaleFactor]]:
    """The supporting reasons; that the criteria are met goes without saying it."""
    given = [
        reading.found(number, cue.factor, "factors.cue")
        for cue, number in _cued(reading, load_cues().to_overturn)
    ]
    yield from given
    quantity_or_criteria = {Factor.GUIDELINE_CRITERIA_MET, Factor.WITHIN_GUIDELINE_QUANTITY}
    if quantity_or_criteria.isdisjoint(found.value for found in given):
        yield reading.passage.found_whole(Factor.GUIDELINE_CRITERIA_MET, "factors.implied")


def _cued(reading: _Reading, cues: tuple[Cue, ...]) -> Iterator[tuple[Cue, int]]:
    """Each cue with its sentence; of a factor's cues that explain no lack, the first."""
    done: set[RationaleFactor] = set()
    for cue in cues:
        if cue.factor in done and not cue.explains_lack:
            continue
        for number in reading.sentences_with(cue.needles):
            if cue.is_in(reading.sentences[number]) and (
                cue.anywhere or not reading.tells_guideline(number)
            ):
                done.add(cue.factor)
                yield cue, number
                if not cue.explains_lack:
                    break


def _lacks_found(reading: _Reading, explained: set[int]) -> Iterator[Found[RationaleFactor]]:
    """What the rationale says is missing: documentation, function, or a criterion."""
    lacks = load_lacks()
    for number in reading.sentences_with(lacks.needles):
        if number in explained or reading.tells_guideline(number):
            continue
        for factor, rule in _reasons_of_lack(reading, number, lacks):
            yield reading.found(number, factor, rule)


def _reasons_of_lack(
    reading: _Reading, number: int, lacks: Lacks
) -> Iterator[tuple[RationaleFactor, str]]:
    """What it means that something is missing: that depends on what is missing, and how."""
    sentence = reading.sentences[number]
    if not lacks.undocumented.search(sentence) and not lacks.absent.search(sentence):
        return
    sentence = _FAILED_TO_IMPROVE.sub("failed", sentence)
    sentence = lacks.not_missing.sub(" ", sentence)
    undocumented = lacks.undocumented.search(sentence)
    lack = undocumented or lacks.absent.search(sentence)
    if not lack:
        return
    if undocumented:
        yield Factor.INSUFFICIENT_DOCUMENTATION, "factors.undocumented"
    if lacks.told.search(sentence, lack.start(), lack.end() + _AT_ONCE):
        return
    missing = _what_is_missing(sentence, lack)
    gain = lacks.function.search(missing)
    if gain and (undocumented or reading.speaks_of_case(number)):
        yield Factor.NO_FUNCTIONAL_IMPROVEMENT, "factors.no_gain"
    explained = gain or lacks.explanation.search(missing)
    if not explained or lacks.criterion.search(missing):
        yield Factor.GUIDELINE_CRITERIA_NOT_MET, "factors.no_criterion"


def _what_is_missing(sentence: str, lack: re.Match[str]) -> str:
    """`sentence` without the clause that says why it matters."""
    reason = _REASON.search(sentence, lack.end())
    return sentence[: reason.start()] if reason else sentence
