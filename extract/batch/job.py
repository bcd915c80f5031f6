"""One start of a run: opens its store, lists letters, lets an engine work, writes outputs."""

import hashlib
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from extract.batch.containers import working_folder
from extract.batch.database import check_run
from extract.batch.engine import Assignment, Engine
from extract.batch.export import FAILURES, export, output_errors
from extract.batch.fingerprint import digest_of, shaping_settings
from extract.batch.kinds import FORMATS, OutputFormat
from extract.batch.lock import hold_lock
from extract.batch.outputs import file_mark, file_names
from extract.batch.progress import Reporter, Tally
from extract.batch.scan import list_letters
from extract.batch.stop import RunStopped, Stop, heed_signals
from extract.batch.store import Counts, RunStore
from extract.errors import ExtractError
from extract.files import moved_into_place
from extract.settings import Settings

SUMMARY = "run.json"

_STATUS: Mapping[type[BaseException], str] = {
    RunStopped: "stopped",
    KeyboardInterrupt: "stopped",
}
"""How a run has ended that was broken off; by anything else it has `failed`."""


@dataclass(frozen=True)
class Summary:
    """What a run came to, or how far it is.

    Args:
        status: `running` (or killed), `stopped`, `failed` (could not go on), `waiting` for
            a provider's batch, or `finished`.
        extracted: letters that were extracted by this start, not before.
        max_bytes: the size of the largest letter that was taken.
        left_out: letters that were listed before this start and are named no more: their
            results stay in the store, the outputs are without them.
    """

    status: str
    letters: int
    done: int
    failed: int
    pending: int
    extracted: int
    items: int
    seconds: float
    started_at: str
    digest: str
    settings: dict[str, str]
    listed_from: str
    max_bytes: int
    left_out: int = 0
    tokens: int = 0
    cost_usd: float | None = None
    failures: dict[str, int] = field(default_factory=dict)
    without_model: dict[str, int] = field(default_factory=dict)
    warnings: dict[str, int] = field(default_factory=dict)
    outputs: list[str] = field(default_factory=list)


