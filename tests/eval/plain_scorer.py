"""A second scorer, written from the labelling guide alone: slow, plain, on JSON.

It shares nothing with `eval`: brute force where the harness assigns, `difflib`-free
arithmetic where it calls rapidfuzz. The two must count the same verdicts.
"""

import re
from collections import Counter
from itertools import permutations
from typing import Any

Json = dict[str, Any]
Tally = Counter[tuple[str, str]]
"""Field and verdict to how often."""

FUZZY = {
    "diagnoses": 85,
    "description": 90,
    "original_request": 90,
    "authorized": 90,
    "in_dispute": 90,
    "requested.drug": 90,
    "reviewer.board_certifications": 90,
    "reviewer.subspecialties": 90,
}
RECORD = [
    *("layout", "case_number", "date_assigned", "date_of_injury", "decision_date"),
    *("ur_denial_date", "application_received", "priority", "outcome"),
    *("reviewer.board_certifications", "reviewer.subspecialties"),
    *("reviewer.licensed_states", "patient.age", "patient.sex", "diagnoses"),
]
ITEM = [
    *("description", "original_request", "authorized", "in_dispute", "decision"),
    *("category", "body_parts", "requested.visits", "requested.per_week"),
    *("requested.weeks", "requested.drug", "requested.strength", "requested.units"),
    *("requested.refills", "prior_visits", "guideline_max_visits"),
    *("claims_administrator_guidelines", "reviewer_guidelines", "rationale"),
    *("rationale_factors",),
]


def words(text: str) -> list[str]:
    return re.sub(r"[^\w]|_", " ", text.casefold()).split()


def likeness(a: str, b: str) -> float:
    one, two = " ".join(sorted(words(a))), " ".join(sorted(words(b)))
    row = [0] * (len(two) + 1)
    for c in one:
        previous = row[:]
        for j, d in enumerate(two):
            row[j + 1] = previous[j] + 1 if c == d else max(previous[j + 1], row[j])
    total = len(one) + len(two)
    return 200 * row[-1] / total if total else 100


def same(name: str, a: Any, b: Any) -> bool:
    if name.endswith("_guidelines"):
        rest = [{k: v for k, v in c.items() if k != "section"} for c in (a, b)]
        if rest[0] != rest[1]:
            return False
        if a["section"] is None or b["section"] is None:
            return a["section"] is b["section"]
        return likeness(a["section"], b["section"]) >= 80
    if name == "rationale":
        one, two = Counter(words(a)), Counter(words(b))
        common = sum(min(one[w], two[w]) for w in one)
        return 2 * common / (one.total() + two.total()) >= 0.95
    if name == "reviewer.board_certifications":
        a, b = a.replace("&", " and "), b.replace("&", " and ")
    if name in FUZZY:
        return likeness(a, b) >= FUZZY[name]
    return bool(a == b)


def value(part: Json, name: str) -> Any:
    for key in name.split("."):
        part = part[key]
    return part


def most_pairs(name: str, labels: list[Any], given: list[Any]) -> int:
    short, long = sorted([labels, given], key=len)
    return max(
        sum(same(name, a, b) for a, b in zip(short, order, strict=False))
        for order in permutations(long)
    )


def judge(tally: Tally, name: str, field: str, label: Any, given: Any) -> None:
    if isinstance(label, list):
        pairs = most_pairs(name, label, given) if label and given else 0
        tally[field, "correct"] += pairs
        tally[field, "missed"] += len(label) - pairs
        tally[field, "spurious"] += len(given) - pairs
        tally[field, "true_null"] += not label and not given
    elif label is None or given is None:
        kinds = {(True, True): "true_null", (True, False): "spurious", (False, True): "missed"}
        tally[field, kinds[label is None, given is None]] += 1
    else:
        tally[field, "correct" if same(name, label, given) else "wrong"] += 1


def alone(tally: Tally, item: Json, verdict: str) -> None:
    for name in ITEM:
        stated = value(item, name)
        if isinstance(stated, list):
            tally[f"items[].{name}", verdict] += len(stated)
        elif stated is not None:
            tally[f"items[].{name}", verdict] += 1


def best_pairs(labels: list[Json], given: list[Json]) -> list[tuple[int, int]]:
    """The pairs of the best assignment; tests keep the best one unique."""
    best: tuple[float, list[tuple[int, int]]] = (-1, [])
    padded = [*range(len(given)), *([-1] * len(labels))]
    for order in set(permutations(padded, len(labels))):
        pairs, total = [], 0.0
        for row, column in enumerate(order):
            alike = -1.0
            if column >= 0:
                alike = likeness(labels[row]["description"], given[column]["description"])
            if alike >= 50:
                pairs.append((row, column))
                total += alike
        best = max(best, (total, pairs))
    return best[1]


def score(label: Json, given: Json) -> Tally:
    """Field and verdict to how often, without zeros."""
    tally: Tally = Counter()
    for name in RECORD:
        judge(tally, name, name, value(label, name), value(given, name))
    pairs = best_pairs(label["items"], given["items"])
    for row, column in pairs:
        for name in ITEM:
            one, two = label["items"][row], given["items"][column]
            judge(tally, name, f"items[].{name}", value(one, name), value(two, name))
    for row, item in enumerate(label["items"]):
        if row not in {a for a, _ in pairs}:
            alone(tally, item, "missed")
    for column, item in enumerate(given["items"]):
        if column not in {b for _, b in pairs}:
            alone(tally, item, "spurious")
    return +tally
