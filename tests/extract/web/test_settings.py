from pathlib import Path

import pytest

from extract.web.errors import ServiceSettingInvalid, TokensMissing, TokenUnusable
from extract.web.settings import ServiceSettings, Token, is_loopback, read_tokens

SECRET = "0123456789-0123456789"


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("[::1]", True),
        ("LOCALHOST", True),
        ("0.0.0.0", False),
        ("::", False),
        ("10.0.0.1", False),
        ("example.org", False),
        ("127.0.0.1.example.org", False),
    ],
)
def test_loopback_is_this_machine_alone(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback
    if loopback:
        assert ServiceSettings(host=host).tokens == ()
    else:
        with pytest.raises(TokensMissing, match="--token-file"):
            ServiceSettings(host=host)
        assert ServiceSettings(host=host, tokens=(Token.of(SECRET),)).host == host


@pytest.mark.parametrize("name", ["max_bytes", "max_pages", "timeout_s", "workers"])
def test_a_limit_of_nothing_is_refused(name: str) -> None:
    with pytest.raises(ServiceSettingInvalid, match=name):
        ServiceSettings(**{name: 0})  # type: ignore[arg-type]  # a table of names


def test_tokens_come_from_file_and_environment(tmp_path: Path) -> None:
    file = tmp_path / "tokens"
    file.write_text(f"# who may call\nalice:{SECRET}a\n\n{SECRET}b  # the batch\n")
    tokens = read_tokens(file, {"IMR_TOKENS": f"bob:{SECRET}c, {SECRET}d"})
    assert [token.name for token in tokens] == ["bob", "token-2", "alice", "token-4"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("short", "shorter than 20"),
        (f"alice:{SECRET} alice:{SECRET}2", "two tokens have the name alice"),
        (f"al/ice:{SECRET}", "malformed"),
        (f"{SECRET}é", "malformed"),
    ],
)
def test_unusable_tokens_are_refused_without_repeating_them(text: str, message: str) -> None:
    with pytest.raises(TokenUnusable, match=message) as caught:
        read_tokens(None, {"IMR_TOKENS": text})
    assert SECRET not in str(caught.value)


def test_missing_token_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(TokenUnusable, match="cannot be read"):
        read_tokens(tmp_path / "none", {})


def test_repr_masks_secrets() -> None:
    assert SECRET not in repr(ServiceSettings(tokens=(Token.of(SECRET, "alice"),)))
    assert "digest" not in repr(Token.of(SECRET, "alice"))
