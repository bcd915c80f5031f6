"""What of a model's reply is proved by the letter? Turns a reply into a draft.

Every quotation is looked up, every value must follow from the letter's words there; what
fails is a problem, shown to the model once more and never kept. A field is named as in the
schema (`items[].decision`), its path is that of the reply (`items[1].decision`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from extract.draft import Draft, Values, one
from extract.model.follow import Proof, follows
from extract.model.gaps import item_region
from extract.model.ground import Ground, Placed, fold
from extract.model.problem import Fault, Problem
from extract.model.wire import POINTED, VERBATIM, asked_fields
from extract.parse.parts import ItemParts, LetterParts
from extract.spans import Found, Span
from schemas import (
    BodyPart,
    CaseRecord,
    Citation,
    Decision,
    Field,
    Item,
    Patient,
    RationaleFactor,
    Requested,
    Reviewer,
    Term,
)
from schemas.fields import ITEMS

_BEFORE = 160
"""How much of the letter in front of a quotation may speak for its value, in characters."""

_LONGEST_RATIONALE = 12_000
"""The two ends of a rationale further apart than this belong to two rationales."""


class Examined(NamedTuple):
    """What a reply came to."""

    draft: Draft
    problems: list[Problem]


_HOLDERS: Mapping[str, Callable[..., BaseModel]] = {
    "": CaseRecord,
    "reviewer": Reviewer,
    "patient": Patient,
    "items[]": partial(Item, description="-"),
    "items[].requested": Requested,
}


class Examination:
    """Looks up what replies say about one letter.

    Args:
        ground: the letter.
        rule: the name under which accepted values are filed: `letter.v1`.
        newest: the newest date that a two-digit year may mean.
        parts: the letter's sections as the rules see them; of several places where a
            quotation stands, the one in the field's own section is meant.
        regions: where each numbered item stands, for replies that name items by number.
    """

    def __init__(
        self,
        ground: Ground,
        *,
        rule: str,
        newest: date,
        parts: LetterParts | None = None,
        regions: Sequence[Span] | None = None,
    ) -> None:
        self._ground = ground
        self._rule = rule
        self._newest = newest
        self._items = parts.items if parts else []
        self._regions = regions

    def examine(self, reply: BaseModel) -> Examined:
        """The proved values of `reply`, and what was not proved."""
        draft = Draft()
        problems: list[Problem] = []
        for field, answer in _answers(reply, ""):
            problems += self._keep_proved(draft.fields, field, answer, "", Home(None))
        items = getattr(reply, "items", None) or []
        is_numbered = self._regions is not None
        read = self._read_numbered_items if is_numbered else self._read_all_items
        draft.items, of_items = read(items)
        return Examined(draft, [*problems, *of_items])

    def _read_all_items(self, items: Sequence[Any]) -> tuple[list[Values], list[Problem]]:
        """The items of a reply that lists them all, each in the region of its title."""
        titles = self._find_titles(items)
        problems = [title for title in titles if isinstance(title, Problem)]
        starts = sorted(title.start for title in titles if isinstance(title, Found))
        drafts = []
        for index, (item, title) in enumerate(zip(items, titles, strict=True)):
            if isinstance(title, Problem):
                continue
            behind = [start for start in starts if start > title.start]
            end = behind[0] if behind else len(self._ground.flat)
            values: Values = {"description": title}
            homes = self._homes(title, Span(title.start, end))
            problems += self._read_item(values, item, homes, f"items[{index}].")
            drafts.append(values)
        return drafts, problems

    def _find_titles(self, items: Sequence[Any]) -> list[Found[Any] | Problem]:
        """Where the items' titles stand; each behind the one before, if it stands twice."""
        titles: list[Found[Any] | Problem] = []
        behind = 0
        for index, item in enumerate(items):
            said = getattr(item, "description", None) or ""
            region = Span(behind, len(self._ground.flat))
            placed = self._place(said, f"items[{index}].description", region)
            if isinstance(placed, Problem):
                titles.append(placed)
            else:
                behind = placed.end
                titles.append(self._verbatim(placed))
        return titles

    def _read_numbered_items(self, items: Sequence[Any]) -> tuple[list[Values], list[Problem]]:
        """The items of a reply that names them by number, each in its known region."""
        regions = self._regions or ()
        drafts: list[Values] = [{} for _ in regions]
        problems: list[Problem] = []
        for index, item in enumerate(items):
            prefix = f"items[{index}]."
            if 1 <= item.number <= len(regions):
                at = item.number - 1
                homes = _homes_in(self._items[at], regions[at])
                problems += self._read_item(drafts[at], item, homes, prefix)
            else:
                number = str(item.number)
                problems.append(Problem(f"{prefix}number", Fault.NO_SUCH_ITEM, number))
        return drafts, problems

    def _homes(self, title: Found[Any], region: Span) -> "Homes":
        """Where the answers about the item of `title` belong."""
        for item in self._items:
            overlap = item.title.start < title.end and title.start < item.title.end
            if overlap or fold(item.title.text).lower() == fold(title.value).lower():
                return _homes_in(item, _joined(region, item_region(item, self._ground.flat)))
        return Homes(region, {})

    def _read_item(
        self, values: Values, item: BaseModel, homes: "Homes", prefix: str
    ) -> list[Problem]:
        """Keep in `values` what is proved of one item's answers; the problems of the rest."""
        answers = dict(_answers(item, ITEMS))
        factors = answers.pop("items[].rationale_factors", None)
        problems: list[Problem] = []
        for field, answer in answers.items():
            if field != "items[].description" or "description" not in values:
                problems += self._keep_proved(values, field, answer, prefix, homes.of(field))
        if factors:
            problems += self._keep_factors(values, factors, homes.rationale, prefix)
        return problems

    def _keep_factors(
        self, values: Values, factors: Sequence[Any], region: Span, prefix: str
    ) -> list[Problem]:
        """Reasons count only inside the rationale, and only if they can speak for it."""
        rationale, decision = one(values, "rationale"), one(values, "decision")
        if rationale:
            region = Span(rationale.start, rationale.end)
        decided: Decision | None = decision.value if decision else None
        kept: dict[RationaleFactor, Found[Any]] = {}
        problems: list[Problem] = []
        for index, claim in enumerate(factors):
            path = f"{prefix}rationale_factors[{index}]"
            placed = self._place(claim.quote, path, region, must_lie_inside=True)
            if isinstance(placed, Problem):
                problems.append(placed)
            elif claim.value.may_support(decided):
                kept.setdefault(claim.value, self._found(claim.value, placed))
            else:
                problems.append(Problem(path, Fault.DOES_NOT_FOLLOW, claim.quote))
        if kept:
            values["rationale_factors"] = list(kept.values())
        return problems

    def _keep_proved(
        self, values: Values, field: str, answer: Any, prefix: str, home: "Home"
    ) -> list[Problem]:
        """Keep in `values` what is proved of one field's answer; the problems of the rest."""
        name = field.removeprefix(ITEMS)
        if not isinstance(answer, list):
            found = self._read_answer(field, answer, prefix + name, home)
            if isinstance(found, Problem):
                return [found]
            values[name] = found
            return []
        kept: dict[Any, Found[Any]] = {}
        problems: list[Problem] = []
        for index, element in enumerate(answer):
            found = self._read_answer(field, element, f"{prefix}{name}[{index}]", home)
            if isinstance(found, Problem):
                problems.append(found)
            else:
                kept.setdefault(_sameness(found.value), found)
        if kept:
            values[name] = list(kept.values())
        return problems

    def _read_answer(
        self, field: str, answer: Any, path: str, home: "Home"
    ) -> Found[Any] | Problem:
        """The proved value of one answer."""
        if field in POINTED:
            return self._read_ends(answer, path, home.region)
        words = answer if field in VERBATIM else answer.quote
        placed = self._place(words, path, home.region, must_lie_inside=home.must_lie_inside)
        if isinstance(placed, Problem):
            return placed
        if field in VERBATIM:
            return _fitting(field, path, self._verbatim(placed))
        value = _claimed(answer)
        if value is None:
            return Problem(path, Fault.OUT_OF_RANGE)
        before = self._ground.flat[max(0, placed.start - _BEFORE) : placed.start]
        said = self._ground.flat[placed.start : placed.end]
        if not follows(field, value, Proof(said, before, self._newest)):
            return Problem(path, Fault.DOES_NOT_FOLLOW, words)
        return _fitting(field, path, self._found(value, placed))

    def _read_ends(self, ends: Any, path: str, region: Span | None) -> Found[Any] | Problem:
        """The passage between the first and the last words, both ends included."""
        first = self._place(ends.first_words, f"{path}.first_words", region)
        if isinstance(first, Problem):
            return first
        limit = min(len(self._ground.flat), first.start + _LONGEST_RATIONALE)
        if region and region.start <= first.start < region.end:
            limit = min(limit, region.end)
        behind = Span(first.start, limit)
        last = self._place(ends.last_words, f"{path}.last_words", behind, must_lie_inside=True)
        if isinstance(last, Problem):
            return last
        step = max(first.step, last.step, key=list(type(first.step)).index)
        return self._verbatim(Placed(first.start, last.end, step))

    def _place(
        self, words: str, path: str, region: Span | None, *, must_lie_inside: bool = False
    ) -> Placed | Problem:
        placed = self._ground.place(words, within=region, must_lie_inside=must_lie_inside)
        return placed or Problem(path, Fault.NOT_IN_LETTER, words)

    def _verbatim(self, placed: Placed) -> Found[Any]:
        return self._found(self._ground.flat[placed.start : placed.end], placed)

    def _found(self, value: Any, placed: Placed) -> Found[Any]:
        return Found(value, placed.start, placed.end, self._rule, (), placed.step.value)


