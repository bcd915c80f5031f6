"""Measures the rules: how many values each gave, how many of them were right.

The file it writes is what `extract/confidence.py` reads. It names subsets, not letters.
Rules that weigh learned words are measured on letters left out of the learning: on those
they learned from they would flatter themselves.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence

from eval.confidence import judged_values
from eval.learn import Fold
from eval.scored import ScoredLetter

VERSION = 1
"""The form of the file."""


LEARNED = "factors."
"""How the names of the rules begin that weigh learned words."""


def count_rules(
    scored: Sequence[ScoredLetter], folds: Iterable[Fold] = ()
) -> dict[str, dict[str, int]]:
    """Rule name to the number of values it gave and of those that were right.

    Args:
        folds: where the rules that weigh learned words are counted instead.
    """
    given: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for value in judged_values(scored):
        if not value.rule.startswith(LEARNED):
            given[value.rule] += 1
            right[value.rule] += value.is_right
    for fold in folds:
        given += fold.given
        right += fold.right
    return {rule: {"given": given[rule], "right": right[rule]} for rule in sorted(given)}


def render_calibration(scored: Sequence[ScoredLetter], folds: Iterable[Fold] = ()) -> str:
    """The contents of the data file: one rule a line, so that a change can be read."""
    subsets = Counter(letter.gold.subset.rsplit("/", 1)[-1] for letter in scored)
    lines = [
        f"    {json.dumps(rule)}: {json.dumps(counts)}"
        for rule, counts in count_rules(scored, folds).items()
    ]
    rules = "{\n" + ",\n".join(lines) + "\n  }" if lines else "{}"
    return (
        f'{{\n  "version": {VERSION},\n'
        f'  "letters": {json.dumps(dict(sorted(subsets.items())))},\n'
        f'  "rules": {rules}\n}}\n'
    )
