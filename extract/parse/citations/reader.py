"""How is one statement of a guideline line read? Token by token, into drafts of citations.

A guideline's name begins a draft; years, pages and words to leave out are taken from what
follows; the text between them is its section.
"""

import re
from dataclasses import dataclass, field

from extract.parse.citations.statements import Statement
from extract.parse.citations.tokens import (
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
_LONGEST_GAP = 3  # "MTUS / ACOEM"
_LONGEST_SEPARATOR = 8
_SEPARATED = re.compile(r"(?:[,;.:(]|\band|\bthe) ?$|^ ?$")

# What is left between two tokens and says nothing: ", and on the", "Guidelines,".
_CONNECTIVE = re.compile(
    r"(?:(?:and|the|of|in|on|by|under|guidelines?)\b[ ,;:]{0,3}){1,6}", re.IGNORECASE
)
_LOOSE_END = re.compile(r"(?:^|[ ,;)])(?:and|as well as)(?: on)?(?: the)?$")
_LOOSE_WORDS = ("and", "as well as", "on", "the")
_LONGEST_LOOSE_END = 24
_PUNCTUATION = " ,;:.-–—/"

# Forearm, Wrist, Hand Complaints: a chapter's title, though not as it should be
_CHAPTER_TITLE = re.compile(r"\b(?:[Cc]omplain\w{0,3}|[Dd]isorders?)$")

# What prose is based on is a source only if it has a name: not "the same guideline".
_PROPER_NAME = re.compile(r"[A-Z]")

# Pasted text behind a citation: ". Recommended for …", ": Not recommended as …", ". Under
# study …", ". The guideline states …", ". Such is a sentence of prose …"
_RUN_ON = re.compile(
    r"""\.[ ](?:Not[ ])?[Rr]ecommended\b
    | :[ ](?:Not[ ])?[Rr]ecommended[ ](?:as|for|if|in|when|only|to|with)\b
    | \.[ ](?:The|This|These|There|It|If|According[ ]to|Under[ ]study)\b
    | \.[ ][A-Z][a-z]{0,20}(?:[ ][a-z]{1,20}){5}""",
    re.VERBOSE,
)

# … Traction Glass L. Occupational Medicine Practice Guidelines: the editor is no topic
_EDITOR = re.compile(r"\b(?P<name>[A-Z][a-z]{1,20}),? [A-Z]\.?(?:,? \(?[Ee]ds?\.?\)?)?,? $")
_LONGEST_EDITOR = 40

_DETAILS = frozenset(
    {"pages", "year", "edition", "division", "topic_number", "regulation", "imprint"}
)
_REACHING_BACK = frozenset({"acoem", "title_acoem", "year"})
_ODG_SITES = ("odg", "worklossdata", "mcg.com")


@dataclass(slots=True)
class CitationDraft:
    """A citation being read.

    Args:
        guideline: `None` until a name is read.
        names_mtus: whether the letter calls it MTUS right where it names it.
        is_section: whether the letter calls it a section, as in "Opioids section of the …".
        parts: the pieces of its section.
    """

    statement: Statement
    guideline: Guideline | None
    start: int
    end: int = 0
    names_mtus: bool = False
    is_section: bool = False
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
    """Reads one statement of the guideline line `text`, which is `lowered` in lower case."""

    def __init__(self, text: str, lowered: str, statement: Statement) -> None:
        self._text = text
        start = statement.start
        is_glued = start > 0 and lowered[start - 1].isalpha()  # "MTUSChronic Pain …"
        self._lowered = f"{lowered[: start - 1]} {lowered[start:]}" if is_glued else lowered
        self._statement = statement
        self._at = statement.start  # up to here everything is read
        self._is_listing = False  # whether the words "Section(s):" stand before
        self._is_over = False  # whether pasted text has begun
        self._mtus_end = -_LONGEST_GAP - 1  # behind the last word "MTUS" of running text
        guideline = Guideline.OTHER if statement.is_study else None
        self._draft = CitationDraft(statement, guideline, self._at)
        self._drafts = [self._draft]

    def read(self) -> list[CitationDraft]:
        """The citations of the statement, in printed order."""
        for token in token_pattern().finditer(self._lowered, self._at, self._statement.end):
            if self._counts(token):
                self._take(token)
            if self._is_over:
                break
        if not self._is_over:
            self._add_text(self._statement.end)
        if not self._is_over:
            self._close(self._statement.end)
        stated = [draft for draft in self._drafts if draft.guideline or draft.parts]
        for draft in stated or self._drafts:
            draft.guideline = draft.guideline or self._unnamed(draft)
        return [draft for draft in self._drafts if draft.guideline and draft.end > draft.start]

    def _counts(self, token: re.Match[str]) -> bool:
        """Whether `token` is what it looks like and not a word of a section."""
        kind = token.lastgroup or ""
        if kind.startswith("title_"):
            return self._is_title(token, kind)
        if kind == "other_body":
            return not self._is_in_foreign(token) and self._is_separate(token)
        if kind == "other_url":
            return is_odg_site(token[0]) or not self._is_in_foreign(token)
        if kind in _ALWAYS_MTUS and kind != "mtus_general" and "tre" not in token[0]:
            return self._draft.guideline not in _FOREIGN  # "ODG, Acupuncture Guidelines"
        return True

    def _is_title(self, token: re.Match[str], kind: str) -> bool:
        """Whether a title names a guideline: it has a year, or stands apart from others."""
        if self._draft.guideline in _FOREIGN:
            return False
        if _YEAR_AHEAD.match(self._text, token.end()):
            return True
        is_short = kind in ("title_opioids", "title_chronic_pain") and " t" not in token[0]
        return not self._is_listing and not is_short and self._is_separate(token)

    def _is_in_foreign(self, token: re.Match[str]) -> bool:
        """Whether `token` stands in a citation that is taken as printed."""
        if self._draft.guideline:
            return self._draft.guideline is Guideline.OTHER
        return bool(self._draft.parts or tidy_part(self._text[self._at : token.start()]))

    def _is_separate(self, token: re.Match[str]) -> bool:
        """Whether a separator, or nothing, stands between `token` and what is read."""
        before = self._text[max(self._at, token.start() - _LONGEST_SEPARATOR) : token.start()]
        return _SEPARATED.search(before) is not None

    def _take(self, token: re.Match[str]) -> None:
        """Add the text before `token` to the section, and to the draft what it says."""
        kind = token.lastgroup or ""
        start = self._start_of(token, kind) if kind in _REACHING_BACK else token.start()
        self._add_text(start)
        if self._is_over:
            return
        self._at = token.end()
        if kind in _DETAILS:
            if start < token.start():  # the year of a title that is not known
                self._begin_title(start, token.start())
            self._take_detail(token[0], kind)
        elif kind.startswith("other_"):
            self._take_other(token, kind)
        elif kind == "mtus_general":
            self._take_mtus(token)
        elif kind == "title_acoem":
            self._begin_title(start, token.end())
        else:
            self._begin(start, Guideline(kind.removeprefix("title_")))

    def _start_of(self, token: re.Match[str], kind: str) -> int:
        """Where what `token` belongs to begins: an editor, the rest of a title, or it alone.

        … Section(s): Exercise, and Workplace Mental Health: Anxiety Disorders 2020
        … Section(s): Exercise, and Workplace Ergonomics 2021
        """
        start = token.start()
        if kind == "acoem":
            editor = _EDITOR.search(self._text, max(self._at, start - _LONGEST_EDITOR), start)
            return editor.start("name") if editor else start
        if kind == "title_acoem" and self._is_listing:
            joint = self._title_start(start)
            is_one = joint is not None and "," not in self._text[joint:start]
            return joint if joint is not None and is_one else start
        if kind == "year" and self._statement.is_mtus_label and self._has_year_or_list():
            joint = self._title_start(start)
            return joint if joint is not None else start
        return start

    def _has_year_or_list(self) -> bool:
        return self._is_listing or bool(self._draft.years)

    def _title_start(self, end: int) -> int | None:
        """Behind the last ", and " before `end`, if there is one in what is not yet read."""
        joint = self._text.rfind(_NEXT_TITLE, self._at, end)
        return joint + len(_NEXT_TITLE) if joint >= 0 else None

    def _begin(self, start: int, guideline: Guideline) -> None:
        """Begin a citation of `guideline`, or give the one that has no name yet its name."""
        draft = self._draft
        if draft.guideline is Guideline.OTHER and not self._text[draft.start : start].strip():
            draft.guideline = None  # "Other Medical Treatment Guidelines ACOEM …": announced
        is_open = draft.guideline in _NOT_NAMED and not draft.pages
        if is_open and (not draft.parts or self._leads_to(guideline)):
            is_named = draft.guideline is Guideline.MTUS_GENERAL
            draft.start = start if draft.is_bare and not is_named else draft.start
            draft.guideline = guideline
        else:
            self._close(start)
            carried = draft.names_mtus and draft.guideline is guideline
            self._draft = CitationDraft(self._statement, guideline, start, names_mtus=carried)
            self._drafts.append(self._draft)
        self._draft.names_mtus |= start - self._mtus_end <= _LONGEST_GAP
        self._is_listing = False

    def _begin_title(self, start: int, end: int) -> None:
        """Begin a citation of ACOEM whose section begins with the title up to `end`."""
        self._begin(start, Guideline.ACOEM)
        self._draft.parts.append(tidy_part(self._text[start:end]))

    def _leads_to(self, guideline: Guideline) -> bool:
        """Whether what is read so far is a section of `guideline`, named only behind it."""
        if self._draft.is_section:
            return True
        if guideline is not Guideline.ODG or self._draft.guideline:
            return False
        return odg_chapter_pattern().match(self._draft.parts[0]) is not None

    def _take_mtus(self, token: re.Match[str]) -> None:
        """Read "MTUS" in running text: a guideline of its own until another is named."""
        if self._statement.is_label:
            return
        if self._draft.guideline is None and not self._draft.parts:
            self._begin(token.start(), Guideline.MTUS_GENERAL)
        self._mtus_end = token.end()

    def _take_other(self, token: re.Match[str], kind: str) -> None:
        """Begin a citation of another source; a web address of the ODG names the ODG."""
        if kind == "other_url" and is_odg_site(token[0]):
            if self._draft.guideline is None:
                self._begin(token.start(), Guideline.ODG)
        elif kind != "other_url" or not self._statement.is_mtus_label:
            self._begin(token.start(), Guideline.OTHER)
            if kind == "other_named":
                self._draft.start = token.end()

    def _take_detail(self, text: str, kind: str) -> None:
        if kind == "pages":
            self._draft.pages += read_pages(text)
        elif kind == "year":
            self._draft.years.append(find_year(text) or 0)
        elif kind == "division" and "(s)" in text:
            self._is_listing = self._statement.is_mtus_label
        elif kind == "division" and "section" in text:
            self._draft.is_section = self._draft.parts != ["same"]

    def _add_text(self, end: int) -> None:
        """Add what stands between here and `end` to the section; stop at pasted text."""
        text = self._text[self._at : end]
        if self._draft.guideline is not Guideline.OTHER and self._statement.is_label:
            run_on = _RUN_ON.search(text)
            if run_on:
                text = text[: run_on.start()]
                self._is_over = True
        part = tidy_part(text)
        if part:
            self._draft.parts.append(part)
        if self._is_over:
            self._close(self._at + len(text))
        self._at = end

    def _close(self, end: int) -> None:
        """End the last draft before `end`, without the words that lead to the next."""
        text = self._text[self._draft.start : end].lstrip()
        self._draft.start = end - len(text)
        text = _without_loose_end(text.rstrip(_PUNCTUATION))
        self._draft.end = self._draft.start + len(text)

    def _unnamed(self, draft: CitationDraft) -> Guideline | None:
        """What a citation cites that names no guideline known."""
        if self._statement.is_mtus_label:
            if draft.parts and (draft.years or _CHAPTER_TITLE.search(draft.parts[0])):
                return Guideline.ACOEM
            draft.start = self._statement.label_start
            draft.end = max(draft.end, self._statement.start)
            return Guideline.MTUS_GENERAL
        if not draft.parts:
            return None
        if self._statement.is_label and odg_chapter_pattern().match(draft.parts[0]):
            return Guideline.ODG
        is_source = self._statement.is_label or _PROPER_NAME.search(draft.parts[0])
        return Guideline.OTHER if is_source and self._statement.stands_alone else None


def is_odg_site(address: str) -> bool:
    """Whether a web address, in lower case, is one of the Official Disability Guidelines."""
    return any(site in address for site in _ODG_SITES)


def tidy_part(text: str) -> str:
    """A piece of a section without what only joins it to others; "" if nothing is left.

    >>> tidy_part(" - MRIs (magnetic resonance imaging); and on the ")
    'MRIs (magnetic resonance imaging)'
    >>> tidy_part(", and on the ")
    ''
    """
    part = text.strip(_PUNCTUATION)
    if not part:
        return ""
    part = _without_loose_end(part)
    opened = part.count("(")
    if opened != part.count(")"):
        part = part.strip("()" + _PUNCTUATION)
    elif opened == 1 and part[0] == "(" and part[-1] == ")":
        part = part[1:-1]
    return "" if _CONNECTIVE.fullmatch(part) else part.replace(";", ",")


def _without_loose_end(text: str) -> str:
    """`text` without the words that only lead on to the next citation."""
    if not text.endswith(_LOOSE_WORDS):  # a cheap test first: most texts pass it
        return text
    loose = _LOOSE_END.search(text, max(0, len(text) - _LONGEST_LOOSE_END))
    return text[: loose.start()].rstrip(_PUNCTUATION) if loose else text
