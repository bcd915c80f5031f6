"""Whose guidelines does a paragraph name: the claims administrator's, the reviewer's?

Both parties stand in one paragraph of prose, each in sentences of its own. A sentence is of
the party that it names first, before any guideline and not counting its reasons ("since the
claims administrator …"), and one that names nobody of the party before it.
"""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from extract.parse.citations.line import parse_citations
from extract.parse.citations.statements import ASIDE, NAME, REASON
from extract.parse.sentences import split_sentences
from extract.spans import Passage, Span

Party = Literal["claims", "reviewer"]

# The Claims Administrator based its decision on …       The utilization reviewer cited …
# In support of his/hers the Expert Reviewer cited …     Reviewer: Official Disability …
# The reviewer and the claims administrator both used …  Same guideline for both: …
_NAMED = re.compile(
    r"""(?P<both>\bclaims[ ]administrator[ ]and[ ](?:the[ ])?(?:\w{6,12}[ ])?reviewer\b
        |\breviewer[ ]and[ ](?:the[ ])?claims[ ]administrator\b
        |\bsame[ ]\w{5,11}[ ]for[ ]both\b)
    |(?P<claims>\bclaims[ ]administrator\b
        |\b(?:utili[sz]ation[ ]review|(?-i:UR))(?:er|[ ](?:physician|doctor|nurse|reviewer
          |decision|denial|used|cited|relied|did))\b)
    |(?P<reviewer>\breviewer\b
        |(?-i:\bI)[ ](?:(?:have|had)[ ])?(?:based|used|relied|cited|turned)\b)""",
    re.IGNORECASE | re.VERBOSE,
)
# ODG, Head Chapter, was cited by the claims administrator.
# MTUS, pages 25-26, on which the claims administrator's decision was based, are older.
_BY_CLAIMS = re.compile(
    r"\b(?:was|were) (?:cited|used|named|relied (?:up)?on) by the claims administrator\b"
    r"|\bon which the claims administrator(?:['’]s decision was based| relied)\b",
    re.IGNORECASE,
)
# Claims Administrator: The Claims Administrator based its decision on …
_LABEL = re.compile(r"(?:Claims Administrator|(?:\w{6,12} )?Reviewer) ?: (?=The )")
# …, page 78; the claims administrator cited the same pages
_CLAUSE = re.compile(
    r"; (?=(?:the )?(?:claims administrator|\w{6,12} reviewer)\b)", re.IGNORECASE
)


class Sides(NamedTuple):
    """What is said of the guidelines of either party."""

    claims: Passage | None
    reviewer: Passage | None


def split_sides(guidelines: Passage, *, unnamed: Party) -> Sides:
    """The sentences on the claims administrator's and those on the reviewer's guidelines.

    Of a party that is taken up again the first part counts that cites, else the longest.

    Args:
        unnamed: whose the sentences are that stand before the first that names a party.
    """
    parts: dict[Party, list[Span]] = {"claims": [], "reviewer": []}
    parties: tuple[Party, ...] = (unnamed,)
    for start, end in _sentences(guidelines):
        parties = _parties_of(guidelines.text[start:end]) or parties
        for party in parties:
            spans = parts[party]
            begun = spans.pop().start if spans and spans[-1].end == start else start
            spans.append(Span(begun, end))
    return Sides(_chosen(guidelines, parts["claims"]), _chosen(guidelines, parts["reviewer"]))


def _sentences(guidelines: Passage) -> Iterator[Span]:
    """The sentences, and their clauses that begin with another party."""
    for sentence in split_sentences(guidelines):
        start = sentence.start - guidelines.start
        end = start + len(sentence.text)
        for clause in _CLAUSE.finditer(guidelines.text, start, end):
            yield Span(start, clause.end())
            start = clause.end()
        yield Span(start, end)


def _parties_of(sentence: str) -> tuple[Party, ...]:
    """Whom `sentence` names before any guideline; nobody, if only its reasons do."""
    aside = ASIDE.match(sentence)
    begin = aside.end() if aside else 0
    reason, name = REASON.search(sentence, begin), NAME.search(sentence, begin)
    end = min((each.start() for each in (reason, name) if each), default=len(sentence))
    named = _NAMED.search(sentence, begin, end)
    if named is None:
        return ("claims",) if _BY_CLAIMS.search(sentence) else ()
    if named["both"]:
        return ("claims", "reviewer")
    return ("claims",) if named["claims"] else ("reviewer",)


def _chosen(guidelines: Passage, spans: list[Span]) -> Passage | None:
    """The first of several parts that cites, else the longest."""
    parts = [_unlabelled(guidelines.part(*span).stripped()) for span in spans]
    if len(parts) > 1:
        parts = [part for part in parts if parse_citations(part)] or [max(parts, key=_length)]
    return (parts[0] or None) if parts else None


def _unlabelled(part: Passage) -> Passage:
    """`part` without a label that its first sentence says again."""
    label = _LABEL.match(part.text)
    return part.part(label.end()) if label else part


def _length(part: Passage) -> int:
    return len(part.text)
