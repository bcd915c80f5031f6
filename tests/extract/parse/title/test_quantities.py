"""How much a title asks for."""

import pytest

from tests.extract.parse.title.titles import fields_of

AMOUNTS = ("visits", "per_week", "weeks", "units", "refills")

DEVELOPED_ON = [
    ("ADDITIONAL PHYSICAL THERAPY THREE TIMES A WEEK FOR FOUR WEEKS", (12, 3, 4)),
    ("Additional Physical Therapy 2 times 4", (8, 2, 4)),
    ("Physical therapy 2 times 6 weeks of the lumbar spine", (12, 2, 6)),
    ("Physical Therapy X8 visits", (8, None, None)),
    ("PHYSICAL THERAPY 12 VISITS FOR THE LUMBAR", (12, None, None)),
    ("Physical therapy 3x4 for the lumbar spine", (12, 3, 4)),
    ("Physical therapy 1-2 times a week for 4-5 weeks for the neck", (10, 2, 5)),
    ("twelve (12) sessions of physical therapy for the left knee", (12, None, None)),
    ("Occupational therapy for the left hand, 2 sessions a week for 4 weeks", (8, 2, 4)),
    ("Extracorporeal shock wave therapy, left heel, 3 treatments", (3, None, None)),
    ("Chiropractic treatment, lumbar spine, twice a week for six weeks", (12, 2, 6)),
    ("Individual psychotherapy, QTY 8", (8, None, None)),
    ("Weight loss program, 12 weeks", (None, None, 12)),
    ("one (1) lumbar epidural steroid injection at L4-L5", (1, None, None)),
    ("PROCEDURE: TRIGGER POINT INJECTIONS X 4: LUMBAR PARASPINALS", (4, None, None)),
]

NOTATIONS = [
    ("PT 2x/week x 6 weeks", (12, 2, 6)),
    ("PT 2x/wk x 6", (12, 2, 6)),
    ("PT 2/week for 3 wks", (6, 2, 3)),
    ("PT 2xwk x 6wks", (12, 2, 6)),
    ("PT 2-3x4-6", (18, 3, 6)),
    ("Physical therapy, one session every 2 weeks, 6 visits", (6, None, None)),
    ("PT three (3) times a week for four (4) weeks", (12, 3, 4)),
    ("Acupuncture once weekly for 8 weeks", (8, 1, 8)),
    ("Acupuncture, two to three visits per week over six to eight weeks", (24, 3, 8)),
    ("Chiropractic, two sessions a month for 4 months", (8, None, None)),
    ("Chiropractic, twice a month x 6 months", (12, None, None)),
    ("Chiropractic, 2 times monthly for 6 months", (12, None, None)),
    ("Home health aide, 4 hours a day, 5 days a week for 2 weeks", (10, 5, 2)),
    ("Twenty-four physical therapy visits", (24, None, None)),
    ("Physical therapy, visits: 12", (12, None, None)),
    ("Physical therapy sessions (12)", (12, None, None)),
    ("Physical therapy for the lumbar spine, quantity: 6 sessions", (6, None, None)),
    ("Massage sessions for the neck #5", (5, None, None)),
    ("Physical therapy, twice weekly, QTY: 12.00", (12, 2, None)),
    ("Physical therapy 8 visits over 4 weeks", (8, None, 4)),
    ("Hand therapy 3 times 5 visits (15)", (15, 3, 5)),
    ("Nine sessions of massage three times a week times 3 weeks", (9, 3, 3)),
    ("Nurse, 1-2 visits", (2, None, None)),
    ("Periodontal scaling and root planing, 4 visits", (4, None, None)),
    ("Dental cleaning x 4 visits", (4, None, None)),
    ("Visits with a psychiatrist, monthly x 6", (6, None, None)),
    ("Psychotherapy, twice monthly x 6", (None, None, None)),
    ("Crown, tooth #9", (None, None, None)),
    ("İ physical therapy 2 times a week for 6 weeks", (12, 2, 6)),
    ("Follow-up visits x 3", (3, None, None)),
    ("Bilateral L4-5 facet injections x 2", (2, None, None)),
]

