"""The `imr eval` command: arguments, exit codes, messages. Work is done elsewhere."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False)

COULD_NOT_RUN = 2

GoldFolders = Annotated[
    list[Path], typer.Option("--gold", help="A folder of letters and labels; repeatable.")
]


@app.callback(invoke_without_command=True)
def evaluate(
    context: typer.Context,
    gold: GoldFolders = [Path("gold")],  # noqa: B006  typer copies it
    labels: Annotated[
        Path | None, typer.Option(help="The folder of labels, if not with the letters.")
    ] = None,
    only_labelled: Annotated[
        bool, typer.Option("--only-labelled", help="Pass over letters without a label.")
    ] = False,
    predictions: Annotated[
        Path | None, typer.Option(help="Score this records.jsonl instead of a run.")
    ] = None,
    misses: Annotated[bool, typer.Option("--misses", help="List every miss.")] = False,
) -> None:
    """Score records against labels, field by field."""
    if context.invoked_subcommand:
        return
    from rich.console import Console

    from eval.errors import EvalError
    from eval.gold import load_gold
    from eval.predictions import load_predictions, match_predictions, run_extraction
    from eval.scoring import score_letters
    from eval.terminal import print_misses, print_table
    from extract import extract_record

    try:
        letters = load_gold(gold, labels=labels, only_labelled=only_labelled)
        found = (
            load_predictions(predictions)
            if predictions
            else run_extraction(letters, extract_record)
        )
    except EvalError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(COULD_NOT_RUN) from error
    matched, strangers = match_predictions(letters, found)
    scored = score_letters(letters, matched)
    for letter in scored:
        if letter.prediction.failure:
            typer.echo(f"failed: {letter.id}: {letter.prediction.failure}", err=True)
    for stranger in strangers:
        typer.echo(f"no such letter: {stranger}", err=True)
    if misses:
        print_misses(scored)
    print_table(scored, Console())