def _claimed(claim: BaseModel) -> Any:
    """The value of a claim, as the record holds it; `None` if it cannot hold it."""
    parts = dict(claim)
    parts.pop("quote")
    if "value" in parts:
        return parts["value"]
    model = Citation if "guideline" in parts else BodyPart
    try:
        return model.model_validate(parts)
    except ValidationError:
        return None


def _fitting(field: str, path: str, found: Found[Any]) -> Found[Any] | Problem:
    """`found`, if the record can hold its value; vocabularies and models are sure to."""
    if not isinstance(found.value, int | str) or isinstance(found.value, Term):
        return found
    above, _, leaf = field.rpartition(".")
    value = (found.value,) if _is_list(field) else found.value
    try:
        _HOLDERS[above](**{leaf: value})
    except ValidationError:
        return Problem(path, Fault.OUT_OF_RANGE, str(found.value))
    return found


class Home(NamedTuple):
    """Where an answer belongs, and whether it may stand nowhere else."""

    region: Span | None
    must_lie_inside: bool = False


class Homes(NamedTuple):
    """Where the answers about one item belong: the whole item, or a section of it."""

    item: Span
    sections: Mapping[str, Span]
    decides_elsewhere: bool = False

    @property
    def rationale(self) -> Span:
        """Where the rationale stands, as far as it is known."""
        return self.sections.get("items[].rationale", self.item)

    def of(self, field: str) -> Home:
        """Where the answer to `field` belongs."""
        if field in self.sections:
            return Home(self.sections[field], must_lie_inside=field in _LINES)
        return Home(self.item, field == "items[].decision" and not self.decides_elsewhere)


