"""Runs the tests' loopback endpoint until it is told to end; prints its address."""

import signal
import sys
import threading
from pathlib import Path

from tests.extract.model.endpoint import Endpoint, Plan
from tests.extract.model.replies import gold_replies


def main() -> None:
    """Serve replies made up for the real letters, each after the given seconds."""
    replies = gold_replies(Path(__file__).parent.parent / "gold")
    by_start = {letter[:4_000]: reply for letter, reply in replies.items()}

    def reply(message: str) -> dict[str, object]:
        text = message.split(">>>\n", 1)[1]
        return next(by_start[start] for start in by_start if text.startswith(start[:2000]))

    done = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: done.set())
    with Endpoint(Plan(reply, latency_s=float(sys.argv[1]))) as endpoint:
        print(endpoint.url, flush=True)
        done.wait()


if __name__ == "__main__":
    main()
