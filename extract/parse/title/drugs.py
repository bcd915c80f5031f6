"""Which drug does a title ask for, and in which strength?

A drug is known by its name (`drugs.toml`), else by the strength that it stands before. A
compound is its ingredients; it has no strength of its own.
"""

import re
from functools import cache
from itertools import pairwise

from extract.draft import Values
from extract.lexicon import load_lexicon
from extract.parse.title.phrases import Phrase, PhraseBook
from extract.parse.title.words import Words
from extract.spans import Found
from schemas import Category

# 10/325mg · 7.5 mg · 10 mcg/hr · 5% · 4%-27.5% · 1,000 mg · 10mg/325mg
#   amount = "10/325", unit = "mg", per = "" ("hr" of 10 mcg/hr)
_STRENGTH = re.compile(
    r"""(?<![\w.#-])(?P<amount>\d{1,5}(?:[.,]\d{1,5})?
      (?:\s?(?:mg|%)?\s?[/-]\s?\d{1,5}(?:\.\d{1,5})?){0,3})
    \s?-?(?P<unit>mg|mcg|meq|iu|µg|%|milligrams?|micrograms?|mgs|units?(?=/))
    (?P<per>/\s?(?:\d{0,3}(?:\.\d)?\s?)(?:hr|hour|h|ml|g|gm|actuation|spray|day|cc)\b)?(?!\w)""",
    re.IGNORECASE | re.VERBOSE,
)
# The number and the unit of a strength, in the signs of a title: 350 mg, 5%
_AMOUNT = re.compile(r"[ND][u%]")

_UNIT_NAMES = {"milligram": "mg", "milligrams": "mg", "mgs": "mg", "micrograms": "mcg"}
_UNIT_NAMES |= {"microgram": "mcg", "µg": "mcg"}
_UNIT_WITHIN = re.compile(r"\s?(?:mg|%)(?=\s?[/-])|[\s,]", re.IGNORECASE)

_INJECTED = frozenset({"steroids", "injected"})
"""Groups of drugs by which an injection is known; others it may go with."""
_ALSO_INJECTED = frozenset({"toradol", "ketorolac"})
_PLAIN_STEROIDS = frozenset({"cortisone", "steroid"})


@cache
def drug_book() -> PhraseBook[str]:
    """Every name of a drug with its group; drugs without a name ("compound") are left out."""
    names: dict[str, list[str]] = load_lexicon("drugs")["names"]
    return PhraseBook(
        [(name, group) for group in names if group != "unnamed" for name in names[group]]
    )


@cache
def _listed(table: str, name: str) -> frozenset[str]:
    """One of the lists of `drugs.toml`."""
    return frozenset(load_lexicon("drugs")[table][name])


@cache
def _form_words() -> frozenset[str]:
    return frozenset(word for form in _listed("forms", "words") for word in form.split())


@cache
def _unnamed_book() -> PhraseBook[bool]:
    return PhraseBook([(name, True) for name in load_lexicon("drugs")["names"]["unnamed"]])


@cache
def _modifier_book() -> PhraseBook[bool]:
    return PhraseBook([(word, True) for word in load_lexicon("drugs")["modifiers"]["words"]])


def find_drug(words: Words, category: Category | None) -> Values:
    """`requested.drug` and `requested.strength` of the title, if it asks for a drug."""
    if category is Category.INJECTIONS:
        return _injected(words)
    if category is not Category.PHARMACEUTICALS:
        return {}
    names = _names(words)
    values: Values = {}
    if _is_compound(words, names):
        values["requested.drug"] = _compound(words, names)
        return values
    drug = _one_drug(words, names)
    if drug:
        values["requested.drug"] = drug
    mixed = _says_compound(words) or _is_explained(words, names)
    strength = _strength(words) if (drug or not names) and not mixed else None
    if strength:
        values["requested.strength"] = strength
    return values


def _injected(words: Words) -> Values:
    """The drug of an injection that is known by it: "Toradol injection"."""
    named = [
        phrase
        for phrase in drug_book().find(words)
        if (phrase.value in _INJECTED or words.words[phrase.first] in _ALSO_INJECTED)
        and words.words[phrase.first] not in _PLAIN_STEROIDS
    ]
    if len(named) != 1:
        return {}
    values: Values = {"requested.drug": _printed(words, named[0], "drug.named")}
    strength = _strength(words)
    if strength:
        values["requested.strength"] = strength
    return values


