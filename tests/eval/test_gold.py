"""Gold letters load, or every problem is named at once."""

import json
from pathlib import Path
from typing import Any

import pytest

from eval.errors import GoldInvalid
from eval.gold import load_gold, load_labels
from tests.eval.makers import item, record

LABEL = record(item(), case_number="CM14-0012345").model_dump(mode="json")


def put(folder: Path, *names: str, label: Any = LABEL) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        text = json.dumps(label) if name.endswith(".json") else "a letter"
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def problems(*folders: Path, **options: Any) -> list[str]:
    with pytest.raises(GoldInvalid) as caught:
        load_gold(folders, **options)
    for problem in caught.value.problems:
        assert problem in str(caught.value)
    return list(caught.value.problems)


def test_the_repositorys_gold_loads(gold: Path) -> None:
    letters = load_gold([gold])
    assert len(letters) >= 5
    assert all(letter.path.is_file() for letter in letters)


def test_letters_and_labels_in_two_folders(tmp_path: Path) -> None:
    put(tmp_path / "letters", "b.txt", "a.pdf")
    put(tmp_path / "labels", "a.json", "b.json")
    letters = load_gold([tmp_path])
    assert [letter.id for letter in letters] == ["a", "b"]
    assert {letter.subset for letter in letters} == {tmp_path.name}
    assert letters[0].label.case_number == "CM14-0012345"


def test_letters_beside_their_labels(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", "a.json", "README.md")
    assert [letter.id for letter in load_gold([tmp_path])] == ["a"]


def test_subfolders_are_subsets(tmp_path: Path) -> None:
    put(tmp_path / "letters", "a.txt")
    put(tmp_path / "labels", "a.json")
    put(tmp_path / "authored", "b.txt", "b.json")
    subsets = {letter.id: letter.subset for letter in load_gold([tmp_path])}
    assert subsets == {"a": tmp_path.name, "b": f"{tmp_path.name}/authored"}


def test_labels_apart_from_the_letters(tmp_path: Path) -> None:
    pdfs, labels = put(tmp_path / "pdf", "a.pdf", "b.pdf"), put(tmp_path / "labels", "a.json")
    flat = put(tmp_path / "flat", "c.txt", "c.json")
    letters = load_gold([flat, pdfs], labels=labels, only_labelled=True)
    assert [(each.subset, each.id) for each in letters] == [("flat", "c"), ("pdf", "a")]
    assert problems(pdfs, labels=labels) == [f"{pdfs / 'b.pdf'}: a letter without a label"]


def test_a_label_apart_without_a_letter_is_named(tmp_path: Path) -> None:
    pdfs, labels = put(tmp_path / "pdf", "a.pdf"), put(tmp_path / "l", "a.json", "z.json")
    assert problems(pdfs, labels=labels) == [f"{labels / 'z.json'}: a label without a letter"]


def test_every_problem_is_named_at_once(tmp_path: Path) -> None:
    one = put(tmp_path / "one", "a.txt", "a.pdf", "a.json", "orphan.json", "bare.txt")
    put(one, "wrong.txt", "wrong.json", label=LABEL | {"priority": "soon", "colour": 1})
    put(one, "twice.txt")
    (one / "twice.json").write_text('{"priority": null, "priority": null}')
    put(one, "broken.txt")
    (one / "broken.json").write_text("{")
    put(one, "latin.txt")
    (one / "latin.json").write_bytes(b'{"\xe9": 1}')
    short = {key: value for key, value in LABEL.items() if key != "priority"}
    short["items"] = [{k: v for k, v in LABEL["items"][0].items() if k != "prior_visits"}]
    put(one, "short.txt", "short.json", label=short)
    two = put(tmp_path / "two", "a.txt", "a.json")
    found = "\n".join(problems(one, two, tmp_path / "nowhere"))
    for expected in (
        "one/a.txt: a.pdf has the same id",
        "orphan.json: a label without a letter",
        "bare.txt: a letter without a label",
        "wrong.json: priority: Input should be 'standard' or 'expedited'",
        "wrong.json: colour: Extra inputs are not permitted",
        "twice.json: has the key priority twice",
        "broken.json: no JSON",
        "latin.json: not UTF-8",
        "short.json: lacks the key priority",
        "short.json: lacks the key items[0].prior_visits",
        "a.pdf has the same id",
        "nowhere: there is no such folder; --gold names another",
    ):
        assert expected in found


def test_a_label_that_contradicts_itself_is_named(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", "a.json", label=LABEL | {"outcome": "mixed"})
    assert "outcome does not follow from the items" in problems(tmp_path)[0]


def test_a_label_nested_without_end_is_named(tmp_path: Path) -> None:
    folder = put(tmp_path, "deep.txt", "deep.json")
    (folder / "deep.json").write_text("[" * 100_000)
    assert [problem.partition("json: ")[2] for problem in problems(folder)] == [
        "nested deeper than any label: look what wrote it"
    ]


def test_the_value_itself_is_not_told(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", "a.json", label=LABEL | {"priority": "Mrs Smith of Fresno"})
    assert "Smith" not in "".join(problems(tmp_path))


def test_an_empty_folder_is_no_gold(tmp_path: Path) -> None:
    with pytest.raises(GoldInvalid, match="no labelled letter"):
        load_gold([tmp_path])


def test_labels_alone(tmp_path: Path) -> None:
    put(tmp_path, "a.json", "b.json")
    assert sorted(load_labels(tmp_path)) == ["a", "b"]
    put(tmp_path, "c.json", label={"priority": 1})
    with pytest.raises(GoldInvalid, match=r"c\.json"):
        load_labels(tmp_path)
    with pytest.raises(GoldInvalid, match="no such folder"):
        load_labels(tmp_path / "nowhere")
