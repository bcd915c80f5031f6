"""How many tokens does a text have? Offline: no vocabulary is fetched.

With `bpe-openai` (extra `tokens`) the count is exact for OpenAI's newer models. Without
it, it is an approximation: measured on the letters, prompts and replies of this project
it lies within a tenth of the exact count, on the high side more often than not.
"""

import re
import warnings
from collections.abc import Callable
from functools import cache, lru_cache

# A word of up to eight letters, a piece of a longer one, up to three digits, a mark.
_PIECE = re.compile(r" ?[^\W\d_]{1,8}|\d{1,3}|[^\w\s]{1,2}|\n+")

ENCODING = "o200k_base"
"""The encoding counted with: that of OpenAI's models since 2024."""

_MOST_AT_ONCE = 40_000
"""Characters counted at once: `bpe-openai` refuses a million of them, or 200,000 tokens."""


def count_tokens(text: str) -> int:
    """The number of tokens of `text`, exact or approximate.

    A long text is counted in pieces, each of which may make it one token more.
    """
    count = _counter()
    starts = range(0, len(text), _MOST_AT_ONCE)
    return sum(count(text[at : at + _MOST_AT_ONCE]) for at in starts)


@lru_cache(maxsize=64)
def count_prompt_tokens(prompt: str) -> int:
    """The same, remembered: for texts that are sent with letter after letter."""
    return count_tokens(prompt)


def is_exact() -> bool:
    """Whether counts are exact for OpenAI's newer models."""
    return _counter() is not approximate_tokens


def approximate_tokens(text: str) -> int:
    """The approximate number of tokens of `text`."""
    return sum(1 for _ in _PIECE.finditer(text))


@cache
def _counter() -> Callable[[str], int]:
    with warnings.catch_warnings():  # it opens its data by a function to be retired
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            import bpe_openai
        except ImportError:
            return approximate_tokens
        encoding = bpe_openai.get_encoding(ENCODING)
    return lambda text: len(encoding.encode_ordinary(text))
