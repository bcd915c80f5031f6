"""How many visits of the item's treatment has the patient had already?"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import islice

from extract.lexicon import load_lexicon
from extract.parse.sentences import split_sentences
from extract.parse.visits.counts import VisitCount
from extract.parse.visits.dated import find_dated
from extract.parse.visits.mentions import PhraseTable
from extract.parse.visits.treatment import is_same
from extract.parse.visits.words import Owner, find_words, named_kinds
from extract.spans import Found, Passage, lowered

# She has never had acupuncture · has had no prior physical therapy · has not undergone an
# epidural injection before
#   treatment = what was never had
# none has been tried · none took place · has had none so far · is new to acupuncture
# Care so far: a brace; no therapy; rest · Radiofrequency: never. · says none was offered
#   none = of what the words before speak of
_HAD = (
    r"(?:had|tried|undergone|received|attended"
    r"|been (?:in|to|given|seen (?:by|for)|treated with)|treated with"
    r"|used|taken part in|participated in|started|begun|seen|needled)"
)
_COURSE = (
    r"(?:[a-z-]+ ){0,3}(?:injections?|therapy|acupuncture|visits?|sessions?|treatments?"
    r"|blocks?|chiropractic|massage)"
)
_NEVER = re.compile(
    rf"\b(?:never (?:yet )?(?:{_HAD}|underwent)"
    r"|(?P<none>(?:has|have|had) had none|none (?:yet|so far|to date)"
    r"|(?:none|not one) (?:of (?:them|these|those|it) (?:\w+ )?)?(?:took place|attended"
    r"|(?:has|have|had) (?:yet )?(?:been|taken place)|(?:was|were) (?:\w+ )?(?:given|used|had"
    r"|attended|tried|done|performed|kept|received|provided)))"
    r"|(?P<not_one>none was (?:ever )?offered|(?<=: )never(?=[.;]))"
    r"|den(?:ies|ied) (?:any )?(?:prior|previous|past)|no (?:prior |past )?history of"
    r"|(?:has|have|had) had no(?! documented)|(?:has )?no (?:prior|previous|earlier)"
    r"|without (?:any )?(?:prior|previous|earlier)"
    r"|(?:has|have) been no(?! (?:documented|record))"
    r"|there (?:has|have) never been (?:an?|any)"
    r"(?= (?:[a-z-]+ ){0,2}(?:injection|epidural|block"
    r"|session|visit|treatment|course|trial|therapy|acupuncture)s?\b)"
    r"|(?:received|underwent|attended) no\b(?! documented)"
    r"|(?P<done>(?:has|have) (?:not|never) (?:yet )?been (?:tried|given|used|attempted"
    r"|provided|done|undertaken|had|started|begun)"
    r"|(?:was|were) never (?:tried|given|done|started|begun))"
    rf"|\Ano (?P<alone>{_COURSE})(?: yet)?(?=\.\s*\Z)"
    rf"|(?<=; )no (?P<listed>{_COURSE})(?=;|\.\s*\Z)"
    r"|no (?P<what>[a-z -]{3,40}?) (?:(?:to date|so far|thus far|as yet)\b"
    r"|(?:yet|before|previously)(?=[.;,])"
    r"|(?:has|have|had|was|were) (?:yet |so far )?"
    r"(?:been |taken )?(?:given|done|tried|had|held|provided|undertaken|attended|received|used"
    r"|rendered|performed|place|administered|started|begun)\b)"
    r"|not appear that (?P<whatever>(?!(?:all|the|any more|every|a full)\b)[a-z -]{3,40}?)"
    r" (?:has|have) (?:ever |yet )?been"
    r" (?:given|done|tried|provided|undertaken|attended|received|used|performed)\b"
    r"|(?:is|would be|will be) (?:his|her|the|a) (?:very )?first(?: (?:ever|course of))?\b"
    r"|(?P<new>(?:is|was) (?:entirely )?new to)\b|has not (?:yet )?been needled"
    rf"|(?:has|have|had)(?: not|n['’]t) (?:yet )?{_HAD}"
    rf"|does not appear (?:that )?(?:the )?\w+ (?:\w+ )?(?:has|have) (?:ever )?{_HAD}"
    r"(?! (?:more|enough|adequate|sufficient|all|an adequate|a full)\b)"
    r"|did not (?:attend|undergo|receive|have) any"
    r")(?P<treatment>[^.;,]{0,60})"
)
# What "never had" cannot do without, quick to look for sentence by sentence.
_DENIAL = re.compile(r"\b(?:no|not|never|none|without|first|new|denie[sd])\b|n['’]t\b")

# 6 visits in 2012 · six sessions for the hip in the spring of 2013
_WHEN = re.compile(
    r"^ (?:(?:of|for|to) (?:[\w-]+ ){1,5})?"
    r"(?:(?:in|during|between|from) (?P<told>(?:[\w-]+ ){0,5}?(?:19|20)\d\d)"
    r"|(?P<year>(?:19|20)\d\d)\b)"
)

# 2012, twelve visits; 2013, nine visits · telehealth PT 4/2020, 4 visits; not "as of 2014, "
_WHEN_BEFORE = re.compile(
    r"(?<!as of )(?<!\bby )(?<!until )(?<!since )(?<![\d/])"
    r"\b(?P<when>(?:\d{1,2}/)?(?:19|20)\d\d)[,:] $"
)
_LONGEST_WHEN = 9
"""Characters of "11/2019, "."""

_BEFORE = 200
"""How far before it may stand what makes it uncertain, in characters."""

_MOST_NEVERS = 20
"""How many sentences that say so are looked at: no real letter has more."""

_BESIDE = 30
"""How close before "has not been tried" its treatment stands, in characters."""

_UNCERTAIN = re.compile(
    r"\b(?:no (?:documentation|evidence|indication|mention)|not (?:document|clear)|unclear"
    r"|whether|if)\b"
)
# "It has not been tried on this patient so far": in a rationale, what the item asks for.
_IT = re.compile(r"(?:\A|[.;,] |\band )(?:it|they|this|these) $")

# "She has never had a series of this kind": in a rationale, what the item asks for.
_THIS_KIND = re.compile(r" of th(?:is|at) (?:kind|sort|type)$")

# "has never had one": of what the words before speak of
_ONE = re.compile(r" (?:one|any|it|them|such)(?: (?:before|so far|to date|yet))?$")

_CLAUSE = 120
"""How close before "none was offered" its treatment stands, in characters."""

# What opens a list in which "no physical therapy" stands: "Care so far: a brace; no …".
_OF_CARE = re.compile(
    r"\b(?:care|tx|treatments?|treated|tried)\b[^.]{0,20}(?::|\b(?:so far|to date)\b)"
)
# "The finding is new to the physical therapist."
_SOMEBODY = re.compile(r"(?:ist|tor|clinic|practice|provider|physician)\b")
# "has not had injections since physical therapy ended"
_MEANWHILE = re.compile(r" (?:since|after|until|because|despite|before|when)\b")

# What was not had is no treatment: "no relief", "no prior injury".
_NOT_VISITS = re.compile(
    r" (?:relief|benefit|improvement|response|change|success|injury|problem|complaint)"
)


def find_prior_visits(
    kind: str, title: Passage, counts: Sequence[VisitCount], passages: Iterable[Passage]
) -> Found[int] | None:
    """The visits of `kind` that the patient has had; the total, if several counts.

    "No prior" is 0; where the letter says both that and a count, nothing is found. Without a
    count, the dates on which an injection was given are counted.
    """
    wanted = parts_named(title.text.lower())
    passages = list(passages)
    nevers = list(islice(_never_had(kind, passages), _MOST_NEVERS))
    had = [
        count
        for count in counts
        if _is_of(kind, wanted, count) and all(_is_had_after(count, end) for _, end in nevers)
    ]
    told = _total(had) if had else _first_dated(kind, passages)
    if told and nevers:
        return None
    return nevers[0][0] if nevers else told


def _is_had_after(count: VisitCount, sentence: Passage) -> bool:
    """Whether words of `sentence` itself say of its count that it was had.

    Args:
        sentence: what follows "has not had it" there: ", so that six would do".
    """
    at = count.place.start - sentence.start
    if not 0 <= at < min(_BEFORE, len(sentence.text)):
        return True
    between = sentence.text[:at].lower()
    return any(word.label == Owner.HAD.value for word in find_words(between + count.own))


def _first_dated(kind: str, passages: Iterable[Passage]) -> Found[int] | None:
    return next(filter(None, (find_dated(kind, passage) for passage in passages)), None)


def _is_of(kind: str, wanted: frozenset[str], count: VisitCount) -> bool:
    if count.owner is not Owner.HAD or (count.kinds and not is_same(count.kinds[0], kind)):
        return False
    if not wanted:
        return True
    place = count.place.text.lower()
    told = parts_named(place + count.own) or parts_named(place + count.tail)
    return not told or not wanted.isdisjoint(told)


def _total(counts: Sequence[VisitCount]) -> Found[int]:
    """The largest sum of counts that come one on top of the other."""
    sums: list[tuple[int, VisitCount]] = []
    times: set[str] = set()
    seen: set[tuple[int, str]] = set()
    for count in counts:
        time = _time(count)
        if not count.adds and (count.value, time[-4:]) in seen:
            continue  # stated again
        seen.add((count.value, time[-4:]))
        adds = count.adds or bool(time and times and time not in times)
        times = {*(times if adds else ()), *([time] if time else ())}
        before = sums[-1][0] if sums and adds else 0
        sums.append((before + count.value, count))
    behind = 0
    are_by_year = all(map(_when_before, counts))
    for count in () if are_by_year else reversed(counts):
        if behind == count.value != counts[-1].value:
            return count.place.found_whole(count.value, "prior_visits.counted")
        behind += count.value
    largest, last = max(sums, key=lambda pair: pair[0])
    return last.place.found_whole(largest, "prior_visits.counted")


def _time(count: VisitCount) -> str:
    """The year or season in which the visits were had, as it is printed."""
    if when := _WHEN.search(count.tail):
        return when["told"] or when["year"]
    return _when_before(count)


def _when_before(count: VisitCount) -> str:
    """The month or year that leads to the count: "2012, twelve visits"."""
    before = _WHEN_BEFORE.search(count.lead, max(0, len(count.lead) - _LONGEST_WHEN))
    return before["when"] if before else ""


def _never_had(kind: str, passages: Iterable[Passage]) -> Iterator[tuple[Found[int], Passage]]:
    """The first place of each sentence that says that `kind` was never had, and its rest."""
    for passage in passages:
        for sentence in split_sentences(passage):
            for denial in _denials(sentence.text):
                at = sentence.start - passage.start + denial.start()
                near = passage.text[max(0, at - _BEFORE) : at].lower()
                uncertain = _UNCERTAIN.search(near, max(0, len(near) - denial.start()))
                if not uncertain and _is_never(denial, near, kind):
                    found = sentence.found(0, denial, "prior_visits.never")
                    yield found, sentence.part(denial.end())
                    break


@lru_cache(maxsize=1024)
def _denials(sentence: str) -> tuple[re.Match[str], ...]:
    """Where `sentence` says of something that it was never had; each item asks for it."""
    text = lowered(sentence)
    return tuple(_NEVER.finditer(text)) if _DENIAL.search(text) else ()


def _is_never(match: re.Match[str], near: str, kind: str) -> bool:
    """Whether it is `kind` that was never had, by the words of `match` or those `near` it."""
    named = _not_had(match, near)
    if named:
        return any(is_same(each, kind) for each in named)
    is_it = match["done"] and _IT.search(near)
    return bool(match["none"] or is_it or _THIS_KIND.search(match["treatment"]))


def _not_had(match: re.Match[str], near: str) -> Sequence[str]:
    """The kinds of treatment of which it is said: "none" is of what was named last."""
    treatment = match["treatment"]
    if _ONE.match(treatment):
        return named_kinds(near[near.rfind(";") + 1 :])[-1:]
    if match["none"]:
        return named_kinds(near)[-1:]
    if match["not_one"]:
        return named_kinds(near[-_CLAUSE:])[-1:]
    if match["done"]:
        return named_kinds(near[-_BESIDE:])[-1:]
    if match["listed"] and not _OF_CARE.search(near):
        return ()
    if what := match["what"] or match["whatever"] or match["alone"] or match["listed"]:
        return named_kinds(what)[:1]
    if _NOT_VISITS.match(treatment) or (match["new"] and _SOMEBODY.search(treatment)):
        return ()
    treatment = _MEANWHILE.split(treatment, 1)[0]
    named = named_kinds(treatment)
    return named if " or " in treatment else named[:1]


@lru_cache(maxsize=1024)
def parts_named(text: str) -> frozenset[str]:
    """The parts of the body that `text`, in lower case, names; those that counts tell apart.

    >>> sorted(parts_named("the right shoulder and the neck"))
    ['neck', 'shoulder']
    """
    return frozenset(mention.label for mention in _part_table().find(text))


@cache
def _part_table() -> PhraseTable:
    return PhraseTable(load_lexicon("visits")["parts"])
