"""What a run can be written as, and what it can be done on."""

from enum import StrEnum


class OutputFormat(StrEnum):
    """What a run can be exported as."""

    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"
    DUCKDB = "duckdb"


FORMATS = (OutputFormat.JSONL, OutputFormat.CSV, OutputFormat.PARQUET)
"""What a run writes when it ends."""


class EngineName(StrEnum):
    """What a run is done on."""

    LOCAL = "local"
    RAY = "ray"
