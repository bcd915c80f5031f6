"""Cleaning evens a text out and never loses the way back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.clean import clean

PIECES = [*"ab1.- \n\r\t\f\xa0\x85\x1c\u2028\u200b\ufb01", "Page 2\n", "CM13-0003306\n"]
NOISY = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("one \n\n two", "one\ntwo"),
        ("one\r\n\r\n\r\ntwo  three", "one\ntwo three"),
        ("\n  one", "one"),
        ("\n\u200b one", "one"),
        ("11-21-\r\n2016", "11-21-2016"),
        ("medi-\u2028cally", "medically"),
        ("post- \noperative visit", "post-operative visit"),
        ("medi-\ncally sound, medically", "medically sound, medically"),
        ("11-21- \n2016", "11-21-2016"),
        ("the recom-\nmendation", "the recommendation"),
        ("an ill-\nspelt word", "an ill-spelt word"),
        ("well - \nknown", "well -\nknown"),
        ("a\xa0b\u200bc", "a bc"),
        ("of\ufb01ce", "office"),
        ("end of page\fnext page", "end of page\nnext page"),
        ("text\nPage 2 of 5\nmore", "text\nmore"),
        ("text\nCM13-0015530 Page 1\nmore", "text\nmore"),
        ("text\n1\nCM13-0003306\n\nmore", "text\nmore"),
        ("text\n\n1\nCase Number CM13-0003306\n\nmore", "text\nmore"),
        ("text\nIMR Case Number CM13-0003306\t\t\t1\nmore", "text\nmore"),
        ("text\nIMR Case Number: CM13-0003306\tPage 1 \nmore", "text\nmore"),
        ("text\nCM13-0003306 - 2\nmore", "text\nmore"),
        (
            "text\nFinal Determination Letter for IMR Case Number CM13-0003306    Page 1 of 4\n"
            "more",
            "text\nmore",
        ),
        ("text\nMEDICAL PROFESSIONAL REVIEW - CM13-0003306     Page 1\nmore", "text\nmore"),
        ("text\n02/26/2014  IMR  Final Determination  CM13-0003306  -  3\nmore", "text\nmore"),
        ("text\n CM13-0003306  |  Independent Medical Review  |  3\nmore", "text\nmore"),
        ("text\nCM13-0003306 (cont.)\nmore", "text\nmore"),
        ("text\nCM13-0003306\n2\nmore", "text\nmore"),
        ("text\nCM13-0003306\nPage Three\nmore", "text\nmore"),
        ("text\nPage 1 of 3          IMR# CM14-0003725\nmore", "text\nmore"),
        ("text\nNotice of IMR Determination CM13-0003306 2 | P a g e\nmore", "text\nmore"),
        ("text\nMAXIMUS Federal Services, Inc. CM13-0003306\n4\nmore", "text\nmore"),
        ("Number:\nCM13-0003306\n8/30/2013\nmore", "Number:\nCM13-0003306\n8/30/2013\nmore"),
        (
            "\n".join(["a"] * 16 + ["CM13-0003306  Dated: May 5", "b"] * 2),
            "\n".join(["a"] * 16 + ["b", "b"]),
        ),
        (
            "CM13-0003306  Dated: May 5\nb\n" * 2,
            "\n".join(["CM13-0003306 Dated: May 5", "b"] * 2),
        ),
        ("IMR Case Number: CM13-0003306\nmore", "IMR Case Number: CM13-0003306\nmore"),
        ("the\n\n1 \n\nletter\n\n2\n\nends\n\n3 \n", "the\nletter\nends"),
        ("the\n\n1\n\nletter\n\n5\n\nends", "the\n1\nletter\n5\nends"),
        ("the\n\n1\n\nletter", "the\n1\nletter"),
        ("the\nPage 2     IMR Case Number: CM14-0006632\nend", "the\nend"),
        ("text\n12\n\fmore", "text\nmore"),
        ("IMR_000231\ntext\n   IMR_000232\nmore", "text\nmore"),
        ("IMR 000231\ntext\nIMR 000235\nmore", "IMR 000231\ntext\nIMR 000235\nmore"),
        ("Claim WC-001234\ntext\nMRN 001235\nmore", "Claim WC-001234\ntext\nMRN 001235\nmore"),
        ("WC001234\ntext\nMRN 001235\nmore", "WC001234\ntext\nMRN 001235\nmore"),
        ("Page 3 of the report says", "Page 3 of the report says"),
        ("one\nPeer Review   Page 1 of 2\ntwo\nPeer Review   Page 2 of 2", "one\ntwo"),
        ("one\n2014-02-20   1/2\ntwo\n2014-02-20   2/2\nthree", "one\ntwo\nthree"),
        ("one\nODG, page 78\ntwo\nODG, page 79", "one\nODG, page 78\ntwo\nODG, page 79"),
        ("one\nPain, page 1\ntwo\nHead, page 2", "one\nPain, page 1\ntwo\nHead, page 2"),
        (
            "one\nForm 5.16.13\n1\nCM13-0003306\ntwo\nForm 5.16.13\n2\nCM13-0003306\nthree",
            "one\ntwo\nthree",
        ),
        (
            "not necessary.\n1\nCM13-0003306\ntwo, not necessary.\n2\nCM13-0003306\nthree",
            "not necessary.\ntwo, not necessary.\nthree",
        ),
        (
            "so\nappropriate.\n1\nCM13-0003306\nyet\nappropriate.\n2\nCM13-0003306\nend",
            "so\nappropriate.\nyet\nappropriate.\nend",
        ),
        ("text\n  2\n  CM13-0003306\nmore", "text\nmore"),
    ],
)
def test_clean_evens_out(text: str, lines: str) -> None:
    assert clean(text).lines == lines


def test_furniture_is_kept_in_the_margin_with_its_place() -> None:
    text = "text\nCM13-0015530 Page 1\nmore\nCM13-0015530 Page 2"
    cleaned = clean(text)
    at = cleaned.margin.text.index("CM13-0015530", 5)
    start, end = cleaned.offsets.original_span(
        cleaned.margin.start + at, cleaned.margin.start + at + 12
    )
    assert text[start:end] == "CM13-0015530"
    assert start > text.index("more")


@given(NOISY)
def test_every_character_finds_its_way_back(text: str) -> None:
    cleaned = clean(text)
    for offset, character in enumerate(cleaned.lines):
        original = text[cleaned.offsets.original(offset)]
        if not character.isspace():
            assert character == original or (original == "\ufb01" and character in "fi")


@given(NOISY)
def test_flat_and_lines_have_the_same_offsets(text: str) -> None:
    cleaned = clean(text)
    assert cleaned.flat == cleaned.lines.replace("\n", " ")
    assert "  " not in cleaned.flat
    assert cleaned.lines == cleaned.lines.strip()
    assert not set(cleaned.flat) & set("\t\r\f\xa0\x85\x1c\u2028\u200b")
    assert len(cleaned.printed) == len(text)
