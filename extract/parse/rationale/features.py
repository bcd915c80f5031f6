"""What does a sentence of a rationale look like to the linear model? Words, pairs, signs.

Training and reading take the same features from here; neither cue nor model is known here.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

# "there is no record of 12 visits" -> there, is, no, record, of, #, visits
_TOKEN = re.compile(r"[a-z][a-z'’]*|#|;")
_NUMBER = re.compile(r"\d+")

_NEGATIONS = frozenset(
    {
        "no", "not", "without", "lack", "lacks", "lacking", "never", "neither", "nor",
        "absent", "absence", "cannot", "fails", "failed", "none", "nothing",
    }
)  # fmt: skip
_SCOPE = 7
"""How many words behind a negation it may speak of."""


def sentence_features(sentence: str) -> list[str]:
    """The words of `sentence`, in lower case, each pair of neighbours, and what is negated.

    A number is `#`, whatever it is; a negated word is marked by `!`. Each feature once.

    >>> sentence_features("no record of 12 visits")[-4:]
    ['!record', '!of', '!#', '!visits']
    """
    words = _TOKEN.findall(_NUMBER.sub("#", sentence.replace("#", " ")))
    features = dict.fromkeys(words)
    features |= dict.fromkeys(map(" ".join, pairwise(words)))
    if "n't" in sentence or not _NEGATIONS.isdisjoint(words):
        features |= dict.fromkeys(_negated(words))
    return list(features)


def _negated(words: Iterable[str]) -> Iterator[str]:
    """The words that may stand under a negation, each marked by `!`."""
    scope = 0
    for word in words:
        if word in _NEGATIONS or word.endswith("n't"):
            scope = _SCOPE
        elif word == ";":
            scope = 0
        elif scope:
            scope -= 1
            yield f"!{word}"
