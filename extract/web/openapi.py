"""What the generated OpenAPI cannot know by itself: bodies, refusals, examples.

Schemas come from the models; the example answer is a real one, made from an invented letter.
"""

from functools import cache
from typing import Any

from extract import extract_record
from extract.web.intake import LetterText
from extract.web.problems import MEDIA_TYPE, TITLES, ProblemBody
from schemas import CaseRecord

SAMPLE_LETTER = """\
Case Number: CM14-0099001 Date Assigned: 07/11/2014
Date of Injury: 02/03/2013
Decision Date: 09/15/2014 UR Denial Date: 06/02/2014
Priority: Standard Application Received: 06/20/2014

HOW THE IMR FINAL DETERMINATION WAS MADE
The expert reviewer is Board Certified in Physical Medicine and Rehabilitation and is
licensed to practice in California.

CLINICAL CASE SUMMARY
The patient is a 44-year-old male with a date of injury of 02/03/2013. The diagnosis is
lumbar sprain. He has had 12 physical therapy visits.

IMR ISSUES, DECISIONS AND RATIONALES
The Final Determination was based on decisions for the disputed items/services set forth below:

Physical therapy twice a week for four weeks, lumbar spine: Upheld

Claims Administrator guideline: Decision based on MTUS Chronic Pain Medical Treatment
Guidelines Page(s): 98-99.

MAXIMUS guideline: Decision based on MTUS Chronic Pain Medical Treatment Guidelines Section
Physical Medicine Page(s): 98-99.

Decision rationale: The guidelines support 9 to 10 visits over 8 weeks. The patient has
completed 12 visits, and no functional improvement is documented. The request exceeds the
guideline and is not medically necessary.
"""
"""An invented letter; `/readyz` extracts it too."""

_FILE = {"type": "string", "format": "binary"}

LETTER_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "One letter, in one of four forms.",
        "content": {
            "application/json": {
                "schema": LetterText.model_json_schema(),
                "example": {"text": SAMPLE_LETTER, "id": "letter-1"},
            },
            "text/plain": {
                "schema": {"type": "string", "minLength": 1},
                "example": SAMPLE_LETTER,
            },
            "application/pdf": {"schema": _FILE},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {"file": {**_FILE, "description": "A .pdf or .txt file."}},
                    "required": ["file"],
                    "additionalProperties": False,
                }
            },
        },
    }
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The refusals with `statuses`, for the description of a route."""
    return {status: _refusal(status) for status in statuses}


def _refusal(status: int) -> dict[str, Any]:
    body = {
        "schema": ProblemBody.model_json_schema(),
        "example": {
            "type": f"urn:imr:{_EXAMPLES.get(status, f'Http{status}')}",
            "title": TITLES[status],
            "status": status,
            "detail": "One sentence: what is wrong and what to do about it.",
            "request_id": "9f86d081884c7d65",
        },
    }
    answer: dict[str, Any] = {"description": TITLES[status], "content": {MEDIA_TYPE: body}}
    if status in {429, 503}:
        answer["headers"] = {
            "Retry-After": {
                "description": "Seconds after which trying again makes sense.",
                "schema": {"type": "integer", "minimum": 0},
                "required": True,
            }
        }
    return answer


_EXAMPLES = {
    401: "TokenMissing",
    413: "LetterTooLarge",
    415: "NotText",
    422: "TextLayerMissing",
    429: "TooManyAtOnce",
    503: "Busy",
}


@cache
def extraction_example() -> dict[str, Any]:
    """A real answer."""
    return extract_record(SAMPLE_LETTER).model_dump(mode="json")


def schema_example() -> dict[str, Any]:
    """The head of the record's schema."""
    schema = CaseRecord.model_json_schema(mode="serialization")
    return {key: schema[key] for key in ("title", "type") if key in schema}
