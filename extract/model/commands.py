"""The command line's part that concerns models: options, `imr prompt`, the estimate."""

import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from extract.errors import ExtractError, SettingsInvalid
from extract.settings import Method, ModelSettings, Settings, from_env, megabytes

if TYPE_CHECKING:
    from extract.letter import Letter
    from extract.model.llm import InstructorModel, Question

ModelName = Annotated[
    str | None, typer.Option("--model", help="The model to ask; default: IMR_MODEL.")
]
BaseUrl = Annotated[
    str | None, typer.Option(help="Its endpoint, ending in /v1; default: OPENAI_BASE_URL.")
]
Concurrency = Annotated[int | None, typer.Option(help="The most calls under way.")]
MaxCost = Annotated[
    float | None, typer.Option(help="Make no call that could bring the run over it, in USD.")
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Only say what a run would send and cost.")
]


STDIN = "-"


def read_settings(  # noqa: PLR0913  # as many as a command has options
    method: Method | None = None,
    *,
    min_confidence: float = 0.0,
    max_mb: float = 20.0,
    model: str | None = None,
    base_url: str | None = None,
    concurrency: int | None = None,
    max_cost: float | None = None,
) -> Settings:
    """The settings of the environment, with those of the command line over them.

    Raises:
        SettingsInvalid: a variable or an option cannot be used, or is for models only.
    """
    settings = from_env({**os.environ, **({"IMR_MODEL": model} if model else {})})
    settings = replace(
        settings,
        method=method or settings.method,
        min_confidence=min_confidence,
        max_bytes=megabytes(max_mb),
    )
    given: dict[str, Any] = {
        "base_url": base_url,
        "concurrency": concurrency,
        "max_cost_usd": max_cost,
    }
    chosen = {name: value for name, value in given.items() if value is not None}
    if (model or chosen) and settings.resolved_method is Method.RULES:
        raise SettingsInvalid(
            "--model and the options of a model need a method that asks one, and a model: "
            "add --method model or --method cascade, and name it (--model, IMR_MODEL)"
        )
    if settings.model and chosen:
        return replace(settings, model=replace(settings.model, **chosen))
    return settings


def read_file(file: str, settings: Settings) -> "Letter":
    """The letter of a FILE argument; `-` is standard input.

    Raises:
        ReadError: it cannot be read.
    """
    from extract.letter import read_letter

    if file == STDIN:
        data = sys.stdin.buffer.read(settings.max_bytes + 1)
        return read_letter(data, settings=settings, letter_id="stdin")
    return read_letter(Path(file), settings=settings)


def prompt(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A letter; - for stdin.")],
    method: Annotated[
        Method, typer.Option(help="model: the whole letter; cascade: what is open.")
    ] = Method.MODEL,
    model: ModelName = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the request's body as it would be sent.")
    ] = False,
) -> None:
    """Print what would be sent to a model about a letter, and how much that is."""
    try:
        settings = read_settings(method, model=model)
        question = _question(file, settings)
        if question is None:
            typer.echo("the rules leave nothing open: nothing would be sent")
            return
        asked = _model_for(settings)
    except ExtractError as error:
        typer.echo(f"imr: {error.message} [{error.reason}]", err=True)
        raise typer.Exit(1) from None
    body = asked.body_of(question)
    typer.echo(json.dumps(body, ensure_ascii=False, indent=2) if as_json else _readable(body))
    if not as_json:
        from extract.model.tokens import is_exact

        about = "" if is_exact() else "about "
        typer.echo(f"[size]\n{about}{question.tokens()} tokens, {len(json.dumps(body))} bytes")


def _model_for(settings: Settings) -> "InstructorModel":
    """The model whose requests are shown; none is asked, so any name will do."""
    from extract.model.llm import InstructorModel

    return InstructorModel(settings.model or ModelSettings(name="MODEL"))


def _question(file: str, settings: Settings) -> "Question | None":
    """The first question that `file` would give rise to."""
    from extract.model.letters import first_question

    return first_question(read_file(file, settings), settings)


def _readable(body: dict[str, Any]) -> str:
    """A request's body for a person: its parameters, its messages, its schema."""
    parts = [f"[{message['role']}]\n{message['content']}" for message in body["messages"]]
    plain = {
        k: v for k, v in body.items() if k not in {"messages", "tools", "response_format"}
    }
    schema = body.get("response_format") or body.get("tools")
    parts.append(f"[response schema]\n{json.dumps(schema, indent=2)}")
    return "\n\n".join([f"[parameters]\n{json.dumps(plain)}", *parts]) + "\n"
