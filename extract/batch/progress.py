"""Shows how a run gets on: a bar on a terminal, plain lines elsewhere, or nothing."""

import sys
import time
from types import TracebackType
from typing import Protocol, Self

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


class Reporter(Protocol):
    """Is told what happens; a context manager around the run."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def begin(self, stage: str, total: int | None) -> None:
        """A stage begins; `total` letters are to be done, `None` if nobody knows yet."""

    def advance(self, done: int, failed: int) -> None:
        """So many letters of the stage are done, of which so many failed."""


class Silent:
    """Says nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def begin(self, stage: str, total: int | None) -> None:
        """Nothing to say."""

    def advance(self, done: int, failed: int) -> None:
        """Nothing to say."""


class Lines(Silent):
    """Writes a line at the start of a stage and every ten seconds: for files and pipes."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._stage, self._total = "", 0
        self._began = self._said = 0.0

    def begin(self, stage: str, total: int | None) -> None:
        """Say which stage begins."""
        self._stage, self._total = stage, total or 0
        self._began = self._said = time.monotonic()
        self._console.print(f"{stage}: {total:,} letters" if total else stage)

    def advance(self, done: int, failed: int) -> None:
        """Say how far the stage is, if ten seconds have passed."""
        now = time.monotonic()
        if now - self._said < _LINE_EVERY_S:
            return
        self._said = now
        rate = done / (now - self._began)
        left = f", {(self._total - done) / rate:.0f} s left" if self._total and rate else ""
        self._console.print(
            f"{self._stage}: {done:,} of {self._total:,}, {failed:,} failed, "
            f"{rate:,.0f} letters/s{left}"
        )


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
        self._task = self._progress.add_task(stage, total=total, failed=0)

    def advance(self, done: int, failed: int) -> None:
        """Move the bar."""
        self._progress.update(self._task, completed=done, failed=failed)


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        speed = f"{task.finished_speed or task.speed or 0:,.0f} letters/s"
        failed = task.fields["failed"]
        return Text(f"{speed}, {failed:,} failed" if failed else speed)


def make_reporter(*, quiet: bool) -> Reporter:
    """The reporter that suits standard error."""
    if quiet:
        return Silent()
    console = Console(file=sys.stderr)
    return Bar(console) if console.is_terminal else Lines(console)
