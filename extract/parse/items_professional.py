"""Items of "MEDICAL PROFESSIONAL REVIEW": issues at dispute, each with two headed parts."""

import re

from extract.parse.items_labelled import tidy_title
from extract.parse.parts import ItemParts
from extract.parse.sections import Sections, section_passage
from extract.spans import Found, Passage
from schemas import Decision

_GUIDELINES = re.compile(
    r"^MEDICAL\sTREATMENT\sGUIDELINE\(?S?\)?\sRELIED\sUPON[A-Z\s/()]*:", re.MULTILINE
)

# RATIONALE FOR WHY THE REQUESTED TREATMENT/SERVICE IS/WAS NOT MEDICALLY NECESSARY:
#   verdict = "NOT"
_RATIONALE = re.compile(
    r"^RATIONALE\sFOR\sWHY\s[A-Z\s/()]*?\b(?P<verdict>NOT\s|PARTIALLY\s)?MEDICALLY\s"
    r"NECESSARY\s?:",
    re.MULTILINE,
)
_NUMBERED = re.compile(r"(?:^|(?<=\s))\d{1,2}[.)]\s")
_CLAIMS = re.compile(r"\bThe\sclaims\sadministrator(?:['’]s)?\s", re.IGNORECASE)

_VERDICTS = {
    "": Decision.OVERTURNED,
    "NOT": Decision.UPHELD,
    "PARTIALLY": Decision.PARTIALLY_OVERTURNED,
}


def split_professional(lines: str, sections: Sections) -> list[ItemParts]:
    """The items of the review `lines`: the issues at dispute with their explanations."""
    flat = lines.replace("\n", " ")
    issues = section_passage(flat, sections, "professional_review") or Passage("")
    titles = _titles(issues)
    bodies = _bodies(lines, sections)
    items = [ItemParts(title) for title in titles]
    for item, (guidelines, rationale, end) in zip(items, bodies, strict=False):
        verdict = (rationale["verdict"] or "").strip()
        item.decision = Found(
            _VERDICTS[verdict],
            rationale.start("verdict") if verdict else rationale.start(),
            rationale.end(),
            "decision.heading",
        )
        relied = Passage(flat[guidelines.end() : rationale.start()], guidelines.end())
        item.reviewer_line, item.claims_line = _split_sides(relied.stripped())
        text = flat[rationale.end() : end]
        item.rationale = Passage(text, rationale.end()).stripped()
    return items


def _titles(issues: Passage) -> list[Passage]:
    """The issues, one for each number; the whole passage where none is numbered."""
    numbers = [match.start() for match in _NUMBERED.finditer(issues.text)] or [0]
    ends = [*numbers[1:], len(issues.text)]
    titles = [
        tidy_title(issues.part(start, end)) for start, end in zip(numbers, ends, strict=True)
    ]
    return [title for title in titles if title.text]


def _bodies(lines: str, sections: Sections) -> list[tuple[re.Match[str], re.Match[str], int]]:
    """For each item the heading of its guidelines, of its rationale, and its end."""
    last = sections.get("qualifications")
    end = last.heading if last else len(lines)
    guidelines = list(_GUIDELINES.finditer(lines))
    bodies = []
    starts = [*(match.start() for match in guidelines), end]
    for guideline, body_end in zip(guidelines, starts[1:], strict=True):
        rationale = _RATIONALE.search(lines, guideline.end(), max(body_end, guideline.end()))
        if rationale:
            bodies.append((guideline, rationale, _before_next_title(lines, body_end, end)))
    return bodies


def _before_next_title(lines: str, body_end: int, end: int) -> int:
    """Where the item before `body_end` ends: the next item's title is not its text."""
    if body_end == end:
        return end
    line = body_end
    while line > 0:
        line = lines.rfind("\n", 0, line - 1) + 1
        if re.match(r"\d{1,2}[.)]\s", lines[line:]):
            return line
        if re.search(r"[.?!]$", lines[line:body_end].rstrip().split("\n")[0]):
            break
    return body_end


def _split_sides(relied: Passage) -> tuple[Passage | None, Passage | None]:
    """The reviewer's sentences and the claims administrator's, from one paragraph."""
    claims = _CLAIMS.search(relied.text)
    if claims is None:
        return relied, None
    return relied.part(0, claims.start()).stripped(), relied.part(claims.start()).stripped()
