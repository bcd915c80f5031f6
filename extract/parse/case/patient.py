"""Who is the patient? Age and sex, from stated words; sex else from the pronouns."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain

from extract.draft import Values
from extract.parse.number_words import NUMBER_WORD, parse_number
from extract.spans import Found, Passage, lowered
from schemas import Sex

_WORKER = "patient|claimant|applicant|employee|injured worker|worker|iw"

# 37-year-old female · 54 year old male · forty-five-year-old woman · 62 y/o · 48yo
# fifty-two (52) year old
#   age = "37", right before "-year-old"; the trait follows. All in lower case.
_YEARS_OLD = re.compile(r"y(?:ears?[ -]*old|[./ ]?o\b\.?|rs?[ -]old|r\. old|ears? of age)")
_AGE = re.compile(rf"\b(?P<age>\d{{1,3}}|{NUMBER_WORD})(?:[ ]?\([\w-]{{1,14}}\))?[ -]?$")
_YOUNGEST, _OLDEST = 14, 120
"""Years of age: "a 3-year-old injury" is none of a worker."""
_ADULT = 18
_LONGEST_IN_TRADE = 40
"""Up to here "a carpenter of 20 years" tells experience; above it, an age."""
_LONGEST_AGE = 32
"""Characters of "seventy-eight (78) ", with room for what stands before it."""

# age 55 · Age/sex: 55, F · her age is given as 55 · aged 41 · a woman of 48 years · male, 36
# years · a female bookkeeper of 43
#   age = "55"
# Pt 44, female
# Ms. [redacted] is 52 and works · 58M, DOI 10/5/2017 · A mail carrier, 37, rolled
# The claimant, (now) 38, is · a forklift mechanic, 38, on whom · Ms. [redacted], 38, is
# The employee is 52 and · Currently 44, she last worked in 2010
#   aside = "38"
# The applicant, an order picker of forty-seven, was · This is a lineman of 36 who · A roofer
# of 45, Mr. [redacted] · not "a veteran of 20 years", "a supervisor of fifteen"
#   years = "forty-seven"
_TRADE = r"(?:er|or|ist|man|woman|ician|nurse|clerk|cook|guard|mechanic)"
_OF_OTHERS = (
    r"(?:supervis|manag|lead|own|teach|train|instruct|direct|memb|surviv|help|found|hold"
    r"|bear|scor|numb|smok|drink|us|employ|dispatch|driv|veteran|fore|chair|weight"
    r"|(?:grand|god|step)?(?:father|mother)|brother|sister)"
)
"""What trades and roles end in, and the beginnings of those that may be "of fifteen"."""
_TRADE_OF = (
    rf"(?:(?!with\b)[a-z]{{3,20}}[ ]){{0,2}}(?!{_OF_OTHERS})[a-z]{{0,18}}{_TRADE}[ ]of[ ]"
)
_PERSON = "(?:man|woman|lady|gentleman|male|female)"
_AGED = re.compile(
    rf"""\b(?:
      (?:aged?(?:/sex)?[ ]?:?[ ]?|age[ ](?:of|is)[ ](?:(?:given|stated)[ ]as[ ])?
        |{_PERSON}(?:,?[ ](?:of[ ])?|[ ][a-z]{{3,20}}[ ]of[ ]))
      (?P<age>\d{{1,3}}|{NUMBER_WORD})\b(?![/.,-]\d|[ ]?(?:%|percent|visits|pounds|times))
    |pt[ ](?P<pt>\d{{2}}),?[ ](?=(?:fe)?male\b|(?:wo)?man\b|[fm]\b)
    |(?:{_WORKER})(?:
        (?:[ ]\(\w+\))?,[ ](?:now[ ])?(?P<aside>\d{{2}}),
      |[ ](?P<short>\d{{2}}),?[ ](?=(?:fe)?male\b|(?:wo)?man\b|[fm]\b)
      |,[ ]an?[ ]{_TRADE_OF}
        (?P<years>\d{{2}}|{NUMBER_WORD})(?:[ ]years)?(?=,[ ](?!\d)|[ ]who(?:se)?\b))
    |(?:this[ ]is[ ]|^)an?[ ]{_TRADE_OF}(?P<this>\d{{2}}|{NUMBER_WORD})(?:[ ]years)?
      (?=,[ ](?!\d)|[ ]who(?:se)?\b)
    |(?:{_WORKER}|he|she|who|man|woman)[ ]is[ ](?:now[ ]|currently[ ])?
      (?P<stated>\d{{2}}|{NUMBER_WORD})(?=[.;,][ ]|[ ]and[ ]|[ ]?\(|[ ]now[.;,]|$)
    |(?:now|currently)[ ](?P<current>\d{{2}})(?=,[ ]s?he[ ])
    |s?he[ ]turned[ ](?P<turned>\d{{2}})(?=[ ](?:in|this|last|on)\b))
    |,(?<=\],)[ ](?P<redacted>\d{{2}}|{NUMBER_WORD}),
    |,(?:(?<=er,)|(?<=or,)|(?<=ist,)|(?<=man,)|(?<=ian,)|(?<=nic,))[ ]now[ ](?:aged[ ])?
      (?P<now>\d{{2}}|{NUMBER_WORD}),
    |,(?<=[a-z]{{4}},)[ ](?P<trade>\d{{2}}),[ ]
      (?=(?:on[ ])?(?:whom?|whose)\b|is\b|was\b|has\b|[a-z]{{3,9}}ed\b|fell\b|felt\b|hurt\b)
    |[ ](?<=\][ ])is[ ](?P<named>\d{{2}}|{NUMBER_WORD})(?=[.;,][ ]|[ ]and[ ])
    |(?P<initial>\d(?:(?<=^\d)|(?<=:[ ]\d))\d)[ ]?(?=[mf][,. ])""",
    re.VERBOSE,
)

_FIGURE = re.compile(r"\d")

_LESS_SURE = frozenset({"now", "turned", "redacted"})
"""Groups that may tell of somebody else: they count only where nobody is "years old"."""

_FEMALE_WORDS = r"female|woman|lady|girl|seamstress|waitress|hostess|stewardess"
_MALE_WORDS = r"male|man|gentleman|boy"

# The word for the patient, near the age: "46-year-old right-handed male machinist"; not
# "her male coworker"
_SEX_WORD = re.compile(
    rf"(?<!\bher )(?<!\bhis )\b(?:(?P<female>{_FEMALE_WORDS})|(?P<male>{_MALE_WORDS}))\b"
)
# 44 yo M, plasterer: behind the age
_SEX_LETTER = re.compile(r"[ -]?y[a-z./ -]{0,10}?[ .-](?:(?P<female>f)|(?P<male>m))\b")
# A dairy worker, she is now 34 years old: right before the age
_SAID_OF = re.compile(
    r"\b(?:(?P<female>she)|(?P<male>he)) (?:is|was) (?:(?:now|currently|then) )?(?:an? )?$"
)
# Mr. [redacted] is a tree trimmer
_COURTESY = re.compile(r"\b(?:(?P<male>mr)|(?P<female>ms|mrs))\.? (?=\[)")
# Currently 44, she last worked in 2010: right behind it
_GOES_ON = re.compile(r", (?:(?P<female>she)|(?P<male>he)) ")
_SENTENCE_END = re.compile(r"[.;]\s")
_BEGINNING = 400
"""Characters of the summary in which a sex word away from the age is the patient's."""
_NEAR = 60
"""How far behind (or before) the age its sex word may stand, in characters: a trade and
a hand ("right-handed former") fit in, the next sentence does not."""

