"""Guideline lines into citations: the labels' form, the prose of 2013, noise around both."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.parse.citations.line import parse_citations
from extract.parse.citations.statements import split_statements
from extract.spans import Passage

Row = tuple[str, str, int | None, str | None, list[str]]
MTUS, NON = "Decision based on MTUS ", "Decision based on Non-MTUS Citation "
OUTSIDE = (
    "The Expert Reviewer based their decision on recommendation(s) outside of the MTUS "
    "Guidelines. "
)

DEVELOPED_ON: list[tuple[str, list[Row]]] = [
    # Labels left out, and prose that names its guideline with other verbs.
    ("MTUS Low Back Complaints 2004, Section(s): Special Studies, Summary, and " + NON +
     "ODG, Low Back Chapter, MRIs.",
     [("mtus", "acoem", 2004, "Low Back Complaints, Special Studies, Summary", []),
      ("non_mtus", "odg", None, "Low Back, MRIs", [])]),
    ("The reviewer therefore turned to the Medicare Benefit Policy Manual, Chapter 1, which is "
     "not part of the MTUS.",
     [("non_mtus", "other", None, "Medicare Benefit Policy Manual, Chapter 1", [])]),
    ("MTUS, Chronic Pain Medical Treatment Guidelines, Muscle relaxants (for pain), page 63, "
     "being the part that treats of this class.",
     [("mtus", "chronic_pain", None, "Muscle relaxants (for pain)", ["63"])]),
    ("Decision based on the Opioids section of the Chronic Pain Guidelines, page 80.",
     [("mtus", "chronic_pain", None, "Opioids", ["80"])]),
    (MTUS + "Acupuncture 2007, and Postsurgical 2009, Section(s): Knee.",
     [("mtus", "acupuncture", 2007, None, []), ("mtus", "postsurgical", 2009, "Knee", [])]),
    # The form of 2014: names, sections, one list of pages.
    (MTUS + "Chronic Pain Treatment Guidelines Page(s): 98-99.",
     [("mtus", "chronic_pain", None, None, ["98-99"])]),
    (MTUS + "Chronic Pain Treatment Guidelines Section on physical medicine Page(s): 98.",
     [("mtus", "chronic_pain", None, "physical medicine", ["98"])]),
    (MTUS + "Chronic Pain Treatment Guidelines Chronic Pain Medical Treatment Guidelines "
     "Physical Therpay Page(s): 58-60.",
     [("mtus", "chronic_pain", None, "Physical Therpay", ["58-60"])]),
    (MTUS + "ACOEM Chapter 12 Low Back Complaints,Chronic Pain Treatment Guidelines "
     "Physical medicine. " + NON + "Official Disability Guidelines (ODG) Physical therapy "
     "guidelines",
     [("mtus", "acoem", None, "Low Back Complaints", []),
      ("mtus", "chronic_pain", None, "Physical medicine", []),
      ("non_mtus", "odg", None, "Physical therapy guidelines", [])]),
    (MTUS + "Acupuncture Treatment Guidelines.", [("mtus", "acupuncture", None, None, [])]),
    (MTUS + "Postsurgical Treatment Guidelines Shoulder.",
     [("mtus", "postsurgical", None, "Shoulder", [])]),
    ("The Claims Administrator did not base their decision on the MTUS. " + NON +
     "American College of Occupational and Environmental Medicine (ACOEM), 2nd Edition, "
     "(2004) Independent Medical Examinations and Consultations; Low Back Complaints, "
     "page(s) 127, 300; Official Disability Guidelines (ODG) Pain Chapter; Low Back "
     "Chapter, Office visits;",
     [("non_mtus", "acoem", 2004, "Independent Medical Examinations and Consultations, Low "
       "Back Complaints", ["127", "300"]),
      ("non_mtus", "odg", None, "Pain, Low Back, Office visits", [])]),
    (NON + "American College of Occupational and Environmental Medicine (ACOEM), 2nd "
     "Edition, (2004) Pain, Suffering, and the Restoration of Function Chapter 6 (page 114).",
     [("non_mtus", "acoem", 2004, "Pain, Suffering, and the Restoration of Function",
       ["114"])]),
    (MTUS + "Chronic Pain Treatment Guidelines, Opioids, specific drug list; Weaning of "
     "Medications Page(s): 78-80, 124.",
     [("mtus", "chronic_pain", None, "Opioids, specific drug list, Weaning of Medications",
       ["78-80", "124"])]),
    (MTUS + "ACOEM Practice Guidelines, Chapter 12 Low Back Complaints Page(s): 301, "
     "Official Disability Guidelines (ODG) Low Back Chapter, Lumbar supports.",
     [("mtus", "acoem", None, "Low Back Complaints", ["301"]),
      ("mtus", "odg", None, "Low Back, Lumbar supports", [])]),
    (MTUS + "General Approaches ACOEM Practice Guidelines.",
     [("mtus", "acoem", None, "General Approaches", [])]),
    # The form from 2015 on: titles with years, "Section(s):".
    (MTUS + "Knee Complaints 2004, Section(s): Physical Methods, and Postsurgical Treatment "
     "2009, Section(s): Knee.",
     [("mtus", "acoem", 2004, "Knee Complaints, Physical Methods", []),
      ("mtus", "postsurgical", 2009, "Knee", [])]),
    (MTUS + "Forearm, Wrist, and Hand Complaints 2004, and Neck and Upper Back Complaints "
     "2004, Section(s): Special Studies.",
     [("mtus", "acoem", 2004, "Forearm, Wrist, and Hand Complaints", []),
      ("mtus", "acoem", 2004, "Neck and Upper Back Complaints, Special Studies", [])]),
    (MTUS + "General Approaches 2004, Section(s): Work-Relatedness, Summary.",
     [("mtus", "acoem", 2004, "General Approaches, Work-Relatedness, Summary", [])]),
    (MTUS + "Opioid Treatment 2016, Section(s): 2. Opioids for Subacute Pain, 3.3.9 Opioids "
     "for Chronic Pain and Chronic Opioid Treatment: Dosing.",
     [("mtus", "opioids", 2016, "Opioids for Subacute Pain, Opioids for Chronic Pain and "
       "Chronic Opioid Treatment: Dosing", [])]),
    (MTUS + "Elbow Complaints 2007, Section(s): 326, and Acupuncture Treatment 2007.",
     [("mtus", "acoem", 2007, "Elbow Complaints, 326", []),
      ("mtus", "acupuncture", 2007, None, [])]),
    (MTUS + "Chronic Pain Medical Treatment 2016 Guidelines, Section(s): Yoga.",
     [("mtus", "chronic_pain", 2016, "Yoga", [])]),
    (MTUS + "Shoulder Disorders 2016, Section(s): Medications, and Drug Formulary 2022.",
     [("mtus", "acoem", 2016, "Shoulder Disorders, Medications", []),
      ("mtus", "drug_formulary", 2022, None, [])]),
    (MTUS + "Hand, Wrist, and Forearm Disorders 2019, Section(s): Crush Injuries, "
     "Rehabilitation, and Cornerstones of Disability Prevention and Management 2018.",
     [("mtus", "acoem", 2019, "Hand, Wrist, and Forearm Disorders, Crush Injuries, "
       "Rehabilitation", []),
      ("mtus", "acoem", 2018, "Cornerstones of Disability Prevention and Management", [])]),
    # The ODG in its spellings.
    (OUTSIDE + NON + "ODG Guidelines, 12th Edition, 2014, Hip Chapter.",
     [("non_mtus", "odg", 2014, "Hip", [])]),
    (OUTSIDE + NON + "Official Disability Guidelines by MCG (www.mcg.com/odg), Forearm, "
     "Wrist, & Hand, Splints.",
     [("non_mtus", "odg", None, "Forearm, Wrist, & Hand, Splints", [])]),
    (NON + "Official Disability Guidelines (ODG), Neck & Upper Back (updated 06/25/15), "
     "Fusion, anterior cervical.",
     [("non_mtus", "odg", 2015, "Neck & Upper Back, Fusion, anterior cervical", [])]),
    (NON + "Official Disability Guidelines, Work Loss Data Institute (20th Annual Edition), "
     "2015, Hernia Chapter (online version): Imaging.",
     [("non_mtus", "odg", 2015, "Hernia, Imaging", [])]),
    (NON + "Knee (Acute & Chronic), Aquatic therapy, ODG Preface.",
     [("non_mtus", "odg", None, "Knee (Acute & Chronic), Aquatic therapy, Preface", [])]),
    # Others are taken as printed.
    (NON + "CDC Guideline for Prescribing Opioids for Chronic Pain, 2016.",
     [("non_mtus", "other", 2016,
       "CDC Guideline for Prescribing Opioids for Chronic Pain, 2016", [])]),
    (NON + "Rockwood's Fractures in Adults, 8th ed Chapter 43: Clavicle Fractures.",
     [("non_mtus", "other", None,
       "Rockwood's Fractures in Adults, 8th ed Chapter 43: Clavicle Fractures", [])]),
    (NON + "Official Disability Guidelines (ODG) Head, Hearing aids and Other Medical "
     "Treatment Guidelines https://www.example.org/hearing.pdf.",
     [("non_mtus", "odg", None, "Head, Hearing aids", []),
      ("non_mtus", "other", None, "https://www.example.org/hearing.pdf", [])]),
    # Prose.
    ("The Claims Administrator based its decision on the Chronic Pain Medical Treatment "
     "Guidelines, Physical Medicine, pages 98-99, which are part of the MTUS, and on the "
     "Official Disability Guidelines (ODG), Knee and Leg Chapter, which is not part of the "
     "MTUS.",
     [("mtus", "chronic_pain", None, "Physical Medicine", ["98-99"]),
      ("non_mtus", "odg", None, "Knee and Leg", [])]),
    ("The Expert Reviewer based his/her decision on the MTUS Chronic Pain Medical Treatment "
     "Guidelines, Detoxification and Weaning of Medications, pages 42 and 124.",
     [("mtus", "chronic_pain", None, "Detoxification and Weaning of Medications",
       ["42", "124"])]),
    ("The Claims Administrator based its decision on the Chronic Pain Medical Treatment "
     "Guidelines, Manual therapy & manipulation, pages58-60, which are part of the MTUS.",
     [("mtus", "chronic_pain", None, "Manual therapy & manipulation", ["58-60"])]),
    ("The Expert Reviewer found that no section of the MTUS was applicable. The Expert "
     "Reviewer based his/her decision on the FDA label for Viagra, which is not part of the "
     "MTUS.",
     [("non_mtus", "other", None, "FDA label for Viagra", [])]),
    ("The claims administrator relied on the same source: MTUS, ACOEM, Elbow Disorders, "
     "page 29.",
     [("mtus", "acoem", None, "Elbow Disorders", ["29"])]),
    ("The Official Disability Guidelines (ODG), Head Chapter, Diffusion tensor imaging, "
     "were used, because the MTUS has no section on brain imaging. The ODG is not part of "
     "the MTUS.",
     [("non_mtus", "odg", None, "Head, Diffusion tensor imaging", [])]),
]  # fmt: skip

OTHER_NOTATIONS: list[tuple[str, list[Row]]] = [
    ("The Expert Reviewer based his decision on the ODG, Hand Chapter, Splints, which is a "
     "medical treatment guideline, not part of the MTUS.",
     [("non_mtus", "odg", None, "Hand, Splints", [])]),
    ("The Expert Reviewer based his decision on the ODG, Hand Chapter, Paraffin wax baths, a "
     "medical treatment guideline (MTG) which is not part of the MTUS.",
     [("non_mtus", "odg", None, "Hand, Paraffin wax baths", [])]),
    (MTUS + "Chronic Pain Treatment Guidelines 8 C.C.R. §§9792.20 – 9792.26 MTUS (Effective "
     "July 18, 2009) Page(s): 47 of 127.",
     [("mtus", "chronic_pain", 2009, None, ["47"])]),
    (MTUS + "Low Back Complaints Page(s): 300,Chronic Pain Treatment Guidelines Section "
     "Opioids Page(s): 78 – 80.",
     [("mtus", "acoem", None, "Low Back Complaints", ["300"]),
      ("mtus", "chronic_pain", None, "Opioids", ["78-80"])]),
    (MTUS + "ACOEM Practice Guidelines, Chapter 9 Shoulder Complaints Page(s): Table 9-6, "
     "page 214.", [("mtus", "acoem", None, "Shoulder Complaints, Table 9-6", ["214"])]),
    (MTUS + "Traumatic Brain Injury 2017, Section(s): Diagnosis, and Workplace Mental "
     "Health: Depressive Disorders 2020, Section(s): Psychotherapy.",
     [("mtus", "acoem", 2017, "Traumatic Brain Injury, Diagnosis", []),
      ("mtus", "acoem", 2020, "Workplace Mental Health: Depressive Disorders, "
       "Psychotherapy", [])]),
    (MTUS + "Hearing Loss 2021, Section(s): Aids, and Workplace Ergonomics 2022.",
     [("mtus", "acoem", 2021, "Hearing Loss, Aids", []),
      ("mtus", "acoem", 2022, "Workplace Ergonomics", [])]),
    (MTUS + "Opioids 2017, Section(s): Use, and Chronic Pain 2017, Section(s): Exercise.",
     [("mtus", "opioids", 2017, "Use", []), ("mtus", "chronic_pain", 2017, "Exercise", [])]),
    ("Decision based on MTUS.", [("mtus", "mtus_general", None, None, [])]),
    (MTUS + "Physical Medicine Page(s): 98-99.",
     [("mtus", "mtus_general", None, "Physical Medicine", ["98-99"])]),
    (NON + "Glass L. Occupational medicine practice guidelines, 2nd edition (2004) p 12.",
     [("non_mtus", "acoem", 2004, None, ["12"])]),
    (NON + "Offical Disability Guidlines, Low Back Chapter, Traction, Glass L (Ed), "
     "Occupational Medicine Practice Guidelines, pp. 298-300 & 301",
     [("non_mtus", "odg", None, "Low Back, Traction", []),
      ("non_mtus", "acoem", None, None, ["298-300", "301"])]),
    (NON + "Official Disability Guidelines, Ankle (updated 3/2/16); ODG, Knee (updated "
     "4/1/16).",
     [("non_mtus", "odg", 2016, "Ankle", []), ("non_mtus", "odg", 2016, "Knee", [])]),
    (NON + "Official Disability Guidelines, Ankle Chapter, Casting; ODG, Knee Chapter.",
     [("non_mtus", "odg", None, "Ankle, Casting, Knee", [])]),
    (NON + "Work Loss Data Institute, LLC; Corpus Christi, TX; www.odg-twc.com; Section: "
     "Pain (Chronic).", [("non_mtus", "odg", None, "Pain (Chronic)", [])]),
    (NON + "Official Disability Guidelines (ODG) Pain Chapter, Zolpidem; FDA labeling.",
     [("non_mtus", "odg", None, "Pain, Zolpidem", []),
      ("non_mtus", "other", None, "FDA labeling", [])]),
    (NON + "Lind A, de Boer HV, et al. Splints. J Hand. 2008; 35: 9.",
     [("non_mtus", "other", 2008, "Lind A, de Boer HV, et al. Splints. J Hand. 2008; 35: 9", [])]),
    (NON + "Annals of Surgery 2010, accessed 3/4/2014.",
     [("non_mtus", "other", None, "Annals of Surgery 2010, accessed 3/4/2014", [])]),
    (MTUS + "Chronic Pain Medical Treament Guidlines Page (s) 98/127.",
     [("mtus", "chronic_pain", None, None, ["98"])]),
    ("Decision Based on MTUSChronic Pain Treatment Guidelines Opioids pages 78, 80. Decision "
     "Based on Non-MTUS CitationOfficial Disability Guidelines (ODG) Pain.",
     [("mtus", "chronic_pain", None, "Opioids", ["78", "80"]),
      ("non_mtus", "odg", None, "Pain", [])]),
    (MTUS + "Forearm, Wrist, Hand Complaint Page(s): 270.",
     [("mtus", "acoem", None, "Forearm, Wrist, Hand Complaint", ["270"])]),
    (NON + "Campbell's Operative Orthopaedics, 12th edition, pages 2052-2211.",
     [("non_mtus", "other", None,
       "Campbell's Operative Orthopaedics, 12th edition, pages 2052-2211", ["2052-2211"])]),
    ("The MTUS does not address the issue, so the Expert Reviewer based his/her decision on "
     "the ODG, Pain Chapter, Medical foods, which is not part of the MTUS.",
     [("non_mtus", "odg", None, "Pain, Medical foods", [])]),
    ("The ACOEM Guidelines, pages 374-375, which are part of the MTUS, were relied upon as the "
     "chapter of the injured part, and so were the Official Disability Guidelines (ODG), Ankle "
     "Chapter, Ligament repair, which are not part of the MTUS, since they say more.",
     [("mtus", "acoem", None, None, ["374-375"]),
      ("non_mtus", "odg", None, "Ankle, Ligament repair", [])]),
    ("The Expert Reviewer based his decision on the ODG, Pain Chapter, Medical foods, as well "
     "as the Milliman Care Guidelines, which are not part of the MTUS.",
     [("non_mtus", "odg", None, "Pain, Medical foods", []),
      ("non_mtus", "other", None, "Milliman Care Guidelines", [])]),
    ("The Claims Administrator based its decision on the ODG, Low Back Chapter; the ACOEM "
     "Guidelines, Chapter 12, pages 287-315; and Milliman Care Guidelines, which are not "
     "part of the MTUS.",
     [("non_mtus", "odg", None, "Low Back", []),
      ("non_mtus", "acoem", None, None, ["287-315"]),
      ("non_mtus", "other", None, "Milliman Care Guidelines", [])]),
    ("The Claims Administrator based its decision on the Chronic Pain Medical Treatment "
     "Guidelines, (no page cited), part of the Medical Treatment Utilization Schedule "
     "(MTUS). The provider did not dispute the guidelines used by the Claims Administrator.",
     [("mtus", "chronic_pain", None, None, [])]),
    ("The Claims Administrator based its decision on the Official Disability Guidelines "
     "(ODG), (current version), Low Back Chapter, which is a Medical Treatment Guideline "
     "(MTG) not in the Medical Treatment Utilization Schedule (MTUS).",
     [("non_mtus", "odg", None, "Low Back", [])]),
    ("MTUS Chronic Pain Medical Treatment Guidelines, Physical Medicine, pages 98-99, as these "
     "give a number, and MTUS ACOEM, Shoulder Complaints, page 203, as it has more.",
     [("mtus", "chronic_pain", None, "Physical Medicine", ["98-99"]),
      ("mtus", "acoem", None, "Shoulder Complaints", ["203"])]),
    ("The claims administrator had gone by the MTUS ACOEM, Low Back Complaints, and by the ODG, "
     "Hip Chapter, which is not part of the MTUS.",
     [("mtus", "acoem", None, "Low Back Complaints", []), ("non_mtus", "odg", None, "Hip", [])]),
    ("The Expert Reviewer based his/her decision on the MTUS.",
     [("mtus", "mtus_general", None, None, [])]),
]  # fmt: skip

CITES_NOTHING = [
    "",
    "The Claims Administrator did not cite any medical evidence for its decision.",
    "The Expert Reviewer did not base their decision on the MTUS.",
    OUTSIDE,
    "The MTUS has no passage about care of this level.",
    "The claims administrator cited no guideline.",
    "The claims administrator relied on the same guideline.",
    "The Expert Reviewer stated that no section of the MTUS was applicable.",
    "The Expert Reviewer found the guidelines used by the Claims Administrator relevant and "
    "appropriate for the employee's clinical circumstance.",
]

BUGS_CAUGHT: list[tuple[str, list[Row]]] = [
    # Pasted text behind a citation is none of it, nor are the sources that it names.
    (NON + "Official Disability Guidelines (ODG) Low Back Chapter, MRI. Recommended for "
     "indications below. MRI is the test of choice (Bigos, 1999). See also ACOEM, page 3.",
     [("non_mtus", "odg", None, "Low Back, MRI", [])]),
    (MTUS + "ACOEM Chapter 12 Low Back Complaints Page(s): 303. The ACOEM guidelines state "
     "that imaging is of use, page 5.",
     [("mtus", "acoem", None, "Low Back Complaints", ["303"])]),
    # Topics of the ODG are called guidelines too.
    (NON + "Official Disability Guidelines (ODG), Low Back Chapter, Acupuncture Guidelines.",
     [("non_mtus", "odg", None, "Low Back, Acupuncture Guidelines", [])]),
    # What the MTUS lacks is not cited from it, and what follows its name is.
    ("The Expert Reviewer based his/her decision on the ODG, Pain Chapter, as the MTUS lacks "
     "the topic, and on MTUS/ACOEM, page 9.",
     [("non_mtus", "odg", None, "Pain", []), ("mtus", "acoem", None, None, ["9"])]),
    # A source announced as "other" may turn out to be a known one.
    (NON + "Official Disability Guidelines (ODG) Hip, MRI and Other Medical Treatment "
     "Guidelines ACOEM Hip and Groin Disorders.",
     [("non_mtus", "odg", None, "Hip, MRI", []),
      ("non_mtus", "acoem", None, "Hip and Groin Disorders", [])]),
    # Authors begin a study, whatever stands before them, and its title is no pasted text.
    (NON + "Official Disability Guidelines (ODG) Low Back, Fusion; Other Clinical Protocol: "
     "Marsh P, de Boer HV. Fusion with and without plates in degenerative stenosis. Annals of "
     "Surgery 2011, pages 118-127.",
     [("non_mtus", "odg", None, "Low Back, Fusion", []),
      ("non_mtus", "other", 2011, "Marsh P, de Boer HV. Fusion with and without plates in "
       "degenerative stenosis. Annals of Surgery 2011, pages 118-127", ["118-127"])]),
    (NON + "ODG, Pain. Other Clinical Protocol: (1) Brand E, Castel M. Low doses, 2012; (2) "
     "Tran KL et al. High doses, 2009.",
     [("non_mtus", "odg", None, "Pain", []),
      ("non_mtus", "other", 2012, "Brand E, Castel M. Low doses, 2012", []),
      ("non_mtus", "other", 2009, "Tran KL et al. High doses, 2009", [])]),
    (NON + "ODG, Knee MRI, Hip CT, Shoulder US.",
     [("non_mtus", "odg", None, "Knee MRI, Hip CT, Shoulder US", [])]),
    ("Plum JM et al, Managing dry mouth, JADA 2013 (not part of the MTUS).",
     [("non_mtus", "other", 2013, "Plum JM et al, Managing dry mouth, JADA 2013", [])]),
    # A name within the text of another source begins no citation.
    (NON + "What is syncope? National Institute of Example. http://www.example.gov, "
     "UpToDate.",
     [("non_mtus", "other", None, "What is syncope? National Institute of Example. "
       "http://www.example.gov, UpToDate", [])]),
]  # fmt: skip

KNOWN_FAILURES: list[tuple[str, list[Row]]] = [
    # Where one unknown source ends and the next begins, nothing tells.
    (NON + "Sabiston Textbook of Surgery, 20th ed. Tintinalli's Emergency Medicine.",
     [("non_mtus", "other", None, "Sabiston Textbook of Surgery, 20th ed", []),
      ("non_mtus", "other", None, "Tintinalli's Emergency Medicine", [])]),
]  # fmt: skip


def cited(line: str) -> list[Row]:
    return [
        (str(c.basis), str(c.guideline), c.year, c.section, list(c.pages))
        for c in (found.value for found in parse_citations(Passage(line)))
    ]


@pytest.mark.parametrize(("line", "citations"), DEVELOPED_ON)
def test_a_line_gives_its_citations(line: str, citations: list[Row]) -> None:
    assert cited(line) == citations


@pytest.mark.parametrize(("line", "citations"), OTHER_NOTATIONS)
def test_other_notations_are_read_too(line: str, citations: list[Row]) -> None:
    assert cited(line) == citations


@pytest.mark.parametrize(("line", "citations"), BUGS_CAUGHT)
def test_bugs_caught_stay_caught(line: str, citations: list[Row]) -> None:
    assert cited(line) == citations


@pytest.mark.parametrize(("line", "citations"), KNOWN_FAILURES)
@pytest.mark.xfail(strict=True, reason="sources that are not in the lexicon run together")
def test_sources_that_run_together(line: str, citations: list[Row]) -> None:
    assert cited(line) == citations


@pytest.mark.parametrize("line", CITES_NOTHING)
def test_a_line_that_cites_nothing_gives_nothing(line: str) -> None:
    assert cited(line) == []


@pytest.mark.parametrize(
    ("line", "quotes"),
    [
        (MTUS + "ACOEM Chapter 12 Low Back Complaints Page(s): 301. " + NON + "ODG, Pain.",
         ["ACOEM Chapter 12 Low Back Complaints Page(s): 301", "ODG, Pain"]),
        (MTUS + "Eye 2017, Section(s): Abrasion, and Knee Disorders 2019.",
         ["Eye 2017, Section(s): Abrasion", "Knee Disorders 2019"]),
        (NON + "ODG, Ankle and Other Medical Treatment Guidelines AANEM policy.",
         ["ODG, Ankle", "AANEM policy"]),
        ("Decision based on MTUS.", ["MTUS"]),
        ("It was based on much. The MTUS, page 3, were relied upon.", ["MTUS, page 3"]),
        (NON + "ODG, Hip. Not recommended for this.", ["ODG, Hip"]),
    ],
)  # fmt: skip
def test_a_citation_stands_where_it_was_read(line: str, quotes: list[str]) -> None:
    found = parse_citations(Passage(line, 1000))
    assert [line[one.start - 1000 : one.end - 1000] for one in found] == quotes


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        (MTUS + "Knee Complaints 2004.", "citation.mtus_label"),
        (NON + "ODG.", "citation.non_mtus_label"),
        (NON + "Grant's Atlas.", "citation.other"),
        ("The Expert Reviewer relied on the ODG.", "citation.prose"),
    ],
)
def test_a_rule_is_named_after_the_form_of_the_line(line: str, rule: str) -> None:
    assert [found.rule for found in parse_citations(Passage(line))] == [rule]


FRAGMENTS = st.sampled_from(
    [MTUS, NON, OUTSIDE, "ODG", "ACOEM ", "Low Back Complaints ", "2004", ", and ", "(", ")",
     "Section(s): ", "Page(s): 98-99", ". ", "; ", "which is not part of the MTUS", "İ", "MTUS",
     " based its decision on the ", " and on the ", "(updated 1/2/16)", "Recommended ", "x",
     "Other Medical Treatment Guidelines ", "www.odg.com ", "https://x.org ", "FDA ", "3.3.9 "]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(FRAGMENTS, max_size=25).map("".join)), st.integers(0, 99))
def test_no_text_crashes_it_and_every_citation_stands_within(text: str, start: int) -> None:
    line = Passage(text, start)
    for found in parse_citations(line):
        assert line.start <= found.start < found.end <= line.end


@given(st.text())
def test_statements_stand_in_the_line_in_order(text: str) -> None:
    ends = [0]
    for statement in split_statements(NON + text):
        assert ends[-1] <= statement.start <= statement.end <= len(NON + text)
        ends.append(statement.end)
