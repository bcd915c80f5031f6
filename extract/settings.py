"""What a caller may choose. Frozen; passed down by hand; nothing here reads the machine."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from extract.errors import SettingsInvalid

MEGABYTE = 1_000_000


class Method(StrEnum):
    """How the fields are found."""

    RULES = "rules"
    MODEL = "model"
    CASCADE = "cascade"
    AUTO = "auto"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The choices that shape a result.

    Args:
        method: `rules` (deterministic parsers, offline).
        max_bytes: a larger letter is refused unread.
        min_confidence: a value under it is left `null` and listed as doubtful, 0 to 1.
        today: the newest date that a two-digit year may mean when the letter has no
            other date; `None` asks the clock.
    """

    method: Method = Method.RULES
    max_bytes: int = 20 * MEGABYTE
    min_confidence: float = 0.0
    today: date | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        if self.max_bytes < 1:
            raise SettingsInvalid(f"max_bytes must be 1 or more, not {self.max_bytes}")
        if not 0 <= self.min_confidence <= 1:
            raise SettingsInvalid(
                f"min_confidence must lie between 0 and 1, not {self.min_confidence}"
            )
