"""The pages over HTTP: signing in, other people's desks, letters that are gone."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from extract.review.app import create_review_app
from extract.web.settings import ServiceSettings, Token
from tests.extract.review.reviewing import make_review
from tests.extract.review.runs import SAMPLE_LETTER, make_run
from tests.extract.web.serving import running

SECRETS = {"alice": "alice-0123456789-0123", "bob": "bob-0123456789-012345"}
PAGE = {"accept": "text/html"}


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run of one letter."""
    return make_run(tmp_path, {"letter": SAMPLE_LETTER})


@pytest.fixture
def base(run: Path) -> Iterator[str]:
    """The address of a review that asks for tokens."""
    tokens = tuple(Token.of(secret, name) for name, secret in SECRETS.items())
    review = make_review(run, run / "review")
    with running(create_review_app(ServiceSettings(workers=1, tokens=tokens), review)) as base:
        yield base
    review.store.close()


@contextmanager
def signed_in(base: str, name: str) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=base, follow_redirects=True, timeout=30) as client:
        client.post("/login", data={"token": SECRETS[name]})
        yield client


def test_a_stranger_is_led_to_the_door_and_sees_nothing_else(base: str) -> None:
    with httpx2.Client(base_url=base) as stranger:
        led = stranger.get("/review/", headers=PAGE)
        assert (led.status_code, led.headers["location"]) == (303, "/login")
        assert stranger.get("/review/letter?id=letter").status_code == 401
        assert stranger.post("/review/api/undo", json={}).status_code == 401
        assert stranger.get("/static/review.css").status_code == 200
        refused = stranger.post("/login", data={"token": "wrong"})
        assert (refused.status_code, "no token of this service" in refused.text) == (401, True)


def test_a_holder_signs_in_and_is_known_by_name(base: str) -> None:
    with signed_in(base, "alice") as alice:
        page = alice.get("/review/")
        assert "Signed in as <b>alice</b>" in page.text
        cookie = alice.cookies.get("imr_session")
        assert cookie
        assert SECRETS["alice"] not in cookie
        alice.post("/logout")
        assert alice.get("/v1/schema").status_code == 401


def test_what_no_sheet_can_be_asked_for_is_refused(base: str) -> None:
    sheet = {"letter": "letter", "desk": "alice"}
    with signed_in(base, "alice") as alice:
        for version in (-1, 2**53, 2**63):
            undone = alice.post("/review/api/undo", json=sheet | {"version": version})
            assert undone.status_code == 422
        for strange in ({"letter": "x" * 501}, {"desk": "x" * 65}):
            assert alice.get("/review/api/state", params=sheet | strange).status_code == 422


def edit(client: httpx2.Client, desk: str, **more: Any) -> httpx2.Response:
    body = {"letter": "letter", "desk": desk, "version": 0} | more
    return client.post("/review/api/edit", json=body)


def test_nobody_works_at_anothers_desk(base: str) -> None:
    accept = {"action": "accept", "field": "layout"}
    with signed_in(base, "bob") as bob:
        refused = edit(bob, "alice", edit=accept)
        assert (refused.status_code, refused.json()["type"]) == (403, "urn:imr:OthersDesk")
        assert edit(bob, "bob", edit=accept).json()["version"] == 1
        assert edit(bob, "", edit=accept).status_code == 409


@pytest.mark.parametrize(
    ("path", "more", "status", "reason"),
    [
        ("edit", {"edit": {"action": "accept", "field": "zebra"}}, 422, "EditRefused"),
        (
            "edit",
            {
                "edit": {
                    "action": "set",
                    "field": "patient.age",
                    "entries": [{"value": "zebra"}],
                }
            },
            422,
            "ValueUnusable",
        ),
        ("undo", {}, 409, "NothingToUndo"),
        ("settle", {"point": "zebra", "take": "first"}, 409, "CannotSettle"),
    ],
)
def test_what_cannot_be_done_is_named_without_what_was_sent(
    base: str, path: str, more: dict[str, Any], status: int, reason: str
) -> None:
    with signed_in(base, "alice") as alice:
        body = {"letter": "letter", "version": 0} | more
        refused = alice.post(f"/review/api/{path}", json=body)
    assert (refused.status_code, refused.json()["type"]) == (status, f"urn:imr:{reason}")
    assert "zebra" not in refused.text


