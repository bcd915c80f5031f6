"""Through a model: what do fifty kills cost, and what does storing every reply?

Run as `python -m benchmarks.batch_model [LETTERS] [KILLS]`. The model is the loopback
server of the tests, its replies made up: nothing here is a model's score. The bars are
stated for 2,000 letters and 50 kills.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from random import Random
from time import sleep

from tests.extract.batch import jobs
from tests.extract.model.endpoint import Endpoint, Plan

LETTERS = 400
KILLS = 10
CONCURRENCY = 8
LATENCY_S = 0.2


# The least that any run through a model does: asks, reads, writes lines, kept nowhere.
_PLAIN = """
import sys, time
from pathlib import Path
from extract import extract_many
from extract.settings import from_env
began = time.monotonic()
with open(sys.argv[2], "w", encoding="utf-8") as out:
    paths = sorted(Path(sys.argv[1]).rglob("*.txt"))
    for extraction in extract_many(paths, settings=from_env()):
        out.write(extraction.model_dump_json() + "\\n")
print(time.monotonic() - began)
"""


def _environment(endpoint: Endpoint) -> dict[str, str]:
    return {
        "IMR_METHOD": "model",
        "IMR_MODEL": "made-up",
        "IMR_CONCURRENCY": str(CONCURRENCY),
        "OPENAI_BASE_URL": endpoint.url,
    }


def _plain_seconds(letters: Path, out: Path, endpoint: Endpoint) -> float:
    """How long the same letters take when nothing is kept."""
    said = subprocess.run(
        [sys.executable, "-c", _PLAIN, str(letters), str(out)],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, **_environment(endpoint)},
    ).stdout
    return float(said)


def _run(letters: Path, out: Path, endpoint: Endpoint, kill_after_s: float | None) -> bool:
    """Start or go on with a run; whether it came to its end."""
    asked = len(endpoint.requests)
    process = jobs.start(letters, "--out", out, "-q", environment=_environment(endpoint))
    if kill_after_s is not None:
        jobs.wait_until(process, lambda: len(endpoint.requests) > asked)
        sleep(kill_after_s)
        process.kill()
    return jobs.finish(process)[0] == 0


def main() -> None:
    """Print the calls and the outputs of a killed run beside an undisturbed one's."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else LETTERS
    kills = int(sys.argv[2]) if len(sys.argv) > 2 else KILLS
    random = Random(50)
    with (
        tempfile.TemporaryDirectory() as folder,
        Endpoint(Plan(jobs.reply_by_the_rules, latency_s=LATENCY_S)) as endpoint,
    ):
        work = Path(folder)
        letters = jobs.make_folder(work / "letters", count)
        plain = _plain_seconds(letters, work / "plain.jsonl", endpoint)
        asked = len(endpoint.requests)
        _run(letters, work / "whole", endpoint, None)
        undisturbed = len(endpoint.requests) - asked
        seconds = json.loads((work / "whole" / "run.json").read_text("utf-8"))["seconds"]
        killed = 0
        for _ in range(kills):
            done = _run(
                letters, work / "killed", endpoint, random.uniform(0, 2 * seconds / kills)
            )
            killed += not done
        _run(letters, work / "killed", endpoint, None)
        calls = len(endpoint.requests) - asked - undisturbed
        same = jobs.same_outputs(work / "whole", work / "killed")
    print(f"model path, {count:,} letters, {CONCURRENCY} at once, {LATENCY_S} s a reply")
    print(f"  nothing kept  {count / plain:6.1f} letters/s")
    print(f"  undisturbed   {count / seconds:6.1f} letters/s, {undisturbed:,} calls")
    print(f"    storing and writing cost {100 * (seconds / plain - 1):.1f} % (bar 5 %)")
    print(
        f"  {killed} kills      {calls:,} calls (bar {undisturbed + killed * CONCURRENCY:,})"
    )
    print(f"    outputs equal to the undisturbed run's: {same}")
    print(f"    processor cores here: {os.cpu_count()}")


if __name__ == "__main__":
    main()
