"""Everything that the harness raises when it cannot run.

    ExtractError
    └── EvalError
        ├── GoldInvalid          letters and labels that do not belong together or are broken
        ├── PredictionsInvalid   a file of predictions that cannot be read
        ├── ReportInvalid        a baseline that is no report of this schema
        ├── GateInvalid          a gate that names unknown fields or figures
        ├── FileUnusable         a file or folder that the system does not hand over
        └── HarnessFailed        a bug of ours: carries its class and place alone

An error lists all that is wrong at once. It never carries letter text.
"""

from collections.abc import Sequence

from extract.errors import ExtractError


class EvalError(ExtractError):
    """The root: catch it to catch all that the harness raises.

    Args:
        message: one sentence on what is wrong and what to do about it.
        problems: each single problem, one line each.
    """

    def __init__(self, message: str, problems: Sequence[str] = ()) -> None:
        super().__init__("\n  ".join([message, *problems]))
        self.message = message
        self.problems = tuple(problems)

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle with the problems."""
        return type(self), (self.message, self.problems)


class GoldInvalid(EvalError):
    """Letters and labels do not belong together, or a label does not validate."""


class PredictionsInvalid(EvalError):
    """The file of predictions cannot be read."""


class ReportInvalid(EvalError):
    """The baseline is no report that this harness wrote."""


class GateInvalid(EvalError):
    """The gate cannot be applied."""


class FileUnusable(EvalError):
    """The system does not hand over a file or a folder."""


class HarnessFailed(EvalError):
    """The harness broke: a bug."""
