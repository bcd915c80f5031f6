"""How files that people wrote are read: line by line, each problem named with its place."""

from collections.abc import Iterator

from pydantic import ValidationError


def numbered_lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines of JSON Lines that are not empty, counted from 1.

    Not `splitlines()`: a text may hold separators that end no line of JSON.
    """
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, line


def name_errors(error: ValidationError) -> list[str]:
    """Each problem of a record as a path and a sentence, without the value itself."""
    named = []
    for problem in error.errors(include_url=False, include_input=False, include_context=False):
        path = "".join(
            f"[{part}]" if isinstance(part, int) else f".{part}" for part in problem["loc"]
        )
        named.append(f"{path.lstrip('.') or 'record'}: {problem['msg']}")
    return named
