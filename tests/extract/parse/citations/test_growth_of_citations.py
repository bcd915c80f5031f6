"""Citations: work grows with the line and no faster."""

import time

import pytest

from extract.parse.citations.line import parse_citations
from extract.spans import Passage
from tests.extract.parse.citations.test_line import MTUS, NON

HOSTILE = ["Low Back Complaints 2004, and ", "((ODG) ", "; ODG, Low (updated 1/1/16)", "9.1 ",
           "page 1, ", "and on the ", ", which is part of the MTUS", "A. Bc de fg hi jk ",
           "Glass L. ", ", and X Title 2004", "FDA, ", "2004 ", MTUS, NON, "aA", "(updated ",
           " (MTUS)", "Reviewer used the X ", ", which does not belong to the MTUS", "no ODG. "]  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
@pytest.mark.parametrize("head", ["", f"{MTUS}Eye 2004, Section(s): ", f"{NON}ODG "])
def test_work_grows_with_the_line(head: str, unit: str) -> None:
    def seconds(length: int) -> float:
        line = Passage(head + unit * (length // len(unit)))
        taken = []
        for _ in range(3):
            before = time.process_time()
            parse_citations(line)
            taken.append(time.process_time() - before)
        return min(taken)

    assert seconds(20_000) < 15 * max(seconds(2_000), 0.01)
