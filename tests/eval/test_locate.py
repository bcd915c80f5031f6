"""Where in the letter does a labelled value stand?"""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.fields import scored_fields
from eval.locate import LetterText, find_item, find_value
from extract.spans import Span
from schemas import Item
from tests.eval.makers import item, record

BY_PATH = {field.path: field for field in scored_fields()}

LETTER = """Dates of Injury:   08/09/2013
The patient is a 37-year-old female with lumbo-
sacral  STRAIN since August 9, 2013.

1. Physical therapy 12 visits: Upheld
MAXIMUS guideline: Chapter 12 Page(s): 98-99.
Decision rationale: The patient has had twelve visits of therapy
                                        3
of the knee and more are not needed at this time for the knee.
2. Norco #90: Overturned
"""

ITEM = Item.model_validate(
    item(
        "Physical therapy 12 visits",
        rationale="The patient has had twelve visits of therapy of the knee and more are "
        "not needed at this time for the knee.",
    )
)


def found(path: str, value: Any, of: Item | None = None) -> str | None:
    place = find_value(LetterText(LETTER), BY_PATH[path], value, of)
    return LETTER[place.start : place.end] if place else None


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("diagnoses", "sacral strain", "sacral  STRAIN"),
        ("diagnoses", "acral strain", None),
        ("diagnoses", "cervical strain", None),
        ("date_of_injury", date(2013, 8, 9), "08/09/2013"),
        ("date_of_injury", date(2013, 8, 8), None),
        ("patient.age", 37, "37"),
        ("patient.age", 12, None),
        ("patient.sex", "female", "female"),
    ],
)
def test_values_of_the_letter(path: str, value: Any, expected: str | None) -> None:
    assert found(path, value) == expected


def test_a_date_in_words() -> None:
    text = LetterText("injured on Aug. 9, 2013 and")
    place = find_value(text, BY_PATH["date_of_injury"], date(2013, 8, 9), None)
    assert place == Span(11, 23)


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("items[].requested.visits", 12, "12"),
        ("items[].decision", "upheld", "Upheld"),
        ("items[].decision", "overturned", None),
        ("items[].rationale_factors", "no_indication", None),
    ],
)
def test_an_items_values_are_sought_where_the_item_stands(
    path: str, value: Any, expected: str | None
) -> None:
    assert found(path, value, ITEM) == expected


def test_a_long_text_is_found_around_page_furniture() -> None:
    assert ITEM.rationale is not None
    place = LetterText(LETTER).find(ITEM.rationale)
    assert place is not None
    assert LETTER[slice(*place)].startswith("The patient has had twelve")
    assert LETTER[slice(*place)].endswith("for the knee.")
    assert "3\n" in LETTER[slice(*place)]


def test_a_long_text_that_is_not_there_is_not_found() -> None:
    assert LetterText(LETTER).find("no word of this text " * 4) is None
    assert ITEM.rationale is not None
    assert (
        LetterText(LETTER).find(ITEM.rationale + " And more words at the end of it.") is None
    )


def test_a_number_of_an_unknown_item_is_not_guessed() -> None:
    assert found("items[].requested.visits", 12) is None
    elsewhere = Item.model_validate(item("Gym membership"))
    assert found("items[].requested.visits", 12, elsewhere) is None
    assert found("items[].decision", "upheld", elsewhere) is None


def test_citations_and_body_parts_by_their_words() -> None:
    label = record(
        item(
            "MRI of the left knee",
            body_parts=[{"part": "knee", "side": "left"}],
            reviewer_guidelines=[
                {"basis": "mtus", "guideline": "odg", "section": "Knee, MRI"}
            ],
        )
    ).items[0]
    text = LetterText("MRI of the left knee: Upheld. Decision based on ODG Knee, MRI.")
    part, cited = BY_PATH["items[].body_parts"], BY_PATH["items[].reviewer_guidelines"]
    assert find_value(text, part, label.body_parts[0], label) == Span(16, 20)
    assert find_value(text, cited, label.reviewer_guidelines[0], None) == Span(52, 61)


@pytest.mark.parametrize(
    ("path", "position"), [("items[1].decision", 1), ("items[7].decision", None), ("x", None)]
)
def test_the_item_of_a_path(path: str, position: int | None) -> None:
    whole = record(item("MRI"), item("CT"))
    assert find_item(whole, path) == (None if position is None else whole.items[position])


@given(st.text(alphabet="ab \n\tİß", max_size=30), st.data())
def test_what_stands_there_is_found(text: str, data: st.DataObject) -> None:
    words = text.split()
    if not words:
        assert LetterText(text).find("a") is None
        return
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    wanted = " ".join(words[first : last + 1])
    place = LetterText(text).find(wanted)
    assert place is not None
    assert text[place.start : place.end].split() == wanted.split()
