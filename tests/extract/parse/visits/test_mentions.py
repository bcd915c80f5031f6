"""Phrases of a lexicon in a text."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.parse.visits.mentions import PhraseTable

TABLE = PhraseTable({"had": ["received", "was given"], "plan": ["been received", "request*"]})

FOUND = [
    ("she received care", ["had"]),
    ("it has been received", ["plan"]),
    ("the requests were sent", ["plan"]),
    ("he was given, then received", ["had", "had"]),
    ("unreceived", []),
    ("receivedly", []),
]


@pytest.mark.parametrize(("text", "labels"), FOUND)
def test_phrases_match_whole_words_the_longest_first(text: str, labels: list[str]) -> None:
    assert [mention.label for mention in TABLE.find(text)] == labels
    assert TABLE.first(text) == (labels[0] if labels else None)


def test_a_short_stem_is_refused() -> None:
    with pytest.raises(ValueError, match="no phrase of a lexicon"):
        PhraseTable({"kind": ["pt*"]})


@given(st.text(alphabet="receivdbn qustwag,."))
def test_mentions_stand_in_order_and_apart(text: str) -> None:
    mentions = TABLE.find(text)
    assert all(0 <= m.start < m.end <= len(text) for m in mentions)
    assert all(a.end <= b.start for a, b in pairwise(mentions))
