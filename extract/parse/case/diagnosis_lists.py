"""Which diagnoses does a list hold? Splits numbered, punctuated and run-on lists.

A list is cut at every comma, semicolon and "and"; a piece that names no illness or injury
of its own then goes back to the neighbour whose noun it shares.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import takewhile
from typing import NamedTuple

from extract.lexicon import load_lexicon
from extract.parse.case.list_marks import BARE_CODE, marked_pieces, numbered_pieces
from extract.parse.dates import MONTH
from extract.parse.sentences import is_abbreviated
from extract.spans import Found, Passage

_SEPARATOR = re.compile(
    r"(?P<strong>\s*(?:;|\.(?=\s))\s*(?:and\s+|&\s+)?)"
    r"|(?P<weak>\s*,\s*(?:and\s+|&\s+)?|\s+(?:and|&)\s+"
    r"|(?<=[a-z])['’]\s+(?=[a-z]))"
)

# Where a list turns into a story: "… and is reported to have tried".
_STORY = re.compile(
    r",? (?:and|but|who|which|that|for which|after which) "
    r"(?:is|was|has|had|he|she|the|they|underwent|received|complain\w*|presents?|reports?|there)\b"
    r"|,? (?:based on|according to|as of|per the|by Dr\b|by the|by an?|following)\b"
    rf"|,? (?:on|in|from|since) (?=\d|{MONTH}(?!\w))"
    r"|, (?:he|she|they|the \w+) (?:is|was|has|had|being)\b"
    r"|, (?:reports|notes|states|records|shows|mentions) (?=[a-z])"
    r"|,? (?:with|for) (?:complaints|ongoing|continued|the following)\b",
    re.IGNORECASE,
)

# "(ICD-9 847.2)", "ICD10: M54.5", "[847.2]"; "lumbar sprain - 847.2"
_CODE = re.compile(
    r"\s*[(\[](?:ICD[- ]?(?:9|10)?(?:-CM)?:?[ ]?)?[A-TV-Z]?\d{2,3}(?:\.\w{1,4})?[)\]]"
    r"|\s*\bICD[- ]?(?:9|10)(?:-CM)?:?[ ]?[A-TV-Z]?\d{2,3}(?:\.\w{1,4})?"
    rf"|\s*[-–,:]?\s{BARE_CODE}$",
)
# "847.2 lumbar sprain", "ICD-10 M54.5: low back pain", "[847.2] lumbar sprain"
_CODE_BEFORE = re.compile(
    rf"(?:ICD[- ]?(?:9|10)(?:-CM)?:?[ ])?[(\[]?{BARE_CODE}[)\]]?[ ]?[-–:,]?[ ]+(?=[A-Za-z])"
)
# "an ankle sprain"; "…; secondary diagnoses are insomnia and …"
_ARTICLE = re.compile(
    r"(?:a|an|the|any|and|both|also)\s+"
    r"|(?:secondary|additional|other|further)\sdiagnos[ei]s\s(?:is|are|includes?)\s+",
    re.IGNORECASE,
)
# "a) lumbar sprain, and" b) …
_AND_BEHIND = re.compile(r"(?:[\s,;]+(?:and|&))+$", re.IGNORECASE)
_AND_ROOM = 12
_NAME_ROOM = 16
"""Characters of a name's longer half."""
_WORD = re.compile(r"[a-z]+", re.IGNORECASE)
_FIGURE = re.compile(r"\d")
# "depressive disorder, single episode"; "tear of medial meniscus, current injury"
_QUALIFIER = re.compile(
    r"(?:single|recurrent|current|first) episode\b|(?:initial|subsequent) enc"
    r"|(?:current|old) injury$|(?:aggravated|caused|exacerbated|worsened) by\b",
    re.IGNORECASE,
)
# "long-term opioid use", "long term (current) use of opiate analgesic"; not "use of a brace"
_USE = re.compile(
    r"\b(?:opioid|opiate|alcohol|tobacco|nicotine|substance|drug) use$"
    r"|\blong[- ]term (?:\(?current\)? )?use of \w+(?: \w+)?$"
)
# "disc disease at L4-5 | and L5-S1 with radiculitis"
_LEVEL_FIRST = re.compile(r"[CTLS]\d{1,2}\b")
_LEVEL_LAST = re.compile(r"\b[CTLS]\d{1,2}(?:-[CTLS]?\d{1,2})?$")
_STATUS_POST = re.compile(r"status[ -]post\b|s/p\b", re.IGNORECASE)
_ADJECTIVE = ("al", "ic", "ive", "ous", "ar")
_SEMICOLONS = 3
"""So many semicolons part a list; fewer may stand in one that commas part as well."""
_EDGES = " \t.,;:-–\"“”‘’'"


