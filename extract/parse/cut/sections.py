"""Where do the sections of a letter begin and end? Finds headings, says which layout."""

import re
from collections import Counter
from typing import NamedTuple

from extract.spans import Found, Passage
from schemas import Layout

# A heading stands alone on its line; a text extractor may glue it to the end of the
# sentence before it. A heading quoted in running text does neither.
_HEADING = re.compile(
    r"""(?=[A-Z])(?i:
      (?P<qualifications>
          HOW\sTHE\sIMR\sFINAL\sDETERMINATION\sWAS\sMADE
        | (?:Medical\s)?Qualifications\sof\sthe\s(?:[A-Z]{4,12}\s)?Reviewer
        | (?:(?:Medical|Professional|Expert|Physician)\s)?Reviewer\sQualifications)
    | (?P<credentials>The\sExpert\sReviewer\shas\sthe\sfollowing\scredentials(?=\s?:))
    | (?P<summary>(?:Clinical\s|Expert\sReviewer\s)?Case\sSummary)
    | (?P<documents>Documents\sReviewed(?:\sfor\sDetermination)?)
    | (?P<issues_decisions_rationales>IMR\s?ISSUES,\s?DECISIONS,?\s?AND\s?RATIONALES)
    | (?P<decisions_and_rationales>
          IMR\sDECISIONS?\s?(?:\(S\))?\sAND\sRATIONALES?\s?(?:\(S\))?)
    | (?P<notice_of_determination>
          INDEPENDENT\sMEDICAL\sREVIEW\sDECISION\sAND\sRATIONALE)
    | (?P<professional_review>
          ISSUES?\sAT\sDISPUTE(?:\s?\#\d{1,2})?(?=\s?:)
        | (?-i:ISSUES?\sAT\sDISPUTE))
    | (?P<effect>Effect\sof\sthe\sDecision)
    )(?:[ ]?:)?(?=$|[ ]?(?:The[ ](?:Final|expert)|MAXIMUS)|(?<=:)[ ])""",
    re.MULTILINE | re.VERBOSE,
)

# A line that may be a heading: looking at these alone is ten times as fast.
_MAY_BE_HEADING = re.compile(
    r"\n(?=C(?:LIN|lin|ASE|ase)|D(?:OCU|ocu)|E(?:FFE|ffe|XPE|xpe)|H(?:OW|ow) |IMR "
    r"|I(?:NDE|nde|SSU|ssu)|M(?:EDI|edi)|P(?:HYS|hys|ROF|rof)|Q(?:UAL|ual)|R(?:EVI|evi)"
    r"|T(?:HE E|he E))"
)

# What closes the letter behind its last section: a signature, and who gets copies.
_CLOSING = re.compile(
    r"\n(?:Sincerely|Respectfully(?: submitted)?|Very truly yours),? *(?=\n)"
)

_LAYOUTS = {layout.value: layout for layout in Layout}


class Section(NamedTuple):
    """A section: where its heading stands, and the range of its body."""

    heading: int
    start: int
    end: int


Sections = dict[str, Section]
"""Heading's name to its section; the first of a kind counts."""


def find_sections(lines: str) -> tuple[Sections, Found[Layout] | None]:
    """The sections of the letter `lines`, and its layout with the heading as its place."""
    headings = _headings(lines)
    sections: Sections = {}
    layout: Found[Layout] | None = None
    closing = _CLOSING.search(lines, headings[-1].end()) if headings else None
    starts = [
        *(match.start() for match in headings),
        closing.start() if closing else len(lines),
    ]
    sections["header"] = Section(0, 0, starts[0])
    for match, end in zip(headings, starts[1:], strict=True):
        name = match.lastgroup or ""
        sections.setdefault(name, Section(match.start(), match.end(), end))
        if layout is None and name in _LAYOUTS:
            layout = Found(
                _LAYOUTS[name], match.start(name), match.end(name), "layout.heading"
            )
    return sections, layout


def count_bodies(lines: str) -> int:
    """How many letters' bodies stand in `lines`: each has a case summary and its decisions.

    >>> count_bodies("CLINICAL CASE SUMMARY\\nIMR ISSUES, DECISIONS AND RATIONALES\\n" * 2)
    2
    """
    if lines.count("CASE SUMMARY") < 2 and lines.count("Case Summary:") < 2:
        return 1
    names = Counter(match.lastgroup or "" for match in _headings(lines))
    return max(1, min(names["summary"], sum(names[layout] for layout in _LAYOUTS)))


def _headings(lines: str) -> list[re.Match[str]]:
    """The headings that begin a line; without a decisive one also those glued to a text."""
    starts = (0, *(match.end() for match in _MAY_BE_HEADING.finditer(lines)))
    headings = [match for start in starts if (match := _HEADING.match(lines, start))]
    if any(match.lastgroup in _LAYOUTS for match in headings):
        return headings
    return [m for m in _HEADING.finditer(lines) if begins_line(lines, m.start())]


def begins_line(lines: str, start: int) -> bool:
    """Whether `start` begins a line, or is glued to the end of a sentence."""
    before = lines[max(0, start - 2) : start].rstrip(" ")
    return not before or before[-1] in "\n.:)"


def section_passage(text: str, sections: Sections, name: str) -> Passage | None:
    """The body of the section `name` of `text`; `None` if there is no such section."""
    section = sections.get(name)
    if section is None:
        return None
    return Passage(text[section.start : section.end], section.start).stripped()
