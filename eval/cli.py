"""The `imr eval` command: arguments, exit codes, messages. Work is done elsewhere.

Exit codes: 0 all is well, 1 the gate failed, 2 it could not be run. Heavy parts are
imported when a command needs them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from extract.options import exit_with_sentence

if TYPE_CHECKING:
    from eval.run import Plan

app = typer.Typer(add_completion=False, help="Score records against labels, field by field.")

GATE_FAILED = 1


class MethodChoice(StrEnum):
    """The methods that can be run."""

    RULES = "rules"
    MODEL = "model"
    CASCADE = "cascade"


Gold = Annotated[
    list[Path] | None,
    typer.Option("--gold", help="A folder of letters and labels; repeatable. [gold]"),
]
Labels = Annotated[
    Path | None,
    typer.Option("--labels", help="The labels of those gold folders that hold none."),
]
OnlyLabelled = Annotated[
    bool, typer.Option("--only-labelled", help="Pass over letters without a label.")
]


REASONS = Path("gold/reasons")
Reasons = Annotated[
    Path, typer.Option("--reasons", help="The folder of labelled sentences and rationales.")
]


@contextmanager
def _exit_codes(extra: str = "eval") -> Iterator[None]:
    """Turn whatever stops the work into one sentence and the exit code for it."""
    from eval.errors import FileUnusable, HarnessFailed
    from extract.errors import ExtractError, place_of

    with exit_with_sentence(extra):
        try:
            yield
        except (typer.Exit, typer.Abort, ExtractError, ModuleNotFoundError):
            raise
        except OSError as error:
            if error.filename is None:
                raise  # the output is full, or whoever reads it has enough of it
            raise FileUnusable(f"{error.strerror}: {error.filename}") from None
        except Exception as error:  # noqa: BLE001  Python's own exit code is a failed gate's
            crash = f"crashed with {type(error).__name__} in {place_of(error)}"
            raise HarnessFailed(crash) from None


@app.callback(invoke_without_command=True)
def evaluate(  # noqa: PLR0913  each is an option of the command
    context: typer.Context,
    gold: Gold = None,
    labels: Labels = None,
    only_labelled: OnlyLabelled = False,
    method: Annotated[
        list[MethodChoice] | None,
        typer.Option(help="Run this; repeatable, the others beside the first. [rules]"),
    ] = None,
    predictions: Annotated[
        list[Path] | None,
        typer.Option(help="Score this records.jsonl, by whatever system; repeatable."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Write HTML, Markdown, JSON, JUnit and CSV into this folder."),
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option(help="A report.json: show gains and losses.")
    ] = None,
    gate: Annotated[
        Path | None, typer.Option(help="What must be reached (eval/gate.toml).")
    ] = None,
    misses: Annotated[bool, typer.Option("--misses", help="List every miss.")] = False,
) -> None:
    """Score records against labels, field by field."""
    if context.invoked_subcommand:
        _refuse_options_before(context)
        return
    with _exit_codes():
        from eval.run import Plan
        from extract import Method

        plan = Plan(
            gold=gold or [Path("gold")],
            labels=labels,
            only_labelled=only_labelled,
            methods=[Method(each.value) for each in method or ()],
            predictions=predictions or (),
            baseline=baseline,
            gate=gate,
        )
        if not _show(plan, out=out, misses=misses):
            raise typer.Exit(GATE_FAILED)


def _refuse_options_before(context: typer.Context) -> None:
    """Options that stand before a command's name would say nothing.

    Raises:
        BadParameter: there is one.
    """
    for name, value in context.params.items():
        if value:
            option, command = "--" + name.replace("_", "-"), context.invoked_subcommand
            raise typer.BadParameter(f"put {option} behind `{command}`, if it takes it")


def _show(plan: "Plan", *, out: Path | None, misses: bool) -> bool:
    """Run, print and write the evaluation; whether no gate failed."""
    from eval.render.terminal import miss_lines, print_report
    from eval.run import evaluate, read_texts
    from extract.card import wide_console

    if out:
        _prepare(out)
    evaluation = evaluate(plan)
    report = evaluation.report
    if misses:
        for line in miss_lines(report):
            typer.echo(line)
    console = wide_console()
    print_report(report, console)
    if out:
        from eval.render.files import write_report

        texts = read_texts(evaluation.scored)
        for path in write_report(report, evaluation.scored, texts, folder=out):
            typer.echo(f"wrote {path}")
    return report.gate is None or report.gate.passed


def _prepare(out: Path) -> None:
    """Fail before letters are run and a model is paid, not after."""
    import_module("eval.render.files")
    out.mkdir(parents=True, exist_ok=True)


@app.command()
def agreement(
    dir_a: Annotated[Path, typer.Argument(help="The labels of one annotator.")],
    dir_b: Annotated[Path, typer.Argument(help="The labels of the other.")],
) -> None:
    """Compare the labels of two annotators and list what they have to settle."""
    with _exit_codes():
        from eval.agreement import measure_agreement
        from eval.errors import GoldInvalid
        from eval.gold import load_labels
        from eval.render.terminal import disagreement_lines, print_agreement
        from extract.card import wide_console

        first, second = load_labels(dir_a), load_labels(dir_b)
        if first.keys().isdisjoint(second):
            raise GoldInvalid(f"no letter is labelled in both {dir_a} and {dir_b}")
        found = measure_agreement(first, second)
        print_agreement(found, wide_console())
        for line in disagreement_lines(found, (dir_a.name, dir_b.name)):
            typer.echo(line)


@app.command()
def calibrate(
    out: Annotated[Path, typer.Option(help="The data file to write.")],
    gold: Gold = None,
    labels: Labels = None,
    only_labelled: OnlyLabelled = False,
    reasons: Reasons = REASONS,
) -> None:
    """Count how many values each rule gave and how many were right; write the data file."""
    with _exit_codes("learn"):
        from eval.calibrate import render_calibration
        from eval.gold import load_gold
        from eval.learn import examples_of, leave_out, load_examples
        from eval.predictions import match_predictions
        from eval.run import run_method
        from eval.scored import score_letters
        from extract import Method

        folders = gold or [Path("gold")]
        letters = load_gold(folders, labels=labels, only_labelled=only_labelled)
        sentences, rationales = load_examples(reasons)
        matched, _ = match_predictions(letters, run_method(Method.RULES, letters))
        folds = leave_out(sentences, [*rationales, *examples_of(letters)])
        text = render_calibration(score_letters(letters, matched), folds)
        out.write_text(text, encoding="utf-8")
        typer.echo(f"wrote {out}: {len(letters)} letters")


@app.command()
def learn(
    out: Annotated[Path | None, typer.Option(help="The data file to write.")] = None,
    gold: Gold = None,
    labels: Labels = None,
    only_labelled: OnlyLabelled = False,
    reasons: Reasons = REASONS,
    folds: Annotated[
        bool, typer.Option("--folds", help="Leave out each source in turn and print its F1.")
    ] = False,
) -> None:
    """Learn from labelled sentences and rationales how likely a sentence gives each reason."""
    if not (out or folds):
        raise typer.BadParameter("nothing to do: give --out FILE or --folds")
    with _exit_codes("learn"):
        from eval.gold import load_gold
        from eval.learn import examples_of, leave_out, load_examples
        from eval.learn import learn as learn_model

        sentences, rationales = load_examples(reasons)
        letters = load_gold(gold or [Path("gold")], labels=labels, only_labelled=only_labelled)
        rationales += examples_of(letters)
        for fold in leave_out(sentences, rationales) if folds else ():
            right, given = fold.right.total(), fold.given.total()
            typer.echo(
                f"{fold.source:20} F1 {'–' if fold.f1 is None else f'{fold.f1:.3f}'}"
                f"  right {right}  false {given - right}  missed {fold.missed}"
            )
        if out:
            text = learn_model(sentences, rationales).render(sentences, rationales)
            out.write_text(text, encoding="utf-8")
            typer.echo(
                f"wrote {out}: {len(sentences)} sentences, {len(rationales)} rationales"
            )


@app.command()
def words(
    out: Annotated[Path, typer.Option(help="The data file to write.")],
    gold: Gold = None,
    reasons: Reasons = REASONS,
) -> None:
    """Collect words that letters spell, to rejoin those broken at line ends."""
    with _exit_codes():
        from eval.gold import load_gold
        from eval.learn import load_examples
        from eval.words import common_words
        from extract import read_letter

        letters = load_gold(gold or [Path("gold")])
        examples = [each for some in load_examples(reasons) for each in some]
        texts = [read_letter(letter.path).text for letter in letters]
        texts += [" ".join(example.sentences) for example in examples]
        found = common_words(texts)
        out.write_text("".join(word + "\n" for word in found), encoding="utf-8")
        typer.echo(f"wrote {out}: {len(found)} words")
