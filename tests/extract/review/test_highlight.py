"""The letter is shown whole: cut into segments, not a character lost or moved."""

from hypothesis import given
from hypothesis import strategies as st

from extract import extract_record
from extract.review.highlight import Mark, cut_pages, marks_of
from extract.review.render import as_is
from extract.review.sheet import sheet_of
from tests.extract.review.runs import TWO_ITEMS

TEXTS = st.text(
    alphabet=st.sampled_from("abc \n\r\t<&>\x00\x07\u202e\U0001f9feé"), max_size=60
)


@given(
    pages=st.lists(TEXTS, min_size=1, max_size=3),
    places=st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)), max_size=8),
)
def test_segments_join_to_the_text_and_lie_under_their_marks(
    pages: list[str], places: list[tuple[int, int]]
) -> None:
    text = "\f".join(pages)
    starts, at = [], 0
    for page in pages:
        starts.append(at)
        at += len(page) + 1
    marks = [
        Mark(a, b, f"m{n}", "item") for n, (a, b) in enumerate(places) if a < b <= len(text)
    ]
    shown = cut_pages(text, starts, marks)
    assert [len("".join(s.text for s in page.segments)) for page in shown] == [
        len(page) for page in pages
    ]
    for segment in (segment for page in shown for segment in page.segments):
        end = segment.start + len(segment.text)
        over = {m.id for m in marks if m.start <= segment.start and end <= m.end}
        assert set(segment.ids.split()) == over
        original = text[segment.start : end]
        for character, shown_as in zip(original, segment.text, strict=True):
            assert shown_as in {character, "\ufffd"}


def test_a_value_within_a_rationale_has_its_own_colour() -> None:
    marks = [Mark(0, 20, "r", "reason"), Mark(5, 7, "q", "quantity")]
    (page,) = cut_pages("x" * 20, [0], marks)
    assert [segment.group for segment in page.segments] == ["reason", "quantity", "reason"]
    assert page.segments[1].ids == "q r"


def test_marks_quote_what_the_evidence_quotes() -> None:
    extraction = extract_record(TWO_ITEMS)
    by_id = {mark.id: mark for mark in marks_of(sheet_of(extraction))}
    age = by_id["r.patient.age.0"]
    assert TWO_ITEMS[age.start : age.end] == extraction.evidence["patient.age"].quote
    assert (age.group, by_id["i1.decision.0"].group) == ("people", "item")


def test_a_carriage_return_survives_the_way_through_html() -> None:
    assert as_is("a\r\n<b>&") == "a&#13;\n&lt;b&gt;&amp;"
