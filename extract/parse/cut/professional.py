"""Items of "MEDICAL PROFESSIONAL REVIEW": issues at dispute, each with two headed parts."""

import re
from collections.abc import Iterator
from itertools import accumulate, pairwise

from extract.parse.cut.by_issue import VERDICT, issues_named, stretches
from extract.parse.cut.guideline_sides import Sides, split_sides
from extract.parse.cut.labelled import tidy_title
from extract.parse.cut.sections import Sections, section_passage
from extract.parse.parts import VERDICTS, ItemParts
from extract.spans import Found, Passage, Span, lowered
from schemas import Decision

_GUIDELINES = re.compile(
    r"^(?=[MG])(?i:(?:MEDICAL\sTREATMENT\s)?GUIDELINE\(?S?\)?\sRELIED\sUPON"
    r"(?:[A-Z\s/()]{0,80}?:|[A-Z\s/()]{0,80}?\bWHY[ ]?$))",
    re.MULTILINE,
)

# RATIONALE FOR WHY THE REQUESTED TREATMENT/SERVICE IS/WAS NOT MEDICALLY NECESSARY:
# … WAS PARTIALLY MEDICALLY NECESSARY (ISSUE A):
# … IS/WAS OR IS/WAS NOT MEDICALLY NECESSARY:
#   verdict = "NOT", issues = "ISSUE A", either = "OR"
_RATIONALE = re.compile(
    r"^(?=R)(?i:RATIONALE\sFOR\sWHY\s[A-Z\s/()]{0,120}?\b(?P<verdict>NOT\s|PARTIALLY\s)?"
    r"MEDICALLY\sNECESSARY(?:\s\((?P<issues>[^()]{1,100})\))?(?:\s?:|[ ]?$))",
    re.MULTILINE,
)
_EITHER = re.compile(r"\sOR\s", re.IGNORECASE)
"""In the heading of rationales that decide some issues so, others so."""
_NUMBERED = re.compile(r"(?:^|(?<=\s))\(?(?:\d{1,2}[.)](?:\s|(?=[A-Z][a-z]))|[a-h]\)\s)")
_LETTERS = "ABCDEFGHIJKL"
_NUMBER_BEFORE = re.compile(
    rf"\s(?:(?:Issue\s(?:at\sDispute\s?)?)?[#(]?"
    rf"(?:\d{{1,2}}[.):]|[a-h]\)|(?-i:[{_LETTERS}])\.)|Issue(?:\sat\sDispute)?\s?(?:\d{{1,2}}|:))\s?$",
    re.IGNORECASE,
)

# ISSUE: Hearing aid batteries, #80          above the guidelines of each issue
_LEAD = re.compile(r"Issue(?: at dispute)? ?(?:#?\d{1,2} ?)?[:.] ?", re.IGNORECASE)
_MOST_LINES = 6
"""No title is longer."""
_MOST_ISSUES = 40
"""No review has more."""
_LONGEST_LINE = 300
_REACH = 2 * _MOST_LINES * _LONGEST_LINE
"""How far behind an issue of the list the next one ends at most, in characters."""

# ISSUE AT DISPUTE #2: Occlusal guard        at the head of each issue's explanation
_EACH_ISSUE = re.compile(r"^(?=I)(?i:ISSUE\sAT\sDISPUTE\s?#\d{1,2}\s?:)", re.MULTILINE)
# Is the request for an occlusal splint medically necessary?
_QUESTION = re.compile(
    r"(?:Is|Are)\s(?:the\srequests?\sfor\s)?(?P<title>.+?),?\smedically\snecessary\?"
)
_CITED_BY_CLAIMS = re.compile(
    r"GUIDELINE\(?S?\)?\sCITED\sBY\sTHE\sclaims\sadministrator\b", re.IGNORECASE
)

# "…, page 101. Why: it names this evaluation." "Reason: the MTUS is silent."
_WHY = re.compile(r"(?<=[.;])\s(?:Why|Reasons?)\s?:\s")


def split_professional(lines: str, sections: Sections) -> list[ItemParts]:
    """The items of the review `lines`: the issues at dispute with their explanations."""
    issues = section_passage(lines, sections, "professional_review")
    if issues and (together := _explained_together(lines, sections, issues)):
        return together
    flat = lines.replace("\n", " ")
    headings = _headings(lines, sections)
    places = [guidelines.start() for guidelines, _ in headings]
    titles = _titles_at_heads(lines, places) or (
        _listed_titles(issues, lines, places) if issues else []
    )
    items = [ItemParts(title) for title in titles]
    is_sure = len(items) >= len(headings) or len({r["verdict"] for _, r in headings}) == 1
    ends = [guidelines.start() for guidelines, _ in headings[1:]]
    ends.append(_end_of_items(lines, sections, places[-1]) if places else len(lines))
    for index, (guidelines, rationale) in enumerate(headings[: len(items)]):
        if is_sure:
            items[index].decision = _decision_of_heading(rationale)
        relied = Passage(flat[guidelines.end() : rationale.start()], guidelines.end())
        items[index].claims_line, items[index].reviewer_line = _sides_of(relied.stripped())
        end = ends[index]
        if index + 1 < len(items):
            end = _start_of_title(
                lines, rationale.end(), end, index + 2, items[index + 1].title
            )
        items[index].rationale = Passage(
            flat[rationale.end() : end], rationale.end()
        ).stripped()
    return items


