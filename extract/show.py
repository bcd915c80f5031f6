"""How figures and values of records are shown to people, on every page and in every table."""

import re
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

NOTHING = "–"
"""What was not measured, or is not stated."""

_CONTROL = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # what moves, colours or hides on a terminal
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # what turns the order round
    "]"
)


def printable(text: str) -> str:
    r"""`text` for a terminal: what would steer it is spelt out, lines and tabs stay.

    Letters and the names of files come from strangers: a card must not be forged by them.
    JSON stays JSON, and says the same.

    >>> printable("Upheld\x1b[8m")
    'Upheld\\u001b[8m'
    """
    return _CONTROL.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def show_confidence(confidence: float | None) -> str:
    """Whole per cent, rounded down: nothing is shown as surer than it is.

    >>> show_confidence(0.996), show_confidence(0.29), show_confidence(None)
    ('99 %', '29 %', '–')
    """
    if confidence is None:
        return NOTHING
    return f"{int(100 * Decimal(str(confidence)))} %"  # 100 * 0.29 is less than 29


def show_share(share: float | None) -> str:
    """A measured share in per cent, not rounded up to 100.

    >>> show_share(0.98765), show_share(0.99999), show_share(None)
    ('98.8', '99.9', '–')
    """
    if share is None:
        return NOTHING
    shown = f"{100 * share:.1f}"
    return "99.9" if shown == "100.0" and share < 1 else shown


def show_value(value: Any) -> str:
    """A value of a record in words, as it is or as JSON holds it.

    >>> show_value({"part": "knee", "side": "left"})
    'knee (left)'
    """
    if value is None:
        return NOTHING
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json")
    if not isinstance(value, dict):
        return str(value)
    if "guideline" in value:
        return _show_citation(value)
    return f"{value['part']} ({value['side']})" if value["side"] else str(value["part"])


def _show_citation(citation: dict[str, Any]) -> str:
    pages = f"p. {', '.join(citation['pages'])}" if citation["pages"] else None
    source = f"{citation['basis']} {citation['guideline']}"
    parts = (source, citation["year"], citation["section"], pages)
    return " · ".join(str(part) for part in parts if part is not None)


def shorten(text: str, width: int) -> str:
    """`text` in one line of at most `width` characters.

    >>> shorten("pain of the\\nlow back", 13)
    'pain of the…'
    """
    text = " ".join(text.split())
    return text if len(text) <= width else f"{text[: width - 1].rstrip()}…"
