"""Pairs the rows and columns of a table of likenesses one to one."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def pair(likeness: NDArray[Any], *, least: float = 0.0) -> list[tuple[int, int]]:
    """The pairs (row, column) whose likenesses have the largest sum, by rows.

    The Hungarian method's optimum, as SciPy finds it (Crouse, IEEE Transactions on Aerospace
    and Electronic Systems 52 (2016) 1679-1696).

    Args:
        likeness: of each row and each column; 0 is none.
        least: what is less alike is no pair.

    >>> pair(np.array([[90.0, 80.0], [85.0, 10.0]]), least=50)
    [(0, 1), (1, 0)]
    """
    from scipy.optimize import linear_sum_assignment  # costs 0.3 s to import

    weights = np.where(likeness >= least, likeness, 0.0)
    rows, columns = linear_sum_assignment(weights, maximize=True)
    return [
        (int(row), int(column))
        for row, column in zip(rows, columns, strict=True)
        if weights[row, column] > 0
    ]
