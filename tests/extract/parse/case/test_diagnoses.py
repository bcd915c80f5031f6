"""Diagnoses: the lists, where they end, how they are cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.lexicon import load_lexicon
from extract.parse.case.diagnoses import find_diagnoses
from extract.parse.case.diagnosis_lists import names_illness, split_diagnoses
from extract.spans import Passage

# Lines of the real letters of 2014 and of invented ones: cue, list, end.
LISTS = [
    ("Assessment: 1. Impingement 2. Hepatitis A infection 3. Cervicalgia A single form asks.",
     ["Impingement", "Hepatitis A infection", "Cervicalgia"]),
    ("The report gives: Axis I: Dysthymic disorder; insomnia. Axis II: deferred. Axis III: gout.",
     ["Dysthymic disorder", "insomnia", "gout"]),
    ("Diagnoses: Axis I: anxiety disorder, Axis III: lumbar strain, Axis V: GAF 55.",
     ["anxiety disorder", "lumbar strain"]),
    ("Insomnia related to Axis I disorder was seen. Dx: gout.", ["gout"]),
    ("Report of 12/30/2013: diagnoses carpal tunnel syndrome, left; diabetes, diet controlled. He",
     ["carpal tunnel syndrome, left", "diabetes, diet controlled"]),
    ("Diagnoses: 1. Gout 2. Chronic pain syndrome According to the report of 6/17/2014 he rests.",
     ["Gout", "Chronic pain syndrome"]),
    ("Treated for radiculopathy, long term (current) use of opiate analgesic and sleep apnea.",
     ["radiculopathy", "long term (current) use of opiate analgesic", "sleep apnea"]),
    ("Diagnosis 05/12/15 - cervicalgia - depression Treatment to date has been rest.",
     ["cervicalgia", "depression"]),
    ("Diagnoses at the last visit: severe gout; ganglion of the left wrist. Thenar atrophy.",
     ["severe gout", "ganglion of the left wrist"]),
    ("Cast eight weeks. DIAGNOSES. Lumbar sprain, left. Headache. REQUEST. A brace.",
     ["Lumbar sprain, left", "Headache"]),
    ("A (assessment): Cervical strain. Right wrist tendinitis. P: As of May.",
     ["Cervical strain", "Right wrist tendinitis"]),
    ("The surgeon's impression was: status post release, doing well; thumb arthritis.",
     ["status post release, doing well", "thumb arthritis"]),
    ("His physician has been treating him for bilateral radiculopathy and sleep apnea.",
     ["bilateral radiculopathy", "sleep apnea"]),
    ("He was diagnosed with a strain; the physiatrist, on 9/10/2013, diagnosed facet syndrome "
     "and morbid obesity.", ["strain", "facet syndrome", "morbid obesity"]),
    ("Dx: (1) healed fracture (2) gout, right. On 9/3/15 it was stiff, VAS 3. Extension 40.",
     ["healed fracture", "gout, right"]),
    ("He fell. Lumbar strain and left radiculopathy are the working diagnoses. He rests.",
     ["Lumbar strain", "left radiculopathy"]),
    ("Dx: strain, facet syndrome. Diagnoses also list Rule out lumbar herniation. So far rest.",
     ["strain", "facet syndrome", "Rule out lumbar herniation"]),
    ("Impression: chronic pain syndrome, and GERD. Pain 8/10 without pills.",
     ["chronic pain syndrome", "GERD"]),
    ("Diagnoses: lumbar sprain. Headache. He works.", ["lumbar sprain", "Headache"]),
    ("Treated for cervicalgia, and right lateral epicondylitis, she has been on disability.",
     ["cervicalgia", "right lateral epicondylitis"]),
    ("Initial diagnoses (1/3/2013): contusion of the hip, headache.",
     ["contusion of the hip", "headache"]),
    ("The report lists the assessment as cervical sprain and headache.",
     ["cervical sprain", "headache"]),
    ("The assessment reads:1. degenerative disc disease L5-S1.2. left radiculopathy.3. gout.He",
     ["degenerative disc disease L5-S1", "left radiculopathy", "gout"]),
    ("Diagnoses: hypertension, aggravated by pain; asthma.",
     ["hypertension, aggravated by pain", "asthma"]),
    ("The provider's list of diagnoses reads: labral tear, sleep apnea.",
     ["labral tear", "sleep apnea"]),
    ("Her physician has diagnosed: cervical radiculitis; right shoulder contusion, resolved; "
     "disc protrusion C6-7; anxiety.",
     ["cervical radiculitis", "right shoulder contusion, resolved", "disc protrusion C6-7",
      "anxiety"]),
    ("Diagnoses: chronic gingivitis; tobacco use disorder. No headaches. Family history of "
     "stroke.", ["chronic gingivitis", "tobacco use disorder"]),
    ("The podiatrist currently diagnoses heel tendinopathy and an equinus contracture.",
     ["heel tendinopathy", "equinus contracture"]),
    ("The podiatrist diagnoses are reviewed.", []),
    ("Comorbid conditions include asthma and hypertension.", ["asthma", "hypertension"]),
    ("Diagnoses: fractured left incisor, internal derangement of both jaw joints.",
     ["fractured left incisor", "internal derangement of both jaw joints"]),
    ("The diagnosis is lumbosacral spine strain. Objective findings of the spine are none.",
     ["lumbosacral spine strain"]),
    ("The listed diagnoses per the treater are: 1. Failed back syndrome, lumbar2. "
     "Dizziness/vertigoAccording to progress report, 08/27/2014, the patient has pain.",
     ["Failed back syndrome, lumbar", "Dizziness/vertigo"]),
    ("The listed diagnoses per the treater are: 1. Cervical radiculopathy.2. Status post fusion "
     "C5-C7, 03/11/2013.3. Myofascial pain syndrome.According to a report, she has pain.",
     ["Cervical radiculopathy", "Status post fusion C5-C7, 03/11/2013",
      "Myofascial pain syndrome"]),
    ("S: pain. O: spasm. A: 1) Cervical sprain/strain 2) Headaches 3) Paresthesia, resolving. "
     "P: rest.", ["Cervical sprain/strain", "Headaches", "Paresthesia, resolving"]),
    ("Assessment and plan: 1. Lumbar sprain. 2. Insomnia.", ["Lumbar sprain", "Insomnia"]),
    ("O: normal. A: (1) lumbar myospasm (2) tear of left meniscus, old injury P: rest.",
     ["lumbar myospasm", "tear of left meniscus, old injury"]),
    ("The diagnoses are status post left shoulder arthroscopy, cervical and lumbar strain.",
     ["status post left shoulder arthroscopy", "cervical and lumbar strain"]),
    ("Diagnoses: neck pain, dizziness and giddiness, and other synovitis and tenosynovitis, "
     "left hand.", ["neck pain", "dizziness and giddiness",
      "other synovitis and tenosynovitis, left hand"]),
    ("Diagnoses: subdural hematoma, neurogenic bladder, left hemiparesis, and tennis elbow.",
     ["subdural hematoma", "neurogenic bladder", "left hemiparesis", "tennis elbow"]),
    ("The diagnoses included lumbar sprain, lumbar myospasm, and headache.",
     ["lumbar sprain", "lumbar myospasm", "headache"]),
    ("Treated for a tear of the meniscus, old injury, and headache.",
     ["tear of the meniscus, old injury", "headache"]),
    ("The diagnoses are disc herniation at L4-5, L5-S1 radiculopathy.",
     ["disc herniation at L4-5", "L5-S1 radiculopathy"]),
    ("Treated for tear of medial meniscus of right knee, current injury, and knee effusion.",
     ["tear of medial meniscus of right knee, current injury", "knee effusion"]),
    ("The diagnosis is disc disease at L4-5 and L5-S1 with low back pain. He rests.",
     ["disc disease at L4-5 and L5-S1 with low back pain"]),
    ("She is diagnosed with chronic lumbar back pain and is reported to have tried rest.",
     ["chronic lumbar back pain"]),
    ("there is documentation of current diagnoses (flare up of back pain and history of prior "
     "lumbar decompression and fusion at L5-S1), and treatment to date (rest).",
     ["flare up of back pain", "history of prior lumbar decompression and fusion at L5-S1"]),
    ("The diagnoses carried through those reports are cervical strain, gout. He rests.",
     ["cervical strain", "gout"]),
    ("He diagnosed a left rotator cuff tear and arthritis. He asked for surgery.",
     ["left rotator cuff tear", "arthritis"]),
    ("The report lists as discharge diagnoses T10 paraplegia, neurogenic bladder. He rests.",
     ["T10 paraplegia", "neurogenic bladder"]),
    ("Diagnoses, by ICD-10: M17.0 osteoarthritis of knee, E66.01 morbid obesity. He rests.",
     ["osteoarthritis of knee", "morbid obesity"]),
    ("He has pain. A/P: cervical sprain; chronic low back pain; insomnia. He rests.",
     ["cervical sprain", "chronic low back pain", "insomnia"]),
    ("Listed diagnoses (ICD-9): 724.6 Disorders of sacrum; 846.1 Sacroiliac sprain. He rests.",
     ["Disorders of sacrum", "Sacroiliac sprain"]),
    ("Diagnoses: 1. Gout 2. Sprain of the lt. knee vs. tear. He has pain.",
     ["Gout", "Sprain of the lt. knee vs. tear"]),
    ("Diagnoses: 1) lumbar radiculopathy 2) insomnia. Medication consisted of Norco.",
     ["lumbar radiculopathy", "insomnia"]),
    ("The injured worker is undergoing treatment for a wrist sprain, anxiety, and neck pain.",
     ["wrist sprain", "anxiety", "neck pain"]),
    ("The worker was being treated for the diagnoses of hip contusion and sciatica. He rests.",
     ["hip contusion", "sciatica"]),
    ("The current diagnoses are documented as cervicalgia; pain in left hip; and pain, "
     "unspecified. The prior treatment was rest.",
     ["cervicalgia", "pain in left hip", "pain, unspecified"]),
    ("He was diagnosed as having tinnitus, rule out Meniere's disease. He works.",
     ["tinnitus", "rule out Meniere's disease"]),
    ("Diagnoses per the 07/25/16 report: Cervical sprain/strain. Left shoulder internal "
     "derangement. Left wrist tenosynovitis. Exam shows no fracture. He has back pain.",
     ["Cervical sprain/strain", "Left shoulder internal derangement",
      "Left wrist tenosynovitis"]),
    ("Impression: right knee medial and lateral meniscus tear, obesity. Plan: surgery.",
     ["right knee medial and lateral meniscus tear", "obesity"]),
    ("The dentist's assessment is cuspal fracture of tooth 30 and bruxism. It was refused.",
     ["cuspal fracture of tooth 30", "bruxism"]),
    ("Diagnoses, and-or impressions, were noted to include: low back injury; joint sprain.",
     ["low back injury", "joint sprain"]),
    ("The record shows diagnosis that include strain of thigh, subsequent encounter; gout.",
     ["strain of thigh, subsequent encounter", "gout"]),
    ("The diagnoses are lumbar sprain (ICD-9 847.2) and lumbago [M54.5]. Rest.",
     ["lumbar sprain", "lumbago"]),
    ("The diagnosis is gout. The patient was later diagnosed with gout and hip pain.",
     ["gout", "hip pain"]),
    ("The diagnoses listed on 8/6/2013 are hip sprain, dysphagia, and gout. He takes ibuprofen.",
     ["hip sprain", "dysphagia", "gout"]),
    ("Working diagnoses at the 04/22/2014 session: anxiety disorder, and bruxism. She sleeps.",
     ["anxiety disorder", "bruxism"]),
    ("Assessment of 5/30/2013: coronary artery disease and gout. The doctor wrote more.",
     ["coronary artery disease", "gout"]),
    ("The diagnoses of May 3, 2013 are coccydynia, ankle sprain.The bridge is loose.",
     ["coccydynia", "ankle sprain"]),
    ("The diagnostic impression is asthma. The worker coughs.", ["asthma"]),
    ("Diagnoses include a) hip sprain, b) gout, and c) right knee tear. He rests.",
     ["hip sprain", "gout", "right knee tear"]),
    ("Her diagnoses were: a. hip sprain; b. gout; c. anxiety. She rests.",
     ["hip sprain", "gout", "anxiety"]),
    ("Diagnoses: (i) hip sprain (ii) neck pain, chronic (iii) gout. Rest.",
     ["hip sprain", "neck pain, chronic", "gout"]),
    ("Diagnoses are #1 hip sprain, #2 gout, and #3 anxiety. He rests.",
     ["hip sprain", "gout", "anxiety"]),
    ("Diagnoses: • hip sprain, left • gout • anxiety. He rests.",
     ["hip sprain, left", "gout", "anxiety"]),
    ("Diagnoses: - hip sprain - post-traumatic gout - anxiety. He rests.",
     ["hip sprain", "post-traumatic gout", "anxiety"]),
    ("Diagnoses: 1. 847.2 Hip sprain. 2. 723.1 Neck pain. The doctor wrote more.",
     ["Hip sprain", "Neck pain"]),
    ("The diagnoses are M54.5: low back pain, 780.52 insomnia, and gout - 274.9. He rests.",
     ["low back pain", "insomnia", "gout"]),
    ("Diagnoses: M51.26 disc displacement, lumbar region M62.830 spasm of back G47.00 insomnia, "
     "unspecified. The report notes pain.",
     ["disc displacement, lumbar region", "spasm of back", "insomnia, unspecified"]),
    ("The diagnoses are T12 fracture, C5-6 disc protrusion, and 10 mm herniation. He rests.",
     ["T12 fracture", "C5-6 disc protrusion", "10 mm herniation"]),
    ("Assessment: (1) back syndrome (2) possible hypogonadism. The doctor noted little.",
     ["back syndrome", "possible hypogonadism"]),
    ("He was diagnosed on 3/4/13 with trigger thumb, left, and a wrist sprain. He rests.",
     ["trigger thumb, left", "wrist sprain"]),
    ("He is followed for ankle sprain, genu varum, and mild depressive episode. In 2018 he had",
     ["ankle sprain", "genu varum", "mild depressive episode"]),
    ("She is followed for payroll matters.", []),
    ("He has been assessed with hip sprain and opioid tolerance. Records show little.",
     ["hip sprain", "opioid tolerance"]),
    ("The diagnoses are full-thickness rotator cuff tear, right shoulder, and joint arthritis.",
     ["full-thickness rotator cuff tear, right shoulder", "joint arthritis"]),
    ("The diagnoses are a sprain, left heel, and myalgia and myositis; also hypothyroidism.",
     ["sprain, left heel", "myalgia and myositis", "hypothyroidism"]),
    ("Diagnoses: cervical sprain, left shoulder, and left hip pain.",
     ["cervical sprain", "left shoulder, and left hip pain"]),
    ("Diagnoses: chronic pain, sleep apnea, and long-term opioid use.",
     ["chronic pain", "sleep apnea", "long-term opioid use"]),
    ("The podiatrist's assessment of January 17, 2017 is as follows: 1. Tendonitis, right 2. Gout.",
     ["Tendonitis, right", "Gout"]),
    ("PE: scar. A: back sprain; radiculitis, bilateral; depression NOS. He rests. P: refill.",
     ["back sprain", "radiculitis, bilateral", "depression NOS"]),
    ("Diagnostic impression cervical spine strain, and anxiety. He rests.",
     ["cervical spine strain", "anxiety"]),
    ("The report, whose diagnosis is sacroiliitis, right, reports one such test alone.",
     ["sacroiliitis, right"]),
    ("The diagnosis reads lumbar sprain and headache.", ["lumbar sprain", "headache"]),
    ("Diagnoses: 1. Headache 2. Influenza A with fever", ["Headache", "Influenza A with fever"]),
    ("Diagnoses: 1. Gout 2. Weber A fracture of the ankle was fixed",
     ["Gout", "Weber A fracture of the ankle was fixed"]),
    ("The assessment of 11/22/2013 reads osteomyelitis, L4; wound infection. He rests.",
     ["osteomyelitis, L4", "wound infection"]),
    ("Assessments - partial edentulism and dry mouth syndrome. Plan: rinse.",
     ["partial edentulism", "dry mouth syndrome"]),
    ("An assessment of home needs was not sent.", []),
    ("Diagnoses: major depression, single episode, moderate; and gout. He rests.",
     ["major depression, single episode, moderate", "gout"]),
    ("Diagnoses: 1. Knee sprain 2. Spondylosis C5-6Treatment has included rest.",
     ["Knee sprain", "Spondylosis C5-6"]),
    ("In the opinion of Dr. Lee the patient has hip bursitis and sciatica. He rests.",
     ["hip bursitis", "sciatica"]),
    ("The DX list of 2/1/14 reads: 1. Neck strain 2. Gout", ["Neck strain", "Gout"]),
    ("The clinic treated him for ankle sprain and gout.", ["ankle sprain", "gout"]),
    ("The impression of the 6/2/13 report is hip bursitis.", ["hip bursitis"]),
    ("Diagnostic list. Facet arthropathy, dysthymia.", ["Facet arthropathy", "dysthymia"]),
    ("Dx: neck strain; tinnitus. Rx: rest.", ["neck strain", "tinnitus"]),
    ("The diagnoses are as follows: neck strain; tinnitus.", ["neck strain", "tinnitus"]),
    ("whose report lists as diagnoses elbow bursitis and sciatica. He rests.",
     ["elbow bursitis", "sciatica"]),
    ("The diagnosis is ankle sprain; secondary diagnoses are migraine and insomnia.",
     ["ankle sprain", "migraine", "insomnia"]),
]  # fmt: skip

# What is not a list of this patient's diagnoses.
NOTHING = [
    "PE: scar. A: continue rest; refill the drug. P: return.",
    "The diagnostic impression of the doctor was kept.",
    "Diagnosis read from the chart by a fellow with gout. He has pain.",
    "The assessment as of today is of a stable sprain.",
    "Assessment/plan: continue Norco for pain.",
    "Assessment and plan: the patient has lumbar pain; continue Norco.",
    "O: vitamin level. A: 1.2 (low) with sprain history.",
    "The MRI impression was: disc bulge. The patient rests.",
    "During the assessment on 11/17/2016 the patient complained of pain.",
    "The determination stated that the diagnosis was clinically evident.",
    "The record shows a history of a diagnosis of asthma.",
    "The applicant filed a claim for shoulder pain. He has been treated with rest.",
    "",
]

# How a run-on list is cut; every line of a list that letters really print.
CUTS = [
    ("lumbar sprain vs. strain and headache", ["lumbar sprain vs. strain", "headache"]),
    ("cervical and lumbar spine strain, blunt head trauma",
     ["cervical and lumbar spine strain", "blunt head trauma"]),
    ("cervical sprain and strain, bilateral shoulder strain and sprain with impingement",
     ["cervical sprain and strain", "bilateral shoulder strain and sprain with impingement"]),
    ("disc protrusion at L4-5 with lateral recess and foraminal stenosis",
     ["disc protrusion at L4-5 with lateral recess and foraminal stenosis"]),
    ("strain of unspecified muscle, fascia and tendon at upper arm level and hip pain",
     ["strain of unspecified muscle, fascia and tendon at upper arm level", "hip pain"]),
    ("lumbar, hip, and neck strain", ["lumbar, hip, and neck strain"]),
    ("hand contusion, cervical and thoracic sprain",
     ["hand contusion", "cervical and thoracic sprain"]),
    ("strain in right hip, ankle, and foot", ["strain in right hip, ankle, and foot"]),
    ("lumbar strain, chronic, and lumbar spondylosis",
     ["lumbar strain, chronic", "lumbar spondylosis"]),
    ("cervical sprain, headaches, and a swollen glark",
     ["cervical sprain", "headaches", "swollen glark"]),
    ("rotator cuff tear, a partial one, and a swollen glark",
     ["rotator cuff tear, a partial one, and a swollen glark"]),
    ("lumbar radiculopathy, right, and lumbosacral sprain",
     ["lumbar radiculopathy, right", "lumbosacral sprain"]),
    ("neck strain with radicular complaints, hand contusion/laceration",
     ["neck strain with radicular complaints", "hand contusion/laceration"]),
    ("depression, not otherwise specified, and insomnia due to pain",
     ["depression, not otherwise specified", "insomnia due to pain"]),
    ("left shoulder impingement, status post carpal tunnel release",
     ["left shoulder impingement", "status post carpal tunnel release"]),
    ("rotator cuff tear, status post repair; capsulitis, resolved",
     ["rotator cuff tear, status post repair", "capsulitis, resolved"]),
    ("shoulder pain right' right arm numbness; gout",
     ["shoulder pain right", "right arm numbness", "gout"]),
]  # fmt: skip


@pytest.mark.parametrize(("summary", "diagnoses"), LISTS)
def test_each_diagnosis_of_a_list_is_found(summary: str, diagnoses: list[str]) -> None:
    assert [found.value for found in find_diagnoses(Passage(summary, 9), [])] == diagnoses


@pytest.mark.parametrize("summary", NOTHING)
def test_what_is_no_list_gives_nothing(summary: str) -> None:
    assert find_diagnoses(Passage(summary), []) == []


@pytest.mark.parametrize(("text", "diagnoses"), CUTS)
def test_words_that_share_a_noun_stay_together(text: str, diagnoses: list[str]) -> None:
    assert [found.value for found in split_diagnoses(Passage(text), "r")] == diagnoses


def test_a_rationale_counts_only_if_the_summary_has_none() -> None:
    rationale = Passage(
        "The treating physician's diagnoses are ankle sprain and gout. So.", 50
    )
    summary = Passage("The diagnosis is lumbago. He rests.")
    assert [d.value for d in find_diagnoses(summary, [rationale])] == ["lumbago"]
    found = find_diagnoses(Passage("He has pain."), [rationale])
    assert [(d.value, d.rule) for d in found] == [
        ("ankle sprain", "diagnoses.rationale"),
        ("gout", "diagnoses.rationale"),
    ]
    assert find_diagnoses(None, [rationale]) == found


def test_a_rationale_names_whose_diagnoses_they_are() -> None:
    rationale = Passage("The dentist's diagnoses are bruxism and gingivitis. A guard helps.")
    assert [d.value for d in find_diagnoses(None, [rationale])] == ["bruxism", "gingivitis"]


def test_the_class_of_a_guideline_is_no_diagnosis() -> None:
    rationale = Passage("The MTUS asks for a diagnosis of nerve root compromise. ODG agrees.")
    assert find_diagnoses(None, [rationale]) == []


@pytest.mark.parametrize("word", load_lexicon("diagnoses")["heads"])
def test_each_head_makes_a_diagnosis(word: str) -> None:
    assert names_illness(f"left {word}")


@pytest.mark.parametrize("word", load_lexicon("diagnoses")["shared_heads"])
def test_each_shared_head_makes_a_diagnosis_and_is_shared(word: str) -> None:
    text = f"cervical contusion and {word}"
    assert [d.value for d in split_diagnoses(Passage(text), "r")] == [text]


@pytest.mark.parametrize("word", load_lexicon("diagnoses")["courses"])
def test_a_course_goes_with_the_illness_before_it(word: str) -> None:
    text = f"lumbar strain, {word}, gout"
    found = [d.value for d in split_diagnoses(Passage(text), "r")]
    assert found == [f"lumbar strain, {word}", "gout"]


@pytest.mark.parametrize("ending", load_lexicon("diagnoses")["endings"])
def test_each_ending_makes_a_diagnosis(ending: str) -> None:
    assert names_illness(f"left x{ending}")


@pytest.mark.parametrize("word", load_lexicon("diagnoses")["not_a_diagnosis"])
def test_what_begins_with_such_a_word_is_no_diagnosis(word: str) -> None:
    assert find_diagnoses(Passage(f"The diagnosis is {word} seen. So."), []) == []


@pytest.mark.parametrize("place", load_lexicon("diagnoses")["places"])
def test_a_place_waits_for_its_noun(place: str) -> None:
    text = f"hand contusion, {place} and toe sprain"
    if place in load_lexicon("diagnoses")["sides"]:
        return
    found = [d.value for d in split_diagnoses(Passage(text), "r")]
    assert found == ["hand contusion", f"{place} and toe sprain"]


@given(st.text(), st.sampled_from(["The diagnoses are ", "Diagnoses: 1. ", "diagnoses ("]))
def test_any_text_gives_places_within_it(text: str, cue: str) -> None:
    summary = Passage(cue + text, 11)
    for found in find_diagnoses(summary, [summary]):
        assert summary.start <= found.start < found.end <= summary.end
        assert found.value


@pytest.mark.xfail(strict=True, reason="the letter omits the separator between the two")
def test_a_list_without_separator_is_cut() -> None:
    found = find_diagnoses(Passage("The diagnosis is neck strain hip pain. So."), [])
    assert [d.value for d in found] == ["neck strain", "hip pain"]
