"""Measures the rules: how many values each gave, how many of them were right.

The file it writes is what `extract/confidence.py` reads. It names subsets, not letters.
"""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from eval.confidence import judged_values
from eval.scoring import ScoredLetter

VERSION = 1
"""The form of the file."""


def count_rules(scored: Sequence[ScoredLetter]) -> dict[str, dict[str, int]]:
    """Rule name to the number of values it gave and of those that were right."""
    given: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for value in judged_values(scored):
        given[value.rule] += 1
        right[value.rule] += value.is_right
    return {rule: {"given": given[rule], "right": right[rule]} for rule in sorted(given)}


def render_calibration(scored: Sequence[ScoredLetter]) -> str:
    """The contents of the data file: one rule a line, so that a change can be read."""
    subsets = Counter(letter.gold.subset.rsplit("/", 1)[-1] for letter in scored)
    lines = [
        f"    {json.dumps(rule)}: {json.dumps(counts)}"
        for rule, counts in count_rules(scored).items()
    ]
    rules = "{\n" + ",\n".join(lines) + "\n  }" if lines else "{}"
    return (
        f'{{\n  "version": {VERSION},\n'
        f'  "letters": {json.dumps(dict(sorted(subsets.items())))},\n'
        f'  "rules": {rules}\n}}\n'
    )


def write_calibration(scored: Sequence[ScoredLetter], path: Path) -> None:
    """Write the data file to `path`."""
    path.write_text(render_calibration(scored), encoding="utf-8")
