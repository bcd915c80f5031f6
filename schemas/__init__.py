"""What a case record is: the models, their vocabularies, the flat list of fields."""

from schemas.base import Frozen
from schemas.citation import Citation
from schemas.fields import Field, Value, item_values, parts_of, record_fields, record_values
from schemas.item import BodyPart, Item, Requested
from schemas.record import CaseRecord, Patient, Reviewer, derive_outcome
from schemas.vocabulary import (
    Basis,
    Category,
    Decision,
    DwcCategory,
    Guideline,
    Layout,
    Outcome,
    Part,
    Priority,
    RationaleFactor,
    Sex,
    Side,
    Term,
)

__all__ = [
    "Basis",
    "BodyPart",
    "CaseRecord",
    "Category",
    "Citation",
    "Decision",
    "DwcCategory",
    "Field",
    "Frozen",
    "Guideline",
    "Item",
    "Layout",
    "Outcome",
    "Part",
    "Patient",
    "Priority",
    "RationaleFactor",
    "Requested",
    "Reviewer",
    "Sex",
    "Side",
    "Term",
    "Value",
    "derive_outcome",
    "item_values",
    "parts_of",
    "record_fields",
    "record_values",
]
