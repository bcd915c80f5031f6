"""Items of each layout: title, decision, guideline lines, rationale."""

import re
from collections.abc import Callable

import pytest

from extract.clean import clean
from extract.parse.letter import cut_letter
from extract.parse.parts import ItemParts, LetterParts
from schemas import Decision, Layout

OPENING = (
    "IMR ISSUES, DECISIONS AND RATIONALES\n"
    "The Final Determination was based on decisions for the disputed items/services set "
    "forth below:\n"
)
LABELS = (
    "\nClaims Administrator guideline: Decision based on MTUS Knee Complaints 2004."
    "\nMAXIMUS guideline: Decision based on MTUS Knee Complaints 2004.\nDecision rationale: {}\n"
)


def cut(text: str) -> LetterParts:
    return cut_letter(clean(text))


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


SENTENCES = """IMR DECISION(S) AND RATIONALE(S)
The Final Determination was based on decisions for the disputed items/services set forth
below:
1. Twelve sessions of aquatic therapy is partially medically necessary and
appropriate. Six sessions are medically necessary and appropriate.
The Claims Administrator based its decision on the ODG. The Physician Reviewer based his/her
decision on the ACOEM Guidelines.
The Physician Reviewer’s decision rationale: Twelve exceed the number.
2. Lyrica 75mg #60 is medically necessary and appropriate.
The Claims Administrator did not cite any medical evidence for its decision. The Expert
Reviewer based his/her decision on the FDA label.
The Expert Reviewer's decision rationale: First-line for nerve pain.
3. Gym was NOT medically necessary and appropriate.
The Claims Administrator based its decision on the ODG. The Expert Reviewer based his/her
decision on the ODG.
The Expert Reviewer's decision rationale: A gym is not necessary. It was overturned once."""

NOTICE = """Notice of Independent Medical Review Determination
1) MAXIMUS Federal Services, Inc. has determined the request for twelve sessions of
therapy is notmedically necessary and appropriate.
2) MAXIMUS Federal Services, Inc. has determined the request for Celebrex 200mg #60 is
medically necessary and appropriate.
INDEPENDENT MEDICAL REVIEW DECISION AND RATIONALE
A decision has been made for each of the treatment and/or services that were in dispute:
1) MAXIMUS Federal Services, Inc. has determined the request for twelve sessions of
therapy is not medically necessary and appropriate.
2) MAXIMUS Federal Services, Inc. has determined the request for Celebrex 200mg #60 is
medically necessary and appropriate.
Case Summary:
The employee fell.
Documents Reviewed for Determination:
All of them.
1) Regarding the request for twelve sessions of
therapy:
Section of the Medical Treatment Utilization Schedule Relied Upon by the Expert Reviewer to
Make His/Her Decision
The Claims Administrator based its decision on the ODG. The Expert Reviewer based his/her
decision on the ACOEM.
Rationale for the Decision:
A home program will do.
2) Regarding the request for Celebrex 200mg #60:
Section of the Medical Treatment Utilization Schedule Relied Upon by the Expert Reviewer to
Make His/Her Decision
The Claims Administrator based its decision on the ODG. The Expert Reviewer based his/her
decision on the ACOEM.
Rationale for the Decision:
The conditions are satisfied.
Effect of the Decision:
Binding on all parties."""

PROFESSIONAL = """MEDICAL PROFESSIONAL REVIEW
ISSUE AT DISPUTE:
1. Shock wave therapy, right elbow, 2x3
2. Work hardening program, 10 visits
CASE SUMMARY:
Claimant: female.
1. Shock wave therapy, right elbow, 2x3
MEDICAL TREATMENT GUIDELINE(S) RELIED UPON BY PROFESSIONAL REVIEWER AND WHY:
ACOEM, page 29. The claims administrator relied on the same source.
RATIONALE FOR WHY THE REQUESTED TREATMENT/SERVICE IS/WAS NOT MEDICALLY NECESSARY:
It does not help.
2. Work hardening program, 10 visits
MEDICAL TREATMENT GUIDELINE(S) RELIED UPON BY PROFESSIONAL REVIEWER AND WHY:
MTUS, pages 125-126. The claims administrator cited no guideline.
RATIONALE FOR WHY THE REQUESTED TREATMENT/SERVICE IS/WAS MEDICALLY NECESSARY:
The criteria are met.
MEDICAL REVIEWER QUALIFICATIONS:
Board Certified in Neurology."""

