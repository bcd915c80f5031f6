"""The reviewer's credentials, from the paragraph and from the block."""

import pytest

from extract.lexicon import load_lexicon
from extract.parse.case.reviewer import correct_specialty, parse_reviewer
from extract.spans import Found, Passage

PARAGRAPH = "The expert reviewer is {} He/she has been in active clinical practice for long."

DEVELOPED_ON = [
    ("Board Certification: Neurology Licensed in: California, Hawaii Active practice: yes",
     ["Neurology"], [], ["California", "Hawaii"]),
    ("Board Certified in Orthopedic Surgery, has subspecialties in Sports Medicine and Hand "
     "Surgery, and is licensed to practice in Ohio.",
     ["Orthopedic Surgery"], ["Sports Medicine", "Hand Surgery"], ["Ohio"]),
    ("holds board certification in Chiropractic as well as in Acupuncture and is licensed to "
     "practice in Nevada.", ["Chiropractic", "Acupuncture"], [], ["Nevada"]),
    ("a dentist, Board Certified in Prosthodontics and Periodontics, licensed to practice in "
     "Hawaii.", ["Prosthodontics", "Periodontics"], [], ["Hawaii"]),
    ("Board Certified in Neurology, Board Certified in Electrodiagnostic Medicine, and holds "
     "active licenses in Utah.", ["Neurology", "Electrodiagnostic Medicine"], [], ["Utah"]),
    ("Board Certified in Neurology, with a subspecialty in Pain Medicine, who holds licenses of "
     "Iowa and Utah.", ["Neurology"], ["Pain Medicine"], ["Iowa", "Utah"]),
    ("Board Certified in Orthopedic Surgery with a subspecialty in Spine Surgery and has a license "
     "to practice in the states of Florida and Louisiana.",
     ["Orthopedic Surgery"], ["Spine Surgery"], ["Florida", "Louisiana"]),
    ("Board Certified in Neurology and is licensed to practice medicine in the States of Michigan "
     "and Ohio.", ["Neurology"], [], ["Michigan", "Ohio"]),
    ("Board Certified in Sleep Medicine. His licenses are from California, Idaho and Montana.",
     ["Sleep Medicine"], [], ["California", "Idaho", "Montana"]),
    ("Licensed in Chiropractic, has a subspecialty in Sports Medicine and is licensed to "
     "practice in Nevada and Arizona.", [], ["Sports Medicine"], ["Nevada", "Arizona"]),
    ("Board Certified: Anesthesiology. Subspecialty: Pain Management. Licensed: Colorado, "
     "New Mexico, California.", ["Anesthesiology"], ["Pain Management"],
     ["Colorado", "New Mexico", "California"]),
    ("Board Certified in Sports Medicine, is licensed to practice in Minnesota, sees patients "
     "each week, and has no tie to the parties.", ["Sports Medicine"], [], ["Minnesota"]),
    ("Board Certified in Internal Medicine and is licensed to practice in California.",
     ["Internal Medicine"], [], ["California"]),
    ("Board Certified in Anesthesiology has a subspecialty in Pain Management and is "
     "licensed to practice in California.",
     ["Anesthesiology"], ["Pain Management"], ["California"]),
    ("Board Certified in Physical Medicine and Rehabilitation, has a subspecialty in "
     "Interventional Spinem and is licensed to practice in California and Texas.",
     ["Physical Medicine and Rehabilitation"], ["Interventional Spine"],
     ["California", "Texas"]),
    ("Board Certified in Neurology, has a subspecialty in Neuromuscular Medicine and "
     "Clinical Neurophysiology and is licensed to practice in New York.",
     ["Neurology"], ["Neuromuscular Medicine", "Clinical Neurophysiology"], ["New York"]),
    ("Board Certified in Family Medicine, Emergency Medicine, has a subspecialty in "
     "Hospice and Palliative Medicine and is licensed to practice in West Virginia.",
     ["Family Medicine", "Emergency Medicine"], ["Hospice and Palliative Medicine"],
     ["West Virginia"]),
    ("Board Certified in Occupational Medicine, Preventive Medicine and Family Practice "
     "and is licensed to practice in Washington, Oregon, and Ohio.",
     ["Occupational Medicine", "Preventive Medicine", "Family Practice"], [],
     ["Washington", "Oregon", "Ohio"]),
    ("The reviewer is board certified in Physical Medicine and Rehabilitation, holds a "
     "license in Nevada, and is in active practice.",
     ["Physical Medicine and Rehabilitation"], [], ["Nevada"]),
    ("Board Certified in Anesthesiolgy and Pain Medicine and is licensed to practice in "
     "FL. He/she has a subspecialty in Interventional Pain Management.",
     ["Anesthesiology", "Pain Medicine"], ["Interventional Pain Management"], ["Florida"]),
    ("Board Certified in Orthopedic Surgery; subspecialty in Surgery of the Hand; licensed "
     "in Indiana.", ["Orthopedic Surgery"], ["Surgery of the Hand"], ["Indiana"]),
    ("Board Certified in Neurology and Diagnostic Radiology, has a subspecialty in "
     "Neuroradiology, and holds licenses to practice in Virginia, Maryland and California.",
     ["Neurology", "Diagnostic Radiology"], ["Neuroradiology"],
     ["Virginia", "Maryland", "California"]),
    ("Board Certified in Physical Medicine and Rehabiliation and Pain Medicine, and is "
     "licensed to practice in Ohio.",
     ["Physical Medicine and Rehabilitation", "Pain Medicine"], [], ["Ohio"]),
    ("Board Certified in Podiatric Surgery and licensed to practice in Utah and Ohio.",
     ["Podiatric Surgery"], [], ["Utah", "Ohio"]),
    ("Board Certified in Foot Surgery, with licenses to practice in Utah and Ohio.",
     ["Foot Surgery"], [], ["Utah", "Ohio"]),
    ("Board Certified in Neurology and in Pain Medicine, with a subspecialty in Headache "
     "Medicine, and licensed to practice in Utah.",
     ["Neurology", "Pain Medicine"], ["Headache Medicine"], ["Utah"]),
    ("Board Certified in Ophthalmology, has a subspecialty in Cornea and External Disease and is "
     "licensed to practice in Califonia, & New Hamsphire.",
     ["Ophthalmology"], ["Cornea and External Disease"], ["California", "New Hampshire"]),
    ("Board Certified in Surgery, licensed to practice in california and Nevada.",
     ["Surgery"], [], ["California", "Nevada"]),
    ("Board Certified in Surgery, and has a license to practice in Hawaii.",
     ["Surgery"], [], ["Hawaii"]),
    ("a licensed physician.", [], [], []),
]  # fmt: skip

