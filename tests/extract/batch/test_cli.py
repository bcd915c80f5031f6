"""`imr batch PATH... --out DIR`, as a user sees it."""

import json
import sys
from pathlib import Path

import pyarrow.parquet
import pytest
from typer.testing import CliRunner, Result

from extract.batch.cli import app
from extract.batch.lock import hold_lock
from extract.batch.store import RunStore
from tests.conftest import ROOT
from tests.extract.batch.jobs import reply_by_the_rules
from tests.extract.batch.provider import FakeProvider

LETTERS = ROOT / "gold" / "letters"


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


def test_letters_that_are_named_no_more_are_told(tmp_path: Path) -> None:
    assert "earlier list" not in _batch(LETTERS, "--out", tmp_path).stdout
    again = _batch(LETTERS / "imr-002.txt", "--out", tmp_path)
    assert "4 letters of an earlier start are no longer inputs" in again.stdout
    assert json.loads((tmp_path / "run.json").read_text())["left_out"] == 4


def test_a_path_that_leads_nowhere_is_wrong_use(tmp_path: Path) -> None:
    result = _batch(tmp_path / "lettres", "--out", tmp_path / "run")
    assert result.exit_code == 2
    assert "check the path" in result.stderr
    assert not (tmp_path / "run").exists()


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = tmp_path_factory.mktemp("finished")
    assert _batch(LETTERS, "--out", run, "-q").exit_code == 0
    return run


def test_status_tells_how_far_a_run_is(finished: Path) -> None:
    assert (
        "finished; 5 of 5 letters done, 0 failed, 0 to go" in _batch("status", finished).stdout
    )
    status = json.loads(_batch("status", finished, "--json").stdout)
    assert (status["at_work"], status["done"], status["pending"]) == (False, 5, 0)


@pytest.mark.parametrize("command", ["status", "export"])
def test_a_folder_without_a_run_is_said_so(tmp_path: Path, command: str) -> None:
    result = _batch(command, tmp_path)
    assert result.exit_code == 2
    assert "holds no run" in result.stderr


def test_exports_are_made_again_from_the_store(finished: Path, tmp_path: Path) -> None:
    formats = [part for name in ("jsonl", "csv", "parquet") for part in ("--format", name)]
    assert _batch("export", finished, *formats, "--to", tmp_path).exit_code == 0
    for made in tmp_path.iterdir():
        assert made.read_bytes() == (finished / made.name).read_bytes()
    assert len(list(tmp_path.iterdir())) == 8


