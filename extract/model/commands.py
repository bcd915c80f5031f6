"""`imr prompt`: what would be sent to a model."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from extract.options import ModelName, exit_with_sentence, read_file, read_settings
from extract.settings import Method, ModelSettings, Settings

if TYPE_CHECKING:
    from extract.model.llm import InstructorModel, Question


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
    from extract.show import printable

    with exit_with_sentence():
        settings = read_settings(method, model=model)
        question = _question(file, settings)
        if question is None:
            typer.echo("the rules leave nothing open: nothing would be sent")
            return
        asked = _model_for(settings)
    body = asked.body_of(question)
    shown = json.dumps(body, ensure_ascii=False, indent=2) if as_json else _readable(body)
    typer.echo(printable(shown))
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
    from extract.clean import clean
    from extract.model.reading import LetterQuestions

    letter = read_file(file, settings)
    return LetterQuestions(clean(letter.text), settings).first()


def _readable(body: dict[str, Any]) -> str:
    """A request's body for a person: its parameters, its messages, its schema."""
    parts = [f"[{message['role']}]\n{message['content']}" for message in body["messages"]]
    plain = {
        k: v for k, v in body.items() if k not in {"messages", "tools", "response_format"}
    }
    schema = body.get("response_format") or body.get("tools")
    parts.append(f"[response schema]\n{json.dumps(schema, indent=2)}")
    return "\n\n".join([f"[parameters]\n{json.dumps(plain)}", *parts]) + "\n"
