"""Items of the 2013 notice: "MAXIMUS … has determined the request for …", then parts."""

import re

from extract.parse.cut.guideline_sides import split_sides
from extract.parse.cut.sections import Sections
from extract.parse.parts import VERDICTS, ItemParts
from extract.spans import Found, Passage
from schemas import Decision

# 1) MAXIMUS Federal Services, Inc. has determined the request for an occlusal guard is
#    notmedically necessary and appropriate.       number = "1", verdict = "not"
_DETERMINED = re.compile(
    r"""(?:^[#(]?(?P<number>\d{1,2})[.):]{0,2}\s?)?MAXIMUS\sFederal\sServices,?\sInc\.?\shas\s
    determined\s(?:that\s)?the\srequest\sfor\s(?P<title>[^\n]+?(?:\n[^\n]+?){0,7}?)\s
    (?:is|are)\s?(?P<verdict>not|partially)?\s?medically\snecessary""",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)

# 1) Regarding the request for an occlusal guard:
# 1) Regarding the request for an occlusal guard and⏎2) Regarding the request for a crown:
_REGARDING = re.compile(
    r"^(?:[#(]?(?P<number>\d{1,2})[.):]{0,2}\s?)?(?:Regarding|With\sregard\sto)\sthe\srequest\sfor\s"
    r"(?P<title>[^\n]+?(?:\n[^\n]+?){0,7}?)"
    r"(?::$|\s(?:and|&)$(?=\n[#(]?\d{1,2}[.):]{1,2}\s)|\s?$(?=\n(?:Section\sof\sthe\s|MTUS\sSection|Medical\sTreatment)))",
    re.IGNORECASE | re.MULTILINE,
)
_GUIDELINES = re.compile(
    r"\b(?:to\sMake\sHis/Her\sDecision|Section\sRelied\sUpon"
    r"|Relied\sUpon\sby\sthe\s\w{6,12}\sReviewer(?!\sto\b))\s?:?\s",
    re.IGNORECASE,
)
_RATIONALE = re.compile(
    r"\b(?:(?i:Rationale\sfor\sthe\sDecision\s?:\s)|Rationale\s?:\s"
    r"|Rationale\sfor\sthe\sDecision\s(?=[A-Z\d]))"
)


def split_notice(lines: str, sections: Sections) -> list[ItemParts]:
    """The items of the notice `lines`: decided at the top, explained part by part."""
    effect = sections.get("effect")
    end = effect.heading if effect else max(section.end for section in sections.values())
    parts = list(_REGARDING.finditer(lines))
    decisions = _decisions(lines)
    is_decided = len(decisions) == len(parts)
    items: list[ItemParts] = []
    for index, (part, body) in enumerate(zip(parts, _bodies(parts, lines, end), strict=True)):
        item = ItemParts(*decisions[index]) if is_decided else ItemParts(_title(part))
        _read_part(item, body)
        items.append(item)
    return items


def _bodies(parts: list[re.Match[str]], lines: str, end: int) -> list[Passage]:
    """What is said of each of `parts`; where there is nothing, the next one's is shared."""
    starts = [*(part.start() for part in parts), end]
    bodies: list[Passage] = []
    for part, behind in zip(reversed(parts), reversed(starts), strict=False):
        body = Passage(lines[part.end() : behind].replace("\n", " "), part.end())
        bodies.append(body if body.stripped() or not bodies else bodies[-1])
    return bodies[::-1]


def _title(match: re.Match[str]) -> Passage:
    return Passage(match["title"].replace("\n", " "), match.start("title")).stripped()


def _decisions(lines: str) -> list[tuple[Passage, Found[Decision]]]:
    """Titles and decisions of the list that stands last; the notice prints it twice."""
    found: list[tuple[Passage, Found[Decision]]] = []
    numbers: list[str] = []
    for match in _DETERMINED.finditer(lines):
        start = match.start("verdict") if match["verdict"] else match.end("title") + 1
        verdict = Found(
            VERDICTS[(match["verdict"] or "").lower()],
            start,
            match.end(),
            "decision.determined",
        )
        found.append((_title(match), verdict))
        numbers.append(match["number"] or "")
    last_list = len(numbers) - 1 - numbers[::-1].index(numbers[0]) if numbers else 0
    return found[last_list:]


def _read_part(item: ItemParts, body: Passage) -> None:
    rationale = _RATIONALE.search(body.text)
    guidelines = body.part(0, rationale.start() if rationale else None)
    heading = _GUIDELINES.search(guidelines.text)
    sentences = guidelines.part(heading.end() if heading else 0).stripped()
    item.claims_line, item.reviewer_line = split_sides(sentences, unnamed="claims")
    item.rationale = body.part(rationale.end()).stripped() if rationale else None
