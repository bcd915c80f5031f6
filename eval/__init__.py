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

_HOMES = ("errors", "verdict", "gold", "judge", "report", "run")
"""Where the names live, light ones first: scipy and pandas cost a second to import."""


def __getattr__(name: str) -> object:
    """Import a public name at its first use."""
    for home in _HOMES if name in __all__ else ():
        module = import_module(f"eval.{home}")
        if hasattr(module, name):
            globals()[name] = getattr(module, name)
            return globals()[name]
    raise AttributeError(f"module 'eval' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
