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

# The least that any job does: reads, extracts, writes lines, kept nowhere. One of some
# processes that share the letters.
_PLAIN = """
import json, sys, time
from pathlib import Path
from extract import extract_record
began, cpu = time.monotonic(), time.process_time()
with open(sys.argv[2], "w", encoding="utf-8") as out:
    for path in sorted(Path(sys.argv[1]).rglob("*.txt"))[int(sys.argv[3])::int(sys.argv[4])]:
        out.write(extract_record(path).model_dump_json() + "\\n")
print(json.dumps({"seconds": time.monotonic() - began, "cpu": time.process_time() - cpu}))
"""


Measured = dict[str, Any]


def begin(program: str, *arguments: object) -> "subprocess.Popen[str]":
    """`program`, started."""
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def said_by(process: "subprocess.Popen[str]") -> Measured:
    """What a program says of itself at its end."""
    said, _ = process.communicate()
    result: Measured = json.loads(said.splitlines()[-1])
    return result


def measure(program: str, *arguments: object) -> Measured:
    """What `program` says of itself."""
    return said_by(begin(program, *arguments))


def plain_loops(letters: Path, work: Path, processes: int) -> Measured:
    """What so many plain loops side by side take for all letters, each for its share.

    Two cores are not twice as fast as one where they share cache and memory, so a job on
    two has to be held against two loops.
    """
    started = [
        begin(_PLAIN, letters, work / f"plain-{number}.jsonl", number, processes)
        for number in range(processes)
    ]
    parts = [said_by(process) for process in started]
    return {
        "seconds": max(part["seconds"] for part in parts),
        "cpu": sum(part["cpu"] for part in parts),
    }


def compare_cores(letters: Path, count: int, work: Path) -> None:
    """Two workers against one, memory, resuming, and what storing and writing costs."""
    plain, pair = plain_loops(letters, work, 1), plain_loops(letters, work, 2)
    one = measure(_JOB, letters, work / "one", 1, "local")
    two = measure(_JOB, letters, work / "two", 2, "local")
    again = measure(_JOB, letters, work / "two", 2, "local")
    _rate("plain loop, nothing kept", count, plain["seconds"])
    _rate("two plain loops side by side", count, pair["seconds"])
    print(f"    {plain['seconds'] / pair['seconds']:.2f} times one: what two cores are worth")
    _rate("job, one worker", count, one["seconds"])
    _rate("job, two workers", count, two["seconds"])
    print(f"    {one['seconds'] / two['seconds']:.2f} times one worker (bar 1.8)")
    cpu = two["parent_cpu"] + two["workers_cpu"]
    print(f"  processor time {cpu:.1f} s, two plain loops {pair['cpu']:.1f} s")
    print(f"    storing and writing cost {100 * (cpu / pair['cpu'] - 1):.0f} % (bar 15 %)")
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
    process = begin(_JOB, letters, work / "killed", 2, "local")
    random, killed, began = Random(6), 0, monotonic()
    while process.poll() is None and killed < KILLS:
        sleep(random.uniform(0.2, 0.8))
        workers = _children(process.pid)
        if workers and monotonic() - began > 2:
            subprocess.run(["kill", "-9", str(random.choice(workers))], check=False)
            killed += 1
    result = said_by(process)
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
