"""The kind of treatment or service that a title asks for."""

from collections.abc import Iterator

import pytest

from extract.draft import Values
from extract.lexicon import load_lexicon
from extract.parse.title.category import find_category, tie_to_surgery
from extract.parse.title.words import read_words
from extract.spans import Found, Passage
from schemas import Category
from tests.extract.parse.title.titles import category_of

Row = tuple[str, str | None]

DEVELOPED_ON: list[Row] = [
    ("PHYSICAL THERAPY 12 VISITS FOR THE LUMBAR", "physical_therapy"),
    ("Post-operative physical therapy, 12 sessions, right shoulder", "physical_therapy"),
    (
        "Occupational therapy for the left hand, 2 sessions a week for 4 weeks",
        "physical_therapy",
    ),
    ("Acupuncture X16 visits", "acupuncture"),
    ("Norco 10/325mg, 1 month supply", "pharmaceuticals"),
    ("Chiropractic treatment, cervical and lumbar spine, twice a week", "chiropractic"),
    ("Massage therapy, 6 sessions, left foot", "other_rehabilitation"),
    ("Gym membership, 6 months", "other_rehabilitation"),
    ("Extracorporeal shock wave therapy, right elbow, 2x3", "other_rehabilitation"),
    ("Functional restoration program, 160 hours", "programs"),
    ("an inpatient detoxification program", "programs"),
    ("one (1) lumbar epidural steroid injection at L4-L5", "injections"),
    ("Bilateral L3, L4, L5 radiofrequency ablation", "injections"),
    ("Anterior cervical discectomy and fusion at C5-6", "surgery"),
    ("Associated surgical service: Assistant surgeon", "surgery_support"),
    ("Associated surgical service: Cold therapy unit, 7 day rental", "surgery_support"),
    ("MRI of the brain with diffusion tensor imaging", "imaging"),
    ("EMG/NCS of the bilateral upper extremities", "diagnostic_tests"),
    ("Confirmatory urine toxicology", "diagnostic_tests"),
    ("H-wave unit, purchase", "dmepos"),
    ("Dynamic flexion splint, left small finger", "dmepos"),
    ("FOLLOW-UP VISIT WITH ANESTHESIOLOGIST FOR THE LUMBAR", "consultation"),
    ("Follow up with pain management specialist", "consultation"),
    ("Cognitive behavioral therapy x 4 sessions", "psychological_services"),
    ("Visiting nurse for wound care, 3 times a week for 4 weeks", "home_health"),
    ("TRANSPORTATION TO AND FROM ALL MEDICAL APPOINTMENTS", "transportation"),
    ("an occlusal guard", "dental"),
    ("Interpreter services", "other"),
    ("Soma 350mg #90", "pharmaceuticals"),
]

HEADS: list[Row] = [
    ("Consultation with a pain specialist for a lumbar epidural injection", "consultation"),
    ("Shoulder surgery consultation", "consultation"),
    ("Lumbar epidural steroid injection with surgical consult", "injections"),
    ("Acupuncture visits with a capsaicin patch", "acupuncture"),
    ("Physical therapy after right shoulder surgery", "physical_therapy"),
    ("Ultrasound guided right shoulder injection", "injections"),
    ("Cortisone injection to the right knee under ultrasound guidance", "injections"),
    ("Lidocaine injection to the right knee", "injections"),
    ("Lidocaine patch 5% #30", "pharmaceuticals"),
    ("Ultrasound of the left shoulder", "imaging"),
    ("Ultrasound, left shoulder, 6 sessions", "other_rehabilitation"),
    ("TENS unit", "dmepos"),
    ("Ten visits of physical therapy", "physical_therapy"),
    ("Bone graft at tooth 19", "dental"),
    ("Bone graft of the scaphoid", "surgery"),
    ("Hotel lodging for two weeks", "other"),
    ("Infrared heat lamp, home use", "dmepos"),
    ("PT/PTT", "diagnostic_tests"),
    ("PT 2x6", "physical_therapy"),
]

