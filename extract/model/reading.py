"""How is a letter extracted with a model? Asks, falls back, merges, keeps the account.

`model` asks about the whole letter; `cascade` asks about what the rules leave open. Both
end in a draft merged field by field with the rules', whatever became of the calls.
"""

from collections.abc import Mapping, Sequence
from functools import partial

from extract.clean import Cleaned
from extract.confidence import rule_confidences
from extract.draft import Draft
from extract.model.ask import Asked, ask_until_proved
from extract.model.examine import Examination
from extract.model.gaps import Gaps, everything, find_gaps, item_region, passages_for
from extract.model.ground import Ground
from extract.model.llm import LanguageModel, Question
from extract.model.merge import Pairs, by_number, by_title, merge
from extract.model.question import OPEN, Asking, open_fields, whole_letter
from extract.model.usage import CallLog
from extract.parse.dates import newest_date
from extract.parse.letter import cut_letter, read_parts
from extract.result import Failure, ModelRun, Rejection
from extract.settings import Method, ModelSettings, Settings
from extract.spans import Span
from prompts import Prompt

_ITEMS_A_PART = 3
"""Items asked for at once when a reply was too long: one such reply always fits."""

_DEFAULTS = ModelSettings(name="none")
"""For models that no settings describe, such as a script."""


class LetterQuestions:
    """What one letter leaves to be asked: it is read by the rules, and nobody is asked yet.

    Args:
        cleaned: the letter.
        settings: the caller's choices.
    """

    def __init__(self, cleaned: Cleaned, settings: Settings) -> None:
        self.cleaned, self.settings = cleaned, settings
        self.parts = cut_letter(cleaned)
        self.newest = newest_date(cleaned.lines, today=settings.newest_day)
        self.rules = read_parts(self.parts, cleaned.lines, newest=self.newest)
        """What every field falls back to."""

    @property
    def is_about_the_whole(self) -> bool:
        """Whether the whole letter is asked about: a cascade does so without items."""
        return self.settings.resolved_method is not Method.CASCADE or not self.rules.items

    @property
    def room(self) -> int:
        """The longest reply, in tokens."""
        return (self.settings.model or _DEFAULTS).max_output_tokens

    def first(self) -> Question | None:
        """The question that is asked first; `None` if nothing is open."""
        if self.is_about_the_whole:
            return self.whole()
        gaps = self.gaps()
        return self.about(gaps) if gaps.paths else None

    def whole(self) -> Question:
        """The question about the whole letter."""
        return whole_letter().about(self.cleaned.lines, self.room)

    def gaps(self) -> Gaps:
        """What the rules leave open."""
        doubtful = partial(is_doubtful, self.settings)
        return find_gaps(self.rules, self.parts, self.cleaned.flat, is_doubtful=doubtful)

    def about(self, gaps: Gaps) -> Question:
        """The question about what is open."""
        passages = passages_for(gaps, self.parts, self.cleaned.flat)
        return open_fields(gaps.paths).about(passages, self.room)


class Reading:
    """One letter on its way through a model.

    Args:
        questions: the letter, and what can be asked about it.
        model: whom to ask.
    """

    def __init__(self, questions: LetterQuestions, model: LanguageModel) -> None:
        self._questions, self._model = questions, model
        self._parts, self._rules = questions.parts, questions.rules
        self._flat = questions.cleaned.flat
        self._ground = Ground(self._flat)
        self._log = CallLog()

    async def read(self) -> tuple[Draft, ModelRun]:
        """The merged draft, and what it took.

        Raises:
            ModelUnusable: no call can succeed as things are set.
        """
        about_the_whole = self._questions.is_about_the_whole
        return await (self._whole() if about_the_whole else self._cascade())

    async def _whole(self) -> tuple[Draft, ModelRun]:
        asking = whole_letter()
        asked = await self._ask(self._questions.whole(), self._examination(asking.prompt))
        if asked.was_cut_off and not asked.proved and self._rules.items:
            parts = await self._in_parts()
            return self._merge(parts.draft, pairs=by_number), self._run(asking, parts)
        return self._merge(asked.draft, pairs=by_title), self._run(asking, asked)

    async def _in_parts(self) -> Asked:
        """The whole letter, asked for piece by piece: the case, then a few items at once."""
        whole = Asked(draft=Draft(items=[{} for _ in self._parts.items]))
        count = len(self._parts.items)
        groups = [
            range(at, min(at + _ITEMS_A_PART, count)) for at in range(0, count, _ITEMS_A_PART)
        ]
        for numbers in (None, *groups):
            asked = await self._ask_gaps(everything(self._parts, numbers))
            whole.draft.fields |= asked.draft.fields
            for index, values in enumerate(asked.draft.items):
                whole.draft.items[index] |= values
            whole.problems += asked.problems
            whole.failures += asked.failures
        return whole

    async def _cascade(self) -> tuple[Draft, ModelRun]:
        gaps = self._questions.gaps()
        asking = open_fields(gaps.paths)
        asked = await self._ask_gaps(gaps) if gaps.paths else Asked()
        run = self._run(asking, asked)
        saved = {"input_tokens_saved": self._saved(gaps)}
        return self._merge(asked.draft, pairs=by_number), run.model_copy(update=saved)

    async def _ask_gaps(self, gaps: Gaps) -> Asked:
        regions = [item_region(item, self._flat) for item in self._parts.items]
        examination = self._examination(OPEN, regions)
        return await self._ask(self._questions.about(gaps), examination)

    def _examination(
        self, prompt: Prompt, regions: Sequence[Span] | None = None
    ) -> Examination:
        return Examination(
            self._ground,
            rule=prompt.label,
            newest=self._questions.newest,
            parts=self._parts,
            regions=regions,
        )

    async def _ask(self, question: Question, examination: Examination) -> Asked:
        rounds = (self._questions.settings.model or _DEFAULTS).rounds
        return await ask_until_proved(
            self._model, question, examination, rounds=rounds, log=self._log
        )

    def _merge(self, model: Draft, pairs: Pairs) -> Draft:
        prefers_rules = self._questions.settings.min_confidence > 0
        return merge(self._rules, model, pairs=pairs, prefers_rules=prefers_rules)

    def _saved(self, gaps: Gaps) -> int:
        """Tokens of the whole question less those of the one asked, if any was."""
        whole = self._questions.whole().tokens()
        return whole - self._questions.about(gaps).tokens() if gaps.paths else whole

    def _run(self, asking: Asking, asked: Asked) -> ModelRun:
        budget = self._model.budget
        parameters: Mapping[str, str | int | float | None] = self._model.parameters
        return ModelRun(
            model=self._model.name,
            served_by=self._log.served_by,
            prompt=asking.prompt.label,
            prompt_digest=asking.digest,
            parameters={**parameters, "max_output_tokens": self._questions.room},
            usage=self._log.usage,
            cost_usd=budget.cost_of(self._log.usage) if budget else None,
            attempts=tuple(self._log.attempts),
            rejections=tuple(
                Rejection(path=problem.path, fault=problem.fault.value)
                for problem in asked.problems
            ),
            failures=tuple(
                Failure(reason=failure.reason, message=failure.message)
                for failure in asked.failures
            ),
        )


def is_doubtful(settings: Settings, rule: str) -> bool:
    """Whether the measured confidence of a rule is low; one never measured is not."""
    confidence = rule_confidences().get(rule)
    return confidence is not None and confidence < settings.cascade_below
