"""How alike are two descriptions? Case, punctuation and the order of words do not count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Indel

from extract.pairing import fold_words, text_similarity

TEXTS = st.text(alphabet="abC ,.&-1é", max_size=12)


def test_fold_keeps_letters_of_all_alphabets() -> None:
    assert fold_words("Señor_X  STRASSE-ß") == fold_words("strasse, SS señor x")


@given(TEXTS, TEXTS)
def test_similarity_is_the_share_of_equal_characters(first: str, second: str) -> None:
    """Second implementation: 2 * longest common subsequence / total length."""

    def plain(text: str) -> str:
        kept = "".join(c if c.isalnum() else " " for c in text.casefold())
        return " ".join(sorted(kept.split()))

    one, two = plain(first), plain(second)
    table = [[0] * (len(two) + 1) for _ in range(len(one) + 1)]
    for i, a in enumerate(one, 1):
        for j, b in enumerate(two, 1):
            best = max(table[i - 1][j], table[i][j - 1])
            table[i][j] = table[i - 1][j - 1] + 1 if a == b else best
    total = len(one) + len(two)
    expected = 200 * table[-1][-1] / total if total else 100
    assert text_similarity(first, second) == pytest.approx(expected)
    assert Indel.normalized_similarity(one, two) * 100 == pytest.approx(expected)
