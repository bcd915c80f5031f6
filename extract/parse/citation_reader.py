"""How is one statement of a guideline line read? Token by token, into drafts of citations.

A guideline's name begins a draft; years, pages and words to leave out are taken from what
follows; the text between them is its section.
"""

import re
from dataclasses import dataclass, field

from extract.parse.citation_statements import Statement
from extract.parse.citation_tokens import (
    find_year,
    odg_chapter_pattern,
    read_pages,
    token_pattern,
)
from schemas import Basis, Guideline

# MTUS by themselves, so that prose need not say it.
_ALWAYS_MTUS = frozenset(
    {
        Guideline.CHRONIC_PAIN,
        Guideline.ACUPUNCTURE,
        Guideline.POSTSURGICAL,
        Guideline.OPIOIDS,
        Guideline.DRUG_FORMULARY,
        Guideline.MTUS_GENERAL,
    }
)
_FOREIGN = frozenset({Guideline.ODG, Guideline.OTHER})
_NOT_NAMED = frozenset({None, Guideline.MTUS_GENERAL})

_YEAR_AHEAD = re.compile(r",? \(?(?:19|20)\d\d\b")
_NEXT_TITLE = ", and "
_SEPARATED = re.compile(r"(?:[,;.:(]|\band|\bthe) ?$|^ ?$")

# What is left between two tokens and says nothing: ", and on the", "Guidelines,".
_CONNECTIVE = re.compile(
    r"(?:(?:and|the|of|in|on|by|under|guidelines?)\b[ ,;:]{0,3}){1,6}", re.IGNORECASE
)
_LOOSE_END = re.compile(r"[,;]? ?\b(?:and|as well as)(?: on)?(?: the)?$", re.IGNORECASE)
_PUNCTUATION = " ,;:.-–—/"

# Pasted text behind a citation: ". Recommended for …", ". This is a sentence of prose …"
_RUN_ON = re.compile(
    r"[.:] (?:Not )?[Rr]ecommended\b|\. (?:Under study\b|[A-Z][a-z]{0,20}(?: [a-z]{1,20}){5})"
)

_ODG_SITES = ("odg", "worklossdata", "mcg.com")


@dataclass(slots=True)
class Draft:
    """A citation being read.

    Args:
        guideline: `None` until a name is read.
        names_mtus: whether the letter calls it MTUS right where it names it.
        parts: the pieces of its section.
    """

    statement: Statement
    guideline: Guideline | None
    start: int
    end: int = 0
    names_mtus: bool = False
    years: list[int] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)

    @property
    def basis(self) -> Basis:
        """As the label says; in prose by the name, then by what the sentence says."""
        if self.statement.is_label and self.statement.basis:
            return self.statement.basis
        if self.names_mtus or self.guideline in _ALWAYS_MTUS:
            return Basis.MTUS
        return self.statement.basis or Basis.NON_MTUS

    @property
    def is_bare(self) -> bool:
        """Whether it names a guideline and nothing else."""
        return not (self.parts or self.pages or self.years)


