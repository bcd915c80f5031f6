"""What is a guideline line made of? Names of guidelines, years, pages, words to leave out.

What lies between two tokens is the text of a section. Knows notations, not what cites what.
"""

import re
from functools import cache

from extract.lexicon import load_lexicon

_YEAR = r"(?:19|20)\d\d"
_NUMBER = rf"(?!{_YEAR}\b)\d{{1,4}}\b(?![.]\d|[ ]C\.?C\.?R)"
_TO = r"[ ]?(?:[-–—]|to\b|through\b|thru\b)[ ]?"
_RANGE = rf"{_NUMBER}(?:{_TO}{_NUMBER})?(?:[ ]of[ ]\d{{1,4}}\b)?"
_NEXT = r"[ ]?(?:[,;&][ ]?(?:and[ ])?|and[ ])(?:(?:pages?|pgs?|pp?)\b\.?[ ]?)?"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"

# Page(s): 98-99 · page(s) 127, 300 · pages 22 and 98-99 · pg. 64 · p 301 · Page 47 of 127
PAGES = rf"""
    \b(?:pages?|pgs?|pp?)\b(?:\(s\))?\.?(?:[ ]?(?:numbers?|nos?\b\.?|\#))?[ ]?:?[ ]?
    {_RANGE}(?:{_NEXT}{_RANGE}){{0,20}}"""
PAGE_RANGE = re.compile(
    rf"(?P<first>{_NUMBER})(?:{_TO}(?P<last>{_NUMBER}))?(?:[ ]of[ ]\d{{1,4}}\b)?"
)

# 2016 · (2004) · (updated 12/20/16) · 12/20/2016 · (Effective July 18, 2009)
YEAR_PRINTED = re.compile(rf"\d{{1,2}}/\d{{1,2}}/(?P<short>\d\d)\b|(?P<long>{_YEAR})(?!\d)")
_DATED = rf"""
    \(?(?:\b(?:last[ ])?(?:updated?|revised|revision|version|effective|as[ ]of|accessed|dated?)
          [ ]?:?[ ]?(?:on[ ])?)?
    (?:(?<![\d/.])\d{{1,2}}/(?:\d{{1,2}}/(?:{_YEAR}|\d\d)|{_YEAR})(?![\d/])
      |(?:\b{_MONTH}[ ](?:\d{{1,2}},?[ ])?)?(?<![\d.§/-]){_YEAR}(?!\d|\.\d))
    (?:[ ](?:web|online|annual))?(?:[ ](?:edition|version|update))?\)?"""

# 2nd Edition · 3rd ed. · (21th Annual Edition) · Third Edition
_EDITION = r"""
    \(?\b(?:\d{1,2}(?:st|nd|rd|th)|first|second|third|fourth)[ ](?:annual[ ])?
    ed(?:ition|n|\.|\b)\.?\)?"""

# Chapter 12 · Chapter(s) · Low Back Chapter Guidelines · Section(s): · Section on
_DIVISION = r"""
    \(?\b(?:Chapters?(?:\(s\))?
          (?:[ ](?:\#[ ]?)?\d{1,2}\b(?:[ ]?(?:,|&|and)[ ]?\d{1,2}\b){0,3})?
        |Ch\.[ ]?\d{1,2}|Sections?(?:\(s\))?(?:[ ]on\b)?)(?:[ ]Guidelines?\b)?:?\)?"""

# Title 8, California Code of Regulations, section 9792.24.2 · 8 C.C.R. §§9792.20 – 9792.26
_REGULATION = r"""
    \b(?:(?:Title[ ]8,?[ ])?(?:California|CA)[ ]Code[ ]of[ ]Regulations|8[ ]C\.?C\.?R\.?)
    |(?:§{1,2}[ ]?|\bsections?[ ]|\b)97\d\d\.\d{1,2}(?:\.\d{1,2}){0,2}
     (?:[ ]?[-–][ ]?97\d\d\.\d{1,2})?"""

# 3.3.9 Opioids for Chronic Pain … · 2. Opioids for Subacute Pain
_TOPIC_NUMBER = r"(?<![\w.])(?:\d{1,2}(?:\.\d{1,2}){1,4}\.?|\d{1,2}\.)[ ](?=(?-i:[A-Z]))"

# Official Disability Guidelines (ODG) · ODG Guidelines · ODG-TWC; misspelt: Offical, Guidlines
_ODG = r"""
    \(?\bOffic\w{0,4}[ ]Disab\w{0,8}[ ](?:Duration[ ])?Gui\w{0,9}(?:[ ]?\(ODG\))?
    |\(?\bODG(?:[-/ ]TWC\b)?\)?(?:[ ]Guidelines?\b)?"""

