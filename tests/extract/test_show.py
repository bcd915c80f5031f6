"""What people are shown: no share higher than it is, values in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.show import shorten, show_confidence, show_share, show_value
from schemas import Basis, BodyPart, Citation, Guideline, Part, Side


@pytest.mark.parametrize("percent", range(101))
def test_whole_per_cent_are_shown_as_they_are(percent: int) -> None:
    assert show_confidence(percent / 100) == f"{percent} %"


@given(st.floats(0, 1))
def test_nothing_is_shown_as_surer_than_it_is(confidence: float) -> None:
    assert int(show_confidence(confidence).removesuffix(" %")) <= 100 * confidence + 1e-9
    assert (show_confidence(confidence) == "100 %") is (confidence == 1)


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (None, "–"),
        (0, "0.0"),
        (1, "100.0"),
        (0.9999, "99.9"),
        (0.5, "50.0"),
        (0.12345, "12.3"),
    ],
)
def test_shares(share: float | None, shown: str) -> None:
    assert show_share(share) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "–"),
        (12, "12"),
        ("upheld", "upheld"),
        ({"part": "knee", "side": None}, "knee"),
        (
            {
                "basis": "mtus",
                "guideline": "acoem",
                "year": 2004,
                "section": None,
                "pages": ["98", "99"],
            },
            "mtus acoem · 2004 · p. 98, 99",
        ),
        (BodyPart(part=Part.KNEE, side=Side.LEFT), "knee (left)"),
        (
            Citation(basis=Basis.MTUS, guideline=Guideline.CHRONIC_PAIN, section="Opioids"),
            "mtus chronic_pain · Opioids",
        ),
    ],
)
def test_values(value: object, shown: str) -> None:
    assert show_value(value) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("knee\n pain", "knee pain"),
        ("knee pains", "knee pains"),
        ("knee pain x", "knee pain…"),
    ],
)
def test_texts_are_cut_to_ten_characters(text: str, shown: str) -> None:
    assert shorten(text, 10) == shown
