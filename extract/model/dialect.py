"""How does an endpoint want to be asked? A dialect: what is tried, and what comes next.

Endpoints differ in how they are made to reply in JSON, and in the parameters that they take.
"""

from typing import NamedTuple

from extract.model.refusals import NotTaken
from extract.settings import ModelSettings, ReplyMode

_MODES = (ReplyMode.JSON_SCHEMA, ReplyMode.TOOLS, ReplyMode.JSON)
"""From the one that binds the model most to the one that every endpoint takes."""

# Words in an endpoint's refusal, and the parameter that they speak of.
_OPTIONAL = ("temperature", "seed", "store", "parallel_tool_calls", "max_completion_tokens")


class Dialect(NamedTuple):
    """What an endpoint takes: a way to ask for JSON, and the parameters it does without."""

    mode: ReplyMode
    dropped: frozenset[str] = frozenset()

    def after(self, refusal: NotTaken, *, fixed: bool) -> "Dialect | None":
        """The dialect to try next; `None` if there is none left.

        A parameter is looked for in the words of a refusal, which may be the letter's, only
        where the endpoint does not name one.

        Args:
            fixed: whether the mode must stay.
        """
        for name in _OPTIONAL:
            is_meant = name == refusal.param if refusal.param else name in refusal.about
            if is_meant and name not in self.dropped:
                return self._replace(dropped=self.dropped | {name})
        rest = _MODES[_MODES.index(self.mode) + 1 :]
        return None if fixed or not rest else self._replace(mode=rest[0])


def first_dialect(settings: ModelSettings) -> Dialect:
    """The dialect to begin with."""
    mode = _MODES[0] if settings.mode is ReplyMode.AUTO else settings.mode
    # The newer name of the greatest length, which other endpoints may not know.
    dropped = set[str]() if settings.is_openai else {"max_completion_tokens"}
    return Dialect(mode, frozenset(dropped))
