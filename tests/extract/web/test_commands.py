"""`imr serve` and `imr review` refuse in words what they cannot do."""

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from extract.web.commands import mount

app = typer.Typer()
mount(app)


def run(*arguments: str, **environment: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments), env=environment)
    return result.exit_code, result.output


@pytest.mark.parametrize(
    ("arguments", "environment", "message"),
    [
        (["serve", "--host", "0.0.0.0"], {}, "set bearer tokens in IMR_TOKENS"),
        (["serve", "--token-file", "none"], {}, "cannot be read"),
        (["serve"], {"IMR_TOKENS": "short"}, "shorter than 20 characters"),
        (["serve", "--timeout", "0"], {}, "timeout_s must be more than 0"),
        (["review", "nowhere"], {}, "nothing is at nowhere"),
        (["review", ".", "--host", "0.0.0.0"], {}, "set bearer tokens"),
        (["review", ".", "--reviewer", "../x"], {}, "a reviewer's name has letters"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    environment: dict[str, str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    code, said = run(*arguments, **environment)
    assert code == 2
    assert message in " ".join(said.split())


def test_a_folder_without_letters_is_named(tmp_path: Path) -> None:
    code, said = run("review", str(tmp_path), "--out", str(tmp_path / "out"))
    assert (code, "holds no letter" in said) == (2, True)


def test_a_run_of_another_version_is_named(tmp_path: Path) -> None:
    (tmp_path / "records.jsonl").write_text("{}\n")
    code, said = run("review", str(tmp_path))
    assert (code, "line 1 is no extraction of this version" in said) == (2, True)
