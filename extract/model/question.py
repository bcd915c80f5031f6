"""What is a model asked? Puts prompt, fields, vocabularies, rules and letter together.

Field descriptions and vocabularies come from the record's declaration, so the prompt says
what the schema says. The letter goes in as data between two marks whose code is taken
from the letter itself: nobody can write a letter that holds its own code.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from extract.model.llm import Message, Question
from extract.model.wire import Wire, asked_fields, reply_model
from prompts import Prompt, load_examples, load_prompt
from schemas import Basis, BodyPart, Citation, Field, Guideline, Part, Side, Term

WHOLE = load_prompt("letter")
"""The prompt for whole letters."""

OPEN = load_prompt("open")
"""The prompt for single fields and passages."""

CORRECTION = load_prompt("correction")
"""What a model is told of a reply that does not hold."""

_RULES = load_prompt("rules")

_MOST_SAID = 100_000
"""Characters of a reply that are shown to the model again: more than any good reply has."""

_PARTS_OF: dict[type, tuple[type[Term], ...]] = {
    Citation: (Basis, Guideline),
    BodyPart: (Part, Side),
}


@dataclass(frozen=True, slots=True)
class Asking:
    """A question's fixed part: all but the letter.

    Args:
        prompt: the prompt's file.
        system: the prompt as it is sent.
        reply: the shape of the reply.
        digest: SHA-256 of everything that is sent besides the letter: prompt and schema.
    """

    prompt: Prompt
    system: str
    reply: type[Wire]
    digest: str

    def about(self, passages: str, max_output_tokens: int) -> Question:
        """The question about a letter, or about passages of it."""
        messages = (Message("system", self.system), Message("user", fence(passages)))
        return Question(messages, self.reply, max_output_tokens)


@cache
def whole_letter() -> Asking:
    """The question for every field of a whole letter."""
    system = WHOLE.render(
        {**_explained(asked_fields()), "examples": _shown(load_examples("letter"))}
    )
    return _asking(WHOLE, system, reply_model())


@lru_cache(maxsize=512)
def open_fields(paths: frozenset[str]) -> Asking:
    """The question for the fields `paths` alone, items named by number."""
    chosen = [field for field in asked_fields() if field.path in paths]
    return _asking(OPEN, OPEN.render(_explained(chosen)), reply_model(paths, numbered=True))


def _asking(prompt: Prompt, system: str, reply: type[Wire]) -> Asking:
    schema = json.dumps(reply.model_json_schema(), sort_keys=True)
    digest = hashlib.sha256(f"{system}\n{schema}".encode()).hexdigest()
    return Asking(prompt, system, reply, digest)


def corrected(question: Question, text: str, sentences: Sequence[str]) -> Question:
    """`question`, with the reply to it, a long one cut, and what was wrong with that."""
    again = CORRECTION.render({"problems": "\n".join(sentences)})
    said = (Message("assistant", text[:_MOST_SAID] or "(no reply)"), Message("user", again))
    first = question.messages[:2]  # an earlier correction has had its effect, or none
    return Question((*first, *said), question.reply, question.max_output_tokens)


def fence(text: str) -> str:
    """`text` between two marks with a code that depends on every character of it.

    >>> print(fence("Upheld"))
    <<<LETTER 96fe0847ea31>>>
    Upheld
    <<<END 96fe0847ea31>>>
    """
    code = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"<<<LETTER {code}>>>\n{text}\n<<<END {code}>>>"


def _explained(fields: Sequence[Field]) -> dict[str, str]:
    """What the prompt says of `fields`."""
    return {
        "fields": "\n".join(_line(field) for field in fields),
        "vocabularies": "\n".join(_words(kind) for kind in _vocabularies(fields)),
        "rules": "\n".join(f"- {path}: {rule}" for path, rule in _rules_for(fields)),
    }


def _line(field: Field) -> str:
    words = f" One of {field.kind.__name__}." if field.vocabulary else ""
    parts = ""
    if field.kind in _PARTS_OF:
        inner = field.kind.model_fields.items()  # type: ignore[attr-defined]
        parts = "".join(f"\n  - {name}: {info.description}" for name, info in inner)
    return f"- {field.path}: {field.description}{words}{parts}"


def _vocabularies(fields: Iterable[Field]) -> list[type[Term]]:
    """The vocabularies that `fields` use, each once, in their order."""
    used: dict[type[Term], None] = {}
    for field in fields:
        own = (field.vocabulary,) if field.vocabulary else _PARTS_OF.get(field.kind, ())
        used.update(dict.fromkeys(own))
    return list(used)


def _words(vocabulary: type[Term]) -> str:
    words = (f"{w.value} ({w.meaning})" if w.meaning else w.value for w in vocabulary)
    return f"- {vocabulary.__name__}: {'; '.join(words)}"


@cache
def labelling_rules() -> tuple[tuple[str, str], ...]:
    """Path of a field, or of a group of fields, and the rule for its doubtful cases."""
    lines = (line.split(" | ", 1) for line in _RULES.text.splitlines() if line.strip())
    return tuple((path, rule) for path, rule in lines)


def _rules_for(fields: Sequence[Field]) -> list[tuple[str, str]]:
    paths = [field.path for field in fields]
    return [
        (rule_path, rule)
        for rule_path, rule in labelling_rules()
        if any(path == rule_path or path.startswith(f"{rule_path}.") for path in paths)
    ]


def _shown(examples: Sequence[dict[str, object]]) -> str:
    """The examples as the prompt shows them; their letters are invented."""
    shown = (
        f"Example {number} (an invented letter)\n\n{fence(str(example['letter']))}\n\n"
        + json.dumps(example["reply"], ensure_ascii=False, separators=(",", ":"))
        for number, example in enumerate(examples, 1)
    )
    return "\n" + "\n\n".join(shown)