def test_the_query_for_evidence_of_the_document_gives_every_place(
    finished: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    duckdb = pytest.importorskip("duckdb")
    page = (ROOT / "docs" / "batch.md").read_text("utf-8")
    query = page.partition("```sql\n")[2].partition("```")[0]
    monkeypatch.chdir(finished)
    rows = duckdb.sql(query.strip().rstrip(";"))
    lines = (finished / "records.jsonl").read_text("utf-8").splitlines()
    wanted = {
        (line["id"], path, proof["quote"], proof["confidence"])
        for line in map(json.loads, lines)
        for path, proof in line["evidence"].items()
    }
    assert set(rows.select("id, path, quote, confidence").fetchall()) == wanted


def test_an_export_to_duckdb_holds_the_tables(finished: Path, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    assert _batch("export", finished, "--format", "duckdb", "--to", tmp_path).exit_code == 0
    with duckdb.connect(tmp_path / "run.duckdb", read_only=True) as db:
        assert db.execute("SELECT count(*) FROM items").fetchone() == (8,)
        assert db.execute("SELECT decision FROM items LIMIT 1").fetchone() == ("upheld",)


def test_a_manifest_names_letters(tmp_path: Path) -> None:
    manifest = tmp_path / "letters.list"
    manifest.write_text("\n".join(str(path) for path in sorted(LETTERS.glob("*.txt"))[:2]))
    result = _batch("--manifest", manifest, "--out", tmp_path / "run", "-q")
    assert "2 of 2 letters extracted" in result.stdout


@pytest.mark.parametrize(
    ("module", "arguments"),
    [
        ("ray", [LETTERS, "--engine", "ray", "--out"]),
        ("duckdb", ["export", "--format", "duckdb"]),
        ("fsspec", ["export", "--shards", "memory://x"]),
    ],
)
def test_a_part_that_is_not_installed_is_named(
    finished: Path, monkeypatch: pytest.MonkeyPatch, module: str, arguments: list[object]
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    result = _batch(*arguments, finished)
    assert result.exit_code == 2
    assert "pip install 'imr-extract[" in result.stderr


def test_without_letters_the_use_is_wrong(tmp_path: Path) -> None:
    assert _batch("--out", tmp_path).exit_code == 2


def test_a_batch_is_submitted_polled_and_collected(tmp_path: Path) -> None:
    with FakeProvider(reply_by_the_rules) as provider:
        endpoint = ("--model", "made-up", "--base-url", provider.url)
        submitted = _batch("submit", LETTERS, "--out", tmp_path, *endpoint, "-q")
        assert "5 requests handed in for 5 letters" in submitted.stdout
        assert "1 in_progress" in _batch("poll", tmp_path, *endpoint).stdout
        provider.work()
        assert "1 completed" in _batch("poll", tmp_path, *endpoint).stdout
        collected = _batch("collect", tmp_path, *endpoint, "-q")
        assert "5 ok" in collected.stdout
        assert "5 of 5 letters extracted" in collected.stdout
        assert "every batch is collected" in _batch("poll", tmp_path, *endpoint).stdout


@pytest.mark.parametrize("name", ["status", "export", "poll", "collect"])
def test_a_folder_named_like_a_command_is_given_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "is a command" not in _batch(name, "--out", "run").stderr
    (tmp_path / name).mkdir()
    (tmp_path / name / "a.txt").write_text((LETTERS / "imr-001.txt").read_text("utf-8"))
    result = _batch(name, "--out", "run")
    assert (result.exit_code, f"write ./{name}" in result.stderr) == (2, True)
    assert _batch(f"./{name}", "--out", "run", "-q").exit_code == 0


def test_a_model_that_is_not_named_is_asked_for(tmp_path: Path) -> None:
    result = _batch(LETTERS, "--method", "model", "--out", tmp_path)
    assert result.exit_code == 2
    assert "IMR_MODEL" in result.stderr


@pytest.mark.parametrize("command", ["poll", "collect"])
def test_a_run_that_was_not_handed_in_is_said_so(tmp_path: Path, command: str) -> None:
    _batch(LETTERS / "imr-001.txt", "--out", tmp_path, "-q")
    endpoint = ("--model", "made-up", "--base-url", "http://127.0.0.1:9/v1")
    result = _batch(command, tmp_path, *endpoint)
    assert (result.exit_code, "was handed in: use" in result.stderr) == (2, True)


def test_a_batch_that_the_provider_forgot_is_asked_again_when_told(tmp_path: Path) -> None:
    with FakeProvider(reply_by_the_rules) as provider:
        endpoint = ("--model", "made-up", "--base-url", provider.url)
        _batch("submit", LETTERS, "--out", tmp_path, *endpoint, "-q")
        provider.batches.clear()
        polled = _batch("poll", tmp_path, *endpoint)
        assert "1 unknown" in polled.stdout
        assert "--give-up-unknown" in polled.stderr
        assert "5 letters wait" in _batch("collect", tmp_path, *endpoint, "-q").stdout
        assert provider.direct == []
        told = _batch("collect", tmp_path, *endpoint, "-q", "--give-up-unknown")
        assert "5 of 5 letters extracted" in told.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["run", LETTERS, "--max-mb", "nan", "--out"], "above 0"),
        (["run", LETTERS, "--max-mb", "inf", "--out"], "above 0"),
        (["run", LETTERS, "--max-mb", "-1", "--out"], "above 0"),
        (["run", LETTERS, "--max-mb", "1e13", "--out"], "above 0"),
        (["export", "--shards", "memory://x", "--format", "csv"], "without --to"),
        (["export", "--shards", ""], "needs a folder"),
        (
            [
                "run",
                LETTERS,
                "--method",
                "model",
                "--model",
                "x",
                "--base-url",
                "http://[::1",
                "--out",
            ],
            "write it like",
        ),
        (["submit", LETTERS, "--method", "rules", "--model", "x", "--out"], "--method model"),
        (["poll", "--model", "x"], "holds no run"),
        (["collect", "--model", "x"], "holds no run"),
    ],
)
def test_wrong_use_is_a_sentence(
    tmp_path: Path, arguments: list[object], sentence: str
) -> None:
    result = _batch(*arguments, tmp_path / "run")
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert not (tmp_path / "run").exists()


