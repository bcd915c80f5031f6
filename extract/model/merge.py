"""Whose value counts where rules and model both speak? One table, field by field.

What the letter's form fixes is the rules': a model that disagrees there loses. What has
to be understood is the model's. Where neither can be preferred and they disagree, the
field stays open. Every disagreement is a warning; agreement keeps the rules' evidence,
whose confidence is measured.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import chain, repeat
from typing import Any, NamedTuple, TypeAlias

from extract.draft import Draft, Values, one
from extract.model.ground import fold
from extract.spans import Found
from schemas import Layout


class Lead(StrEnum):
    """Whose value counts if both have one and they differ."""

    RULES = "rules"
    MODEL = "model"
    NEITHER = "neither"


# Fixed by the letter's form, and read there with certainty.
_STRUCTURAL = (
    "layout",
    "case_number",
    "date_assigned",
    "date_of_injury",
    "decision_date",
    "ur_denial_date",
    "application_received",
    "priority",
    "description",
    "original_request",
    "authorized",
    "in_dispute",
    "decision",
    "rationale",
    "claims_administrator_guidelines",
    "reviewer_guidelines",
)
# Printed in few notations, which the rules know.
_PRINTED = (
    "reviewer.board_certifications",
    "reviewer.subspecialties",
    "reviewer.licensed_states",
    "patient.age",
    "body_parts",
    "requested.visits",
    "requested.per_week",
    "requested.weeks",
    "requested.drug",
    "requested.strength",
    "requested.units",
    "requested.refills",
)
# To be understood from prose.
_UNDERSTOOD = (
    "diagnoses",
    "category",
    "prior_visits",
    "guideline_max_visits",
    "rationale_factors",
)

LEADS: Mapping[str, Lead] = {
    **dict.fromkeys(_STRUCTURAL, Lead.RULES),
    **dict.fromkeys(_PRINTED, Lead.RULES),
    **dict.fromkeys(_UNDERSTOOD, Lead.MODEL),
    "patient.sex": Lead.NEITHER,
}
"""The table. A value that only one side has is taken from that side."""

_ALIKE = 80
"""Titles at least this alike (of 100) name the same item; a pair of the guide needs less."""


Pairs: TypeAlias = Callable[[Draft, Draft, Draft], Iterator[tuple[Values, Values]]]
"""Pairs the items of rules and model; an item of one side alone stands with an empty one."""


class Merged(NamedTuple):
    """A field's value after merging, and whether both sides spoke and differed."""

    found: Found[Any] | list[Found[Any]] | None
    differs: bool


def by_title(rules: Draft, model: Draft, merged: Draft) -> Iterator[tuple[Values, Values]]:
    """Items of both sides paired by title; `merged` is warned of those of one side alone."""
    pairs = _pair(rules.items, model.items)
    if _are_certain(rules):
        pairs = _without_invented(pairs, merged)
    for index, (ours, theirs) in enumerate(pairs):
        if ours and not theirs and model.items:
            path = f"items[{index}]"
            merged.warn("item_not_by_model", "the model did not report this item", path)
        yield ours, theirs


def by_number(rules: Draft, model: Draft, _merged: Draft) -> Iterator[tuple[Values, Values]]:
    """Items of both sides that are the same, one by one."""
    return zip(rules.items, chain(model.items, repeat({})), strict=False)


def merge(
    rules: Draft, model: Draft, *, pairs: Pairs = by_title, prefers_rules: bool = False
) -> Draft:
    """One draft of two.

    Args:
        rules: what the rules found.
        model: what a model proved.
        pairs: how its items go with the rules': as it listed them, by title; or by number,
            if it was asked about the rules' own items.
        prefers_rules: the rules lead everywhere; for callers who ask for a confidence,
            which a model's values do not have.
    """
    merged = Draft(warnings=[*rules.warnings, *model.warnings])
    merged.fields = _merge_values(rules.fields, model.fields, "", merged, prefers_rules)
    for index, (ours, theirs) in enumerate(pairs(rules, model, merged)):
        prefix = f"items[{index}]."
        merged.items.append(_merge_values(ours, theirs, prefix, merged, prefers_rules))
    return merged


def _merge_values(
    rules: Values, model: Values, prefix: str, merged: Draft, prefers_rules: bool
) -> Values:
    values: Values = {}
    for name in LEADS:
        lead = Lead.RULES if prefers_rules else LEADS[name]
        found, differs = _choose(rules.get(name), model.get(name), lead)
        if found:
            values[name] = found
        if differs:
            merged.warn("model_disagrees", _SENTENCES[lead], prefix + name)
    return values


_SENTENCES = {
    Lead.RULES: "rules and model disagree; the rules' value was taken",
    Lead.MODEL: "rules and model disagree; the model's value was taken",
    Lead.NEITHER: "rules and model disagree; neither value was taken",
}


def _choose(ours: Any, theirs: Any, lead: Lead) -> Merged:
    if not ours or not theirs:
        return Merged(ours or theirs, differs=False)
    if _meaning(ours) == _meaning(theirs):
        return Merged(ours, differs=False)
    return Merged({Lead.RULES: ours, Lead.MODEL: theirs}.get(lead), differs=True)


def _meaning(found: Any) -> Any:
    """What is compared: a value, or a set of values, white space and case apart."""
    if isinstance(found, list):
        return {_meaning(element) for element in found}
    value = found.value
    return fold(value).lower().strip(" .,:;") if isinstance(value, str) else value


def _are_certain(rules: Draft) -> bool:
    """Whether the rules know the letter's form and every item's decision."""
    layout = one(rules.fields, "layout")
    known = layout is not None and layout.value is not Layout.UNKNOWN
    return known and bool(rules.items) and all("decision" in item for item in rules.items)


def _without_invented(
    pairs: Sequence[tuple[Values, Values]], merged: Draft
) -> list[tuple[Values, Values]]:
    """`pairs` without items that only the model saw, where the rules saw them all."""
    kept = [pair for pair in pairs if pair[0]]
    if len(kept) < len(pairs):
        merged.warn("item_only_by_model", "an item that only the model saw was left out")
    return kept


def _pair(rules: Sequence[Values], model: Sequence[Values]) -> list[tuple[Values, Values]]:
    """Items of both sides, paired by title, in the order of their titles."""
    left = list(model)
    pairs: list[tuple[Values, Values]] = []
    for ours in rules:
        partner = next((item for item in left if _is_same_item(ours, item)), None)
        if partner is not None:
            left.remove(partner)
        pairs.append((ours, partner or {}))
    pairs += [({}, item) for item in left]
    return sorted(pairs, key=lambda pair: _start(pair[0] or pair[1]))


def _is_same_item(ours: Values, theirs: Values) -> bool:
    our_title, their_title = one(ours, "description"), one(theirs, "description")
    if our_title is None or their_title is None:
        return False
    if our_title.start < their_title.end and their_title.start < our_title.end:
        return True
    from extract.pairing import text_similarity  # only where places do not decide

    return text_similarity(fold(our_title.value), fold(their_title.value)) >= _ALIKE


def _start(values: Values) -> int:
    title = one(values, "description")
    return title.start if title else 0
