"""Requests that were authorised in part, and what their title leaves in dispute."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.parse.title.part_authorized import split_part_authorized
from extract.spans import Passage
from tests.extract.parse.title.titles import START, fields_of

REMAINING = (
    "Tramadol 50mg #90 was the original request. Tramadol 50mg #45 was authorized by the "
    "Claims Administrator. The remaining IMR eligible portion of the original request, "
    "Tramadol 50mg #45"
)
LEAVING = (
    "Massage, 12 visits was the original request. The Claims Administrator authorized "
    "Massage, 4 visits, leaving the original request IMR eligible. The original request, "
    "massage, 12 visits"
)

SPLITS = [
    (REMAINING, ("Tramadol 50mg #90", "Tramadol 50mg #45", "Tramadol 50mg #45")),
    (LEAVING, ("Massage, 12 visits", "Massage, 4 visits", "massage, 12 visits")),
    (
        "A 7.5mg were the original request. B were authorized by the Claims Administrator. "
        "The remaining IMR eligible portion of the original request: C",
        ("A 7.5mg", "B", "C"),
    ),
    (
        "A was the original request. The Claims Administrator authorized B. The remaining IMR "
        "eligible portion of the original request, C",
        ("A", "B", "C"),
    ),
    ("A was the original request. Nothing more is told", ("A", None, None)),
]


@pytest.mark.parametrize(("title", "parts"), SPLITS)
def test_parts(title: str, parts: tuple[str | None, ...]) -> None:
    split = split_part_authorized(Passage(title, START))
    assert split is not None
    values = split.values()
    names = ("original_request", "authorized", "in_dispute")
    assert tuple(values[name].value if name in values else None for name in names) == parts
    for found in values.values():
        assert title[found.start - START : found.end - START] == found.value


@pytest.mark.parametrize("title", ["MRI of the left knee", "The original request, MRI", ""])
def test_a_plain_title_is_not_split(title: str) -> None:
    assert split_part_authorized(Passage(title)) is None


def test_requested_speaks_of_the_original_request() -> None:
    fields = fields_of(REMAINING)
    assert (fields["drug"], fields["strength"], fields["units"]) == ("Tramadol", "50 mg", 90)
    assert fields_of(LEAVING)["visits"] == 12


@given(
    st.lists(
        st.sampled_from(
            [
                "A", "MRI", ", ", " was the original request. ", " was authorized by the ",
                "Claims Administrator", ". ", "The remaining IMR eligible portion of the original "
                "request, ", ", leaving the original request IMR eligible. ",
                "The original request, ", "The Claims Administrator authorized ",
            ]
        ),
        max_size=14,
    )
)  # fmt: skip
def test_every_part_stands_in_the_title(pieces: list[str]) -> None:
    title = "".join(pieces)
    split = split_part_authorized(Passage(title, START))
    for found in split.values().values() if split else ():
        assert found.value
        assert title[found.start - START : found.end - START] == found.value
