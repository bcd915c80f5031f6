"""Every name of the guidelines' lexicon, read where letters print it."""

import pytest

from extract.lexicon import load_lexicon
from extract.parse.citations.tokens import token_pattern
from extract.spans import lowered
from tests.extract.parse.citations.test_line import MTUS, NON, cited


def tokens(text: str) -> list[tuple[str | None, str]]:
    return [(token.lastgroup, token[0]) for token in token_pattern().finditer(lowered(text))]


@pytest.mark.parametrize("name", load_lexicon("guidelines")["chapters"])
def test_every_chapter_names_acoem(name: str) -> None:
    for printed in (name, name.replace(" and ", " & "), name.replace(",", "")):
        assert cited(f"{MTUS}{printed} 2018, Section(s): Diagnosis.") == [
            ("mtus", "acoem", 2018, f"{printed}, Diagnosis", [])
        ]
        assert ("title_acoem", printed.lower()) in tokens(f"{printed} 2018")


@pytest.mark.parametrize("name", load_lexicon("guidelines")["odg_chapters"])
def test_every_chapter_of_the_odg_is_known_without_its_name(name: str) -> None:
    assert cited(f"{NON}{name} (Acute & Chronic), ODG.") == [
        ("non_mtus", "odg", None, f"{name} (Acute & Chronic)", [])
    ]


@pytest.mark.parametrize("name", load_lexicon("guidelines")["bodies"])
def test_every_body_begins_a_citation_of_its_own(name: str) -> None:
    assert cited(f"{NON}ODG, Pain; {name} Example.") == [
        ("non_mtus", "odg", None, "Pain", []),
        ("non_mtus", "other", None, f"{name} Example", []),
    ]


@pytest.mark.parametrize("words", load_lexicon("guidelines")["imprints"])
def test_every_imprint_is_left_out(words: str) -> None:
    assert cited(f"{NON}ODG ({words}), Pain Chapter, {words}, Sleep.") == [
        ("non_mtus", "odg", None, "Pain, Sleep", [])
    ]
