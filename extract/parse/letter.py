"""Reads a whole letter: cuts it up, asks each parser for its field, hands back a draft."""

import re
from datetime import date

from extract.clean import Cleaned
from extract.draft import Draft, Values, one
from extract.parse.case.body_dates import find_denial_date, find_filing_dates, find_injury_date
from extract.parse.case.diagnoses import find_diagnoses
from extract.parse.case.header import count_letters, parse_header
from extract.parse.case.patient import find_patient
from extract.parse.case.reviewer import parse_reviewer
from extract.parse.cut.items import split_items
from extract.parse.cut.sections import count_bodies, find_sections, section_passage
from extract.parse.dates import newest_date
from extract.parse.item import parse_item
from extract.parse.parts import LetterParts
from extract.parse.title.category import tie_to_surgery
from extract.spans import Found, Passage

# INDEPENDENT MEDICAL REVIEW · MAXIMUS Federal Services
# Your case went to a medical reviewer · Final Determination
# kept confidential by law (Labor Code section 4610.6(f))
_REVIEW = re.compile(
    r"\b(?:independent medical review|maximus|labor code section 4610\.6)\b", re.IGNORECASE
)
_CERTIFIED = re.compile(r"\b[Bb]oard[ -][Cc]ertif")
_REVIEWER = re.compile(
    r"\b(?:(?:expert|physician|medical|our|the) reviewer|final determination)\b",
    re.IGNORECASE,
)


def cut_letter(cleaned: Cleaned) -> LetterParts:
    """The letter cut into the parts that the parsers read."""
    sections, layout = find_sections(cleaned.lines)
    _, start, end = sections["header"]
    parts = LetterParts(layout, Passage(cleaned.lines[start:end], start), cleaned.margin)
    for name in ("credentials", "qualifications"):
        parts.qualifications = parts.qualifications or section_passage(
            cleaned.flat, sections, name
        )
    if parts.qualifications is None and _CERTIFIED.search(parts.header.text):
        parts.qualifications = Passage(cleaned.flat[start:end], start)  # its head is cut off
    parts.notice = section_passage(cleaned.flat, sections, "notice_of_determination")
    parts.summary = section_passage(cleaned.flat, sections, "summary")
    items = split_items(cleaned.lines, sections, layout.value if layout else None)
    parts.items = [item for item in items if item.title]
    parts.untitled = [number for number, item in enumerate(items, 1) if not item.title]
    if layout is None and (parts.items or _is_review(cleaned.flat)):
        _cut_freely(parts, cleaned)
    return parts


def _is_review(text: str) -> bool:
    """Whether `text` without a known heading is of an independent medical review."""
    return bool(_REVIEW.search(text) and _REVIEWER.search(text))


def _cut_freely(parts: LetterParts, cleaned: Cleaned) -> None:
    """Take the text before the items for what it tells of reviewer and patient."""
    before = Passage(cleaned.flat[: parts.items[0].title.start if parts.items else None])
    parts.qualifications = parts.qualifications or before
    parts.summary = parts.summary or before


def parse_letter(cleaned: Cleaned, *, today: date) -> Draft:
    """What the rules find in a letter.

    Args:
        today: bounds two-digit years where the letter has no other date.
    """
    newest = newest_date(cleaned.lines, today=today)
    return read_parts(cut_letter(cleaned), cleaned.lines, newest=newest)


def read_parts(parts: LetterParts, lines: str, *, newest: date) -> Draft:
    """What the rules find in the parts of the letter `lines`.

    Args:
        newest: the letter's newest date.
    """
    draft = Draft()
    if parts.layout:
        draft.fields["layout"] = parts.layout
    else:
        draft.warn("layout_unknown", "no heading of a determination letter was found")
    rationales = [item.rationale for item in parts.items if item.rationale]
    patient = find_patient(parts.summary, rationales)
    draft.fields |= _case(parts, draft, newest=newest, age=one(patient, "patient.age"))
    draft.fields |= patient
    draft.fields["diagnoses"] = list(find_diagnoses(parts.summary, rationales))
    if count_letters(lines) > 1 or count_bodies(lines) > 1:
        draft.warn("several_letters", "the text holds letters of several cases: part them")
    if parts.layout and not (parts.items or parts.untitled):
        draft.warn("items_missing", "the letter's decisions were not found")
    for number in parts.untitled:
        draft.warn("item_without_title", f"decision {number} has no title: left out")
    for item in parts.items:
        is_known = parts.layout is not None
        draft.items.append(parse_item(item, parts.summary, may_conclude=is_known))
    tie_to_surgery(draft.items)
    return draft


def _case(parts: LetterParts, draft: Draft, *, newest: date, age: Found[int] | None) -> Values:
    """The fields of the case: the header's first, the body's for what it lacks."""
    stated = parse_header(parts.header, parts.margin, newest=newest)
    if parts.notice:
        stated = find_filing_dates(parts.notice, newest=newest) | stated
    told = _told(parts, newest=newest, age=age)
    for name in told:
        if (header := one(stated, name)) and (body := one(told, name)):
            stated[name] = _compared(header, body, name, draft)
    values = told | stated
    if parts.qualifications:
        values |= parse_reviewer(parts.qualifications)
    return values


def _told(parts: LetterParts, *, newest: date, age: Found[int] | None) -> Values:
    """The dates that the case summary (failing that, the first rationale) tells."""
    body = parts.summary or (parts.items[0].rationale if parts.items else None)
    if not body:
        return {}
    introduced_at = age.start if age else None
    found = {
        "date_of_injury": find_injury_date(body, newest=newest, introduced_at=introduced_at),
        "ur_denial_date": find_denial_date(body, newest=newest),
    }
    return {name: value for name, value in found.items() if value}


def _compared(stated: Found[date], told: Found[date], name: str, draft: Draft) -> Found[date]:
    """The header's date, named after whether the body tells the same; the header wins."""
    if stated.value == told.value:
        return stated._replace(rule="header.confirmed")
    draft.warn("dates_disagree", f"{name}: header and case summary differ; header taken", name)
    return stated._replace(rule="header.disputed")