NONE_TOLD = [
    "Follow-up visit in 4-6 weeks",
    "Follow-up visit in one month",
    "Gym membership, 6 months",
    "Functional restoration program, 160 hours",
    "Right L5 epidural steroid injection",
    "Level 4 office visit",
    "X-ray of the left hand, 3 views",
    "CT of the left ankle, #1",
    "Urine drug screen x 4",
    "Massage visits (unspecified number)",
    "Physical therapy, DOS 12/13/2016",
    "Acupuncture, 6 sessions for the neck and 8 sessions for the knee",
    "One hundred sessions of acupuncture",
    "Psychotherapy, 12 sessions weekly",
]


@pytest.mark.parametrize(
    ("title", "amounts"),
    [*DEVELOPED_ON, *NOTATIONS, *((title, (None, None, None)) for title in NONE_TOLD)],
)
def test_visits_rate_and_length(title: str, amounts: tuple[int | None, ...]) -> None:
    fields = fields_of(title)
    assert tuple(fields.get(name) for name in AMOUNTS[:3]) == amounts


PIECES = [
    ("Soma 350mg #90", 90, None),
    ("Celebrex 200mg #60 with three refills", 60, 3),
    ("Butrans 10mcg/hr patch #4 with 1 refill", 4, 1),
    ("Oxycodone 15 mg, QTY: 120", 120, None),
    ("Terocin patches, quantity of 20", 20, None),
    ("TENS unit electrodes, #24", 24, None),
    ("Lumbar support, QTY 1", 1, None),
    ("Gabapentin 600mg #90 with 2 refills", 90, 2),
    ("Omeprazole 20mg, sixty count", 60, None),
    ("Naproxen 550mg, 60 tablets", 60, None),
    ("Belbuca 150 mcg buccal film, 60 films", 60, None),
    ("90 tablets of Gabapentin 600 mg", 90, None),
    ("Lidocaine 5% patches, one box", 1, None),
    ("Norco 10/325mg 2-3 tabs orally every 8 hrs #60", 60, None),
    ("Norco 10/325mg, take 1 tablet by mouth daily", None, None),
    ("Tylenol #3 #60", 60, None),
    ("Tramadol 150 mg Qty 30 Refills 2", 30, 2),
    ("Lorazepam 1 mg, #30, refills: 0", 30, 0),
    ("Lorazepam 1 mg, #30, no refills", 30, 0),
    ("Flexeril 10 mg #30 x 2 refills", 30, 2),
    ("Voltaren gel #60 grams with 1 refill", None, 1),
    ("Flurbiprofen 20%/Lidocaine 5% cream 180gm", None, None),
    ("Soma 350 mg x 60", 60, None),
    ("a refill of Soma 350 mg", None, None),
    ("Ankle braces #3", 3, None),
    ("Associated surgical service: 3 arm wraps", 3, None),
    ("Three in one commode", None, None),
    ("30 day trial of a TENS unit", None, None),
    ("Cold therapy unit, 7 day rental", None, None),
    ("Norco 10/325mg #60 and Soma 350mg #90", None, None),
    ("Norco 10/325mg #60 with 2 additional refills", 60, 2),
    ("Norco 10/325mg 90 day supply", None, None),
    ("Norco 10/325mg #12O", None, None),
    ("one hundred and twenty tablets of Norco 10/325mg", None, None),
    ("Lantus 100 units/ml", None, None),
    ("3 wheel scooter", None, None),
    ("Omeprazole 20mg capsules, sixty (60)", 60, None),
    ("Lidocaine 5% patches, one box of 30", 30, None),
    ("Tramadol, 1 tablet of 50 mg twice a day, #60", 60, None),
    ("Omeprazole, 30 capsules of 20 mg", 30, None),
    ("Ibuprofen 800 mg tablets, two (2) refills", None, 2),
    ("Lidocaine 5% patches, two boxes of 30", None, None),
    ("MRI of the left knee #1", None, None),
]


@pytest.mark.parametrize(("title", "units", "refills"), PIECES)
def test_units_and_refills(title: str, units: int | None, refills: int | None) -> None:
    fields = fields_of(title)
    assert (fields.get("units"), fields.get("refills")) == (units, refills)


def test_a_product_names_what_it_is_derived_from() -> None:
    from extract.parse.title.quantities import find_quantities
    from extract.spans import Found
    from schemas import Category
    from tests.extract.parse.title.titles import words_of

    found = find_quantities(words_of("PT 2x6"), Category.PHYSICAL_THERAPY)
    visits = found["requested.visits"]
    assert isinstance(visits, Found)
    assert visits.derived_from == ("requested.per_week", "requested.weeks")
