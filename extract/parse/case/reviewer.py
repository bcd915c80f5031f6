"""Who reviewed? Board certifications, subspecialties, states of licensure."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from extract.draft import Values, moved
from extract.lexicon import load_lexicon
from extract.spans import Found, Passage

# State(s) of Licensure: California,Texas Certification(s)/Specialty: Neurology, Pain …
#   states = "California,Texas"   board = "Neurology, Pain …"
_CREDENTIALS = re.compile(
    r"State\(?s?\)? of Licensure ?: ?(?P<states>.{0,300}?) ?"
    r"(?:Certification\(s\)/Specialty|Certifications?/Specialty|Certification\(?s?\)?)"
    r" ?: ?(?P<board>.*?)(?: Subspecialt(?:y|ies) ?: ?(?P<sub>.*))?$"
)

# The expert reviewer is Board Certified in Neurology, has a subspecialty in Sleep
# Medicine and is licensed to practice in New York. · holds a license in Ohio
# A pattern that begins with a letter of one case is looked for ten times as fast.
_BOARD = re.compile(
    r"oard[ -][Cc]ertif(?:ied|ication)(?: in|:) (?P<list>.{2,200}?)"
    r"(?=,? (?:and )?(?:has|with) (?:an? )?[Ss]ubspecialt|,? (?:and )?holds\b"
    r"|,? (?:and )?is\b|,? (?:and )?(?:(?:with|has) (?:an? )?)?[Ll]icen[sc]e[sd]?\b"
    r"|[;.]| has a |$)"
)
_SUBSPECIALTY = re.compile(
    r"ubspecialt(?:y|ies)(?: (?:certification )?in|:) (?P<list>.{2,200}?)"
    r"(?=,? and (?:is|holds|has an? licen[sc]e)\b|, (?:is|holds|who|the \w+ reviewer)\b"
    r"|,? (?:and )?licensed\b|[;.]|$)"
)
_LICENSED = re.compile(
    r"icen(?:sed|[sc]es?)"
    r"(?:(?: to practice(?: [a-z]+)?)? in:?(?! (?:Chiropractic|Acupuncture|Psychology))|:"
    r"|(?<=es) of|(?<=es) are from)"
    r"(?: the [Ss]tates? of)? (?P<list>.{2,200}?)(?=[;.]|$| and (?:is|has)\b| Active\b)"
)

_SEPARATOR = re.compile(
    r" ?[,;] ?(?:and )?(?:[Bb]oard [Cc]ertified in )?| as well as (?:in )?| and (?:in )?| ?& ?"
)
_AND = re.compile(r" ?& ?| and ")
# One entry of "California, Massachusetts & New Hampshire".
_STATE = re.compile(r"[A-Z](?:(?! and )[^,;&/])*")
_MOST_SLIPS = 2
"""Letters wrong, missing, too many or swapped, up to which a name is taken for a typing
error of a known one; "Clinical Psychology" is five from "Clinical Neuropsychology"."""

_SHORTEST = 6
"""A shorter name may be two letters from another one and yet be right."""


def parse_reviewer(qualifications: Passage) -> Values:
    """The reviewer's credentials from the credentials block or the paragraph."""
    return moved(_read(qualifications.text), qualifications.start)


@lru_cache(maxsize=64)
def _read(text: str) -> Values:
    """The credentials that `text` tells; the same reviewer's recur from letter to letter."""
    qualifications = Passage(text)
    block = _CREDENTIALS.search(qualifications.text)
    if block:
        states = _part(qualifications, block, "states")
        board = _part(qualifications, block, "board")
        sub = _part(qualifications, block, "sub") if block["sub"] else None
        return _values(board, sub, states, "reviewer.credentials")
    found = {
        name: match and _part(qualifications, match, "list")
        for name, pattern in (
            ("board", _BOARD),
            ("sub", _SUBSPECIALTY),
            ("states", _LICENSED),
        )
        for match in [pattern.search(qualifications.text)]
    }
    return _values(found["board"], found["sub"], found["states"], "reviewer.paragraph")


def _part(passage: Passage, match: re.Match[str], group: str) -> Passage:
    return passage.part(match.start(group), match.end(group))


def _values(
    board: Passage | None, sub: Passage | None, states: Passage | None, rule: str
) -> Values:
    values: Values = {}
    if board:
        values["reviewer.board_certifications"] = list(_specialties(board, rule))
    if sub:
        values["reviewer.subspecialties"] = list(_specialties(sub, rule))
    if states:
        values["reviewer.licensed_states"] = list(_states(states, rule))
    return values


