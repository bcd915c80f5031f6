"""For which reasons was the item decided so? Weighs what each sentence of it says.

Two readings are put together: cues of the lexicon, which say why and are sure where they
are known, and a linear model over each sentence's words, which knows wordings that no cue
foresaw. Only a reason that supports the decision counts.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from extract.parse.rationale.cues import Cue, load_cues
from extract.parse.rationale.learned import FACTORS, ReasonModel, load_model
from extract.parse.rationale.sentence import SentenceReasons, read_sentence
from extract.parse.sentences import split_sentences
from extract.spans import Found, Passage, lowered
from schemas import Decision, RationaleFactor

_LIKELY = 0.4
_LIKELY_WITH_A_CUE = 0.1
_VERY_LIKELY = 0.8
"""Where a factor is given. The first two have the best F1 over sources of letters that were
left out of the learning (`imr eval learn --folds`); the third parts what the model is sure
of from the rest, which has a confidence of its own."""

_SHORT, _FOR_LENGTH = 4, 0.8
"""In a long rationale some sentence looks like a reason by chance. Without a cue, the odds
that are required grow as (sentences / _SHORT) ** _FOR_LENGTH. Chosen like the first two."""

_REMEMBERED = 8192
"""Sentences that are kept, read and weighed: some 1,000 letters' worth. Reviewers paste the
same ones into one rationale after another, and one seen before costs a look-up."""


def find_rationale_factors(
    rationale: Passage, decision: Decision | None, *, model: ReasonModel | None = None
) -> list[Found[RationaleFactor]]:
    """Each reason that `rationale` gives for `decision`, at the sentence that gives it.

    Without a decision no reason can support it: the list is empty.

    Args:
        model: weighs the words; by default the one that is shipped.
    """
    if decision is None:
        return []
    reading = _Reading(rationale, model or load_model())
    cued = _cued_reasons(reading, decision)
    least = _least_likely(len(reading.sentences))
    found = []
    for factor, likelihood, number in _likely_with_a_cue(reading, decision):
        if cue := cued.get(factor):
            place, rule = cue.place, f"{cue.rule}.{_agreement(likelihood)}"
        elif likelihood > least:
            sure = "sure" if likelihood > _VERY_LIKELY else "likely"
            place, rule = reading.places[number], f"factors.learned.{sure}"
        else:
            continue
        found.append(place.stripped().found_whole(factor, rule))
    return sorted(found, key=lambda factor: factor.start)


def _least_likely(sentences: int) -> float:
    """Above which likelihood a factor is given without a cue, in a rationale of so many."""
    odds: float = _LIKELY / (1 - _LIKELY) * max(1.0, sentences / _SHORT) ** _FOR_LENGTH
    return odds / (1 + odds)


def _agreement(likelihood: float) -> str:
    """What the model thinks of a reason that a cue gives."""
    return "confirmed" if likelihood > _LIKELY else "alone"


class _Cued(NamedTuple):
    """A reason that the lexicon knows, where it is given, and the rule that found it."""

    factor: RationaleFactor
    place: Passage
    rule: str


def _cued_reasons(reading: "_Reading", decision: Decision) -> dict[RationaleFactor, _Cued]:
    """The reasons that the lexicon knows, each at its first sentence."""
    found: dict[RationaleFactor, _Cued] = {}
    if decision is not Decision.UPHELD:
        for reason in _reasons_to_overturn(reading):
            found.setdefault(reason.factor, reason)
    if decision is not Decision.OVERTURNED:
        for reason in _reasons_to_uphold(reading):
            found.setdefault(reason.factor, reason)
    return found


def _likely_with_a_cue(
    reading: "_Reading", decision: Decision
) -> list[tuple[RationaleFactor, float, int]]:
    """Each factor that a cue would confirm: how likely it is, and by which sentence."""
    columns = list(zip(*reading.scores, strict=True))
    best = list(map(max, columns))
    likelihoods = reading.model.likelihoods(best, decision)
    return [
        (FACTORS[index], likelihood, columns[index].index(best[index]))
        for index, likelihood in enumerate(likelihoods)
        if likelihood > _LIKELY_WITH_A_CUE and FACTORS[index].may_support(decision)
    ]


@lru_cache(maxsize=_REMEMBERED)
def _weighed(model: ReasonModel, sentence: str) -> tuple[SentenceReasons, tuple[float, ...]]:
    """What `sentence`, in lower case, says, and its score for each factor."""
    reasons = read_sentence(sentence)
    return reasons, model.score(sentence, reasons.signs)


class _Reading:
    """A rationale, its sentences, and what each of them says."""

    def __init__(self, passage: Passage, model: ReasonModel) -> None:
        self.passage = passage
        self.model = model
        self.places = split_sentences(passage)
        weighed = [_weighed(model, lowered(place.text)) for place in self.places]
        self.sentences = [reasons for reasons, _ in weighed]
        self.scores = [scores for _, scores in weighed]


def _reasons_to_uphold(reading: _Reading) -> Iterator[_Cued]:
    held = [sentence.to_uphold for sentence in reading.sentences]
    explained: set[int] = set()
    for cue, number in _cued(held, load_cues().to_uphold):
        if cue.explains_lack:
            explained.add(number)
        yield _Cued(cue.factor, reading.places[number], "factors.cue")
    for number, sentence in enumerate(reading.sentences):
        if number not in explained:
            for factor, rule in sentence.lacks:
                yield _Cued(factor, reading.places[number], rule)


def _reasons_to_overturn(reading: _Reading) -> Iterator[_Cued]:
    """The supporting reasons; that the criteria are met goes without saying it."""
    held = [sentence.to_overturn for sentence in reading.sentences]
    given = [
        _Cued(cue.factor, reading.places[number], "factors.cue")
        for cue, number in _cued(held, load_cues().to_overturn)
    ]
    yield from given
    criteria = RationaleFactor.GUIDELINE_CRITERIA_MET
    quantity_or_criteria = {criteria, RationaleFactor.WITHIN_GUIDELINE_QUANTITY}
    if quantity_or_criteria.isdisjoint(reason.factor for reason in given):
        yield _Cued(criteria, reading.passage, "factors.implied")


def _cued(held: list[tuple[int, ...]], cues: tuple[Cue, ...]) -> Iterator[tuple[Cue, int]]:
    """Each cue with its sentence; of a factor's cues that explain no lack, the first.

    Args:
        held: for each sentence the cues that it holds.
    """
    done: set[RationaleFactor] = set()
    for index, number in sorted((i, n) for n, indices in enumerate(held) for i in indices):
        cue = cues[index]
        if cue.explains_lack or cue.factor not in done:
            done.add(cue.factor)
            yield cue, number