def test_an_outdated_edit_is_told_in_words_what_changed(base: str) -> None:
    knee = {"value": {"part": "knee", "side": "left"}}
    change = {"action": "set", "item": 0, "field": "body_parts", "entries": [knee]}
    with signed_in(base, "alice") as alice:
        assert edit(alice, "", edit=change).status_code == 200
        (told,) = edit(alice, "", edit=change).json()["changes"]
    assert told.endswith("Body parts of item 1: lumbar_spine → knee (left)")


def test_no_value_is_shown_as_surer_than_it_is(tmp_path: Path) -> None:
    run = make_run(tmp_path, {"letter": SAMPLE_LETTER}, {"patient.age": 0.996})
    review = make_review(run, tmp_path / "review")
    with (
        running(create_review_app(ServiceSettings(workers=1), review)) as base,
        httpx2.Client(base_url=base) as client,
    ):
        page = client.get("/review/letter?id=letter").text
    assert page.count('">99 %</span>') > 10
    assert "100 %" not in page
    review.store.close()


def test_what_is_not_there_is_said_on_a_page(base: str) -> None:
    with signed_in(base, "alice") as alice:
        for path in ("/review/letter?id=none", "/review/page-image?id=letter&page=1", "/x"):
            answer = alice.get(path, headers=PAGE)
            assert answer.status_code == 404
            assert answer.headers["content-type"].startswith("text/html")
        settle = alice.get("/review/settle?id=letter", headers=PAGE)
        assert (settle.status_code, "two reviewers" in settle.text) == (409, True)


def test_a_letter_is_followed_by_the_next_of_its_list(tmp_path: Path) -> None:
    letters = {"a": SAMPLE_LETTER, "b": "no letter of this kind", "c": SAMPLE_LETTER}
    review = make_review(make_run(tmp_path, letters), tmp_path / "review")
    with (
        running(create_review_app(ServiceSettings(workers=1), review)) as base,
        httpx2.Client(base_url=base) as client,
    ):
        listed = client.get("/review/", params={"layout": "issues_decisions_rationales"}).text
        (first,) = re.findall(r'href="(/review/letter\?id=a[^"]*)"', listed)
        page = client.get(html.unescape(first)).text
        (following,) = re.findall(r'href="([^"]*)" rel="next"', page)
        assert "id=c&amp;layout=issues_decisions_rationales" in following
        assert 'href="/review/?layout=issues_decisions_rationales"' in page
        assert client.get("/review/letter").status_code == 422
    review.store.close()


def test_a_letter_that_changed_since_the_run_is_not_shown(base: str, run: Path) -> None:
    (run.parent / "letter.txt").write_text("another text")
    with signed_in(base, "alice") as alice:
        answer = alice.get("/review/letter?id=letter", headers=PAGE)
    assert (answer.status_code, "has changed since" in answer.text) == (409, True)
    assert "another text" not in answer.text


def test_label_studio_goes_out_and_comes_in_on_ones_own_desk(base: str) -> None:
    with signed_in(base, "alice") as alice:
        tasks = alice.get("/review/label-studio.json").json()
        tasks[0]["annotations"] = [
            {"completed_by": {"email": "bob"}, "result": tasks[0]["predictions"][0]["result"]}
        ]
        files = {"file": ("tasks.json", httpx2.Request("POST", base, json=tasks).content)}
        taken = alice.post("/review/label-studio", files=files)
        assert taken.status_code == 200
        assert ">alice …</span>" in taken.text
        broken = alice.post("/review/label-studio", files={"file": ("x.json", b"{")})
        assert (broken.status_code, "no JSON" in broken.text) == (422, True)
