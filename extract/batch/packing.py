"""How does the run store keep texts? Packed, and with a checksum that tells of damage."""

from functools import cache
from typing import Any
from zlib import crc32

from extract.batch.errors import StoreFailed


def pack(text: str) -> bytes:
    """`text` as the store keeps it: its size, and LZ4.

    zlib packs a third tighter and takes ten times as long, which would be a tenth of all
    that the rules take over a letter.
    """
    data = text.encode()
    packed: bytes = _codec().compress(data, asbytes=True)
    return len(data).to_bytes(4, "big") + packed


def unpack(body: bytes) -> str:
    """The text that `pack` was given.

    Raises:
        StoreFailed: the store is damaged.
    """
    size = int.from_bytes(body[:4], "big")
    try:
        data: bytes = _codec().decompress(body[4:], decompressed_size=size, asbytes=True)
        return data.decode()
    except (OSError, ValueError) as error:  # Arrow's errors are ValueErrors
        raise StoreFailed(
            "the run store is damaged, what it holds cannot be unpacked: start the same "
            "command with --retry-failed to extract it anew"
        ) from error


def checksum(body: bytes | None, *facts: str | float | None) -> int:
    """A CRC-32 of a row of the store: its body, and what else it says, its key above all."""
    return crc32(body or b"", crc32(repr(facts).encode()))


def is_whole(body: bytes | None, stored: int | None, *facts: str | float | None) -> bool:
    """Whether a row is as it was stored; `stored` is its checksum, `None` in older stores."""
    if stored is not None:
        return stored == checksum(body, *facts)
    try:
        return body is None or bool(unpack(body))
    except StoreFailed:
        return False


@cache
def _codec() -> Any:
    import pyarrow as pa

    return pa.Codec("lz4_raw")
