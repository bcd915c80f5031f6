"""Items of "IMR DECISION(S) AND RATIONALE(S)": a numbered sentence that decides."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from extract.parse.cut.guideline_sides import split_sides
from extract.parse.cut.labelled import behind_opening, paragraph_start, tidy_title
from extract.parse.cut.sections import Sections
from extract.parse.parts import VERDICTS, ItemParts
from extract.spans import Found, Passage

# 2. Weight loss program, 12 weeks is not medically necessary and appropriate.
# Issue 1: Weight loss program, 12 weeks⏎Decision: Not medically necessary and appropriate
# WEIGHT LOSS PROGRAM, 12 WEEKS: NOT MEDICALLY NECESSARY AND APPROPRIATE
#   verdict = "not "; the title stands between the number and it
_NUMBER = re.compile(
    r"^(?:\(?\d{1,2}[.)](?: |(?=[A-Z]))|#\d{1,2}[.:)]? "
    r"|(?:Issue|Item) (?:No\. )?\d{1,2}[.:)]? )",
    re.MULTILINE,
)
_VERDICT = re.compile(
    r"\s(?:(?:is|are|was|were)(?:\s(?:(?:both|all)\s)?|(?=not))|Decision:\s|(?<=:\s))"
    r"(?P<verdict>not\s?|partially\s)?medically\s"
    r"necessary(?:\s(?:and|or)\sappropriate)?\.?",
    re.IGNORECASE,
)
# What follows a decision, within some lines, and never a mere mention of it: "The Claims
# Administrator …" or "The Expert Reviewer …", or a line that begins a sentence on either.
_BASIS = re.compile(
    r"\s(?=The\sClaims\sAdministrator\s|The\s\w{1,20}\sReviewer(?:['’]s)?\s"
    r"|THE\sCLAIMS\sADMINISTRATOR\s|THE\s\w{1,20}\sREVIEWER(?:['’]S)?\s)"
    r"|(?:(?<=[.:]\n)|(?<=necessary\n)|(?<=appropriate\n))"
    r"(?!This|That|It\b|As\b)(?=[A-Z][^.;]{0,60}\b(?:Claims\sAdministrator|[A-Z]\w{1,20}\sReviewer)\b)"
)
_CLAIMS = re.compile(r"\n(?=The\sClaims\sAdministrator\s|THE\sCLAIMS\sADMINISTRATOR\s)")
_LONGEST_TITLE = 1200
_LONGEST_REST = 800
"""Characters before and behind the verdict: eight lines, and four."""

_RATIONALE = re.compile(
    r"\bThe\s(?:\w+\s)?Reviewer['’]s\sdecision\srationale\s?:|\bDecision\srationale\s?:",
    re.IGNORECASE,
)


def split_decisions(lines: str, sections: Sections) -> list[ItemParts]:
    """The items of the letter `lines`: each title is a sentence that states the decision."""
    section = sections.get("decisions_and_rationales")
    begin, end = (section.start, section.end) if section else (0, len(lines))
    heads = list(_numbered_heads(lines, begin, end))
    if not heads:
        heads = list(_plain_heads(lines, behind_opening(lines, begin, end), end))
    items: list[ItemParts] = []
    starts = [head.start for head in heads] + [end]
    for head, (_, body_end) in zip(heads, pairwise(starts), strict=True):
        title = Passage(
            lines[head.title : head.verdict.start()].replace("\n", " "), head.title
        )
        word = (head.verdict["verdict"] or "").strip()
        stated = head.verdict.start("verdict") if word else head.verdict.start() + 1
        close = stated + len(lines[stated : head.end].rstrip())
        decision = Found(VERDICTS[word.lower()], stated, close, "decision.sentence")
        item = ItemParts(tidy_title(title), decision)
        body = Passage(lines[head.end : body_end].replace("\n", " "), head.end).stripped()
        read_prose_body(item, body)
        items.append(item)
    return items


class _Head(NamedTuple):
    """A sentence that decides: where it begins, its title, its verdict, its end."""

    start: int
    title: int
    verdict: re.Match[str]
    end: int


def _numbered_heads(lines: str, begin: int, end: int) -> Iterator[_Head]:
    """For each sentence on what a decision is based on, the numbered decision before it.

    Nearer numbers first: one that begins a line of the last rationale decides nothing here.
    """
    floor = begin
    for basis in _BASIS.finditer(lines, begin, end):
        first = max(floor, basis.start() - _LONGEST_TITLE - _LONGEST_REST)
        verdicts = list(_VERDICT.finditer(lines, first, basis.start()))
        numbers = list(_NUMBER.finditer(lines, first, basis.start())) if verdicts else []
        for number in reversed(numbers):
            verdict = next((each for each in verdicts if each.start() >= number.end()), None)
            if verdict is None or verdict.end() - number.end() > _LONGEST_TITLE:
                continue
            if basis.start() - verdict.end() <= _LONGEST_REST:
                yield _Head(number.start(), number.end(), verdict, basis.start())
                floor = basis.start()
                break


def _plain_heads(lines: str, begin: int, end: int) -> Iterator[_Head]:
    """The first verdict of each paragraph right before the claims administrator's basis."""
    floor = begin
    for basis in _CLAIMS.finditer(lines, begin, end):
        first = max(floor, basis.start() - _LONGEST_TITLE)
        start = paragraph_start(lines, first, basis.start())
        verdict = _VERDICT.search(lines, start, basis.start())
        if verdict:
            yield _Head(start, start, verdict, basis.start())
        floor = basis.end()


def read_prose_body(item: ItemParts, body: Passage) -> None:
    """Read guideline sentences and rationale of `item` from its running text."""
    rationale = _RATIONALE.search(body.text)
    guidelines = body.part(0, rationale.start() if rationale else None).stripped()
    item.rationale = body.part(rationale.end()).stripped() if rationale else None
    item.claims_line, item.reviewer_line = split_sides(guidelines, unnamed="claims")
