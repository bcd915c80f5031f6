"""What the front door offers, and that opening it is cheap."""

import importlib
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

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
def test_public_names_are_declared_once_and_real(package: str) -> None:
    module = importlib.import_module(package)
    names = module.__all__
    assert len(names) == len(set(names)) > 0
    for name in names:
        assert hasattr(module, name)


class OwnModel:
    """A model as a user writes it, by public names alone."""

    name = "own"
    parameters: Mapping[str, str | int | float | None] = {}
    budget = None

    async def ask(self, question: imr.Question, log: imr.CallLog) -> imr.Answer:
        usage = imr.Usage(input_tokens=question.tokens(), output_tokens=1)
        log.attempts.append(imr.Attempt(outcome="ok", usage=usage))
        return imr.Answer.read("{}", question.reply)

    async def close(self) -> None: ...


@pytest.mark.parametrize("model", [OwnModel(), imr.ScriptedModel(lambda _question: "{}")])
def test_a_model_can_be_written_and_scripted(model: imr.LanguageModel, gold: Path) -> None:
    settings = imr.Settings(method=imr.Method.MODEL)
    letter = gold / "letters" / "imr-003.txt"
    run = imr.extract_record(letter, settings=settings, model=model).model
    assert run
    assert run.model == model.name
    assert bool(run.usage.total) is isinstance(model, OwnModel)


def test_importing_the_front_door_loads_nothing_heavy() -> None:
    program = "import imr, sys; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert not set(HEAVY) & set(run.stdout.split())