class StatementReader:
    """Reads one statement of the guideline line `text`."""

    def __init__(self, text: str, statement: Statement) -> None:
        self._text = text
        self._statement = statement
        self._at = statement.start  # up to here everything is read
        self._is_listing = False  # whether the words "Section(s):" stand before
        self._is_over = False  # whether pasted text has begun
        self._drafts = [Draft(statement, None, self._at)]

    @property
    def _draft(self) -> Draft:
        return self._drafts[-1]

    def read(self) -> list[Draft]:
        """The citations of the statement, in printed order."""
        for token in token_pattern().finditer(self._text, self._at, self._statement.end):
            if self._counts(token):
                self._take(token)
            if self._is_over:
                break
        self._add_text(self._statement.end)
        self._close(self._statement.end)
        named = [draft for draft in self._drafts if draft.guideline or draft.parts]
        for draft in named or self._drafts:
            draft.guideline = draft.guideline or self._unnamed(draft)
        return [draft for draft in self._drafts if draft.guideline]

    def _counts(self, token: re.Match[str]) -> bool:
        """Whether `token` is what it looks like and not a word of a section."""
        kind = token.lastgroup or ""
        if kind.startswith("title_"):
            return self._is_title(token, kind)
        if kind == "other_body":
            return not self._is_foreign_text() and self._is_separate(token)
        if kind == "other_url":
            return self._draft.guideline not in (None, Guideline.OTHER)
        return True

    def _is_title(self, token: re.Match[str], kind: str) -> bool:
        """Whether a title names a guideline: it has a year, or stands apart from others."""
        if self._draft.guideline in _FOREIGN:
            return False
        if _YEAR_AHEAD.match(self._text, token.end()):
            return True
        is_short = kind in ("title_opioids", "title_chronic_pain") and " T" not in token[0]
        return not self._is_listing and not is_short and self._is_separate(token)

    def _is_foreign_text(self) -> bool:
        """Whether what is read now is taken as printed, so that no name in it counts."""
        draft = self._draft
        return draft.guideline is Guideline.OTHER or (
            not draft.guideline and not draft.is_bare
        )

    def _is_separate(self, token: re.Match[str]) -> bool:
        """Whether a separator, or nothing, stands between `token` and what is read."""
        before = self._text[max(self._at, token.start() - 8) : token.start()]
        return _SEPARATED.search(before) is not None

    def _take(self, token: re.Match[str]) -> None:
        kind = token.lastgroup or ""
        if kind == "year" and self._begins_title(token):
            return
        self._add_text(token.start())
        if self._is_over:
            return
        if kind.startswith("other_"):
            self._take_other(token, kind)
        elif kind == "mtus_general":
            self._take_mtus(token)
        elif kind.startswith("title_"):
            self._begin(token.start(), Guideline(kind.removeprefix("title_")))
            if kind == "title_acoem":
                self._draft.parts.append(token[0])
        elif kind in _DETAILS:
            self._take_detail(token[0], kind)
        else:
            self._begin(token.start(), Guideline(kind))
        self._at = token.end()

    def _begin(self, start: int, guideline: Guideline) -> None:
        """Begin a citation of `guideline`, or give the one that has no name yet its name."""
        draft = self._draft
        if draft.guideline is Guideline.OTHER and not self._text[draft.start : start].strip():
            self._drafts.pop()  # "Other Medical Treatment Guidelines ACOEM …": announced only
            self._drafts.append(Draft(self._statement, None, start))
            draft = self._draft
        is_free = draft.guideline in _NOT_NAMED and not draft.pages
        if is_free and (not draft.parts or self._leads_to(guideline)):
            draft.names_mtus = draft.guideline is Guideline.MTUS_GENERAL
            draft.start = draft.start if draft.names_mtus or not draft.is_bare else start
            draft.guideline = guideline
        else:
            self._close(start)
            self._drafts.append(Draft(self._statement, guideline, start))
            self._draft.names_mtus = draft.names_mtus and draft.guideline is guideline
        self._is_listing = False

    def _leads_to(self, guideline: Guideline) -> bool:
        """Whether what is read so far is a chapter of the ODG, named only behind it."""
        if guideline is not Guideline.ODG or self._draft.guideline:
            return False
        return odg_chapter_pattern().match(self._draft.parts[0]) is not None

    def _begins_title(self, year: re.Match[str]) -> bool:
        """Begin a citation by a title that is not known, told by its own year.

        … Section(s): Exercise, and Workplace Ergonomics 2021, Section(s): …
        """
        if not self._statement.is_mtus_label:
            return False
        if not (self._is_listing or self._draft.years):
            return False
        joint = self._text.rfind(_NEXT_TITLE, self._at, year.start())
        if joint < 0:
            return False
        self._add_text(joint)
        self._begin(joint + len(_NEXT_TITLE), Guideline.ACOEM)
        self._at = joint + len(_NEXT_TITLE)
        self._add_text(year.start())
        self._draft.years.append(find_year(year[0]) or 0)
        self._at = year.end()
        return True

    def _take_mtus(self, token: re.Match[str]) -> None:
        """Read "MTUS" in running text: a guideline of its own until another is named."""
        draft = self._draft
        if self._statement.is_label:
            return
        if draft.guideline is None and not draft.parts:
            self._begin(token.start(), Guideline.MTUS_GENERAL)
        else:
            draft.names_mtus = True

    def _take_other(self, token: re.Match[str], kind: str) -> None:
        """Begin a citation of another source; web addresses of the ODG are left out."""
        is_address = kind == "other_url"
        if is_address and (
            self._statement.is_mtus_label or any(site in token[0] for site in _ODG_SITES)
        ):
            return
        self._begin(token.end() if kind == "other_named" else token.start(), Guideline.OTHER)

    def _take_detail(self, text: str, kind: str) -> None:
        if kind == "pages":
            self._draft.pages += read_pages(text)
        elif kind == "year":
            self._draft.years.append(find_year(text) or 0)
        elif kind == "division" and "(s)" in text:
            self._is_listing = self._statement.is_mtus_label

    def _add_text(self, end: int) -> None:
        """Add what stands between here and `end` to the section; stop at pasted text."""
        text = self._text[self._at : end]
        if self._draft.guideline is not Guideline.OTHER and self._statement.is_label:
            run_on = _RUN_ON.search(text)
            if run_on:
                self._is_over = True
                text = text[: run_on.start()]
        part = tidy_part(text)
        if part:
            self._draft.parts.append(part)
            self._draft.end = self._at + len(text)
        self._at = end

    def _close(self, end: int) -> None:
        """End the last draft before `end`, without the words that lead to the next."""
        draft = self._draft
        text = self._text[draft.start : end].lstrip()
        draft.start = end - len(text)
        text = text.rstrip(_PUNCTUATION)
        draft.end = draft.start + len(_LOOSE_END.sub("", text).rstrip(_PUNCTUATION))

    def _unnamed(self, draft: Draft) -> Guideline | None:
        """What a citation cites that names no guideline known."""
        if self._statement.is_mtus_label:
            is_title = draft.parts and draft.years
            return Guideline.ACOEM if is_title else Guideline.MTUS_GENERAL
        if not draft.parts:
            return None
        if self._statement.is_label and odg_chapter_pattern().match(draft.parts[0]):
            return Guideline.ODG
        return Guideline.OTHER if self._statement.stands_alone else None


_DETAILS = frozenset(
    {"pages", "year", "edition", "division", "topic_number", "regulation", "imprint"}
)


def tidy_part(text: str) -> str:
    """A piece of a section without what only joins it to others; "" if nothing is left.

    >>> tidy_part(" - MRIs (magnetic resonance imaging); and on the ")
    'MRIs (magnetic resonance imaging)'
    >>> tidy_part(", and on the ")
    ''
    """
    part = _LOOSE_END.sub("", text.strip(_PUNCTUATION)).strip(_PUNCTUATION)
    if part.count("(") != part.count(")"):
        part = part.strip("()" + _PUNCTUATION)
    if _CONNECTIVE.fullmatch(part) or part in ("(", ")", "()"):
        return ""
    return part.replace(";", ",")
