"""Label Studio: what goes out comes back the same; what cannot be used is named."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from extract import extract_record, read_letter
from extract.review.differences import same_values
from extract.review.form import controls_by_path
from extract.review.label_studio import (
    TasksUnusable,
    export_task,
    labelling_interface,
    read_tasks,
)
from extract.review.sheet import Cell, Entry, sheet_of
from extract.review.shelf import KeptLetter
from tests.extract.review.runs import TWO_ITEMS


def kept_of(text: str) -> KeptLetter:
    letter = read_letter(text, letter_id="letter")
    return KeptLetter("letter", None, None, text, (0,), extract_record(letter))


def there_and_back(text: str) -> None:
    kept = kept_of(text)
    sheet = sheet_of(kept.extraction).with_cell(
        None, "patient.sex", Cell(entries=(Entry(value="female"),))
    )
    exported = json.dumps([export_task(kept, {"alice": sheet})])
    (annotation,) = read_tasks(exported.encode())
    assert (annotation.letter, annotation.by) == ("letter", "alice")
    back = annotation.sheet
    assert len(back.items) == len(sheet.items)
    for item, name, cell in sheet.walk():
        again = back.cell(item, name)
        assert same_values(cell, again)
        places = sorted((each.start or 0, each.end or 0) for each in cell.entries)
        assert places == sorted((each.start or 0, each.end or 0) for each in again.entries)


def test_real_letters_come_back_the_same(letter_paths: list[Path]) -> None:
    for path in letter_paths:
        there_and_back(path.read_text("utf-8"))


def test_characters_beyond_the_basic_plane_do_not_shift_the_places() -> None:
    there_and_back("\U0001f9fe\U0001f9fe " + TWO_ITEMS.replace("lumbar", "lumbar \U0001f9b4"))


def region(**value: Any) -> dict[str, Any]:
    place = {"start": 0, "end": 5, "labels": ["diagnoses"], **value}
    return {
        "id": "a",
        "from_name": "field",
        "to_name": "text",
        "type": "labels",
        "value": place,
    }


NESTED = {"id": "a", "from_name": "value", "value": {"text": ["[" * 99_999]}}


def task(*results: Any) -> bytes:
    data = {"text": "ankle sprain", "id": "letter"}
    return json.dumps([{"data": data, "annotations": [{"result": results}]}]).encode()


def test_a_region_without_a_value_means_its_words() -> None:
    (annotation,) = read_tasks(task(region()))
    assert annotation.sheet.cell(None, "diagnoses").values == ["ankle"]
    assert annotation.by == "label-studio"


@pytest.mark.parametrize(
    ("contents", "message"),
    [
        (b"{", "no JSON"),
        (b"{}", "no list"),
        (b"[" * 200_000, "no JSON"),
        (b"[1]", "task 1"),
        (task(region(start=float("inf"))), "task 1"),
        (task(region(), NESTED), "task 1"),
        (task(region(labels=["nonsense"])), "task 1"),
        (task(region(end=99)), "outside"),
        (task(region(labels=["patient.age"])), "task 1"),
        (
            task(
                {
                    "id": "u",
                    "from_name": "unplaced",
                    "value": {"text": ['{"items": 9999, "values": []}']},
                }
            ),
            "more than",
        ),
    ],
)
def test_what_cannot_be_used_is_named(contents: bytes, message: str) -> None:
    with pytest.raises(TasksUnusable, match=message) as caught:
        read_tasks(contents)
    assert "ankle" not in str(caught.value)


def test_the_interface_offers_every_field() -> None:
    labels = ElementTree.fromstring(labelling_interface()).iter("Label")
    assert [label.get("value") for label in labels] == list(controls_by_path())
