"""What holds for every test: no network beyond loopback, no keys, no user settings."""

import os
import signal
import socket
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# No test is timed: a busy machine is no failure.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# Begun in the background, the tests would ignore SIGINT, and so would what they start.
signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).parent.parent


def _own_address() -> str:
    """The address that this machine has in its network, if any; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


_LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0", _own_address())


@pytest.fixture(autouse=True)
def _offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bar every connection that leaves the machine, and forget keys."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else "127.0.0.1"
        if not str(host).startswith(_LOOPBACK):
            raise AssertionError("a test tried to leave the machine")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    for name in list(os.environ):
        if name.startswith(("OPENAI_", "IMR_")):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def gold() -> Path:
    """The folder of real letters and their labels."""
    return ROOT / "gold"


@pytest.fixture(scope="session")
def letter_paths(gold: Path) -> list[Path]:
    """The five real letters."""
    return sorted((gold / "letters").glob("*.txt"))
