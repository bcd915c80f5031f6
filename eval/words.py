"""Which words do letters spell? Those by which a word broken at a line's end is known."""

import re
from collections import Counter
from collections.abc import Iterable

SHORTEST = 7
"""Letters. The halves of shorter words are too often words themselves: "in-" and "to"."""

LEAST = 3
"""How often a word must occur, so that typing errors are not learned."""

# A whole word, its first letter capital or not; what stands by a hyphen may be half of one.
_WORD = re.compile(rf"(?<![\w-])[A-Za-z]?[a-z]{{{SHORTEST - 1},}}(?![\w-])")


# A word that is also spelt with a hyphen: "post-operative".
_COMPOUND = re.compile(r"[A-Za-z]+-[a-z]+")


def common_words(texts: Iterable[str]) -> list[str]:
    """The words of `texts` in alphabetical order, in lower case.

    Of a word that is spelt with a hyphen as well nobody can say what its break means.

    >>> common_words(["Therapy helps. The therapy was ther- apy."] * 2)
    ['therapy']
    >>> common_words(["postoperative care, postoperative rest, post-operative visit"] * 2)
    []
    """
    counts: Counter[str] = Counter()
    compounds: set[str] = set()
    for text in texts:
        counts.update(word.lower() for word in _WORD.findall(text))
        compounds |= {word.lower().replace("-", "") for word in _COMPOUND.findall(text)}
    return sorted(w for w, count in counts.items() if count >= LEAST and w not in compounds)
