"""What the environment spoils for every letter stops the run, and is named."""

import pytest

from extract import extract_many
from extract.batch.provider import Provider
from extract.errors import ModelUnusable
from tests.extract.model.endpoint import Endpoint, Plan
from tests.extract.model.letters import LETTER, REPLY, asking, model_settings

SPOILT = [
    ("SSL_CERT_FILE", "/nonexist"),
    ("ALL_PROXY", "socks5://127.0.0.1:9"),
    ("HTTP_PROXY", "ftp://127.0.0.1:9"),
    ("https_proxy", "http://[::1"),
    ("OPENAI_CUSTOM_HEADERS", "X-Secret: é zebra"),
]
UNSENDABLE = ("OPENAI_CUSTOM_HEADERS", "X Secret: zebra")


@pytest.mark.parametrize(("variable", "text"), [*SPOILT, UNSENDABLE])
def test_environment_that_spoils_every_call_stops_the_run(
    variable: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, text)
    with Endpoint(Plan(lambda _message: REPLY)) as endpoint:
        with pytest.raises(ModelUnusable, match=f"check {variable.upper()}") as raised:
            list(extract_many([LETTER, LETTER], settings=asking(endpoint)))
        assert endpoint.requests == []
    assert "zebra" not in raised.value.message
    assert (raised.value.__cause__, raised.value.__context__) == (None, None)


@pytest.mark.parametrize(("variable", "text"), SPOILT)
def test_the_provider_of_batches_is_not_even_asked(
    variable: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, text)
    with Endpoint(Plan(lambda _message: REPLY)) as endpoint:
        settings = model_settings(endpoint)
    with pytest.raises(ModelUnusable, match=variable.upper()):
        Provider(settings)


def test_address_that_no_request_can_go_to_is_named() -> None:
    with Endpoint(Plan(lambda _message: REPLY)) as endpoint:
        settings = asking(endpoint, base_url="http://hoé..st/v1")
    with pytest.raises(ModelUnusable, match="--base-url"):
        list(extract_many([LETTER], settings=settings))


def test_headers_of_the_environment_are_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "Authorization: Basic dXNlcg==\nX-A: b")
    with Endpoint(Plan(lambda _message: REPLY)) as endpoint:
        list(extract_many([LETTER], settings=asking(endpoint)))
        (headers,) = endpoint.headers
    assert (headers["authorization"], headers["x-a"]) == ("basic dxnlcg==", "b")
