"""Where sentences begin and end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.parse.sentences import sentence_end, split_sentences
from extract.spans import Passage, lowered

SENTENCES = [
    ("The exam is normal. There is no deficit.", ["The exam is normal. ", "There is no deficit."]),
    ("Care ended in 2013.The patient works.", ["Care ended in 2013.", "The patient works."]),
    ('It is "not recommended." The request is late.',
     ['It is "not recommended." ', "The request is late."]),
    ("Under section 9792.24.2 it is so.", ["Under section 9792.24.2 it is so."]),
    ("Seen by Dr. Jones for L4-5 pain vs. Hip pain.",
     ["Seen by Dr. Jones for L4-5 pain vs. Hip pain."]),
    ("Per MTUS, pg. 98, it is. The rt. knee hurts. The lt. Then rest.",
     ["Per MTUS, pg. 98, it is. ", "The rt. knee hurts. ", "The lt. ", "Then rest."]),
    ("no end at all", ["no end at all"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sentences"), SENTENCES)
def test_a_text_is_cut_into_sentences(text: str, sentences: list[str]) -> None:
    assert [part.text for part in split_sentences(Passage(text, 3))] == sentences


def test_a_sentence_ends_at_its_full_stop() -> None:
    assert sentence_end("Pain. Then rest.", 0, 16) == 4
    assert sentence_end("Pain without end", 0, 16) == 16


@given(st.text())
def test_sentences_put_together_are_the_text(text: str) -> None:
    passage = Passage(text, 7)
    parts = list(split_sentences(passage))
    assert "".join(part.text for part in parts) == text
    assert all(passage.text[p.start - 7 : p.end - 7] == p.text for p in parts)


@given(st.text())
def test_lower_case_keeps_every_offset(text: str) -> None:
    assert len(lowered(text)) == len(text)


def test_a_letter_with_a_long_lower_case_is_left() -> None:
    assert lowered("İN PAIN") == "İn pain"
