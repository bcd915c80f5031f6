"""Items of the other layouts: title, decision, guideline lines, rationale."""

import re
from collections.abc import Callable

import pytest

from extract.clean import clean
from schemas import Layout
from tests.extract.parse.cut.cutting import O, P, U, as_row, cut

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
        (1, r"^(\d)\) ", r"\1)"),
        (2, r"^(\d)\. ", r"\1."),
        (1, r"^(\d)\) ", r"\1.) "),
        (1, r"^Rationale for the Decision:", "Rationale:"),
        (1, r"^Rationale for the Decision:", "Rationale for the Decision :"),
        (1, r"^Section of[^/]*/Her Decision", "MTUS Section Relied Upon:"),
        (1, r"INDEPENDENT MEDICAL REVIEW DECISION AND RATIONALE", _titled),
        (1, r"REVIEW DECISION AND RATIONALE", "REVIEW\nDECISION AND RATIONALE"),
        (1, r"Regarding the request", "With regard to the request"),
        (2, r"^(\d)\. ", r"(\1) "),
        (2, r"^2\. ", r"b) "),
        (2, r"^(\d)\. ", lambda match: f"{'AB'[int(match[1]) - 1]}. "),
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


def test_a_mention_behind_a_verdict_begins_no_item() -> None:
    told = (
        "Twelve exceed the number on page\n78. Without relief it is not medically necessary, as "
        "the Claims Administrator wrote."
    )
    text = SENTENCES.replace("Twelve exceed the number.", told)
    decided = [found.decision and found.decision.value for found in cut(text).items]
    assert decided == [P, O, U]
    assert as_row(cut(text).items[0])[-1] == told.replace("\n", " ")


def test_a_decision_quotes_its_sentences_and_no_more() -> None:
    items = cut(SENTENCES).items
    decisions = [item.decision for item in items if item.decision]
    assert [SENTENCES[each.start : each.end].split("\n")[-1] for each in decisions] == [
        "appropriate. Six sessions are medically necessary and appropriate.",
        "is medically necessary and appropriate.",
        "NOT medically necessary and appropriate.",
    ]


def test_a_verdict_may_be_glued_to_its_negation() -> None:
    text = SENTENCES.replace("Gym was NOT medically", "Gym isnot medically")
    assert [as_row(found) for found in cut(text).items] == OTHER_LAYOUTS[0][2]


def test_issues_may_share_one_heading_of_guidelines() -> None:
    text = re.sub(
        r"^2\. Work hardening program, 10 visits\nMEDICAL[^:]*:\n",
        "2. ",
        PROFESSIONAL,
        flags=re.MULTILINE,
    )
    assert text != PROFESSIONAL
    assert [as_row(found) for found in cut(text).items] == OTHER_LAYOUTS[2][2]


@pytest.mark.parametrize("label", ["Why", "Reason"])
def test_why_a_guideline_was_relied_upon_is_no_part_of_it(label: str) -> None:
    reasoned = PROFESSIONAL.replace("page 29.", f"page 29. {label}: it names this.")
    assert as_row(cut(reasoned).items[0])[3] == "ACOEM, page 29."


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


@pytest.mark.parametrize("label", ["", "ISSUE: "])
def test_issues_without_numbers_are_told_by_their_explanations(label: str) -> None:
    text = PROFESSIONAL.replace("10 visits\nCASE", "10\nvisits\nCASE")
    text = re.sub(r"^\d\. (?=.*\n(?:MEDICAL|2))", label, text, flags=re.MULTILINE)
    text = text.replace("2. Work", "Work").replace(f"REVIEW\nISSUE AT DISPUTE:\n{label}", "REVIEW"
                        "\nISSUE AT DISPUTE:\n")  # fmt: skip
    assert [as_row(item) for item in cut(text).items] == OTHER_LAYOUTS[2][2]


def test_issues_without_numbers_may_be_a_line_each() -> None:
    text = re.sub(r"^\d\. .*\n(?=MEDICAL)", "", PROFESSIONAL, flags=re.MULTILINE)
    text = text.replace("1. Shock", "Shock").replace("2. Work", "Work")
    assert [as_row(item) for item in cut(text).items] == OTHER_LAYOUTS[2][2]


def test_issues_that_cannot_be_told_apart_have_no_decision() -> None:
    text = re.sub(r"^\d\. .*\n(?=MEDICAL)", "", PROFESSIONAL, flags=re.MULTILINE)
    text = re.sub(r"2x3\n2\. .*", "2x3 and work hardening", text.replace("1. Shock", "Shock"))
    assert [item.decision for item in cut(text).items] == [None]


def test_qualifications_may_stand_between_the_issues_and_their_explanations() -> None:
    issues, qualifications = PROFESSIONAL.split("MEDICAL REVIEWER QUALIFICATIONS:")
    text = issues.replace(
        "CASE SUMMARY:", f"MEDICAL REVIEWER QUALIFICATIONS:{qualifications}\nCASE SUMMARY:"
    )
    assert [as_row(found) for found in cut(text).items] == OTHER_LAYOUTS[2][2]


def test_requests_that_are_explained_together_share_the_explanation() -> None:
    head, _, rest = NOTICE.partition("therapy:\n")
    section = rest[rest.index("Section") : rest.index("2) Regarding")]
    parts = cut(head + "therapy and\n" + rest[len(section) :])
    rows = [as_row(item) for item in parts.items]
    assert [row[0] for row in rows] == ["twelve sessions of therapy", "Celebrex 200mg #60"]
    assert [row[1] for row in rows] == [U, O]
    assert rows[0][2:] == rows[1][2:]
    assert rows[0][4] == "The conditions are satisfied."


def test_a_verdict_may_stand_behind_a_colon() -> None:
    basis = "The Claims Administrator based its decision on the ODG.\n"
    text = (
        "IMR DECISION(S) AND RATIONALE(S)\nset forth below:\n"
        f"EMG OF THE ARMS:  NOT\nMEDICALLY NECESSARY AND APPROPRIATE\n{basis}"
        f"NCV OF THE ARMS:  MEDICALLY NECESSARY AND APPROPRIATE\n{basis}"
    )
    rows = [as_row(item) for item in cut(text).items]
    assert [row[:2] for row in rows] == [("EMG OF THE ARMS", U), ("NCV OF THE ARMS", O)]
    flat = clean(text).flat
    quoted = [flat[found.start :] for item in cut(text).items if (found := item.decision)]
    assert [words.split()[0] for words in quoted] == ["NOT", "MEDICALLY"]
    assert not any(words[0].isspace() for words in quoted)
