"""What shapes a result? The digest that tells results of other settings apart."""

import hashlib
import json
from collections.abc import Mapping
from functools import cache

from extract.conclude import RULES_VERSION
from extract.settings import Settings
from schemas import CaseRecord


def shaping_settings(settings: Settings, model: Mapping[str, str]) -> dict[str, str]:
    """All that shapes a result, by name; `model` names what shapes a model's replies.

    The size limit is not among them: it decides whether a letter is read, not what is
    found in it.
    """
    return {
        "method": settings.method.value,
        "min_confidence": repr(settings.min_confidence),
        "today": str(settings.today),
        "rules_version": RULES_VERSION,
        "schema": schema_digest(),
        **{f"model.{name}": value for name, value in model.items()},
    }


def digest_of(shaping: Mapping[str, str]) -> str:
    """One short name for all that shapes a result."""
    canonical = json.dumps(shaping, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


@cache
def schema_digest() -> str:
    """Changes with every field, type, vocabulary or description of the record."""
    schema = json.dumps(CaseRecord.model_json_schema(), sort_keys=True)
    return hashlib.sha256(schema.encode()).hexdigest()[:16]
