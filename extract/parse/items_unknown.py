"""Items of a letter in no known layout: what its own labels or sentences state, no more."""

import re
from itertools import pairwise

from extract.parse.items_labelled import tidy_title
from extract.parse.parts import ItemParts
from extract.spans import Found, Passage, lowered
from schemas import Decision

# Who decides, in a sentence: "Our reviewer finds this request not medically necessary."
_DECIDES = r"""(?:Our|The)\s(?:\w{2,12}\s){0,2}reviewer
    \s(?:finds|found|deems|deemed|considers|considered|determined|decided|concluded)\b"""
# Who went by which guideline: "The claims administrator went by the MTUS, …"
_WENT_BY = r"\s(?:went\sby|cited|used|relied\son|based)\b"

# Service 2: Phentermine 37.5mg #30 · Requested service no. 1: Corneal graft
# (A) Custom molded shoes. Our reviewer finds …
_TITLE = re.compile(
    rf"""^(?:(?:(?:Requested|Disputed|Denied)\s)?
    (?:Service|Item|Treatment|Issue|Request)(?:\s(?:in|at|under)\s(?:dispute|review))?
    \s?(?:no\.?|number|\#)?\s?\d{{1,2}}\s?[:.)]\s
    | \(?(?:[A-Z]|\d{{1,2}})[.)]\s(?=(?:[^.]|\.(?=\d)){{3,200}}\.\s{_DECIDES}))""",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)

# Finding: Not medically necessary (the denial is upheld).     decision = "Finding:"
# … low back |Finding: NOT MEDICALLY NECESSARY                 the same
# Guidelines of the claims administrator: None cited.          claims_line
# Sources. The claims administrator went by …                  the same
# Reviewer guideline: Decision based on …                      reviewer_line
# Reasons: A graft is advised when …                           rationale
_LABEL = re.compile(
    rf"""(?:^|\|\s?)(?:
      (?P<decision>(?:Finding|Decision|Determination|Outcome|Result)\s?:)
    | (?P<claims_line>(?:Guidelines?\s(?:of|cited\sby|used\sby)\sthe\s)?claims\sadministrator
        (?:['’]s)?(?:\sguidelines?)?\s?:)
    | (?P<reviewer_line>(?:Guidelines?\s(?:of|cited\sby|used\sby)\sthe\s)?
        (?:(?:expert|physician)\s)?(?:reviewer|MAXIMUS)(?:['’]s)?(?:\sguidelines?)?\s?:)
    | (?P<rationale>(?:(?:Decision\s)?(?:Rationale|Reasons?|Reasoning|Explanation)
        (?:\sfor\s[^:\n]{{1,40}})?\s?:|(?:Why|Rationale|Reasons?)\.\s))
    )
    | \.\s(?:(?P<decided>(?={_DECIDES}))
        |(?P<claims_told>(?=The\sclaims\sadministrator{_WENT_BY}))
        |(?P<reviewer_told>(?=(?:Our|The)\s(?:\w{{2,12}}\s){{0,2}}reviewer{_WENT_BY})))""",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
_PARTS = {
    "decided": "decision",
    "claims_told": "claims_line",
    "reviewer_told": "reviewer_line",
}
"""What a sentence tells, by the name of the label that says the same."""

# What closes the letter behind the last item.
_CLOSE = re.compile(r"^(?:End\sof\s(?:the\s)?report|Sincerely|Respectfully)\b", re.MULTILINE)

# Finding: Not medically necessary (the denial is upheld).   negated, "medically necessary"
# Decision: The denial is partly overturned.                 "overturned", in part
_VERDICT = re.compile(
    r"(?P<negated>\b(?:not|no|none|nothing|never|neither|cannot)\b[^.;]{0,40}?\b)?"
    r"(?P<verdict>overturn(?:ed)?|upheld|medically\s(?P<un>un)?necessary)\b"
)
_IN_PART = re.compile(r"(?<!\bno )\bpart(?:ial(?:ly)?|ly)?\b")


def split_unknown(lines: str) -> list[ItemParts]:
    """The items that labelled lines of `lines` state: a title, then a decision."""
    titles = list(_TITLE.finditer(lines))
    close = _CLOSE.search(lines, titles[-1].end()) if titles else None
    ends = [*(title.start() for title in titles), close.start() if close else len(lines)]
    flat = lines.replace("\n", " ")
    items = []
    for title, (_, end) in zip(titles, pairwise(ends), strict=True):
        labels = list(_LABEL.finditer(lines, title.end(), end))
        if any(_part(label) == "decision" for label in labels):
            items.append(_read_item(flat, title.end(), labels, end))
    return items


def _read_item(flat: str, start: int, labels: list[re.Match[str]], end: int) -> ItemParts:
    """The item whose title begins at `start`; a rationale goes on to the end."""
    item = ItemParts(tidy_title(Passage(flat[start : labels[0].start()], start)))
    starts = [*(label.start() for label in labels), end]
    for label, passage_end in zip(labels, starts[1:], strict=True):
        name = _part(label)
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


def _part(label: re.Match[str]) -> str:
    """Which part of an item begins at `label`."""
    name = label.lastgroup or ""
    return _PARTS.get(name, name)


def _decision(words: Passage) -> Found[Decision] | None:
    """What the first verdict of `words` says; nothing where a negation leaves it open."""
    lower = lowered(words.text)
    told = _VERDICT.search(lower)
    if told is None:
        return None
    if _IN_PART.search(lower):
        decision = Decision.PARTIALLY_OVERTURNED
    elif told["negated"] and (told["un"] or not told["verdict"].startswith("medically")):
        return None
    elif told["verdict"].startswith("medically"):
        is_denied = told["negated"] or told["un"]
        decision = Decision.UPHELD if is_denied else Decision.OVERTURNED
    else:
        decision = Decision.UPHELD if told["verdict"] == "upheld" else Decision.OVERTURNED
    return words.part(*told.span()).found_whole(decision, "decision.labelled")
