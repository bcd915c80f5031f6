"""A guideline that a decision was based on."""

from typing import Annotated

from pydantic import Field

from schemas.base import Frozen, Text
from schemas.vocabulary import Basis, Guideline


class Citation(Frozen):
    """One guideline as one of the two guideline lines of an item cites it."""

    basis: Basis = Field(
        description="`mtus` if cited as, or under, the MTUS; `non_mtus` if under "
        '"Non-MTUS Citation" or said not to be MTUS. A basis carries over to every '
        'guideline of the same "Decision based on …" sentence.'
    )
    guideline: Guideline = Field(description="Which guideline is cited.")
    year: Annotated[int, Field(ge=1900, le=2100)] | None = Field(
        default=None,
        description="The printed year or the edition's year; null if none is printed.",
    )
    section: Text | None = Field(
        default=None,
        description="The chapter, section and topic names printed after the guideline's "
        'own name, in printed order, joined by ", ", without the words Section and '
        "Chapter, years, chapter numbers, page numbers and repetitions of the "
        "guideline's name; for `acoem` the chapter title is part of it; for `other` the "
        "citation as printed; null if nothing is printed.",
    )
    pages: tuple[Text, ...] = Field(
        default=(),
        description="Page numbers and ranges in printed order, hyphens without spaces.",
    )