TIED: list[Row] = [
    ("Pre-operative holter monitor", "surgery_support"),
    ("Preoperative chest x-ray", "surgery_support"),
    ("Post-op sling", "surgery_support"),
    ("Post-op Soma 350mg #20", "pharmaceuticals"),
    ("Associated surgical service: Physical therapy, 12 visits", "physical_therapy"),
    ("EKG", "diagnostic_tests"),
    ("Sling", "dmepos"),
]

SHAPES: list[Row] = [
    ("Xyzalol 10 mg #30", "pharmaceuticals"),
    ("Zorbium cream 4%", "pharmaceuticals"),
    ("Left thoracoscopy", "surgery"),
    ("Right sesamoidectomy", "surgery"),
    ("Visit with the urologist", "consultation"),
    ("Retrospective request", None),
    ("11/11/2016", None),
    ("", None),
]


@pytest.mark.parametrize(("title", "category"), DEVELOPED_ON + HEADS + TIED + SHAPES)
def test_category(title: str, category: str | None) -> None:
    assert category_of(title) == category


@pytest.mark.parametrize(
    ("titles", "categories"),
    [
        (["Right shoulder arthroscopy", "Cold therapy unit, 14 day rental"],
         ["surgery", "surgery_support"]),
        (["Right shoulder arthroscopy", "Four-wheeled walker"], ["surgery", "dmepos"]),
        (["MRI of the shoulder", "Cold therapy unit"], ["imaging", "dmepos"]),
    ],
)  # fmt: skip
def test_what_is_used_after_surgery_alone_goes_with_it(
    titles: list[str], categories: list[str]
) -> None:
    items: list[Values] = []
    for title in titles:
        category = find_category(read_words(Passage(title)))
        assert category
        description = Passage(title).found_whole(title, "title.line")
        items.append({"description": description, "category": category})
    tie_to_surgery(items)
    tied = [found for item in items if isinstance(found := item["category"], Found)]
    assert [str(found.value) for found in tied] == categories


def listed(*, weak: bool) -> Iterator[tuple[str, str]]:
    """Every phrase of the list of services, with its category."""
    lists = load_lexicon("services")
    tables = lists["weak"] if weak else lists
    for name in Category:
        for phrase in tables.get(name.value, ()):
            yield phrase, name.value


def test_no_phrase_stands_under_two_categories() -> None:
    phrases = [phrase for phrase, _ in [*listed(weak=False), *listed(weak=True)]]
    assert sorted(phrase for phrase in set(phrases) if phrases.count(phrase) > 1) == []


def test_every_listed_service_tells_its_category() -> None:
    wrong = [phrase for phrase, name in listed(weak=False) if category_of(phrase) != name]
    assert wrong == []


def test_a_service_is_known_in_capitals_and_among_others() -> None:
    wrong = [
        phrase
        for phrase, name in listed(weak=False)
        if category_of(f"Retrospective: {phrase.upper()}, left knee") != name
    ]
    assert wrong == []


def test_every_weak_word_tells_its_category_by_itself() -> None:
    wrong = []
    for phrase, name in listed(weak=True):
        found = find_category(read_words(Passage(phrase)))
        if name == "surgery_support":  # these tell by tying, too
            assert found is not None
        elif found is None or (found.value.value, found.rule) != (name, "category.hinted"):
            wrong.append(phrase)
    assert wrong == []


def test_every_listed_drug_is_a_pharmaceutical() -> None:
    names = [name for group in load_lexicon("drugs")["names"].values() for name in group]
    assert [name for name in names if category_of(name) != "pharmaceuticals"] == []


def test_every_context_word_ties_a_test_to_surgery() -> None:
    context = load_lexicon("services")["context"]
    for word in context["associated"] + context["before_surgery"]:
        assert category_of(f"{word}: EKG") == "surgery_support", word
    for word in context["after_surgery"]:
        assert category_of(f"{word} sling") == "surgery_support", word
    for phrase in context["guidance"]:
        assert category_of(f"Knee injection {phrase}") == "injections", phrase
