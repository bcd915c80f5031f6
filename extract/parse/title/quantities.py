"""How much was asked for? Visits, rate and length; count of pieces; refills.

A title is read as a row of signs, one for each word (`extract/lexicon/quantities.toml`):
"2 times a week for 6 weeks" is `NxpwfNw`. The patterns are patterns of such rows.
"""

import re

from extract.draft import Values
from extract.parse.title.category import OF_TEETH
from extract.parse.title.words import Words
from extract.spans import Found
from schemas import Category


def _range(name: str) -> str:
    """12 · twelve (12) · 2-3 · two to three: the upper end is the group `name`."""
    return rf"(?:N(?:\(N\))?-)?(?P<{name}>N)(?:\(N\))?"


_NOT_IN_RANGE = r"(?<!N-)(?<!\)-)"
"""What follows is not the upper end of a range, which must be read from its start."""

# 2 times a week · 3x/wk · 2 sessions weekly · 2 per week · twice a week · once weekly
#   rate = "2"                                                once = "twice"
_RATE = re.compile(
    rf"""{_NOT_IN_RANGE}{_range("rate")}(?:(?:(?:o{{0,3}}v|[xd])[p/e]?|[p/])w|(?:o{{0,3}}v|[xd])?W)
    | (?P<once>T)[p/e]?[wW]""",
    re.VERBOSE,
)

# for 6 weeks · times 4 wks · a 12-week programme; not "in 4 weeks", "every 6 weeks"
#   weeks = "6"
_LENGTH = re.compile(rf"(?<![ie]){_NOT_IN_RANGE}{_range('weeks')}-?w")

# 3 times a week x 4 · twice weekly for 6, behind a rate
_BARE_LENGTH = re.compile(rf"[wW][,f]?[xf]{_range('weeks')}(?![-(/]?[NxwWmMdhyvurgtD%])")

# 2x6 · two times four · 1-2 x 4-5; not "L4-5 x 2", "7.5 x 2", "#3 x 2"
#   rate = "2", weeks = "6"
_BARE_TIMES = re.compile(rf"(?<![-/#.%iD]){_range('rate')}x{_range('weeks')}(?!-?[mdhyrgu%])")

# Two sessions a month for 4 months · once a month x 6 months
#   rate = "two", months = "4"
_MONTHLY = re.compile(
    rf"""(?:{_range("rate")}(?:(?:o{{0,3}}v|x)[p/e]?|[p/])m|(?:{_range("times")}x?|(?P<once>T))[p/e]?M
    |(?P<twice>T)[p/e]?m)[,;]?[fx]{_range("months")}m""",
    re.VERBOSE,
)

# Eight (8) physical therapy sessions · 12-18 visits · one lumbar epidural injection ·
# 10 full-day sessions · 6 one-hour visits
#   visits = "eight"; not "2 visits a week", nor the visits of "2 times 4 visits"
_COUNT = re.compile(
    rf"(?<!l)(?<!Nx)(?<!\)x){_NOT_IN_RANGE}{_range('visits')}"
    rf"(?:[oLq-]|N?-[dh]){{0,6}}?v(?!e|[p/]?[wWmMd])"
)

# series of three (3) · a series of 2: of injections
_SERIES = re.compile(rf"so{_range('visits')}(?![-(/]?[xwmdhyvurgtDpe%/])")

# sessions (12) · visits: 8 · injections, 3
_COUNT_BEHIND = re.compile(
    rf"v[:(,-]{{0,2}}{_range('visits')}(?![-(/]?[xwmdhyvurgtDpe%/])(?!o{{0,3}}v)"
)

# Physical therapy (12) · 12 PT · one (1) left L5 TFESI: where nothing else is counted
_ALONE = re.compile(r"^(?:o{1,6}\((?P<behind>N)\)|(?P<count>N)(?:\(N\))?[oL-]{1,8})$")

# #60 · QTY: 8 · quantity of 30 · qty (12) · sixty count; not "#60 grams"
_NUMBER_SIGN = re.compile(
    r"(?:[#q][:.(#]{0,2}|qo)(?P<count>N)(?!-?[gu%])|(?P<before>N)(?:\(N\))?q"
)

