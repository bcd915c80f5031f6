"""For which reasons was the item decided so? Cues in the sentences of its rationale.

Only a reason that supports the decision counts. A sentence that tells what a guideline
says, not what was found in this case, gives a reason only where a cue allows it.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from extract.lexicon import load_lexicon
from extract.parse.sentences import sentence_ends
from extract.spans import Found, Passage
from schemas import Decision, RationaleFactor

Factor = RationaleFactor

_TO_OVERTURN = frozenset(
    {
        Factor.GUIDELINE_CRITERIA_MET,
        Factor.FUNCTIONAL_IMPROVEMENT_SHOWN,
        Factor.WITHIN_GUIDELINE_QUANTITY,
        Factor.CONSERVATIVE_CARE_FAILED,
    }
)

# A sentence about this case, whatever guideline it names.
_OF_THE_CASE = re.compile(
    r"\b(?:in this case|here|(?:this|the) (?:patient|claimant|applicant|worker|employee|"
    r"injured|IW|IMR|man|woman|request\w*|current|criteria|requested|concurrent|above)|"
    r"submitted|available for review|for review|medical records?|(?:attending|treating|requesting) "
    r"(?:provider|physician)|given (?:the|that)|there (?:is|was|were|are|has been|have been) "
    r"(?:also )?(?:no|not|a lack|lack|nothing|none)|he|she|his|her|as such|therefore|"
    r"guidelines (?:and|have) (?:not )?been met)\b",
    re.IGNORECASE,
)
# A sentence that tells what a guideline says, or what holds of patients in general.
_OF_THE_GUIDELINE = re.compile(
    r"\b(?:MTUS|ACOEM|ODG|FDA|guidelines?|UpToDate|recommended as|recommended for|patients? (?:with|who|"
    r"should|are|at|must)|criteria for|should be|must be|may be|studies (?:indicate|show)|double-blind|meta-analysis|randomized)\b",
    re.IGNORECASE,
)


# "no evidence of failure to progress" is no lack of progress, but of a criterion.
_FAILED_TO_IMPROVE = re.compile(
    r"\bfail(?:ed|ure|s)? to (?:progress|improve|respond|provide relief)\b", re.IGNORECASE
)

# "…, as they are not recommended beyond the acute phase"
_REASON = re.compile(r",? (?:as|since|because|due to|given that) (?=the|they|it|guidelines|an?)")

_AT_ONCE = 40
"""How far behind the words of a lack "why" may stand, in characters."""


class _Cue(NamedTuple):
    """An entry of the lexicon, compiled."""

    factor: RationaleFactor
    needle: str
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    anywhere: bool
    explains: bool


class _Lacks(NamedTuple):
    """How a lack is worded, and what may be missing."""

    needles: tuple[str, ...]
    undocumented: re.Pattern[str]
    absent: re.Pattern[str]
    criterion: re.Pattern[str]
    told: re.Pattern[str]
    function: re.Pattern[str]
    explanation: re.Pattern[str]
    not_missing: re.Pattern[str]


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
    """A rationale, its sentences, and which of them speak of the case."""

    def __init__(self, passage: Passage) -> None:
        self.passage = passage
        self.lowered = _lowered(passage.text)
        self.ends = sentence_ends(passage.text)
        self._of_guideline: dict[int, bool] = {}

    def sentences_with(self, needle: str) -> Iterator[Passage]:
        """Each sentence that holds `needle`, once."""
        place = self.lowered.find(needle)
        start = 0
        for end in self.ends:
            if place < 0:
                return
            if place < end:
                yield self.passage.part(start, end)
                place = self.lowered.find(needle, end)
            start = end

    def tells_guideline(self, sentence: Passage) -> bool:
        """Whether `sentence` tells what a guideline says, not what this case is like."""
        known = self._of_guideline.get(sentence.start)
        if known is None:
            known = bool(_OF_THE_GUIDELINE.search(sentence.text)) and not _OF_THE_CASE.search(
                sentence.text
            )
            self._of_guideline[sentence.start] = known
        return known


def _lowered(text: str) -> str:
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else text


def _reasons_to_uphold(reading: _Reading) -> Iterator[Found[RationaleFactor]]:
    explained: set[int] = set()
    for cue, found in _cued(reading, overturning=False):
        if cue.explains:
            explained.add(found.start)
        yield found
    yield from _lacks_found(reading, explained)


_EXPLAINED_BY_CUE = frozenset(
    {
        Factor.NO_NEW_INJURY_OR_CHANGE,
        Factor.REQUEST_INCOMPLETE,
        Factor.NO_INDICATION,
        Factor.DEPENDS_ON_DENIED_SERVICE,
    }
)
"""A lack that gives one of these reasons is no further one."""


def _reasons_to_overturn(reading: _Reading) -> Iterator[Found[RationaleFactor]]:
    """The supporting reasons; that the criteria are met goes without saying it."""
    given = [found for _, found in _cued(reading, overturning=True)]
    yield from given
    quantity_or_criteria = {Factor.GUIDELINE_CRITERIA_MET, Factor.WITHIN_GUIDELINE_QUANTITY}
    if quantity_or_criteria.isdisjoint(found.value for found in given):
        yield reading.passage.found_whole(Factor.GUIDELINE_CRITERIA_MET, "factors.implied")


def _cued(
    reading: _Reading, *, overturning: bool
) -> Iterator[tuple[_Cue, Found[RationaleFactor]]]:
    """Each cue that a sentence holds; of a factor's cues that explain nothing, one."""
    done: set[RationaleFactor] = set()
    for cue in _cues():
        if (cue.factor in _TO_OVERTURN) is not overturning:
            continue
        for sentence in reading.sentences_with(cue.needle):
            if cue.factor in done and not cue.explains:
                break
            if _says(cue, sentence, reading):
                done.add(cue.factor)
                yield cue, sentence.stripped().found_whole(cue.factor, "factors.cue")


