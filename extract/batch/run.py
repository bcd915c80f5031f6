"""Runs a job from its first letter to its last output; starting it again resumes it."""

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from extract.batch.engine import Assignment, count_cores, extract_locally
from extract.batch.export import FAILURES, FORMATS, export, output_errors
from extract.batch.fingerprint import digest_of, shaping_settings
from extract.batch.lock import hold_lock
from extract.batch.outputs import file_names, moved_into_place
from extract.batch.progress import Reporter, Silent, Tally
from extract.batch.scan import list_letters
from extract.batch.stop import Stop, heed_signals
from extract.batch.store import Counts, RunStore
from extract.settings import Method, Settings
from extract.usage import Price, Usage

if TYPE_CHECKING:
    from extract.llm import LanguageModel

SUMMARY = "run.json"


@dataclass(frozen=True, kw_only=True)
class JobOptions:
    """How a job is run; nothing of it shapes a result.

    Args:
        workers: processes; `None` takes one for each core.
        timeout_s: a letter that takes longer is given up, after a second try.
        retry_failed: try the letters again that failed in an earlier run.
        formats: what is written when the run ends.
    """

    workers: int | None = None
    timeout_s: float = 120.0
    retry_failed: bool = False
    formats: tuple[str, ...] = FORMATS


@dataclass(frozen=True)
class Summary:
    """What a run came to. `extracted` letters were extracted by this run, not before."""

    status: str
    letters: int
    done: int
    failed: int
    extracted: int
    items: int
    seconds: float
    started_at: str
    digest: str
    settings: dict[str, str]
    tokens: int = 0
    cost_usd: float | None = None
    failures: dict[str, int] = field(default_factory=dict)
    without_model: dict[str, int] = field(default_factory=dict)
    outputs: list[str] = field(default_factory=list)


def run_batch(
    named: Sequence[str],
    folder: Path,
    *,
    settings: Settings | None = None,
    options: JobOptions | None = None,
    reporter: Reporter | None = None,
    model: "LanguageModel | None" = None,
) -> Summary:
    """Extract every letter that `named` stands for and write the outputs to `folder`.

    The same call again goes on where the last one was broken off, or does nothing.

    Args:
        model: whom to ask, for methods that ask; by default the one that `settings` name.

    Raises:
        BatchError: the run cannot begin or go on; what is stored stays stored.
        RunStopped: SIGINT or SIGTERM asked it to stop.
        ModelUnusable: a model is to be asked and no call can succeed as things are set.
    """
    job = _Job(named, folder, settings or Settings(), options or JobOptions())
    job.reporter, job.model = reporter or Silent(), model
    with (
        output_errors(folder),
        hold_lock(folder),
        RunStore(folder, create=True) as store,
        heed_signals() as stop,
        job.reporter,
    ):
        return job.run(store, stop)


class _Job:
    """One run: what is asked for, and how far it is."""

    def __init__(
        self,
        named: Sequence[str],
        folder: Path,
        settings: Settings,
        options: JobOptions,
    ) -> None:
        self._named, self._folder, self._options = named, folder, options
        self._asked = settings
        self.reporter: Reporter = Silent()
        self.model: LanguageModel | None = None
        self._began, self._started_at = time.monotonic(), datetime.now(UTC)

    def run(self, store: RunStore, stop: Stop) -> Summary:
        settings = _fix_today(store, self._asked)
        shaping = shaping_settings(settings)
        digest = digest_of(shaping)
        store.note("digest", digest)
        store.note("settings", json.dumps(shaping))
        listing = self._list_letters(store, settings, stop)
        if self._options.retry_failed:
            store.retry_failures(digest)
        before = store.counts(digest)
        self._extract(store, digest, settings, before, stop)
        counts = store.counts(digest)
        if stop.is_set():
            self._write_summary(store, shaping, before, counts, "stopped")
            stop.check()
        self._export(store, digest, listing, counts, stop)
        return self._write_summary(store, shaping, before, counts, "finished")

    def _list_letters(self, store: RunStore, settings: Settings, stop: Stop) -> str:
        self.reporter.begin("Listing", None)
        return list_letters(
            store,
            self._named,
            max_bytes=settings.max_bytes,
            on_progress=_advance(self.reporter, stop),
        )

    def _extract(
        self, store: RunStore, digest: str, settings: Settings, before: Counts, stop: Stop
    ) -> None:
        finished = before.done + before.failed
        store.note("begun", json.dumps({"at": time.time(), "finished": finished}))
        self.reporter.begin("Extracting", before.pending)
        assignment = Assignment(store, digest, settings, self.reporter, stop)
        if settings.resolved_method is not Method.RULES:
            from extract.batch.model_engine import extract_by_model  # rules need none of it

            extract_by_model(assignment, self._folder, self.model)
            return
        extract_locally(
            assignment,
            workers=self._options.workers or count_cores(),
            timeout_s=self._options.timeout_s,
        )

    def _export(
        self, store: RunStore, digest: str, listing: str, counts: Counts, stop: Stop
    ) -> None:
        """Write the outputs, unless they are there and say what the store says."""
        state = repr((listing, digest, counts, self._options.formats))
        state = hashlib.sha256(state.encode()).hexdigest()
        files = [self._folder / name for name in file_names(self._options.formats)]
        if store.fact("exported") == state and all(file.exists() for file in files):
            return
        self.reporter.begin("Writing", counts.done)
        exported = export(
            store,
            digest,
            self._folder,
            formats=self._options.formats,
            on_progress=_advance(self.reporter, stop),
        )
        store.note("items", str(exported.items))
        store.note("exported", state)

    def _write_summary(
        self,
        store: RunStore,
        shaping: dict[str, str],
        before: Counts,
        counts: Counts,
        status: str,
    ) -> Summary:
        digest, spent = digest_of(shaping), store.spent()
        finished = status == "finished"
        names = [*file_names(self._options.formats), FAILURES] if finished else []
        summary = Summary(
            status=status,
            letters=counts.letters,
            done=counts.done,
            failed=counts.failed,
            extracted=counts.done - before.done,
            items=int(store.fact("items") or 0) if finished else 0,
            seconds=round(time.monotonic() - self._began, 3),
            started_at=self._started_at.isoformat(timespec="seconds"),
            digest=digest,
            settings=shaping,
            tokens=spent.total,
            cost_usd=_cost(spent, self._asked),
            failures=dict(store.reasons(digest)),
            without_model=dict(store.flaws(digest)),
            outputs=names,
        )
        with moved_into_place(self._folder / SUMMARY, "w") as file:
            file.write(json.dumps(asdict(summary), indent=2) + "\n")
        return summary


def _fix_today(store: RunStore, settings: Settings) -> Settings:
    """`settings` with the day of the run's first start: going on tomorrow changes nothing."""
    if settings.today:
        return settings
    known = store.fact("today")
    today = date.fromisoformat(known) if known else datetime.now(UTC).date()
    if not known:
        store.note("today", today.isoformat())
    return replace(settings, today=today)


def _cost(spent: Usage, settings: Settings) -> float | None:
    """What `spent` cost in US dollars; `None` if nothing was, or if no price is known."""
    if not spent.total or settings.model is None:
        return None
    return Price(settings.model).of(spent)


def _advance(reporter: Reporter, stop: Stop) -> Callable[[int], None]:
    def advance(done: int) -> None:
        stop.check()
        reporter.advance(Tally(done))

    return advance
