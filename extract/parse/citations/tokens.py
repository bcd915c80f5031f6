"""What is a guideline line made of? Names of guidelines, years, pages, words to leave out.

What lies between two tokens is the text of a section. Knows notations, not what cites what.
All patterns are for text in lower case: `re` is several times slower if it ignores case.
"""

import re
from functools import cache

from extract.lexicon import load_lexicon

_YEAR = r"(?:19|20)\d\d"
_NUMBER = rf"(?!{_YEAR}\b(?![ ]?[-–—]))\d{{1,4}}\b(?!\.\d|[ ]c\.?c\.?r)"
_TO = r"[ ]?(?:[-–—]|to\b|through\b|thru\b)[ ]?"
_OF = r"(?:(?:[ ]of[ ]|/)\d{1,4}\b)?"
_RANGE = rf"{_NUMBER}(?:{_TO}{_NUMBER})?{_OF}"
_NEXT = r"[ ]?(?:[,;&][ ]?(?:and[ ])?|and[ ])(?:(?:pages?|pgs?|pp?)\b\.?[ ]?)?"

# page(s): 98-99 · page(s) 127, 300 · pages 22 and 98-99 · pg. 64 · p 301 · page 47 of 127
_PAGES = rf"""
    (?:(?:pages?|pgs?|pp?)\b|pages?(?=\d))(?:[ ]?\(s\))?\.?
    (?:[ ]?(?:numbers?|nos?\b\.?|\#))?[ ]?:?[ ]?
    {_RANGE}(?:{_NEXT}{_RANGE}){{0,20}}"""
_PAGE_RANGE = re.compile(rf"(?P<first>{_NUMBER})(?:{_TO}(?P<last>{_NUMBER}))?{_OF}")

