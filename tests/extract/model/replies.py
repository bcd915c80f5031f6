"""Made-up replies: what a label says, put as a model's reply, with quotations looked up.

They are as good as a careful reader's and no model's: they test the way a reply goes,
and measure nobody.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from extract.clean import Cleaned, clean
from extract.model.follow import Proof, follows
from extract.model.ground import Ground
from extract.model.wire import POINTED, VERBATIM, asked_fields
from extract.parse.letter import cut_letter
from extract.spans import Span
from schemas import BodyPart, CaseRecord, Citation

TODAY = date(2026, 1, 1)
_CLAUSE = re.compile(r"[^.;\n]+(?:\.(?=\S)[^.;\n]*)*[.;]?")
_LONGEST_QUOTE = 40

_SECTION = {
    "items[].claims_administrator_guidelines": "claims_line",
    "items[].reviewer_guidelines": "reviewer_line",
    "items[].rationale_factors": "rationale",
}


def reply_for(letter: str, label: Mapping[str, Any]) -> dict[str, Any]:
    """The reply of a careful reader who knows the label of `letter`."""
    return _Author(clean(letter)).write(label)


def gold_replies(folder: Path) -> dict[str, dict[str, Any]]:
    """Letter's text to the reply made up for it, for the letters in `folder`."""
    replies = {}
    for path in sorted((folder / "letters").glob("*.txt")):
        text = path.read_text("utf-8")
        label = json.loads((folder / "labels" / f"{path.stem}.json").read_text("utf-8"))
        replies[clean(text).lines] = reply_for(text, label)
    return replies


class _Author:
    def __init__(self, cleaned: Cleaned) -> None:
        self.flat = cleaned.flat
        self.ground = Ground(cleaned.flat)
        self.parts = cut_letter(cleaned)
        self.unproved: list[str] = []

    def write(self, label: Mapping[str, Any]) -> dict[str, Any]:
        record = CaseRecord.model_validate(dict(label))
        reply: dict[str, Any] = {"items": [{} for _ in record.items]}
        whole = Span(0, len(self.flat))
        for field in asked_fields():
            names = field.path.removeprefix("items[].").split(".")
            targets: list[tuple[Any, Any, Span]] = [(reply, record, whole)]
            if field.path.startswith("items[]."):
                targets = [
                    (target, item, self._region(index, field.path))
                    for index, (target, item) in enumerate(
                        zip(reply["items"], record.items, strict=True)
                    )
                ]
            for target, value, region in targets:
                for name in names[:-1]:
                    target, value = target.setdefault(name, {}), getattr(value, name)
                target[names[-1]] = self._answer(field.path, getattr(value, names[-1]), region)
        return reply

    def _region(self, index: int, path: str) -> Span:
        """Where a careful reader would look for the field of an item."""
        items = self.parts.items
        if index >= len(items):
            return Span(0, len(self.flat))
        passage = getattr(items[index], _SECTION.get(path, ""), None)
        if passage:
            return Span(passage.start, passage.end)
        end = items[index + 1].title.start if index + 1 < len(items) else len(self.flat)
        return Span(items[index].title.start, end)

    def _answer(self, path: str, value: Any, region: Span) -> Any:
        if isinstance(value, tuple):
            answers = (self._answer(path, element, region) for element in value)
            return [answer for answer in answers if answer is not None]
        if value is None:
            return None
        if path in POINTED:
            words = value.split()
            return {"first_words": " ".join(words[:8]), "last_words": " ".join(words[-8:])}
        if path in VERBATIM:
            if self.ground.place(str(value)):
                return str(value)
            self.unproved.append(path)
            return None
        quote = self._quote(path, value, region)
        if quote is None:
            self.unproved.append(path)
            return None
        if isinstance(value, Citation | BodyPart):
            return {**value.model_dump(mode="json"), "quote": quote}
        plain = value.isoformat() if isinstance(value, date) else value
        return {"value": plain, "quote": quote}

    def _quote(self, path: str, value: Any, region: Span) -> str | None:
        """The first clause that proves `value`, the item's own clauses first."""
        for place in (region, Span(0, len(self.flat))):
            for start, end in self._clauses(place):
                before = self.flat[max(0, start - 160) : start]
                if follows(path, value, Proof(self.flat[start:end], before, TODAY)):
                    return self.flat[start:end]
        return None

    def _clauses(self, place: Span) -> Iterator[tuple[int, int]]:
        for match in _CLAUSE.finditer(self.flat, place.start, place.end):
            words = list(re.finditer(r"\S+", match[0]))
            for size in (_LONGEST_QUOTE, 90):
                for at in range(0, len(words), size // 2):
                    some = words[at : at + size]
                    yield match.start() + some[0].start(), match.start() + some[-1].end()
        yield place.start, min(place.end, place.start + 900)