U, O, P = Decision  # noqa: E741  # the table's columns

OTHER_LAYOUTS = [
    (SENTENCES, Layout.DECISIONS_AND_RATIONALES, [
        ("Twelve sessions of aquatic therapy", P, "The Claims Administrator based its decision "
         "on the ODG.", "The Physician Reviewer based his/her decision on the ACOEM "
         "Guidelines.", "Twelve exceed the number."),
        ("Lyrica 75mg #60", O, "The Claims Administrator did not cite any medical evidence for "
         "its decision.", "The Expert Reviewer based his/her decision on the FDA label.",
         "First-line for nerve pain."),
        ("Gym", U, "The Claims Administrator based its decision on the ODG.",
         "The Expert Reviewer based his/her decision on the ODG.",
         "A gym is not necessary. It was overturned once."),
    ]),
    (NOTICE, Layout.NOTICE_OF_DETERMINATION, [
        ("twelve sessions of therapy", U, "The Claims Administrator based its decision on the "
         "ODG.", "The Expert Reviewer based his/her decision on the ACOEM.",
         "A home program will do."),
        ("Celebrex 200mg #60", O, "The Claims Administrator based its decision on the ODG.",
         "The Expert Reviewer based his/her decision on the ACOEM.",
         "The conditions are satisfied."),
    ]),
    (PROFESSIONAL, Layout.PROFESSIONAL_REVIEW, [
        ("Shock wave therapy, right elbow, 2x3", U, "The claims administrator relied on the "
         "same source.", "ACOEM, page 29.", "It does not help."),
        ("Work hardening program, 10 visits", O, "The claims administrator cited no guideline.",
         "MTUS, pages 125-126.", "The criteria are met."),
    ]),
]  # fmt: skip


def test_the_insurers_reviewer_is_not_the_expert() -> None:
    other = PROFESSIONAL.replace(
        "ACOEM, page 29. The claims administrator relied on the same source.",
        "The claims administrator used the ODG. The UR reviewer cited MTUS, page 9.",
    )
    claims, reviewer = as_row(cut(other).items[0])[2:4]
    assert (claims, reviewer) == (
        "The claims administrator used the ODG. The UR reviewer cited MTUS, page 9.",
        None,
    )


def test_sides_of_a_professional_review_stand_in_either_order() -> None:
    swapped = PROFESSIONAL.replace(
        "ACOEM, page 29. The claims administrator relied on the same source.",
        "The claims administrator used the ODG. The reviewer relied on ACOEM, page 29.",
    )
    assert swapped != PROFESSIONAL
    first = cut(swapped).items[0]
    assert as_row(first)[2:4] == (
        "The claims administrator used the ODG.",
        "The reviewer relied on ACOEM, page 29.",
    )


def as_row(found: ItemParts) -> tuple[object, ...]:
    passages = (found.claims_line, found.reviewer_line, found.rationale)
    texts = [passage.text if passage else None for passage in passages]
    return (found.title.text, found.decision.value if found.decision else None, *texts)


@pytest.mark.parametrize(("text", "layout", "rows"), OTHER_LAYOUTS)
def test_other_layouts(text: str, layout: Layout, rows: list[tuple[object, ...]]) -> None:
    parts = cut(text)
    assert parts.layout is not None
    assert parts.layout.value is layout
    assert [as_row(found) for found in parts.items] == rows


