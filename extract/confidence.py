"""How far a rule can be trusted: measured on development letters, read from a data file.

The file holds, for each rule, how many values it gave and how many of them were right;
the evaluation harness writes it. Nothing here is typed in by hand.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources

from extract.wilson import wilson_interval

NOT_MEASURED = 0.0
"""The confidence of a rule that was never measured."""


def wilson_lower(right: int, given: int) -> float:
    """Lower end of the 95 % Wilson score interval for `right` of `given`.

    >>> round(wilson_lower(41, 41), 3)
    0.914
    """
    interval = wilson_interval(right, given)
    return interval[0] if interval else NOT_MEASURED


@cache
def rule_confidences() -> Mapping[str, float]:
    """Confidence by rule name, from `extract/data/confidence.json`."""
    text = resources.files("extract").joinpath("data/confidence.json").read_text("utf-8")
    counts: dict[str, dict[str, int]] = json.loads(text)["rules"]
    return {
        rule: round(wilson_lower(count["right"], count["given"]), 4)
        for rule, count in counts.items()
    }


@cache
def rule_confidence(rule: str) -> float:
    """The measured confidence of `rule`; `NOT_MEASURED` for an unknown one."""
    return rule_confidences().get(rule, NOT_MEASURED)
