"""What an extraction returns: the record, its evidence, its warnings, its source."""

from typing import Annotated

from pydantic import Field

from extract.account import Attempt, Usage
from extract.settings import Method
from schemas import CaseRecord, Frozen

Offset = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]


class Evidence(Frozen):
    """The place in the letter that proves a value, and how far the value can be trusted."""

    start: Offset = Field(description="Offset of the quotation's first character.")
    end: Offset = Field(description="Offset behind the quotation's last character.")
    quote: str = Field(description="The letter's text from `start` to `end`, as it is.")
    page: int | None = Field(description="Page, from 1; null where pages are unknown.")
    method: Method = Field(description="What found the value: rules or model, no other.")
    rule: str = Field(description="The name of the rule (or prompt) that found it.")
    confidence: Share = Field(
        description="Share of such values that are right: the lower end of the 95 % "
        "interval measured for the rule on development letters; 0 where it was never "
        "measured, as for a model's values."
    )
    derived_from: tuple[str, ...] = Field(
        default=(), description="The fields that the value was derived from, if any."
    )
    grounding: str | None = Field(
        default=None,
        description="How a model's quotation was found in the letter: exact, folded, "
        "case_folded or word_by_word; null for rules.",
    )


class Doubt(Frozen):
    """A candidate that was not trusted enough to be the field's value."""

    path: str = Field(description="The field that was left open.")
    value: str = Field(description="The candidate, in words.")
    evidence: Evidence = Field(description="Where it stands and how far it is trusted.")


class ExtractionWarning(Frozen):
    """Something about a letter that a reader of the record should know."""

    code: str = Field(description="What kind of thing: `dates_disagree`.")
    message: str = Field(description="One sentence, without letter text.")
    path: str | None = Field(default=None, description="The field concerned, if one is.")


class Source(Frozen):
    """Where a letter came from."""

    id: str = Field(description="The letter's name.")
    path: str | None = Field(default=None, description="The file, if it was one.")
    sha256: str = Field(description="SHA-256 of the file's contents (or the UTF-8 text).")
    pages: int | None = Field(default=None, description="Number of pages, where known.")


class Rejection(Frozen):
    """An answer of a model that was not accepted; never kept, the rules' value stands."""

    path: str = Field(description="The field, as in the model's reply.")
    fault: str = Field(description="Why: `quotation_not_in_letter`.")


class Failure(Frozen):
    """Something that the model path had to do without."""

    reason: str = Field(description="The failure's name: `EndpointBusy`.")
    message: str = Field(description="One sentence: what is wrong and what to do.")


class ModelRun(Frozen):
    """How a model was asked about one letter, and what that took."""

    model: str = Field(description="The model that was asked.")
    served_by: str | None = Field(
        default=None, description="The model that the endpoint says answered."
    )
    prompt: str = Field(description="Prompt and version: `letter.v1`.")
    prompt_digest: str = Field(
        description="SHA-256 of everything sent besides the letter: prompt and schema."
    )
    parameters: dict[str, str | int | float | None] = Field(
        default_factory=dict, description="What else shaped the replies."
    )
    usage: Usage = Field(default=Usage(), description="Tokens of all attempts together.")
    cost_usd: float | None = Field(
        default=None, description="Their price in US dollars; null if it is not known."
    )
    attempts: tuple[Attempt, ...] = Field(default=(), description="Every request made.")
    rejections: tuple[Rejection, ...] = Field(
        default=(), description="Answers that the letter does not prove."
    )
    failures: tuple[Failure, ...] = Field(
        default=(), description="What came to nothing; the rules' values stand instead."
    )
    input_tokens_saved: int | None = Field(
        default=None,
        description="For the cascade: how many fewer tokens were sent than for the whole "
        "letter, by count of the text sent; null for other methods.",
    )


class Extraction(Frozen):
    """The record of one letter with all that speaks for it."""

    id: str = Field(description="The letter's name.")
    source: Source = Field(description="Where the letter came from.")
    method: Method = Field(description="The method that was asked for.")
    record: CaseRecord = Field(description="What the letter says.")
    evidence: dict[str, Evidence] = Field(
        description="Field path (`items[0].decision`) to the place that proves it."
    )
    doubtful: tuple[Doubt, ...] = Field(
        default=(), description="Candidates under the confidence that was asked for."
    )
    warnings: tuple[ExtractionWarning, ...] = Field(
        default=(), description="What a reader of the record should know."
    )
    rules_version: str = Field(description="The version of the deterministic parsers.")
    model: ModelRun | None = Field(
        default=None, description="How a model was asked; null if none was."
    )
