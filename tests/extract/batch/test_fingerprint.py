"""What shapes a result tells results apart: also what the rules are made of."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from extract import Settings
from extract.batch import fingerprint
from extract.batch.fingerprint import MODEL_FILES, RULE_FILES
from extract.settings import Method, ModelSettings
from tests.conftest import ROOT

MODEL = Settings(method=Method.MODEL, model=ModelSettings(name="x"))


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name in (
        *("extract/data/confidence.json", "extract/lexicon/visits.toml", "extract/cli.py"),
        *("extract/parse/dates.py", "extract/parse/cut/labelled.py", "extract/model/merge.py"),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("as it was")
    monkeypatch.setattr(fingerprint, "_PACKAGES", tmp_path)
    yield tmp_path
    fingerprint.code_digest.cache_clear()


def _digest(settings: Settings = Settings()) -> str:  # noqa: B008  frozen
    fingerprint.code_digest.cache_clear()
    return fingerprint.digest_of(fingerprint.shaping_settings(settings))


@pytest.mark.parametrize(
    ("name", "settings", "is_told"),
    [
        ("extract/data/confidence.json", Settings(), True),
        ("extract/lexicon/visits.toml", Settings(), True),
        ("extract/parse/dates.py", MODEL, True),
        ("extract/parse/cut/labelled.py", Settings(), True),
        ("extract/cli.py", MODEL, False),
        ("extract/model/merge.py", Settings(), False),
        ("extract/model/merge.py", MODEL, True),
    ],
)
def test_changed_rules_are_other_rules(
    files: Path, name: str, settings: Settings, is_told: bool
) -> None:
    before = _digest(settings)
    assert _digest(settings) == before
    (files / name).write_text("as it is now")
    assert (_digest(settings) != before) is is_told


# What these hold decides how a letter is reached, not what is found in it.
REACHING = {"account", "errors", "pipeline", "settings"}


@pytest.mark.parametrize(
    ("module", "patterns"),
    [("extract.pipeline", RULE_FILES), ("extract.model.reading", (*RULE_FILES, *MODEL_FILES))],
)
def test_all_code_that_shapes_a_result_is_known(
    module: str, patterns: tuple[str, ...]
) -> None:
    listing = (
        f"import {module}, sys; print(*(m.__file__ for m in sys.modules.values() "
        "if m.__name__.split('.')[0] in ('extract', 'schemas')), sep='\\n')"
    )
    run = subprocess.run(
        [sys.executable, "-c", listing], cwd=ROOT, capture_output=True, text=True, check=True
    )
    known = {file for pattern in patterns for file in ROOT.glob(pattern)}
    used = {Path(line) for line in run.stdout.split()}
    assert {
        file.relative_to(ROOT).as_posix()
        for file in used - known
        if file.name != "__init__.py" and file.stem not in REACHING
    } == set()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("name", "y"), ("base_url", "http://localhost:1/v1"), ("temperature", 1.0)),
        *(("seed", 7), ("max_output_tokens", 9), ("rounds", 1)),
    ],
)
def test_how_a_model_is_asked_shapes_a_result(name: str, value: Any) -> None:
    assert MODEL.model
    changed = replace(MODEL, model=replace(MODEL.model, **{name: value}))
    assert _digest(changed) != _digest(MODEL)


def test_how_long_a_model_is_waited_for_shapes_nothing() -> None:
    assert MODEL.model
    patient = replace(MODEL, model=replace(MODEL.model, timeout_s=7.0))
    assert _digest(patient) == _digest(MODEL)
