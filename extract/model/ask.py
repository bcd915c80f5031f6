"""Asks a model about one letter until its answers hold, or patience ends.

A reply is checked against schema and letter; what is wrong is shown to the model, at most
twice. A reply that was cut off is asked for once more with twice the room, then in parts; if
the endpoint says that a letter leaves less room than was asked for, it is given that.
Whatever fails is named and the best that was proved is kept.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from extract.draft import Draft
from extract.errors import (
    LetterTooLong,
    ModelError,
    ModelUnusable,
    ReplyEmpty,
    ReplyNotJson,
    ReplyRoomRefused,
    ReplyTruncated,
    RequestRefused,
)
from extract.model.examine import Examination, Examined
from extract.model.llm import Answer, LanguageModel, Question
from extract.model.problem import Problem
from extract.model.question import corrected
from extract.model.usage import CallLog

_LONGER = 2
"""How much more room a reply gets that was cut off."""

_MOST_SHOWN = 40
"""Problems shown to the model at once; more would only bury the first."""


@dataclass(slots=True)
class Asked:
    """What a model proved about a letter.

    Args:
        draft: the proved values.
        problems: answers that were not accepted in the end.
        failures: calls that came to nothing.
    """

    draft: Draft = field(default_factory=Draft)
    problems: list[Problem] = field(default_factory=list)
    failures: list[ModelError] = field(default_factory=list)

    @property
    def proved(self) -> bool:
        """Whether anything was proved."""
        return bool(self.draft.fields or any(self.draft.items))

    @property
    def was_cut_off(self) -> bool:
        """Whether the reply did not fit even in twice the room."""
        return any(isinstance(failure, ReplyTruncated) for failure in self.failures)


async def ask_until_proved(
    model: LanguageModel,
    question: Question,
    examination: Examination,
    *,
    rounds: int,
    log: CallLog,
) -> Asked:
    """The best of the model's replies to `question`, judged by the fewest problems.

    Raises:
        ModelUnusable: no question can be answered as things are set.
    """
    best: Examined | None = None
    failure: ModelError | None = None
    asked = question
    for left in range(rounds, -1, -1):
        try:
            answer = await _ask(model, asked, log)
        except ModelError as error:
            failure = error
            break
        failure = _failure_of(answer)
        examined = _examined(answer, examination)
        if examined and (best is None or len(examined.problems) < len(best.problems)):
            best = examined
        if (best and not best.problems) or left == 0:
            break
        asked = corrected(question, answer.text, _complaints(examined))
    return _asked(best, failure)


async def _ask(model: LanguageModel, question: Question, log: CallLog) -> Answer:
    """The answer; one that was cut off is asked for again with more room.

    Raises:
        ReplyTruncated: it was cut off again, or there is no more room.
        ModelUnusable: the model gives no reply the room that the settings ask for.
    """
    answer = await _first(model, question, log)
    if not answer.is_truncated:
        return answer
    longer = replace(question, max_output_tokens=question.max_output_tokens * _LONGER)
    with suppress(ReplyRoomRefused, RequestRefused, LetterTooLong):  # no room for it
        answer = await model.ask(longer, log)
        if answer.is_truncated:
            raise _truncated(longer)
        return answer
    raise _truncated(question)


async def _first(model: LanguageModel, question: Question, log: CallLog) -> Answer:
    """The answer in the room that the question names, or in what the letter leaves of it."""
    try:
        return await model.ask(question, log)
    except ReplyRoomRefused as refusal:
        refused = refusal
    if refused.is_for_all:
        raise ModelUnusable(refused.message)
    if refused.room is None or refused.room >= question.max_output_tokens:
        raise refused
    return await model.ask(replace(question, max_output_tokens=refused.room), log)


def _truncated(question: Question) -> ReplyTruncated:
    return ReplyTruncated(
        f"the reply is longer than {question.max_output_tokens} tokens, or than the model "
        "gives it: raise max_output_tokens (IMR_MAX_OUTPUT_TOKENS) if it gives more"
    )


def _examined(answer: Answer, examination: Examination) -> Examined | None:
    if answer.reply is None:
        return None
    draft, problems = examination.examine(answer.reply)
    return Examined(draft, [*answer.problems, *problems])


def _failure_of(answer: Answer) -> ModelError | None:
    """What an answer without a usable reply is called."""
    if answer.reply is not None:
        return None
    if not answer.text.strip():
        return ReplyEmpty("the model's reply was empty, however often it was asked")
    return ReplyNotJson(
        "the model's reply was no JSON of the schema, however often it was asked: try "
        "another mode (IMR_MODE) or another model"
    )


def _complaints(examined: Examined | None) -> Sequence[str]:
    if examined is None:
        return ["- the reply as a whole: it is no JSON object of the schema"]
    return [problem.sentence() for problem in examined.problems[:_MOST_SHOWN]]


def _asked(best: Examined | None, failure: ModelError | None) -> Asked:
    asked = Asked(failures=[failure] if failure else [])
    if best:
        asked.draft, asked.problems = best
    return asked
