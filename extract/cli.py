"""The `imr` command: arguments, exit codes, messages. Work is done elsewhere."""

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def imr() -> None:
    """Independent Medical Review letters into validated, evidence-backed case records."""
