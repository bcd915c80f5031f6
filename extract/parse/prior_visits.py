"""How many visits of the item's treatment has the patient had already?"""

import re
from collections.abc import Iterable, Sequence
from functools import cache

from extract.lexicon import load_lexicon
from extract.parse.mentions import PhraseTable
from extract.parse.sentences import lowered
from extract.parse.treatment_kind import find_kind
from extract.parse.visit_counts import Owner, VisitCount
from extract.spans import Found, Passage

# She has never had acupuncture · has had no prior physical therapy · has not undergone an
# epidural injection before · none has been tried
#   treatment = what was never had
_NEVER = re.compile(
    r"\b(?:never (?:had|tried|undergone|received|attended)"
    r"|(?:has|have|had) had no(?! documented)|(?:has )?no (?:prior|previous|earlier)"
    r"|has not (?:yet )?(?:had|undergone|received|tried|seen|been in|attended)"
    r"|(?P<none>none has been tried))(?P<treatment>[^.;,]{0,60})"
)
_NEEDLES = (
    "never ", "had no ", "no prior", "no previous", "no earlier", "not had", "not yet ",
    "not undergone", "not received", "not tried", "not seen", "not been in", "not attended",
    "none has been",
)  # fmt: skip
_BEFORE = 200
"""How far before it may stand what makes it uncertain, in characters."""

_UNCERTAIN = re.compile(
    r"\b(?:no (?:documentation|evidence|indication|mention)|not (?:document|clear)|unclear"
    r"|whether|if)\b"
)
# What was not had is no treatment: "no relief", "no prior injury".
_NOT_VISITS = re.compile(
    r" (?:relief|benefit|improvement|response|change|success|injury|problem|complaint)"
)


def find_prior_visits(
    kind: str, title: Passage, counts: Sequence[VisitCount], passages: Iterable[Passage]
) -> Found[int] | None:
    """The visits of `kind` that the patient has had; the total, if several counts.

    "No prior" is 0; where the letter says both that and a count, nothing is found.
    """
    wanted = parts_named(title.text.lower())
    had = [count for count in counts if _is_of(kind, wanted, count)]
    never = _never_had(kind, passages)
    if had and never:
        return None
    return _total(had) if had else never


def _is_of(kind: str, wanted: frozenset[str], count: VisitCount) -> bool:
    if count.owner is not Owner.HAD or count.kinds[:1] not in ((kind,), ()):
        return False
    told = parts_named(count.place.text.lower() + count.tail)
    return not wanted or not told or not wanted.isdisjoint(told)


def _total(counts: Sequence[VisitCount]) -> Found[int]:
    """The largest sum of counts that come one on top of the other."""
    sums: list[tuple[int, VisitCount]] = []
    for count in counts:
        before = sums[-1][0] if sums and count.adds else 0
        sums.append((before + count.value, count))
    largest, last = max(sums, key=lambda pair: pair[0])
    return last.place.found_whole(largest, "prior_visits.counted")


def _never_had(kind: str, passages: Iterable[Passage]) -> Found[int] | None:
    for passage in passages:
        text = lowered(passage.text)
        if not any(needle in text for needle in _NEEDLES):
            continue
        for match in _NEVER.finditer(text):
            near = text[max(0, match.start() - _BEFORE) : match.start()]
            if _UNCERTAIN.search(near, near.rfind(". ") + 1):
                continue
            if match["none"] or _is_treatment(match["treatment"], kind):
                return passage.found(0, match, "prior_visits.never")
    return None


def _is_treatment(words: str, kind: str) -> bool:
    return not _NOT_VISITS.match(words) and find_kind(words) == kind


def parts_named(text: str) -> frozenset[str]:
    """The parts of the body that `text`, in lower case, names; those that counts tell apart.

    >>> sorted(parts_named("the right shoulder and the neck"))
    ['neck', 'shoulder']
    """
    return frozenset(mention.label for mention in _part_table().find(text))


@cache
def _part_table() -> PhraseTable:
    return PhraseTable(load_lexicon("visits")["parts"])
