"""Templates and what they need: everything is escaped, every offset of the letter survives."""

from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from extract.review.form import GROUPS, item_controls, letter_controls
from extract.review.highlight import cut_pages, mark_id, marks_of
from extract.review.sheet import Sheet, SheetItem, cell_id
from extract.review.shelf import KeptLetter
from extract.review.store import SETTLED
from extract.show import show_confidence

KEYS = (
    ("j k ↓ ↑", "next and previous value"),
    ("n N", "next and previous doubtful value"),
    ("Enter e", "edit the value; Enter keeps it, Esc puts back what stood there"),
    ("a", "accept it and go on"),
    ("x", "not stated"),
    ("c", "comment"),
    ("t", "take the candidate that was not trusted"),
    ("+", "add a value to a list; Alt+x in it takes it away"),
    ("s", "the words selected in the letter are the evidence"),
    ("f", "find words in the letter, Enter makes them the evidence"),
    ("i", "add an item behind this one"),
    ("Alt+↑ Alt+↓", "move the item"),
    ("Alt+Enter", "split the item at the caret in its description"),
    ("Alt+Delete", "remove the item"),
    ("u", "undo"),
    ("Ctrl+S", "save the label"),
    ("[ ]", "previous and next letter"),
    ("l", "all letters"),
    ("p", "page images of a PDF"),
)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("extract.review"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["as_is"] = as_is
    environment.globals.update(
        link=lambda letter_id: urlencode({"id": letter_id}),
        cell_id=cell_id,
        mark_id=mark_id,
        show_confidence=show_confidence,
        trust=trust,
        settled=SETTLED,
        groups=GROUPS,
        keys=KEYS,
        letter_controls=letter_controls(),
        item_controls=item_controls(),
    )
    return environment


def as_is(text: str) -> Markup:
    """`text` escaped; a carriage return, which HTML would fold away, stays a character."""
    return Markup(str(escape(text)).replace("\r", "&#13;"))  # escaped just now


def trust(share: float | None) -> str:
    """The class by which a confidence is coloured."""
    if share is None:
        return "unknown"
    return "low" if share < 0.8 else "high" if share >= 0.95 else "middling"


def render(template: str, values: Mapping[str, Any]) -> str:
    """The page or fragment `template`, filled with `values`."""
    return _environment().get_template(template).render(values)


def render_row(sheet: Sheet, item: int | None, name: str, *, under: float) -> str:
    """One field of the form."""
    controls = letter_controls() if item is None else item_controls()
    control = next(each for each in controls if each.name == name)
    template = _environment().get_template("controls.html")
    module = template.make_module({"under": under})
    position = 0
    if item is not None:
        position = [each.key for each in sheet.items].index(item) + 1
    row: str = module.field(control, item, sheet.cell(item, name), position)  # type: ignore[attr-defined]  # a macro
    return row


def form_values(sheet: Sheet, *, under: float) -> dict[str, Any]:
    """What the form's template needs."""

    def item_doubts(item: SheetItem) -> int:
        return sum(cell.is_doubtful(under) for cell in item.cells.values())

    return {"sheet": sheet, "under": under, "item_doubts": item_doubts}


def text_values(kept: KeptLetter, sheet: Sheet) -> dict[str, Any]:
    """What the letter's text template needs."""
    return {"pages": cut_pages(kept.text or "", kept.page_starts, marks_of(sheet))}


def render_form(sheet: Sheet, *, under: float) -> str:
    """The whole form."""
    return render("form.html", form_values(sheet, under=under))


def render_text(kept: KeptLetter, sheet: Sheet) -> str:
    """The letter's text with its marks."""
    return render("text.html", text_values(kept, sheet))


def render_problem_page(title: str, detail: str) -> str:
    """A refusal as a page."""
    return render("problem.html", {"title": title, "detail": detail})
