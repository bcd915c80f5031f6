"""How much more work is ten times the text? Ratios of the CPU time of one process.

What is measured is how the work grows, not how fast the machine is: a busy machine only
adds to a reading, so the least of some readings counts, and of three looks the best.
"""

import gc
from collections.abc import Callable
from time import process_time

TIMES = 10
WORST = 15
LEAST_S = 2e-3
"""Below this the clock tells nothing."""


def growth(work: Callable[[str], object], make: Callable[[int], str], size: int) -> float:
    """How many times the work on `make(size)` that on ten times the size is."""
    small, large = make(size), make(size * TIMES)
    ratios: list[float] = []
    while len(ratios) < 3 and min(ratios, default=WORST) >= WORST:
        ratios.append(_seconds(work, large) / max(_seconds(work, small), LEAST_S))
    return min(ratios)


def _seconds(work: Callable[[str], object], text: str) -> float:
    runs = []
    gc.collect()
    for _ in range(2):
        begun = process_time()
        work(text)
        runs.append(process_time() - begun)
    return min(runs)
