"""A service that many tests of a process share."""

from collections.abc import Iterator

import httpx2
import pytest

from tests.extract.web.serving import serving


@pytest.fixture(scope="session")
def service() -> Iterator[httpx2.Client]:
    """A client of the service as it starts by default."""
    with serving() as client:
        yield client