_PRONOUN = re.compile(
    r"(?<![/\w])(?!(?:her|his) (?:notes?|reports?|letters?|opinion)\b)"  # a doctor's
    r"(?:(?P<female>she|her|hers|herself)|(?P<male>he|him|his|himself))(?![/\w])"
)

_MANY = 6
"""Of so many pronouns one may be another person's."""

_QUOTED = re.compile(r"\"[^\"]{0,300}\"|“[^”]{0,300}”")


def find_patient(summary: Passage | None, rationales: Sequence[Passage]) -> Values:
    """Age and sex of the patient, from the case summary, else from the rationales."""
    read = [summary] if summary else rationales
    passages = [Passage(lowered(passage.text), passage.start) for passage in read]
    values: Values = {}
    age = _first_age(passages)
    if age:
        values["patient.age"] = age
    sex = _stated_sex(passages, age) or _sex_from_pronouns(passages)
    if sex:
        values["patient.sex"] = sex
    return values


def _first_age(passages: Iterable[Passage]) -> Found[int] | None:
    for passage in passages:
        years_old = _years_old(passage.text)
        before = years_old.start() if years_old else len(passage.text)
        may_be_aged = _may_state_age(passage.text[:before])
        aged = _AGED.finditer(passage.text, 0, before) if may_be_aged else ()
        for match in chain(aged, (years_old,)):
            if match is None or (years_old and match.lastgroup in _LESS_SURE):
                continue
            group = match.lastgroup or "age"
            age = parse_number(match[group])
            youngest = _ADULT if group in ("years", "this") else _YOUNGEST
            if match[0].endswith(" years") and group != "age":
                youngest = _LONGEST_IN_TRADE
            if age is not None and youngest <= age <= _OLDEST:
                return passage.found(age, match, "patient.age", group=group)
    return None