BLOCK = [
    ("State(s) of Licensure: California,North Carolina Certification(s)/Specialty: Family "
     "Practice", ["Family Practice"], ["California", "North Carolina"]),
    ("State(s) of Licensure: Texas Certification(s)/Specialty: Physical Medicine & "
     "Rehabilitation, Pain Management",
     ["Physical Medicine & Rehabilitation", "Pain Management"], ["Texas"]),
    ("State(s) of Licensure: Iowa, Montana Certification(s)/Specialty: Preventive Medicine, "
     "Occupational Medicine, Public Health & General Preventive Medicine",
     ["Preventive Medicine", "Occupational Medicine",
      "Public Health & General Preventive Medicine"], ["Iowa", "Montana"]),
]  # fmt: skip


def parsed(text: str, name: str) -> list[str]:
    passage = Passage(text, 50)
    found = parse_reviewer(passage).get(f"reviewer.{name}", [])
    assert isinstance(found, list)
    for each in found:
        assert isinstance(each, Found)
        assert 50 <= each.start < each.end <= passage.end
    return [each.value for each in found]


@pytest.mark.parametrize(("sentence", "board", "sub", "states"), DEVELOPED_ON)
def test_paragraph(sentence: str, board: list[str], sub: list[str], states: list[str]) -> None:
    text = PARAGRAPH.format(sentence)
    assert parsed(text, "board_certifications") == board
    assert parsed(text, "subspecialties") == sub
    assert parsed(text, "licensed_states") == states


@pytest.mark.parametrize(("text", "board", "states"), BLOCK)
def test_block(text: str, board: list[str], states: list[str]) -> None:
    assert parsed(text, "board_certifications") == board
    assert parsed(text, "licensed_states") == states


@pytest.mark.parametrize("name", load_lexicon("reviewer")["specialties"])
def test_every_specialty_is_recognised_whole(name: str) -> None:
    text = f"Board Certified in {name} and is licensed to practice in Ohio."
    assert parsed(PARAGRAPH.format(text), "board_certifications") == [name]


@pytest.mark.parametrize("state", load_lexicon("reviewer")["states"])
def test_every_state_is_recognised(state: str) -> None:
    text = f"State(s) of Licensure: {state} Certification(s)/Specialty: Neurology"
    assert parsed(text, "licensed_states") == [state]


@pytest.mark.parametrize(("short", "state"), load_lexicon("reviewer")["abbreviations"].items())
def test_every_abbreviation_names_its_state(short: str, state: str) -> None:
    text = f"State(s) of Licensure: {short} Certification(s)/Specialty: Neurology"
    assert parsed(text, "licensed_states") == [state]


def test_an_unknown_specialty_stays_as_it_is() -> None:
    assert correct_specialty("Wilderness Medicine Studies") == "Wilderness Medicine Studies"