# X8 visits · times 12 · trigger point injections x 4 · monthly x 6; not "x 6 weeks", "2 x 6"
_TIMES = re.compile(rf"(?<![N)wWmTri])(?<![NxT]M)x{_range('count')}(?!-?[wmdhyrgu%x])")

# 60 tablets · two patches · 1 tube; not "take 1 tablet by mouth", "100 units/ml"
_PIECES = re.compile(r"(?<![k-])(?P<count>N)(?:\(N\))?o?t(?!-?[cTepdxW/])")

# tablets, sixty (60) · capsules: ninety (90)
_PIECES_BEHIND = re.compile(r"t[,:]?(?P<count>N)\(N\)(?!-?[cTepdwmhxrW/])")

# one box of 30 · 1 bottle of 60; several such are not multiplied
_PACK = re.compile(r"(?<![k-])(?P<packs>N)(?:\(N\))?to(?P<count>N)(?!-?[/gu%])")
_PACKS = frozenset({"box", "bottle", "pack", "package"})

# 3 arm wraps · one (1) TENS unit · purchase of 2 knee braces; not "3 month rental", "3 in 1"
_LEADING = re.compile(r"(?:^|(?<=:)|(?<=oo))(?P<count>N)(?:\(N\))?(?=[ot])(?!o?[dmwhygu])")

# with 2 refills · two additional refills · one refill · refills: 3 · refill x 2 · no refills
_REFILLS = re.compile(
    r"(?<![#q:])(?P<refills>N)(?:\(N\))?o?r|r[:(x-]{0,3}(?P<behind>N)(?!-?[gutdmw%])|(?P<none>n)r"
)

_MOST_A_WEEK = 7
"""More visits a week than days are no rate: "12 x 2" tells something else."""

_HIGHEST_GRADE = 4
"""Of two counts one up to this is a grade: Tylenol #3 #60."""

_GOODS = frozenset({Category.PHARMACEUTICALS, Category.DMEPOS, Category.SURGERY_SUPPORT})
_NO_VISITS = _GOODS | {
    Category.IMAGING,
    Category.DIAGNOSTIC_TESTS,
    Category.SURGERY,
    Category.TRANSPORTATION,
}
_NO_LENGTH = frozenset({Category.CONSULTATION, Category.PHARMACEUTICALS})
"""Their weeks tell when or what supply, unless a rate stands with them."""


def find_quantities(words: Words, category: Category | None) -> Values:
    """The amounts of `requested` that the title tells, by what kind of thing it asks for."""
    if "N" not in words.signs and "T" not in words.signs and "r" not in words.signs:
        return {}
    values = {} if category in _NO_VISITS else _find_visits(words)
    if category not in _NO_LENGTH or "requested.per_week" in values:
        values |= _find_weeks(words, told=values)
    if category in _GOODS:
        values |= _find_units(words, category)
    if category is Category.PHARMACEUTICALS:
        values |= _find_refills(words)
    return values


def _find_visits(words: Words) -> Values:
    """Rate and count of visits; the count as printed, else rate times length."""
    values = _find_rate(words)
    product = _product(values)
    count = _counted_visits(words, product)
    if count:
        values["requested.visits"] = count
    elif product:
        values["requested.visits"] = product
    elif monthly := _find_monthly(words):
        values["requested.visits"] = monthly
    return values


def _find_rate(words: Words) -> Values:
    """Visits a week, with the weeks that stand by them."""
    rate = _RATE.search(words.signs)
    if rate and (words.number(_place(rate)) or 0) <= _MOST_A_WEEK:
        per_week = _counted(words, rate, _place(rate), "per_week.rate")
        found: Values = {"requested.per_week": per_week}
        return found | _find_weeks(words, told=found)
    for bare in _BARE_TIMES.finditer(words.signs):
        number = words.number(bare.start("rate"))
        if number and number <= _MOST_A_WEEK:
            return {
                "requested.per_week": _counted(
                    words, bare, bare.start("rate"), "per_week.times"
                ),
                "requested.weeks": _counted(words, bare, bare.start("weeks"), "weeks.times"),
            }
    return {}


