"""How many visits of the item's treatment has the patient had already?"""

import re
from collections.abc import Iterable, Sequence
from functools import cache

from extract.lexicon import load_lexicon
from extract.parse.visit_counts import Owner, VisitCount, find_kind
from extract.parse.sentences import split_sentences
from extract.spans import Found, Passage

# She has never had acupuncture · has had no prior physical therapy · has not undergone an
# epidural injection before · a first trial of cognitive behavioral therapy
#   treatment = what was never had
_NEVER = re.compile(
    r"\b(?:never (?:had|tried|undergone|received|attended)|(?:has|have|had) had no(?! documented)|"
    r"no (?:prior|previous|earlier)|has no (?:prior|previous|earlier)|has not (?:yet )?(?:had|undergone|"
    r"received|tried|seen|been in|attended)|has not yet had|none has been tried)"
    r"(?P<treatment>[^.;,]{0,60})",
    re.IGNORECASE,
)
_UNCERTAIN = re.compile(
    r"\b(?:no (?:documentation|evidence|indication|mention)|not (?:document|clear)|unclear|whether|if)\b",
    re.IGNORECASE,
)
# What was had is then said to be no count of visits: "no relief", "no benefit".
_NOT_VISITS = re.compile(
    r"^ (?:relief|benefit|improvement|response|change|success|injury|problem|complaint)", re.I
)


def find_prior_visits(
    kind: str, title: Passage, counts: Sequence[VisitCount], passages: Iterable[Passage]
) -> Found[int] | None:
    """The visits of `kind` that the patient has had; the total, if several counts.

    "No prior" is 0; where the letter says both that and a count, nothing is found.
    """
    had = [count for count in counts if _is_of(kind, title, count)]
    never = _never_had(kind, passages)
    if had and never:
        return None
    return _total(had) if had else never


def _is_of(kind: str, title: Passage, count: VisitCount) -> bool:
    if count.owner is not Owner.HAD or count.kinds[:1] not in ((kind,), ()):
        return False
    wanted, told = parts_named(title.text), parts_named(count.lead + count.place.text)
    return not wanted or not told or not wanted.isdisjoint(told)


def _total(counts: Sequence[VisitCount]) -> Found[int]:
    """The largest sum of counts that come one on top of the other."""
    best = last = None
    for count in counts:
        if count.adds and last is not None:
            if count.place.start == last.place.start:
                continue
            running += count.value
        else:
            running = count.value
        last = count
        if best is None or running > best[0]:
            best = running, count
    assert best is not None
    return best[1].place.found_whole(best[0], "prior_visits.counted")


def _never_had(kind: str, passages: Iterable[Passage]) -> Found[int] | None:
    for passage in passages:
        for sentence in split_sentences(passage):
            match = _NEVER.search(sentence.text)
            if match is None or _UNCERTAIN.search(sentence.text, 0, match.start()):
                continue
            if _NOT_VISITS.match(match["treatment"]):
                continue
            if match[0].startswith("none") or find_kind(match["treatment"]) == kind:
                return sentence.found(0, match, "prior_visits.never")
    return None


@cache
def _part_pattern() -> re.Pattern[str]:
    parts: dict[str, list[str]] = load_lexicon("visits")["parts"]
    return re.compile(
        "|".join(f"(?P<{name}>{'|'.join(words)})" for name, words in parts.items()), re.I
    )


def parts_named(text: str) -> frozenset[str]:
    """The parts of the body that `text` names, as far as visits are told apart by them."""
    return frozenset(m.lastgroup for m in _part_pattern().finditer(text) if m.lastgroup)
