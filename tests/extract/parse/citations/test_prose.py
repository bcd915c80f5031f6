"""What prose cites, whatever its verb: "What the Claims Administrator went by was …"."""

import pytest

from extract.parse.citations.line import parse_citations
from extract.spans import Passage

ODG = ("non_mtus", "odg", "Pain, Naps")
ACOEM = ("mtus", "acoem", "Knee Complaints")

CITED = [
    ("What the Claims Administrator went by was the ACOEM Guidelines, Chapter 13, Knee Complaints "
     "(part of the MTUS).", ACOEM),
    ("The basis of the Claims Administrator's decision was the ACOEM Guidelines, Chapter 13, "
     "Knee Complaints, page 9, which is part of the MTUS.", ACOEM),
    ("In support of its decision the Claims Administrator cited the ACOEM, Knee Complaints (MTUS).",
     ACOEM),
    ("The decision of the Expert Reviewer was taken on the strength of the ODG, Pain Chapter, "
     "Naps, a guideline that is not MTUS.", ODG),
    ("In reaching his/hers the Expert Reviewer used the ODG, Pain Chapter, Naps, which does not "
     "belong to the MTUS.", ODG),
    ("The Expert Reviewer's decision drew on the ODG, Pain Chapter, Naps, which lies outside the "
     "MTUS.", ODG),
    ("The denial by the Claims Administrator was founded on the ODG, Pain Chapter, Naps, which is "
     "not from the MTUS.", ODG),
    ("Guideline of the Physician Reviewer: ODG, Pain Chapter, Naps (non-MTUS).", ODG),
    ("Expert Reviewer: decision based on ODG, Pain Chapter, Naps (not MTUS).", ODG),
    ("The Expert Reviewer based his decision on the ODG, Pain Chapter, Naps, and stated that no "
     "section of the MTUS was applicable.", ODG),
    ("The ODG, Pain Chapter, Naps, is not part of the California Medical Treatment Utilization "
     "Schedule (MTUS).", ODG),
    ("The Expert Reviewer based his decision on the Medical Treatment Utilization Schedule (MTUS), "
     "ACOEM, Knee Complaints.", ACOEM),
    ("Relied upon instead was the Academy of Eyes, Lenses, which is not part of the MTUS.",
     ("non_mtus", "other", "Academy of Eyes, Lenses")),
    # A source that is not known, since it is said that it is no part of the MTUS:
    ("Guideline of the Physician Reviewer: Paralyzed Veterans guideline (non-MTUS).",
     ("non_mtus", "other", "Paralyzed Veterans guideline")),
    ("The decision of the Expert Reviewer was taken on the strength of the Academy of Sleep "
     "Medicine, Apnea, which is not part of the MTUS.",
     ("non_mtus", "other", "Academy of Sleep Medicine, Apnea")),
    ("American Dental Association, Sedation, which is not part of the MTUS.",
     ("non_mtus", "other", "American Dental Association, Sedation")),
]  # fmt: skip

NOTHING = [
    "Claims Administrator: none.",
    "The Claims Administrator used no guideline in reaching its decision.",
    "The Claims Administrator took its decision without reference to a guideline.",
    "The Claims Administrator's decision drew on no guideline.",
    "Claims Administrator: no guideline stated.",
    "In support of its decision the Claims Administrator cited nothing.",
    "The Expert Reviewer stated that this treatment is not included in the MTUS.",
    "The MTUS has nothing on lenses.",
    "The MTUS has no passage about care of this level.",
]


@pytest.mark.parametrize(("line", "citation"), CITED)
def test_prose_cites(line: str, citation: tuple[str, ...]) -> None:
    found = [each.value for each in parse_citations(Passage(line))]
    assert [(str(c.basis), str(c.guideline), c.section) for c in found] == [citation]


FDA = ("non_mtus", "other", "FDA advisory on naps")

SEVERAL = [
    # Why one is cited goes before the next.
    ("The MTUS ACOEM Guidelines, Knee Complaints, page 9, were consulted because they are presumed "
     "correct; as they give no number, the ODG, Pain Chapter, Naps, which is not part of the MTUS, "
     "was relied upon in addition.", [ACOEM, ODG]),
    ("MTUS ACOEM Guidelines, Knee Complaints, page 9, since the pain is new; and ODG, Pain Chapter, Naps"
     ", which is not part of the MTUS.", [ACOEM, ODG]),
    ("I used the ODG, Pain Chapter, Naps, as the fuller source, and the FDA advisory on naps, which "
     "is not part of the MTUS.", [ODG, FDA]),
    # A page closes a citation.
    ("The Expert Reviewer based his decision on the ODG, Pain Chapter, Naps, page 4, and the Academy "
     "of Eyes, Lenses, which is not part of the MTUS.",
     [ODG, ("non_mtus", "other", "Academy of Eyes, Lenses")]),
    # No reason and no imprint is part of a section.
    ("I used the ODG, Pain Chapter, Naps, for they name the drug.", [ODG]),
    ("Decision based on Non-MTUS Citation ODG by MCG, Evidence-Based Medical Treatment Guidelines, "
     "Pain, Naps.", [ODG]),
    ("ODG, Low Back Chapter, MRIs, not part of the MTUS, as ACOEM does not speak of it.",
     [("non_mtus", "odg", "Low Back, MRIs")]),
    ("ODG, Hip Chapter, Blocks, which is not part of the MTUS. Neither ACOEM nor the chronic pain "
     "guidelines of the MTUS set out criteria.", [("non_mtus", "odg", "Hip, Blocks")]),
    ("MTUS Chronic Pain Medical Treatment Guidelines, Opioids, page 77. UR did not cite one.",
     [("mtus", "chronic_pain", "Opioids")]),
    ("Since neither the MTUS nor the ODG takes it up, I turned to the guideline of the Academy of "
     "Eyes, Lenses, not part of the MTUS.", [("non_mtus", "other", "Academy of Eyes, Lenses")]),
    ("The Claims Administrator based its decision on the MTUS, but did not cite a section.",
     [("mtus", "mtus_general", "None")]),
]  # fmt: skip


@pytest.mark.parametrize(("line", "citations"), SEVERAL)
def test_prose_cites_several(line: str, citations: list[tuple[str, ...]]) -> None:
    found = [each.value for each in parse_citations(Passage(line))]
    assert [(str(c.basis), str(c.guideline), str(c.section)) for c in found] == citations


@pytest.mark.parametrize("line", NOTHING)
def test_prose_that_cites_nothing(line: str) -> None:
    assert parse_citations(Passage(line)) == []
