"""Shows how a run gets on: a bar on a terminal, plain lines elsewhere, or nothing."""

import io
import sys
import time
from contextlib import suppress
from typing import NamedTuple, Protocol, Self, TextIO, cast

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

_LINE_EVERY_S = 10.0


class Tally(NamedTuple):
    """How far a stage is: letters done (failed ones included), and what they cost."""

    done: int
    failed: int = 0
    tokens: int = 0
    cost_usd: float = 0.0


class Reporter(Protocol):
    """Is told what happens; a context manager around the run."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *error: object) -> None: ...

    def begin(self, stage: str, total: int | None) -> None:
        """A stage begins; `total` letters are to be done, `None` if nobody knows yet."""

    def advance(self, tally: Tally) -> None:
        """The stage is as far as `tally` says."""


class Silent:
    """Says nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def begin(self, stage: str, total: int | None) -> None:
        """Nothing to say."""

    def advance(self, tally: Tally) -> None:
        """Nothing to say."""


class Lines(Silent):
    """Writes a line at the start of a stage and every ten seconds: for files and pipes."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._stage = ""
        self._total: int | None = None
        self._began = self._said = 0.0

    def begin(self, stage: str, total: int | None) -> None:
        """Say which stage begins."""
        self._stage, self._total = stage, total
        self._began = self._said = time.monotonic()
        count = "" if total is None else f": {total:,} letters"
        self._console.print(f"{stage}{count}", soft_wrap=True)

    def advance(self, tally: Tally) -> None:
        """Say how far the stage is, if ten seconds have passed."""
        now = time.monotonic()
        if now - self._said < _LINE_EVERY_S:
            return
        self._said = now
        rate = tally.done / (now - self._began)
        parts = [f"{tally.done:,}" if self._total is None else self._share(tally)]
        parts += [f"{rate:,.0f} letters/s", *_extras(tally)]
        if self._total and rate:
            parts.append(f"{(self._total - tally.done) / rate:,.0f} s left")
        self._console.print(f"{self._stage}: {', '.join(parts)}", soft_wrap=True)

    def _share(self, tally: Tally) -> str:
        return f"{tally.done:,} of {self._total:,}"


class Bar(Silent):
    """A live bar with failures, rate and time left: for terminals."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            _Rate(),
            TimeRemainingColumn(),
            console=console,
        )
        self._task = self._progress.add_task("", total=None, visible=False)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._progress.stop()

    def begin(self, stage: str, total: int | None) -> None:
        """Start a bar for the stage."""
        self._progress.remove_task(self._task)
        self._task = self._progress.add_task(stage, total=total, tally=Tally(0))

    def advance(self, tally: Tally) -> None:
        """Move the bar."""
        self._progress.update(self._task, completed=tally.done, tally=tally)


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        speed = f"{task.finished_speed or task.speed or 0:,.0f} letters/s"
        return Text(", ".join([speed, *_extras(task.fields["tally"])]))


def _extras(tally: Tally) -> list[str]:
    """What is worth a word only if there is any of it."""
    extras = [f"{tally.failed:,} failed"] if tally.failed else []
    if tally.tokens:
        extras.append(f"{tally.tokens:,} tokens")
    if tally.cost_usd:
        extras.append(f"${tally.cost_usd:,.2f}")
    return extras


class _Lasting(io.TextIOBase):
    """A stream that says nothing more once nobody reads it: the run goes on."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with suppress(OSError, ValueError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            self._stream.flush()

    def isatty(self) -> bool:
        return self._stream.isatty()

    def fileno(self) -> int:
        return self._stream.fileno()


def make_reporter(*, quiet: bool) -> Reporter:
    """The reporter that suits standard error."""
    if quiet:
        return Silent()
    console = Console(file=cast(TextIO, _Lasting(sys.stderr)))
    return Bar(console) if console.is_terminal else Lines(console)
