"""The body parts that a title names, and their sides."""

import pytest

from extract.lexicon import load_lexicon
from extract.parse.title.body_parts import find_body_parts
from schemas import Part
from tests.extract.parse.title.titles import words_of

DEVELOPED_ON = [
    ("Physical therapy 2 times 6 weeks of the lumbar spine", "lumbar_spine"),
    ("FOLLOW-UP VISIT WITH ANESTHESIOLOGIST FOR THE LUMBAR", "lumbar_spine"),
    ("Right shoulder arthroscopy with subacromial decompression", "shoulder/right"),
    ("Chiropractic treatment, cervical and lumbar spine", "cervical_spine lumbar_spine"),
    ("LEFT L4-5 AND L5-S1 TRANSFORAMINAL EPIDURAL STEROID INJECTION", "lumbar_spine/left"),
    ("Bilateral L3, L4, L5 medial branch blocks", "lumbar_spine/bilateral"),
    ("Massage therapy, 6 sessions, left foot", "foot/left"),
    ("a porcelain crown on tooth number 30", "jaw"),
    ("Extracorporeal shock wave therapy, left heel, 3 treatments", "foot/left"),
    ("Dynamic flexion splint, left small finger", "hand/left"),
    ("Custom molded foot orthotics", "foot"),
    ("EMG/NCS of the bilateral upper extremities", "upper_extremity/bilateral"),
    ("MRI of the brain with diffusion tensor imaging", "head"),
    ("Left knee ACL reconstruction with hamstring autograft", "knee/left"),
    ("Urine drug screen", ""),
    ("Cervical traction unit with air bladder", "cervical_spine"),
    ("Dental implants, upper front teeth", "jaw"),
]

SIDES = [
    ("MRI of the left knee and right ankle", "knee/left ankle/right"),
    ("PT for the right wrist, elbow and shoulder", "wrist/right elbow/right shoulder/right"),
    ("Acupuncture for the right knee and low back", "knee/right lumbar_spine"),
    ("Acupuncture for the low back and both knees", "lumbar_spine knee/bilateral"),
    ("PT for the right knee, neck and hip", "knee/right cervical_spine hip"),
    ("MRI knee, right", "knee/right"),
    ("Cervical facet injections at C3-4 and C4-5 bilaterally", "cervical_spine/bilateral"),
    ("Left transforaminal epidural steroid injection at L5", "lumbar_spine/left"),
    ("X-ray, left and right knees", "knee/bilateral"),
    ("Left ulnar nerve decompression with anterior transposition at the elbow", "elbow/left"),
    ("Right total hip arthroplasty", "hip/right"),
    ("MRI of the left hand and X-ray of the hand", "hand/left"),
]

ABBREVIATIONS = [
    ("PT 2x6 C/S, T/S and L/S", "cervical_spine thoracic_spine lumbar_spine"),
    ("MRI L-spine", "lumbar_spine"),
    ("EMG B/L LE", "lower_extremity/bilateral"),
    ("NCS RUE", "upper_extremity/right"),
    ("Custom molded ankle-foot orthosis, left, x 1", "ankle/left foot/left"),
    ("NCV left UE", "upper_extremity/left"),
    ("MRI R knee", "knee/right"),
    ("X-ray L. ankle", "ankle/left"),
    ("Right SI joint injection", "pelvis/right"),
    ("ESI T12-L1", "thoracic_spine"),
    ("C5/6 injection", "cervical_spine"),
    ("S1 epidural injection", "lumbar_spine"),
    ("MRI (L) knee", "knee/left"),
    ("Foot orthotics x 2", "foot"),
    ("X-ray R. shoulder", "shoulder/right"),
    ("Injection, right (R) knee", "knee/right"),
]

NO_PARTS = [
    "Spinal cord stimulator trial",
    "Hand-held shower head",
    "Consultation with a hand surgeon",
    "Eye drops",
    "Vitamin B12",
    "TSH, T3 and T4",
    "L0637 brace",
    "8 foot ramp",
]


@pytest.mark.parametrize(
    ("title", "parts"),
    [*DEVELOPED_ON, *SIDES, *ABBREVIATIONS, *((title, "") for title in NO_PARTS)],
)
def test_body_parts(title: str, parts: str) -> None:
    found = [part.value for part in find_body_parts(words_of(title))]
    shown = [f"{one.part}/{one.side}" if one.side else str(one.part) for one in found]
    assert " ".join(shown) == parts


@pytest.mark.xfail(strict=True, reason="a bracket ends the reach of a side behind a part")
def test_known_failure_side_behind_a_bracket() -> None:
    (found,) = find_body_parts(words_of("Hip (trochanteric bursa, proximal), injection, left"))
    assert found.value.side == "left"


def test_every_listed_name_is_its_part() -> None:
    wrong = []
    for name, phrases in load_lexicon("body_parts")["parts"].items():
        for phrase in phrases:
            found = find_body_parts(words_of(f"MRI of the left {phrase}"))
            if [(one.value.part, one.value.side) for one in found] != [(Part(name), "left")]:
                wrong.append(phrase)
    assert wrong == []


def test_every_word_of_part_and_side_is_both() -> None:
    for word, (part, side) in load_lexicon("body_parts")["sided"].items():
        (found,) = find_body_parts(words_of(f"EMG {word.upper()}"))
        assert (found.value.part, found.value.side) == (part, side)


def test_every_listed_side_is_its_side() -> None:
    for side, phrases in load_lexicon("body_parts")["sides"].items():
        for phrase in phrases:
            (found,) = find_body_parts(words_of(f"MRI of {phrase} knee"))
            assert found.value.side == side, phrase


def test_what_only_looks_like_a_part_is_none() -> None:
    for phrase in load_lexicon("body_parts")["not_parts"]["phrases"]:
        assert find_body_parts(words_of(phrase)) == [], phrase
