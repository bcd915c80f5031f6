"""What do the rules leave open, and where in the letter would the answer stand?

A field is open if the rules found nothing although its passage speaks of it, or found it
by a rule whose measured confidence is low. Only these fields and these passages are sent.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from extract.draft import Draft, Values
from extract.model.cues import PROOF
from extract.model.wire import asked_fields
from extract.parse.parts import ItemParts, LetterParts
from extract.spans import Passage, Span
from schemas import Part
from schemas.fields import ITEMS


class Gaps(NamedTuple):
    """The open fields of a letter.

    Args:
        case: those that stand in no item, by path.
        items: those of each item, by path.
    """

    case: frozenset[str]
    items: tuple[frozenset[str], ...]

    @property
    def paths(self) -> frozenset[str]:
        """All of them."""
        return self.case.union(*self.items)


_DATE = r"\d{1,2}[/.-]\d{1,2}[/.-]\d\d|\b[A-Z][a-z]+ \d{1,2}, \d{4}"
_VISITS = r"visit|session|treatment|therap|acupunct|chiro|inject|times|\bx\s?\d|\d\s?x\b"
_THERAPY = r"therap|acupunct|chiro|visit|session|inject|massage|program|block|rehab"
_NEAR = 200
"""A decision further behind its title than this stands elsewhere, in characters."""
_PARTS = "|".join(PROOF[part] for part in Part if part in PROOF)


class Stated(NamedTuple):
    """Where a field would stand, and what its passages say if they state it.

    Args:
        places: names of the letter's or the item's passages.
        cue: a pattern; without a match the letter does not speak of the field.
    """

    places: tuple[str, ...]
    cue: str = ""


_CASE: Mapping[str, Stated] = {
    "layout": Stated(("header",), r"(?!)"),
    "case_number": Stated(("header",), r"\bCM ?\d\d"),
    "date_assigned": Stated(("header",), r"assigned"),
    "date_of_injury": Stated(
        ("header", "summary"), rf"injur\w*[^.]{{0,60}}(?:{_DATE})|(?:{_DATE})[^.]{{0,60}}injur"
    ),
    "decision_date": Stated(("header",), r"decision date|\bdated"),
    "ur_denial_date": Stated(
        ("header", "summary", "notice"),
        rf"(?:utilization|denial|denied|determination|modif)\w*[^.]{{0,90}}(?:{_DATE})"
        rf"|(?:{_DATE})[^.]{{0,60}}(?:utilization|denial|denied)",
    ),
    "application_received": Stated(("header", "notice"), r"received|filed on"),
    "priority": Stated(("header",), r"priority|standard|expedited"),
    "reviewer.board_certifications": Stated(("qualifications",), r"certif|special"),
    "reviewer.subspecialties": Stated(("qualifications",), r"sub-?special"),
    "reviewer.licensed_states": Stated(("qualifications",), r"licen[sc]"),
    "patient.age": Stated(("summary",), r"year|\by/?o\b|\baged?\b"),
    "patient.sex": Stated(
        ("summary",), r"\b(?:fe)?male|\b(?:wo)?man\b|\bs?he\b|\bhis\b|\bher\b"
    ),
    "diagnoses": Stated(("summary",), r"diagnos|impression|assessment|suffers|condition"),
}

_ITEM: Mapping[str, Stated] = {
    "items[].description": Stated(("title",)),
    "items[].original_request": Stated(("title",), r"original|authori[sz]ed|remaining"),
    "items[].authorized": Stated(("title",), r"original|authori[sz]ed|remaining"),
    "items[].in_dispute": Stated(("title",), r"original|authori[sz]ed|remaining"),
    "items[].decision": Stated(("title", "rationale")),
    "items[].category": Stated(("title",)),
    "items[].body_parts": Stated(("title",), _PARTS),
    "items[].requested.visits": Stated(("title", "rationale", "summary"), _VISITS),
    "items[].requested.per_week": Stated(("title", "rationale"), r"week|times|\d\s?x\s?\d"),
    "items[].requested.weeks": Stated(("title", "rationale"), r"week|\d\s?x\s?\d|times"),
    "items[].requested.drug": Stated(
        ("title",), r"\d\s?m?c?g\b|tablet|capsul|cream|gel|%|drug"
    ),
    "items[].requested.strength": Stated(("title",), r"\d\s?m?c?g\b|%|\d/\d"),
    "items[].requested.units": Stated(("title",), r"#\s?\d|qty|quantity|count|\btab|\bcap"),
    "items[].requested.refills": Stated(("title",), r"refill"),
    "items[].prior_visits": Stated(
        ("rationale", "summary"), r"visit|session|treatments|prior|previous|completed"
    ),
    "items[].guideline_max_visits": Stated(
        ("rationale",), r"visit|session|treatments?\b[^.]{0,40}\d|\d[^.]{0,40}treatment"
    ),
    "items[].claims_administrator_guidelines": Stated(
        ("claims_line",), r"based|guideline|mtus|acoem|odg"
    ),
    "items[].reviewer_guidelines": Stated(
        ("reviewer_line",), r"based|guideline|mtus|acoem|odg"
    ),
    "items[].rationale": Stated(("rationale",)),
    "items[].rationale_factors": Stated(("rationale",)),
}

_ONLY_OF_THERAPY = frozenset(
    {
        "items[].requested.visits",
        "items[].requested.per_week",
        "items[].requested.weeks",
        "items[].prior_visits",
        "items[].guideline_max_visits",
    }
)
"""Fields that speak of visits: asked for only where the title is of something visited."""

IsDoubtful = Callable[[str], bool]
"""Rule name to whether its measured confidence is low."""


def find_gaps(draft: Draft, parts: LetterParts, flat: str, *, is_doubtful: IsDoubtful) -> Gaps:
    """The fields that `draft` leaves open although the letter speaks of them."""
    passages = case_passages(parts)
    case = frozenset(
        path
        for path, stated in _CASE.items()
        if _is_open(draft.fields, path, is_doubtful) and _speaks(stated, passages)
    )
    items = tuple(
        frozenset(_open_in_item(values, passages | item_passages(item, flat), is_doubtful))
        for values, item in zip(draft.items, parts.items, strict=True)
    )
    return Gaps(case, items)


def _open_in_item(
    values: Values, passages: Mapping[str, Passage], is_doubtful: IsDoubtful
) -> Iterator[str]:
    is_visited = re.search(_THERAPY, passages["title"].text, re.IGNORECASE) is not None
    for path, stated in _ITEM.items():
        name = path.removeprefix(ITEMS)
        if path in _ONLY_OF_THERAPY and not is_visited:
            continue
        if _is_open(values, name, is_doubtful) and _speaks(stated, passages):
            yield path


def _is_open(values: Values, name: str, is_doubtful: IsDoubtful) -> bool:
    found = values.get(name)
    if not found:
        return True
    elements = found if isinstance(found, list) else [found]
    return any(is_doubtful(element.rule) for element in elements)


def _speaks(stated: Stated, passages: Mapping[str, Passage]) -> bool:
    return any(
        re.search(stated.cue, passages[place].text, re.IGNORECASE)
        for place in stated.places
        if place in passages
    )


def case_passages(parts: LetterParts) -> dict[str, Passage]:
    """The passages of a letter that stand in no item, by name."""
    named = {
        "header": parts.header,
        "notice": parts.notice,
        "qualifications": parts.qualifications,
        "summary": parts.summary,
    }
    return {name: passage for name, passage in named.items() if passage}


def item_passages(item: ItemParts, flat: str) -> dict[str, Passage]:
    """The passages of an item, by name; the title's with the decision behind it."""
    start, end = item.title.start, item.title.end
    if item.decision and end <= item.decision.end < end + _NEAR:
        end = item.decision.end
    named = {
        "title": Passage(flat[start:end], start),
        "claims_line": item.claims_line,
        "reviewer_line": item.reviewer_line,
        "rationale": item.rationale,
    }
    return {name: passage for name, passage in named.items() if passage}