def _explained_together(lines: str, sections: Sections, issues: Passage) -> list[ItemParts]:
    """The items of a review that explains several issues under one heading of guidelines.

    None, unless every issue of the list is told to have a rationale.
    """
    guidelines = list(_GUIDELINES.finditer(lines))
    if len(guidelines) != 1:
        return []
    end = _end_of_items(lines, sections, guidelines[0].start())
    rationales = list(_RATIONALE.finditer(lines, guidelines[0].end(), end))
    if not rationales:
        return []
    for titles in _readings(issues):
        if not 1 < len(titles) <= _MOST_ISSUES:
            continue
        told = list(_rationales_told(lines, rationales, end, titles))
        if sorted(place for places, _, _ in told for place in places) == [*range(len(titles))]:
            break
    else:
        return []
    flat = lines.replace("\n", " ")
    items = [ItemParts(title) for title in titles]
    for places, decision, span in told:
        for place in places:
            items[place].decision = decision
            items[place].rationale = Passage(flat[slice(*span)], span.start).stripped()
    relied = Span(guidelines[0].end(), rationales[0].start())
    for places, span in stretches(lines, relied, titles):
        sides = _sides_of(Passage(flat[slice(*span)], span.start).stripped())
        for place in places:
            items[place].claims_line, items[place].reviewer_line = sides
    return items


def _readings(issues: Passage) -> Iterator[list[Passage]]:
    """How the list `issues` may be parted: by numbers, by semicolons, by lines."""
    flat = Passage(issues.text.replace("\n", " "), issues.start)
    for wanted in (0, flat.text.count(";") + 1):
        yield _titles(flat, wanted)
    lines = list(re.finditer(".+", issues.text))
    asked = [_QUESTION.fullmatch(line[0]) for line in lines]
    spans = [
        (line.start() + question.start("title"), line.start() + question.end("title"))
        if question
        else line.span()
        for line, question in zip(lines, asked, strict=True)
    ]
    yield [tidy_title(flat.part(*span).stripped()) for span in spans]


def _rationales_told(
    lines: str, rationales: list[re.Match[str]], end: int, titles: list[Passage]
) -> Iterator[tuple[tuple[int, ...], Found[Decision] | None, Span]]:
    """Which issues, by their places, each stretch of a rationale is of, and its decision."""
    ends = [*(rationale.start() for rationale in rationales[1:]), end]
    for rationale, behind in zip(rationales, ends, strict=True):
        decision = _decision_of_heading(rationale)
        if named := rationale["issues"]:
            yield issues_named(named, titles), decision, Span(rationale.end(), behind)
            continue
        for places, (start, close) in stretches(lines, Span(rationale.end(), behind), titles):
            if own := VERDICT.match(lines, start, close):
                yield places, _decision(own), Span(own.end(), close)
            else:
                yield places, decision, Span(start, close)


def _decision_of_heading(rationale: re.Match[str]) -> Found[Decision] | None:
    """What the heading of a rationale decides; nothing if it says either."""
    return None if _EITHER.search(rationale[0]) else _decision(rationale)


def _decision(match: re.Match[str]) -> Found[Decision]:
    """What the verdict of `match`, a heading or the head of a stretch, decides."""
    verdict = (match["verdict"] or "").strip()
    start = match.start("verdict") if verdict else match.start()
    return Found(VERDICTS[verdict.lower()], start, match.end(), "decision.heading")


def _titles_at_heads(lines: str, ends: list[int]) -> list[Passage]:
    """The issues that head their explanations; none unless there is one before each end.

    Args:
        ends: where the guidelines of each begin.
    """
    heads = [match.end() for match in _EACH_ISSUE.finditer(lines)]
    if len(heads) != len(ends):
        return []
    return [
        tidy_title(Passage(lines[start:end].replace("\n", " "), start).stripped())
        for start, end in zip(heads, ends, strict=True)
    ]


def _listed_titles(issues: Passage, lines: str, places: list[int]) -> list[Passage]:
    """The issues that the section `issues` lists.

    Args:
        places: where the guidelines of each begin: where the list itself does not part them,
            what stands above these does, or else each is a line.
    """
    listed = issues.text.splitlines()
    flat = Passage(issues.text.replace("\n", " "), issues.start)
    titles = _titles(flat, len(places))
    if len(titles) != len(places):
        titles = _titles_named_above(flat, lines, places) or titles
    if len(titles) != len(places) == len(listed):
        ends = list(accumulate(len(line) + 1 for line in listed))
        titles = [
            tidy_title(flat.part(start, end).stripped())
            for start, end in zip([0, *ends], ends, strict=False)
        ]
    return titles


