"""What shapes a result tells results apart: also what the rules are made of."""

from pathlib import Path

import pytest

from extract import Settings
from extract.batch import fingerprint


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("data/confidence.json", "lexicon/visits.toml", "parse/dates.py", "cli.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("as it was")
    monkeypatch.setattr(fingerprint, "_EXTRACT", tmp_path)
    return tmp_path


def _digest() -> str:
    fingerprint.rules_digest.cache_clear()
    try:
        return fingerprint.digest_of(fingerprint.shaping_settings(Settings()))
    finally:
        fingerprint.rules_digest.cache_clear()


@pytest.mark.parametrize(
    ("name", "is_told"),
    [
        ("data/confidence.json", True),
        ("lexicon/visits.toml", True),
        ("parse/dates.py", True),
        ("cli.py", False),
    ],
)
def test_changed_rules_are_other_rules(rules: Path, name: str, is_told: bool) -> None:
    before = _digest()
    assert _digest() == before
    (rules / name).write_text("as it is now")
    assert (_digest() != before) is is_told


def test_the_rules_are_found() -> None:
    files = [
        file for each in fingerprint._RULE_FILES for file in fingerprint._EXTRACT.glob(each)
    ]
    assert {"confidence.json", "visits.toml", "dates.py", "clean.py"} <= {
        f.name for f in files
    }
