"""How fast, how small and how safe is the batch job? Prints each bar beside its reference.

Run as `python -m benchmarks.batch [LETTERS]`; `make bench` runs it with the others. Both
sides of a comparison are measured in the same run, one after the other, on one machine.
The bars are stated for 100,000 letters on two cores.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from random import Random
from time import monotonic, sleep
from typing import Any

from benchmarks.letters import write_folder

LETTERS = 20_000
KILLS = 10

# Runs a job in a process of its own and says what it took.
_JOB = """
import json, resource, sys, time
from pathlib import Path
from extract.batch import JobOptions, run_batch
began, cpu = time.monotonic(), time.process_time()
options = JobOptions(workers=int(sys.argv[3]), engine=sys.argv[4])
summary = run_batch([sys.argv[1]], Path(sys.argv[2]), options=options)
own = resource.getrusage(resource.RUSAGE_SELF)
theirs = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({
    "seconds": time.monotonic() - began, "done": summary.done, "failed": summary.failed,
    "parent_cpu": own.ru_utime + own.ru_stime, "parent_mb": own.ru_maxrss / 1024,
    "workers_cpu": theirs.ru_utime + theirs.ru_stime}))
"""

# The least that any job does: reads, extracts, writes lines, on one core, kept nowhere.
_PLAIN = """
import json, sys, time
from pathlib import Path
from extract import extract_record
began, cpu = time.monotonic(), time.process_time()
with open(sys.argv[2], "w", encoding="utf-8") as out:
    for path in sorted(Path(sys.argv[1]).rglob("*.txt")):
        out.write(extract_record(path).model_dump_json() + "\\n")
print(json.dumps({"seconds": time.monotonic() - began, "cpu": time.process_time() - cpu}))
"""


def measure(program: str, *arguments: object) -> dict[str, Any]:
    """What `program` says of itself."""
    command = [sys.executable, "-c", program, *map(str, arguments)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    result: dict[str, Any] = json.loads(said.splitlines()[-1])
    return result


def compare_cores(letters: Path, count: int, work: Path) -> None:
    """Two workers against one, memory, resuming, and what storing and writing costs."""
    plain = measure(_PLAIN, letters, work / "plain.jsonl")
    one = measure(_JOB, letters, work / "one", 1, "local")
    two = measure(_JOB, letters, work / "two", 2, "local")
    again = measure(_JOB, letters, work / "two", 2, "local")
    _rate("plain loop, one core, nothing kept", count, plain["seconds"])
    _rate("job, one worker", count, one["seconds"])
    _rate("job, two workers", count, two["seconds"])
    print(f"    {one['seconds'] / two['seconds']:.2f} times one worker (bar 1.8)")
    cpu = two["parent_cpu"] + two["workers_cpu"]
    print(f"  processor time {cpu:.1f} s, plain loop {plain['cpu']:.1f} s")
    print(f"    storing and writing cost {100 * (cpu / plain['cpu'] - 1):.0f} % (bar 15 %)")
    print(f"  peak memory of the parent {two['parent_mb']:.0f} MB (bar 300 MB)")
    print(f"  resuming what is finished {again['seconds']:.1f} s (bar 10 s at 100,000)")
    bytes_each = (work / "two" / "run.sqlite").stat().st_size / count
    print(f"  store {bytes_each / 1000:.1f} KB a letter")


def compare_memory(work: Path) -> None:
    """The parent's memory over few letters, to be set beside that over many."""
    few = write_folder(work / "few", 2_000)
    small = measure(_JOB, few, work / "small", 2, "local")
    print(f"  peak memory of the parent over 2,000 letters {small['parent_mb']:.0f} MB")


def kill_workers(letters: Path, count: int, work: Path) -> None:
    """Kill a worker process again and again; count what is lost."""
    arguments = [letters, work / "killed", 2, "local"]
    process = subprocess.Popen(
        [sys.executable, "-c", _JOB, *map(str, arguments)], stdout=subprocess.PIPE, text=True
    )
    random, killed, began = Random(6), 0, monotonic()
    while process.poll() is None and killed < KILLS:
        sleep(random.uniform(0.2, 0.8))
        workers = _children(process.pid)
        if workers and monotonic() - began > 2:
            subprocess.run(["kill", "-9", str(random.choice(workers))], check=False)
            killed += 1
    said, _ = process.communicate()
    result = json.loads(said.splitlines()[-1])
    lost = count - result["done"]
    print(f"  {killed} workers killed: {lost} letters lost (bar 0)")
    same = _same(work / "two" / "records.jsonl", work / "killed" / "records.jsonl")
    print(f"    records equal to the undisturbed run's: {same}")


def compare_ray(letters: Path, count: int, work: Path) -> None:
    """Ray on this machine against the local engine."""
    try:
        import ray  # noqa: F401  is it there?
    except ImportError:
        print("  Ray is not installed: pip install 'imr-extract[ray]'")
        return
    result = measure(_JOB, letters, work / "ray", 2, "ray")
    _rate("job on Ray, this machine", count, result["seconds"])
    same = _same(work / "two" / "records.jsonl", work / "ray" / "records.jsonl")
    print(f"    records equal to the local engine's: {same}")


def _children(parent: int) -> list[int]:
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(parent)],
        capture_output=True,
        text=True,
        check=False,
    )
    return [int(line) for line in listed.stdout.split()]


def _same(one: Path, other: Path) -> bool:
    return one.read_bytes() == other.read_bytes()


def _rate(what: str, count: int, seconds: float) -> None:
    print(f"  {what:38} {count / seconds:8,.0f} letters/s {seconds:8.1f} s")


def main() -> None:
    """Print all comparisons."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else LETTERS
    print(f"batch job, {count:,} letters of the five real ones, altered")
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        letters = write_folder(work / "letters", count)
        compare_cores(letters, count, work)
        compare_memory(work)
        kill_workers(letters, count, work)
        compare_ray(letters, count, work)


if __name__ == "__main__":
    main()
