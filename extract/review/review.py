"""One review: its letters, its desks, who sits at them. The routes ask this for everything."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode

from starlette.requests import Request

from extract.batch.inputs import REVIEW_STORE
from extract.letter import Letter
from extract.result import Extraction
from extract.review.desk import Desks, Seat, progress
from extract.review.errors import ReviewSourceUnusable
from extract.review.labels import LabelFolder
from extract.review.loading import find_contents
from extract.review.sheet import Sheet
from extract.review.shelf import KeptLetter, LetterShelf, NewLetter
from extract.review.store import SETTLED, Store
from extract.web.errors import ServiceSettingInvalid
from extract.web.extraction import Extractor
from extract.web.problems import Problem

REVIEWER_COOKIE = "imr_reviewer"

_UNUSUAL = re.compile(r"[^\w.@ -]+", re.ASCII)
_NAME = re.compile(r"\w[\w.@ -]{0,63}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class ReviewSettings:
    """The choices that shape a review.

    Args:
        folder: where the store, the reviewers' labels and the audit are kept.
        max_bytes: the limit of size under which letters are read.
        reviewer: who reviews, until a browser says otherwise.
        gold: where labels that count are written; by default within `folder`.
        reviewers: how many must label a letter before its label counts.
        under: a value of less confidence is doubtful.
    """

    folder: Path
    max_bytes: int
    reviewer: str = "reviewer"
    gold: Path | None = None
    reviewers: int = 1
    under: float = 0.95

    def __post_init__(self) -> None:
        """Refuse values that are out of range."""
        if not is_reviewer_name(self.reviewer):
            raise ServiceSettingInvalid(
                "a reviewer's name has letters, digits, blanks and ._@- only"
            )
        if self.reviewers not in {1, 2}:
            raise ServiceSettingInvalid("a letter's label needs 1 or 2 reviewers")
        if not 0 <= self.under <= 1:
            raise ServiceSettingInvalid("the bound of doubt must lie between 0 and 1")


def is_reviewer_name(name: str) -> bool:
    """Whether a reviewer may be called `name`: it becomes the name of a folder.

    >>> is_reviewer_name("alice"), is_reviewer_name("../x")
    (True, False)
    """
    return bool(_NAME.fullmatch(name)) and not name.endswith(" ")


class Review:
    """A review that is under way."""

    def __init__(self, settings: ReviewSettings) -> None:
        self.settings = settings
        self.store = Store(settings.folder / REVIEW_STORE)
        self.shelf = LetterShelf(self.store, settings.under)
        labels = LabelFolder(settings.folder, gold=settings.gold, reviewers=settings.reviewers)
        self.outputs = labels.outputs
        self.desks = Desks(self.store, self.shelf, labels)

    def reviewer(self, request: Request) -> str:
        """Who is reviewing: the token's holder, or the name that the browser was told."""
        holder = request.scope.get("holder")
        if holder:
            return str(holder)
        name = unquote(request.cookies.get(REVIEWER_COOKIE, ""))
        return name if is_reviewer_name(name) else self.settings.reviewer

    def seat(self, request: Request, letter: str, desk: str) -> Seat:
        """Where `request` works: at one's own desk, or at the one where labels are settled.

        Raises:
            Problem: 403, it is another reviewer's.
        """
        reviewer = self.reviewer(request)
        if desk not in {"", reviewer, SETTLED}:
            raise Problem(
                403, "OthersDesk", "this is another reviewer's: open the letter as yourself"
            )
        return Seat(letter, desk or reviewer, reviewer)

    async def letter(self, letter_id: str, extractor: Extractor) -> KeptLetter:
        """A letter with its text.

        Raises:
            Problem: 404, there is none; 409, its file is gone or has changed.
        """
        kept = self.shelf.get(letter_id)
        if kept is None:
            raise Problem(404, "LetterUnknown", "there is no such letter in this review")
        if kept.text is None:
            letter = await extractor.read(self.contents(kept), kept.id)
            self.shelf.put_text(kept.id, letter)
            kept = kept._replace(text=letter.text, page_starts=letter.page_starts)
        return kept

    def contents(self, kept: KeptLetter) -> bytes | str:
        """What the letter was read from.

        Raises:
            Problem: 409, it is gone or has changed.
        """
        try:
            return find_contents(kept, self.settings.max_bytes)
        except ReviewSourceUnusable as error:
            raise Problem(409, error.reason, error.message) from None

    def add_upload(self, extraction: Extraction, letter: Letter, contents: bytes) -> None:
        """Put an uploaded letter on the shelf, its contents with it."""
        self.shelf.put([NewLetter(extraction, letter, contents)])

    def free_id(self, name: str | None, contents: bytes) -> str:
        """A letter's id from its file's name, made distinct from other letters' ids."""
        stem = _UNUSUAL.sub("_", Path(name or "letter").stem)[:80] or "letter"
        digest = hashlib.sha256(contents).hexdigest()
        known = self.shelf.known()
        return stem if known.get(stem, digest) == digest else f"{stem}-{digest[:8]}"

    @staticmethod
    def address(letter_id: str) -> str:
        """Where the letter is shown."""
        return f"/review/letter?{urlencode({'id': letter_id})}"

    def progress_text(self, sheet: Sheet) -> str:
        """How far the review of a letter is, in a line."""
        doubtful = len(self.shelf.doubtful_fields(sheet))
        counts = progress(sheet)
        done = counts["accepted"] + counts["corrected"] + counts["not_stated"]
        return f"{doubtful} doubtful, {done} reviewed"

    def saved_text(self, letter: str, desk: str, version: int) -> str:
        """Whether the sheet as it is was saved."""
        saved = self.store.newest_saved(letter).get(desk)
        if saved is None:
            return "no label yet" if version == 0 else "every edit stored, no label yet"
        if saved.version == version:
            return f"label saved {saved.at[11:16]} UTC"
        return "changed since the label was saved"

    def state(self, seat: Seat, version: int, sheet: Sheet) -> dict[str, Any]:
        """What every answer to an edit says."""
        return {
            "version": version,
            "progress": self.progress_text(sheet),
            "saved_state": self.saved_text(seat.letter, seat.desk, version),
        }
