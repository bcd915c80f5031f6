"""What the front door offers, and that opening it is cheap."""

import importlib
import subprocess
import sys

import pytest

import imr

HEAVY = ("pandas", "scipy", "openai", "instructor", "pypdfium2", "matplotlib", "fastapi",
         "pyarrow", "rapidfuzz", "typer", "rich", "pydantic")  # fmt: skip


@pytest.mark.parametrize("name", imr.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(imr, name) is not None


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'magic'"):
        imr.magic  # noqa: B018


@pytest.mark.parametrize("package", ["imr", "schemas", "extract", "eval", "prompts"])
def test_public_names_are_declared_sorted_and_real(package: str) -> None:
    module = importlib.import_module(package)
    names = getattr(module, "__all__", [])
    assert sorted(names) == sorted(set(names))
    for name in names:
        assert hasattr(module, name)


def test_importing_the_front_door_loads_nothing_heavy() -> None:
    program = "import imr, sys; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert not set(HEAVY) & set(run.stdout.split())
