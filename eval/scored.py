"""Scores all letters of a run: every verdict, by letter."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from eval.gold import GoldLetter
from eval.judge import judge_record
from eval.metrics import count_by_field
from eval.predictions import Prediction
from eval.verdict import Counts, Judgement


@dataclass(frozen=True, slots=True)
class ScoredLetter:
    """One letter with its prediction and the verdict on every value."""

    gold: GoldLetter
    prediction: Prediction
    judgements: tuple[Judgement, ...]

    @property
    def id(self) -> str:
        """The letter's name."""
        return self.gold.id

    @property
    def misses(self) -> list[Judgement]:
        """The values that are not as labelled."""
        return [judgement for judgement in self.judgements if judgement.verdict.is_miss]

    @property
    def is_exact(self) -> bool:
        """Whether every scored field is right."""
        return not self.misses and self.prediction.record is not None


def score_letters(
    letters: Iterable[GoldLetter], predictions: Mapping[str, Prediction]
) -> list[ScoredLetter]:
    """Every letter judged; `predictions` holds one for each."""
    return [
        ScoredLetter(
            letter,
            predictions[letter.id],
            tuple(judge_record(letter.label, predictions[letter.id].record)),
        )
        for letter in letters
    ]


def total_by_field(scored: Sequence[ScoredLetter]) -> dict[str, Counts]:
    """Field to the counts of its verdicts over all letters."""
    return count_by_field(judgement for letter in scored for judgement in letter.judgements)


def total(counts: Iterable[Counts]) -> Counts:
    """The sum of `counts`."""
    result = Counts()
    for each in counts:
        result = result.plus(each)
    return result