class _Piece(NamedTuple):
    """A range of the list, and whether a semicolon goes before it."""

    start: int
    end: int
    strong: bool


def split_diagnoses(listed: Passage, rule: str) -> Iterator[Found[str]]:
    """Each diagnosis of the list `listed`, at its place."""
    pieces = list(numbered_pieces(listed)) or list(marked_pieces(listed, _run_on))
    pieces = pieces or list(_run_on(listed))
    for index, piece in enumerate(pieces):
        trimmed = _trimmed(piece)
        value = " ".join(_without_codes(trimmed.text).split())
        if not value or not _WORD.search(value):
            continue
        if index == 0 and (_is_no_diagnosis(value) or _is_no_diagnosis(piece.text)):
            return
        yield trimmed.found_whole(value, rule)


def _without_codes(text: str) -> str:
    return _CODE.sub("", text) if _FIGURE.search(text) else text


def _run_on(listed: Passage) -> Iterator[Passage]:
    if story := _STORY.search(listed.text):
        listed = listed.part(0, story.start())
    yield from _shared(listed, _cut(listed))


def _cut(listed: Passage) -> list[_Piece]:
    """The pieces between the separators that stand in no brackets."""
    pieces: list[_Piece] = []
    start, strong = 0, True
    for match in _SEPARATOR.finditer(listed.text):
        if (
            _is_outside(listed.text, match.start())
            and not (match[0].startswith(".") and is_abbreviated(listed.text, match.start()))
            and not (match[0].strip() == "and" and _is_in_name(listed.text, match))
        ):
            pieces.append(_Piece(start, match.start(), strong))
            start, strong = match.end(), match["strong"] is not None
    return [*pieces, _Piece(start, len(listed.text), strong)]


def _is_in_name(text: str, joint: re.Match[str]) -> bool:
    """Whether the "and" stands inside the name of one illness: "dizziness and giddiness"."""
    around = text[max(0, joint.start() - _NAME_ROOM) : joint.end() + _NAME_ROOM].lower()
    return any(name in around for name in _lexicon("names_with_and"))


def _is_outside(text: str, position: int) -> bool:
    return text.count("(", 0, position) <= text.count(")", 0, position)


def _shared(listed: Passage, pieces: list[_Piece]) -> Iterator[Passage]:
    """The pieces of `listed`, those that share a noun joined again."""
    first = 0
    for index in range(1, len(pieces) + 1):
        if index == len(pieces) or _begins_anew(listed, pieces, first, index):
            yield listed.part(pieces[first].start, pieces[index - 1].end)
            first = index


def _begins_anew(listed: Passage, pieces: list[_Piece], first: int, index: int) -> bool:
    """Whether the piece at `index` is a diagnosis apart from those from `first` on."""
    piece = pieces[index]
    if piece.strong:
        return True
    if _is_comma(listed, pieces, index) and _has_semicolons(listed):
        return False
    before = listed.text[pieces[first].start : pieces[index - 1].end]
    if not names_illness(before) and not _STATUS_POST.match(before):
        return False
    text = _text(listed, piece)
    joined = "," not in listed.text[pieces[index - 1].end : piece.start]
    if _QUALIFIER.match(text) or (
        joined and _LEVEL_FIRST.match(text) and _LEVEL_LAST.search(before)
    ):
        return False
    if names_illness(text):
        open_ended = joined and _is_open(_text(listed, pieces[index - 1]))
        return not (open_ended or _shares_noun(text))
    if _STATUS_POST.match(text):
        return ";" not in listed.text
    if _goes_with_noun(text):
        return False
    if not _waits_for_noun(text):
        return not joined and _ends_list_of_illnesses(listed, pieces, index)
    if _is_set_off(listed, pieces, index) and not _names_part(before):
        return False
    return not _names_place(before) and _leads_on(listed, pieces, index)


def _goes_with_noun(text: str) -> bool:
    """Whether `text` is but a side or a course of the illness before it: ", chronic, and"."""
    words = text.lower().strip()
    return words in _lexicon("sides") or words in _lexicon("courses")


def _ends_list_of_illnesses(listed: Passage, pieces: list[_Piece], index: int) -> bool:
    """Whether an "and" leads to the piece as the last one, behind two known illnesses."""
    between = listed.text[pieces[index - 1].end : pieces[index].start]
    before = pieces[max(0, index - 2) : index]
    return (
        index + 1 == len(pieces)
        and "and" in between
        and len(before) == 2
        and all(names_illness(_text(listed, piece)) for piece in before)
    )


