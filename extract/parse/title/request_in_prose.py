"""Which amounts of a request do only the case summary or the rationale state?

Only a sentence that speaks of what is asked for is read, in it only the clause on this
service or drug, and only if all that is told there agrees with the title and with itself.
What was authorised, and what a guideline supports, is another matter.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from extract.draft import Values, one
from extract.parse.sentences import sentence_end
from extract.parse.title.category import category_book
from extract.parse.title.drugs import drug_book, find_drug
from extract.parse.title.phrases import Phrase
from extract.parse.title.quantities import find_quantities
from extract.parse.title.words import Words, read_words
from extract.spans import Passage
from schemas import Category

RULE = "requested.account"

_ASKED = ("equest", "reatment plan", " asks for", " asked for", "prescribed", " ordered")
"""Found in sentences that make a request; first letters left off, so that either case fits."""

# Six sessions were authorized; ODG recommends 10 visits; completed 6 visits
_NOT_ASKED = re.compile(
    r"\b(?:authoriz(?:ed|es)|approved|modified|partial|guideline|ODG|MTUS|ACOEM|recommends?"
    r"|recommended|complet|attended|received \w{1,9} (?:visit|session)|remaining|previously"
    r"|prior|past)",
    re.I,
)

# Unknown shockwave treatments · (unspecified number): the letter says that it is open
_SAID_TO_BE_OPEN = re.compile(r"\b(?:un(?:known|specified)|not specified|unlisted)\b", re.I)

# "160 hours amount to four weeks": hours of the title, converted by the letter itself
_HOURS = re.compile(r"\b(?P<hours>\d{2,4})[ -]hours?\b", re.I)

_IN_VISITS = frozenset(
    {
        Category.PHYSICAL_THERAPY,
        Category.ACUPUNCTURE,
        Category.CHIROPRACTIC,
        Category.OTHER_REHABILITATION,
        Category.PSYCHOLOGICAL_SERVICES,
        Category.HOME_HEALTH,
    }
)
_NEAR = 600
"""How much of a sentence is read on either side of the word: no real one is longer."""

_MOST_MENTIONS = 20
"""How many sentences, and clauses of one, are read: no real letter has more on one request."""

_VISITS, _RATE, _WEEKS = "requested.visits", "requested.per_week", "requested.weeks"
_DRUG, _STRENGTH = "requested.drug", "requested.strength"
_OF_A_DRUG = (_STRENGTH, "requested.units", "requested.refills")


def find_told(
    title: Words, values: Values, *, summary: Passage | None, rationale: Passage | None
) -> Values:
    """The amounts that `values`, read from the title, leave open and the letter tells."""
    category = one(values, "category")
    if category is None or _SAID_TO_BE_OPEN.search(title.passage.text):
        return {}
    passages = [passage for passage in (summary, rationale) if passage]
    if category.value in _IN_VISITS:
        return _visits_told(category.value, values, passages)
    if category.value is Category.PROGRAMS:
        return _weeks_told(title, values, passages)
    if category.value is Category.PHARMACEUTICALS:
        return _drug_told(values, passages)
    return {}


def _visits_told(category: Category, values: Values, passages: list[Passage]) -> Values:
    """Rate and length (and count, if the title has none), from clauses on this therapy."""
    if _RATE in values or _WEEKS in values:
        return {}
    counted = one(values, _VISITS)
    count = counted.value if counted else None
    accounts = []
    for sentence in _asking(passages, ("week",) if count else _ASKED):
        for clause in islice(_clauses(read_words(sentence), category), _MOST_MENTIONS):
            told = find_quantities(clause, category)
            if _agrees(told, count):
                accounts.append(told)
    agreed = _agreed(accounts, (_RATE, _WEEKS, _VISITS))
    if _VISITS not in agreed:
        return {}
    return {name: found for name, found in agreed.items() if name not in values}


def _agrees(told: Values, count: int | None) -> bool:
    """Whether a clause tells visits, and rate times length come to the title's count."""
    visits = one(told, _VISITS)
    if count is None or visits is None:
        return visits is not None
    rate, weeks = one(told, _RATE), one(told, _WEEKS)
    return bool(rate and weeks and rate.value * weeks.value == count == visits.value)


def _asking(passages: list[Passage], words: tuple[str, ...]) -> Iterator[Passage]:
    """The sentences about one of `words` that tell what is asked for."""
    for passage in passages:
        for sentence in islice(_sentences_on(passage, words), _MOST_MENTIONS):
            asked = any(cue in sentence.text for cue in _ASKED)
            if asked and not _NOT_ASKED.search(sentence.text):
                yield sentence


