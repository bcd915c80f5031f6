"""How likely does a sentence give each reason? A linear model, learned from sentences.

One logistic regression for each factor over the features of `features`, weighted by how
rare they are and scaled to length one (tf-idf with binary counts, Salton and Buckley,
Inf. Process. Manag. 24 (1988) 513-523), and over signs: which cues of the lexicon the
sentence holds, of whom it speaks, what was decided. `imr eval learn` writes the weights.
"""

import json
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources
from math import exp, sqrt
from operator import add

from extract.parse.rationale.features import sentence_features
from schemas import Decision, RationaleFactor

FACTORS = tuple(RationaleFactor)
"""The order in which scores are given."""


class ReasonModel:
    """The weights, read from the data file that `imr eval learn` writes.

    Args:
        text: the contents of the file: an intercept for each factor; for each word or pair
            the square of its rarity, then factor and weight in turn; for each sign a weight
            for each factor.
    """

    def __init__(self, text: str) -> None:
        data = json.loads(text)
        if data["factors"] != [factor.value for factor in FACTORS]:
            raise ValueError("the weights are of other factors: run imr eval learn")
        self._intercepts: list[float] = data["intercepts"]
        self._signs: dict[str, list[float]] = data["signs"]
        self._words = {
            feature: (square, *_spread(row))
            for feature, (square, *row) in data["words"].items()
        }

    def score(self, sentence: str, signs: Iterable[str]) -> tuple[float, ...]:
        """The score of each factor for `sentence`, in lower case, whatever was decided.

        Args:
            signs: what else is known of it; those that were not learned weigh nothing.
        """
        known = list(filter(None, map(self._words.get, sentence_features(sentence))))
        square, *sums = map(sum, zip(_NOTHING, *known, strict=True))
        length = sqrt(square) or 1.0
        weighed = [weight / length for weight in sums]
        told = filter(None, map(self._signs.get, signs))
        return tuple(map(sum, zip(self._intercepts, weighed, *told, strict=True)))

    def likelihoods(self, scores: Sequence[float], decision: Decision) -> list[float]:
        """How likely each factor is, for an item that was decided so."""
        decided = self._signs.get(f"decision.{decision.value}", _NOTHING[1:])
        return [1 / (1 + exp(-score)) for score in map(add, scores, decided)]


_NOTHING = (0.0,) * (1 + len(FACTORS))


def _spread(row: Sequence[float]) -> list[float]:
    """A weight for each factor, from factor and weight in turn."""
    weights = [0.0] * len(FACTORS)
    for factor, weight in zip(row[::2], row[1::2], strict=True):
        weights[int(factor)] = weight
    return weights


@cache
def load_model() -> ReasonModel:
    """The model of `extract/data/reasons.json`."""
    path = resources.files("extract").joinpath("data/reasons.json")
    return ReasonModel(path.read_text("utf-8"))
