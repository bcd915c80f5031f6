from extract.web.auth import Authenticator
from extract.web.settings import Token

SECRETS = {"alice": "0123456789-alice-0123", "bob": "0123456789-bob-012345"}


def authenticator() -> Authenticator:
    return Authenticator([Token.of(secret, name) for name, secret in SECRETS.items()])


def test_each_holder_is_known_by_name() -> None:
    for name, secret in SECRETS.items():
        assert authenticator().bearer(f"Bearer {secret}") == name
        assert authenticator().bearer(f"bearer  {secret} ") == name


def test_strangers_are_not_known() -> None:
    for header in ("", "Bearer", "Bearer x", "Basic 0123456789-alice-0123", "Bearer \udcff"):
        assert authenticator().bearer(header) is None


def test_sessions_open_and_close() -> None:
    sessions = authenticator()
    session = sessions.open_session("alice")
    assert sessions.session_holder(session) == "alice"
    sessions.close_session(session)
    assert sessions.session_holder(session) is None


def test_the_oldest_of_too_many_sessions_ends() -> None:
    sessions = authenticator()
    first = sessions.open_session("alice")
    later = [sessions.open_session("bob") for _ in range(1_000)]
    assert sessions.session_holder(first) is None
    assert sessions.session_holder(later[-1]) == "bob"


def test_without_tokens_the_door_is_open() -> None:
    assert Authenticator([]).is_open
    assert not authenticator().is_open
