"""`imr serve` refuses in words what it cannot do."""

import re
import socket
import subprocess
import sys
from inspect import signature
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from extract.settings import MEGABYTE
from extract.web.commands import serve
from extract.web.settings import ServiceSettings
from tests.conftest import ROOT

app = typer.Typer()
app.command()(serve)


def run(*arguments: str, **environment: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments), env=environment)
    return result.exit_code, result.output


@pytest.mark.parametrize(
    ("arguments", "environment", "message"),
    [
        (["--host", "0.0.0.0"], {}, "set bearer tokens in IMR_TOKENS"),
        (["--token-file", "none"], {}, "cannot be read"),
        ([], {"IMR_TOKENS": "short"}, "shorter than 20 characters"),
        (["--timeout", "0"], {}, "timeout_s must be a number above 0"),
        (["--timeout", "nan"], {}, "timeout_s must be a number above 0"),
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


def test_the_defaults_are_those_of_the_settings_and_of_the_page() -> None:
    default = {name: one.default for name, one in signature(serve).parameters.items()}
    settings = ServiceSettings()
    assert default.pop("max_mb") * MEGABYTE == settings.max_bytes
    assert default.pop("timeout") == settings.timeout_s
    for name, value in default.items():
        if name.startswith("max_") or name in {"host", "port"}:
            assert value == getattr(settings, name), name
    page = (ROOT / "docs" / "service.md").read_text("utf-8")
    stated = dict(re.findall(r"`--([a-z-]+)` \| ([\d,]+)", page))
    assert len(stated) == 6
    for name, value in stated.items():
        shown = signature(serve).parameters[name.replace("-", "_")].default
        assert int(value.replace(",", "")) == shown, name


def test_a_port_that_is_taken_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        code, said = run("--port", str(port))
    assert (code, f"cannot listen at 127.0.0.1 port {port}" in said) == (2, True)


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "extract.web.app", None)
    code, said = run()
    assert (code, "pip install 'imr-extract[serve]'" in said) == (2, True)


def test_the_service_lets_nobody_look_into_its_process() -> None:
    hidden = "_keep_private(); print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    script = f"import ctypes; from extract.web.serving import _keep_private; {hidden}"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert run.stdout == b"0\n"
