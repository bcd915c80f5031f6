"""Which body parts does a title name, and on which side?

Names, abbreviations and spine levels; a side goes on through a list ("right shoulder,
elbow and wrist"), but not to a part of which there is one only.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from extract.lexicon import load_lexicon
from extract.parse.title.phrases import Phrase, PhraseBook
from extract.parse.title.words import Words
from extract.spans import Found
from schemas import BodyPart, Part, Side

# L4 · L4-5 · L5-S1 · C5-C6 · T12-L1 · S1 · C5/6
#   region = "l"
_LEVEL = re.compile(r"(?P<region>[ctls])\d{1,2}(?:[-/][ctls]?\d{1,2}){0,3}")

_REGIONS = {
    "c": Part.CERVICAL_SPINE,
    "t": Part.THORACIC_SPINE,
    "l": Part.LUMBAR_SPINE,
    "s": Part.LUMBAR_SPINE,
}

_STOPS = frozenset(",;:()")
_AROUND_LETTER = frozenset(".)")
_LETTER_SIDES = {"l": Side.LEFT, "r": Side.RIGHT}
_REACH = 7
"""Words between a side and its part: "left transforaminal epidural injection at L5"."""


class _Mark(NamedTuple):
    """A part (with its side, if one word tells both), or a side alone (`part` is None)."""

    part: Part | None
    side: Side | None


@cache
def part_book() -> PhraseBook[_Mark | None]:
    """The names of parts and sides; `None` for a phrase that only looks like one."""
    lists = load_lexicon("body_parts")
    entries: list[tuple[str, _Mark | None]] = [
        (phrase, _Mark(Part(name), None))
        for name, phrases in lists["parts"].items()
        for phrase in phrases
    ]
    entries += [
        (word, _Mark(Part(part), Side(side))) for word, (part, side) in lists["sided"].items()
    ]
    entries += [
        (phrase, _Mark(None, Side(name)))
        for name, phrases in lists["sides"].items()
        for phrase in phrases
    ]
    entries += [(phrase, None) for phrase in lists["not_parts"]["phrases"]]
    return PhraseBook(entries)


@cache
def _unpaired() -> frozenset[Part]:
    return frozenset(Part(name) for name in load_lexicon("body_parts")["regions"]["unpaired"])


@cache
def _between() -> frozenset[str]:
    words: list[str] = load_lexicon("body_parts")["regions"]["between"]
    return frozenset(words) | {",", "/", "&", "-"}


def find_body_parts(words: Words) -> list[Found[BodyPart]]:
    """The parts that the title names, in its order, each once."""
    marks = sorted([*_named(words), *_levels(words)], key=lambda mark: mark.first)
    return _once(_sided(words, _with_letters(words, marks)))


def _named(words: Words) -> Iterator[Phrase[_Mark]]:
    for phrase in part_book().find(words):
        if phrase.value is not None and not _is_length(words, phrase):
            yield Phrase(phrase.value, phrase.first, phrase.last)


def _is_length(words: Words, phrase: Phrase[_Mark | None]) -> bool:
    """Whether `phrase` is a measure: "8 foot ramp"."""
    before = words.signs[max(0, phrase.first - 1)]
    return words.words[phrase.first] == "foot" and before in "ND"


def _levels(words: Words) -> Iterator[Phrase[_Mark]]:
    if "L" not in words.signs or "thyroid" in words.words or "tsh" in words.words:
        return  # T3 and T4 are hormones beside TSH
    for index, word in enumerate(words.words):
        level = _LEVEL.fullmatch(word) if words.signs[index] == "L" else None
        if level:
            yield Phrase(_Mark(_REGIONS[level["region"]], None), index, index)


def _with_letters(words: Words, marks: list[Phrase[_Mark]]) -> list[Phrase[_Mark]]:
    """The marks, with the L of "L knee", the R of "R. shoulder" and of "(R) shoulder"."""
    all_marks: list[Phrase[_Mark]] = []
    for mark in marks:
        before = mark.first - 1
        while before > 0 and words.words[before] in _AROUND_LETTER:
            before -= 1
        free = before > (all_marks[-1].last if all_marks else -1)
        letter = words.words[before] if free else ""
        if mark.value.part and letter in _LETTER_SIDES:
            all_marks.append(
                Phrase(_Mark(None, _LETTER_SIDES[letter]), before, mark.first - 1)
            )
        all_marks.append(mark)
    return all_marks


def _sided(words: Words, marks: list[Phrase[_Mark]]) -> Iterator[Found[BodyPart]]:
    """Each part with the side that stands before it, behind it, or before its list."""
    side: Phrase[_Mark] | None = None
    carried: Side | None = None
    # Where one side and one part are named, they belong together however far apart.
    reach = len(words.words) if len(marks) == 2 else _REACH
    for index, mark in enumerate(marks):
        part = mark.value.part
        if part is None:
            side, carried = mark, None
            continue
        chosen, first = mark.value.side, mark.first
        if chosen is None and side and _reaches(words, side, mark, reach):
            chosen, first = side.value.side, side.first
        elif chosen is None and part not in _unpaired():
            listed = carried and index and _is_list(words, marks[index - 1], mark)
            chosen = carried if listed else None
        last = mark.last
        behind = _side_behind(words, marks, index) if chosen is None else None
        if behind:
            chosen, last = behind.value.side, behind.last
        carried = chosen if part not in _unpaired() else None
        side = None
        yield words.found(BodyPart(part=part, side=chosen), first, last, "body_parts.named")


def _reaches(
    words: Words, side: Phrase[_Mark], part: Phrase[_Mark], reach: int = _REACH
) -> bool:
    """Whether `side` is the side of `part`, the next one behind it."""
    between = words.words[side.last + 1 : part.first]
    return len(between) <= reach and _STOPS.isdisjoint(between)


def _is_list(words: Words, before: Phrase[_Mark], part: Phrase[_Mark]) -> bool:
    """Whether nothing but a comma, an "and" or the like stands between two parts."""
    return _between().issuperset(words.words[before.last + 1 : part.first])


def _side_behind(words: Words, marks: list[Phrase[_Mark]], index: int) -> Phrase[_Mark] | None:
    """The side in "knee, right", where it is not the side of a further part.

    The parts of one word share theirs: "ankle-foot orthosis, left".
    """
    while _is_joined(words, marks[index : index + 2]):
        index += 1
    if index + 1 == len(marks) or marks[index + 1].value.part is not None:
        return None
    side = marks[index + 1]
    if side.first - marks[index].last > (_REACH if index + 2 == len(marks) else 2):
        return None
    further = marks[index + 2] if index + 2 < len(marks) else None
    if further and further.value.part and _reaches(words, side, further):
        return None
    return side


def _is_joined(words: Words, pair: list[Phrase[_Mark]]) -> bool:
    """Whether a hyphen alone stands between the two parts of `pair`."""
    return len(pair) == 2 and words.words[pair[0].last + 1 : pair[1].first] == ["-"]


def _once(parts: Iterator[Found[BodyPart]]) -> list[Found[BodyPart]]:
    """Each part once; one without a side is not a part beside itself with one."""
    kept: dict[BodyPart, Found[BodyPart]] = {}
    for part in parts:
        kept.setdefault(part.value, part)
    sided = {part.part for part in kept if part.side}
    return [found for part, found in kept.items() if part.side or part.part not in sided]
