"""Letters for runs by batch, and a provider to hand them to; modules may have their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.extract.batch import jobs
from tests.extract.batch.by_batch import COUNT
from tests.extract.batch.provider import FakeProvider


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return jobs.make_folder(tmp_path_factory.mktemp("letters"), COUNT)


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    with FakeProvider(jobs.reply_by_the_rules) as running:
        yield running
