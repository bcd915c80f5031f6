"""Whose guidelines does a paragraph name: the claims administrator's, the reviewer's?

Both sides stand in one paragraph of prose, each in sentences of its own. A sentence is of
the side that it names first, not counting its reasons ("since the claims administrator …"),
and one that names nobody of the side before it.
"""

import re
from typing import Literal

from extract.parse.citation_statements import REASON
from extract.parse.sentences import split_sentences
from extract.spans import Passage, Span

Side = Literal["claims", "reviewer"]

# The Claims Administrator based its decision on …       The utilization reviewer cited …
# In support of his/hers the Expert Reviewer cited …     Reviewer: Official Disability …
# The reviewer and the claims administrator both used …  Same guideline for both: …
_NAMED = re.compile(
    r"""(?P<both>\bclaims[ ]administrator[ ]and[ ](?:the[ ])?(?:\w{6,12}[ ])?reviewer\b
        |\breviewer[ ]and[ ](?:the[ ])?claims[ ]administrator\b
        |\bsame[ ]\w{5,11}[ ]for[ ]both\b)
    |(?P<claims>\bclaims[ ]administrator\b|\butili[sz]ation[ ]review|\b(?-i:UR)\b)
    |(?P<reviewer>\breviewer\b|(?-i:\bI\b))""",
    re.IGNORECASE | re.VERBOSE,
)


def split_sides(
    guidelines: Passage, *, unnamed: Side
) -> tuple[Passage | None, Passage | None]:
    """The sentences on the claims administrator's and those on the reviewer's guidelines.

    Of a side that is taken up again the longer part counts.

    Args:
        unnamed: whose the sentences are that stand before the first that names a side.
    """
    parts: dict[Side, list[Span]] = {"claims": [], "reviewer": []}
    sides: tuple[Side, ...] = (unnamed,)
    for sentence in split_sentences(guidelines):
        start, end = sentence.start - guidelines.start, sentence.end - guidelines.start
        sides = _sides_of(sentence.text) or sides
        for side in sides:
            of_side = parts[side]
            if of_side and of_side[-1].end == start:
                start = of_side.pop().start
            of_side.append(Span(start, end))
    claims, reviewer = (
        guidelines.part(*max(of_side, key=_length)).stripped() if of_side else None
        for of_side in parts.values()
    )
    return claims or None, reviewer or None


def _sides_of(sentence: str) -> tuple[Side, ...]:
    """Whom `sentence` names; nobody, if only its reasons do."""
    reason = REASON.search(sentence)
    named = _NAMED.search(sentence, 0, reason.start() if reason else len(sentence))
    if named is None:
        return ()
    if named["both"]:
        return ("claims", "reviewer")
    return ("claims",) if named["claims"] else ("reviewer",)


def _length(span: Span) -> int:
    return span.end - span.start
