"""The flat list of fields, read off the models."""

import json
from pathlib import Path

import pytest

from schemas import CaseRecord, Field, Layout, Term, record_fields, record_values

GUIDE_FIELDS = 35


def test_every_field_of_the_guide_is_there_once() -> None:
    paths = [field.path for field in record_fields()]
    assert len(paths) == len(set(paths)) == GUIDE_FIELDS
    assert paths[0] == "layout"
    assert paths[-1] == "outcome"
    assert "items[].requested.visits" in paths
    assert "reviewer.licensed_states" in paths


@pytest.mark.parametrize("field", record_fields(), ids=lambda field: field.path)
def test_every_field_says_what_it_holds(field: Field) -> None:
    assert field.description


def test_vocabulary_of_a_field_is_its_enum() -> None:
    by_path = {field.path: field for field in record_fields()}
    assert by_path["layout"].vocabulary is Layout
    assert by_path["diagnoses"].vocabulary is None


@pytest.mark.parametrize("vocabulary", Term.__subclasses__(), ids=lambda kind: kind.__name__)
def test_words_are_in_lower_case_or_the_divisions(vocabulary: type[Term]) -> None:
    words = tuple(word.value for word in vocabulary)
    assert len(words) == len(set(words)) > 1
    if vocabulary.__name__ != "DwcCategory":
        assert all(word == word.lower() and " " not in word for word in words)


def test_values_of_a_record_are_all_that_it_states(gold: Path) -> None:
    label = CaseRecord.model_validate_json((gold / "labels/imr-003.json").read_text())
    values = {value.path: value.value for value in record_values(label)}
    assert values["items[1].requested.drug"] == "Soma"
    assert values["diagnoses[1]"] == "Dizziness/vertigo"
    assert values["outcome"] == "upheld"
    assert "case_number" not in values


def test_json_schema_has_the_guides_keys_in_order(gold: Path) -> None:
    label = json.loads((gold / "labels/imr-001.json").read_text())
    schema = CaseRecord.model_json_schema(mode="serialization")
    assert list(schema["properties"]) == list(label)
    assert schema["required"] == list(label)
    assert schema["additionalProperties"] is False
