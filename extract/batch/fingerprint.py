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
        "rules": rules_digest(),
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
    from extract.model.question import open_fields, whole_letter  # the rules need none of it
    from extract.model.wire import asked_fields
    from prompts import load_prompt

    model = settings.model
    shaping = {
        name: str(getattr(model, name))
        for name in ("name", "base_url", "temperature", "seed", "max_output_tokens", "rounds")
    }
    shaping |= {
        "cascade_below": repr(settings.cascade_below),
        "prompt": whole_letter().digest,
        "prompt_open": open_fields(frozenset(field.path for field in asked_fields())).digest,
        "prompt_correction": load_prompt("correction").digest,
    }
    return {f"model.{name}": value for name, value in shaping.items()}


_EXTRACT = Path(__file__).parents[1]
_RULE_FILES = (
    *("data/*", "lexicon/*.toml", "parse/*.py"),
    *("clean.py", "conclude.py", "letter.py", "pdf.py", "spans.py"),
)
"""What shapes a result by the rules, below `extract/`."""


@cache
def rules_digest() -> str:
    """Changes with every rule, word list, learned weight and measured confidence."""
    digest = hashlib.sha256()
    for file in sorted(chain.from_iterable(map(_EXTRACT.glob, _RULE_FILES))):
        if file.is_file():
            digest.update(f"{file.relative_to(_EXTRACT)}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


@cache
def schema_digest() -> str:
    """Changes with every field, type, vocabulary or description of the record."""
    schema = json.dumps(CaseRecord.model_json_schema(), sort_keys=True)
    return hashlib.sha256(schema.encode()).hexdigest()[:16]
