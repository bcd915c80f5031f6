"""Visits that a guideline gives."""

import pytest

from extract.lexicon import load_lexicon
from extract.parse.visits.counts import find_counts
from extract.parse.visits.guideline_max import find_guideline_max
from extract.spans import Passage
from tests.extract.parse.visits.visiting import ACUPUNCTURE, CHIROPRACTIC, PT, visits_of

# Item's title, rationale, the guideline's most visits.
MOST = [
    (PT, "The MTUS guidelines support up to 10 sessions for myalgia/myositis.", 10),
    (PT, "MTUS page 98 recommends for myalgia 9 to 10 sessions over 8 weeks. In this case, "
     "the request for 12 sessions exceeds what is recommended by MTUS.", 10),
    (CHIROPRACTIC, "The MTUS offers a trial of 6 visits over 2 weeks and, with objective "
     "functional improvement, a total of up to 18 visits over 6-8 weeks.", 18),
    (ACUPUNCTURE, "The standard course is 3-6 treatments, extended to 1-3 times a week.", 6),
    (PT, "Myalgia: 9-10 visits over 8 weeks; Neuralgia: 8-10 visits over 4 weeks; Reflex "
     "sympathetic dystrophy (CRPS): 26 visits over 16 weeks.", 10),
    (PT, "The MTUS gives as few as two to three visits to as many as 12–15 visits.", 15),
    (PT, "Eight visits agree with the eight to twelve that it mentions for most.", 12),
    (PT, "The ten visits do not exceed the 10 that are allowed for his condition.", 10),
    (PT, "Eight sessions lie inside the 9-10 that are advised.", 10),
    ("Massage", "Massage is an adjunct to exercise and is kept to 4-6 visits.", 6),
    (PT, "The guideline supports therapy in those of whom most need 12 to 20 appointments, "
     "with up to 30 where improvement continues.", 30),
    (PT, "Patients should be formally assessed after a six visit clinical trial.", 6),
    (PT, "The request for 12 visits (9-10 visits over 8 weeks are recommended) is more.", 10),
    (PT, "He has had 20 sessions, well in excess of the 9- to 10-session course recommended on "
     "page 99 for myalgias.", 10),
    (PT, "The guideline gives up to 10 visits. Twelve sessions, however, are more than it allows.",
     10),
    ("Functional restoration program, 80 hours", "Treatment should generally not exceed 20 "
     "full-day sessions.", 20),
    (PT, "The patient was authorized an initial trial of 6 sessions by the reviewer.", None),
    (PT, "Nine to ten visits are endorsed; twenty-four visits are kept for reflex sympathetic "
     "dystrophy.", 10),
    (PT, "The chapter speaks of 8 to 12 appointments and of an extension to a maximum of 24 "
     "where gains go on.", 24),
    (PT, "The chapter gives a course of 8 to 16 sessions and, with progress, up to thirty.", 30),
    (CHIROPRACTIC, "With objective improvement chiropractic care may run to 12 visits.", 12),
    (PT, "MTUS supports massage for 4-6 visits.", None),
    (PT, "Allow for fading (from up to 3 visits per week to 1), says the MTUS.", None),
    (PT, "Pursuant to the MTUS, twelve physical therapy visits are not medically necessary.",
     None),
    ("Physical therapy evaluation", "MTUS supports up to 10 sessions of therapy.", None),
    (PT, "The section allots 8-10 visits over 4 weeks to neuralgia, and 24 visits over 16 weeks "
     "to reflex sympathetic dystrophy.", 10),
    ("Cognitive behavioral therapy x 10", "The ODG allows up to 20 visits, and for those with "
     "severe major depression or with PTSD as many as 50.", 20),
    (PT, "The recommended number of visits is 9-10.", 10),
    (PT, "The MTUS allows up to 250 visits of therapy.", None),
    (PT, "Page 98 of the MTUS chronic pain treatment guidelines speaks of it.", None),
    (PT, "A trial of six may be carried to twelve in total.", 12),
    ("Biofeedback x 6", "Inside a cognitive behavioral program the MTUS has a trial of 3 to 4 "
     "visits and a total of up to 6 to 10 visits over 5 to 6 weeks.", 10),
    ("Aquatic therapy 2x6", "The MTUS allows 9-10 visits of physical therapy.", 10),
    (ACUPUNCTURE, "Acupuncture is limited to 12 in all.", 12),
    (PT, "It has 3 to 4 sessions as a trial and six to ten in all if they do good.", 10),
    (PT, "Three to eight visits are what the guideline provides. Up to twelve visits, as "
     "requested, exceed that.", 8),
    (PT, "The guideline foresees 12 visits. He was seen on 17 occasions, which is already more "
     "than the guideline foresees.", 12),
    (PT, "The MTUS has 3 visits in mild cases and as many as 12 to 15 where deficits are "
     "pronounced.", 15),
    (PT, "The MTUS recommends 10 visits and the CRPS exception does not apply here.", 10),
    (PT, "The guideline allows up to 24 and the request exceeds it.", 24),
    (PT, "The provider asks for eight to twelve in all.", None),
    (PT, "The MTUS gives 8 visits. Twelve visits are half again as many.", 8),
    (PT, "The MTUS has 10 visits; post-surgical 24 visits does not apply.", 10),
    (ACUPUNCTURE, "The regulation reckons on an effect after 3 to 6 treatments.", 6),
    (ACUPUNCTURE, "It suggests five or six appointments and never more than twelve in total.", 12),
    (PT, "Eighteen visits spread over twelve weeks is the allotment after a sprain.", 18),
    ("Epidural steroid injection", "Two is the most that the guidelines recommend.", 2),
    ("Epidural steroid injection", "The MTUS supports 14 sessions with a therapist.", None),
    (PT, "Eight sessions are within the 9 to 10 visits that are set out under it.", 10),
    (PT, "Eight sessions are within the 18 visits that he had before.", None),
    (PT, "Eight sessions are within the ten visits approved by the insurer.", None),
    ("Psychotherapy", "It may be carried to a total of six to ten if function improves.", 10),
    ("Psychotherapy", "It took a total of six to ten weeks under the guideline.", None),
    (ACUPUNCTURE, "Pain came back after more than twelve.", None),
    (ACUPUNCTURE, "He asks whether more than twelve, over more than ten, is right.", None),
    (ACUPUNCTURE, "Twelve is the most recent count of the clinic.", None),
    (PT, "He has used up the allotment of his plan, 24 visits.", None),
    (PT, "The post-injection visits were 12 sessions.", None),
]  # fmt: skip


