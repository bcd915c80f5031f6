"""Reads zip and tar archives of letters one by one; nothing is unpacked to disk.

What looks like a bomb or a path trick is refused: it becomes a member whose contents are
the error, and the members behind it are still read.
"""

import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, Self, cast

from extract.batch.containers import (
    Member,
    broken,
    is_archive_name,
    is_letter_name,
)
from extract.batch.errors import ArchiveBroken, MemberRefused
from extract.errors import ReadError
from extract.letter import too_large
from extract.settings import MEGABYTE

_MOST_DENSE = 200
"""A larger ratio is refused: letters compress 3 to 5 times, PDF pages up to 30 times."""

_SMALL = 1 * MEGABYTE
"""Below this size no member's ratio is suspicious."""

_SMALL_ARCHIVE = 100 * MEGABYTE
"""Below this size no whole archive's ratio is suspicious."""

_IN_MEMORY = (
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
)
"""Headers whose contents, names and remarks, `tarfile` reads into memory."""


def read_zip(path: Path, max_bytes: int) -> Iterator[Member]:
    """The letters of the zip archive at `path`, in the archive's order."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if sum(member.compress_size for member in members) > path.stat().st_size:
                yield _overlapping(path)
                return
            for number, member in enumerate(members):
                name = member.filename
                if is_letter_name(name):
                    contents = _read_zip_member(archive, member, max_bytes)
                    yield Member(str(number), name, contents)
                elif is_archive_name(name):
                    yield Member(str(number), name, _nested())
    except Exception as error:  # noqa: BLE001  damage makes the library raise anything
        yield broken(path, error)


def read_tar(path: Path, max_bytes: int) -> Iterator[Member]:
    """The letters of the tar archive at `path`, compressed or not, in the archive's order."""
    try:
        with path.open("rb") as raw:
            watched = _Watched(raw, path)
            # A stream: what was read is forgotten, so memory stays flat.
            with tarfile.open(
                fileobj=cast(IO[bytes], watched), mode="r|*", tarinfo=_StrictInfo
            ) as archive:
                for number, member in enumerate(archive):
                    watched.unpacked = member.offset_data + member.size
                    watched.check()
                    if is_letter_name(member.name) and not member.isdir():
                        contents = _read_tar_member(archive, member, max_bytes)
                        yield Member(str(number), member.name, contents)
                    elif is_archive_name(member.name) and not member.isdir():
                        yield Member(str(number), member.name, _nested())
                    archive.members = []  # type: ignore[attr-defined]  # it keeps them all
    except MemberRefused as refusal:
        yield Member("broken", path.name, refusal)
    except Exception as error:  # noqa: BLE001  damage makes the library raise anything
        yield broken(path, error)


class _StrictInfo(tarfile.TarInfo):
    """A header of a tar archive; one that is broken or missing is not taken for its end."""

    @classmethod
    def fromtarfile(cls, archive: tarfile.TarFile) -> Self:
        """The next header.

        Raises:
            tarfile.ReadError: it is broken, or the archive is cut off.
        """
        try:
            return super().fromtarfile(archive)
        except tarfile.EOFHeaderError:  # type: ignore[attr-defined]
            raise
        except tarfile.HeaderError as error:
            raise tarfile.ReadError("a header is broken or missing") from error

    def _proc_member(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
        """As inherited, but a name that fills the memory is refused."""
        if self.size > _SMALL and self.type in _IN_MEMORY:
            raise MemberRefused("a member's name is longer than any: a bomb?")
        member: tarfile.TarInfo = super()._proc_member(archive)  # type: ignore[misc]
        return member


class _Watched:
    """A compressed file that knows how much came out of it: a bomb is stopped early."""

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self._file, self._path = file, path
        self.unpacked = 0

    def read(self, size: int = -1) -> bytes:
        return self._file.read(size)

    def check(self) -> None:
        """Refuse an archive that says it unpacks to far more than letters can.

        Raises:
            MemberRefused: it does.
        """
        size = self._path.stat().st_size
        if self.unpacked > _SMALL_ARCHIVE and self.unpacked > size * _MOST_DENSE:
            raise MemberRefused(f"{self._path} unpacks to far more than letters can: a bomb?")


def _nested() -> MemberRefused:
    return MemberRefused("an archive within an archive is not read: unpack the outer one")


def _overlapping(path: Path) -> Member:
    refusal = MemberRefused(f"{path} has members that overlap: a bomb?")
    return Member("broken", path.name, refusal)


def _refuse_path(name: str) -> MemberRefused | None:
    """Why a member of this name is not read; `None` for an honest relative path."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if name.startswith(("/", "\\")) or ".." in parts or ":" in name[:2]:
        return MemberRefused("the member's path leads out of the archive: rename it")
    return None


def _refuse_size(size: int, packed: int, max_bytes: int) -> ReadError | None:
    """Why a member of this size is not read."""
    if size > _SMALL and size > packed * _MOST_DENSE:
        return MemberRefused("the member unpacks to far more than a letter can: a bomb?")
    return too_large(max_bytes) if size > max_bytes else None


def _read_zip_member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, max_bytes: int
) -> bytes | ReadError:
    refusal = _refuse_path(member.filename) or _refuse_size(
        member.file_size, member.compress_size, max_bytes
    )
    if refusal:
        return refusal
    if member.flag_bits & 0x1:
        return MemberRefused("the member is encrypted: unpack the archive yourself")
    try:
        with archive.open(member) as stream:
            data = stream.read(max_bytes + 1)  # the declared size may lie
    except Exception as error:  # noqa: BLE001  damage makes the library raise anything
        return ArchiveBroken(f"the member cannot be unpacked ({type(error).__name__})")
    return data if len(data) <= max_bytes else too_large(max_bytes)


def _read_tar_member(
    archive: tarfile.TarFile, member: tarfile.TarInfo, max_bytes: int
) -> bytes | ReadError:
    if refusal := _refuse_path(member.name):
        return refusal
    if not member.isfile():
        return MemberRefused("the member is a link or a device, no file: store it as one")
    if member.size > max_bytes:
        return too_large(max_bytes)
    stream = archive.extractfile(member)
    return stream.read() if stream else ArchiveBroken("the member has no contents")
