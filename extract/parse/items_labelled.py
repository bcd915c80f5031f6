"""Items of "IMR ISSUES, DECISIONS AND RATIONALES": a title, a decision, three labels."""

import re
from itertools import pairwise

from extract.parse.parts import ItemParts
from extract.parse.sections import Sections, begins_line
from extract.spans import Found, Passage
from schemas import Decision

# MRI of the left knee: Upheld⏎Claims Administrator guideline: Decision based on …
#   word = "Upheld"; the lookahead keeps the same word in running text out.
# The word may stand on the next line or be glued to the label behind it, the colon may be
# missing, a title may end in "is".
_DECISION = re.compile(
    r"""(?P<word>Upheld|Overturned(?:[ ]in[ ]Part)?|Partially[ ]Overturned
       |UPHELD|OVERTURNED|PARTIALLY[ ]OVERTURNED)
    [ ]?\.?\s?(?=(?:Claims[ ]Administrator|MAXIMUS)[ ]guideline[ ]?:|Decision[ ]rationale[ ]?:)
    """,
    re.VERBOSE,
)

# The three labels of an item, at the beginning of a line or glued behind a sentence.
_LABEL = re.compile(
    r"""(?P<claims_line>Claims[ ]Administrator[ ]guideline[ ]?:)
    | (?P<reviewer_line>MAXIMUS[ ]guideline[ ]?:)
    | (?P<rationale>Decision[ ]rationale[ ]?:)""",
    re.VERBOSE,
)

# The end of a line that ends a sentence: a title begins behind it. Some rationales lack
# their last full stop.
_SENTENCE_END = re.compile(r"""[.?!]["'”’)\]]*$|\bmedically necessary$""")

# Physical therapy 12 visits was the original request. 6 visits was authorized by …
#   The remaining IMR eligible portion of the original request, 6 visits is: Upheld
#   … leaving the original request IMR eligible. The original request, 12 visits is: …
_LEFT_IN_DISPUTE = re.compile(
    r"\bremaining\sIMR\seligible\b|\bleaving\sthe\soriginal\srequest\b|\bThe\soriginal\srequest,"
)
_ORIGINAL_REQUEST = re.compile(r"\b(?:was|were)\sthe\soriginal\srequest\b")

# "1. MRI of the left knee", "2) Massage therapy"
_NUMBER = re.compile(r"\s*\(?\d{1,2}[.)]\s+")

_SET_FORTH = re.compile(r"set\sforth\sbelow\s?:")

_DECISIONS = {
    "upheld": Decision.UPHELD,
    "overturned": Decision.OVERTURNED,
    "partially overturned": Decision.PARTIALLY_OVERTURNED,
    "overturned in part": Decision.PARTIALLY_OVERTURNED,
}


def split_labelled(lines: str, sections: Sections) -> list[ItemParts]:
    """The items of the letter `lines`; a title counts only before one of the labels."""
    section = sections.get("issues_decisions_rationales")
    begin, end = (section.start, section.end) if section else (0, len(lines))
    opening = _SET_FORTH.search(lines, begin, end)
    begin = opening.end() if opening else begin
    heads = list(_DECISION.finditer(lines, begin, end))
    items: list[ItemParts] = []
    previous = begin
    starts: list[int] = []
    for head in heads:
        title_end = previous + len(lines[previous : head.start()].rstrip(": \n"))
        starts.append(_title_start(lines, previous, title_end))
        previous = head.end()
    bodies = [*pairwise([*starts, end])]
    for head, (start, body_end) in zip(heads, bodies, strict=True):
        flat_title = lines[start : head.start()].replace("\n", " ")
        title = tidy_title(Passage(flat_title, start))
        decision = Found(
            _DECISIONS[head["word"].lower()],
            head.start("word"),
            head.end("word"),
            "decision.title",
        )
        items.append(ItemParts(title, decision))
        _read_body(items[-1], lines, head.end(), body_end)
    return items


def _title_start(lines: str, floor: int, end: int) -> int:
    """Where the title that ends at `end` begins: behind the last line that ends a sentence.

    The title of a request authorised in part holds sentences itself; it begins with the
    one that names the original request.
    """
    start = _paragraph_start(lines, floor, end)
    if _LEFT_IN_DISPUTE.search(lines, start, end):
        named = list(_ORIGINAL_REQUEST.finditer(lines, max(floor, end - 2000), end))
        if named:
            start = _paragraph_start(lines, floor, named[-1].start())
    return start


def _paragraph_start(lines: str, floor: int, end: int) -> int:
    """The start of the line that `end` is in, or of the first line that runs on to it."""
    start = max(lines.rfind("\n", floor, end) + 1, floor)
    while start > floor:
        before = max(lines.rfind("\n", floor, start - 1) + 1, floor)
        line = lines[before : start - 1].rstrip()
        if not line or _SENTENCE_END.search(line):
            break
        start = before
    return start


def tidy_title(title: Passage) -> Passage:
    """`title` without its number, its closing "is" and its colon."""
    number = _NUMBER.match(title.text)
    title = title.part(number.end() if number else 0).stripped().stripped(": ")
    if re.search(r"\b(?:is|are)$", title.text):
        title = title.part(0, title.text.rfind(" ")).stripped(": ")
    return title


def _read_body(item: ItemParts, lines: str, start: int, end: int) -> None:
    """Read the labelled passages of `item` between `start` and `end`."""
    labels: list[re.Match[str]] = []
    for label in _LABEL.finditer(lines, start, end):
        if label.start() > start and not begins_line(lines, label.start()):
            continue
        labels.append(label)
        if label.lastgroup == "rationale":  # whatever follows is its text
            break
    starts = [*(label.start() for label in labels), end]
    for label, passage_end in zip(labels, starts[1:], strict=True):
        flat = lines[label.end() : passage_end].replace("\n", " ")
        setattr(item, label.lastgroup or "", Passage(flat, label.end()).stripped())
