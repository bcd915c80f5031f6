"""Which sentences speak of the claims administrator's guidelines, which of the reviewer's."""

import pytest

from extract.parse.cut.guideline_sides import split_sides
from extract.spans import Passage

# A paragraph, the claims administrator's sentences, the reviewer's.
PARAGRAPHS = [
    ("The Claims Administrator cited nothing. The Expert Reviewer relied on the ODG.",
     "The Claims Administrator cited nothing.", "The Expert Reviewer relied on the ODG."),
    ("In its decision the Claims Administrator cited the MTUS. In support of his/hers the "
     "Expert Reviewer cited the ODG.",
     "In its decision the Claims Administrator cited the MTUS.",
     "In support of his/hers the Expert Reviewer cited the ODG."),
    ("Guideline of the Claims Administrator: none. Guideline of the Physician Reviewer: ODG.",
     "Guideline of the Claims Administrator: none.",
     "Guideline of the Physician Reviewer: ODG."),
    ("The reviewer and the claims administrator both used the ODG.",
     "The reviewer and the claims administrator both used the ODG.",
     "The reviewer and the claims administrator both used the ODG."),
    ("The Expert Reviewer found the guidelines used by the Claims Administrator relevant.",
     None, "The Expert Reviewer found the guidelines used by the Claims Administrator relevant."),
    ("The ODG, since the claims administrator cited no part of the MTUS. UR used the ACOEM.",
     "UR used the ACOEM.", "The ODG, since the claims administrator cited no part of the MTUS."),
    ("The ODG. It is to the point. The claims administrator named the MTUS. Page 9. I used none.",
     "The claims administrator named the MTUS. Page 9.", "The ODG. It is to the point."),
    ("MTUS, page 78; the claims administrator cited the same pages.",
     "the claims administrator cited the same pages.", "MTUS, page 78;"),
    ("ODG, Knee Chapter, Arthroscopy, which the claims administrator had used as well.",
     None, "ODG, Knee Chapter, Arthroscopy, which the claims administrator had used as well."),
    ("ODG, UR Advisor, Low Back Chapter.", None, "ODG, UR Advisor, Low Back Chapter."),
    ("Unlike the Claims Administrator, the Expert Reviewer based his decision on the ODG.",
     None, "Unlike the Claims Administrator, the Expert Reviewer based his decision on the ODG."),
    ("The claims administrator used the ODG. CRPS, Type I (MTUS page 35), was cited too.",
     "The claims administrator used the ODG. CRPS, Type I (MTUS page 35), was cited too.", None),
    ("The claims administrator used the ODG. The reviewer used the MTUS. The claims administrator "
     "had also named page 300 of another book that is not in any list.",
     "The claims administrator used the ODG.", "The reviewer used the MTUS."),
    ("MTUS, Opioids, page 77. UR did not cite a guideline.",
     "UR did not cite a guideline.", "MTUS, Opioids, page 77."),
    ("ODG, Head Chapter. The MTUS, page 25, on which the claims administrator's decision was based, "
     "is older.", "The MTUS, page 25, on which the claims administrator's decision was based, is "
     "older.", "ODG, Head Chapter."),
    ("Claims Administrator: The Claims Administrator used the ODG. Expert Reviewer: The Expert "
     "Reviewer used the MTUS.",
     "The Claims Administrator used the ODG.", "The Expert Reviewer used the MTUS."),
    ("", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("paragraph", "claims", "reviewer"), PARAGRAPHS)
def test_each_sentence_is_of_the_side_that_it_names(
    paragraph: str, claims: str | None, reviewer: str | None
) -> None:
    passage = Passage(paragraph, 70)
    found = split_sides(passage, unnamed="reviewer")
    assert [side and side.text for side in found] == [claims, reviewer]
    for side in filter(None, found):
        at = side.start - passage.start
        assert paragraph[at : at + len(side.text)] == side.text


def test_whose_a_sentence_is_that_names_nobody_the_layout_says() -> None:
    passage = Passage("The ODG, Pain Chapter.")
    assert split_sides(passage, unnamed="claims") == (passage, None)
    assert split_sides(passage, unnamed="reviewer") == (None, passage)
