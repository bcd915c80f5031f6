"""A professional review that explains several issues under one heading."""

import pytest

from extract.parse.cut.by_issue import issues_named, stretches
from extract.spans import Passage, Span
from tests.extract.parse.cut.cutting import O, P, U, cut

TITLES = [Passage(text) for text in ("Motorized scooter", "an occlusal splint", "MRI, repeat")]


@pytest.mark.parametrize(
    ("words", "issues"),
    [
        ("ISSUE A", (0,)),
        ("ISSUES\nB AND C", (1, 2)),
        ("Issues 1 through 3", (0, 1, 2)),
        ("occlusal\nsplint", (1,)),
        ("MRI", (2,)),
        ("Issue D", ()),
        ("both", ()),
        ("r", ()),
    ],
)
def test_which_issues_words_name(words: str, issues: tuple[int, ...]) -> None:
    assert issues_named(words, TITLES) == issues


@pytest.mark.parametrize(
    "text",
    [
        "\n1. One says this.\n2 to 3. Others say that.",
        "\nFor issue 1: One says this.\nFor issues 2 and 3: Others say that.",
        "\n(a) One says this.\n(b, c) Others say that.",
        "\nA. One says this.\nB-C. Others say that.",
        "\nMotorized scooter\nOne says this.\nIssues B, C: Others say that.",
    ],
)
def test_each_stretch_is_of_the_issues_that_begin_it(text: str) -> None:
    found = stretches(text, Span(0, len(text)), TITLES)
    said = [(each.issues, text[slice(*each.span)].strip()) for each in found]
    assert said == [((0,), "One says this."), ((1, 2), "Others say that.")]


def test_what_only_looks_like_the_name_of_an_issue_is_none() -> None:
    text = "\n1. The pain went from 9 to\n3. points of it: a\nmotorized scooter\nhelps. 2. No."
    found = stretches(text, Span(0, len(text)), TITLES)
    assert [each.issues for each in found] == [(0,)]
    assert stretches("Nothing is named.", Span(0, 17), TITLES) == []


def review(issues: str, relied: str, rationales: str) -> list[tuple[object, ...]]:
    """Title, decision, the reviewer's guidelines and the rationale of each item."""
    text = (
        f"MEDICAL PROFESSIONAL REVIEW\n\nISSUES AT DISPUTE:\n{issues}\n\nCASE SUMMARY:\nA man.\n\n"
        "MEDICAL TREATMENT GUIDELINE(S) RELIED UPON BY PROFESSIONAL REVIEWER AND WHY:\n"
        f"{relied}\n\n{rationales}\n\nMEDICAL REVIEWER QUALIFICATIONS:\nBoard Certified.\n"
    )
    return [
        (
            item.title.text,
            item.decision and item.decision.value,
            item.reviewer_line and item.reviewer_line.text,
            item.rationale and item.rationale.text,
        )
        for item in cut(text).items
    ]


HEADING = "RATIONALE FOR WHY THE REQUESTED TREATMENT/SERVICE IS/WAS {}MEDICALLY NECESSARY"


def test_one_heading_decides_all_its_issues() -> None:
    assert review(
        "1. Fusion\n2. Assistant surgeon\n3. Walker",
        "For issue 1: ODG, Fusion.\nFor issues 2 and 3: None.",
        HEADING.format("NOT ") + ":\n1. He smokes.\n2 to 3. They fall with it.",
    ) == [
        ("Fusion", U, "ODG, Fusion.", "He smokes."),
        ("Assistant surgeon", U, "None.", "They fall with it."),
        ("Walker", U, "None.", "They fall with it."),
    ]


def test_each_stretch_may_say_its_own_verdict() -> None:
    assert review(
        "(a) Norco 5 mg #30\n(b) Soma 350mg #30",
        "(a) MTUS, Opioids.\n(b) ODG, Soma.",
        HEADING.format("OR IS/WAS NOT ")
        + ":\n(a) MEDICALLY NECESSARY. He gains.\n(b) NOT MEDICALLY NECESSARY. He does not.",
    ) == [
        ("Norco 5 mg #30", O, "MTUS, Opioids.", "He gains."),
        ("Soma 350mg #30", U, "ODG, Soma.", "He does not."),
    ]


def test_each_heading_may_name_its_issues() -> None:
    assert review(
        "A. Injection x2\nB. EMG\nC. NCV",
        "Issue A: ODG, Blocks.\nIssues B, C: ACOEM, p. 303.",
        f"{HEADING.format('PARTIALLY ')}\n(ISSUE A):\nOne will do.\n"
        f"{HEADING.format('NOT ')} (ISSUES\nB AND C):\nNothing is to be found.",
    ) == [
        ("Injection x2", P, "ODG, Blocks.", "One will do."),
        ("EMG", U, "ACOEM, p. 303.", "Nothing is to be found."),
        ("NCV", U, "ACOEM, p. 303.", "Nothing is to be found."),
    ]


@pytest.mark.parametrize(
    "issues",
    [
        "Motorized scooter; ramp for the residence",
        "Motorized scooter\nramp for the residence",
        "Is the request for Motorized scooter medically necessary?\n"
        "Is the request for ramp for the residence, medically necessary?",
    ],
)
def test_issues_without_numbers_are_named_by_their_titles(issues: str) -> None:
    assert review(
        issues,
        "Motorized scooter: MTUS, page 99.\nRamp: ODG, Equipment.",
        HEADING.format("NOT ")
        + ":\nMotorized scooter\nHe walks.\nRamp for the residence\nIt was for the scooter.",
    ) == [
        ("Motorized scooter", U, "MTUS, page 99.", "He walks."),
        ("ramp for the residence", U, "ODG, Equipment.", "It was for the scooter."),
    ]


def test_a_heading_that_decides_either_way_decides_nothing() -> None:
    rows = review(
        "1. Fusion\n2. Walker",
        "1. ODG.\n2. ODG.",
        HEADING.format("OR IS/WAS NOT ") + ":\n1. He smokes.\n2. It falls with it.",
    )
    assert [row[1] for row in rows] == [None, None]