def _specialties(names: Passage, rule: str) -> Iterator[Found[str]]:
    """Each specialty of a list; "and" inside a known name does not split it."""
    for entry in _entries(names):
        yield Found(
            correct_specialty(" ".join(entry.text.split())), entry.start, entry.end, rule
        )


def _entries(names: Passage) -> Iterator[Passage]:
    """The entries of a list: the longest known name first, else up to the separator."""
    at = 0
    text = names.text.rstrip(" .,;")
    while at < len(text):
        end = at + _known_length(text[at : at + _window()])
        if end == at:
            separator = _SEPARATOR.search(text, at)
            end = separator.start() if separator else len(text)
        if end > at:
            yield names.part(at, end)
        separator = _SEPARATOR.match(text, end)
        at = separator.end() if separator else max(end, at + 1)


@lru_cache(maxsize=256)
def _known_length(text: str) -> int:
    """How many characters of `text` are a known specialty's name, up to a separator.

    A name that holds an "and" may have a typing error.

    Args:
        text: no more than `_window` characters of it are needed.
    """
    ends = [*(match.start() for match in _SEPARATOR.finditer(text)), len(text)]
    for end in reversed(ends):
        if _folded(text[:end]) in _specialty_names():
            return end
    for end in reversed(ends[1:]):
        if _AND.search(text[:end]) and correct_specialty(text[:end]) != text[:end]:
            return end
    return 0


def _folded(name: str) -> str:
    return _AND.sub(" and ", name).casefold().strip()


@cache
def _window() -> int:
    """How many characters hold the longest known name, its slips and a separator."""
    return max(map(len, _specialty_names())) + _MOST_SLIPS + len(" , and ")


@cache
def _specialty_names() -> dict[str, str]:
    return {name.casefold(): name for name in load_lexicon("reviewer")["specialties"]}


@lru_cache(maxsize=1024)
def correct_specialty(name: str) -> str:
    """`name` as printed, or the known name that it is an obvious typing error for.

    >>> correct_specialty("Interventional Spinem")
    'Interventional Spine'
    >>> correct_specialty("Public Health & General Preventive Medicine")
    'Public Health & General Preventive Medicine'
    """
    folded = _folded(name)
    names = _specialty_names()
    if folded in names or not _SHORTEST < len(folded) <= _window():
        return name
    return _closest(folded, names) or name


def _closest(folded: str, names: dict[str, str]) -> str | None:
    """The one of `names` that `folded`, in lower case, is an obvious typing error for."""
    from rapidfuzz import process  # costs 0.05 s: only for a name that is not known
    from rapidfuzz.distance import OSA

    best = process.extractOne(
        folded, list(names), scorer=OSA.distance, score_cutoff=_MOST_SLIPS
    )
    return names[best[0]] if best else None


def _states(names: Passage, rule: str) -> Iterator[Found[str]]:
    """Each state of a list, in printed order; obvious typing errors corrected."""
    known = list(_state_pattern().finditer(names.text))
    states = [names.found(_state_names()[each[0].casefold()], each, rule) for each in known]
    for entry in _STATE.finditer(names.text):
        is_known = any(entry.start() <= each.start() < entry.end() for each in known)
        if not is_known and (state := _meant_state(entry[0])):
            states.append(names.found(state, entry, rule))
    yield from sorted(states, key=lambda state: state.start)


@lru_cache(maxsize=256)
def _meant_state(name: str) -> str | None:
    """The state that `name`, which is none, is an obvious typing error for.

    >>> _meant_state("Califonia"), _meant_state("Canada")
    ('California', None)
    """
    return _closest(name.casefold(), _state_names()) if len(name) > _SHORTEST else None


@cache
def _state_names() -> dict[str, str]:
    lexicon = load_lexicon("reviewer")
    states = {name.casefold(): name for name in lexicon["states"]}
    short: dict[str, str] = lexicon["abbreviations"]
    return states | {name.casefold(): state for name, state in short.items()}


@cache
def _state_pattern() -> re.Pattern[str]:
    lexicon = load_lexicon("reviewer")
    names = sorted(lexicon["states"], key=len, reverse=True)
    words = "|".join(re.escape(name) for name in names)
    return re.compile(rf"\b(?:(?i:{words})|{'|'.join(lexicon['abbreviations'])})\b")
