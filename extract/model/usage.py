"""What did the model's calls cost? Tokens, money, and the budget that they may not pass.

Prices come from the offline list of `genai-prices` unless the settings name them.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from extract.account import Attempt, Usage, total_usage
from extract.errors import BudgetSpent, PriceUnknown
from extract.settings import ModelSettings

_MILLION = 1_000_000


@dataclass(slots=True)
class CallLog:
    """Every attempt made for one letter; kept by the caller, so that failures count too."""

    attempts: list[Attempt] = field(default_factory=list)
    served_by: str | None = None

    @property
    def usage(self) -> Usage:
        """Tokens of all attempts together."""
        return total_usage(attempt.usage for attempt in self.attempts)


class Price:
    """What a model's tokens cost; `None` if neither list nor settings know."""

    def __init__(self, settings: ModelSettings) -> None:
        self._input = settings.input_usd_per_million
        self._output = settings.output_usd_per_million
        self._model = settings.name
        self._listed = True

    def of(self, usage: Usage) -> float | None:
        """The price of `usage` in US dollars."""
        if self._input is not None and self._output is not None:
            cost = usage.input_tokens * self._input + usage.output_tokens * self._output
            return cost / _MILLION
        return self._from_list(usage) if self._listed else None

    def _from_list(self, usage: Usage) -> float | None:
        from genai_prices import Usage as Counted  # its price list costs 0.1 s to load
        from genai_prices import calc_price

        counted = Counted(
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
            cache_read_tokens=usage.cached_tokens,
        )
        try:
            return float(calc_price(counted, self._model).total_price)
        except LookupError:
            self._listed = False
        except ValueError:  # counts that the list can make nothing of
            pass
        return None


class Held(NamedTuple):
    """What was set aside for a call that is under way."""

    tokens: int
    cost_usd: float


class Budget:
    """Sets money and tokens aside before a call, so that no call can pass the limit."""

    def __init__(self, settings: ModelSettings) -> None:
        self._price = Price(settings)
        self._limits = (settings.max_tokens, settings.max_cost_usd)
        self.spent = Usage()
        self._held: list[Held] = []
        self.spent_usd = 0.0
        self._turns: deque[asyncio.Event] = deque()
        if settings.max_cost_usd is not None and self._price.of(Usage()) is None:
            raise PriceUnknown(
                f"there is no known price for {settings.name}: set input_usd_per_million and "
                "output_usd_per_million (IMR_INPUT_USD_PER_MILLION, …), or limit the run "
                "by max_tokens (IMR_MAX_TOKENS) instead"
            )

    def cost_of(self, usage: Usage) -> float | None:
        """The price of `usage` in US dollars, if it is known."""
        return self._price.of(usage)

    async def hold(self, worst: Usage) -> Held:
        """Set aside what a call can cost at worst.

        It waits while only what other calls have set aside is lacking: they use less than
        that as a rule. Calls get their share in the order of asking, so that what a budget
        suffices for does not depend on how many are under way.

        Raises:
            BudgetSpent: what is spent already leaves too little; the call must not be made.
        """
        wanted = self._at_price(worst)
        turn = asyncio.Event()
        self._turns.append(turn)
        try:
            while self._turns[0] is not turn or self._lacks(wanted, self._held):
                self._check(wanted)
                await turn.wait()
                turn.clear()
            self._held.append(wanted)
            return wanted
        finally:
            self._turns.remove(turn)
            self._call_next()

    def settle(self, held: Held, used: Usage) -> None:
        """Count what a call used in place of what was set aside for it."""
        self._held.remove(held)
        self.count(used)
        self._call_next()

    def count(self, used: Usage, *, cost_usd: float | None = None) -> None:
        """Count what was used, and what it cost: by default its price."""
        self.spent += used
        self.spent_usd += (self._price.of(used) or 0.0) if cost_usd is None else cost_usd

    def _at_price(self, worst: Usage) -> Held:
        return Held(worst.total, self._price.of(worst) or 0.0)

    def _check(self, wanted: Held) -> None:
        """Make sure that a call fits into the budget beside what is spent."""
        lacking = self._lacks(wanted, ())
        if lacking:
            raise BudgetSpent(f"the budget of {lacking} and start again to go on")

    def _lacks(self, wanted: Held, held: Sequence[Held]) -> str | None:
        """Which budget is too small for a call beside what is `held`, and how to raise it."""
        most_tokens, most_usd = self._limits
        tokens = self.spent.total + sum(each.tokens for each in held) + wanted.tokens
        if most_tokens is not None and tokens > most_tokens:
            return f"{most_tokens} tokens does not allow another call: raise max_tokens"
        if most_usd is None:
            return None
        cost = self.spent_usd + sum(each.cost_usd for each in held)
        if cost + wanted.cost_usd > most_usd:
            return (
                f"{most_usd:.10g} USD does not allow another call: raise max_cost_usd "
                "(--max-cost)"
            )
        return None

    def _call_next(self) -> None:
        """Let the call whose turn it is look whether there is enough for it."""
        if self._turns:
            self._turns[0].set()
