"""Items of labelled letters: title, decision, guideline lines, rationale."""

import pytest

from extract.clean import clean
from extract.parse.letter import cut_letter
from schemas import Decision, Layout
from tests.extract.parse.cut.cutting import U, as_row, cut

OPENING = (
    "IMR ISSUES, DECISIONS AND RATIONALES\n"
    "The Final Determination was based on decisions for the disputed items/services set "
    "forth below:\n"
)


LABELS = (
    "\nClaims Administrator guideline: Decision based on MTUS Knee Complaints 2004."
    "\nMAXIMUS guideline: Decision based on MTUS Knee Complaints 2004.\nDecision rationale: {}\n"
)


def item(title: str, rationale: str = "No red flag is present. It is not necessary.") -> str:
    return title + LABELS.format(rationale)


TITLES = [
    ("MRI of the left knee: Upheld", "MRI of the left knee", Decision.UPHELD),
    ("Soma 350mg #90:  Overturned", "Soma 350mg #90", Decision.OVERTURNED),
    ("1. MRI of the left knee: Upheld", "MRI of the left knee", Decision.UPHELD),
    ("2) Massage, 6 sessions: Upheld", "Massage, 6 sessions", Decision.UPHELD),
    ("Therapy two times a week for\nfour weeks:\nUpheld",
     "Therapy two times a week for four weeks", Decision.UPHELD),
    ("Associated surgical service: Sling: Upheld", "Associated surgical service: Sling",
     Decision.UPHELD),
    ("Gel, #60 grams with 1 refill, DOS: 11/11/2013: \nUpheld",
     "Gel, #60 grams with 1 refill, DOS: 11/11/2013", Decision.UPHELD),
    ("Knee brace Upheld", "Knee brace", Decision.UPHELD),
    ("Knee brace: UpheldClaims Administrator guideline: x", "Knee brace", Decision.UPHELD),
    ("Knee brace: UpheldClaims Administrator\nguideline: x", "Knee brace", Decision.UPHELD),
    ("The request for a knee brace: Upheld", "a knee brace", Decision.UPHELD),
    ("TENS UNIT: PARTIALLY OVERTURNED", "TENS UNIT", Decision.PARTIALLY_OVERTURNED),
    ("Therapy 12 visits was the original request. Therapy 6 visits was authorized by the\n"
     "Claims Administrator. The remaining IMR eligible portion of the original request,\n"
     "Therapy 6 visits is: Upheld",
     "Therapy 12 visits was the original request. Therapy 6 visits was authorized by the "
     "Claims Administrator. The remaining IMR eligible portion of the original request, "
     "Therapy 6 visits", Decision.UPHELD),
    ("Therapy, #8 was the original request.\nTherapy, #6 was authorized by the Claims\n"
     "Administrator. The remaining IMR eligible portion of the original request, Therapy, "
     "#2 is: Upheld",
     "Therapy, #8 was the original request. Therapy, #6 was authorized by the Claims "
     "Administrator. The remaining IMR eligible portion of the original request, Therapy, "
     "#2", Decision.UPHELD),
    ("Whether the request for a brace is medically necessary: Upheld", "a brace",
     Decision.UPHELD),
    ("Braces are medically necessary and appropriate.: Upheld", "Braces", Decision.UPHELD),
    ("Soma 350mg #90: Partial Overturn", "Soma 350mg #90", Decision.PARTIALLY_OVERTURNED),
    ("Soma 350mg #90: Overturned in part", "Soma 350mg #90", Decision.PARTIALLY_OVERTURNED),
    ("Soma 350mg #90: Partially\nOverturned", "Soma 350mg #90", Decision.PARTIALLY_OVERTURNED),
    ("Soma 350mg #90: Upheld\nin part", "Soma 350mg #90", Decision.PARTIALLY_OVERTURNED),
    ("Soma 350mg #90: PARTLY UPHELD", "Soma 350mg #90", Decision.PARTIALLY_OVERTURNED),
    ("Soma 350mg #90: upheld", "Soma 350mg #90", Decision.UPHELD),
    ("Norco 10/325mg 1 tab p.o. q.i.d.\n#120: Upheld", "Norco 10/325mg 1 tab p.o. q.i.d. #120",
     Decision.UPHELD),
    ("Follow-up visit with Dr.\nLee: Upheld", "Follow-up visit with Dr. Lee",
     Decision.UPHELD),
]  # fmt: skip


@pytest.mark.parametrize(("title", "description", "decision"), TITLES)
def test_title_is_read_alone_and_behind_another_item(
    title: str, description: str, decision: Decision
) -> None:
    parts = cut(OPENING + item("MRI of the hip: Upheld") + item(title) + item(title))
    assert len(parts.items) == 3
    for each in parts.items[1:]:
        assert each.title.text == description
        assert each.decision is not None
        assert each.decision.value is decision


def test_parts_of_an_item() -> None:
    (found,) = cut(
        OPENING + item("MRI: Upheld", "The denial was upheld:\nUpheld in 2012.")
    ).items
    assert found.claims_line is not None
    assert found.claims_line.text == "Decision based on MTUS Knee Complaints 2004."
    assert found.reviewer_line is not None
    assert found.reviewer_line.text == found.claims_line.text
    assert found.reviewer_line.start > found.claims_line.end
    assert found.rationale is not None
    assert found.rationale.text == "The denial was upheld: Upheld in 2012."


