"""Are two values the same, as the labelling guide compares them? Pure.

Every comparison gives a similarity of 0 to 100 and the least one that counts as the same.
Token-set measures are not used: to them a text and any part of its words are the same.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from extract.pairing import fold_words, text_similarity
from schemas import Citation

Similarity = Callable[[Any, Any], float]
"""Label and prediction to their likeness, 0 to 100."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One way of comparing.

    Args:
        name: what the labelling guide calls it.
        similarity: the likeness of label and prediction, 0 to 100.
        least: from here on they count as the same.
    """

    name: str
    similarity: Similarity
    least: float

    def is_same(self, label: Any, predicted: Any) -> bool:
        """Whether `predicted` counts as `label`."""
        return self.similarity(label, predicted) >= self.least


def name_similarity(label: str, predicted: str) -> float:
    """As `text_similarity`, with `&` and `and` the same.

    >>> name_similarity("Physical Medicine & Rehabilitation",
    ...                 "Physical Medicine and Rehabilitation")
    100.0
    """
    return text_similarity(label.replace("&", " and "), predicted.replace("&", " and "))


def equal_similarity(label: object, predicted: object) -> float:
    """100 if the values are equal, else 0."""
    return 100.0 if label == predicted else 0.0


def citation_similarity(label: Citation, predicted: Citation) -> float:
    """Likeness of the sections if all else is equal, else 0; both without one: 100."""
    if _cited(label) != _cited(predicted):
        return 0.0
    if label.section is None or predicted.section is None:
        return 100.0 if label.section == predicted.section else 0.0
    return text_similarity(label.section, predicted.section)


def _cited(citation: Citation) -> tuple[object, ...]:
    return citation.basis, citation.guideline, citation.year, citation.pages


def token_f1(label: str, predicted: str) -> float:
    """Harmonic mean of the shares of words that both texts have in common, 0 to 100.

    >>> token_f1("not medically necessary", "medically necessary")
    80.0
    """
    labelled, given = fold_words(label).split(), fold_words(predicted).split()
    if not labelled or not given:
        return equal_similarity(labelled, given)
    common = (Counter(labelled) & Counter(given)).total()
    return 200 * common / (len(labelled) + len(given))


EQUAL = Comparison("equal", equal_similarity, 100)
FUZZY_85 = Comparison("fuzzy 85", text_similarity, 85)
FUZZY_90 = Comparison("fuzzy 90", text_similarity, 90)
NAME_90 = Comparison("fuzzy 90, & as and", name_similarity, 90)
CITATION = Comparison("citation", citation_similarity, 80)
TOKEN_F1_95 = Comparison("token F1 0.95", token_f1, 95)
