"""How is a letter extracted with a model? Asks, falls back, merges, keeps the account.

`model` asks about the whole letter; `cascade` asks about what the rules leave open. Both
end in a draft merged field by field with the rules', whatever became of the calls.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
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
from extract.parse.parts import LetterParts
from extract.result import Failure, ModelRun, Rejection
from extract.settings import Method, ModelSettings, Settings

_ITEMS_A_PART = 3
"""Items asked for at once when a reply was too long: one such reply always fits."""

_DEFAULTS = ModelSettings(name="none")
"""For models that no settings describe, such as a script."""


@dataclass(slots=True)
class Reading:
    """One letter on its way through a model.

    Args:
        cleaned: the letter.
        model: whom to ask.
        settings: the caller's choices.
        log: every call made for the letter.
    """

    cleaned: Cleaned
    model: LanguageModel
    settings: Settings
    log: CallLog = field(default_factory=CallLog)
    ground: Ground = field(init=False)
    parts: LetterParts = field(init=False)
    rules: Draft = field(init=False)
    newest: date = field(init=False)

    def __post_init__(self) -> None:
        """Read the letter by the rules: they are what every field falls back to."""
        self.ground = Ground(self.cleaned.flat)
        self.parts = cut_letter(self.cleaned)
        self.newest = newest_date(self.cleaned.lines, today=self.settings.newest_day)
        self.rules = read_parts(self.parts, self.cleaned.lines, newest=self.newest)

    async def read(self) -> tuple[Draft, ModelRun]:
        """The merged draft, and what it took.

        Raises:
            ModelUnusable: no call can succeed as things are set.
        """
        return await (self._whole() if self._asks_the_whole else self._cascade())

    def first_question(self) -> Question | None:
        """The question that is asked first; `None` if nothing is open."""
        if self._asks_the_whole:
            return whole_letter().about(self.cleaned.lines, self._room)
        gaps = self._gaps()
        return self._about(gaps) if gaps.paths else None

    def _gaps(self) -> Gaps:
        doubtful = partial(is_doubtful, self.settings)
        return find_gaps(self.rules, self.parts, self.cleaned.flat, is_doubtful=doubtful)

    def _about(self, gaps: Gaps) -> Question:
        passages = passages_for(gaps, self.parts, self.cleaned.flat)
        return open_fields(gaps.paths).about(passages, self._room)

    async def _whole(self) -> tuple[Draft, ModelRun]:
        asking = whole_letter()
        question = asking.about(self.cleaned.lines, self._room)
        asked = await self._ask(
            question,
            Examination(
                self.ground, rule=asking.prompt.label, newest=self.newest, parts=self.parts
            ),
        )
        if asked.was_cut_off and not asked.proved and self.rules.items:
            parts = await self._in_parts()
            return self._merge(parts.draft, pairs=by_number), self._run(asking, parts)
        return self._merge(asked.draft, pairs=by_title), self._run(asking, asked)

    async def _in_parts(self) -> Asked:
        """The whole letter, asked for piece by piece: the case, then a few items at once."""
        whole = Asked(draft=Draft(items=[{} for _ in self.parts.items]))
        count = len(self.parts.items)
        groups = [
            range(at, min(at + _ITEMS_A_PART, count)) for at in range(0, count, _ITEMS_A_PART)
        ]
        for numbers in (None, *groups):
            asked = await self._ask_gaps(everything(self.parts, numbers))
            whole.draft.fields |= asked.draft.fields
            for index, values in enumerate(asked.draft.items):
                whole.draft.items[index] |= values
            whole.problems += asked.problems
            whole.failures += asked.failures
        return whole

    async def _cascade(self) -> tuple[Draft, ModelRun]:
        gaps = self._gaps()
        asking = open_fields(gaps.paths)
        asked = await self._ask_gaps(gaps) if gaps.paths else Asked()
        run = self._run(asking, asked)
        saved = {"input_tokens_saved": self._saved(gaps)}
        return self._merge(asked.draft, pairs=by_number), run.model_copy(update=saved)

    async def _ask_gaps(self, gaps: Gaps) -> Asked:
        regions = [item_region(item, self.cleaned.flat) for item in self.parts.items]
        examination = Examination(
            self.ground,
            rule=OPEN.label,
            newest=self.newest,
            parts=self.parts,
            regions=regions,
        )
        return await self._ask(self._about(gaps), examination)

    async def _ask(self, question: Question, examination: Examination) -> Asked:
        rounds = (self.settings.model or _DEFAULTS).rounds
        return await ask_until_proved(
            self.model, question, examination, rounds=rounds, log=self.log
        )

    def _merge(self, model: Draft, pairs: Pairs) -> Draft:
        return merge(self.rules, model, pairs=pairs, prefers_rules=self._prefers_rules)

    def _saved(self, gaps: Gaps) -> int:
        """Tokens of the whole question less those of the one asked, if any was."""
        whole = whole_letter().about(self.cleaned.lines, 1).tokens()
        return whole - self._about(gaps).tokens() if gaps.paths else whole

    def _run(self, asking: Asking, asked: Asked) -> ModelRun:
        budget = self.model.budget
        parameters: Mapping[str, str | int | float | None] = self.model.parameters
        return ModelRun(
            model=self.model.name,
            served_by=self.log.served_by,
            prompt=asking.prompt.label,
            prompt_digest=asking.digest,
            parameters={**parameters, "max_output_tokens": self._room},
            usage=self.log.usage,
            cost_usd=budget.cost_of(self.log.usage) if budget else None,
            attempts=tuple(self.log.attempts),
            rejections=tuple(
                Rejection(path=problem.path, fault=problem.fault.value)
                for problem in asked.problems
            ),
            failures=tuple(
                Failure(reason=failure.reason, message=failure.message)
                for failure in asked.failures
            ),
        )

    @property
    def _asks_the_whole(self) -> bool:
        """Whether the whole letter is asked about: a cascade does so without items."""
        return self.settings.resolved_method is not Method.CASCADE or not self.rules.items

    @property
    def _room(self) -> int:
        return (self.settings.model or _DEFAULTS).max_output_tokens

    @property
    def _prefers_rules(self) -> bool:
        return self.settings.min_confidence > 0


def is_doubtful(settings: Settings, rule: str) -> bool:
    """Whether the measured confidence of a rule is low; one never measured is not."""
    confidence = rule_confidences().get(rule)
    return confidence is not None and confidence < settings.cascade_below