# American College of Occupational and Environmental Medicine (ACOEM) Practice Guidelines
# Harris J. Occupational medicine practice guidelines
_ACOEM = r"""
    (?:\bAmerican[ ]College[ ]of[ ]Occupational[ ](?:and|&)[ ]Environmental[ ]Med\w{1,8}
      (?:['’]s)?(?:[ ](?:Practice[ ])?Guidelines?)?(?:[ ]?\(ACOEM\))?
     |\(?\bACOEM\b(?:['’]s)?\)?)
      (?:[ ,]{0,2}\b(?:Occupational[ ]Medicine[ ])?(?:Practice[ ])?Guidelines?\b)?
    |(?:\b[A-Z][a-z]{1,20},?[ ][A-Z]\.?(?:[ ]\(?eds?\.?\)?)?,?[ ])?
      \bOccupational[ ]Medicine[ ]Practice[ ]Guidelines?"""

_NAMES = r"""
      (?P<odg>{odg})
    | (?P<acoem>{acoem})
    | (?P<chronic_pain>\bChronic[ ]Pain[ ]\(?(?:Medical[ ])?(?:Treatment[ ])?Guidelines?)
    | (?P<acupuncture>\bAcupuncture[ ](?:Medical[ ])?(?:Treatment[ ])?Guidelines?)
    | (?P<postsurgical>\bPost[- ]?surgical[ ](?:Physical[ ]Medicine[ ])?(?:Medical[ ])?
        (?:(?:Treatment|Rehabilitation)[ ])?Guidelines?)
    | (?P<opioids>\bOpioids?[ ](?:Medical[ ])?Treatment[ ]Guidelines?)
    | (?P<drug_formulary>\b(?:MTUS[ ])?Drug[ ]Formulary)
    | (?P<mtus_general>(?:\b(?:California|CA)[ ])?(?:\bMedical[ ]Treatment[ ]Utilization[ ]
        Schedule(?:[ ]?\(MTUS\))?|\(?\bMTUS\b\)?)(?:[ ]Guidelines?\b)?)
    | (?P<title_chronic_pain>\bChronic[ ]Pain(?:[ ](?:Medical[ ])?Treatment)?\b)
    | (?P<title_acupuncture>\bAcupuncture[ ](?:Medical[ ])?Treatment\b)
    | (?P<title_postsurgical>\bPost[- ]?surgical[ ](?:Medical[ ])?Treatment\b)
    | (?P<title_opioids>\bOpioids?(?:[ ](?:Medical[ ])?Treatment)?\b)
    | (?P<title_acoem>{chapters})
    | (?P<other_named>(?:\band[ ])?\bOther[ ]Medical[ ]Treatment[ ]Guidelines?
        (?:[ ]or[ ]Medical[ ]Evidence)?:?)
    | (?P<other_url>(?:\bhttps?://|\bwww\.)[^\s,;)]{{1,300}}|\(www\.[^\s)]{{1,200}}\))
    | (?P<other_body>{bodies})"""
_DETAILS = r"""
      (?P<pages>\({pages}\)|{pages})
    | (?P<regulation>{regulation})
    | (?P<year>{dated})
    | (?P<edition>{edition})
    | (?P<division>{division})
    | (?P<topic_number>{topic_number})
    | (?P<imprint>\(?(?:{imprints})\)?)"""


@cache
def token_pattern() -> re.Pattern[str]:
    """One pattern for all tokens; the name of the matched group is the token's kind."""
    lexicon = load_lexicon("guidelines")
    names = _NAMES.format(
        odg=_ODG,
        acoem=_ACOEM,
        chapters=_any_of(lexicon["chapters"]),
        bodies=_any_of(lexicon["bodies"]),
    )
    details = _DETAILS.format(
        pages=PAGES,
        regulation=_REGULATION,
        dated=_DATED,
        edition=_EDITION,
        division=_DIVISION,
        topic_number=_TOPIC_NUMBER,
        imprints=_any_of(lexicon["imprints"]),
    )
    return re.compile(f"{names}|{details}", re.VERBOSE | re.IGNORECASE)


@cache
def odg_chapter_pattern() -> re.Pattern[str]:
    """What a chapter of the Official Disability Guidelines begins with."""
    chapters = _any_of(load_lexicon("guidelines")["odg_chapters"])
    return re.compile(chapters, re.VERBOSE | re.IGNORECASE)


def _any_of(names: list[str]) -> str:
    """A pattern for any of `names`, the longest first; `&` for "and", commas optional."""
    patterns = [re.escape(name) for name in sorted(names, key=len, reverse=True)]
    joined = "|".join(patterns).replace(r"\ and\ ", r"\ (?:and|&)\ ").replace(",", ",?")
    return rf"\b(?:{joined})(?!\w)"


def find_year(text: str) -> int | None:
    """The first year printed in `text`; a two-digit one of a date is of this century.

    >>> find_year("(updated 12/20/16)"), find_year("2nd Edition (2004)"), find_year("page 98")
    (2016, 2004, None)
    """
    match = YEAR_PRINTED.search(text)
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
        for match in PAGE_RANGE.finditer(text)
    ]
