"""What shapes a result? The digest that tells results of other settings apart."""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from itertools import chain
from pathlib import Path

from extract.conclude import RULES_VERSION
from extract.settings import Method, Settings
from schemas import CaseRecord


def shaping_settings(settings: Settings) -> dict[str, str]:
    """All that shapes a result, by name.

    The size limit is not among them: it decides whether a letter is read, not what is
    found in it.
    """
    return {
        "method": settings.resolved_method.value,
        "min_confidence": repr(settings.min_confidence),
        "today": str(settings.today),
        "rules_version": RULES_VERSION,
        "rules": code_digest(RULE_FILES),
        "schema": schema_digest(),
        **_model_settings(settings),
    }


def digest_of(shaping: Mapping[str, str]) -> str:
    """One short name for all that shapes a result."""
    canonical = json.dumps(shaping, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def _model_settings(settings: Settings) -> dict[str, str]:
    """What shapes a model's part in a result; nothing if none is asked."""
    if settings.resolved_method is Method.RULES or settings.model is None:
        return {}
    from extract.model.question import CORRECTION, open_fields, whole_letter  # none for rules
    from extract.model.wire import asked_fields

    model = settings.model
    shaping = {
        name: str(getattr(model, name))
        for name in ("name", "base_url", "temperature", "seed", "max_output_tokens", "rounds")
    }
    shaping |= {
        "cascade_below": repr(settings.cascade_below),
        "prompt": whole_letter().digest,
        "prompt_open": open_fields(frozenset(field.path for field in asked_fields())).digest,
        "prompt_correction": CORRECTION.digest,
        "code": code_digest(MODEL_FILES),
    }
    return {f"model.{name}": value for name, value in shaping.items()}


_PACKAGES = Path(__file__).parents[2]
RULE_FILES = (
    *("extract/data/*", "extract/lexicon/*", "extract/parse/**/*.py", "schemas/*.py"),
    *("extract/clean.py", "extract/conclude.py", "extract/confidence.py", "extract/draft.py"),
    *("extract/furniture.py", "extract/letter.py", "extract/pdf.py", "extract/result.py"),
    *("extract/show.py", "extract/spans.py", "extract/wilson.py"),
)
"""What shapes a result by the rules: also word lists, weights and confidences."""

MODEL_FILES = ("extract/model/*.py", "extract/pairing.py")
"""What shapes a model's part in a result besides."""


@cache
def code_digest(patterns: tuple[str, ...]) -> str:
    """Changes with every file that one of `patterns` names."""
    digest = hashlib.sha256()
    for file in sorted(chain.from_iterable(map(_PACKAGES.glob, patterns))):
        if file.is_file():
            digest.update(f"{file.relative_to(_PACKAGES)}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


@cache
def schema_digest() -> str:
    """Changes with every field, type, vocabulary or description of the record."""
    schema = json.dumps(CaseRecord.model_json_schema(), sort_keys=True)
    return hashlib.sha256(schema.encode()).hexdigest()[:16]
