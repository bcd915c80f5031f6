"""Labels in the JSON of Label Studio: out, to be worked on there, and back in.

Each value that has a place in the letter is a region labelled with its field; its value
and the number of its item are attached to the region. Values without a place, and the
number of items, stand in one text of their own. Label Studio counts UTF-16 units.
"""

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from xml.sax.saxutils import quoteattr

from extract.review.errors import ReviewRefused
from extract.review.form import (
    ValueUnusable,
    check_values,
    controls_by_path,
)
from extract.review.review import is_reviewer_name
from extract.review.sheet import (
    Cell,
    Entry,
    Sheet,
    blank_item,
    field_path,
    letter_fields,
    sheet_of,
)
from extract.review.shelf import KeptLetter
from schemas.fields import ITEMS

_MOST_ITEMS = 1_000
_MALFORMED = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What reading JSON raises that has another form, other numbers, or is nested without end."""


class TasksUnusable(ReviewRefused):
    """The file cannot be taken in; the message says why, without letter text."""


class Annotation(NamedTuple):
    """A label that was made in Label Studio."""

    number: int
    letter: str
    by: str
    sheet: Sheet


def labelling_interface() -> str:
    """The interface to paste into a Label Studio project."""
    labels = "\n".join(f"    <Label value={quoteattr(path)}/>" for path in controls_by_path())
    return f"""<View>
  <Labels name="field" toName="text">
{labels}
  </Labels>
  <Text name="text" value="$text"/>
  <Number name="item" toName="text" perRegion="true" min="1"/>
  <TextArea name="value" toName="text" perRegion="true" maxSubmissions="1"/>
  <TextArea name="unplaced" toName="text" maxSubmissions="1"/>
</View>
"""


def export_task(kept: KeptLetter, sheets: Mapping[str, Sheet]) -> dict[str, Any]:
    """A letter as a task: reviewers' sheets as annotations, the extraction as prediction."""
    text = kept.text or ""
    return {
        "data": {"text": text, "id": kept.id},
        "annotations": [
            {"completed_by": {"email": desk}, "result": list(_results(sheet, text))}
            for desk, sheet in sheets.items()
        ],
        "predictions": [
            {
                "model_version": f"{kept.extraction.method.value}-"
                f"{kept.extraction.rules_version}",
                "result": list(_results(sheet_of(kept.extraction), text)),
            }
        ],
    }


def _results(sheet: Sheet, text: str) -> Iterator[dict[str, Any]]:
    units = _Units(text)
    numbers = {item.key: number for number, item in enumerate(sheet.items, 1)}
    unplaced: dict[str, Any] = {"items": len(sheet.items), "values": []}
    count = 0
    for item, name, cell in sheet.walk():
        path = field_path(item, name)
        number = None if item is None else numbers[item]
        for index, entry in enumerate(cell.entries):
            if entry.start is None or entry.end is None:
                unplaced["values"].append([path, number, index, entry.value])
                continue
            count += 1
            region = {"id": f"r{count}", "to_name": "text"}
            place = {"start": units.of(entry.start), "end": units.of(entry.end)}
            said = json.dumps(entry.value, ensure_ascii=False)
            labels = {**place, "text": text[entry.start : entry.end], "labels": [path]}
            yield {**region, "from_name": "field", "type": "labels", "value": labels}
            yield {
                **region,
                "from_name": "value",
                "type": "textarea",
                "value": {**place, "text": [said]},
            }
            if number is not None:
                value = {**place, "number": number}
                yield {**region, "from_name": "item", "type": "number", "value": value}
    said = json.dumps(unplaced, ensure_ascii=False)
    yield {
        "id": "unplaced",
        "to_name": "text",
        "from_name": "unplaced",
        "type": "textarea",
        "value": {"text": [said]},
    }


class _Units:
    """Turns offsets in characters into UTF-16 units and back."""

    def __init__(self, text: str) -> None:
        self._wide = [match.start() for match in re.finditer("[\U00010000-\U0010ffff]", text)]

    def of(self, offset: int) -> int:
        """The unit at which the character at `offset` begins."""
        return offset + bisect_right(self._wide, offset - 1)

    def character(self, unit: int) -> int:
        """The character that begins at `unit`."""
        wide_at = [place + index for index, place in enumerate(self._wide)]
        return unit - bisect_right(wide_at, unit - 1)


