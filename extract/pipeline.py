"""A letter's way: read, clean, find the fields, conclude."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from extract.clean import clean
from extract.conclude import conclude
from extract.confidence import rule_confidence
from extract.errors import ExtractError, unforeseen
from extract.letter import Letter, read_letter
from extract.parse import parse_letter
from extract.result import Extraction
from extract.settings import Method, Settings

if TYPE_CHECKING:
    from extract.model.llm import LanguageModel


_DEFAULTS = Settings()


def extract_record(
    source: Path | bytes | str | Letter,
    *,
    settings: Settings | None = None,
    model: "LanguageModel | None" = None,
) -> Extraction:
    """The record of the letter that `source` holds, with its evidence.

    Args:
        source: a `Path` is a file, `bytes` are a file's contents, a `str` is the
            letter's text, a `Letter` was read before.
        model: whom to ask, for methods that ask; by default the one that `settings` name.

    Raises:
        ReadError: the letter cannot be read; the message says what to do.
        WorkFailed: the extractor broke over the letter: a bug.
        SettingsInvalid: a model is given that cannot or would not be asked.
        ModelUnusable: a model is to be asked and no call can succeed as things are set.
    """
    settings = settings or _DEFAULTS
    settings.check_asked(model)
    letter = source if isinstance(source, Letter) else read_letter(source, settings=settings)
    try:
        if settings.resolved_method is Method.RULES:
            return _extract_by_rules(letter, settings)
        from extract.model.letters import extract_one  # the rules need none of it

        return extract_one(letter, settings=settings, model=model)
    except ExtractError:
        raise
    except Exception as error:  # noqa: BLE001  a bug, whatever it is
        failure = unforeseen(error, letter_id=letter.id)
    raise failure  # here it has no context, which could quote the letter


def _extract_by_rules(letter: Letter, settings: Settings) -> Extraction:
    cleaned = clean(letter.text)
    draft = parse_letter(cleaned, today=settings.newest_day)
    return conclude(draft, letter, cleaned, settings=settings, confidence=rule_confidence)


def extract_many(
    sources: Iterable[Path | bytes | str | Letter],
    *,
    settings: Settings | None = None,
    model: "LanguageModel | None" = None,
) -> Iterator[Extraction]:
    """The record of each letter in turn, extracted when it is asked for.

    With a model the next letters are under way while one is handed out.

    Raises:
        TypeError: `sources` is one letter, not several.
        SettingsInvalid: a model is given that cannot or would not be asked.
        ReadError: at the letter that cannot be read; a batch job records it instead.
        WorkFailed: at the letter over which the extractor broke: a bug.
        ModelUnusable: a model is to be asked and no call can succeed as things are set.
    """
    if isinstance(sources, str | bytes | Path):
        raise TypeError("extract_many takes several letters: use extract_record, or a list")
    (settings or _DEFAULTS).check_asked(model)
    if settings and settings.resolved_method is not Method.RULES:
        return _stream_extractions(sources, settings, model)
    return (extract_record(source, settings=settings) for source in sources)


def _stream_extractions(
    sources: Iterable[Path | bytes | str | Letter],
    settings: Settings,
    model: "LanguageModel | None",
) -> Iterator[Extraction]:
    """The record of each letter in turn; the next ones are under way meanwhile."""
    from extract.model.letters import stream_results  # the rules need none of it

    with closing(stream_results(sources, settings=settings, model=model)) as results:
        for result in results:
            if isinstance(result, ExtractError):
                raise result
            yield result
