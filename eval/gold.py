"""Loads letters with their labels; refuses what is broken, all of it named at once.

A gold folder holds `letters/` and `labels/`, or letters (`x.txt`, `x.pdf`) beside their
labels (`x.json`). Its other subfolders may be gold folders, too: each is a subset.
"""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from eval.errors import GoldInvalid
from eval.reading import name_errors
from extract.letter import LETTER_SUFFIXES
from schemas import CaseRecord


@dataclass(frozen=True, slots=True)
class GoldLetter:
    """A letter and what is right about it.

    Args:
        id: the stem of the file's name.
        path: where the letter lies; it is read when it is needed.
        subset: the folder it came from, by which its figures are reported apart.
        label: the record that a reader of the letter agreed to.
    """

    id: str
    path: Path
    subset: str
    label: CaseRecord


@dataclass(slots=True)
class _Loading:
    """What was found so far, and what is wrong with it."""

    only_labelled: bool
    letters: list[GoldLetter] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def load_gold(
    folders: Sequence[Path | str], *, labels: Path | None = None, only_labelled: bool = False
) -> list[GoldLetter]:
    """The labelled letters of `folders`, by subset and id.

    Args:
        labels: a folder with the labels, where they do not lie with the letters.
        only_labelled: pass over letters that have no label instead of refusing them.

    Raises:
        GoldInvalid: something is broken; every problem is listed.
    """
    loading = _Loading(only_labelled)
    apart: list[Path] = []
    for folder in map(Path, folders):
        if not folder.is_dir():
            loading.problems.append(f"{folder}: there is no such folder; --gold names another")
        elif labels is not None and not _holds_labels(folder):
            apart.append(folder)
        else:
            _load_folder(loading, folder, folder.resolve().name)
    if labels is not None:
        if not labels.is_dir():
            loading.problems.append(f"{labels}: there is no such folder")
        elif not (apart or loading.problems):
            loading.problems.append(f"{labels}: every gold folder holds labels of its own")
        else:
            _load_apart(loading, apart, labels)
    _refuse_duplicates(loading)
    if loading.problems:
        raise GoldInvalid("the gold letters cannot be used", sorted(loading.problems))
    if not loading.letters:
        named = ", ".join(str(folder) for folder in folders)
        raise GoldInvalid(f"no labelled letter in {named}: add x.txt or x.pdf and x.json")
    return sorted(loading.letters, key=lambda letter: (letter.subset, letter.id))


def load_labels(folder: Path) -> dict[str, CaseRecord]:
    """Letter id to label, for the labels in `folder` alone, or in its folder `labels`.

    Raises:
        GoldInvalid: something is broken, or there is no label; every problem is listed.
    """
    loading = _Loading(only_labelled=True)
    if not folder.is_dir():
        loading.problems.append(f"{folder}: there is no such folder")
    elif (folder / "labels").is_dir():
        folder = folder / "labels"
    found = {
        stem: _load_label(loading, path)
        for stem, path in _by_stem(loading, folder, frozenset({".json"})).items()
    }
    if loading.problems:
        raise GoldInvalid("the labels cannot be used", sorted(loading.problems))
    if not found:
        raise GoldInvalid(f"no label in {folder}: it should hold x.json")
    return {stem: label for stem, label in found.items() if label is not None}


def _holds_labels(folder: Path) -> bool:
    return any(folder.rglob("*.json"))


def _load_apart(loading: _Loading, folders: Sequence[Path], labels: Path) -> None:
    """Load letters whose labels lie together in one folder."""
    label_paths = _by_stem(loading, labels, frozenset({".json"}))
    unused = set(label_paths)
    for folder in folders:
        paths = _by_stem(loading, folder, LETTER_SUFFIXES)
        _pair(loading, folder.resolve().name, paths, label_paths)
        unused -= paths.keys()
    for stem in sorted(unused):
        loading.problems.append(f"{label_paths[stem]}: a label without a letter")


def _load_folder(loading: _Loading, folder: Path, name: str) -> None:
    inner = sorted(path for path in folder.iterdir() if path.is_dir())
    if (folder / "letters").is_dir() or (folder / "labels").is_dir():
        _load_subset(loading, name, folder / "letters", folder / "labels")
    else:
        _load_subset(loading, name, folder, folder)
    for path in inner:
        if path.name not in {"letters", "labels"} and not path.name.startswith("."):
            _load_folder(loading, path, f"{name}/{path.name}")


def _load_subset(loading: _Loading, name: str, letters: Path, labels: Path) -> None:
    paths = _by_stem(loading, letters, LETTER_SUFFIXES)
    label_paths = _by_stem(loading, labels, frozenset({".json"}))
    for stem in sorted(label_paths.keys() - paths.keys()):
        loading.problems.append(f"{label_paths[stem]}: a label without a letter")
    _pair(loading, name, paths, label_paths)


def _pair(
    loading: _Loading, name: str, paths: dict[str, Path], label_paths: dict[str, Path]
) -> None:
    """Add the letters of the subset `name` that have a label."""
    for stem, path in sorted(paths.items()):
        if stem in label_paths:
            label = _load_label(loading, label_paths[stem])
            if label is not None:
                loading.letters.append(GoldLetter(stem, path, name, label))
        elif not loading.only_labelled:
            loading.problems.append(f"{path}: a letter without a label")


def _by_stem(loading: _Loading, folder: Path, suffixes: Collection[str]) -> dict[str, Path]:
    """Stem to file; a stem that two files share is a problem."""
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.suffix.lower() not in suffixes or not path.is_file():
            continue
        if path.stem in found:
            loading.problems.append(f"{path}: {found[path.stem].name} has the same id")
        found.setdefault(path.stem, path)
    return found


def _load_label(loading: _Loading, path: Path) -> CaseRecord | None:
    """The label in `path`; `None`, with its problems noted, if it is broken."""
    try:
        data = json.loads(path.read_text("utf-8"), object_pairs_hook=_refuse_twice)
        record = CaseRecord.model_validate(data)
    except ValidationError as error:
        loading.problems += [f"{path}: {problem}" for problem in name_errors(error)]
        return None
    except (ValueError, OSError, RecursionError) as error:
        loading.problems.append(f"{path}: {_json_error(error)}")
        return None
    lacking = list(_lacking_keys(record.model_dump(), data, ""))
    loading.problems += [f"{path}: lacks the key {key}" for key in lacking]
    return None if lacking else record


def _refuse_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise ValueError(f"has the key {twice[0]} twice")
    return dict(pairs)


def _json_error(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"no JSON: {error.msg} in line {error.lineno}"
    if isinstance(error, UnicodeDecodeError):
        return "not UTF-8"
    if isinstance(error, RecursionError):
        return "nested deeper than any label: look what wrote it"
    return str(error)


def _lacking_keys(record: Any, data: Any, path: str) -> Iterator[str]:
    """The paths of the keys of `record` that `data` leaves out."""
    if isinstance(record, dict):
        for key, value in record.items():
            if key not in data:
                yield f"{path}{key}"
            else:
                yield from _lacking_keys(value, data[key], f"{path}{key}.")
    elif isinstance(record, (list, tuple)):
        for position, (value, given) in enumerate(zip(record, data, strict=True)):
            yield from _lacking_keys(value, given, f"{path.rstrip('.')}[{position}].")


def _refuse_duplicates(loading: _Loading) -> None:
    first: dict[str, GoldLetter] = {}
    for letter in loading.letters:
        if letter.id in first:
            other = first[letter.id].path
            loading.problems.append(f"{letter.path}: {other} has the same id")
        first.setdefault(letter.id, letter)
