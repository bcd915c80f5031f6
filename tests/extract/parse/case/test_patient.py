"""Age and sex of the patient."""

import pytest

from extract.parse.case.patient import find_patient
from extract.parse.number_words import number_words, parse_number
from extract.spans import Found, Passage

DEVELOPED_ON = [
    ("The patient is a 37-year-old female with an injury.", 37, "female"),
    ("This 52 year old male fell.", 52, "male"),
    ("This case involves a now 58-year-old male who fell.", 58, "male"),
    ("The applicant is a represented 44-year-old former carpenter. He fell.", 44, "male"),
    ("A forty-five-year-old woman, formerly a housekeeper", 45, "female"),
    ("A sixty-one year-old retired bus operator. She fears crowds.", 61, "female"),
    ("The claimant, a woman of 48 years, lifted a tray.", 48, "female"),
    ("The claimant, 38, is a mail carrier. She stopped.", 38, "female"),
    ("Claimant: female, age 55, assembler.", 55, "female"),
    ("CLAIMANT: 26 years old, female, machine operator.", 26, "female"),
    ("The patient is a 60 year old gentleman. He lives with his mother, who is "
     "eighty-eight years old.", 60, "male"),
    ("The employee is forty-one years of age. She lost a filling.", 41, "female"),
    ("The patient is a 46-year-old right-handed male machinist.", 46, "male"),
    ("A 33 y/o M who fell. He was treated.", 33, "male"),
    ("The employee is 52 and drove a van until he was hit.", 52, "male"),
    ("The injured worker is thirty-three. He felt a tear.", 33, "male"),
    ("Pt 44, female. Bank teller.", 44, "female"),
    ("Care so far: PT, 24, acupuncture. The applicant is a 45-year-old male.", 45, "male"),
    ("Seen by Dr. [redacted], 15, the applicant is a 45-year-old male.", 45, "male"),
    ("His son, when he turned 18 in June, left. The patient is a 52-year-old man.", 52, "male"),
    ("Dr. [redacted], two, saw the applicant, a man aged 44.", 44, "male"),
    ("The worker, now 52, drove a van until he fell.", 52, "male"),
    ("The employee, an upholsterer of 47 years, has numb fingers. He rests.", 47, "male"),
    ("The employee, a carpenter of 20 years, fell. He rests.", None, "male"),
    ("Ms. [redacted], fifty-one, was a cook. She fell.", 51, "female"),
    ("Mr. [redacted] is fifty-three and was a roofer. He fell.", 53, "male"),
    ("This is a lineman of 36 who touched a wire. He fell.", 36, "male"),
    ("A roofer of 45, Mr. [redacted], fell off his ladder.", 45, "male"),
    ("This gardener, now fifty-six, cut a cable. He fell.", 56, "male"),
    ("A processor in her forty-seventh year (she turned 46 in May).", 46, "female"),
    ("AGE/SEX: twenty-seven, F. She fell.", 27, "female"),
    ("Her age is given as fifty-eight.", 58, "female"),
    ("Ms. [redacted] is 52 and cleans rooms. She fell.", 52, "female"),
    ("Mr. [name removed] fell. His mother was told that she may stay. He is 27. He rests.", 27, "male"),
    ("Ms. [redacted], 62, fell. The surgeon saw her; he left.", 62, "female"),
    ("A surgeon saw her; he left. Currently 44, she last worked in 2010.", 44, "female"),
    ("49 F. DOI 5/5/06. She has pain.", 49, "female"),
    ("She was 35 when she fell. She is 38 now. She rests.", 38, "female"),
    ("58M, DOI 10/05/2017, struck by a pipe. He rests.", 58, "male"),
    ("A mail carrier, 37, rolled her foot.", 37, "female"),
    ("63 yr. old male, pipe fitter.", 63, "male"),
    ("All right, this is a lady of 44 who fell.", 44, "female"),
    ("Ms. [redacted], 33, is a letter carrier. Her heel hurts.", 33, "female"),
    ("53-year-old right-handed seamstress. Diagnoses follow.", 53, "female"),
    ("They concern a lineman, 38, on whom a pole fell. He wakes at night.", 38, "male"),
    ("Patient: male, 36 years, glazier. He slid down a pole.", 36, "male"),
    ("IW: 44 yo M, plasterer.", 44, "male"),
    ("The applicant, an order picker of forty-seven, was reaching. She fell.", 47, "female"),
    ("The patient, a roofer with a history of 20 years, fell. He rests.", None, "male"),
    ("The patient, a driver of 20 years' standing, fell. He rests.", None, "male"),
    ("The applicant, a roofer of forty-one who fell, limps. He rests.", 41, "male"),
    *((f"The patient, {told}, fell. He rests.", None, "male") for told in (
        "a supervisor of fifteen", "a father of fourteen", "a shift leader of twenty",
        "a man with a body mass index of 38", "a roofer with an Oswestry score of 42",
        "an owner of twenty", "a veteran of forty", "a driver of fourteen")),
    ("The injury is a 3-year-old injury. She is 5 feet tall.", None, "female"),
    ("The applicant is 210 pounds, and she is 12, 14 and 16 weeks behind.", None, "female"),
    ("The injured worker is a female who fell.", None, "female"),
    ("The injured worker is a 56 year old. She stated that her foot burned.", 56, "female"),
    ("The injured worker is a 56 year old. His wife says that she drives.", 56, None),
    ("The patient is a 45-year-old. She reports low back pain. She notes weakness.", 45,
     "female"),
    ("The patient is a 40-year-old. He reports pain.", 40, "male"),
    ("The applicant is 29 years old. She fell. In his note the surgeon says so.", 29,
     "female"),
    ("He is a fifty-two (52) year old male.", 52, "male"),
    ("This is a 4-year-old claim. The patient is a 47 year old male.", 47, "male"),
    ("A 39-year-old employee was hurt when her male coworker fell. She has pain.",
     39, "female"),
    ("A dairy worker, she is now 34 years old. The dentist says that he can help.", 34,
     "female"),
    ("She sits and she stands. Her surgeon says he is done. She is at home; her pain goes on.",
     None, "female"),
    ("She sits. Her surgeon says that he is done.", None, None),
    ("An injury of two years ago.", None, None),
    ("He/she has a pain of his/her back.", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("summary", "age", "sex"), DEVELOPED_ON)
def test_patient(summary: str, age: int | None, sex: str | None) -> None:
    found = find_patient(Passage(summary, 10), [])
    stated = {name: each.value for name, each in found.items() if isinstance(each, Found)}
    assert stated.get("patient.age") == age
    assert stated.get("patient.sex") == sex


def test_rationale_speaks_where_there_is_no_summary() -> None:
    found = find_patient(None, [Passage("This 29 year old man was struck.")])
    assert {name: each.value for name, each in found.items() if isinstance(each, Found)} == {
        "patient.age": 29,
        "patient.sex": "male",
    }


@pytest.mark.parametrize(("word", "number"), number_words().items())
def test_every_number_word(word: str, number: int) -> None:
    assert parse_number(word) == parse_number(word.replace("-", " ").title()) == number


def test_what_is_no_number_word() -> None:
    assert parse_number("several") is None
