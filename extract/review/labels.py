"""Writes labels where `imr eval` reads them, and the audit beside them.

    ROOT/gold/labels/<id>.json, letters/<id>.txt     what counts
    ROOT/reviewers/<name>/labels/…, letters/…        each reviewer's own, held apart
    ROOT/audit.jsonl                                 who, when, from which value to which

The store knows all of it: a file that a crash kept from being written is written at the
next start.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from urllib.parse import quote

from extract.batch.inputs import GOLD, REVIEWERS
from extract.files import moved_into_place
from extract.review.errors import ReviewRefused
from extract.review.store import SETTLED, Saved
from schemas import CaseRecord

_BLOCK = 1 << 16

_LONGEST = 237
"""Bytes of a name, so that `.NAME.json.1234567.tmp` has the 255 that file systems allow."""


class LabelTaken(ReviewRefused):
    """Another program wrote a label of this letter; it is not overwritten unasked."""

    status = 409


def file_name(letter_id: str) -> str:
    """A file name for any letter id; the id itself where that is safe.

    One that is too long for a file system ends with a digest of the whole id.

    >>> file_name("imr-001"), file_name("../x")
    ('imr-001', '%2E.%2Fx')
    >>> file_name("x" * 300)[-20:]
    'xxx=0d4e2ca9e9cbced7'
    """
    name = quote(letter_id, safe="@ +,()")
    if name.startswith("."):
        name = "%2E" + name[1:]
    if len(name) <= _LONGEST:
        return name
    digest = hashlib.sha256(letter_id.encode()).hexdigest()[:16]
    return f"{name[: _LONGEST - len(digest) - 1]}={digest}"  # no other name has a "="


def label_text(record: CaseRecord) -> str:
    """A label's file, as `gold/` holds it."""
    return record.model_dump_json(indent=1)


def gold_label(newest: Mapping[str, Saved], *, reviewers: int) -> Saved | None:
    """The label that counts: settled after the last change, or what all reviewers say.

    Args:
        newest: each desk's newest label.
        reviewers: how many must have labelled the letter.
    """
    settled = newest.get(SETTLED)
    own = [saved for desk, saved in newest.items() if desk != SETTLED]
    if settled and all(saved.id < settled.id for saved in own):
        return settled
    if len(own) < reviewers or len({saved.label for saved in own}) != 1:
        return None
    return own[0]


def _is_among(path: Path, labels: Iterable[Saved]) -> bool:
    """Whether one of `labels` is what the file holds; a folder holds none."""
    if not path.is_file():
        return False
    return path.read_bytes() in {saved.label.encode() for saved in labels}


class LabelFolder:
    """The folder into which labels are written.

    Args:
        root: where reviewers' labels and the audit go.
        gold: where labels that count go; by default within `root`.
        reviewers: how many must agree before a label counts.
    """

    def __init__(self, root: Path, *, gold: Path | None = None, reviewers: int = 1) -> None:
        self.root = root
        self.gold = gold or root / GOLD
        self.reviewers = reviewers

    @property
    def outputs(self) -> frozenset[str]:
        """The real paths of the folders into which labels and their letters are written."""
        return frozenset(map(os.path.realpath, (self.gold, self.root / REVIEWERS)))

    def check_free(self, letter_id: str, known: Iterable[Saved]) -> None:
        """Make sure that the gold label is absent or ours.

        Raises:
            LabelTaken: another program wrote it.
        """
        path = self._label_path(self.gold, letter_id)
        if path.exists() and not _is_among(path, known):
            raise LabelTaken(
                "a label of this letter is there already, and this review did not write it"
            )

    def write(self, letter_id: str, newest: Mapping[str, Saved], text: str) -> None:
        """Bring the files of one letter to what the store says."""
        for desk, saved in newest.items():
            if desk != SETTLED:
                folder = self.root / REVIEWERS / file_name(desk)
                self._put(folder, letter_id, saved.label, text)
        counting = gold_label(newest, reviewers=self.reviewers)
        if counting:
            self._put(self.gold, letter_id, counting.label, text)
            return
        path = self._label_path(self.gold, letter_id)
        if path.exists() and _is_among(path, newest.values()):
            path.unlink()  # in dispute: neither label counts until it is settled

    def _put(self, folder: Path, letter_id: str, label: str, text: str) -> None:
        write_whole(self._label_path(folder, letter_id), label.encode())
        letter = folder / "letters" / f"{file_name(letter_id)}.txt"
        write_whole(letter, text.encode("utf-8", "surrogatepass"))

    @staticmethod
    def _label_path(folder: Path, letter_id: str) -> Path:
        return folder / "labels" / f"{file_name(letter_id)}.json"

    def append_audit(self, saved_after: Callable[[int], Iterable[Saved]]) -> None:
        """Add the lines of those labels that the audit does not list yet.

        Args:
            saved_after: the labels that were saved after the one of an id.
        """
        path = self.root / "audit.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        new = saved_after(_mend(path))
        with path.open("a", encoding="utf-8") as audit:
            for each in new:
                audit.write(json.dumps(_audit_line(each), ensure_ascii=False) + "\n")
            audit.flush()
            os.fsync(audit.fileno())


def _audit_line(saved: Saved) -> dict[str, object]:
    return {
        "n": saved.id,
        "at": saved.at,
        "by": saved.by,
        "letter": saved.letter,
        "desk": "settled" if saved.desk == SETTLED else saved.desk,
        "changes": json.loads(saved.changes),
    }


def _mend(path: Path) -> int:
    """The number of the last whole line; half a line that a crash left is cut off."""
    if not path.exists():
        return 0
    with path.open("r+b") as audit:
        start, tail = audit.seek(0, os.SEEK_END), b""
        while start > 0 and tail.count(b"\n") < 2:  # the end of the line before, its own
            size = min(start, _BLOCK)
            start = audit.seek(start - size)
            tail = audit.read(size) + tail
        whole = tail[: tail.rfind(b"\n") + 1]
        audit.truncate(start + len(whole))
    lines = whole.split(b"\n")[:-1]
    return int(json.loads(lines[-1])["n"]) if lines else 0


def write_whole(path: Path, data: bytes) -> None:
    """Write `data` to `path` whole, unless it is there already."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.read_bytes() == data:
        return
    with moved_into_place(path) as file:
        file.write(data)
