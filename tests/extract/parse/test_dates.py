"""Dates in every notation, two-digit years by the guide's rule."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.parse.dates import find_dates, newest_date
from extract.spans import Passage

NEWEST = date(2014, 12, 31)

DEVELOPED_ON = [
    ("an injury date on 8/9/13.", ["2013-08-09"]),
    ("a 6/29/00 date of injury", ["2000-06-29"]),
    ("Date of Injury: 3/2/1987", ["1987-03-02"]),
    ("since 3/2/87 and", ["1987-03-02"]),
    ("on 10-13-46, the", ["1946-10-13"]),  # later than the letter: the century before
    ("on 10-13-16, the", ["2016-10-13"]),  # but nobody alive was hurt in 1916
    ("from 9/18/13-11/25/13 include", ["2013-09-18", "2013-11-25"]),
    ("report, 08/27/2014, the", ["2014-08-27"]),
    ("on March 14, 2013 and Nov. 3rd 2012", ["2013-03-14", "2012-11-03"]),
    ("on 3 March 2014", ["2014-03-03"]),
    ("the 4th of July, 2012", ["2012-07-04"]),
    ("dated 10/14/ 2013", ["2013-10-14"]),
    ("11-21- 2013", ["2013-11-21"]),
    ("Sept 9, 2013", ["2013-09-09"]),
]
NO_DATE = [
    "in March 2013",
    "10/2012 to 07/2013",
    "2/30/2013",
    "13/13/2013",
    "Vicodin 7.5/750mg #90",
    "grip 3/5, pain 7/10",
    "blood pressure 138/86",
    "phone (916) 605-4270",
    "1/2/3/2013/4",
]


@pytest.mark.parametrize(("text", "days"), DEVELOPED_ON)
def test_dates_are_found_in_order(text: str, days: list[str]) -> None:
    passage = Passage(text, 100)
    found = list(find_dates(passage, newest=NEWEST))
    assert [each.value.isoformat() for each in found] == days
    for each in found:
        assert 100 <= each.start < each.end <= passage.end


@pytest.mark.parametrize("text", NO_DATE)
def test_what_is_no_date_is_not_found(text: str) -> None:
    assert list(find_dates(Passage(text), newest=NEWEST)) == []


@pytest.mark.parametrize(
    ("text", "today", "newest"),
    [
        ("dated 1/2/2016 and 3/4/2012", date(2026, 1, 1), date(2017, 12, 31)),
        ("no date with four digits: 1/2/14", date(2026, 1, 1), date(2026, 1, 1)),
        ("injured in March, 1999", date(2026, 1, 1), date(2014, 12, 31)),
        ("a typing error: 12/9/3026 or 5/6/2099", date(2026, 1, 1), date(2026, 1, 1)),
        ("dated 3/4/2026", date(2026, 5, 1), date(2026, 5, 1)),
    ],
)
def test_newest_date_is_a_year_behind_the_letters_latest(
    text: str, today: date, newest: date
) -> None:
    assert newest_date(text, today=today) == newest


@given(st.dates(date(1940, 1, 1), NEWEST))
def test_any_day_is_read_back_from_any_notation(day: date) -> None:
    notations = [
        f"{day.month}/{day.day}/{day.year}",
        f"{day:%m-%d-%Y}",
        f"{day:%B} {day.day}, {day.year}",
        f"{day:%b} {day.day}, {day.year}",
        f"{day:%m/%d/%y}",
    ]
    for notation in notations:
        (found,) = find_dates(Passage(f"on {notation}."), newest=NEWEST)
        assert found.value == day
