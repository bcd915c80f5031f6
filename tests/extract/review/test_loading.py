"""Letters of real runs are found again where they are: in files, archives and rows."""

import csv
import html
import json
import re
import warnings
import zipfile
from pathlib import Path

import httpx2
import pytest

from eval.gold import load_gold
from extract.batch import JobOptions, run_batch
from extract.review.commands import _review_app
from extract.review.desk import Seat
from extract.review.errors import ReviewSourceUnusable
from extract.review.loading import find_contents, listed_under
from extract.settings import Settings
from extract.web.problems import Problem
from extract.web.settings import ServiceSettings
from tests.extract.review.reviewing import make_review
from tests.extract.review.runs import SAMPLE_LETTER, TWO_ITEMS
from tests.extract.web.serving import running

MAX = 1_000_000
TEXTS = (SAMPLE_LETTER, TWO_ITEMS)
LONG = "long/" + "x" * 2000


def _zip(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that the name is there twice is what is meant
        for text in TEXTS:
            archive.writestr("a.txt", text)
    return path


def _csv(path: Path) -> Path:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([("case_number", "text"), *(("CM1", t) for t in TEXTS)])
    return path


def _jsonl(path: Path, name: str) -> Path:
    lines = [json.dumps({"id": name, "text": text}) + "\n" for text in TEXTS]
    path.write_text("".join(lines))
    return path


@pytest.mark.parametrize("kind", ["zip", "csv", "jsonl", "long"])
def test_letters_of_one_name_are_each_found_in_their_container(
    tmp_path: Path, kind: str
) -> None:
    path = {
        "zip": lambda: _zip(tmp_path / "a.zip"),
        "csv": lambda: _csv(tmp_path / "a.csv"),
        "jsonl": lambda: _jsonl(tmp_path / "a.jsonl", "CM/../1"),
        "long": lambda: _jsonl(tmp_path / "a.jsonl", LONG),
    }[kind]()
    run_batch([str(path)], tmp_path / "run", options=JobOptions(workers=1))
    review = make_review(tmp_path / "run", tmp_path / "review")
    kept = [review.shelf.get(letter_id) for letter_id in review.shelf.known()]
    found = [find_contents(each, MAX) for each in kept if each]
    texts = {one if isinstance(one, str) else one.decode() for one in found}
    assert texts == set(TEXTS)
    path.unlink()
    with pytest.raises(ReviewSourceUnusable, match="not where it was"):
        find_contents(kept[0], MAX)  # type: ignore[arg-type]  # it is there
    review.store.close()


def test_a_letter_over_the_usual_limit_is_shown_as_its_run_read_it(tmp_path: Path) -> None:
    run, usual = tmp_path / "run", Settings(max_bytes=100)
    run_batch([str(_zip(tmp_path / "a.zip"))], run, options=JobOptions(workers=1))
    settings = ServiceSettings(workers=1, extraction=usual)
    app = _review_app(run, settings, folder=tmp_path / "review", reviewer="alice")
    with running(app) as base, httpx2.Client(base_url=base, timeout=30) as client:
        (first, *_) = re.findall(r'href="(/review/letter[^"]*)"', client.get("/review/").text)
        assert "Physical therapy" in client.get(html.unescape(first)).text
    assert listed_under(tmp_path, usual) == usual, "no run lies there"
    review = make_review(run, tmp_path / "another", max_bytes=usual.max_bytes)
    kept = review.shelf.get(next(iter(review.shelf.known())))
    assert kept
    with pytest.raises(Problem) as caught:
        review.contents(kept)
    assert caught.value.status_code == 409
    review.store.close()


def test_a_letter_of_a_long_id_can_be_labelled(tmp_path: Path) -> None:
    letters = tmp_path / "letters"
    for folder in ("ä" * 40, "ö" * 40):
        path = letters / folder / folder / "letter.txt"
        path.parent.mkdir(parents=True)
        path.write_text(SAMPLE_LETTER)
    review = make_review(letters, tmp_path / "review")
    for letter_id in review.shelf.known():
        kept = review.shelf.get(letter_id)
        assert kept
        review.desks.save(Seat(letter_id, "alice", "alice"), kept, 0, replace=True)
    assert len(load_gold([tmp_path / "review" / "gold"])) == 2
    review.store.close()
