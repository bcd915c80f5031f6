"""What a program sees of the service: answers, refusals, headers."""

import json
import subprocess
import sys
from logging import WARNING
from typing import Any

import httpx2
import pytest

from extract import extract_record, read_letter
from extract.settings import ModelSettings, Settings
from extract.web.openapi import SAMPLE_LETTER
from schemas import CaseRecord
from tests.extract.pdfs import make_pdf
from tests.extract.web.serving import serving

SECRET = "zebra-marker-4711"
TOKEN = "s3cret-of-alice-0123456789"


def post(
    client: httpx2.Client, contents: str | bytes, kind: str, **more: Any
) -> httpx2.Response:
    body = contents.encode() if isinstance(contents, str) else contents
    return client.post(
        "/v1/extractions", content=body, headers={"content-type": kind}, params=more
    )


def test_json_text_returns_what_the_library_returns(service: httpx2.Client) -> None:
    answer = service.post("/v1/extractions", json={"text": SAMPLE_LETTER, "id": "a letter"})
    assert answer.status_code == 200
    letter = read_letter(SAMPLE_LETTER, letter_id="a letter")
    assert answer.text == extract_record(letter).model_dump_json()


@pytest.mark.parametrize("kind", ["text/plain", "text/plain; charset=utf-8"])
def test_raw_text_is_a_letter(service: httpx2.Client, kind: str) -> None:
    answer = post(service, SAMPLE_LETTER, kind)
    assert answer.json()["record"]["items"][0]["decision"] == "upheld"


def test_raw_pdf_is_a_letter_with_pages(service: httpx2.Client) -> None:
    answer = post(service, make_pdf("IMR page one", SAMPLE_LETTER), "application/pdf")
    assert answer.json()["source"]["pages"] == 2


def test_upload_form_takes_one_file(service: httpx2.Client) -> None:
    files = {"file": ("letter.txt", SAMPLE_LETTER.encode(), "text/plain")}
    answer = service.post("/v1/extractions", files=files)
    assert answer.json()["record"]["patient"]["age"] == 44


def test_method_is_a_parameter(service: httpx2.Client) -> None:
    answer = post(service, SAMPLE_LETTER, "text/plain", method="rules")
    assert answer.json()["method"] == "rules"


def test_schema_is_the_records(service: httpx2.Client) -> None:
    assert service.get("/v1/schema").json() == CaseRecord.model_json_schema(
        mode="serialization"
    )


@pytest.mark.parametrize(
    ("contents", "kind", "status", "reason"),
    [
        (b" \n ", "text/plain", 422, "LetterEmpty"),
        (b"\x00\x01\x02\x03" * 50, "text/plain", 415, "NotText"),
        (b"%PDF-1.7 broken", "application/pdf", 422, "PdfBroken"),
        (make_pdf("secret", password="x"), "application/pdf", 422, "PdfEncrypted"),
        (make_pdf(""), "application/pdf", 422, "TextLayerMissing"),
        (b"<x/>", "application/xml", 415, "ContentTypeUnknown"),
        (b"{", "application/json", 422, "RequestInvalid"),
        (b'{"text": 1}', "application/json", 422, "RequestInvalid"),
        (b'{"text": "x", "zebra-marker-4711": 1}', "application/json", 422, "RequestInvalid"),
        (b'{"text": "x", "id": "../zebra-marker-4711"}', "application/json", 422, None),
        (b"--x\r\nzebra-marker-4711", "multipart/form-data; boundary=x", 422, "FormInvalid"),
        (b"zebra-marker-4711", "multipart/form-data", 422, "FormInvalid"),
        (b"zebra-marker-4711", "multipart/form-data; boundary=x", 422, "FormInvalid"),
    ],
)
def test_refusals_are_named_and_repeat_nothing(
    service: httpx2.Client,
    caplog: pytest.LogCaptureFixture,
    contents: bytes,
    kind: str,
    status: int,
    reason: str | None,
) -> None:
    answer = post(service, contents, kind)
    assert not [record for record in caplog.records if record.levelno >= WARNING]
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert reason is None or body["type"] == f"urn:imr:{reason}"
    assert body["request_id"] == answer.headers["x-request-id"]
    assert SECRET not in answer.text


def test_unknown_method_names_the_choices(service: httpx2.Client) -> None:
    answer = post(service, SAMPLE_LETTER, "text/plain", method="guess")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["place"] == ["query", "method"]


@pytest.mark.parametrize(("path", "status"), [("/nix", 404), ("/v1/extractions", 405)])
def test_strange_paths_are_problems_too(
    service: httpx2.Client, path: str, status: int
) -> None:
    answer = service.get(path)
    assert (answer.status_code, answer.json()["status"]) == (status, status)


def test_every_answer_carries_the_security_headers(service: httpx2.Client) -> None:
    for path in ("/healthz", "/nix", "/v1/schema", "/openapi.json"):
        headers = service.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert "server" not in headers