_LINES = frozenset({"items[].claims_administrator_guidelines", "items[].reviewer_guidelines"})
"""Fields that are stated in a line of their own and nowhere else."""


def _joined(one: Span, other: Span) -> Span:
    return Span(min(one.start, other.start), max(one.end, other.end))


def _homes_in(item: ItemParts, region: Span) -> Homes:
    passages = {
        "items[].claims_administrator_guidelines": item.claims_line,
        "items[].reviewer_guidelines": item.reviewer_line,
        "items[].rationale": item.rationale,
    }
    sections = {field: Span(p.start, p.end) for field, p in passages.items() if p}
    # A notice decides in a list at its head, far from where it speaks of the item.
    decision = item.decision
    elsewhere = decision is not None and not region.start <= decision.start < region.end
    return Homes(region, sections, elsewhere)


def _answers(reply: BaseModel, prefix: str) -> Iterator[tuple[str, Any]]:
    """Every answer of `reply` that says something, by the path of its field.

    Args:
        prefix: `items[].` for the reply about an item, nothing for the whole reply.
    """
    for asked in asked_fields():
        if asked.path.startswith(ITEMS) is not bool(prefix):
            continue
        node: Any = reply
        for name in asked.path.removeprefix(prefix).split("."):
            node = getattr(node, name, None)
        if node:
            yield asked.path, node


def _is_list(field: str) -> bool:
    return _FIELDS[field].is_list


_FIELDS: Mapping[str, Field] = {asked.path: asked for asked in asked_fields()}


def _sameness(value: Any) -> Any:
    """By what two elements of a list count as one."""
    return fold(value).lower() if isinstance(value, str) else value.model_dump_json()
