"""Reads one disputed item: asks each parser for its field."""

from extract.draft import Values
from extract.parse.citations.line import parse_citations
from extract.parse.parts import ItemParts
from extract.parse.rationale.decision import confirm_decision
from extract.parse.rationale.factors import find_rationale_factors
from extract.parse.title.fields import find_item_fields
from extract.parse.visits.item import find_visits
from extract.spans import Passage


def parse_item(item: ItemParts, summary: Passage | None, *, may_conclude: bool) -> Values:
    """The fields of one item, from its own passages and the case summary.

    Args:
        may_conclude: where no title decides, the rationale's conclusion does.
    """
    values: Values = {"description": item.title.found_whole(item.title.text, "title.line")}
    decision = item.decision
    if decision or may_conclude:
        decision = confirm_decision(decision, item.rationale)
    if decision:
        values["decision"] = decision
    values |= find_item_fields(item.title, summary=summary, rationale=item.rationale)
    values |= find_visits(item.title, rationale=item.rationale, summary=summary)
    if item.claims_line:
        values["claims_administrator_guidelines"] = [*parse_citations(item.claims_line)]
    if item.reviewer_line:
        values["reviewer_guidelines"] = [*parse_citations(item.reviewer_line)]
    if item.rationale:
        text = item.rationale
        values["rationale"] = text.found_whole(text.text, "rationale.label")
        decided = decision.value if decision else None
        values["rationale_factors"] = list(find_rationale_factors(text, decided))
    return values
