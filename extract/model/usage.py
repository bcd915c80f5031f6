"""What did the model's calls cost? Tokens, money, and the budget that they may not pass.

Prices come from the offline list of `genai-prices` unless the settings name them.
"""

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
        self._held_tokens = 0
        self._held_usd = 0.0
        self._spent_usd = 0.0
        if settings.max_cost_usd is not None and self._price.of(Usage()) is None:
            raise PriceUnknown(
                f"there is no known price for {settings.name}: set input_usd_per_million and "
                "output_usd_per_million (IMR_INPUT_USD_PER_MILLION, …), or limit the run "
                "by max_tokens (IMR_MAX_TOKENS) instead"
            )

    def cost_of(self, usage: Usage) -> float | None:
        """The price of `usage` in US dollars, if it is known."""
        return self._price.of(usage)

    def hold(self, worst: Usage) -> Held:
        """Set aside what a call can cost at worst.

        Raises:
            BudgetSpent: it could exceed the budget; the call must not be made.
        """
        tokens, cost = worst.total, self._price.of(worst) or 0.0
        most_tokens, most_usd = self._limits
        if most_tokens is not None and self._used_tokens + tokens > most_tokens:
            raise BudgetSpent(
                f"the budget of {most_tokens} tokens does not allow another call: "
                "raise max_tokens and start again to go on"
            )
        if most_usd is not None and self._spent_usd + self._held_usd + cost > most_usd:
            raise BudgetSpent(
                f"the budget of {most_usd:.10g} USD does not allow another call: "
                "raise max_cost_usd (--max-cost) and start again to go on"
            )
        self._held_tokens += tokens
        self._held_usd += cost
        return Held(tokens, cost)

    def settle(self, held: Held, used: Usage) -> None:
        """Count what a call used in place of what was set aside for it."""
        self._held_tokens -= held.tokens
        self._held_usd -= held.cost_usd
        self.count(used)

    def count(self, used: Usage, *, share: float = 1.0) -> None:
        """Count what was used, at a `share` of its price."""
        self.spent += used
        self._spent_usd += share * (self._price.of(used) or 0.0)

    @property
    def _used_tokens(self) -> int:
        return self.spent.total + self._held_tokens
