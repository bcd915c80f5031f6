"""A text comes back as it was packed, or damage is told."""

import pytest

from extract.batch.errors import StoreFailed
from extract.batch.packing import checksum, is_whole, pack, unpack

TEXT = '{"quote":"Größe ≤ 5 mm"}' * 50


def test_packing_is_undone_by_unpacking() -> None:
    assert unpack(pack(TEXT)) == TEXT
    assert len(pack(TEXT)) < len(TEXT) / 5


def test_what_cannot_be_unpacked_is_said_so() -> None:
    packed = pack(TEXT)
    for damaged in (packed[:20], packed[:3], packed[:4] + bytes(40)):
        with pytest.raises(StoreFailed, match="damaged"):
            unpack(damaged)
        assert not is_whole(damaged, None)


def test_a_checksum_is_of_a_body_and_of_all_that_is_said_of_it() -> None:
    whole = checksum(b"body", "key", 3, None)
    assert is_whole(b"body", whole, "key", 3, None)
    for body, facts in [
        (b"bodx", ("key", 3, None)),
        (None, ("key", 3, None)),
        (b"body", ("kex", 3, None)),
        (b"body", ("key", 4, None)),
        (b"body", ("key", 3, "flaw")),
        (b"body", ("key", None, 3)),
    ]:
        assert not is_whole(body, whole, *facts)
