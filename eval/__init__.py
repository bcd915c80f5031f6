"""Judges records against labels. Each public name is imported at its first use."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from eval.errors import EvalError
    from eval.gold import GoldLetter, load_gold
    from eval.judge import judge_record
    from eval.report import Report, load_report
    from eval.run import Evaluation, Plan, evaluate
    from eval.verdict import Judgement, Verdict

__all__ = [
    "EvalError",
    "Evaluation",
    "GoldLetter",
    "Judgement",
    "Plan",
    "Report",
    "Verdict",
    "evaluate",
    "judge_record",
    "load_gold",
    "load_report",
]

_HOMES = {
    "eval.errors": ("EvalError",),
    "eval.gold": ("GoldLetter", "load_gold"),
    "eval.report": ("Report", "load_report"),
    "eval.run": ("Evaluation", "Plan", "evaluate"),
    "eval.judge": ("judge_record",),
    "eval.verdict": ("Judgement", "Verdict"),
}
"""Where each name lives: scipy, pandas and pydantic cost a second to import."""


def __getattr__(name: str) -> object:
    """Import a public name at its first use."""
    for home, names in _HOMES.items():
        if name in names:
            globals()[name] = getattr(import_module(home), name)
            return globals()[name]
    raise AttributeError(f"module 'eval' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
