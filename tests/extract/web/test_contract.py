"""Schemathesis against the running service: no 5xx, every answer as described."""

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import load_all_checks

from tests.extract.web.serving import serving

EXAMPLES = 200
"""For each of five operations: 1,000 in all."""


@pytest.fixture(scope="module")
def api() -> Iterator[schemathesis.schemas.BaseSchema]:
    """The description of a running service, as schemathesis reads it."""
    with serving(max_bytes=200_000, max_characters=50_000, timeout_s=20.0) as client:
        yield schemathesis.openapi.from_url(f"{client.base_url}/openapi.json")


load_all_checks()
schema = schemathesis.pytest.from_fixture("api")


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_the_service_keeps_its_contract(case: schemathesis.Case) -> None:
    case.call_and_validate()
