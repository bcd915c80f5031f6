"""What the README shows is what a user gets: every command is run, every target exists."""

import doctest
import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from tests.conftest import ROOT

README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = re.findall(r"^\$ (.+)$", README, re.MULTILINE)
RUNS_ON = ("imr serve", "imr review")
"""Commands that serve until they are stopped: their help is asked for instead."""


@pytest.fixture
def workplace(tmp_path: Path) -> Path:
    """A folder that looks like a checkout, with an `imr` command of its own."""
    for name in ("gold", "eval"):
        (tmp_path / name).symlink_to(ROOT / name)
    command = tmp_path / "bin" / "imr"
    command.parent.mkdir()
    command.write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -c "import imr; imr.main()" "$@"\n'
    )
    command.chmod(0o755)
    return tmp_path


def test_every_command_of_the_readme_runs_in_its_order(workplace: Path) -> None:
    environment = os.environ | {
        "PATH": f"{workplace / 'bin'}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
    }
    for command in COMMANDS:
        if "imr" not in command.split():
            continue
        if command.startswith(RUNS_ON):
            command = " ".join(command.split()[:2]) + " --help"
        run = subprocess.run(
            ["bash", "-o", "pipefail", "-c", command],
            cwd=workplace, env=environment, capture_output=True, text=True, timeout=300,
            check=False,
        )  # fmt: skip
        assert run.returncode == 0, f"{command}: {run.stderr}"
        assert run.stdout, command


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith("make ")])
def test_every_target_of_the_readme_exists(command: str) -> None:
    target = command.split()[1]
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


def test_commands_of_the_readme_were_found() -> None:
    assert len(COMMANDS) > 10


@pytest.mark.parametrize("page", ["README.md", "docs/batch.md", "docs/settings.md"])
def test_python_of_a_page_prints_what_it_says(
    page: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "gold").symlink_to(ROOT / "gold")
    monkeypatch.chdir(tmp_path)
    text = (ROOT / page).read_text("utf-8")
    programs = re.findall(r"^```python\n(.+?)^```", text, re.MULTILINE | re.DOTALL)
    assert programs
    for program in programs:
        exec(compile(program, page, "exec"), {})
        said = re.findall(r"^# (.+)$", program, re.MULTILINE)
        assert capsys.readouterr().out.splitlines()[: len(said)] == said


def test_every_link_of_the_documents_leads_somewhere() -> None:
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        for target in re.findall(r"\]\((?!http)([^)#]+)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


PACKAGES = ("schemas", "prompts", "extract", "eval")
EXEMPLARY = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for pattern in ("imr.py", *(f"{name}/**/*.py" for name in PACKAGES))
    for path in sorted(ROOT.glob(pattern))
    if ">>> " in path.read_text("utf-8")
]
"""The modules whose docstrings hold examples."""


@pytest.mark.parametrize("name", EXEMPLARY)
def test_examples_in_docstrings_hold(name: str) -> None:
    found = doctest.testmod(import_module(name))
    assert found.attempted
    assert found.failed == 0