def _may_state_age(text: str) -> bool:
    """Whether `text` holds a figure, or the end of a number of 14 or more in words."""
    return _FIGURE.search(text) is not None or "ty" in text or "teen" in text


def _years_old(text: str) -> re.Match[str] | None:
    """The first age of a worker that "years old" stands right behind."""
    for years in _YEARS_OLD.finditer(text):
        age = _AGE.search(text, max(0, years.start() - _LONGEST_AGE), years.start())
        if age and _YOUNGEST <= (parse_number(age["age"]) or 0) <= _OLDEST:
            return age
    return None


def _stated_sex(passages: Sequence[Passage], age: Found[int] | None) -> Found[Sex] | None:
    """The sex word by the age, else the only kind there is; without any "Mr." or "Ms."."""
    for passage in passages:
        if age and passage.start <= age.start < passage.end:
            near = _word_by_age(passage, age)
            if near:
                return near
    for pattern in (_SEX_WORD, _COURTESY):
        words = [
            passage.found(_sex_of(match), match, "patient.sex_word")
            for passage in passages[:1]
            for match in pattern.finditer(passage.text, 0, _BEGINNING)
        ]
        if words:
            return words[0] if len({word.value for word in words}) == 1 else None
    return None


def _word_by_age(passage: Passage, age: Found[int]) -> Found[Sex] | None:
    start, end = age.start - passage.start, age.end - passage.start
    stop = _SENTENCE_END.search(passage.text, end, end + _NEAR)
    behind = _SEX_WORD.search(passage.text, end, stop.start() if stop else end + _NEAR)
    if behind:
        return passage.found(_sex_of(behind), behind, "patient.sex_word")
    before = list(_SEX_WORD.finditer(passage.text, max(0, start - _NEAR), start))
    if before:
        return passage.found(_sex_of(before[-1]), before[-1], "patient.sex_word")
    if letter := _SEX_LETTER.match(passage.text, end):
        return passage.found(_sex_of(letter), letter, "patient.sex_letter")
    if goes_on := _GOES_ON.match(passage.text, end):
        return passage.found(_sex_of(goes_on), goes_on, "patient.sex_word")
    said = _SAID_OF.search(passage.text, max(0, start - _NEAR), start)
    if said is None or _SEX_WORD.search(passage.text):
        return None
    return passage.found(_sex_of(said), said, "patient.sex_word")


def _sex_from_pronouns(passages: Sequence[Passage]) -> Found[Sex] | None:
    """The sex that every pronoun agrees on, or all but one of many: it may be a doctor's.

    Quoted speech may be of somebody else.
    """
    pronouns = [
        passage.found(_sex_of(match), match, "patient.sex_pronouns")
        for passage in passages
        for match in _PRONOUN.finditer(_QUOTED.sub(_blanked, passage.text))
    ]
    counts = Counter(pronoun.value for pronoun in pronouns)
    if not pronouns or (len(counts) > 1 and min(counts.values()) * _MANY > counts.total()):
        return None
    sex = counts.most_common(1)[0][0]
    return next(each for each in pronouns if each.value is sex)


def _blanked(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _sex_of(match: re.Match[str]) -> Sex:
    return Sex.FEMALE if match["female"] else Sex.MALE
