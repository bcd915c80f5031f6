"""For which reasons was the item decided so? Puts together what each sentence gives.

Only a reason that supports the decision counts. A sentence that tells what a guideline
says, not what was found in this case, gives a reason only where a cue allows it.
"""

from collections.abc import Iterator

from extract.parse.rationale_cues import Cue, load_cues
from extract.parse.sentence_reasons import read_sentence
from extract.parse.sentences import lowered, sentence_ends
from extract.spans import Found, Passage
from schemas import Decision, RationaleFactor

Factor = RationaleFactor


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
    """A rationale, its sentences, and what each of them says."""

    def __init__(self, passage: Passage) -> None:
        self.passage = passage
        lower = lowered(passage.text)
        self.ends = sentence_ends(passage.text)
        self.starts = [0, *self.ends[:-1]]
        self.sentences = [
            read_sentence(lower[start:end])
            for start, end in zip(self.starts, self.ends, strict=True)
        ]

    def found(self, number: int, factor: RationaleFactor, rule: str) -> Found[RationaleFactor]:
        """`factor` at the place of the sentence."""
        sentence = self.passage.part(self.starts[number], self.ends[number])
        return sentence.stripped().found_whole(factor, rule)


def _reasons_to_uphold(reading: _Reading) -> Iterator[Found[RationaleFactor]]:
    held = [sentence.to_uphold for sentence in reading.sentences]
    explained: set[int] = set()
    for cue, number in _cued(held, load_cues().to_uphold):
        if cue.explains_lack:
            explained.add(number)
        yield reading.found(number, cue.factor, "factors.cue")
    for number, sentence in enumerate(reading.sentences):
        if number not in explained:
            for factor, rule in sentence.lacks:
                yield reading.found(number, factor, rule)


def _reasons_to_overturn(reading: _Reading) -> Iterator[Found[RationaleFactor]]:
    """The supporting reasons; that the criteria are met goes without saying it."""
    held = [sentence.to_overturn for sentence in reading.sentences]
    given = [
        reading.found(number, cue.factor, "factors.cue")
        for cue, number in _cued(held, load_cues().to_overturn)
    ]
    yield from given
    quantity_or_criteria = {Factor.GUIDELINE_CRITERIA_MET, Factor.WITHIN_GUIDELINE_QUANTITY}
    if quantity_or_criteria.isdisjoint(found.value for found in given):
        yield reading.passage.found_whole(Factor.GUIDELINE_CRITERIA_MET, "factors.implied")


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
