"""How far is a run? Reads it off the store, from any terminal, while it is at work or not."""

import json
import time
from dataclasses import dataclass, field
from pathlib import Path

from extract.batch.errors import NoRun
from extract.batch.lock import is_locked
from extract.batch.store import RunStore


@dataclass(frozen=True, kw_only=True)
class Status:
    """How far a run is.

    Args:
        stage: what a run at work is at: `starting`, `listing`, `extracting`, `writing`; by
            batch also `handing in` and `fetching`, on its own `exporting`.
        letters: as listed; 0 while the first listing is under way.
    """

    folder: str
    at_work: bool
    stage: str | None
    letters: int
    done: int
    failed: int
    pending: int
    letters_per_s: float | None
    seconds_left: float | None
    failures: dict[str, int] = field(default_factory=dict)


def read_status(folder: Path) -> Status:
    """How far the run in `folder` is.

    Raises:
        NoRun: there is none.
    """
    with RunStore(folder) as store:
        at_work = is_locked(folder)
        digest = store.fact("digest") or ("" if at_work else current_digest(store))
        counts = store.counts(digest)
        rate = _rate(store, counts.done + counts.failed) if at_work else None
        return Status(
            folder=str(folder),
            at_work=at_work,
            stage=store.fact("stage") if at_work else None,
            letters=counts.letters,
            done=counts.done,
            failed=counts.failed,
            pending=counts.pending,
            letters_per_s=rate and round(rate, 1),
            seconds_left=round(counts.pending / rate, 1) if rate else None,
            failures=dict(store.reasons(digest)),
        )


def current_digest(store: RunStore) -> str:
    """The digest of the settings under which the run was last started.

    Raises:
        NoRun: its letters were never listed to the end.
    """
    digest = store.fact("digest")
    if digest is None and is_locked(store.folder):
        raise NoRun(f"the run in {store.folder} still lists its letters: wait a little")
    if digest is None:
        raise NoRun(f"the run in {store.folder} has no list of letters: start it again")
    return digest


def _rate(store: RunStore, finished: int) -> float | None:
    """Letters a second since the run was last started; `None` while there is nothing yet."""
    begun = json.loads(store.fact("begun") or "null")
    if begun is None or finished <= begun["finished"]:
        return None
    return float((finished - begun["finished"]) / max(time.time() - begun["at"], 1e-3))