def item_region(item: ItemParts, flat: str) -> Span:
    """From an item's first passage to its last."""
    passages = item_passages(item, flat).values()
    start = min(passage.start for passage in passages)
    return Span(start, max(passage.end for passage in passages))


def passages_for(gaps: Gaps, parts: LetterParts, flat: str) -> str:
    """The passages that the open fields need, each under its name, each once."""
    case = case_passages(parts)
    wanted: dict[str, Passage] = {}
    shared = {place for path in gaps.paths for place in _stated(path).places}
    for name, passage in case.items():
        if name in shared:
            wanted[name.replace("_", " ")] = passage
    for number, (paths, item) in enumerate(zip(gaps.items, parts.items, strict=True), 1):
        places = {place for path in paths for place in _stated(path).places}
        for name, passage in item_passages(item, flat).items():
            if paths and (name in places or name == "title"):
                wanted[f"item {number}, {name.replace('_', ' ')}"] = passage
    return "\n\n".join(
        f"[{name}]\n{flat[passage.start : passage.end].strip()}"
        for name, passage in wanted.items()
    )


def _stated(path: str) -> Stated:
    return _CASE.get(path) or _ITEM[path]


def everything(parts: LetterParts, numbers: range | None = None) -> Gaps:
    """Gaps that ask for the case alone, or for every field of the items `numbers`."""
    case = frozenset(field.path for field in asked_fields() if "[]" not in field.path)
    whole = frozenset(field.path for field in asked_fields() if "[]" in field.path)
    if numbers is None:
        return Gaps(case, tuple(frozenset() for _ in parts.items))
    items = (whole if at in numbers else frozenset() for at in range(len(parts.items)))
    return Gaps(frozenset(), tuple(items))