class Job:
    """One start of a run, its store open and locked.

    Args:
        store: the run's store.
        settings: how letters are extracted; the run's first day stands for today.
        reporter: is told how far the job is.
        stop: the request to stop, once it was made.
    """

    def __init__(
        self, store: RunStore, settings: Settings, reporter: Reporter, stop: Stop
    ) -> None:
        self._began, self._started_at = time.monotonic(), datetime.now(UTC)
        settings = _fix_today(store, settings)
        self._shaping = shaping_settings(settings)
        self.digest = digest_of(self._shaping)
        self._work = Assignment(store, self.digest, settings, reporter, stop)
        self._counted: tuple[int, Counts] | None = None
        self._before = self._left_out = 0
        self.has_begun = False
        store.note("stage", "starting")

    @property
    def assignment(self) -> Assignment:
        """What an engine is given."""
        return self._work

    def list_letters(self, named: Sequence[str]) -> None:
        """Make the list of letters anew.

        Raises:
            InputMissing: a name leads to no letter; the old list stays.
            RunStopped: somebody asked to stop; the old list stays.
        """
        store = self._work.store
        self.begin("Listing")
        self._left_out = list_letters(
            store,
            named,
            max_bytes=self._work.settings.max_bytes,
            on_progress=self._advance,
        )
        store.note("listed_from", working_folder())
        store.note("max_bytes", str(self._work.settings.max_bytes))
        store.note("digest", self.digest)
        store.note("settings", json.dumps(self._shaping))
        self._before = self._counts.done

    def recall_limit(self) -> None:
        """Read letters under the size limit under which they were listed."""
        listed = self._work.store.fact("max_bytes")
        if listed:
            settings = replace(self._work.settings, max_bytes=int(listed))
            self._work = replace(self._work, settings=settings)

    def extract(self, engine: Engine) -> None:
        """Let `engine` extract what waits."""
        store, counts = self._work.store, self._counts
        self._before = counts.done
        finished = counts.done + counts.failed
        store.note("begun", json.dumps({"at": time.time(), "finished": finished}))
        self.begin("Extracting", counts.pending)
        if not counts.pending:
            return
        while True:
            unread = store.unread()
            engine(self._work)
            if store.unread() == unread or self._work.stop.is_set():
                return  # else one of two identical letters may have vanished: do the other

    def finish(self, formats: Sequence[OutputFormat] = FORMATS) -> Summary:
        """Write the outputs, unless they are there as written and say what the store says.

        Raises:
            RunStopped: somebody asked to stop.
        """
        self._work.stop.check()
        self._export(formats)
        status = "waiting" if self._counts.pending else "finished"
        return self.summarize(status, (*file_names(formats), FAILURES))

    def _export(self, formats: Sequence[OutputFormat]) -> None:
        store = self._work.store
        if store.fact("exported") == self._state(formats):
            return
        store.note("exported", "")  # while they are replaced, they are not those of any state
        self.begin("Writing", self._counts.done)
        exported = export(
            store, self.digest, store.folder, formats=formats, on_progress=self._advance
        )
        store.note("items", str(exported.items))
        store.note("warnings", json.dumps(dict(exported.warnings.most_common())))
        store.note("exported", self._state(formats))

    def _state(self, formats: Sequence[OutputFormat]) -> str:
        """What the outputs were made from, and their files: other ones are written anew."""
        files = [self._work.store.folder / name for name in (*file_names(formats), FAILURES)]
        marks = [file_mark(file) for file in files]
        state = repr((self.digest, self._work.store.revision(), [*map(str, formats)], marks))
        return hashlib.sha256(state.encode()).hexdigest()

    def summarize(self, status: str, outputs: Sequence[str] = ()) -> Summary:
        """Write `run.json`: how far the run is, and with which `outputs`."""
        store, counts = self._work.store, self._counts
        spent = store.spent()
        summary = Summary(
            status=status,
            letters=counts.letters,
            done=counts.done,
            failed=counts.failed,
            pending=counts.pending,
            extracted=counts.done - self._before,
            items=int(store.fact("items") or 0) if outputs else 0,
            warnings=json.loads(store.fact("warnings") or "{}") if outputs else {},
            seconds=round(time.monotonic() - self._began, 3),
            started_at=self._started_at.isoformat(timespec="seconds"),
            digest=self.digest,
            settings=self._shaping,
            listed_from=store.fact("listed_from") or "",
            max_bytes=int(store.fact("max_bytes") or self._work.settings.max_bytes),
            left_out=self._left_out,
            tokens=spent.total,
            cost_usd=store.paid_usd(),
            failures=dict(store.reasons(self.digest)) if counts.failed else {},
            without_model=dict(store.flaws(self.digest)) if counts.flawed else {},
            outputs=list(outputs),
        )
        path = store.folder / SUMMARY
        with output_errors(store.folder), moved_into_place(path, "w") as file:
            file.write(json.dumps(asdict(summary), indent=2) + "\n")
        return summary

    @property
    def _counts(self) -> Counts:
        """How far the run is; counted anew, which takes a while, if anything has changed."""
        revision = self._work.store.revision()
        if self._counted is None or self._counted[0] != revision:
            self._counted = (revision, self._work.store.counts(self.digest))
        return self._counted[1]

    def begin(self, stage: str, letters: int | None = None) -> None:
        """Say, here and in the store, that a stage begins; the first one begins the run."""
        self._work.store.note("stage", stage.lower())
        self._work.reporter.begin(stage, letters)
        if not self.has_begun:
            self.has_begun = True
            self._before = self._counts.done
            self.summarize("running")

    def _advance(self, done: int) -> None:
        self._work.stop.check()
        self._work.reporter.advance(Tally(done))


@contextmanager
def open_job(
    folder: Path, settings: Settings, reporter: Reporter, *, create: bool
) -> Iterator[Job]:
    """The run in `folder`, locked against every other job until the block ends.

    Args:
        create: begin a run if there is none.

    Raises:
        RunLocked: another job is at work there.
        NoRun: there is no run, and none is to be begun.
        StoreUnknown: the store is of a newer version, or no store at all.
        StoreFailed: the folder cannot be used.
    """
    if not create:
        check_run(folder)
    durable = settings.model is not None
    with (
        hold_lock(folder),
        RunStore(folder, create=create, durable=durable) as store,
        heed_signals() as stop,
        reporter,
    ):
        job = Job(store, settings, reporter, stop)
        try:
            yield job
        except BaseException as error:  # a bug, too, leaves no run that seems at work
            with suppress(ExtractError):  # the disk may be full
                if job.has_begun:
                    job.summarize(_STATUS.get(type(error), "failed"))
            raise


def _fix_today(store: RunStore, settings: Settings) -> Settings:
    """`settings` with the day of the run's first start, which is this one if none was."""
    settings = recall_today(store, settings)
    if settings.today:
        return settings
    store.note("today", settings.newest_day.isoformat())
    return replace(settings, today=settings.newest_day)


def recall_today(store: RunStore, settings: Settings) -> Settings:
    """`settings` with the day of the run's first start: going on tomorrow changes nothing."""
    known = store.fact("today")
    if settings.today or not known:
        return settings
    return replace(settings, today=date.fromisoformat(known))
