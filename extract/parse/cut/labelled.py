"""Items of "IMR ISSUES, DECISIONS AND RATIONALES": a title, a decision, three labels."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from extract.parse.cut.sections import Sections, begins_line
from extract.parse.parts import ItemParts
from extract.parse.sentences import is_abbreviated
from extract.spans import Found, Passage, lowered
from schemas import Decision

# The three labels of an item, in lower case and without the "s" of guidelines; each begins
# a line or is glued behind a sentence.
_LABELS = {
    "claims administrator guideline": "claims_line",
    "maximus guideline": "reviewer_line",
    "decision rationale": "rationale",
}

# The same where an extractor lost the blanks: "ClaimsAdministrator guideline:"
_GLUED_LABEL = re.compile(
    r"(?P<claims_line>claims\s?administrator\s?guidelines?\s?:)"
    r"|(?P<reviewer_line>maximus\s?guidelines?\s?:)"
    r"|(?P<rationale>decision\s?rationale\s?:)"
)

# A sentence that begins a line and stands for a label, in lower case:
#   The Claims Administrator based its decision on …                      claims_line
#   The MAXIMUS physician reviewer found no section of the MTUS …         reviewer_line
#   The physician reviewer's decision rationale: …                        rationale
_PROSE_LABEL = re.compile(
    r"""\nthe[ ](?:
      (?P<claims_line>claims[ ]administrator[ ](?:based|did[ ]not|cited|relied|used|found)\b)
    | (?:maximus[ ])?(?:(?:physician|expert|medical)[ ])?reviewer(?:
        (?P<rationale>['’]s[ ](?:decision[ ])?rationale[ ]?:)
        |(?P<reviewer_line>[ ](?:based|did[ ]not|cited|relied|used|found)\b)))""",
    re.VERBOSE,
)

# MRI of the left knee: Upheld⏎Claims Administrator guideline: Decision based on …
#   word = "Upheld": right before a label, which keeps the same word in running text out.
# The word may stand on the next line or be glued to the label behind it, the colon may be
# missing if it has a capital, a title may end in "is".
_DECISION = re.compile(
    r"""(?P<word>(?:(?<=:\s)|(?=[A-Z]))
      (?i:(?:partial(?:ly)?|partly)\s(?:overturn(?:ed)?|upheld)
        |(?:overturned|upheld)(?:\sin\spart)?))
      [ ]?\.?\s?$""",
    re.VERBOSE,
)
_LONGEST_DECISION = 24
_LAST_LETTERS = "dDnNtT"
"""Of "upheld", "partially overturn" and "in part": a cheap test that most labels fail."""

# The end of a line that ends a sentence: a title begins behind it. Some rationales lack
# their last full stop.
_SENTENCE_END = re.compile(r"""[.?!]["'”’)\]]*$|\bmedically\snecessary$""")
_LONGEST_END = 24

# "… is not medically necessary.Alprazolam 0.5mg #30": glued to the sentence before.
_GLUED = re.compile(r"(?<=[a-z]{3})[.?!][\"”')\]]*(?=[A-Z\d])")

# Physical therapy 12 visits was the original request. 6 visits was authorized by …
#   The remaining IMR eligible portion of the original request, 6 visits is: Upheld
#   … leaving the original request IMR eligible. The original request, 12 visits is: …
_LEFT_IN_DISPUTE = re.compile(
    r"\bremaining\sIMR\seligible\b|\bleaving\sthe\soriginal\srequest\b|\bThe\soriginal\srequest,"
)
_ORIGINAL_REQUEST = re.compile(r"\b(?:was|were)\sthe\soriginal\srequest\b")

# "1. MRI of the left knee", "2) Massage therapy", "3. The request for a crown"
# "Whether the request for massage therapy is medically necessary."
_LEAD = re.compile(
    r"\s*(?:\(?(?:\d{1,2}[.)]|[a-h]\))(?:\s+|(?=[A-Z])))?(?:Whether\s)?(?:(?:[Tt]he\s)?[Rr]equest\sfor\s)?"
)
_TAIL = re.compile(r"\s(?:is|are)(?:\smedically\snecessary(?:\sand\sappropriate)?[.?]?)?$")
_LONGEST_TAIL = 48

_SET_FORTH = re.compile(r"(?:set\sforth\sbelow|SET\sFORTH\sBELOW)\s?:")
# The following decisions on the disputed items/services make up the Final Determination:
_OPENING = re.compile(
    r"[^:]{0,160}?\b(?:Final\sDetermination|disputed\sitems|items/services)\b[^:]{0,160}:\s"
)

_WHOLE_DECISIONS = {"upheld": Decision.UPHELD, "overturned": Decision.OVERTURNED}
"""Any other decision is one in part, whichever part of it the word names."""


def split_labelled(lines: str, sections: Sections) -> list[ItemParts]:
    """The items of the letter `lines`; a title counts only before one of the labels."""
    section = sections.get("issues_decisions_rationales")
    begin, end = (section.start, section.end) if section else (0, len(lines))
    begin = behind_opening(lines, begin, end)
    labels = _find_labels(lines, begin, end)
    heads = list(_find_decisions(lines, begin, labels))
    items: list[ItemParts] = []
    previous = begin
    starts: list[int] = []
    places = [label.start for label in labels]
    for head in heads:
        title_end = previous + len(lines[previous : head.start()].rstrip(": \n"))
        before = bisect_left(places, title_end)
        floor = _behind_label(lines, labels[before - 1], title_end) if before else 0
        floor = max(previous, floor)
        starts.append(_title_start(lines, floor, title_end))
        previous = head.end()
    bodies = [*pairwise([*starts, end])]
    for head, (start, body_end) in zip(heads, bodies, strict=True):
        flat_title = lines[start : head.start()].replace("\n", " ")
        title = tidy_title(Passage(flat_title, start))
        decision = Found(
            _WHOLE_DECISIONS.get(head["word"].lower(), Decision.PARTIALLY_OVERTURNED),
            head.start("word"),
            head.end("word"),
            "decision.title",
        )
        items.append(ItemParts(title, decision))
        first, last = (bisect_left(places, place) for place in (head.end(), body_end))
        _read_body(items[-1], lines, labels[first:last], body_end)
    return items


def behind_opening(lines: str, begin: int, end: int) -> int:
    """Where the decisions begin: behind the sentence that announces them, if there is one."""
    opening = _SET_FORTH.search(lines, begin, end) or _OPENING.match(lines, begin, end)
    return opening.end() if opening else begin


class _Label(NamedTuple):
    """A label: where it stands, and the passage of the item that it names.

    A sentence that stands for a label is part of its passage; a label itself goes before it.
    """

    start: int
    end: int
    name: str
    is_prose: bool = False


def _find_labels(lines: str, begin: int, end: int) -> list[_Label]:
    """Each label between `begin` and `end`, in order; also those quoted in a text."""
    lower = lowered(lines)
    labels = [
        _Label(
            told.start() + 1,
            told.end() if told.lastgroup == "rationale" else told.start() + 1,
            told.lastgroup or "",
            is_prose=True,
        )
        for told in _PROSE_LABEL.finditer(lower, begin, end)
    ]
    flat = lower.replace("\n", " ")
    for words, name in _LABELS.items():
        at = flat.find(words, begin, end)
        while at >= 0:
            behind = at + len(words)
            behind += flat.startswith("s", behind)
            behind += flat.startswith(" ", behind)
            if flat.startswith(":", behind):
                labels.append(_Label(at, behind + 1, name))
            at = flat.find(words, behind, end)
    lacking = set(_LABELS.values()).difference(label.name for label in labels)
    if lacking:
        labels += [
            _Label(glued.start(), glued.end(), glued.lastgroup or "")
            for glued in _GLUED_LABEL.finditer(lower, begin, end)
            if glued.lastgroup in lacking
        ]
    return sorted(labels)


def _find_decisions(lines: str, begin: int, labels: list[_Label]) -> Iterator[re.Match[str]]:
    """The decision right before each label that has one.

    Before a sentence that stands for a label it counts only behind a colon: a rationale may
    tell that an earlier decision "was⏎Upheld".
    """
    for label in labels:
        start = max(begin, label.start - _LONGEST_DECISION)
        if lines[start : label.start].rstrip(" .\n")[-1:] not in _LAST_LETTERS:
            continue
        decision = _DECISION.search(lines, start, label.start)
        if decision and (
            not label.is_prose or lines[decision.start() - 2 : decision.start()] == ": "
        ):
            yield decision


def _behind_label(lines: str, label: _Label, title_end: int) -> int:
    """Where a title may begin behind `label`: on the next line, if it is not on the same."""
    return lines.find("\n", label.end, title_end) + 1 or label.end


def _title_start(lines: str, floor: int, end: int) -> int:
    """Where the title that ends at `end` begins: behind the last line that ends a sentence.

    The title of a request authorised in part holds sentences itself; it begins with the
    one that names the original request.
    """
    start = paragraph_start(lines, floor, end)
    if _LEFT_IN_DISPUTE.search(lines, start, end):
        named = list(_ORIGINAL_REQUEST.finditer(lines, max(floor, end - 2000), end))
        if named:
            start = paragraph_start(lines, floor, named[-1].start())
    return start


def paragraph_start(lines: str, floor: int, end: int) -> int:
    """The start of the line that `end` is in, or of the first line that runs on to it.

    Where a sentence is glued to the line, it starts behind that.
    """
    start = max(lines.rfind("\n", floor, end) + 1, floor)
    while start > floor:
        before = max(lines.rfind("\n", floor, start - 1) + 1, floor)
        close = start - 1
        if close == before:
            break
        ends = _SENTENCE_END.search(lines, max(0, close - _LONGEST_END), close)
        if ends and not is_abbreviated(lines, close - 1):
            break
        start = before
    for glued in _GLUED.finditer(lines, start, end):
        if not is_abbreviated(lines, glued.start()):
            start = glued.end()
    return start


def tidy_title(title: Passage) -> Passage:
    """`title` without its number, "the request for", its closing "is …" and its colon."""
    lead = _LEAD.match(title.text)
    title = title.part(lead.end() if lead else 0).stripped().stripped(": ")
    tail = _TAIL.search(title.text, max(0, len(title.text) - _LONGEST_TAIL))
    return title.part(0, tail.start()).stripped(": ") if tail else title


def _read_body(item: ItemParts, lines: str, labels: list[_Label], end: int) -> None:
    """Read the passages of `item` behind its `labels`; the last one goes on to `end`."""
    own: list[_Label] = []
    true = {
        label.name
        for label in labels
        if not label.is_prose and begins_line(lines, label.start)
    }
    for label in labels:
        if own and not begins_line(lines, label.start):
            continue
        if label.is_prose and label.name in true.union(known.name for known in own):
            continue
        own.append(label)
        if label.name == "rationale":  # whatever follows is its text
            break
    starts = [*(label.start for label in own), end]
    for label, passage_end in zip(own, starts[1:], strict=True):
        flat = lines[label.end : passage_end].replace("\n", " ")
        setattr(item, label.name, Passage(flat, label.end).stripped())