def _says(cue: _Cue, sentence: Passage, reading: _Reading) -> bool:
    if not cue.pattern.search(sentence.text):
        return False
    if cue.unless and cue.unless.search(sentence.text):
        return False
    return cue.anywhere or not reading.tells_guideline(sentence)


def _lacks_found(reading: _Reading, explained: set[int]) -> Iterator[Found[RationaleFactor]]:
    """What the rationale says is missing: documentation, function, or a criterion."""
    lacks = _lacks()
    seen = set(explained)
    for needle in lacks.needles:
        for sentence in reading.sentences_with(needle):
            place = sentence.stripped()
            if place.start in seen or reading.tells_guideline(sentence):
                continue
            seen.add(place.start)
            for factor in _reasons_of_lack(sentence.text, lacks):
                yield place.found_whole(factor, "factors.lack")


def _reasons_of_lack(sentence: str, lacks: _Lacks) -> Iterator[RationaleFactor]:
    """What it means that something is missing: that depends on what is missing, and how."""
    sentence = _FAILED_TO_IMPROVE.sub("failed", sentence)
    if lacks.not_missing.search(sentence):
        sentence = lacks.not_missing.sub(" ", sentence)
    undocumented = lacks.undocumented.search(sentence)
    lack = undocumented or lacks.absent.search(sentence)
    if not lack:
        return
    if undocumented:
        yield Factor.INSUFFICIENT_DOCUMENTATION
    missing = _what_is_missing(sentence, lack)
    to_be_told = lacks.told.search(sentence, lack.start(), lack.end() + _AT_ONCE)
    if to_be_told:
        return
    gain = lacks.function.search(missing)
    if gain and (undocumented or _OF_THE_CASE.search(sentence)):
        yield Factor.NO_FUNCTIONAL_IMPROVEMENT
    explained = gain or lacks.explanation.search(missing)
    if not explained or lacks.criterion.search(missing):
        yield Factor.GUIDELINE_CRITERIA_NOT_MET


def _what_is_missing(sentence: str, lack: re.Match[str]) -> str:
    """`sentence` without the clause that says why it matters."""
    reason = _REASON.search(sentence, lack.end())
    return sentence[: reason.start()] if reason else sentence


@cache
def _cues() -> tuple[_Cue, ...]:
    return tuple(
        _Cue(
            RationaleFactor(entry["factor"]),
            entry["needle"],
            re.compile(entry["pattern"], re.IGNORECASE),
            re.compile(entry["unless"], re.IGNORECASE) if "unless" in entry else None,
            entry.get("where") == "any",
            entry["factor"] in _EXPLAINED_BY_CUE and "also_a_lack" not in entry,
        )
        for entry in load_lexicon("rationale_cues")["cue"]
    )


@cache
def _lacks() -> _Lacks:
    lexicon = load_lexicon("rationale_cues")["lack"]
    return _Lacks(
        tuple(lexicon["needles"]),
        re.compile("|".join(lexicon["undocumented"]), re.IGNORECASE),
        re.compile("|".join(lexicon["absent"]), re.IGNORECASE),
        re.compile(lexicon["criterion"], re.IGNORECASE),
        re.compile(lexicon["told"], re.IGNORECASE),
        re.compile(lexicon["function"], re.IGNORECASE),
        re.compile(lexicon["explanation"], re.IGNORECASE),
        re.compile(lexicon["not_missing"], re.IGNORECASE),
    )
