"""Phrases of a word list in a title."""

from hypothesis import given
from hypothesis import strategies as st

from extract.parse.title.phrases import PhraseBook
from tests.extract.parse.title.titles import words_of

BOOK = PhraseBook([("knee", 1), ("knee brace", 2), ("x-ray", 3), ("c/s", 4), ("brace", 5)])


def found(title: str) -> list[int]:
    return [phrase.value for phrase in BOOK.find(words_of(title))]


def test_the_longest_phrase_counts() -> None:
    assert found("Right knee brace") == [2]


def test_case_plural_and_hyphens_make_no_difference() -> None:
    assert found("KNEE BRACES, X-Rays, x ray, C/S, C-S") == [2, 3, 3, 4, 4]


def test_a_comma_ends_a_phrase() -> None:
    assert found("knee, brace") == [1, 5]


def test_words_are_whole() -> None:
    assert found("kneeling, embrace") == []


@given(st.text(alphabet="kne brac-,xyC/S", max_size=60))
def test_phrases_stand_in_order_and_do_not_overlap(title: str) -> None:
    words = words_of(title)
    at = -1
    for phrase in BOOK.find(words):
        assert at < phrase.first <= phrase.last < len(words.words)
        at = phrase.last