@pytest.mark.parametrize(
    ("number", "marks"),
    [
        (0, r"^\d\. "),
        (1, r"(?<=therapy):$|(?<=#60):$|(?<=Decision):$"),
        (2, r"(?<=SUMMARY):$|(?<=AND WHY):$|(?<=CESSARY):$"),
    ],
    ids=["no-numbers", "no-colons", "headings-without-colons"],
)
def test_other_layouts_without_their_marks(number: int, marks: str) -> None:
    text, _, rows = OTHER_LAYOUTS[number]
    unmarked = re.sub(marks, "", text, flags=re.MULTILINE)
    assert unmarked != text
    assert [as_row(found) for found in cut(unmarked).items] == rows


def _titled(heading: re.Match[str]) -> str:
    return heading[0].title()


@pytest.mark.parametrize(
    ("number", "mark", "instead"),
    [
        (0, r"^(\d)\. ", r"(\1) "),
        (0, r"^(\d)\. ", r"\1."),
        (0, r"^(\d)\. ", r"Issue \1: "),
        (0, r"IMR DECISION\(S\) AND RATIONALE\(S\)", _titled),
        (0, r"IMR DECISION\(S\) AND RATIONALE\(S\)", "IMR DECISION (S) AND RATIONALE (S) :"),
        (1, r"^(\d)\) ", r"#\1 "),
        (1, r"^(\d)\) ", r"\1.) "),
        (1, r"^Rationale for the Decision:", "Rationale:"),
        (1, r"^Rationale for the Decision:", "Rationale for the Decision :"),
        (1, r"^Section of[^/]*/Her Decision", "MTUS Section Relied Upon:"),
        (1, r"INDEPENDENT MEDICAL REVIEW DECISION AND RATIONALE", _titled),
        (1, r"REVIEW DECISION AND RATIONALE", "REVIEW\nDECISION AND RATIONALE"),
        (1, r"Regarding the request", "With regard to the request"),
        (2, r"^(\d)\. ", r"(\1) "),
        (2, r"^2\. ", r"b) "),
        (2, r"^MEDICAL TREATMENT (?=GUIDELINE)", ""),
        (2, r"^MEDICAL REVIEWER QUAL", "PROFESSIONAL REVIEWER QUAL"),
        (2, r"^MEDICAL REVIEWER QUALIFICATIONS:", "Qualifications of the Reviewer :"),
        (2, r"^[A-Z][A-Z (),/]{11,}:$", _titled),
    ],
)
def test_other_layouts_in_other_forms(
    number: int, mark: str, instead: str | Callable[[re.Match[str]], str]
) -> None:
    text, _, rows = OTHER_LAYOUTS[number]
    changed = re.sub(mark, instead, text, flags=re.MULTILINE)
    assert changed != text
    assert [as_row(found) for found in cut(changed).items] == rows


def test_an_issue_may_be_named_again_in_other_words() -> None:
    text = PROFESSIONAL.replace(
        "2x3\n2. Work hardening program,", "2x3\n2. Work conditioning,"
    )
    assert text != PROFESSIONAL
    rows = [as_row(found) for found in cut(text).items]
    assert rows[0] == OTHER_LAYOUTS[2][2][0]
    assert rows[1][0] == "Work conditioning, 10 visits"


def test_each_issue_may_stand_at_the_head_of_its_explanation() -> None:
    _, rest = PROFESSIONAL.split("CASE SUMMARY:", 1)
    each = re.sub(r"^(\d)\. ", r"ISSUE AT DISPUTE #\1: ", rest, flags=re.MULTILINE)
    text = f"MEDICAL PROFESSIONAL REVIEW\nCASE SUMMARY:{each}"
    layout = cut(text).layout
    assert layout
    assert layout.value is Layout.PROFESSIONAL_REVIEW
    assert [as_row(found) for found in cut(text).items] == OTHER_LAYOUTS[2][2]


