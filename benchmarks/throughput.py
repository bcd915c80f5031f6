"""How many letters a second at 64 calls of 200 ms, against plainer ways in the same run?

Every way sends the same requests to the same loopback server, which runs in a process of
its own and answers with replies made up for tests. Rounds alternate, the median counts.

    python -m benchmarks.throughput [--letters 512] [--concurrency 64] [--latency 0.2]
"""

import asyncio
import json
import statistics
import subprocess
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

from extract.clean import clean
from extract.letter import Letter, read_letter
from extract.model.letters import extract_all_with_model
from extract.model.llm import InstructorModel, Question
from extract.model.question import whole_letter
from extract.model.wire import Wire
from extract.settings import Method, ModelSettings, ReplyMode, Settings

ROOT = Path(__file__).parent.parent
Run = Callable[[Sequence[Letter], str, int], Coroutine[Any, Any, None]]


async def _bounded(
    work: Callable[[Letter], Awaitable[Any]], letters: Sequence[Letter], n: int
) -> None:
    places = asyncio.Semaphore(n)

    async def one(letter: Letter) -> None:
        async with places:
            await work(letter)

    await asyncio.gather(*(one(letter) for letter in letters))


def _question(letter: Letter) -> Question:
    return whole_letter().about(clean(letter.text).lines, 8_000)


def _messages(letter: Letter) -> list[dict[str, str]]:
    return [message._asdict() for message in _question(letter).messages]


def _settings(url: str, concurrency: int) -> ModelSettings:
    return ModelSettings(
        name="made-up",
        base_url=url,
        api_key="none",
        mode=ReplyMode.TOOLS,
        concurrency=concurrency,
    )


async def whole_path(letters: Sequence[Letter], url: str, concurrency: int) -> None:
    """This project: prompt, call, validation, grounding, rules, merge, record."""
    settings = Settings(method=Method.MODEL, model=_settings(url, concurrency))
    assert settings.model
    model = InstructorModel(settings.model)
    failed: list[object] = []

    def deliver(_index: int, outcome: Any) -> None:
        if outcome.model.failures or outcome.model.rejections:
            failed.append(outcome.model)

    await extract_all_with_model(letters, settings=settings, model=model, deliver=deliver)
    await model.close()
    if failed:
        raise SystemExit(f"{len(failed)} letters failed: the figures mean nothing")


async def plain_instructor(letters: Sequence[Letter], url: str, concurrency: int) -> None:
    """instructor as its documentation calls it, with the same response model."""
    import instructor
    import openai

    reply = whole_letter().reply

    class LetterReply(reply):  # type: ignore[misc, valid-type]
        """The same model, whose schema is made as pydantic makes it."""

        @classmethod
        def model_json_schema(cls, *_args: Any, **_kwargs: Any) -> dict[str, Any]:
            """The schema, made anew at every call."""
            made: dict[str, Any] = super(Wire, cls).model_json_schema()  # type: ignore[misc]
            return made

    async with openai.AsyncOpenAI(base_url=url, api_key="none") as client:
        patched = instructor.from_openai(client, mode=instructor.Mode.TOOLS)

        async def work(letter: Letter) -> None:
            await patched.chat.completions.create(
                model="made-up",
                messages=_messages(letter),  # type: ignore[arg-type]
                response_model=LetterReply,
                max_tokens=8_000,
                strict=False,
            )

        await _bounded(work, letters, concurrency)


def _body(letter: Letter, url: str) -> dict[str, Any]:
    return InstructorModel(_settings(url, 1)).body_of(_question(letter))


async def openai_alone(letters: Sequence[Letter], url: str, concurrency: int) -> None:
    """The openai client: the call alone, nothing read out of the reply."""
    import openai

    body = _body(letters[0], url)
    async with openai.AsyncOpenAI(base_url=url, api_key="none") as client:

        async def work(letter: Letter) -> None:
            await client.chat.completions.create(**{**body, "messages": _messages(letter)})

        await _bounded(work, letters, concurrency)


async def raw_aiohttp(letters: Sequence[Letter], url: str, concurrency: int) -> None:
    """aiohttp: the same bytes, nothing read out of the reply but its JSON."""
    import aiohttp

    body = _body(letters[0], url)
    connector = aiohttp.TCPConnector(limit=concurrency)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def work(letter: Letter) -> None:
            sent = {**body, "messages": _messages(letter)}
            async with session.post(f"{url}/chat/completions", json=sent) as response:
                await response.json()

        await _bounded(work, letters, concurrency)


WAYS: dict[str, Run] = {
    "raw aiohttp": raw_aiohttp,
    "openai client alone": openai_alone,
    "plain instructor": plain_instructor,
    "imr, whole path": whole_path,
}


def _letters(count: int) -> list[Letter]:
    """The real letters over and over, each with an id of its own."""
    paths = sorted((ROOT / "gold" / "letters").glob("*.txt"))
    return [read_letter(paths[at % len(paths)], letter_id=str(at)) for at in range(count)]


def main() -> None:
    """Measure and print."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=512)
    parser.add_argument("--concurrency", type=int, default=64)
    parser.add_argument("--latency", type=float, default=0.2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--ways", default="")
    options = parser.parse_args()
    server = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.serve", str(options.latency)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    try:
        assert server.stdout
        url = server.stdout.readline().strip()
        print(json.dumps(_measure(options, url), indent=1))
    finally:
        server.terminate()
        server.wait()


def _measure(options: Namespace, url: str) -> dict[str, Any]:
    letters = _letters(options.letters)
    rates: dict[str, list[float]] = {name: [] for name in WAYS if options.ways in name}
    for name in rates:  # once for the imports and the schemas
        asyncio.run(WAYS[name](letters[:8], url, options.concurrency))
    for _ in range(options.rounds):
        for name, measured in rates.items():
            start = time.perf_counter()
            asyncio.run(WAYS[name](letters, url, options.concurrency))
            measured.append(len(letters) / (time.perf_counter() - start))
    medians = {name: statistics.median(measured) for name, measured in rates.items()}
    raw, plain = medians.get("raw aiohttp", 1), medians.get("plain instructor", 1)
    return {
        name: {
            "letters_per_second": round(rate, 1),
            "of_raw_aiohttp": round(rate / raw, 2),
            "of_plain_instructor": round(rate / plain, 2),
        }
        for name, rate in medians.items()
    }


if __name__ == "__main__":
    main()