def _names(words: Words) -> list[Phrase[str]]:
    """The drugs named, and the words before a strength where no drug is known."""
    names = drug_book().find(words)
    if "u" not in words.signs and "%" not in words.signs:
        return names
    taken = {(name.first, name.last) for name in names}
    taken |= {(name.first, name.last) for name in _unnamed_book().find(words)}
    for match in _AMOUNT.finditer(words.signs):
        guess = _before_strength(words, match.start())
        if guess and all(guess.last < first or last < guess.first for first, last in taken):
            names.append(guess)
            taken.add((guess.first, guess.last))
    return sorted(names, key=lambda name: name.first)


def _before_strength(words: Words, number: int) -> Phrase[str] | None:
    """The words between the last stop and the number of a strength."""
    last = number - 1
    while last >= 0 and (
        words.signs[last] in "ND/-%u" or words.singular[last] in _form_words()
    ):
        last -= 1
    first = last + 1
    while first and words.signs[first - 1] in "oLxp-" and words.words[first - 1].isalpha():
        first -= 1
    while first <= last and (
        words.words[first] in _listed("around", "before") or words.signs[first] != "o"
    ):
        first += 1
    return Phrase("unlisted", first, last) if first <= last and last - first < 4 else None


def _is_compound(words: Words, names: list[Phrase[str]]) -> bool:
    """Whether the names are a compound's ingredients: per cents, a cream, the word."""
    if len(names) < 2 or _is_explained(words, names):
        return False
    return (
        "%" in words.signs
        or _says_compound(words)
        or any(word in words.singular for word in ("cream", "ointment", "gel"))
    )


def _says_compound(words: Words) -> bool:
    return any(word.startswith("compound") or word == "cmpd" for word in words.words)


def _is_explained(words: Words, names: list[Phrase[str]]) -> bool:
    """Whether a bracket behind the first name tells what is in it: "Terocin (Menthol 4%)"."""
    if len(names) < 2 or "%" not in words.signs or names[0].value == "unlisted":
        return False
    return "(" in words.words[names[0].last + 1 : names[1].first]


def _compound(words: Words, names: list[Phrase[str]]) -> Found[str]:
    """The names of the ingredients, joined by commas."""
    printed = [_printed(words, name, "drug.compound") for name in names]
    return Found(
        ", ".join(name.value for name in printed),
        printed[0].start,
        printed[-1].end,
        "drug.compound",
    )


def _one_drug(words: Words, names: list[Phrase[str]]) -> Found[str] | None:
    """The drug as printed; `None` where several are named that are not one."""
    if not names:
        return None
    if _is_explained(words, names):
        names = names[:1]
    for one, other in pairwise(names):
        if not _listed("around", "within").issuperset(words.words[one.last + 1 : other.first]):
            if words.signs.count("u") > 1 or words.signs.count("#") > 1:
                return None
            names = names[:1]
            break
    whole = Phrase(names[0].value, names[0].first, names[-1].last)
    rule = "drug.before_strength" if whole.value == "unlisted" else "drug.named"
    return _printed(words, whole, rule)


def _printed(words: Words, name: Phrase[str], rule: str) -> Found[str]:
    """The name as printed, with the words that go on it ("ER", "HCL")."""
    last = name.last
    modifiers = [phrase for phrase in _modifier_book().find(words) if phrase.first > last]
    for modifier in modifiers:
        if set(words.words[last + 1 : modifier.first]) <= {"-", "/"}:
            last = modifier.last
        else:
            break
    if words.words[last + 1 : last + 2] == [")"] or "(" in words.words[name.first : last + 1]:
        last = _closed(words, name.first, last)
    return words.found(words.printed(name.first, last), name.first, last, rule)


def _closed(words: Words, first: int, last: int) -> int:
    """`last`, moved to the bracket that closes one opened behind `first`."""
    if "(" in words.words[first : last + 1] and ")" in words.words[last + 1 : last + 3]:
        return words.words.index(")", last + 1)
    return last


def _strength(words: Words) -> Found[str] | None:
    """The strength in the guide's form; `None` where two are told."""
    matches = list(_STRENGTH.finditer(words.passage.text))
    strengths = {_tidy_strength(match): match for match in matches}
    if len(strengths) != 1:
        return None
    ((strength, match),) = strengths.items()
    return words.passage.found(strength, match, "strength.stated")


def _tidy_strength(match: re.Match[str]) -> str:
    """`10-325 mg` for "10/325mg", `10 mcg/hr` for "10mcg/hr"."""
    amount = _UNIT_WITHIN.sub("", match["amount"]).replace("/", "-")
    unit = match["unit"].lower()
    per = (match["per"] or "").lower().replace(" ", "")
    return f"{amount} {_UNIT_NAMES.get(unit, unit)}{per}"
