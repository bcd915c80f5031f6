"""Which letters would a start ask about? Looks only: nothing is listed, nothing stored."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from extract.batch.database import STORE
from extract.batch.fingerprint import digest_of, shaping_settings
from extract.batch.inputs import find_files, read_entries
from extract.batch.job import recall_today
from extract.batch.store import RunStore
from extract.batch.work import content_digest
from extract.errors import ExtractError
from extract.letter import Letter, read_letter
from extract.settings import Settings


def unanswered_letters(
    named: Sequence[str], folder: Path, settings: Settings
) -> Iterator[Letter | ExtractError]:
    """Each content once that the run in `folder` has no result for, or why it is unreadable.

    Raises:
        InputMissing: a name leads to no letter.
        StoreFailed: the run's store cannot be read.
    """
    seen: set[str] = set()
    with _answers(folder, settings) as is_answered:
        for file in find_files(named):
            for entry in read_entries(file, settings.max_bytes):
                try:
                    contents = entry.read(settings.max_bytes)
                    sha256 = content_digest(contents)
                    if sha256 in seen or is_answered(sha256):
                        continue
                    yield read_letter(contents, settings=settings, letter_id=entry.origin)
                    seen.add(sha256)
                except ExtractError as error:
                    error.letter_id = entry.origin
                    yield error


@contextmanager
def _answers(folder: Path, settings: Settings) -> Iterator[Callable[[str], bool]]:
    """Tells of a content whether the run has a result for it; there may be no run yet."""
    if not (folder / STORE).exists():
        yield lambda _sha256: False
        return
    with RunStore(folder) as store:
        digest = digest_of(shaping_settings(recall_today(store, settings)))
        yield lambda sha256: store.is_answered(sha256, digest)