def test_another_sites_name_is_refused(service: httpx2.Client) -> None:
    """A name that was rebound to loopback must not reach the letters."""
    answer = service.get("/v1/schema", headers={"host": "evil.example"})
    assert (answer.status_code, answer.json()["type"]) == (421, "urn:imr:HostUnknown")
    assert service.get("/v1/schema", headers={"host": "localhost:1"}).status_code == 200


@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "cross-site"}, {"origin": "http://evil.example"}]
)
def test_another_sites_form_is_refused(
    service: httpx2.Client, headers: dict[str, str]
) -> None:
    answer = service.post(
        "/v1/extractions", content=b"x", headers={"content-type": "text/plain", **headers}
    )
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:imr:OtherSite")


def test_signs_of_life_and_figures(service: httpx2.Client) -> None:
    post(service, SAMPLE_LETTER, "text/plain")
    post(service, b" ", "text/plain")
    assert service.get("/healthz").json() == {"status": "alive"}
    counted = 'imr_letters_total{method="rules",result="extracted"}'
    before = service.get("/metrics").text
    assert service.get("/readyz").json() == {"ready": True, "checks": {"rules": True}}
    figures = service.get("/metrics").text
    (line,) = [line for line in figures.splitlines() if line.startswith(counted)]
    assert line in before
    assert 'route="/v1/extractions",status="422"' in figures


def test_not_ready_while_the_model_does_not_answer() -> None:
    model = ModelSettings(name="m", base_url="http://127.0.0.1:9/v1", attempts=1)
    with serving(extraction=Settings(model=model)) as client:
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "checks": {"rules": True, "model": False}}
    assert answer.headers["retry-after"] == "5"


_STARTED = """
import asyncio, sys
from extract.model.tokens import _counter
from extract.settings import ModelSettings, Settings
from extract.web.app import create_app
from extract.web.settings import ServiceSettings

async def main():
    model = ModelSettings(name="m", base_url="http://127.0.0.1:9/v1", max_cost_usd=1.0)
    for model in (None, model):  # one without a known price: that is told when it is asked
        app = create_app(ServiceSettings(workers=1, extraction=Settings(model=model)))
        async with app.router.lifespan_context(app):
            loaded = {"openai", "instructor"} & sys.modules.keys()
            print(*sorted(loaded), _counter.cache_info().currsize)

asyncio.run(main())
"""


def test_what_the_model_is_asked_with_is_loaded_before_the_first_request() -> None:
    command = [sys.executable, "-c", _STARTED]
    run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert run.stdout.splitlines() == ["0", "instructor openai 1"]


def test_limits_on_size_text_and_pages() -> None:
    with serving(max_bytes=50_000, max_characters=3_000, max_pages=2) as client:
        large = post(client, b"x" * 50_001, "text/plain")
        assert (large.status_code, large.json()["type"]) == (413, "urn:imr:BodyTooLarge")
        long = post(client, "word " * 1_000, "text/plain")
        assert (long.status_code, long.json()["type"]) == (413, "urn:imr:LetterTooLarge")
        thick = post(client, make_pdf("a", "b", "c"), "application/pdf")
        assert (thick.status_code, thick.json()["type"]) == (422, "urn:imr:TooManyPages")


def test_a_body_of_unstated_length_is_bounded_too() -> None:
    def pieces() -> Any:
        for _ in range(40):
            yield b"x" * 1_000

    with serving(max_bytes=20_000) as client:
        answer = client.post(
            "/v1/extractions", content=pieces(), headers={"content-type": "text/plain"}
        )
    assert answer.status_code == 413


def test_tokens_are_asked_for_where_they_are_set() -> None:
    from extract.web.settings import Token

    tokens = (Token.of(TOKEN, "alice"), Token.of("another-0123456789-0123", "bob"))
    with serving(tokens=tokens) as client:
        assert client.get("/healthz").status_code == 200
        stranger = client.get("/v1/schema")
        assert stranger.status_code == 401
        assert stranger.headers["www-authenticate"].startswith("Bearer")
        assert client.get("/metrics").status_code == 401
        browser = client.get("/metrics", headers={"accept": "text/html"})
        assert browser.status_code == 401, "there is no page to sign in"
        for secret, status in ((TOKEN, 200), (TOKEN + "x", 401), ("x", 401), ("é", 401)):
            headers = [(b"authorization", f"Bearer {secret}".encode())]
            assert client.get("/v1/schema", headers=headers).status_code == status


def test_openapi_describes_and_shows_a_real_answer(service: httpx2.Client) -> None:
    description = service.get("/openapi.json").json()
    post_ = description["paths"]["/v1/extractions"]["post"]
    assert set(post_["requestBody"]["content"]) == {
        "application/json",
        "application/pdf",
        "multipart/form-data",
        "text/plain",
    }
    example = post_["responses"]["200"]["content"]["application/json"]["example"]
    assert example["record"]["case_number"] == "CM14-0099001"
    problem = json.dumps(post_["responses"]["413"])
    assert "application/problem+json" in problem
    assert set(description["paths"]) == {
        "/healthz",
        "/metrics",
        "/readyz",
        "/v1/extractions",
        "/v1/schema",
    }