def test_a_run_that_lists_for_the_first_time_is_said_to_be_at_work(tmp_path: Path) -> None:
    with hold_lock(tmp_path), RunStore(tmp_path, create=True) as store:
        store.note("stage", "listing")
        assert "at work, listing" in _batch("status", tmp_path).stdout
        assert "name another folder" in _batch("export", tmp_path).stderr
        around = _batch("export", tmp_path, "--to", tmp_path / "x" / "..")
        assert "name another folder" in around.stderr
        away = _batch("export", tmp_path, "--to", tmp_path / "away")
        assert "wait a little" in away.stderr
    assert "start it again" in _batch("status", tmp_path).stderr


def test_a_dry_run_stores_nothing_and_says_what_it_would_cost(tmp_path: Path) -> None:
    rows = [
        {"id": path.stem, "text": path.read_text("utf-8")} for path in LETTERS.glob("*.txt")
    ]
    lines = tmp_path / "letters.jsonl"
    lines.write_text("".join(json.dumps(row) + "\n" for row in rows) + "no json\n")
    command = [lines, LETTERS, "--out", tmp_path / "run", "--method", "model"]
    said = _batch(*command, "--model", "gpt-4.1-mini", "--dry-run")
    assert said.exit_code == 1
    assert "5 letters (1 unreadable), 5 calls" in said.stdout
    assert f"{lines}/line-6: line 6 is no JSON" in said.stderr
    assert "USD" in said.stdout
    assert not (tmp_path / "run").exists()


def test_a_dry_run_leaves_out_what_the_run_has_answered(tmp_path: Path) -> None:
    with FakeProvider(reply_by_the_rules) as provider:
        model = ("--method", "model", "--model", "made-up", "--base-url", provider.url)
        end = ("--out", tmp_path, *model)
        _batch(LETTERS / "imr-001.txt", LETTERS / "imr-002.txt", *end, "-q")
        said = _batch(LETTERS, *end, "--dry-run")
    assert said.exit_code == 0
    assert "3 letters (0 unreadable), 3 calls" in said.stdout


def test_a_dry_run_counts_no_call_whose_reply_is_kept(tmp_path: Path) -> None:
    with FakeProvider(reply_by_the_rules) as provider:
        model = ("--method", "model", "--model", "made-up", "--base-url", provider.url)
        end = ("--out", tmp_path, "--min-confidence", "0.5", *model)
        _batch(LETTERS / "imr-001.txt", "--out", tmp_path, *model, "-q")
        said = _batch(LETTERS, *end, "--dry-run")
    assert "5 letters (0 unreadable), 4 calls" in said.stdout


def test_a_dry_run_tells_of_failed_letters_only_if_they_are_tried_again(
    tmp_path: Path,
) -> None:
    with FakeProvider(reply_by_the_rules) as provider:
        model = ("--method", "model", "--model", "made-up", "--base-url", provider.url)
        end = ("--out", tmp_path, *model)
        provider.refuse = lambda _method, _path: 413
        _batch(LETTERS / "imr-001.txt", *end, "-q")
        provider.refuse = lambda _method, _path: None
        said = [_batch(LETTERS / "imr-001.txt", *end, "--dry-run", *more).stdout
                for more in ([], ["--retry-failed"])]  # fmt: skip
    assert "0 letters (0 unreadable), 0 calls" in said[0]
    assert "1 letters (0 unreadable), 1 calls" in said[1]
