"""`imr outcomes RUN`: on the terminal, as CSV, as a page that needs nothing else."""

import csv
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from extract.batch import JobOptions, run_batch
from extract.outcomes.cli import outcomes
from extract.outcomes.csv_file import COLUMNS

GOLD = Path(__file__).parents[3] / "gold" / "letters"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("<b>run")
    run_batch([str(GOLD)], folder, options=JobOptions(workers=1))
    return folder


def _outcomes(*arguments: object) -> Result:
    app = typer.Typer()
    app.command()(outcomes)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_the_terminal_shows_all_tables(run: Path) -> None:
    result = _outcomes(run)
    assert result.exit_code == 0
    assert "5 letters, 8 items" in result.stdout
    assert "0.0 % (0.0–32.4 %), 0 of 8" in result.stdout
    for title in ("By category", "By body part", "By year", "Therapy in visits"):
        assert title in result.stdout


def test_one_table_can_be_asked_for(run: Path) -> None:
    result = _outcomes(run, "--by", "year")
    assert "By year" in result.stdout
    assert "By category" not in result.stdout


def test_the_csv_holds_every_row(run: Path, tmp_path: Path) -> None:
    assert _outcomes(run, "--csv", tmp_path / "new").exit_code == 0
    with (tmp_path / "new" / "outcomes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    assert (rows[0]["grouping"], rows[0]["items"]) == ("all", "8")
    assert (tmp_path / "new" / "visits.csv").read_text("utf-8").startswith("category,")


class _Page(HTMLParser):
    """Collects the tags and everything that a page would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.fetched: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.fetched += [value for name, value in attrs if name in {"src", "href"}]


def test_the_page_has_plots_and_fetches_nothing(run: Path, tmp_path: Path) -> None:
    assert _outcomes(run, "--html", tmp_path / "page.html").exit_code == 0
    page = _Page()
    page.feed((tmp_path / "page.html").read_text("utf-8"))
    assert page.tags.count("svg") == 7
    assert "circle" in page.tags
    assert page.fetched == []
    assert "b" not in page.tags, "the run's name was not escaped"


def test_all_plots_have_one_axis(run: Path, tmp_path: Path) -> None:
    assert _outcomes(run, "--html", tmp_path / "page.html").exit_code == 0
    plots = re.findall("<svg.*?</svg>", (tmp_path / "page.html").read_text("utf-8"))
    axes = {tuple(re.findall(r'text-anchor="middle">(\d+ %)', plot)) for plot in plots}
    assert len(plots) == 7
    assert [len(axis) for axis in axes] == [6]


def test_a_file_is_no_folder_for_tables(run: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("mine")
    result = _outcomes(run, "--csv", path)
    assert (result.exit_code, "name a folder" in result.stderr) == (2, True)
    assert path.read_text() == "mine"


def test_a_folder_without_a_run_is_said_so(tmp_path: Path) -> None:
    result = _outcomes(tmp_path)
    assert result.exit_code == 2
    assert "holds no run" in result.stderr


def test_brackets_of_a_letter_are_no_markup(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text(
        "HOW THE IMR FINAL DETERMINATION WAS MADE\nThe Expert Reviewer has the following "
        "credentials:\nState(s) of Licensure: Ohio\nCertification(s)/Specialty: Internal [/x] "
        "Medicine\nCLINICAL CASE SUMMARY\nNone.\n"
        "IMR ISSUES, DECISIONS AND RATIONALES\nset forth below:\nMRI of the knee: Upheld\n"
        "Claims Administrator guideline: None.\nMAXIMUS guideline: None.\n"
        "Decision rationale: None.\n"
    )
    run_batch([str(letter)], tmp_path / "run", options=JobOptions(workers=1))
    result = _outcomes(tmp_path / "run", "--by", "specialty")
    assert result.exit_code == 0
    assert "Internal [/X] Medicine" in result.stdout
