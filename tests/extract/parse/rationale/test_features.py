"""Words, pairs and negations of a sentence."""

from hypothesis import given
from hypothesis import strategies as st

from extract.parse.rationale.features import sentence_features


def test_words_pairs_and_what_is_negated() -> None:
    assert sentence_features("has no pain; walks") == [
        "has", "no", "pain", ";", "walks", "has no", "no pain", "pain ;", "; walks", "!pain",
    ]  # fmt: skip


def test_a_negation_reaches_seven_words() -> None:
    negated = [each for each in sentence_features("not a b c d e f g h i") if each[0] == "!"]
    assert negated == ["!a", "!b", "!c", "!d", "!e", "!f", "!g"]


def test_a_short_negation_counts() -> None:
    assert "!walk" in sentence_features("he can't walk")


def test_numbers_are_alike() -> None:
    assert sentence_features("12 visits") == sentence_features("9 visits")


@given(st.text())
def test_each_feature_once(sentence: str) -> None:
    features = sentence_features(sentence.lower())
    assert len(features) == len(set(features))