def test_item_without_the_reviewers_line() -> None:
    text = (
        OPENING
        + "Meloxicam: Overturned\nClaims Administrator guideline: x\nDecision rationale: y"
    )
    (found,) = cut(text).items
    assert found.reviewer_line is None
    assert found.rationale is not None
    assert found.rationale.text == "y"


@pytest.mark.parametrize(
    "rationale",
    ["The request is not appropriate", "It is not medically\nnecessary", "See (ODG 2014)"],
)
def test_a_rationale_without_full_stop_is_not_the_next_title(rationale: str) -> None:
    first, second = cut(OPENING + item("MRI: Upheld", rationale) + item("Sling: Upheld")).items
    assert first.rationale is not None
    assert first.rationale.text == rationale.replace("\n", " ")
    assert second.title.text == "Sling"


def test_labels_in_other_letters_and_in_the_plural() -> None:
    text = OPENING + item("MRI: Upheld", "It is not necessary.")
    plural = text.replace("guideline:", "guidelines:").replace("Decision r", "Decision R")
    for each in (plural, text.upper()):
        (found,) = cut(each).items
        assert found.title.text == "MRI"
        assert found.claims_line is not None
        assert found.rationale is not None


def test_labels_quoted_in_a_rationale_do_not_cut_it() -> None:
    rationale = 'The form says "Decision rationale: none". MAXIMUS guideline was not cited.'
    (found,) = cut(OPENING + item("MRI: Upheld", rationale)).items
    assert found.rationale is not None
    assert found.rationale.text == rationale


def test_a_heading_quoted_in_the_summary_does_not_end_it() -> None:
    text = (
        "CLINICAL CASE SUMMARY\nHe wrote that the IMR ISSUES, DECISIONS AND RATIONALES and the\n"
        "CLINICAL CASE SUMMARY were wrong.\n" + OPENING + item("MRI: Upheld")
    )
    parts = cut(text)
    assert parts.summary is not None
    assert parts.summary.text.endswith("were wrong.")
    assert len(parts.items) == 1


def test_a_heading_glued_to_a_sentence_still_counts() -> None:
    parts = cut("CLINICAL CASE SUMMARY\nHe fell." + OPENING + item("MRI: Upheld"))
    assert parts.layout is not None
    assert parts.layout.value is Layout.ISSUES_DECISIONS_RATIONALES
    assert parts.summary is not None
    assert parts.summary.text == "He fell."


def test_labels_may_have_lost_their_blanks() -> None:
    text = OPENING + "MRI of the knee:Upheld\n" + LABELS
    glued = text.replace("Claims Administrator", "ClaimsAdministrator").replace(
        "Decision rationale", "Decisionrationale"
    )
    assert glued != text
    assert [as_row(found) for found in cut(glued).items] == [
        as_row(found) for found in cut(text).items
    ]


@pytest.mark.parametrize("text", ["", "A letter from a friend.", "Upheld", OPENING])
def test_no_items_in_what_states_none(text: str) -> None:
    assert cut(text).items == []


def test_places_are_those_of_the_words() -> None:
    cleaned = clean(OPENING + item("MRI of the\n\n  left knee:  Upheld"))
    (found,) = cut_letter(cleaned).items
    assert cleaned.flat[found.title.start : found.title.end] == "MRI of the left knee"
    assert found.decision is not None
    assert cleaned.flat[found.decision.start : found.decision.end] == "Upheld"


SENTENCES_FOR_LABELS = """1. MRI OF THE KNEE: Overturned
The Claims Administrator based its decision on the MTUS, page 3.
The MAXIMUS physician reviewer found no section of the MTUS applicable and cited the ODG.
The MAXIMUS physician reviewer's decision rationale: A tear is likely.
The Claims Administrator cited nothing against it.
2. Soma 350mg #30: Upheld
The Claims Administrator did not cite any evidence.
Decision rationale: Ten would do."""


def test_sentences_stand_for_the_labels_of_an_item() -> None:
    items = cut(OPENING + SENTENCES_FOR_LABELS).items
    assert [as_row(found) for found in items] == [
        ("MRI OF THE KNEE", Decision.OVERTURNED,
         "The Claims Administrator based its decision on the MTUS, page 3.",
         "The MAXIMUS physician reviewer found no section of the MTUS applicable and cited the "
         "ODG.",
         "A tear is likely. The Claims Administrator cited nothing against it."),
        ("Soma 350mg #30", U, "The Claims Administrator did not cite any evidence.", None,
         "Ten would do."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "behind", ["The reviewer used the ODG.", "The claims administrator cited the ODG."]
)
def test_a_sentence_in_a_rationale_is_no_label(behind: str) -> None:
    told = f"The first review was\nUpheld\n{behind}"
    [found] = cut(OPENING + item("MRI: Upheld", told)).items
    assert found.title.text == "MRI"
    assert found.rationale is not None
    assert found.rationale.text == told.replace("\n", " ")


def test_labels_and_sentences_for_them_may_be_mixed() -> None:
    brace = (
        "Brace: Overturned\nThe Claims Administrator used the ODG.\nDecision rationale: Yes.\n"
    )
    for text in (item("MRI: Upheld") + brace, brace + item("MRI: Upheld")):
        assert {found.title.text for found in cut(OPENING + text).items} == {"MRI", "Brace"}


def test_a_label_goes_before_a_sentence_that_could_stand_for_it() -> None:
    text = item("MRI: Upheld", "It is needed.").replace(
        "\nDecision rationale:", "\nThe reviewer's rationale: below.\nDecision rationale:"
    )
    [found] = cut(OPENING + text).items
    assert found.rationale is not None
    assert found.rationale.text == "It is needed."
