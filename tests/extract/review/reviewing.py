"""Opens reviews for tests: on a real store, and served on a port of 127.0.0.1."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from extract.review.app import create_review_app
from extract.review.loading import load
from extract.review.review import Review, ReviewSettings
from extract.settings import Settings
from extract.web.settings import ServiceSettings
from tests.extract.web.serving import running


def make_review(source: Path, folder: Path, **settings: Any) -> Review:
    """A review of the letters in `source`, kept in `folder`."""
    chosen = {"reviewer": "alice", "max_bytes": Settings.max_bytes, **settings}
    review = Review(ReviewSettings(folder=folder, **chosen))
    load(source, review.shelf, Settings(), lambda count: None, outputs=review.outputs)
    return review


@contextmanager
def reviewing(source: Path, folder: Path, **settings: Any) -> Iterator[str]:
    """The address of a review of `source`."""
    review = make_review(source, folder, **settings)
    with running(create_review_app(ServiceSettings(workers=1), review)) as base:
        yield base
    review.store.close()
