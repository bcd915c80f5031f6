"""Counts decided items by what people ask for: category, body part, guideline and so on.

Letters come one by one and only counts are kept, so a million of them take no more memory
than ten.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from extract.outcomes.grouping import Grouping
from extract.outcomes.shares import Share, share_of
from schemas import Category

Record = Mapping[str, Any]
"""A case record, or an item of it, as JSON holds it."""

NOT_STATED = "not stated"

THERAPIES = (
    Category.PHYSICAL_THERAPY,
    Category.ACUPUNCTURE,
    Category.CHIROPRACTIC,
    Category.OTHER_REHABILITATION,
    Category.PSYCHOLOGICAL_SERVICES,
)
"""Categories that are asked for in visits."""

_SAME_SPECIALTY = {
    "Chiropractor": "Chiropractic",
    "Acupuncturist": "Acupuncture",
    "Dentist": "Dentistry",
    "General Dentistry": "Dentistry",
    "Podiatrist": "Podiatry",
    "Psychologist": "Psychology",
}
"""Names of the profession for those of the field."""

_OVERTURNED = {"overturned", "partially_overturned"}


def _category(item: Record, _record: Record) -> Iterable[str | None]:
    return [item["category"]]


def _dwc_category(item: Record, _record: Record) -> Iterable[str | None]:
    category = item["category"]
    return [Category(category).dwc.value if category else None]


def _body_part(item: Record, _record: Record) -> Iterable[str | None]:
    return {part["part"] for part in item["body_parts"]} or [None]


def _guideline(item: Record, _record: Record) -> Iterable[str | None]:
    return {citation["guideline"] for citation in item["reviewer_guidelines"]} or [None]


def _specialty(_item: Record, record: Record) -> Iterable[str | None]:
    names = record["reviewer"]["board_certifications"]
    return {_one_name(name) for name in names} or [None]


def _one_name(specialty: str) -> str:
    """The specialty however it is spelled: "Orthopaedic surgery", "Chiropractor".

    >>> _one_name("Orthopaedic surgery"), _one_name("Chiropractor")
    ('Orthopedic Surgery', 'Chiropractic')
    """
    name = specialty.title().replace(" And ", " & ").replace("paedic", "pedic")
    return _SAME_SPECIALTY.get(name, name)


def _drug(item: Record, _record: Record) -> Iterable[str | None]:
    """Nothing for an item that asks for no drug."""
    drug = item["requested"]["drug"]
    return [drug.title()] if drug else []


def _year(_item: Record, record: Record) -> Iterable[str | None]:
    decided = record["decision_date"]
    return [decided[:4] if decided else None]


class Counted(NamedTuple):
    """How items are counted by something.

    Args:
        title: the heading of its table.
        values_of: under which values an item of a record counts; one with two body parts
            counts under both.
    """

    title: str
    values_of: Callable[[Record, Record], Iterable[str | None]]


COUNTED = {
    Grouping.CATEGORY: Counted("By category", _category),
    Grouping.DWC_CATEGORY: Counted("By the Division's class", _dwc_category),
    Grouping.BODY_PART: Counted("By body part", _body_part),
    Grouping.GUIDELINE: Counted("By guideline that the reviewer cites", _guideline),
    Grouping.DRUG: Counted("By drug asked for", _drug),
    Grouping.SPECIALTY: Counted("By the reviewer's specialty", _specialty),
    Grouping.YEAR: Counted("By year of the decision", _year),
}
"""How items are counted by each grouping, in the order in which tables are shown."""


class Row(NamedTuple):
    """One value of a grouping: how many items were decided, how many were overturned."""

    value: str
    share: Share


class Spread(NamedTuple):
    """How a number of visits is spread over items; `None` where no item states it."""

    items: int
    lower: int | None
    median: int | None
    upper: int | None


class Visits(NamedTuple):
    """Visits of one kind of therapy.

    Args:
        category: the kind.
        requested: visits asked for.
        prior: visits had before.
        supported: the most visits that the guideline supports.
        within: share overturned where prior and requested visits fit the guideline.
        beyond: share overturned where they do not.
    """

    category: str
    requested: Spread
    prior: Spread
    supported: Spread
    within: Share
    beyond: Share


class Figures:
    """Counts letters and items as they are added."""

    def __init__(self) -> None:
        self.letters = 0
        self.items = 0
        self.undecided = 0
        self._decided: dict[Grouping, Counter[str]] = {each: Counter() for each in Grouping}
        self._overturned: dict[Grouping, Counter[str]] = {each: Counter() for each in Grouping}
        self._total = Counter[str]()
        self._visits: dict[tuple[str, str], Counter[int]] = {}
        self._fitting = Counter[tuple[str, bool, bool]]()

    def add(self, record: Record) -> None:
        """Count one letter."""
        self.letters += 1
        for item in record["items"]:
            self.items += 1
            self._add_item(item, record)

    def overall(self) -> Share:
        """The share of decided items that were overturned, in whole or in part."""
        return share_of(self._total["overturned"], self._total["decided"])

    def rows(self, grouping: Grouping) -> list[Row]:
        """The shares by `grouping`, most items first; years in their order."""
        decided, overturned = self._decided[grouping], self._overturned[grouping]
        rows = [
            Row(value, share_of(overturned[value], count)) for value, count in decided.items()
        ]
        if grouping is Grouping.YEAR:
            return sorted(rows, key=lambda row: row.value)
        return sorted(rows, key=lambda row: (-row.share.whole, row.value))

    def visits(self) -> Iterator[Visits]:
        """The visits of each kind of therapy that there is."""
        for therapy in THERAPIES:
            name = therapy.value
            if not self._decided[Grouping.CATEGORY][name]:
                continue
            yield Visits(
                name,
                requested=_spread(self._visits.get((name, "requested"), Counter())),
                prior=_spread(self._visits.get((name, "prior"), Counter())),
                supported=_spread(self._visits.get((name, "supported"), Counter())),
                within=self._fit(name, fits=True),
                beyond=self._fit(name, fits=False),
            )

    def _add_item(self, item: Record, record: Record) -> None:
        decision = item["decision"]
        if decision is None:
            self.undecided += 1
            return
        overturned = decision in _OVERTURNED
        self._total["decided"] += 1
        self._total["overturned"] += overturned
        for grouping, counted in COUNTED.items():
            for value in counted.values_of(item, record):
                self._decided[grouping][value or NOT_STATED] += 1
                self._overturned[grouping][value or NOT_STATED] += overturned
        if item["category"] in THERAPIES:
            self._add_visits(item, overturned=overturned)

    def _add_visits(self, item: Record, *, overturned: bool) -> None:
        category = item["category"]
        counts = {
            "requested": item["requested"]["visits"],
            "prior": item["prior_visits"],
            "supported": item["guideline_max_visits"],
        }
        for name, count in counts.items():
            if count is not None:
                self._visits.setdefault((category, name), Counter())[count] += 1
        if counts["requested"] is not None and counts["supported"] is not None:
            wanted = counts["requested"] + (counts["prior"] or 0)
            fits = wanted <= counts["supported"]
            self._fitting[category, fits, overturned] += 1

    def _fit(self, category: str, *, fits: bool) -> Share:
        overturned = self._fitting[category, fits, True]
        return share_of(overturned, overturned + self._fitting[category, fits, False])


def _spread(counts: Counter[int]) -> Spread:
    """Median and quartiles: each the smallest count that so many items do not exceed."""
    total = counts.total()
    if total == 0:
        return Spread(0, None, None, None)
    lower, median, upper = (_quantile(counts, total * share) for share in (0.25, 0.5, 0.75))
    return Spread(total, lower, median, upper)


def _quantile(counts: Counter[int], rank: float) -> int:
    seen = 0
    for value in sorted(counts):
        seen += counts[value]
        if seen >= rank:
            return value
    return max(counts)
