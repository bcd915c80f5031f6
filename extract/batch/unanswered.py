"""What would a run still have to ask? For `--dry-run`: reads the store, changes nothing."""

import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from extract.batch.database import STORE
from extract.batch.fingerprint import digest_of, shaping_settings
from extract.batch.inputs import find_files, read_entries
from extract.batch.job import recall_today
from extract.batch.ledger import Ledger
from extract.batch.recall import Memory
from extract.batch.replies import ReplyShelf
from extract.batch.store import RunStore
from extract.batch.work import content_digest
from extract.errors import ExtractError
from extract.letter import Letter, read_letter
from extract.model.llm import Question
from extract.settings import Settings


class _Run(NamedTuple):
    """A run that was begun: its store, what it knows, and the digest of its settings."""

    store: RunStore
    memory: Memory | None
    digest: str


@contextmanager
def unanswered(
    folder: Path, settings: Settings, *, retry_failed: bool
) -> Iterator["Unanswered"]:
    """What the run in `folder` has not answered yet; there may be no run.

    Args:
        settings: how letters would be extracted.
        retry_failed: what failed would be tried again.

    Raises:
        StoreFailed: the run's store cannot be read.
    """
    if not (folder / STORE).exists():
        yield Unanswered(None, settings, retry_failed=retry_failed)
        return
    with (
        RunStore(folder) as store,
        closing(ReplyShelf(folder)) as shelf,
        closing(Ledger(folder)) as ledger,
    ):
        digest = digest_of(shaping_settings(recall_today(store, settings)))
        since = time.time() if retry_failed else 0.0
        model = settings.model
        memory = Memory(model, shelf, ledger, retry_since=since) if model else None
        run = _Run(store, memory, digest)
        yield Unanswered(run, settings, retry_failed=retry_failed)


class Unanswered:
    """Tells letters and questions that a start would ask about from the rest."""

    def __init__(self, run: _Run | None, settings: Settings, *, retry_failed: bool) -> None:
        self._run, self._settings, self._retry_failed = run, settings, retry_failed

    def letters(self, named: Sequence[str]) -> Iterator[Letter | ExtractError]:
        """Each content once that has no result, or why it cannot be read.

        Raises:
            InputMissing: a name leads to no letter.
        """
        limit = self._settings.max_bytes
        seen: set[str] = set()
        for file in find_files(named):
            for entry in read_entries(file, limit):
                try:
                    contents = entry.read(limit)
                    sha256 = content_digest(contents)
                    if sha256 in seen or self._is_settled(sha256):
                        continue
                    yield read_letter(
                        contents, settings=self._settings, letter_id=entry.origin
                    )
                    seen.add(sha256)
                except ExtractError as error:
                    error.letter_id = entry.origin
                    yield error

    def has_reply(self, question: Question) -> bool:
        """Whether the reply to `question` is kept, is under way, or was refused for good."""
        if self._run is None or self._run.memory is None:
            return False
        return not self._run.memory.recall(question).is_open

    def _is_settled(self, sha256: str) -> bool:
        return self._run is not None and self._run.store.is_settled(
            sha256, self._run.digest, retry_failed=self._retry_failed
        )
