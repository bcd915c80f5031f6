import json
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.model.typing_error import confusable, is_one_edit, is_typing_error

SAME_WORD = [
    ("physical", "physcial"),
    ("spine", "spinem"),
    ("necessary", "necesary"),
    ("documented", "documentted"),
    ("symmetric", "symetric"),
    ("items/servces", "items/services"),
    ("patient's", "pateint's"),
    ("leas", "least"),
]
OTHER_WORD = [
    ("asymptomatic", "symptomatic"),
    ("typical", "atypical"),
    ("adduction", "abduction"),
    ("employer", "employee"),
    ("right", "light"),
    ("seven", "sever"),
    ("increase", "decrease"),
    ("necessary", "unnecessary"),
    ("left", "lift"),  # short
    ("l4l5s1", "l4l5s2"),  # digits
    ("mg/kg", "mcg/kg"),
    ("10/325mg", "10/352mg"),
    ("left/ankle", "lift/ankle"),
    ("upper/lower", "uper/lowr"),  # two
]


@pytest.mark.parametrize(("said", "printed"), SAME_WORD)
def test_one_slip_of_the_keyboard_is_a_typing_error(said: str, printed: str) -> None:
    assert is_typing_error(said, printed)
    assert is_typing_error(printed, said)


@pytest.mark.parametrize(("said", "printed"), OTHER_WORD)
def test_another_word_is_no_typing_error(said: str, printed: str) -> None:
    assert not is_typing_error(said, printed)
    assert not is_typing_error(printed, said)


def test_every_confusable_pair_would_pass_without_the_list() -> None:
    text = resources.files("extract").joinpath("data/confusable.json").read_text("utf-8")
    pairs = json.loads(text)["pairs"]
    assert pairs == sorted(pairs)
    for one, other in pairs:
        assert is_one_edit(one, other), (one, other)
        assert min(len(one), len(other)) >= 5
        assert not is_typing_error(one, other)
    assert len(confusable()) == len(pairs)


@given(st.text("abcde", max_size=8), st.text("abcde", max_size=8))
def test_one_edit_agrees_with_the_slow_plain_version(one: str, other: str) -> None:
    alphabet = "abcde"
    near = {one}
    for at in range(len(one) + 1):
        near |= {one[:at] + letter + one[at:] for letter in alphabet}
        near.add(one[:at] + one[at + 1 :])
        near |= {one[:at] + letter + one[at + 1 :] for letter in alphabet if at < len(one)}
        if at + 1 < len(one):
            near.add(one[:at] + one[at + 1] + one[at] + one[at + 2 :])
    assert is_one_edit(one, other) == (other in near)