@pytest.mark.parametrize(("title", "rationale", "count"), MOST)
def test_guideline_max(title: str, rationale: str, count: int | None) -> None:
    assert visits_of(title, rationale=rationale)[1] == count


def test_a_count_for_the_operated_counts_if_the_patient_was() -> None:
    rationale = "The Postsurgical Guidelines allow 12 visits over 12 weeks."
    assert visits_of(PT, rationale=rationale)[1] is None
    assert visits_of(PT, summary="He underwent a meniscectomy.", rationale=rationale)[1] == 12


@pytest.mark.parametrize(
    "rationale",
    ["For severe major depression or PTSD the ODG allows as many as 50 visits.",
     "The ODG supports up to 50 visits in cases of severe major depression or PTSD."],
)  # fmt: skip
def test_of_two_conditions_to_choose_from_one_is_enough(rationale: str) -> None:
    title = "Cognitive behavioral therapy x 10"
    assert visits_of(title, summary="He has PTSD.", rationale=rationale)[1] == 50
    assert visits_of(title, summary="He has anxiety.", rationale=rationale)[1] is None


@pytest.mark.parametrize("condition", load_lexicon("visits")["condition"], ids=str)
def test_each_condition_has_a_sign(condition: dict[str, list[str]]) -> None:
    name = condition["name"][0].replace("\\b", "").replace("\\W? ?", "-")
    name = name.replace("injection", "injection treatment")  # else an injection's count
    counts = find_counts(Passage(f"The MTUS allows for {name} 30 visits."))
    assert find_guideline_max("therapy", counts, told=(), rationale=None) is None
    told = Passage(condition["sign"][0].replace("\\b", "").replace("\\W? ?", "-"))
    found = find_guideline_max("therapy", counts, told=(told,), rationale=None)
    assert found is not None
    assert found.value == 30