def _sentences_on(passage: Passage, words: tuple[str, ...]) -> Iterator[Passage]:
    """The sentences of `passage` that hold one of `words`, each once."""
    text = passage.text
    for word in words:
        place = text.find(word)
        while place >= 0:
            end = place + sentence_end(text[place : place + _NEAR], 0)
            start = max(text.rfind(". ", max(0, place - _NEAR), place) + 1, place - _NEAR, 0)
            yield passage.part(start, end)
            place = text.find(word, end)


def _clauses(words: Words, category: Category) -> Iterator[Words]:
    """The stretches of a sentence on services of `category`, up to those of another kind."""
    phrases = [phrase for phrase in category_book().find(words) if phrase.value]
    if not phrases and category is Category.PHYSICAL_THERAPY and "therapy" in words.words:
        yield words
    for first, last, before in _runs(phrases, category, len(words.words)):
        behind = _stretch(words, first, last)
        yield behind if "N" in behind.signs else _stretch(words, before, last)


def _runs(
    phrases: list[Phrase[Category | None]], category: Category, length: int
) -> Iterator[tuple[int, int, int]]:
    """First word, end, and end of what stands before, for each run of `category`."""
    for index, phrase in enumerate(phrases):
        before = phrases[index - 1] if index else None
        if phrase.value is not category or (before and before.value is category):
            continue
        others = (other.first for other in phrases[index + 1 :] if other.value is not category)
        yield phrase.first, next(others, length), before.last + 1 if before else 0


def _stretch(words: Words, first: int, end: int) -> Words:
    return Words(
        words.passage,
        words.words[first:end],
        words.singular[first:end],
        words.spans[first:end],
        words.signs[first:end],
    )


def _weeks_told(title: Words, values: Values, passages: list[Passage]) -> Values:
    """The weeks that the letter makes of the title's hours."""
    hours = _HOURS.search(title.passage.text)
    if not hours or _WEEKS in values:
        return {}
    accounts = []
    for passage in passages:
        for match in islice(_HOURS.finditer(passage.text), _MOST_MENTIONS):
            if match["hours"] == hours["hours"]:
                near = passage.part(match.end(), match.end() + 40)
                accounts.append(find_quantities(read_words(near), Category.PROGRAMS))
    return _agreed(accounts, (_WEEKS,))


def _drug_told(values: Values, passages: list[Passage]) -> Values:
    """Strength, count and refills of the drug, from clauses on this drug."""
    drug = one(values, _DRUG)
    missing = [name for name in _OF_A_DRUG[:2] if name not in values]
    if drug is None or "," in drug.value or not missing:
        return {}
    name = drug.value.split()[0].lower()
    accounts = []
    for sentence in _asking(passages, _ASKED):
        if name in sentence.text.lower():
            clauses = _drug_clauses(read_words(sentence), name)
            accounts += [*islice(clauses, _MOST_MENTIONS)]
    agreed = _agreed([account for account in accounts if account], _OF_A_DRUG)
    titled = [(one(values, field), one(agreed, field)) for field in agreed if field in values]
    if any(ours and told and ours.value != told.value for ours, told in titled):
        return {}
    return {field: found for field, found in agreed.items() if field not in values}


def _drug_clauses(words: Words, name: str) -> Iterator[Values]:
    """What stands between the drug's name and the next service or drug."""
    phrases = [phrase for phrase in category_book().find(words) if phrase.value]
    for index, phrase in enumerate(phrases):
        if words.words[phrase.first] == name:
            others = (other.first for other in phrases[index + 1 :])
            yield _of_the_drug(_stretch(words, phrase.first, next(others, len(words.words))))


def _of_the_drug(clause: Words) -> Values:
    if len(drug_book().find(clause)) != 1:
        return {}
    begin, end = clause.spans[0][0], clause.spans[-1][1]
    words = read_words(clause.passage.part(begin, end))
    told = find_quantities(words, Category.PHARMACEUTICALS)
    return told | find_drug(words, Category.PHARMACEUTICALS)


def _agreed(accounts: Iterable[Values], names: tuple[str, ...]) -> Values:
    """What the accounts tell of `names`; nothing of what they do not agree on."""
    agreed: Values = {}
    accounts = list(accounts)
    for name in names:
        found = [told for account in accounts if (told := one(account, name))]
        if len({told.value for told in found}) == 1:
            agreed[name] = found[0]._replace(rule=RULE)
    return agreed
