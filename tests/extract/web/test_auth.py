from extract.web.auth import Doorkeeper
from extract.web.settings import Token

SECRETS = {"alice": "0123456789-alice-0123", "bob": "0123456789-bob-012345"}


def doorkeeper() -> Doorkeeper:
    return Doorkeeper([Token.of(secret, name) for name, secret in SECRETS.items()])


def test_each_holder_is_known_by_name() -> None:
    for name, secret in SECRETS.items():
        assert doorkeeper().bearer(f"Bearer {secret}") == name
        assert doorkeeper().bearer(f"bearer  {secret} ") == name


def test_strangers_are_not_known() -> None:
    for header in ("", "Bearer", "Bearer x", "Basic 0123456789-alice-0123", "Bearer \udcff"):
        assert doorkeeper().bearer(header) is None


def test_sessions_open_and_close() -> None:
    keeper = doorkeeper()
    session = keeper.open_session("alice")
    assert keeper.session_holder(session) == "alice"
    keeper.close_session(session)
    assert keeper.session_holder(session) is None


def test_the_oldest_of_too_many_sessions_ends() -> None:
    keeper = doorkeeper()
    first = keeper.open_session("alice")
    later = [keeper.open_session("bob") for _ in range(1_000)]
    assert keeper.session_holder(first) is None
    assert keeper.session_holder(later[-1]) == "bob"


def test_without_tokens_the_door_is_open() -> None:
    assert Doorkeeper([]).is_open
    assert not doorkeeper().is_open
