"""On which dates was an injection given? Many letters count none, and name the dates.

"Sympathetic blocks were carried out on 2/11/15, 4/8/15 and 9/16/15" tells of three.
"""

import re
from collections.abc import Iterator

from extract.parse.sentences import split_sentences
from extract.parse.visits.mentions import Mention
from extract.parse.visits.patterns import MONTH
from extract.parse.visits.treatment import is_same
from extract.parse.visits.words import Owner, find_words, is_kind, owner_by_cues
from extract.spans import Found, Passage, lowered

# 9/12/12 · 3/2016 · september 2013 · may 3, 2014 · the fall of 2014 · 2011
_DATE = (
    rf"(?:\d{{1,2}}[/-]\d{{1,2}}[/-](?:\d{{4}}|\d\d)|\d{{1,2}}/(?:19|20)\d\d"
    rf"|{MONTH}(?: \d{{1,2}},?)?(?: of)? (?:19|20)\d\d"
    r"|(?:the )?(?:spring|summer|fall|autumn|winter)(?: of)? (?:19|20)\d\d|(?:19|20)\d\d)"
    r"(?![\d/-])"
)
# 2/11/15, 4/8/15 and 9/16/15 · in 2011 and, most recently, in September 2014
_DATES = re.compile(
    rf"(?<![\d/.-]){_DATE}"
    rf"(?:(?:, and|,| and|,? then| and,? most recently,)(?: again)?(?: in| on)? {_DATE})*"
)
_EACH = re.compile(_DATE)

# What may stand between an injection and its dates: "epidural [steroid injection at L5-S1
# was given on] 2-18-16". Anything else has a date of its own.
_BETWEEN = re.compile(
    r"[a-z]*(?:\W|\b(?:steroids?|one|injections?|injected|blocks?|ablations?|neurotom(?:y|ies)"
    r"|series|joints?|facets?|medial|branch(?:es)?|cervical|thoracic|lumbar|levels?|at|on|in|of"
    r"|dated|the|right|left|bilateral(?:ly)?|both|under|fluoroscopy|guidance|ultrasound|was"
    r"|were|had|has|have|been|done|performed|given|made|administered|carried|out|took"
    r"|place|placed|[clts]\d{1,2}|\d)\b)*"
)
# On 7/14/16 [he underwent a left L5-S1 transforaminal] epidural injection
_THEN = re.compile(
    r",? (?:he|she|the [a-z]+|(?:the )?injured worker) (?:underwent|had|received|was given)"
    r" (?:an?|the|his|her|another|bilateral)[ ](?:[\w-]+ ){0,6}?\Z"
)
_FAR = 70
"""How far before its dates an injection may be named, in characters."""


def find_dated(kind: str, passage: Passage) -> Found[int] | None:
    """On how many dates `passage` says that an injection of `kind` was given.

    Nothing for a kind that is no injection.
    """
    if not is_same("injection", kind):
        return None
    dates: dict[str, Passage] = {}
    for date in _dates_of(kind, passage):
        dates.setdefault(date.text, date)
    if not dates:
        return None
    *_, last = dates.values()
    return last.found_whole(len(dates), "prior_visits.dated")


def _dates_of(kind: str, passage: Passage) -> Iterator[Passage]:
    """Each date on which `kind` was given, as it is printed."""
    for sentence in split_sentences(passage):
        text = lowered(sentence.text)
        listed = list(_DATES.finditer(text))
        words = find_words(text) if listed else []
        for dates in listed:
            if _is_of(kind, text, words, dates.start()) or _is_told_of(
                kind, text, words, dates
            ):
                for date in _EACH.finditer(text, *dates.span()):
                    yield sentence.part(*date.span())


def _is_told_of(kind: str, sentence: str, words: list[Mention], dates: re.Match[str]) -> bool:
    """Whether `kind` is what `sentence` tells of the day that it begins with."""
    behind = next((word for word in words if is_kind(word) and word.start > dates.end()), None)
    if behind is None or not sentence.endswith("on ", 0, dates.start()):
        return False
    led = _THEN.fullmatch(sentence[dates.end() : behind.start])
    return led is not None and is_same(behind.label, kind)


def _is_of(kind: str, sentence: str, words: list[Mention], at: int) -> bool:
    """Whether what is dated `at` in `sentence` is `kind`, and was given."""
    near = [
        word
        for word in words
        if is_kind(word)
        and at - _FAR <= word.end <= at
        and _BETWEEN.fullmatch(sentence, word.end, at)
    ]
    if not near or not is_same(near[0].label, kind):
        return False
    return owner_by_cues(sentence, words, near[0].start) in (Owner.HAD, Owner.UNTOLD)
