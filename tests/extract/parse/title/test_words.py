"""Which words a title consists of, and the signs by which amounts are read."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from extract.lexicon import load_lexicon
from extract.parse.title.words import read_words, singular, word_signs
from extract.spans import Passage
from tests.extract.parse.title.titles import words_of

SIGNS = [
    ("2 times a week for 6 weeks", "NxpwfNw"),
    ("2x6", "NxN"),
    ("X8 visits", "xNv"),
    ("x-ray", "o-o"),
    ("L4-5 and L5-S1", "LoL"),
    ("C5/6", "L"),
    ("twelve (12) sessions", "N(N)v"),
    ("Twenty-four visits", "Nv"),
    ("7.5 mg #60", "Du#N"),
    ("QTY: 60.00", "q:N"),
    ("DOS 12/13/2016", "oo"),
    ("the 4th finger", "ooo"),
    ("Synvisc-One", "o-o"),
    ("two-three", "N-N"),
    ("b12", "L"),
    ("", ""),
]


@pytest.mark.parametrize(("title", "signs"), SIGNS)
def test_signs(title: str, signs: str) -> None:
    assert words_of(title).signs == signs


@pytest.mark.parametrize(
    ("title", "number"), [("twenty-four", 24), ("60.00", 60), ("twice", 2), ("therapy", None)]
)
def test_numbers(title: str, number: int | None) -> None:
    assert words_of(title).number(0) == number


@pytest.mark.parametrize(
    ("word", "one"),
    [
        ("injections", "injection"),
        ("therapies", "therapy"),
        ("patches", "patch"),
        ("boxes", "box"),
        ("braces", "brace"),
        ("pelvis", "pelvis"),
        ("meniscus", "meniscus"),
        ("tens", "tens"),
        ("ncs", "ncs"),
    ],
)
def test_singular(word: str, one: str) -> None:
    assert singular(word) == one


def test_every_listed_word_has_its_sign() -> None:
    signs = load_lexicon("quantities")["signs"]
    listed = [word for words in signs.values() for word in words]
    assert len(listed) == len(set(listed))
    assert all(len(sign) == 1 for sign in signs)
    wrong = [
        word
        for sign, words in signs.items()
        for word in words
        if word_signs()[word] != sign or read_words(Passage(f"6 {word}")).signs[1:] != sign
    ]
    assert wrong == []


@given(st.text(max_size=200))
@example("İ x 2")
def test_each_word_stands_where_it_says(text: str) -> None:
    words = words_of(text)
    assert len(words.words) == len(words.spans) == len(words.signs) == len(words.singular)
    assert [text[start:end].lower() for start, end in words.spans] == words.words
