"""Do two annotators agree? Compares two folders of labels field by field.

The comparison is the scorer's, with one annotator as the label and the other as the
prediction: no figure depends on which is which.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from eval.align import align_items
from eval.fields import ScoredField, scored_fields
from eval.judge import judge_record
from eval.metrics import count_by_field, figures, share
from eval.scored import total
from eval.verdict import Counts, Judgement
from schemas import CaseRecord

Ratings = Sequence[tuple[object, object]]
"""What both annotators said of one thing after another."""


class FieldAgreement(NamedTuple):
    """How far two annotators agree on a field.

    Args:
        field: the field's path.
        values: values that both judged alike or not, rightful nulls included.
        agreed: the share of them on which they agree.
        f1: agreement on stated values alone, nulls left out.
        kappa: Cohen's kappa for words of a vocabulary; `None` for open values.
    """

    field: str
    values: int
    agreed: float | None
    f1: float | None
    kappa: float | None


class Disagreement(NamedTuple):
    """A value to settle."""

    letter: str
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Agreement:
    """Everything about two folders of labels."""

    letters: int
    fields: tuple[FieldAgreement, ...]
    overall: FieldAgreement
    disagreements: tuple[Disagreement, ...]
    only_one: tuple[str, ...]


def cohen_kappa(ratings: Ratings) -> float | None:
    """Agreement beyond chance; `None` where only one word was ever used.

    Source: J. Cohen, Educ. Psychol. Meas. 20 (1960) 37-46.

    >>> cohen_kappa([("a", "a"), ("a", "b"), ("b", "b"), ("b", "b")])
    0.5
    """
    total = len(ratings)
    if not total:
        return None
    observed = sum(a == b for a, b in ratings) / total
    first, second = Counter(a for a, _ in ratings), Counter(b for _, b in ratings)
    by_chance = sum(first[word] * second[word] for word in first) / (total * total)
    return share(observed - by_chance, 1 - by_chance)


def measure_agreement(
    first: dict[str, CaseRecord], second: dict[str, CaseRecord]
) -> Agreement:
    """How far the labels `first` and `second` agree on the letters that both have."""
    shared = sorted(first.keys() & second.keys())
    judged = {name: judge_record(first[name], second[name]) for name in shared}
    every = [judgement for judgements in judged.values() for judgement in judgements]
    counts = count_by_field(every)
    pairs = [(first[name], second[name]) for name in shared]
    fields = tuple(
        _field_agreement(field.path, counts.get(field.path, Counts()), _ratings(field, pairs))
        for field in scored_fields()
    )
    whole = total(counts.values())
    return Agreement(
        letters=len(shared),
        fields=fields,
        overall=_field_agreement("all fields", whole, []),
        disagreements=tuple(
            Disagreement(name, judgement)
            for name, judgements in judged.items()
            for judgement in judgements
            if judgement.verdict.is_miss
        ),
        only_one=tuple(sorted(first.keys() ^ second.keys())),
    )


def _field_agreement(name: str, counts: Counts, ratings: Ratings) -> FieldAgreement:
    found = figures(counts)
    return FieldAgreement(name, sum(counts), found.accuracy, found.f1, cohen_kappa(ratings))


def _ratings(field: ScoredField, pairs: Iterable[tuple[CaseRecord, CaseRecord]]) -> Ratings:
    """What both said, thing by thing: a word each, or for a list, word for word yes or no.

    Items that only one annotator has are left out: nothing was said of them twice.
    """
    if field.vocabulary is None:
        return []
    rated: list[tuple[object, object]] = []
    for first, second in pairs:
        for one, other in _owners(field, first, second):
            values = field.read(one), field.read(other)
            if field.is_list:
                rated += [(w in values[0], w in values[1]) for w in field.vocabulary]
            else:
                rated.append(values)
    return rated


def _owners(
    field: ScoredField, first: CaseRecord, second: CaseRecord
) -> Sequence[tuple[object, object]]:
    """The two records, or their items pair by pair."""
    if not field.is_of_item:
        return [(first, second)]
    pairs = align_items(first.items, second.items).pairs
    return [(first.items[row], second.items[column]) for row, column in pairs]