def test_the_list_that_decides_gives_the_words_of_a_request() -> None:
    text = NOTICE.replace(
        "Regarding the request for Celebrex 200mg #60:",
        "Regarding the request for Celebrex, 60 capsules:",
    )
    assert text != NOTICE
    assert [as_row(found) for found in cut(text).items] == OTHER_LAYOUTS[1][2]


def test_the_section_names_a_request_that_no_list_decides() -> None:
    text = NOTICE.replace(
        "2) MAXIMUS Federal Services, Inc. has determined", "2) We determined"
    )
    assert [as_row(found)[:2] for found in cut(text).items] == [
        ("twelve sessions of therapy", None),
        ("Celebrex 200mg #60", None),
    ]


def test_qualifications_may_stand_before_the_issues() -> None:
    issues, qualifications = PROFESSIONAL.split("MEDICAL REVIEWER QUALIFICATIONS:")
    title, rest = issues.split("\n", 1)
    text = f"{title}\nMEDICAL REVIEWER QUALIFICATIONS:{qualifications}\n{rest}"
    assert [as_row(found) for found in cut(text).items] == OTHER_LAYOUTS[2][2]


def test_a_decision_may_stand_on_a_line_of_its_own() -> None:
    text = SENTENCES.replace(
        "3. Gym was NOT medically necessary and appropriate.",
        "3. Gym\nDecision: Not medically necessary and appropriate",
    )
    rows = OTHER_LAYOUTS[0][2]
    assert [as_row(found) for found in cut(text).items] == rows


def test_a_conclusion_before_a_title_without_number_is_no_decision() -> None:
    text = re.sub(r"^\d\. ", "", SENTENCES, flags=re.MULTILINE).replace(
        "Twelve exceed the number.", "Twelve sessions are not medically necessary."
    )
    assert [found.decision and found.decision.value for found in cut(text).items] == [P, O, U]


def test_issues_may_share_one_heading_of_guidelines() -> None:
    text = re.sub(
        r"^2\. Work hardening program, 10 visits\nMEDICAL[^:]*:\n",
        "2. ",
        PROFESSIONAL,
        flags=re.MULTILINE,
    )
    assert text != PROFESSIONAL
    assert [as_row(found) for found in cut(text).items] == OTHER_LAYOUTS[2][2]


def test_labels_may_have_lost_their_blanks() -> None:
    text = OPENING + "MRI of the knee:Upheld\n" + LABELS
    glued = text.replace("Claims Administrator", "ClaimsAdministrator").replace(
        "Decision rationale", "Decisionrationale"
    )
    assert glued != text
    assert [as_row(found) for found in cut(glued).items] == [
        as_row(found) for found in cut(text).items
    ]


def test_why_a_guideline_was_relied_upon_is_no_part_of_it() -> None:
    reasoned = PROFESSIONAL.replace("ACOEM, page 29.", "ACOEM, page 29. Why: it names this.")
    assert as_row(cut(reasoned).items[0])[3] == "ACOEM, page 29."


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


@pytest.mark.parametrize(("lines", "layout", "rows"), OTHER_LAYOUTS)
def test_a_signature_behind_the_last_section_is_no_part_of_it(
    lines: str, layout: Layout, rows: list[object]
) -> None:
    copies = "\nSincerely,\nJane Roe, MD\nMedical Director\ncc: Division of Copies"
    assert [as_row(found) for found in cut(lines + copies).items] == rows


def test_issues_without_numbers_are_parted_by_semicolons() -> None:
    text = PROFESSIONAL.replace("1. Shock", "Shock").replace("2. Work", "Work")
    text = text.replace("2x3\nWork hardening program, 10 visits\nCASE", "2x3; Work\nhardening "
                        "program, 10 visits\nCASE")  # fmt: skip
    assert [as_row(item) for item in cut(text).items] == OTHER_LAYOUTS[2][2]
