import re
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.clean import clean
from extract.model.ground import Ground, Placed, Step, fold
from extract.spans import Span

LETTER = (
    "The patient is a 37-year-old female with an injury date of 8/9/13. She had 23 physcial "
    "therapy sessions. Norco 10/325mg #90 was requested for the left shoulder. The exam is "
    "normal and she is asymptomatic; abduction is 90 degrees. The request is not medically "
    "necessary. There is no xanthoma-\ntosis of the skin. Post-\noperative therapy – 12 "
    "visits – was “helpful”. Employee's report of 2.5 mg. The left shoulder is stable."
)
GROUND = Ground(clean(LETTER).flat)

PLACED = [
    ("37-year-old female", Step.EXACT),
    ("injury   date\nof 8/9/13", Step.FOLDED),
    ("no xanthomatosis of the skin", Step.FOLDED),
    ("Post-operative therapy", Step.EXACT),
    ("postoperative therapy", Step.CASE_FOLDED),
    ("therapy - 12 visits", Step.FOLDED),
    ('was "helpful"', Step.FOLDED),
    ("THE PATIENT IS A 37-YEAR-OLD FEMALE", Step.CASE_FOLDED),
    ("23 physical therapy sessions", Step.WORD_BY_WORD),
    ("not medicaly necessary", Step.WORD_BY_WORD),
    ("medi-\ncally necessary", Step.FOLDED),
]


@pytest.mark.parametrize(("quote", "step"), PLACED)
def test_quotation_is_placed_by_the_first_step_that_finds_it(quote: str, step: Step) -> None:
    placed = GROUND.place(quote)
    assert placed is not None
    assert placed.step is step
    said = GROUND.flat[placed.start : placed.end]
    assert len(fold(said).split()) == len(fold(quote).split())


NOT_THERE = [
    "The request is medically necessary",  # negation taken out
    "The request is not not medically necessary",
    "had not 23 physcial therapy sessions",
    "24 physcial therapy sessions",  # number
    "injury date of 8/9/14",  # date
    "injury date of 8/19/13",
    "Norco 10/352mg #90",  # strength
    "Norco 10/325mg #9",  # a number cut short
    "the right shoulder",  # side
    "The exam is abnormal and she",  # opposite
    "she is symptomatic",
    "adduction is 90 degrees",
    "is not medically unnecessary",
    "Employer's report of",
    "37-year-old male",
    "Norco was requested for the left shoulder",  # words left out
    "report of 5 mg",  # half of 2.5
    "necess",  # half a word
    "",
    "   ",
]


@pytest.mark.parametrize("quote", NOT_THERE)
def test_altered_quotation_is_not_in_the_letter(quote: str) -> None:
    assert GROUND.place(quote) is None


def test_a_word_that_the_letter_knows_is_no_typing_error_of_another() -> None:
    ground = Ground(
        "The trapezius was tender on the left. The trapezius was injected. A sprain of the "
        "trapezium of the thumb was seen."
    )
    assert ground.place("The trapezium was tender on the left") is None
    assert ground.place("The trapezius was tendre on the left") is not None


def test_of_several_places_the_one_in_the_region_is_meant() -> None:
    first, second = [m.start() for m in re.finditer("left shoulder", GROUND.flat)]
    assert GROUND.place("left shoulder") == Placed(first, first + 13, Step.EXACT)
    region = Span(second - 5, len(GROUND.flat))
    assert GROUND.place("left shoulder", within=region) == Placed(
        second, second + 13, Step.EXACT
    )


def test_place_outside_the_only_region_is_none() -> None:
    assert GROUND.place("37-year-old", within=Span(100, 200), must_lie_inside=True) is None


def test_looser_step_in_the_region_beats_an_exact_one_elsewhere_only_if_asked() -> None:
    ground = Ground("left knee. LEFT KNEE.")
    assert ground.place("left knee", within=Span(10, 21)) == Placed(0, 9, Step.EXACT)
    assert ground.place("left knee", within=Span(10, 21), must_lie_inside=True) == Placed(
        11, 20, Step.CASE_FOLDED
    )


WORDS = [match.span() for match in re.finditer(r"\S+", GROUND.flat)]


@given(st.integers(0, len(WORDS) - 1), st.integers(1, 12), st.data())
def test_words_cut_from_the_letter_are_found_under_noise(
    first: int, count: int, data: st.DataObject
) -> None:
    start, end = WORDS[first][0], WORDS[min(first + count, len(WORDS)) - 1][1]
    blanks = data.draw(st.sampled_from([" ", "  ", "\n", " \n\n ", "\t", "\u00a0"]))
    changes: list[Callable[[str], str]] = [str, str.upper, str.lower, str.title]
    change = data.draw(st.sampled_from(changes))
    quote = change(GROUND.flat[start:end].replace(" ", blanks))
    placed = GROUND.place(quote)
    assert placed is not None
    said = fold(GROUND.flat[placed.start : placed.end]).lower()
    assert said == fold(quote).lower()


@given(st.integers(0, len(WORDS) - 1), st.integers(1, 12), st.data())
def test_changed_digit_is_never_found(first: int, count: int, data: st.DataObject) -> None:
    start, end = WORDS[first][0], WORDS[min(first + count, len(WORDS)) - 1][1]
    quote = GROUND.flat[start:end]
    places = [index for index, character in enumerate(quote) if character.isdigit()]
    if not places:
        return
    at = data.draw(st.sampled_from(places))
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != quote[at]]))
    assert GROUND.place(quote[:at] + digit + quote[at + 1 :]) is None


@given(st.text(max_size=200), st.text(max_size=40))
@settings(max_examples=200)
def test_any_text_is_searched_without_error_and_only_within_bounds(
    letter: str, quote: str
) -> None:
    flat = clean(letter).flat
    placed = Ground(flat).place(quote)
    if placed:
        assert 0 <= placed.start < placed.end <= len(flat)


def test_today_is_not_looked_at() -> None:
    assert Ground(f"on {date(2014, 1, 9):%m/%d/%Y}").place("01/09/2014") is not None
