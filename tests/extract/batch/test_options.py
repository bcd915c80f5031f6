"""What is chosen of a job is refused where it is made, in words, if it cannot be meant."""

from typing import Any

import pytest

from extract.batch import EngineName, JobOptions, OutputFormat
from extract.errors import SettingsInvalid


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ({"formats": ("xlsx",)}, "jsonl, csv, parquet, duckdb, not"),
        ({"engine": "rya"}, "local or ray, not"),
        ({"workers": "2"}, "workers must be a whole number or None"),
        ({"workers": 0}, "workers must be 1 or more"),
        ({"formats": None}, "jsonl, csv, parquet, duckdb, not None"),
        ({"timeout_s": 0}, "timeout_s must be above 0"),
        ({"timeout_s": float("nan")}, "timeout_s must be above 0"),
        ({"retry_failed": "no"}, "retry_failed must be True or False, not str"),
    ],
)
def test_an_option_that_cannot_be_meant_is_refused(
    options: dict[str, Any], wanted: str
) -> None:
    with pytest.raises(SettingsInvalid, match=wanted):
        JobOptions(**options)


def test_formats_and_engines_may_be_named_by_their_words() -> None:
    options: dict[str, Any] = {"formats": ("csv",), "engine": "ray"}
    chosen = JobOptions(**options)
    assert chosen == JobOptions(formats=(OutputFormat.CSV,), engine=EngineName.RAY)
