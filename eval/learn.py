"""Learns, from labelled sentences and rationales, how likely a sentence gives each reason.

Of a sentence it is known which reasons it gives. Of a rationale only the reasons are known,
not their sentences: each of its sentences is an example against every reason that it does
not give, and for a reason that it gives the likeliest sentence is taken, anew in each round
(multiple-instance learning; Andrews, Tsochantaridis and Hofmann, NIPS 15 (2002) 561-568).
Nothing random is in it: the same examples give the same model.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, ValidationError
from scipy import sparse

from eval.errors import GoldInvalid
from eval.gold import GoldLetter
from eval.metrics import figures
from eval.reading import name_errors, numbered_lines
from eval.verdict import Counts
from extract.parse.rationale.factors import find_rationale_factors
from extract.parse.rationale.features import sentence_features
from extract.parse.rationale.learned import FACTORS, ReasonModel
from extract.parse.rationale.sentence import read_sentence
from extract.parse.sentences import split_sentences
from extract.spans import Passage, lowered
from schemas import Decision, Frozen, RationaleFactor
from schemas.base import Text

VERSION = 1

LEAST_SENTENCES = 3
"""A word or pair that fewer of the labelled sentences hold is left out."""

LEAST_WEIGHT = 0.8
"""A word or pair that weighs less than this for every factor is left out."""

LEAST_EFFECT = 2.0
"""What a word or pair adds to a factor's score, before scaling, is left out under this.
Both limits cost less than 0.005 of F1 and make the file a third as large."""

INVERSE_REGULARISATION = 8.0
"""The C of the logistic regressions; 2 to 16 are alike."""

NEVER = -9.0
"""The score of a factor that no labelled sentence gives: a likelihood of 1 in 8,000."""

ROUNDS = 2
"""How often the sentences of the rationales are chosen anew."""

Floats = NDArray[np.float64]


class Example(NamedTuple):
    """A rationale, or a sentence alone, and the reasons that it gives."""

    sentences: tuple[str, ...]
    decision: Decision
    factors: frozenset[RationaleFactor]
    source: str


class _Sentence(Frozen):
    """A line of `sentences.jsonl`."""

    text: Text
    decision: Decision
    factors: frozenset[RationaleFactor]


class _Rationale(Frozen):
    """A line of `rationales.jsonl`; what else it tells of its item is not needed here."""

    model_config = ConfigDict(extra="ignore")

    rationale: Text
    decision: Decision
    rationale_factors: frozenset[RationaleFactor]


Row = TypeVar("Row", _Sentence, _Rationale)


def load_examples(folder: Path) -> tuple[list[Example], list[Example]]:
    """The labelled sentences and the labelled rationales of `folder`.

    Raises:
        GoldInvalid: a line is broken; every problem is listed.
    """
    problems: list[str] = []
    sentences = [
        Example((row.text,), row.decision, row.factors, "sentences")
        for row in _load_rows(_Sentence, folder / "sentences.jsonl", problems)
    ]
    rationales = [
        _of_rationale(row.rationale, row.decision, row.rationale_factors, "rationales")
        for row in _load_rows(_Rationale, folder / "rationales.jsonl", problems)
    ]
    if problems:
        raise GoldInvalid("the labelled sentences cannot be used", problems)
    return sentences, rationales


def examples_of(letters: Iterable[GoldLetter]) -> list[Example]:
    """The rationales of `letters`, as they are labelled."""
    return [
        _of_rationale(
            item.rationale, item.decision, frozenset(item.rationale_factors), letter.subset
        )
        for letter in letters
        for item in letter.label.items
        if item.rationale and item.decision
    ]


def _load_rows(kind: type[Row], path: Path, problems: list[str]) -> list[Row]:
    rows: list[Row] = []
    for number, line in numbered_lines(path.read_text("utf-8")):
        try:
            rows.append(kind.model_validate_json(line))
        except ValidationError as error:
            problems += [f"{path}:{number}: {problem}" for problem in name_errors(error)]
    return rows


def _of_rationale(
    text: str, decision: Decision, factors: frozenset[RationaleFactor], source: str
) -> Example:
    sentences = tuple(part.text for part in split_sentences(Passage(text)))
    return Example(sentences, decision, factors, source)


class Learned(NamedTuple):
    """What was learned; `render` makes the data file of it."""

    features: list[str]
    rarity: Floats
    weights: Floats
    intercepts: Floats
    signs: list[str]

    def render(self, sentences: Sequence[Example], rationales: Sequence[Example]) -> str:
        """The contents of the data file: one word or pair a line."""
        count = len(self.features)
        words = {
            feature: [
                round(float(self.rarity[at]) ** 2, 2),
                *_pairs(self.rarity[at] * self.weights[:, at]),
            ]
            for at, feature in enumerate(self.features)
        }
        signs = {
            sign: np.round(self.weights[:, count + at], 3).tolist()
            for at, sign in enumerate(self.signs)
        }
        head: dict[str, Any] = {
            "version": VERSION,
            "sentences": len(sentences),
            "rationales": len(rationales),
            "factors": [factor.value for factor in FACTORS],
            "intercepts": np.round(self.intercepts, 3).tolist(),
        }
        lines = [f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
        lines += [_object("signs", signs), _object("words", words)]
        return "{\n" + ",\n".join(lines) + "\n}\n"


def _pairs(weights: Floats) -> Iterable[float]:
    """Index and weight of each factor that the word weighs for."""
    for index, weight in enumerate(np.round(weights, 1).tolist()):
        if abs(weight) >= LEAST_EFFECT:
            yield from (index, weight)


def _object(name: str, rows: dict[str, Any]) -> str:
    inner = [
        f"    {json.dumps(key)}: {json.dumps(row, separators=(',', ':'))}"
        for key, row in sorted(rows.items())
    ]
    return f"  {json.dumps(name)}: {{\n" + ",\n".join(inner) + "\n  }"


def learn(sentences: Sequence[Example], rationales: Sequence[Example]) -> Learned:
    """The model of `sentences` and `rationales`.

    First of all features, then again of those that turned out to weigh something.
    """
    table = _Table([*sentences, *rationales], known=len(sentences))
    weights, _ = table.fit()
    heaviest = np.abs(weights[:, : len(table.features)]).max(axis=0)
    table.keep(heaviest >= LEAST_WEIGHT)
    weights, intercepts = table.fit()
    return Learned(table.features, table.rarity, weights, intercepts, table.signs)


class _Table:
    """One row for each sentence: its features and signs, and whose sentence it is."""

    def __init__(self, examples: Sequence[Example], *, known: int) -> None:
        from sklearn.feature_extraction.text import CountVectorizer

        self._examples = examples
        self._known = known
        texts = [lowered(text) for example in examples for text in example.sentences]
        self._owner = [at for at, example in enumerate(examples) for _ in example.sentences]
        counter = CountVectorizer(
            analyzer=sentence_features, binary=True, min_df=LEAST_SENTENCES
        )
        counter.fit(texts[:known])  # a sentence alone is one row
        self._counts = counter.transform(texts).astype(float)
        self.features = counter.get_feature_names_out().tolist()
        occur = np.asarray((self._counts[:known] > 0).sum(axis=0)).ravel()
        self.rarity = np.log((1 + known) / (1 + occur)) + 1
        self._signs = self._read_signs(texts)
        self._given = np.array(
            [[factor in example.factors for factor in FACTORS] for example in examples]
        )
        self._weigh()

    def keep(self, wanted: NDArray[np.bool_]) -> None:
        """Leave out the features that are not `wanted`."""
        self.features = [
            each for each, keep in zip(self.features, wanted, strict=True) if keep
        ]
        self._counts = self._counts[:, wanted]
        self.rarity = self.rarity[wanted]
        self._weigh()

    def _weigh(self) -> None:
        from sklearn.preprocessing import normalize

        weighed = normalize(self._counts @ sparse.diags(self.rarity))
        self._rows = sparse.hstack([weighed, self._signs]).tocsr()

    def _read_signs(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """What the lexicon finds in each sentence, of whom it speaks, and the decision."""
        found = [
            {*read_sentence(text).signs, f"decision.{self._examples[owner].decision.value}"}
            for text, owner in zip(texts, self._owner, strict=True)
        ]
        self.signs: list[str] = sorted(set().union(*found))
        return sparse.csr_matrix(
            [[float(sign in of_text) for sign in self.signs] for of_text in found]
        )

    def fit(self) -> tuple[Floats, Floats]:
        """Weights (factor by feature and sign) and intercepts (by factor)."""
        fitted = [self._fit(index) for index in range(len(FACTORS))]
        return np.vstack([each[0] for each in fitted]), np.array([each[1] for each in fitted])

    def _fit(self, factor: int) -> tuple[Floats, float]:
        from sklearn.linear_model import LogisticRegression

        truth = self._given[self._owner, factor]
        use = np.arange(self._known)
        if not truth[use].any():
            return np.zeros(self._rows.shape[1]), NEVER
        regression = LogisticRegression(C=INVERSE_REGULARISATION, max_iter=300)
        regression.fit(self._rows[use], truth[use])
        for _ in range(ROUNDS):
            use = self._chosen(factor, regression.decision_function(self._rows))
            regression.fit(self._rows[use], truth[use])
        return regression.coef_[0], float(regression.intercept_[0])

    def _chosen(self, factor: int, scores: Floats) -> NDArray[np.int_]:
        """The rows to learn from: of a rationale that gives the reason, the likeliest."""
        best: dict[int, int] = {}
        against: list[int] = []
        for row in range(self._known, len(self._owner)):
            owner = self._owner[row]
            if not self._given[owner, factor]:
                if FACTORS[factor].may_support(self._examples[owner].decision):
                    against.append(row)
            elif owner not in best or scores[row] > scores[best[owner]]:
                best[owner] = row
        return np.array([*range(self._known), *against, *best.values()])


class Fold(NamedTuple):
    """How well the rationales of one source are read by what the others taught.

    Args:
        given: how many reasons each rule gave.
        right: how many of these are labelled.
        missed: how many that are labelled no rule gave.
    """

    source: str
    given: Counter[str]
    right: Counter[str]
    missed: int

    @property
    def f1(self) -> float | None:
        """Of the reasons; `None` where nothing is labelled or given."""
        right = self.right.total()
        return figures(Counts(right, self.missed, spurious=self.given.total() - right)).f1


def leave_out(sentences: Sequence[Example], rationales: Sequence[Example]) -> Iterable[Fold]:
    """Each source of rationales in turn, read by a model that has not seen it."""
    for source in sorted({example.source for example in rationales}):
        others = [example for example in rationales if example.source != source]
        model = ReasonModel(learn(sentences, others).render(sentences, others))
        fold = Fold(source, Counter(), Counter(), 0)
        for example in rationales:
            if example.source == source:
                fold = _judged(fold, example, model)
        yield fold


def _judged(fold: Fold, example: Example, model: ReasonModel) -> Fold:
    passage = Passage("".join(example.sentences))
    found = find_rationale_factors(passage, example.decision, model=model)
    fold.given.update(each.rule for each in found)
    fold.right.update(each.rule for each in found if each.value in example.factors)
    missed = example.factors - {each.value for each in found}
    return fold._replace(missed=fold.missed + len(missed))
