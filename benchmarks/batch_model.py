"""Through a model: what do fifty kills cost, and what does storing every reply?

Run as `python -m benchmarks.batch_model [LETTERS] [KILLS]`. The model is the loopback
server of the tests, its replies made up: nothing here is a model's score. The bars are
stated for 2,000 letters and 50 kills.
"""

import os
import sys
import tempfile
from pathlib import Path
from random import Random
from time import monotonic, sleep

from tests.extract.batch import jobs
from tests.extract.model.endpoint import Endpoint, Plan

LETTERS = 400
KILLS = 10
CONCURRENCY = 8
LATENCY_S = 0.2


def _run(letters: Path, out: Path, endpoint: Endpoint, kill_after_s: float | None) -> bool:
    """Start or go on with a run; whether it came to its end."""
    environment = {
        "IMR_METHOD": "model",
        "IMR_MODEL": "made-up",
        "IMR_CONCURRENCY": str(CONCURRENCY),
        "OPENAI_BASE_URL": endpoint.url,
    }
    asked = len(endpoint.requests)
    process = jobs.start(letters, "--out", out, "-q", environment=environment)
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
        began = monotonic()
        _run(letters, work / "whole", endpoint, None)
        undisturbed, seconds = len(endpoint.requests), monotonic() - began
        killed = 0
        for _ in range(kills):
            done = _run(
                letters, work / "killed", endpoint, random.uniform(0, 2 * seconds / kills)
            )
            killed += not done
        _run(letters, work / "killed", endpoint, None)
        calls = len(endpoint.requests) - undisturbed
        same = jobs.same_outputs(work / "whole", work / "killed")
    print(f"model path, {count:,} letters, {CONCURRENCY} at once, {LATENCY_S} s a reply")
    print(f"  undisturbed   {undisturbed:6,} calls, {count / seconds:6.1f} letters/s")
    print(
        f"  {killed} kills      {calls:6,} calls (bar {undisturbed + killed * CONCURRENCY:,})"
    )
    print(f"    outputs equal to the undisturbed run's: {same}")
    print(f"    processor cores here: {os.cpu_count()}")


if __name__ == "__main__":
    main()
