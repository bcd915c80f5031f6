"""The trees of errors that are drawn for a reader are those that can be raised."""

import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module

import pytest

from extract.errors import ExtractError

TREES = {
    "extract": "extract.errors",
    "extract.batch": "extract.batch.errors",
    "extract.web": "extract.web.errors",
    "extract.review": "extract.review.errors",
    "eval": "eval.errors",
}
"""Where the classes of a package and of what lies in it are drawn; the nearest one counts."""

_LINE = re.compile(r"^([ │├└─]*)(\w+)(?: .*)?$")


def all_errors(kind: type[Exception] = ExtractError) -> Iterator[type[Exception]]:
    for below in kind.__subclasses__():
        yield below
        yield from all_errors(below)


@pytest.fixture(scope="module")
def errors() -> set[type[Exception]]:
    """Every error of the project, wherever it is defined."""
    for root in ("extract", "eval"):
        for module in pkgutil.walk_packages(import_module(root).__path__, f"{root}."):
            if not module.name.endswith("__main__"):
                import_module(module.name)
    found = set(all_errors())
    return {kind for kind in found if kind.__module__.split(".")[0] in {"extract", "eval"}}


def package_of(kind: type[Exception]) -> str:
    return max((name for name in TREES if kind.__module__.startswith(f"{name}.")), key=len)


def drawn(module: str) -> set[tuple[str, str]]:
    """Each class of the tree in the module's docstring, and the class under which it stands."""
    edges, above = set(), list[tuple[int, str]]()
    lines = (import_module(module).__doc__ or "").splitlines()
    first = next(at for at, line in enumerate(lines) if "── " in line) - 1
    for line in lines[first:]:
        match = _LINE.match(line)
        if not line.strip() or match is None:
            break
        depth = len(match[1])
        while above and above[-1][0] >= depth:
            above.pop()
        if above:
            edges.add((match[2], above[-1][1]))
        above.append((depth, match[2]))
    return edges


@pytest.mark.parametrize("package", TREES)
def test_a_tree_has_every_error_of_its_package_in_its_place(
    package: str, errors: set[type[Exception]]
) -> None:
    real = {(kind.__name__, kind.__bases__[0].__name__) for kind in errors}
    own = {
        (kind.__name__, kind.__bases__[0].__name__)
        for kind in errors
        if package_of(kind) == package
    }
    assert own <= drawn(TREES[package]), "missing"
    assert drawn(TREES[package]) <= real, "not there, or elsewhere"
