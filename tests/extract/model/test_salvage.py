import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.model.salvage import read_reply
from extract.model.wire import reply_model
from tests.extract.model.letters import REPLY


def changed(*path: Any, to: Any = ...) -> dict[str, Any]:
    reply: Any = copy.deepcopy(REPLY)
    *above, last = path
    node = reply
    for key in above:
        node = node[key]
    if to is ...:
        del node[last]
    else:
        node[last] = to
    result: dict[str, Any] = reply
    return result


ROWS = [
    (changed("patient", "age", "value", to="young"), "patient.age.value"),
    (changed("patient", "age", "quote"), "patient.age.quote"),
    (changed("patient"), "patient"),
    (changed("items", 0, "decision", "value", to="sustained"), "items[0].decision.value"),
    (
        changed("items", 0, "rationale_factors", 0, "value", to="x"),
        "items[0].rationale_factors[0].value",
    ),
    (changed("items", 1, "requested", "visits", to="eight"), "items[1].requested.visits"),
    (changed("diagnoses"), "diagnoses"),
    (changed("diagnoses", to="lumbar sprain"), "diagnoses"),
    (changed("extra", to=1), "extra"),
    (changed("date_of_injury", "value", to="2012-13-45"), "date_of_injury.value"),
    (changed("items", 0, "rationale", "last_words"), "items[0].rationale.last_words"),
]


@pytest.mark.parametrize(("reply", "path"), ROWS, ids=[path for _, path in ROWS])
def test_wrong_part_costs_its_own_answer_only(reply: dict[str, Any], path: str) -> None:
    read, problems = read_reply(reply_model(), json.dumps(reply))
    assert read is not None
    assert problems[0].path == path
    assert len(read.model_dump()["items"]) == 2
    assert read.model_dump(mode="json")["ur_denial_date"] == REPLY["ur_denial_date"]


def test_good_reply_is_read_whole_also_out_of_a_fence() -> None:
    for text in (json.dumps(REPLY), f"Here it is:\n```json\n{json.dumps(REPLY)}\n```"):
        read, problems = read_reply(reply_model(), text)
        assert read is not None
        assert read.model_dump(mode="json") == REPLY
        assert problems == []


@pytest.mark.parametrize(
    "frame",
    [
        "<think>\nThe letter {{says}} so, perhaps {{}} or\n```json\n{{}}\n```</think>\n\n{}",
        "Here is the JSON that you asked for:\n{}\nI hope that {{it}} helps!",
        "The letter {{says}} so.</think>{}",
        '<Thinking>A draft: {{"items": []}}</Thinking>{}',
        "```json\n{}\n```\nAn example would be {{A}}, an absent value {{}}.",
    ],
)
def test_one_object_is_found_behind_thoughts_and_among_words(frame: str) -> None:
    read, problems = read_reply(reply_model(), frame.format(json.dumps(REPLY)))
    assert read is not None
    assert read.model_dump(mode="json") == REPLY
    assert problems == []


@pytest.mark.parametrize(
    "text",
    [
        f"Either {json.dumps(REPLY)} or {json.dumps(REPLY)}.",
        f"Here it is: {json.dumps(REPLY)[:-40]}",
        'Here it is: {"patient": {"age": {"value": 3, "quote": "3"}}, broken {"value": 1}',
        f"<think>{json.dumps(REPLY)[:-1]}",
        f"A draft: {json.dumps(REPLY)}\nThe answer:\n{json.dumps(REPLY)[:-40]}",
        f"```json\n{json.dumps(REPLY)}\n```\nor\n```json\n{json.dumps(REPLY)}\n```",
        f"```json\n{json.dumps(REPLY)}\n```\nNo: {json.dumps(REPLY)}",
        f"<think>So.</think>Wait. <THINK>{json.dumps(REPLY)}",
        f"<reasoning>A draft: {json.dumps(REPLY)}",
        f"A draft: {json.dumps(REPLY)}\nThe answer:\n{{\n",
        f"A draft: {json.dumps(REPLY)}\nThe answer: {{'case_number': 1}}",
        f"[THINK]A draft: {json.dumps(REPLY)}",
        f'<think id="1">A draft: {json.dumps(REPLY)}',
        f"\u25c1think\u25b7A draft: {json.dumps(REPLY)}",
        '{"a":' * 100_000,
        '{"a ' * 100_000,
        "{" * 100_000,
    ],
)
def test_no_object_or_several_are_no_reply(text: str) -> None:
    assert read_reply(reply_model(), text)[0] is None


def test_fence_inside_a_quotation_is_part_of_it() -> None:
    reply = changed("patient", "age", "quote", to='```json\n{"age": 99}\n```')
    read, problems = read_reply(reply_model(), json.dumps(reply))
    assert read is not None
    assert problems == []


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["items", "patient", "age", "value", "quote", "x", "diagnoses"]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_any_json_is_read_or_refused_without_an_error(value: Any) -> None:
    read, _ = read_reply(reply_model(), json.dumps(value))
    assert read is None or isinstance(value, dict)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_without_an_error(text: str) -> None:
    read_reply(reply_model(), text)
