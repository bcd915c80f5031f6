"""Which treatments does a text name, and what says whose a number of visits is?

All texts are in lower case.
"""

from enum import Enum
from functools import cache

from extract.lexicon import load_lexicon
from extract.parse.visits.mentions import Mention, PhraseTable


class Owner(Enum):
    """Whose a count is."""

    HAD = "had"
    GUIDELINE = "guideline"
    NEITHER = "neither"
    UNTOLD = "untold"


_CLOSE = 40
"""How close before it a stronger cue silences a weak one, in characters."""


def find_words(text: str) -> list[Mention]:
    """The treatments and cues that `text` holds, from left to right."""
    return _word_table().find(text)


def is_kind(word: Mention) -> bool:
    """Whether `word` names a treatment: else it is a cue."""
    return word.label not in _CUES


def named_kinds(text: str) -> tuple[str, ...]:
    """The treatments that `text`, in lower case, names, from left to right.

    >>> named_kinds("acupuncture and then physical therapy")
    ('acupuncture', 'therapy')
    """
    return tuple(word.label for word in find_words(text) if is_kind(word))


def owner_by_cues(sentence: str, words: list[Mention], end: int) -> Owner:
    """Whose it is: by the last cue before `end` in `sentence`, else by the first behind.

    Args:
        words: what stands near it.
    """
    deciding: Mention | None = None
    for cue in words:
        if is_kind(cue) or cue.label == "nothing":
            continue
        if cue.start >= end:
            deciding = deciding or cue
            break
        if not (deciding and _is_silenced(sentence, cue, deciding)):
            deciding = cue
    return Owner(deciding.label) if deciding else Owner.UNTOLD


def _is_silenced(sentence: str, cue: Mention, before: Mention) -> bool:
    if before.label not in ("neither", "had") or cue.start - before.end > _CLOSE:
        return False
    return sentence[cue.start : cue.end] in load_lexicon("visits")["cues"]["weak"]


_CUES = frozenset({"had", "guideline", "neither", "nothing"})


@cache
def _word_table() -> PhraseTable:
    """What says whose a count is, and what texts call the kinds of treatment."""
    lexicon = load_lexicon("visits")
    kinds = {kind["name"]: kind["title"] + kind["mention"] for kind in lexicon["kind"]}
    return PhraseTable({name: lexicon["cues"][name] for name in sorted(_CUES)} | kinds)
