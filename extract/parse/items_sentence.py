"""Items of "IMR DECISION(S) AND RATIONALE(S)": a numbered sentence that decides."""

import re
from itertools import pairwise

from extract.parse.items_labelled import tidy_title
from extract.parse.parts import ItemParts
from extract.parse.sections import Sections
from extract.spans import Found, Passage
from schemas import Decision

# 2. Weight loss program, 12 weeks is not medically necessary and appropriate.
#   number = "2", verdict = "not "
_TITLE = re.compile(
    r"""^(?P<number>\d{1,2})[.)][ ](?P<title>[^\n]+?(?:\n[^\n]+?){0,7}?)\s
    (?:is|are)\s(?P<verdict>not\s|partially\s)?medically\snecessary(?:\sand\sappropriate)?
    \.?(?P<rest>[^\n]*(?:\n[^\n]+){0,3}?)\s
    (?=The\sClaims\sAdministrator\s|The\s\w+\sReviewer\s|The\s\w+\sReviewer['’]s\s)""",
    re.MULTILINE | re.VERBOSE,
)

_RATIONALE = re.compile(
    r"\bThe\s(?:\w+\s)?Reviewer['’]s\sdecision\srationale\s?:|\bDecision\srationale\s?:"
)
_REVIEWER = re.compile(r"\bThe\s(?:Expert|Physician|Medical|Professional)\sReviewer\s")

VERDICTS = {
    "": Decision.OVERTURNED,
    "not": Decision.UPHELD,
    "partially": Decision.PARTIALLY_OVERTURNED,
}


def split_sentences(lines: str, sections: Sections) -> list[ItemParts]:
    """The items of the letter `lines`: each title is a sentence that states the decision."""
    section = sections.get("decisions_and_rationales")
    begin, end = (section.start, section.end) if section else (0, len(lines))
    heads = list(_TITLE.finditer(lines, begin, end))
    items: list[ItemParts] = []
    starts = [head.start() for head in heads] + [end]
    for head, (_, body_end) in zip(heads, pairwise(starts), strict=True):
        flat = head["title"].replace("\n", " ")
        verdict = (head["verdict"] or "").strip()
        decision = Found(
            VERDICTS[verdict],
            head.start("verdict") if verdict else head.end("title") + 1,
            head.end("rest"),
            "decision.sentence",
        )
        item = ItemParts(tidy_title(Passage(flat, head.start("title"))), decision)
        body = Passage(lines[head.end() : body_end].replace("\n", " "), head.end())
        read_prose_body(item, body)
        items.append(item)
    return items


def read_prose_body(item: ItemParts, body: Passage) -> None:
    """Read guideline sentences and rationale of `item` from its running text."""
    rationale = _RATIONALE.search(body.text)
    guidelines = body.part(0, rationale.start() if rationale else None).stripped()
    item.rationale = body.part(rationale.end()).stripped() if rationale else None
    item.claims_line, item.reviewer_line = split_guidelines(guidelines)


def split_guidelines(guidelines: Passage) -> tuple[Passage | None, Passage | None]:
    """The sentences on the claims administrator's and on the reviewer's guidelines."""
    reviewer = _REVIEWER.search(guidelines.text)
    if reviewer is None:
        return guidelines or None, None
    claims = guidelines.part(0, reviewer.start()).stripped()
    return (claims if claims.text else None), guidelines.part(reviewer.start()).stripped()
