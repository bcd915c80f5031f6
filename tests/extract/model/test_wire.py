"""The wire schema against OpenAI's rules for strict structured output, and real grammars."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import llguidance
import pytest
from pydantic import ValidationError

from extract.model.wire import asked_fields, asked_of, reply_model
from prompts import load_examples
from schemas import record_fields

SCHEMAS = {
    "whole": reply_model().model_json_schema(),
    "one case field": reply_model(["patient.age"]).model_json_schema(),
    "numbered": reply_model(
        ["items[].category", "items[].requested.visits"], numbered=True
    ).model_json_schema(),
    "everything, numbered": reply_model(numbered=True).model_json_schema(),
}
# https://platform.openai.com/docs/guides/structured-outputs, as of 2026
ALLOWED = {
    *("title", "$defs", "$ref", "type", "enum", "format", "anyOf"),
    *("properties", "required", "additionalProperties", "items"),
}
MOST_PROPERTIES = 5_000
MOST_ENUM_WORDS = 1_000
MOST_CHARACTERS = 120_000
DEEPEST = 10


def nodes(schema: Any, root: dict[str, Any], depth: int = 0) -> Iterator[tuple[Any, int]]:
    """Every subschema with the depth of objects it stands at, references followed."""
    if "$ref" in schema:
        yield schema, depth
        yield from nodes(root["$defs"][schema["$ref"].rsplit("/", 1)[1]], root, depth)
        return
    inside = depth + (schema.get("type") == "object")
    yield schema, inside
    for child in schema.get("properties", {}).values():
        yield from nodes(child, root, inside)
    for child in (*schema.get("anyOf", ()), *([schema["items"]] if "items" in schema else ())):
        yield from nodes(child, root, inside)


@pytest.fixture(params=SCHEMAS, name="schema")
def _schema(request: pytest.FixtureRequest) -> dict[str, Any]:
    return SCHEMAS[request.param]


def test_root_is_an_object_and_no_choice(schema: dict[str, Any]) -> None:
    assert schema["type"] == "object"
    assert "anyOf" not in schema


def test_every_key_is_required_and_none_may_be_added(schema: dict[str, Any]) -> None:
    objects = [node for node, _ in nodes(schema, schema) if node.get("type") == "object"]
    assert objects
    for node in objects:
        assert node["additionalProperties"] is False
        assert sorted(node["required"]) == sorted(node["properties"])


def test_only_supported_keywords_occur(schema: dict[str, Any]) -> None:
    for node, _ in nodes(schema, schema):
        assert set(node) <= ALLOWED, node
        assert node.get("format", "date") == "date"


def test_depth_and_counts_stay_within_the_limits(schema: dict[str, Any]) -> None:
    everything = list(nodes(schema, schema))
    assert max(depth for _, depth in everything) <= 5 < DEEPEST
    assert sum(len(node.get("properties", ())) for node, _ in everything) < MOST_PROPERTIES
    assert sum(len(node.get("enum", ())) for node, _ in everything) < MOST_ENUM_WORDS
    assert len(json.dumps(schema)) < MOST_CHARACTERS


def test_schema_is_valid_json_schema(schema: dict[str, Any]) -> None:
    jsonschema_rs.meta.validate(schema)


def test_grammar_compilers_of_local_servers_take_it(schema: dict[str, Any]) -> None:
    grammar = llguidance.LLMatcher.grammar_from_json_schema(json.dumps(schema))
    is_error, messages = llguidance.LLMatcher.validate_grammar_with_warnings(grammar)
    assert not is_error, messages


def test_every_field_of_the_record_is_asked_for_once() -> None:
    asked = [field.path for field in asked_fields()]
    assert asked == [f.path for f in record_fields() if f.path != "outcome"]
    assert asked_of(reply_model()) == set(asked)


def test_partial_reply_asks_for_what_was_chosen() -> None:
    chosen = {"patient.age", "items[].requested.drug", "items[].rationale"}
    assert asked_of(reply_model(chosen, numbered=True)) == chosen


def test_reply_schema_is_made_once() -> None:
    assert reply_model() is reply_model()
    assert reply_model().model_json_schema() is reply_model().model_json_schema()


def test_example_reply_fits_the_schema() -> None:
    validator = jsonschema_rs.validator_for(SCHEMAS["whole"])
    for example in load_examples("letter"):
        validator.validate(example["reply"])


def test_error_of_a_wrong_reply_does_not_repeat_it() -> None:
    reply = json.loads(json.dumps(load_examples("letter")[0]["reply"]))
    reply["patient"]["age"] = {"value": "SECRET", "quote": "SECRET"}
    with pytest.raises(ValidationError) as caught:
        reply_model().model_validate(reply)
    assert "SECRET" not in str(caught.value)
    assert "SECRET" not in repr(caught.value)
