"""Which number does a word name? Whole numbers from one to ninety-nine."""

import re
from functools import cache

from extract.lexicon import load_lexicon

# twelve · forty-five · sixty one
NUMBER_WORD = (
    r"(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
    r"(?:[- ](?:one|two|three|four|five|six|seven|eight|nine)\b)?"
    r"|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
    r"|one|two|three|four|five|six|seven|eight|nine)"
)


@cache
def number_words() -> dict[str, int]:
    """Word to number, compounds with a hyphen: `forty-five`."""
    lists = load_lexicon("numbers")
    ones: dict[str, int] = lists["ones"]
    tens: dict[str, int] = lists["tens"]
    compounds = {f"{ten}-{one}": tens[ten] + ones[one] for ten in tens for one in ones}
    return {**ones, **lists["teens"], **tens, **compounds}


def parse_number(text: str) -> int | None:
    """The number that `text` names in digits or as a word; `None` if it names none.

    >>> parse_number("forty-five"), parse_number("12"), parse_number("few")
    (45, 12, None)
    """
    if text.isdecimal():
        return int(text)
    return number_words().get(re.sub(r"[- ]+", "-", text.strip().lower()))
