"""Which guidelines does a guideline line cite? A line in, its citations out.

The line is cut into statements (`statements`), each is read token by token (`reader`), and
what was said of one guideline in several places is put together.
"""

from functools import lru_cache

from extract.parse.citations.reader import CitationDraft, StatementReader
from extract.parse.citations.statements import split_statements
from extract.spans import Found, Passage, lowered
from schemas import Citation, Guideline


def parse_citations(line: Passage) -> list[Found[Citation]]:
    """Each guideline that `line` cites, in printed order, at its place.

    >>> line = Passage("Decision based on MTUS Low Back Complaints 2004, Section(s): Summary.")
    >>> for found in parse_citations(line):
    ...     print(found.value.guideline, found.value.year, found.value.section)
    acoem 2004 Low Back Complaints, Summary
    """
    return [
        Found(citation, line.start + start, line.start + end, rule)
        for citation, start, end, rule in _read_line(line.text[:_LONGEST_LINE])
    ]


_LONGEST_LINE = 20_000
"""Characters; the longest seen has 1,500. What a broken letter puts behind is not read."""

_LONGEST_KEPT = 1000
"""A longer line is not kept in memory; it does not recur either."""


def _read_line(text: str) -> tuple[tuple[Citation, int, int, str], ...]:
    return _read_kept(text) if len(text) <= _LONGEST_KEPT else _read(text)


def _read(text: str) -> tuple[tuple[Citation, int, int, str], ...]:
    lower = lowered(text)
    drafts: list[CitationDraft] = []
    for statement in split_statements(text):
        drafts += StatementReader(text, lower, statement).read()
    return tuple(
        (_citation(draft, text), draft.start, draft.end, _rule(draft))
        for draft in _fold(drafts)
    )


_read_kept = lru_cache(maxsize=1024)(_read)  # the same lines recur from letter to letter


def _fold(drafts: list[CitationDraft]) -> list[CitationDraft]:
    """The drafts with all that is said of one guideline in one of them."""
    folded: list[CitationDraft] = []
    latest: dict[Guideline | None, CitationDraft] = {}
    for draft in drafts:
        earlier = latest.get(draft.guideline)
        if earlier is None or not _is_same(earlier, draft):
            folded.append(draft)
            latest[draft.guideline] = draft
            continue
        if draft.is_bare and draft.statement.basis:  # "The ODG is not part of the MTUS."
            earlier.statement = earlier.statement._replace(basis=draft.statement.basis)
        earlier.years += draft.years
        earlier.pages += draft.pages
        earlier.parts += draft.parts
        if not draft.is_bare:
            earlier.end = draft.end
    return folded


def _is_same(earlier: CitationDraft, later: CitationDraft) -> bool:
    """Whether both speak of one guideline: chapters with years of their own are two."""
    if earlier.guideline is Guideline.OTHER:
        return False
    if earlier.basis is not later.basis:
        return later.is_bare and not later.statement.is_label
    if earlier.parts and earlier.years and later.years:
        return False
    is_chapter = earlier.guideline is Guideline.ACOEM and earlier.parts
    return not (is_chapter and earlier.pages and later.pages)


def _citation(draft: CitationDraft, text: str) -> Citation:
    return Citation(
        basis=draft.basis,
        guideline=draft.guideline or Guideline.OTHER,
        year=_year(draft),
        section=_section(draft, text),
        pages=tuple(draft.pages),
    )


def _year(draft: CitationDraft) -> int | None:
    """The year printed first; of another source the only one, since its text holds dates."""
    if draft.guideline is Guideline.OTHER and len(set(draft.years)) > 1:
        return None
    return draft.years[0] if draft.years else None


def _section(draft: CitationDraft, text: str) -> str | None:
    if draft.guideline is Guideline.OTHER:
        return text[draft.start : draft.end].strip(" ,;:.") or None
    parts = [
        part
        for index, part in enumerate(draft.parts)
        if index == 0 or part.casefold() != draft.parts[index - 1].casefold()
    ]
    return ", ".join(parts) or None


def _rule(draft: CitationDraft) -> str:
    is_other = draft.guideline is Guideline.OTHER
    return "citation.other" if is_other else draft.statement.rule
