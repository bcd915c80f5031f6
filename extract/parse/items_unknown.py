"""Items of a letter in no known layout: what lines of its own labels state, and no more."""

import re
from itertools import pairwise

from extract.parse.items_labelled import tidy_title
from extract.parse.parts import ItemParts
from extract.spans import Found, Passage, lowered
from schemas import Decision

# Service 2: Phentermine 37.5mg #30 · Requested service no. 1: Corneal graft
_TITLE = re.compile(
    r"""^(?:(?:Requested|Disputed|Denied)\s)?
    (?:Service|Item|Treatment|Issue|Request)(?:\s(?:in|at|under)\s(?:dispute|review))?
    \s?(?:no\.?|number|\#)?\s?\d{1,2}\s?[:.)]\s""",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)

# Finding: Not medically necessary (the denial is upheld).     decision = "Finding:"
# Guidelines of the claims administrator: None cited.          claims_line
# Reviewer guideline: Decision based on …                      reviewer_line
# Reasons: A graft is advised when …                           rationale
_LABEL = re.compile(
    r"""^(?:
      (?P<decision>(?:Finding|Decision|Determination|Outcome|Result)\s?:)
    | (?P<claims_line>(?:Guidelines?\s(?:of|cited\sby|used\sby)\sthe\s)?claims\sadministrator
        (?:['’]s)?(?:\sguidelines?)?\s?:)
    | (?P<reviewer_line>(?:Guidelines?\s(?:of|cited\sby|used\sby)\sthe\s)?
        (?:(?:expert|physician)\s)?(?:reviewer|MAXIMUS)(?:['’]s)?(?:\sguidelines?)?\s?:)
    | (?P<rationale>(?:Decision\s)?(?:Rationale|Reasons?|Reasoning|Explanation)
        (?:\sfor\s[^:\n]{1,40})?\s?:)
    )""",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)

# What closes the letter behind the last item.
_CLOSE = re.compile(r"^(?:End\sof\s(?:the\s)?report|Sincerely|Respectfully)\b", re.MULTILINE)

_DECISIONS = (
    ("partially overturned", Decision.PARTIALLY_OVERTURNED),
    ("overturned in part", Decision.PARTIALLY_OVERTURNED),
    ("overturned", Decision.OVERTURNED),
    ("upheld", Decision.UPHELD),
    ("not medically necessary", Decision.UPHELD),
    ("medically necessary", Decision.OVERTURNED),
)
"""The first of these that a decision's words hold is meant."""


def split_unknown(lines: str) -> list[ItemParts]:
    """The items that labelled lines of `lines` state: a title, then a decision."""
    titles = list(_TITLE.finditer(lines))
    close = _CLOSE.search(lines, titles[-1].end()) if titles else None
    ends = [*(title.start() for title in titles), close.start() if close else len(lines)]
    flat = lines.replace("\n", " ")
    items = []
    for title, (_, end) in zip(titles, pairwise(ends), strict=True):
        labels = list(_LABEL.finditer(lines, title.end(), end))
        if any(label.lastgroup == "decision" for label in labels):
            items.append(_read_item(flat, title.end(), labels, end))
    return items


def _read_item(flat: str, start: int, labels: list[re.Match[str]], end: int) -> ItemParts:
    """The item whose title begins at `start`; a rationale goes on to the end."""
    item = ItemParts(tidy_title(Passage(flat[start : labels[0].start()], start)))
    starts = [*(label.start() for label in labels), end]
    for label, passage_end in zip(labels, starts[1:], strict=True):
        name = label.lastgroup or ""
        if name == "rationale":
            passage_end = end
        passage = Passage(flat[label.end() : passage_end], label.end()).stripped()
        if name == "decision":
            item.decision = _decision(passage)
        else:
            setattr(item, name, passage)
        if name == "rationale":
            break
    return item


def _decision(words: Passage) -> Found[Decision] | None:
    lower = lowered(words.text)
    for phrase, decision in _DECISIONS:
        if phrase in lower:
            start = lower.index(phrase)
            return words.part(start, start + len(phrase)).found_whole(
                decision, "decision.labelled"
            )
    return None
