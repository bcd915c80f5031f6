"""Amounts that only the account of a request tells."""

import pytest

from tests.extract.parse.title.titles import fields_of

THERAPY = "Twelve sessions of physical therapy"

TOLD = [
    (
        THERAPY,
        "He requests a course of therapy three times a week for four weeks.",
        (12, 3, 4),
    ),
    (THERAPY, "The request is for physical therapy 2 x 6 weeks.", (12, 2, 6)),
    (
        "Physical therapy for the left hip",
        "The treatments requested were physical therapy (2 times a week for 4 weeks), 8 visits.",
        (8, 2, 4),
    ),
    (
        "Acupuncture for the neck",
        "The requests for physical therapy 2x6 and acupuncture, 8 visits, were denied.",
        (8, None, None),
    ),
    (
        "Acupuncture for the neck",
        "The treatment plan asks for 6 sessions of acupuncture and an MRI of the left knee.",
        (6, None, None),
    ),
]

NOT_TOLD = [
    (THERAPY, "The request is for physical therapy 2 times a week for 4 weeks."),
    (THERAPY, "The requested acupuncture is 2 times a week for 6 weeks."),
    (THERAPY, "The patient attended therapy three times a week for four weeks."),
    (THERAPY, "ODG allows for this request 12 visits, 3 times a week for 4 weeks of therapy."),
    ("Unknown physical therapy", "The request is for physical therapy 2 x 6 weeks."),
    ("Physical therapy", "The request is for therapy. UR authorized physical therapy 2x6."),
    (
        "Physical therapy",
        "She requests physical therapy 2x6. She requests physical therapy 2x4.",
    ),
]


@pytest.mark.parametrize(
    ("title", "summary", "amounts"),
    [
        *TOLD,
        *(
            (title, summary, (12 if title is THERAPY else None, None, None))
            for title, summary in NOT_TOLD
        ),
    ],
)
def test_visits(title: str, summary: str, amounts: tuple[int | None, ...]) -> None:
    fields = fields_of(title, summary=summary)
    assert tuple(fields.get(name) for name in ("visits", "per_week", "weeks")) == amounts


def test_the_title_wins() -> None:
    fields = fields_of("PT 2x6", summary="The request is for physical therapy 3x4 weeks.")
    assert (fields["per_week"], fields["weeks"]) == (2, 6)


@pytest.mark.parametrize(
    ("rationale", "weeks"),
    [
        ("Not more than two weeks are advised, while 160 hours amount to four weeks.", 4),
        ("The guideline advises against more than two weeks.", None),
        ("80 hours amount to two weeks.", None),
    ],
)
def test_hours_that_the_letter_converts(rationale: str, weeks: int | None) -> None:
    fields = fields_of("Functional restoration program, 160 hours", rationale=rationale)
    assert fields.get("weeks") == weeks


@pytest.mark.parametrize(
    ("title", "summary", "told"),
    [
        ("Etodolac", "The provider requested etodolac 400 mg #60.", ("400 mg", 60)),
        (
            "Etodolac #60",
            "The request is for Etodolac 400mg #60 and Soma #90.",
            ("400 mg", 60),
        ),
        ("Etodolac #60", "The request is for Etodolac 400mg #30.", (None, 60)),
        ("Etodolac", "He takes etodolac 400 mg daily.", (None, None)),
        ("Etodolac", "Requested: Etodolac and Soma 350 mg #90.", (None, None)),
        ("Etodolac", "Requested: Etodolac 400 mg. Requested: Etodolac 300 mg.", (None, None)),
    ],
)
def test_strength_and_count(
    title: str, summary: str, told: tuple[str | None, int | None]
) -> None:
    fields = fields_of(title, summary=summary)
    assert (fields.get("strength"), fields.get("units")) == told
