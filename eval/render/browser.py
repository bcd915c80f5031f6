"""What the error browser of the HTML report shows: misses, letters, highlighted places."""

from collections.abc import Mapping, Sequence
from typing import Any

from eval.fields import scored_fields
from eval.locate import LetterText, find_item, find_value
from eval.report import LetterRow, Miss
from eval.scored import ScoredLetter
from eval.verdict import Judgement
from extract.show import show_value

_FIELDS = {field.path: field for field in scored_fields()}


def browser_content(
    rows: Sequence[LetterRow], scored: Sequence[ScoredLetter], texts: Mapping[str, str]
) -> dict[str, Any]:
    """The misses, and the texts of the letters that have some, as the page's script reads."""
    misses: list[dict[str, Any]] = []
    shown: dict[str, str] = {}
    for row, letter in zip(rows, scored, strict=True):
        text = texts.get(row.id)
        searchable = LetterText(text) if text and row.misses else None
        for miss, judgement in zip(row.misses, letter.misses, strict=True):
            places = _places(letter, judgement, searchable) if searchable else {}
            misses.append(_entry(row, miss, places))
        if text and row.misses:
            shown[row.id] = text
    return {"misses": misses, "letters": shown}


def _entry(row: LetterRow, miss: Miss, places: dict[str, list[int]]) -> dict[str, Any]:
    return {
        "letter": row.id,
        "subset": row.subset,
        "layout": row.layout,
        "field": miss.field,
        "path": miss.path,
        "verdict": miss.verdict,
        "label": show_value(miss.label),
        "predicted": show_value(miss.predicted),
        "confidence": miss.confidence,
        "rule": miss.rule,
        **places,
    }


def _places(
    letter: ScoredLetter, judgement: Judgement, text: LetterText
) -> dict[str, list[int]]:
    """Start and end of what is known: the labelled value, the given one, the item."""
    label, prediction = letter.gold.label, letter.prediction
    item = find_item(label, judgement.label_path or "")
    places: dict[str, list[int]] = {}
    if judgement.label is not None:
        found = find_value(text, _FIELDS[judgement.field], judgement.label, item)
        if found:
            places["gold_at"] = list(found)
    given = _given_place(letter, judgement, text)
    if given:
        places["given_at"] = given
    about = item
    if about is None and prediction.record is not None:
        about = find_item(prediction.record, judgement.predicted_path or "")
    title = text.find(about.description) if about else None
    if title:
        places["item_at"] = list(title)
    return places


def _given_place(
    letter: ScoredLetter, judgement: Judgement, text: LetterText
) -> list[int] | None:
    """Where the prediction says that its value stands; else where it is printed."""
    proof = letter.prediction.evidence.get(judgement.predicted_path or "")
    if proof is not None:
        return [proof.start, proof.end]
    if judgement.predicted is None or letter.prediction.record is None:
        return None
    item = find_item(letter.prediction.record, judgement.predicted_path or "")
    found = find_value(text, _FIELDS[judgement.field], judgement.predicted, item)
    return list(found) if found else None
