"""How many visits were had, and how many does the guideline give? For one item."""

import re

from extract.draft import Values
from extract.parse.visits.counts import VisitCount, find_counts
from extract.parse.visits.guideline_max import find_guideline_max
from extract.parse.visits.prior import find_prior_visits
from extract.parse.visits.treatment import find_kind
from extract.parse.visits.words import Owner
from extract.spans import Passage


def find_visits(
    title: Passage, *, rationale: Passage | None, summary: Passage | None
) -> Values:
    """`prior_visits` and `guideline_max_visits` of the item with this title.

    Only of a treatment that comes in visits, named in the title.
    """
    kind = find_kind(title.text)
    if kind is None:
        return {}
    values: Values = {}
    passages = [passage for passage in (summary, rationale) if passage]
    in_summary = find_counts(summary) if summary else ()
    in_rationale = find_counts(rationale) if rationale else ()
    told_of = [_told_of(count) for count in in_summary]
    prior = find_prior_visits(kind, title, [*told_of, *in_rationale], passages)
    if prior:
        values["prior_visits"] = prior
    most = find_guideline_max(kind, in_rationale, told=(title, summary), rationale=rationale)
    if most:
        values["guideline_max_visits"] = most
    return values


_GUIDELINE = re.compile(r"guideline|\bmtus\b|\bodg\b|\bacoem\b|recommend")


def _told_of(count: VisitCount) -> VisitCount:
    """A case summary tells the history: a count is one that was had, unless words say else.

    Words that in a rationale speak of a guideline ("trial", "CRPS") need its name here.
    """
    untold = count.owner is Owner.UNTOLD and count.kinds
    misread = count.owner is Owner.GUIDELINE and not _GUIDELINE.search(count.lead + count.tail)
    return count._replace(owner=Owner.HAD) if untold or misread else count
