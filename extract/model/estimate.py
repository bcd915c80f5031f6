"""What would a run cost? Counts what would be sent, before anything is.

The input is counted on the letters themselves. The output is not known before: it is taken
from the replies written for the real letters in `gold/`, which are as long as the schema
makes a full reply, whoever gives it.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from extract.account import Usage
from extract.clean import clean
from extract.errors import ExtractError
from extract.letter import Letter
from extract.model.letters import LetterSource, letter_of
from extract.model.llm import Question
from extract.model.reading import LetterQuestions
from extract.model.tokens import is_exact
from extract.model.usage import Price
from extract.model.wire import asked_fields, asked_of
from extract.settings import Method, ModelSettings, Settings

OUTPUT_CASE_TOKENS = 405
OUTPUT_ITEM_TOKENS = 640
"""Tokens of a full reply: for the case, and for each item. Measured, and held by a test."""


class Estimate(NamedTuple):
    """What a run would send, receive and cost.

    Args:
        letters: how many can be read.
        unreadable: why each of the others cannot.
        calls: how many calls would be made if every first reply holds.
        usage: tokens of these calls.
        cost_usd: their price; `None` if it is not known.
        is_exact: whether the tokens sent were counted exactly.
    """

    letters: int
    unreadable: tuple[ExtractError, ...]
    calls: int
    usage: Usage
    cost_usd: float | None
    is_exact: bool

    def sentence(self) -> str:
        """The estimate in words."""
        about = "" if self.is_exact else "about "
        cost = "unknown price" if self.cost_usd is None else f"{self.cost_usd:.4f} USD"
        return (
            f"{self.letters} letters ({len(self.unreadable)} unreadable), {self.calls} calls, "
            f"{about}{self.usage.input_tokens} tokens in, about {self.usage.output_tokens} "
            f"out: {cost}; replies that must be corrected cost more"
        )


def estimate_run(
    sources: Iterable[LetterSource],
    *,
    settings: Settings,
    has_reply: Callable[[Question], bool] = lambda _question: False,
) -> Estimate:
    """What extracting `sources` would take; nothing is sent.

    Args:
        has_reply: whether a question need not be asked.
    """
    letters = calls = 0
    unreadable: list[ExtractError] = []
    usage = Usage()
    for source in sources:
        try:
            letter = letter_of(source, settings)
        except ExtractError as error:
            unreadable.append(error)
            continue
        letters += 1
        one = _estimate_letter(letter, settings, has_reply)
        calls += one.input_tokens > 0
        usage += one
    price = Price(settings.model or ModelSettings(name="none"))
    return Estimate(letters, tuple(unreadable), calls, usage, price.of(usage), is_exact())


def _estimate_letter(
    letter: Letter, settings: Settings, has_reply: Callable[[Question], bool]
) -> Usage:
    if settings.resolved_method is Method.RULES:
        return Usage()
    questions = LetterQuestions(clean(letter.text), settings)
    question = questions.first()
    if question is None or has_reply(question):
        return Usage()
    items = max(1, len(questions.parts.items))
    full = OUTPUT_CASE_TOKENS + items * OUTPUT_ITEM_TOKENS
    asked = len(asked_of(question.reply)) / len(asked_fields())
    return Usage(input_tokens=question.tokens(), output_tokens=round(full * asked))
