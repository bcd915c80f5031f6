"""What did calls to a model take? Tokens and attempts, as results and stores keep them."""

from collections.abc import Iterable

from pydantic import Field, ValidationInfo, field_validator

from schemas import Frozen

_MOST = 10**15
"""Upper bound of a count of tokens; it fits SQLite's 64-bit integer."""


class Usage(Frozen):
    """Tokens of one call, or of several together."""

    input_tokens: int = Field(default=0, ge=0, le=_MOST, description="Tokens sent.")
    output_tokens: int = Field(default=0, ge=0, le=_MOST, description="Tokens received.")
    cached_tokens: int = Field(
        default=0,
        ge=0,
        le=_MOST,
        description="Of the tokens sent, those that the provider had kept.",
    )

    @field_validator("cached_tokens")
    @classmethod
    def _not_more_than_sent(cls, cached: int, info: ValidationInfo) -> int:
        """Some endpoints tell of more than were sent; that has no price."""
        sent: int = info.data.get("input_tokens", cached)
        return min(cached, sent)

    def __add__(self, other: "Usage") -> "Usage":
        """Both together; what passes the most that can be counted is the most."""
        return Usage(
            input_tokens=min(_MOST, self.input_tokens + other.input_tokens),
            output_tokens=min(_MOST, self.output_tokens + other.output_tokens),
            cached_tokens=min(_MOST, self.cached_tokens + other.cached_tokens),
        )

    @property
    def total(self) -> int:
        """Tokens in both directions."""
        return self.input_tokens + self.output_tokens


def total_usage(usages: Iterable[Usage]) -> Usage:
    """All of `usages` together."""
    return sum(usages, Usage())


class Attempt(Frozen):
    """One request to the endpoint, and what came of it."""

    outcome: str = Field(description="`ok`, or the name of the failure.")
    status: int | None = Field(default=None, description="HTTP status, if one came.")
    usage: Usage = Field(default=Usage(), description="Tokens that it took.")
    is_estimate: bool = Field(
        default=False, description="Whether the tokens had to be estimated."
    )
