"""Which kind of treatment or service does a title ask for?

The words of `services.toml` and `drugs.toml` tell; "MRI of …", "consultation for …": the
first part of the title that holds such a word decides, and in it the last, as in English
the head of "shoulder surgery consultation" comes last.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from extract.draft import Values, one
from extract.lexicon import any_of, load_lexicon
from extract.parse.title.phrases import Phrase, PhraseBook
from extract.parse.title.words import Words
from extract.spans import Found
from schemas import Category

_TABLES = ("weak", "context", "breaks")
_TELLS_NONE = ("guidance", "duration")

# Laminectomy, tenotomy, septoplasty, arthrodesis, thoracoscopy: Greek tells an operation.
_OPERATION = re.compile(r"[a-z]{2,24}(?:ectomy|otomy|ostomy|plasty|desis|rrhaphy|oscopy|pexy)")

_STRENGTH = re.compile(r"[ND]u|[ND]%")

_TIED_TO_SURGERY = {
    "associated": frozenset(
        {
            Category.IMAGING,
            Category.DIAGNOSTIC_TESTS,
            Category.DMEPOS,
            Category.CONSULTATION,
            Category.OTHER,
            None,
        }
    ),
    "before_surgery": frozenset(
        {
            Category.IMAGING,
            Category.DIAGNOSTIC_TESTS,
            Category.CONSULTATION,
            Category.OTHER,
            None,
        }
    ),
    "after_surgery": frozenset({Category.DMEPOS, Category.OTHER, None}),
}
"""What these words turn into support of a surgery; therapy and drugs stay what they are."""


OF_TEETH = frozenset({"tooth", "teeth"})
"""A bone graft or a crown for one of them is dental work."""


@cache
def category_book() -> PhraseBook[Category | None]:
    """Phrases that determine a category on their own; `None` marks a phrase to skip."""
    entries: list[tuple[str, Category | None]] = [
        (name, Category.PHARMACEUTICALS)
        for names in load_lexicon("drugs")["names"].values()
        for name in names
    ]
    lists = load_lexicon("services")
    entries += _entries({name: lists[name] for name in lists if name not in _TABLES})
    entries += [(phrase, None) for name in _TELLS_NONE for phrase in lists["context"][name]]
    return PhraseBook(entries)


@cache
def weak_book() -> PhraseBook[Category | None]:
    """Words that tell a category only where no others do."""
    return PhraseBook(_entries(load_lexicon("services")["weak"]))


@cache
def context_book() -> PhraseBook[str]:
    """Words that tie a service to a surgery."""
    context: dict[str, list[str]] = load_lexicon("services")["context"]
    return PhraseBook(
        [(phrase, name) for name in _TIED_TO_SURGERY for phrase in context[name]]
    )


@cache
def _breaks() -> frozenset[str]:
    return frozenset(load_lexicon("services")["breaks"]["words"])


def _entries(lists: dict[str, Any]) -> list[tuple[str, Category | None]]:
    return [(phrase, Category(name)) for name in lists for phrase in lists[name]]


def find_category(words: Words) -> Found[Category] | None:
    """The category of the item that `words`, its title, asks for."""
    found = _named(words, category_book(), "category.named")
    found = found or _by_shape(words) or _named(words, weak_book(), "category.hinted")
    if found and found.value is Category.SURGERY and not OF_TEETH.isdisjoint(words.singular):
        return found._replace(value=Category.DENTAL)
    tied = context_book().find(words)
    for phrase in tied:
        if (found.value if found else None) in _TIED_TO_SURGERY[phrase.value]:
            return words.found(
                Category.SURGERY_SUPPORT, phrase.first, phrase.last, "category.tied"
            )
    return found


def tie_to_surgery(items: Sequence[Values]) -> None:
    """Turn what is used after a surgery alone into its support, if a surgery is disputed.

    A cold therapy unit beside a request for an operation is meant for the days behind it,
    whether its title says so or not.
    """
    categories = [found.value for item in items if (found := one(item, "category"))]
    if Category.SURGERY not in categories:
        return
    for item in items:
        found, title = one(item, "category"), one(item, "description")
        if not (found and title and found.value is Category.DMEPOS):
            continue
        if _after_it_alone().search(title.value.lower()):
            item["category"] = found._replace(
                value=Category.SURGERY_SUPPORT, rule="category.tied"
            )


@cache
def _after_it_alone() -> re.Pattern[str]:
    names = load_lexicon("services")["context"]["after_it_alone"]
    return any_of(rf"\b{name}\b" for name in names)


def _named(
    words: Words, book: PhraseBook[Category | None], rule: str
) -> Found[Category] | None:
    """What the last telling phrase says in the first part of the title that has one."""
    head: Phrase[Category | None] | None = None
    for phrase in book.find(words):
        if phrase.value is None:
            continue
        if head and not _breaks().isdisjoint(words.words[head.last + 1 : phrase.first]):
            break
        head = phrase
    if head is None or head.value is None:
        return None
    category = head.value
    if category is Category.IMAGING and _is_therapy(words, head):
        category = Category.OTHER_REHABILITATION
    return words.found(category, head.first, head.last, rule)


def _is_therapy(words: Words, head: Phrase[Category | None]) -> bool:
    """Whether this is ultrasound in sessions, which treats and does not picture."""
    return words.words[head.first] == "ultrasound" and any(
        sign in words.signs for sign in "vwW"
    )


def _by_shape(words: Words) -> Found[Category] | None:
    """A drug by its strength, an operation by the ending of its name."""
    strength = _STRENGTH.search(words.signs)
    if strength:
        return words.found(
            Category.PHARMACEUTICALS, strength.start(), strength.end() - 1, "category.hinted"
        )
    for index, word in enumerate(words.singular):
        if _OPERATION.fullmatch(word):
            return words.found(Category.SURGERY, index, index, "category.hinted")
    return None