def _find_weeks(words: Words, *, told: Values) -> Values:
    """The length in weeks, unless it is told already."""
    if "requested.weeks" in told or not _tells_weeks(words):
        return {}
    found = _LENGTH.search(words.signs)
    if not found and "requested.per_week" in told:
        found = _BARE_LENGTH.search(words.signs)
    if not found:
        return {}
    return {"requested.weeks": _counted(words, found, found.start("weeks"), "weeks.length")}


def _tells_weeks(words: Words) -> bool:
    return "w" in words.signs or "W" in words.signs


def _product(values: Values) -> Found[int] | None:
    """Visits from rate times length, named after both."""
    rate, weeks = values.get("requested.per_week"), values.get("requested.weeks")
    if rate is None or weeks is None or isinstance(rate, list) or isinstance(weeks, list):
        return None
    return Found(
        rate.value * weeks.value,
        min(rate.start, weeks.start),
        max(rate.end, weeks.end),
        "visits.rate_times_length",
        ("requested.per_week", "requested.weeks"),
    )


def _counted_visits(words: Words, product: Found[int] | None) -> Found[int] | None:
    """The count of visits as printed, safest wording first.

    Two counts that disagree are none, unless one is what rate and length come to.
    """
    for pattern in (_COUNT, _NUMBER_SIGN, _TIMES, _COUNT_BEHIND, _SERIES, _ALONE):
        if pattern is _NUMBER_SIGN and not OF_TEETH.isdisjoint(words.singular):
            continue  # tooth #9
        counts = [count._replace(rule="visits.count") for count in _counts(words, pattern)]
        agreed = [count for count in counts if product and count.value == product.value]
        if agreed or len({count.value for count in counts}) == 1:
            return (agreed or counts)[0]
        if counts or (product and pattern is _NUMBER_SIGN):
            return None  # behind a rate "times 6" is its length
    return None


def _counts(words: Words, pattern: re.Pattern[str]) -> list[Found[int]]:
    """Every number other than 0 that `pattern` finds, with its words."""
    counts = []
    for match in pattern.finditer(words.signs):
        number = words.number(_place(match))
        if number:
            counts.append(words.found(number, match.start(), match.end() - 1, "count"))
    return counts


def _place(match: re.Match[str]) -> int:
    """Which word is the number: the group of the pattern that took part."""
    return next(match.start(name) for name, text in match.groupdict().items() if text)


def _find_monthly(words: Words) -> Found[int] | None:
    """Visits from a monthly rate times months."""
    if "m" not in words.signs and "M" not in words.signs:
        return None
    found = _MONTHLY.search(words.signs)
    if not found:
        return None
    rate, months = words.number(_place(found)), words.number(found.start("months"))
    if not rate or not months:
        return None
    return words.found(
        rate * months, found.start(), found.end() - 1, "visits.rate_times_length"
    )


def _find_units(words: Words, category: Category) -> Values:
    """The count of pieces: `#90`, QTY 1, x1, 60 tablets, 2 leg wraps."""
    pack = None if "#" in words.signs else _PACK.search(words.signs)
    if pack and words.singular[pack.start("count") - 2] in _PACKS:
        if words.number(pack.start("packs")) != 1:
            return {}
        return {"requested.units": _counted(words, pack, pack.start("count"), "units.count")}
    patterns = [_NUMBER_SIGN, _PIECES, _PIECES_BEHIND, _TIMES]
    if category is not Category.PHARMACEUTICALS:
        patterns.append(_LEADING)
    for pattern in patterns:
        counts = _counts(words, pattern)
        if len({count.value for count in counts}) > 1:
            counts = [count for count in counts if count.value > _HIGHEST_GRADE]
        if len({count.value for count in counts}) == 1:
            return {"requested.units": counts[0]._replace(rule="units.count")}
        if counts:
            return {}
    return {}


def _find_refills(words: Words) -> Values:
    found = _REFILLS.search(words.signs) if "r" in words.signs else None
    if not found:
        return {}
    if found["none"]:
        refills = words.found(0, found.start(), found.end() - 1, "refills.stated")
    else:
        refills = _counted(words, found, _place(found), "refills.stated")
    return {"requested.refills": refills}


def _counted(words: Words, match: re.Match[str], place: int, rule: str) -> Found[int]:
    """The number at `place`, at the words of `match`."""
    return words.found(words.number(place) or 0, match.start(), match.end() - 1, rule)