# 2016 · (2004) · (updated 12/20/16) · 12/20/2016 · 11/2016 · (effective july 18, 2009)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_DATED = rf"""
    (?:(?:last[ ])?(?:updated?|revised|revision|version|effective|as[ ]of|accessed|dated?)
       [ ]?:?[ ]?(?:on[ ])?)?
    (?<![./§-])(?:\d{{1,2}}/(?:\d{{1,2}}/(?:{_YEAR}|\d\d)|{_YEAR})(?![\d/])
      |(?:{_MONTH}[ ](?:\d{{1,2}},?[ ])?)?{_YEAR}(?!\d|\.\d))
    (?:[ ](?:web|online|annual))?(?:[ ](?:edition|version|update))?"""
_YEAR_PRINTED = re.compile(rf"\d{{1,2}}/\d{{1,2}}/(?P<short>\d\d)\b|(?P<long>{_YEAR})(?!\d)")

# 2nd edition · 3rd ed. · (21th annual edition) · third edition
_EDITION = r"""
    (?:\d{1,2}(?:st|nd|rd|th)|first|second|third|fourth)[ ](?:annual[ ])?
    ed(?:ition|n|\.|\b)\.?(?:[ ]?\((?:web|online)\))?"""

# chapter 12 · chapter(s) · low back chapter guidelines · section(s): · section on
_DIVISION = r"""
    (?:chap(?:ter)?s?\b\.?(?:\(s\))?
          (?:[ ](?:\#[ ]?)?\d{1,2}\b(?:[ ]?(?:,|&|and)[ ]?\d{1,2}\b){0,3})?
      |ch\.[ ]?\d{1,2}|sections?(?:\(s\)|\b)(?:[ ]on\b)?)(?:[ ]guidelines?\b)?:?"""

# title 8, california code of regulations, section 9792.24.2 · 8 c.c.r. §§9792.20 – 9792.26
_REGULATION = r"""
    (?:title[ ]8,?[ ])?(?:california|ca)[ ]code[ ]of[ ]regulations|8[ ]c\.?c\.?r\.?
    |(?:§{1,2}[ ]?|sections?[ ])?97\d\d\.\d{1,2}(?:\.\d{1,2}){0,2}
     (?:[ ]?[-–][ ]?97\d\d\.\d{1,2})?"""

# 3.3.9 opioids for chronic pain … · 2. opioids for subacute pain
_TOPIC_NUMBER = r"(?<![./§-])(?:\d{1,2}(?:\.\d{1,2}){1,4}\.?|\d{1,2}\.)[ ](?=[a-z])"

# Both words are often misspelt: guidlines, giudelines; treament, treatement.
_GUIDELINES = r"g[ui]{1,2}d\w{0,8}"
_TREATMENT = r"tre\w{4,8}"

# official disability guidelines (odg) · odg guidelines · odg-twc · work loss data institute
_ODG = rf"""
    offic\w{{0,4}}[ ]disab\w{{0,8}}[ ](?:duration[ ])?{_GUIDELINES}(?:[ ]?\(odg)?
    |odg\b(?:[-/ ]twc\b)?\)?(?:[ ]{_GUIDELINES}\b)?
    |work[ ]loss[ ]data[ ]institute(?:,?[ ]llc\b)?"""

# american college of occupational and environmental medicine (acoem) practice guidelines
# acoem guidelines · occupational medicine practice guidelines
_ACOEM = rf"""
    (?:american[ ]college[ ]of[ ]occup\w{{0,8}}[ ](?:and|&)[ ]environ\w{{0,8}}[ ]med\w{{0,8}}
      (?:['’]s)?(?:[ ](?:practice[ ])?{_GUIDELINES})?(?:[ ]?\(acoem\))?
     |acoem\b(?:['’]s)?\)?)
      (?:[ ,]{{0,2}}\b(?:occupational[ ]medicine[ ])?(?:practice[ ])?{_GUIDELINES}\b)?
    |occupational[ ]medicine[ ]practice[ ]{_GUIDELINES}"""

# the mtus · california mtus guidelines · medical treatment utilization schedule (mtus)
_MTUS = rf"""
    (?:(?:california|ca)[ ])?(?:medical[ ]{_TREATMENT}[ ]utilization[ ]schedule(?:[ ]?\(mtus)?
      |mtus\b)(?:\)?[ ]{_GUIDELINES}\b)?"""

# mtus acupuncture 2007
_OF_YEAR = r"(?=[ ]\(?20\d\d\b)"

# A name that ends in "guidelines" counts anywhere; a mere title ("opioid treatment") is also
# a topic, and counts only where a year or its place shows that it is more.
_NAMES = rf"""
      (?P<odg>{_ODG})
    | (?P<acoem>{_ACOEM})
    | (?P<chronic_pain>chronic[ ]pain[ ](?:medical[ ])?(?:{_TREATMENT}[ ])?{_GUIDELINES})
    | (?P<acupuncture>acupuncture[ ](?:medical[ ])?(?:{_TREATMENT}[ ])?{_GUIDELINES})
    | (?P<postsurgical>post[- ]?surgical[ ](?:physical[ ]medicine[ ])?(?:medical[ ])?
        (?:(?:{_TREATMENT}|rehabilitation)[ ])?{_GUIDELINES})
    | (?P<opioids>opioids?[ ](?:medical[ ])?(?:{_TREATMENT}[ ])?{_GUIDELINES})
    | (?P<drug_formulary>(?:mtus[ ])?drug[ ]formulary)
    | (?P<mtus_general>{_MTUS})
    | (?P<title_acoem>%(chapters)s)
    | (?P<title_chronic_pain>chronic[ ]pain(?:[ ](?:medical[ ])?{_TREATMENT})?\b)
    | (?P<title_acupuncture>acupuncture(?:[ ](?:medical[ ])?{_TREATMENT}\b|{_OF_YEAR}))
    | (?P<title_postsurgical>post[- ]?surgical(?:[ ](?:medical[ ])?{_TREATMENT}\b|{_OF_YEAR}))
    | (?P<title_opioids>opioids?(?:[ ](?:medical[ ])?{_TREATMENT})?\b)
    | (?P<other_named>(?:and[ ])?other[ ](?:medical[ ]{_TREATMENT}[ ]{_GUIDELINES}
        (?:[ ]or[ ]medical[ ]evidence)?:?|clinical[ ]protocols?:))
    | (?P<other_url>(?:https?://|www\.)[^\s,;)]{{1,300}})
    | (?P<other_body>%(bodies)s)"""
_DETAILS = rf"""
      (?P<pages>{_PAGES})
    | (?P<regulation>{_REGULATION})
    | (?P<year>{_DATED})
    | (?P<edition>{_EDITION})
    | (?P<division>{_DIVISION})
    | (?P<topic_number>{_TOPIC_NUMBER})
    | (?P<imprint>pages?\(s\):?|%(imprints)s)"""

# How tokens begin; looked for first, because it is cheap, and nine words of ten fail here.
_STARTS = (
    r"\d|§|offic|odg|acoem|america|occupa|chronic|acup|post|opioid|drug|mtus|medical|cal|ca[ ]"
    r"|and[ ]other|other|http|www|pages?(?:\b|\d)|pgs?\b|pp?\b|title|chap|ch\.|section"
    r"|work[ ]loss|last|updat|revis|versi|effec|as[ ]of|acces|date"
    r"|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|first|second|third|fourth"
)
_LEXICON_START = 4
"""How many characters of a name's first word tell that it may begin."""


@cache
def token_pattern() -> re.Pattern[str]:
    """One pattern for all tokens, in lower case; the matched group's name is the kind."""
    lexicon = load_lexicon("guidelines")
    lists = {name: _any_of(lexicon[name]) for name in ("chapters", "bodies", "imprints")}
    kinds = f"{_NAMES}|{_DETAILS}" % lists
    starts = f"{_STARTS}|{_starts_of(lexicon)}"
    return re.compile(rf"(?<!\w)\(?(?={starts})(?:{kinds})\)?", re.VERBOSE)


@cache
def odg_chapter_pattern() -> re.Pattern[str]:
    """What a chapter of the Official Disability Guidelines begins with."""
    return re.compile(_any_of(load_lexicon("guidelines")["odg_chapters"]), re.IGNORECASE)


def _starts_of(lexicon: dict[str, list[str]]) -> str:
    names = lexicon["chapters"] + lexicon["bodies"] + lexicon["imprints"]
    return "|".join(sorted({name.lower().split()[0][:_LEXICON_START] for name in names}))


def _any_of(names: list[str]) -> str:
    """A pattern for any of `names`, the longest first; `&` for "and", commas optional."""
    ordered = sorted((name.lower() for name in names), key=len, reverse=True)
    joined = "|".join(re.escape(name) for name in ordered)
    joined = joined.replace(r"\ and\ ", r"\ (?:and|&)\ ").replace(",", ",?")
    return rf"(?:{joined})(?!\w)"


def find_year(text: str) -> int | None:
    """The first year printed in `text`; a two-digit one of a date is of this century.

    >>> find_year("(updated 12/20/16)"), find_year("2nd Edition (2004)"), find_year("page 98")
    (2016, 2004, None)
    """
    match = _YEAR_PRINTED.search(text)
    if match is None:
        return None
    return int(match["long"] or "20" + match["short"])


def read_pages(text: str) -> list[str]:
    """The pages and ranges of a page reference, hyphens without blanks.

    >>> read_pages("Page(s): 76-80, 91"), read_pages("pages 22 and 98 – 99")
    (['76-80', '91'], ['22', '98-99'])
    """
    return [
        f"{match['first']}-{match['last']}" if match["last"] else match["first"]
        for match in _PAGE_RANGE.finditer(text)
    ]
