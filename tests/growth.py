"""How much more work is ten times the text? Ratios of the CPU time of one process.

What is measured is how the work grows, not how fast the machine is. A busy machine only
adds to a reading: the small text is read twice, so that its reading is not too high, and of
three looks at both the best counts.
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
    gc.freeze()  # what other tests left behind is not looked through at each reading
    try:
        while len(ratios) < 3 and min(ratios, default=WORST) >= WORST:
            least = min(_seconds(work, small), _seconds(work, small))
            ratios.append(_seconds(work, large) / max(least, LEAST_S))
    finally:
        gc.unfreeze()
    return min(ratios)


def _seconds(work: Callable[[str], object], text: str) -> float:
    gc.collect()
    begun = process_time()
    work(text)
    return process_time() - begun
