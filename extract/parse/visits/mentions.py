"""Where does a text hold which phrases of a lexicon? Faster than a long alternation."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

_WORD = re.compile(r"[a-z]+")

_KEY = 4
"""Phrases are looked up by so many first letters of their first word."""


class Mention(NamedTuple):
    """A phrase that a text holds: where, and the label it has in the lexicon."""

    start: int
    end: int
    label: str


class PhraseTable:
    """Phrases by label, ready to be looked up in texts of lower case.

    A phrase begins with a letter and matches whole words; one that ends with `*` matches
    any ending of its last word. Of two phrases at one place the longer one matches.

    Args:
        phrases: label to its phrases.
    """

    def __init__(self, phrases: Mapping[str, Iterable[str]]) -> None:
        self._by_key: dict[str, list[tuple[str, bool, str]]] = {}
        for label, entries in phrases.items():
            for entry in entries:
                self._add(entry, label)
        for rows in self._by_key.values():
            rows.sort(key=lambda row: len(row[0]), reverse=True)

    def _add(self, entry: str, label: str) -> None:
        phrase = entry.removesuffix("*")
        first = _WORD.match(phrase)
        if first is None or (phrase != entry and first[0] == phrase and len(phrase) < _KEY):
            raise ValueError(f"no phrase of a lexicon: {entry}")
        row = (phrase, phrase != entry, label)
        self._by_key.setdefault(first[0][:_KEY], []).append(row)

    def find(self, text: str) -> list[Mention]:
        """The phrases of `text` from left to right, none inside another."""
        return list(self._mentions(text))

    def first(self, text: str) -> str | None:
        """The label of the first phrase of `text`."""
        mention = next(self._mentions(text), None)
        return mention.label if mention else None

    def _mentions(self, text: str) -> Iterator[Mention]:
        end, by_key = 0, self._by_key
        for word in _WORD.finditer(text):
            rows = by_key.get(word[0][:_KEY])
            if rows is None or word.start() < end:
                continue
            start = word.start()
            for phrase, is_stem, label in rows:
                if not text.startswith(phrase, start):
                    continue
                close = start + len(phrase)
                if is_stem or not text[close : close + 1].isalnum():
                    end = close
                    yield Mention(start, close, label)
                    break