def _is_comma(listed: Passage, pieces: list[_Piece], index: int) -> bool:
    return listed.text[pieces[index - 1].end : pieces[index].start].strip() == ","


def _has_semicolons(listed: Passage) -> bool:
    """Whether semicolons part the list, so that a comma stands within a diagnosis."""
    return listed.text.count(";") >= _SEMICOLONS


def _leads_on(listed: Passage, pieces: list[_Piece], index: int) -> bool:
    """Whether a noun to share follows: "cervical | and lumbar strain"."""
    for piece in pieces[index + 1 :]:
        if piece.strong:
            return False
        text = _text(listed, piece)
        if names_illness(text):
            return not _shares_noun(text)
        if not _waits_for_noun(text):
            return False
    return False


def _is_set_off(listed: Passage, pieces: list[_Piece], index: int) -> bool:
    """Whether commas part a side and its place from its neighbours: ", left knee, and"."""
    words = _WORD.findall(_text(listed, pieces[index]).lower())
    if len(words) < 2 or words[0] not in _lexicon("sides"):
        return False
    if not all(_is_among(word, _lexicon("places")) for word in words):
        return False
    following = pieces[index + 1 :][:1]
    if not following or following[0].strong or not _is_comma(listed, pieces, index):
        return False
    behind = listed.text[pieces[index].end : following[0].start]
    next_words = _WORD.findall(_text(listed, following[0]).lower())
    return "," in behind and bool(next_words) and next_words[0] not in _lexicon("sides")


def _names_part(text: str) -> bool:
    """Whether `text` says which part of the body: "cervical sprain"; not "medial meniscus"."""
    return any(_is_among(word, _parts()) for word in _WORD.findall(text.lower()))


def _text(listed: Passage, piece: _Piece) -> str:
    return listed.text[piece.start : piece.end]


def _waits_for_noun(text: str) -> bool:
    """Whether `text` ends with a place or an adjective: "left | shoulder", "suicidal"."""
    words = _WORD.findall(text.lower())
    return bool(words) and (words[-1] in _lexicon("places") or words[-1].endswith(_ADJECTIVE))


def _names_place(text: str) -> bool:
    """Whether the last noun is followed by its places: "strain of hip | and ankle"."""
    words = _WORD.findall(text.lower())
    heads = [index for index, word in enumerate(words) if _is_head(word)]
    behind = words[heads[-1] :] if heads else ()
    return any(word in _lexicon("prepositions") for word in behind)


def _is_open(text: str) -> bool:
    """Whether the words behind "with" wait for their noun: "with lateral recess | and …"."""
    _, found, tail = text.rpartition(" with ")
    return bool(found) and not names_illness(tail)


def _shares_noun(text: str) -> bool:
    """Whether the noun alone is repeated: "cervical sprain and | strain"."""
    words = _WORD.findall(text.lower())
    nouns = list(takewhile(lambda word: _is_among(word, _lexicon("shared_heads")), words))
    return bool(nouns) and words[len(nouns) :][:1] in ([], ["with"])


def names_illness(text: str) -> bool:
    """Whether `text` holds a word that makes it a diagnosis.

    >>> names_illness("left knee"), names_illness("lumbar spondylosis")
    (False, True)
    """
    lower = text.lower()
    return any(map(_is_head, _WORD.findall(lower))) or _USE.search(lower) is not None


@cache
def _lexicon(name: str) -> frozenset[str]:
    return frozenset(load_lexicon("diagnoses")[name])


@cache
def _parts() -> frozenset[str]:
    return _lexicon("places") - _lexicon("directions")


@cache
def _endings() -> tuple[str, ...]:
    return tuple(load_lexicon("diagnoses")["endings"])


@lru_cache(maxsize=4096)
def _is_head(word: str) -> bool:
    if word.endswith(_endings()):
        return True
    return _is_among(word, _lexicon("heads")) or _is_among(word, _lexicon("shared_heads"))


def _is_among(word: str, words: frozenset[str]) -> bool:
    return word in words or word.removesuffix("s") in words or word.removesuffix("es") in words


def _trimmed(piece: Passage) -> Passage:
    piece = piece.stripped(_EDGES)
    joined = _AND_BEHIND.search(piece.text, max(0, len(piece.text) - _AND_ROOM))
    if joined:
        piece = piece.part(0, joined.start())
    for before in (_CODE_BEFORE, _ARTICLE):
        if found := before.match(piece.text):
            piece = piece.part(found.end())
    return piece


def _is_no_diagnosis(value: str) -> bool:
    return value.split()[0].lower() in _lexicon("not_a_diagnosis")
