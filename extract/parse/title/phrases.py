"""Which phrases of a word list stand in a title? The longest at each place, in one pass."""

from collections.abc import Iterable
from typing import Any, Generic, NamedTuple

from extract.parse.title.words import SOFT, Words, read_words
from extract.spans import Passage, T

_END = ""
"""The key under which a node of the tree holds what the phrase means."""


class Phrase(NamedTuple, Generic[T]):
    """A phrase that was found: what it means, its first and last word."""

    value: T
    first: int
    last: int


class PhraseBook(Generic[T]):
    """Phrases and what they mean, looked up word by word.

    Case, plural endings, hyphens, slashes and full stops make no difference; a comma, a
    colon or a bracket ends a phrase.
    """

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        self._tree: dict[str, Any] = {}
        for phrase, value in entries:
            node = self._tree
            for word in phrase_words(phrase):
                node = node.setdefault(word, {})
            node[_END] = value

    def find(self, words: Words) -> list[Phrase[T]]:
        """The phrases in `words`, from left to right, none within another."""
        found: list[Phrase[T]] = []
        at, tree = 0, self._tree
        for index, word in enumerate(words.singular):
            if index >= at and word in tree:
                phrase = self._longest(words.singular, index)
                if phrase:
                    found.append(phrase)
                    at = phrase.last + 1
        return found

    def _longest(self, words: list[str], first: int) -> Phrase[T] | None:
        node = self._tree
        longest: Phrase[T] | None = None
        for index in range(first, len(words)):
            word = words[index]
            if word in SOFT and index > first:
                continue
            if word not in node:
                break
            node = node[word]
            if _END in node:
                longest = Phrase(node[_END], first, index)
        return longest


def phrase_words(phrase: str) -> list[str]:
    """The words by which `phrase` is looked up."""
    words = read_words(Passage(phrase)).singular
    return [word for word in words if word not in SOFT] or words
