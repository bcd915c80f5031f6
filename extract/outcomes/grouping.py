"""What are items counted by? The names alone: the command line needs them at its start."""

from enum import StrEnum


class Grouping(StrEnum):
    """What items are counted by."""

    CATEGORY = "category"
    DWC_CATEGORY = "dwc_category"
    BODY_PART = "body_part"
    GUIDELINE = "guideline"
    DRUG = "drug"
    SPECIALTY = "specialty"
    YEAR = "year"
