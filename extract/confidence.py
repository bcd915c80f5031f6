"""How far a rule can be trusted: measured on development letters, read from a data file.

The file holds, for each rule, how many values it gave and how many of them were right;
the evaluation harness writes it. Nothing here is typed in by hand.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from math import sqrt

_Z95 = 1.959964
"""Two-sided 95 % quantile of the normal distribution."""

NOT_MEASURED = 0.0
"""The confidence of a rule that was never measured."""


def wilson_lower(right: int, given: int) -> float:
    """Lower end of the 95 % Wilson score interval for `right` of `given`.

    Source: E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209-212.

    >>> round(wilson_lower(41, 41), 3)
    0.914
    """
    if given == 0:
        return NOT_MEASURED
    share, z2 = right / given, _Z95 * _Z95
    centre = share + z2 / (2 * given)
    spread = _Z95 * sqrt(share * (1 - share) / given + z2 / (4 * given * given))
    return max(0.0, (centre - spread) / (1 + z2 / given))


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