def read_tasks(contents: bytes) -> list[Annotation]:
    """The newest annotation of each task by each annotator.

    Raises:
        TasksUnusable: it is no export of tasks that were given out here.
    """
    try:
        tasks = json.loads(contents)
    except (ValueError, RecursionError):
        raise TasksUnusable("the file is no JSON: export from Label Studio as JSON") from None
    if not isinstance(tasks, list):
        raise TasksUnusable("the file holds no list of tasks: export as JSON, not JSON-MIN")
    found: list[Annotation] = []
    for number, task in enumerate(tasks, 1):
        try:
            found += _annotations(number, task)
        except ValueUnusable as error:
            raise TasksUnusable(f"task {number}: {error.message}") from None
        except _MALFORMED:
            raise TasksUnusable(f"task {number}: is malformed") from None
    return found


def _annotations(number: int, task: Mapping[str, Any]) -> Iterator[Annotation]:
    text = str(task["data"]["text"])
    for annotation in task.get("annotations", []):
        by = annotation.get("completed_by", "label-studio")
        name = str(by.get("email", by.get("id")) if isinstance(by, dict) else by)
        yield Annotation(
            number,
            str(task["data"]["id"]),
            name if is_reviewer_name(name) else "label-studio",
            _sheet(annotation["result"], text),
        )


class _Region(NamedTuple):
    path: str
    item: int | None
    order: int
    entry: Entry


def _sheet(results: list[Mapping[str, Any]], text: str) -> Sheet:
    units, regions, items = _Units(text), list[_Region](), 0
    by_id: dict[str, dict[str, Mapping[str, Any]]] = {}
    for result in results:
        by_id.setdefault(str(result["id"]), {})[str(result["from_name"])] = result["value"]
    for parts in by_id.values():
        if "unplaced" in parts:
            stated = json.loads(parts["unplaced"]["text"][0])
            items = max(items, int(stated["items"]))
            regions += [
                _Region(path, item, order, Entry(value=value))
                for path, item, order, value in stated["values"]
            ]
        elif "field" in parts:
            regions.append(_region(parts, units, text))
    items = max([items, *(region.item or 0 for region in regions)])
    if items > _MOST_ITEMS:
        raise ValueUnusable(f"has more than {_MOST_ITEMS} items")
    return _assembled(regions, items)


def _region(parts: Mapping[str, Mapping[str, Any]], units: _Units, text: str) -> _Region:
    """A region; without a value of its own its words are the value."""
    field = parts["field"]
    path = str(field["labels"][0])
    start, end = units.character(int(field["start"])), units.character(int(field["end"]))
    if not 0 <= start < end <= len(text):
        raise ValueUnusable("has a region outside the text")
    said = parts["value"]["text"][0] if "value" in parts else json.dumps(text[start:end])
    item = int(parts["item"]["number"]) if "item" in parts else None
    if path.startswith(ITEMS) and item is None:
        item = 1
    return _Region(path, item, start, Entry(value=_value(said), start=start, end=end))


def _value(said: str) -> Any:
    """A value as it was given out, or as a person typed it."""
    try:
        return json.loads(said)
    except ValueError:
        return said


def _assembled(regions: list[_Region], items: int) -> Sheet:
    sheet = Sheet(
        cells={field.path: Cell() for field in letter_fields()},
        items=tuple(blank_item(key) for key in range(items)),
    )
    grouped: dict[tuple[str, int | None], list[_Region]] = {}
    for region in regions:
        grouped.setdefault((region.path, region.item), []).append(region)
    for (path, number), found in grouped.items():
        control = controls_by_path()[path]
        found.sort(key=lambda region: region.order)
        values = check_values(control, [region.entry.value for region in found])
        entries = tuple(
            region.entry.model_copy(update={"value": value})
            for region, value in zip(found, values, strict=True)
        )
        key = None if number is None else number - 1
        sheet = sheet.with_cell(key, control.name, Cell(entries=entries))
    return sheet
