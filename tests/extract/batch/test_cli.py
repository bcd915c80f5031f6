"""`imr batch PATH... --out DIR`, as a user sees it."""

import json
from pathlib import Path

import pyarrow.parquet
import pytest
from typer.testing import CliRunner, Result

from extract.batch.cli import app

LETTERS = Path(__file__).parents[3] / "gold" / "letters"


def _batch(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.mark.parametrize("command", [[], ["run"]])
def test_a_folder_of_letters_becomes_records_and_tables(
    tmp_path: Path, command: list[str]
) -> None:
    result = _batch(*command, LETTERS, "--out", tmp_path)
    assert result.exit_code == 0
    assert "5 of 5 letters extracted" in result.stdout
    lines = (tmp_path / "records.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == [f"imr-00{n}" for n in range(1, 6)]
    assert pyarrow.parquet.read_table(tmp_path / "cases.parquet").num_rows == 5
    assert (tmp_path / "cases.csv").read_text("utf-8").startswith('"id","layout"')
    assert (tmp_path / "failures.jsonl").read_text("utf-8") == ""


def test_a_failure_is_filed_and_shows_in_the_exit_code(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text(" ")
    result = _batch(LETTERS, tmp_path / "empty.txt", "--out", tmp_path / "run")
    assert result.exit_code == 1
    (line,) = (tmp_path / "run" / "failures.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line)["reason"] == "LetterEmpty"
    assert json.loads(line)["id"] == "empty"


def test_a_path_that_leads_nowhere_is_wrong_use(tmp_path: Path) -> None:
    result = _batch(tmp_path / "lettres", "--out", tmp_path / "run")
    assert result.exit_code == 2
    assert "check the path" in result.stderr
