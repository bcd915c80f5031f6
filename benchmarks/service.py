"""How much does HTTP cost? 64 clients against `imr serve`, beside the in-process rate.

Run as `python -m benchmarks.service [REQUESTS]`. The service is a process of its own with
its workers; the clients share the machine with it, so its true rate is higher. Prints
rate, ratio, median, p99 and errors; then what happens when it is asked for too much.
"""

import asyncio
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from statistics import median, quantiles
from time import perf_counter
from typing import NamedTuple

from benchmarks.letters import make_letters
from extract import extract_record

CLIENTS = 64
CROWD = 400
"""Callers at once in the overload: three times what the service takes."""


class Answers(NamedTuple):
    """What a round of requests came to."""

    seconds: float
    statuses: Counter[int]
    latencies: list[float]
    refusals: list[float]

    @property
    def rate(self) -> float:
        """Answers of the wanted kind, a second."""
        return self.statuses[200] / self.seconds


@contextmanager
def service(*options: str) -> Iterator[int]:
    """The port of a service that runs as `imr serve`."""
    command = [sys.executable, "-c", "import imr; imr.main()", "serve", "--port", "0"]
    process = subprocess.Popen([*command, *options], stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr
        found = re.search(r":(\d+)/", process.stderr.readline())
        assert found, "the service did not start"
        yield int(found[1])
    finally:
        process.terminate()
        process.wait()


async def ask(port: int, letters: Sequence[str], clients: int) -> Answers:
    """Send every letter once, over `clients` connections that are kept open."""
    turn = count()
    statuses: Counter[int] = Counter()
    latencies: list[float] = []
    refusals: list[float] = []

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while (number := next(turn)) < len(letters):
            body = letters[number].encode()
            head = (
                f"POST /v1/extractions HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
                f"Content-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            start = perf_counter()
            writer.write(head.encode() + body)
            status = await read_answer(reader)
            (latencies if status == 200 else refusals).append(perf_counter() - start)
            statuses[status] += 1
        writer.close()
        await writer.wait_closed()

    start = perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    return Answers(perf_counter() - start, statuses, latencies, refusals)


async def read_answer(reader: asyncio.StreamReader) -> int:
    """The status of an answer that is read to its end."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head)
    assert length
    await reader.readexactly(int(length[1]))
    return int(head[9:12])


def in_process(letters: Sequence[str]) -> float:
    """Letters a second without HTTP, one process."""
    start = perf_counter()
    for text in letters:
        extract_record(text).model_dump_json()
    return len(letters) / (perf_counter() - start)


def main() -> None:
    """Measure and print."""
    requests = int(sys.argv[1]) if len(sys.argv) > 1 else 6_000
    letters = [text for _, text in make_letters(requests)]
    in_process(letters[:50])
    alone = in_process(letters[: requests // 3])
    with service() as port:
        asyncio.run(ask(port, letters[:300], CLIENTS))
        answers = asyncio.run(ask(port, letters, CLIENTS))
    middle, p99 = median(answers.latencies), quantiles(answers.latencies, n=100)[98]
    wrong = requests - answers.statuses[200]
    print(f"service, {requests:,} letters over HTTP, {CLIENTS} clients on the same machine")
    print(f"  in process, one core {alone:8,.0f} letters/s")
    print(
        f"  over HTTP            {answers.rate:8,.0f} letters/s   {answers.rate / alone:.2f}"
    )
    print(
        f"  median {middle * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms ({p99 / middle:.1f} times)"
    )
    print(f"  errors {wrong}")
    with service("--max-per-caller", "1000") as port:
        crowd = asyncio.run(ask(port, letters, CROWD))
    said = dict(sorted(crowd.statuses.items()))
    print(f"overload, {CROWD} clients at once: {said}")
    if crowd.refusals:
        slowest = max(crowd.refusals) * 1000
        print(f"  503 after {median(crowd.refusals) * 1000:.0f} ms, at most {slowest:.0f} ms")
        print(f"  200 after {median(crowd.latencies) * 1000:.0f} ms")


if __name__ == "__main__":
    main()