def _titles_named_above(issues: Passage, lines: str, places: list[int]) -> list[Passage]:
    """The issues as they are named again above each of `places`; none if one is not."""
    titles: list[Passage] = []
    known, end = lowered(issues.text), 0
    for place in places:
        start, at, title = place, end, ""
        for _ in range(_MOST_LINES):
            start = lines.rfind("\n", max(0, start - _LONGEST_LINE), max(0, start - 1)) + 1
            named = lines[start:place].replace("\n", " ").strip()
            if lead := _LEAD.match(named):
                named = named[lead.end() :]
            found = known.find(lowered(named), end, end + _REACH)
            if not start or not named or found < 0:
                break
            at, title = found, named
        if not title:
            return []
        end = at + len(title)
        titles.append(tidy_title(issues.part(at, end)))
    return titles


def _titles(issues: Passage, wanted: int) -> list[Passage]:
    """The issues, one for each number; without numbers parted by semicolons.

    Args:
        wanted: how many issues are explained.
    """
    starts = [match.start() for match in _NUMBERED.finditer(issues.text)]
    is_lettered = not starts and bool(starts := _lettered(issues.text))
    if not starts:
        semicolons = [match.end() for match in re.finditer(";", issues.text)]
        starts = [0, *semicolons] if len(semicolons) + 1 == wanted else [0]
    ends = [*starts[1:], len(issues.text)]
    if is_lettered:
        starts = [start + len("A. ") for start in starts]
    titles = [
        tidy_title(_without_and(issues.part(start, end).stripped(" ;")))
        for start, end in zip(starts, ends, strict=True)
    ]
    return [title for title in titles if title.text]


def _lettered(issues: str) -> list[int]:
    """Where the issues begin that are lettered "A. ", "B. " and so on."""
    starts: list[int] = []
    for letter in _LETTERS:
        at = 0 if not starts else issues.find(f" {letter}. ", starts[-1]) + 1
        if not issues.startswith(f"{letter}. ", at) or (starts and not at):
            break
        starts.append(at)
    return starts if len(starts) > 1 else []


def _without_and(title: Passage) -> Passage:
    """`title` without the "and" that joins it to the one before."""
    return title.part(len("and ")).stripped(" .") if title.text.startswith("and ") else title


def _headings(lines: str, sections: Sections) -> list[tuple[re.Match[str], re.Match[str]]]:
    """For each item the heading of its guidelines and that of its rationale."""
    guidelines = list(_GUIDELINES.finditer(lines))
    items_end = _end_of_items(lines, sections, guidelines[-1].start()) if guidelines else 0
    if len(guidelines) == 1:  # one heading for all: the numbers of the issues begin theirs
        guidelines += _numbers_between(list(_RATIONALE.finditer(lines)), lines)
    ends = [*(match.start() for match in guidelines[1:]), items_end]
    pairs = []
    for guideline, end in zip(guidelines, ends, strict=False):
        rationale = _RATIONALE.search(lines, guideline.end(), end)
        if rationale:
            pairs.append((guideline, rationale))
    return pairs


def _end_of_items(lines: str, sections: Sections, last: int) -> int:
    """Where the explanations end: at the reviewer's qualifications, if these are behind.

    Args:
        last: where the guidelines of the last issue begin.
    """
    behind = sections.get("qualifications")
    return behind.heading if behind and behind.heading > last else len(lines)


def _numbers_between(rationales: list[re.Match[str]], lines: str) -> Iterator[re.Match[str]]:
    """The numbers that count up from 2, each between two of `rationales`."""
    for number, (one, other) in enumerate(pairwise(rationales), 2):
        if found := _number_of_line(number).search(lines, one.end(), other.start()):
            yield found


def _number_of_line(number: int) -> re.Pattern[str]:
    """What finds the `number` of an item where a line begins."""
    return re.compile(rf"^(?:Issue[ ])?\(?{number}[.)]\s", re.MULTILINE)


def _start_of_title(lines: str, start: int, end: int, number: int, title: Passage) -> int:
    """Where between `start` and `end` the item `number` is named again, or else `end`.

    It is named by its title, or by other words behind its number on the last such line.
    """
    flat = lines[start:end].replace("\n", " ")
    place = lowered(flat).rfind(lowered(title.text))
    if place >= 0:
        before = _NUMBER_BEFORE.search(flat, 0, place)
        return start + (before.start() if before else place)
    numbered = list(_number_of_line(number).finditer(lines, start, end))
    return numbered[-1].start() if numbered else end


def _without_reason(relied: Passage) -> Passage:
    """`relied` up to the words that say why the guideline was relied upon."""
    why = _WHY.search(relied.text)
    return relied.part(0, why.start()) if why else relied


def _sides_of(relied: Passage) -> Sides:
    """What the paragraph `relied` says of either party's guidelines."""
    heading = _CITED_BY_CLAIMS.search(relied.text)
    if heading:
        before = relied.part(0, heading.start()).stripped()
        return Sides(relied.part(heading.start()).stripped(), _without_reason(before))
    claims, reviewer = split_sides(relied, unnamed="reviewer")
    return Sides(claims, reviewer and _without_reason(reviewer))
