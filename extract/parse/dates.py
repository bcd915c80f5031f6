"""Which calendar dates does a text state? Knows notations, not what a date is for."""

import re
from collections.abc import Iterator
from datetime import date

from extract.spans import Found, Passage

_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
"""The name of a month as a pattern: Sept., March."""

# 10-13-16 · 08/27/2014 · 11-21- 2016
_NUMERIC = r"""(?P<m>\d(?<![\d/.]\d)\d?)[ ]?(?P<mark>[/-])[ ]?(?P<d>\d{1,2})[ ]?(?P=mark)[ ]?
    (?P<y>\d{4}|\d{2})(?!\d|/\d)"""

# March 14, 2013 · Nov. 3rd 2016
_NAMED = rf"""(?P<month>{MONTH})[ ]?
    (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?[ ](?P<year>\d{{4}})\b"""

# 3 March 2014 · 4th of July, 2012
_DAY_FIRST = rf"""(?P<day2>\d(?<!\d\d)\d?)(?:st|nd|rd|th)?[ ](?:of[ ])?
    (?P<month2>{MONTH}),?[ ](?P<year2>\d{{4}})\b"""

DATE = re.compile(f"{_NUMERIC}|{_NAMED}|{_DAY_FIRST}", re.VERBOSE)
"""A date in any notation; `date_of` reads a match."""

# Kept apart: each begins with a set of characters, so that `re` can skip ahead. What must not
# precede a date is therefore a look-behind after its first character.
_NOTATIONS = tuple(re.compile(n, re.VERBOSE) for n in (_NUMERIC, _NAMED, _DAY_FIRST))

_FIRST_REVIEWS = 2013
"""The year of the first reviews: Independent Medical Review began on 1/1/2013."""

_LONG_AGO = 40
"""19yy before 1940 is no year in an injured worker's life: 20yy is meant, whatever other
dates the letter has."""

_YEARS = (re.compile(r"20\d\d(?!\d)"), re.compile(r"19\d\d(?!\d)"))


def find_dates(passage: Passage, *, newest: date) -> Iterator[Found[date]]:
    """Each date that `passage` states, in order; impossible ones are passed over.

    Args:
        newest: a two-digit year that would be later than this is of the century before.
    """
    matches = (m for notation in _NOTATIONS for m in notation.finditer(passage.text))
    for match in sorted(matches, key=re.Match.start):
        value = date_of(match, newest=newest)
        if value:
            yield passage.found(value, match, "date")


def date_of(match: re.Match[str], *, newest: date) -> date | None:
    """The date that `match`, a match of `DATE`, states; `None` if there is no such day.

    >>> date_of(DATE.search("a 6/29/00 date of injury"), newest=date(2014, 1, 1))
    datetime.date(2000, 6, 29)
    >>> date_of(DATE.search("on 3/2/87"), newest=date(2014, 1, 1))
    datetime.date(1987, 3, 2)
    """
    stated = match.groupdict()
    year = stated.get("y") or stated.get("year") or stated["year2"]
    day = int(stated.get("d") or stated.get("day") or stated["day2"])
    name = stated.get("month") or stated.get("month2")
    month = _MONTHS[name[:3].lower()] if name else int(stated["m"])
    if len(year) == 4:
        return _calendar(int(year), month, day)
    recent = _calendar(2000 + int(year), month, day)
    if recent and (recent <= newest or int(year) < _LONG_AGO):
        return recent
    return _calendar(1900 + int(year), month, day)


def newest_date(text: str, *, today: date) -> date:
    """The latest day that a two-digit year in `text` may mean.

    The guide asks for a year not after the letter's other dates. Prose dates lag behind:
    one year more than the latest year with four digits is allowed, and no letter is older
    than the reviews themselves. Years beyond `today` are typing errors. Where no year has
    four digits, it is `today`.
    """
    years = {
        int(match[0])
        for pattern in _YEARS
        for match in pattern.finditer(text)
        if text[match.start() - 1 : match.start()] in "/-, "
    }
    latest = max((year for year in years if year <= today.year), default=today.year)
    return min(today, date(max(latest, _FIRST_REVIEWS) + 1, 12, 31))


def _calendar(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
