"""Items of a letter in no known layout: what its own labels or sentences state, no more."""

import re
from collections.abc import Iterator
from itertools import pairwise

from extract.parse.cut.labelled import tidy_title
from extract.parse.parts import ItemParts
from extract.parse.sentences import stops
from extract.spans import Found, Passage, lowered
from schemas import Decision

# Who decides, in a sentence: "Our reviewer finds this request not medically necessary."
_DECIDES = r"""(?:Our|The)\s(?:\w{2,12}\s){0,2}reviewer
    \s(?:finds|found|deems|deemed|considers|considered|determined|decided|concluded)\b"""
# Who went by which guideline: "The claims administrator went by the MTUS, …"
_WENT_BY = r"\s(?:went\sby|cited|used|relied\son|based)\b"

# Service 2: Phentermine 37.5mg #30 · Requested service no. 1: Corneal graft
# (A) Custom molded shoes. Our reviewer finds …
#   mark = "A"; not "J. Smith, MD. Our reviewer finds …"
_TITLE = re.compile(
    rf"""^(?:(?:(?:Requested|Disputed|Denied)\s)?
    (?:Service|Item|Treatment|Issue|Request)(?:\s(?:in|at|under)\s(?:dispute|review))?
    \s?(?:no\.?|number|\#)?\s?\d{{1,2}}\s?[:.)]\s
    | (?:\(?(?P<mark>[A-Z]|\d{{1,2}})\)|(?P<number>\d{{1,2}})\.)\s
      (?=(?:[^.]|\.(?=\d)){{3,200}}\.\s{_DECIDES}))""",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)

# Finding: Not medically necessary (the denial is upheld).     decision = "Finding:"
# … low back |Finding: NOT MEDICALLY NECESSARY                 the same
# Guidelines of the claims administrator: None cited.          claims_line
# Sources. The claims administrator went by …                  the same
# Reviewer guideline: Decision based on …                      reviewer_line
# Reasons: A graft is advised when …                           rationale
_LABEL = re.compile(
    rf"""(?:^|\|\s?|(?<=\.\s)(?=(?:Why|Rationale|Reasons?)\.))(?:
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

# Finding: Not medically necessary (the denial is upheld).   denied, then "upheld"
# Decision: The denial is partly overturned.                 in part, "overturned"
# Our reviewer finds that no part of it is medically necessary.   denied
_VERDICT = re.compile(
    r"""(?P<in_part>\b(?:partial(?:ly)?|partly|in[ ]part)[ ])?
    (?P<denied>\b(?:(?:not|never|cannot)
            (?:[ ](?:to|be|been|found|deemed|judged|considered|shown)){0,4}
        |(?:no[ ]part|none|neither)[ ]of(?:[ ]\w+){1,2}?(?:[ ](?:is|are))?)[ ])?
    \b(?:(?P<whole>overturn(?:ed)?|upheld)|medically[ ](?P<un>un)?necessary)\b
    (?P<part_behind>[ ](?:in[ ]part|partially|partly)\b)?""",
    re.VERBOSE,
)
# … because no trial was made: why, which may say anything
_REASON = re.compile(r"\b(?:because|since|for[ ]the[ ]reasons?)\b")
_NEUTRAL = """
    a also all an and appropriate are at been by claims administrator administrator's
    concluded concludes considered considers decided decides decision deemed deems denial
    determined determines entire expert final finding finds for found has have he hereby i
    independent is it item items judged judges medical of our physician previous
    prior request requested requests review reviewer she service services that the their these
    they this those thus time treatment treatments utilization was we were
"""
NEUTRAL = frozenset(_NEUTRAL.split())
"""What else a plain decision may say: any other word may deny, limit or doubt it."""
_WORD = re.compile(r"[^\W_]+(?:['’-]\w+)*")
_NUMBERED = re.compile(r"\b(?:no\.?|number|\#)[ ]?\d{1,2}\b")
_SENTENCE_END = re.compile(r"\.(?:\s|$)")


def split_unknown(lines: str) -> list[ItemParts]:
    """The items that labelled lines of `lines` state: a title, then a decision."""
    titles = list(_titles(lines))
    close = _CLOSE.search(lines, titles[-1].end()) if titles else None
    ends = [*(title.start() for title in titles), close.start() if close else len(lines)]
    flat = lines.replace("\n", " ")
    items = []
    for title, (_, end) in zip(titles, pairwise(ends), strict=True):
        labels = list(_LABEL.finditer(lines, title.end(), end))
        if any(_part(label) == "decision" for label in labels):
            items.append(_read_item(flat, title.end(), labels, end))
    return items


def _titles(lines: str) -> Iterator[re.Match[str]]:
    """The beginnings of titles; those marked by a letter or number alone must run on."""
    marked = 0
    for title in _TITLE.finditer(lines):
        mark = title["mark"] or title["number"]
        if mark is None:
            yield title
        elif mark.upper() in (chr(ord("A") + marked), str(marked + 1)):
            marked += 1
            yield title


def _read_item(flat: str, start: int, labels: list[re.Match[str]], end: int) -> ItemParts:
    """The item whose title begins at `start`; a rationale goes on to the end.

    What a part's first label says counts; two decisions that differ are none.
    """
    item = ItemParts(tidy_title(Passage(flat[start : labels[0].start()], start)))
    starts = [*(label.start() for label in labels), end]
    decisions: list[Found[Decision]] = []
    for label, passage_end in zip(labels, starts[1:], strict=True):
        name = _part(label)
        if name == "rationale":
            passage_end = end
        passage = Passage(flat[label.end() : passage_end], label.end()).stripped()
        if name == "decision":
            decisions.extend(filter(None, [_decision(passage)]))
        elif getattr(item, name) is None:
            setattr(item, name, passage)
        if name == "rationale":
            break
    if len({decision.value for decision in decisions}) == 1:
        item.decision = decisions[0]
    return item


def _part(label: re.Match[str]) -> str:
    """Which part of an item begins at `label`."""
    name = label.lastgroup or ""
    return _PARTS.get(name, name)


def _decision(words: Passage) -> Found[Decision] | None:
    """What the first sentence of `words` decides; nothing where it says more than that."""
    lower = lowered(words.text)
    stop = next(stops(_SENTENCE_END, lower), None)
    sentence = lower[: stop.start()] if stop else lower
    verdicts = list(_VERDICT.finditer(sentence))
    if not verdicts:
        return None
    reason = _REASON.search(sentence, verdicts[0].end())
    around = _VERDICT.sub(" ", sentence[: reason.start()] if reason else sentence)
    decided = {_decided(verdict) for verdict in verdicts}
    # "Item no. 2", "service number 2": what a number counts is neutral.
    words_around = _WORD.findall(_NUMBERED.sub(" ", around))
    if len(decided) > 1 or not NEUTRAL.issuperset(words_around):
        return None
    decision = decided.pop()
    told = verdicts[0]
    if decision is None:
        return None
    return words.part(*told.span()).found_whole(decision, "decision.labelled")


def _decided(verdict: re.Match[str]) -> Decision | None:
    """What `verdict` says by itself."""
    if verdict["un"] and verdict["denied"]:
        return None
    is_denied = bool(verdict["un"] or verdict["denied"])
    if verdict["in_part"] or verdict["part_behind"]:
        return None if is_denied else Decision.PARTIALLY_OVERTURNED
    if verdict["whole"] and is_denied:
        return None
    if verdict["whole"]:
        return Decision.UPHELD if verdict["whole"] == "upheld" else Decision.OVERTURNED
    return Decision.UPHELD if is_denied else Decision.OVERTURNED
