"""What a sound file's header promises, against what there is: libsndfile takes both for whole.

Formats: RIFF (Microsoft's and IBM's "Multimedia Programming Interface" of 1991; RF64 is EBU Tech
3306), AIFF (Apple, 1989), AU (Sun), FLAC (RFC 9639), Ogg (RFC 3533).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from common.errors import UserError

# Lengths in the header of a stream whose writer could not come back to fill in the right one.
_NEVER_CLOSED = frozenset({0, 0xFFFFFFFF, 0x7FFFF000})  # the last is SoX's
_UNKNOWN_64 = frozenset({0, 2**64 - 1})
_REVERSED_BITS = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def corrections(path: Path) -> dict[int, bytes]:
    """Checks that a file holds what its header promises.

    Args:
        path: any file; only what RIFF, AIFF, AU, FLAC and Ogg headers say is checked.

    Returns:
        What to read instead of the bytes at an offset of the file, where its header leaves the
        length open; mostly nothing.

    Raises:
        UserError: the file cannot be read, is empty, or ends before its header says.
    """
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(0)
            return _corrections(path, file, size)
    except FileNotFoundError:
        raise UserError(f"{path}: there is no such file; check the path") from None
    except IsADirectoryError:
        raise UserError(f"{path}: this is a folder, not a sound; check the path") from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UserError(f"{path}: the file cannot be read ({reason}); check it") from error


class CorrectedFile:
    """A file as libsndfile shall see it: it calls these methods for what it reads."""

    def __init__(self, file: BinaryIO, patches: Mapping[int, bytes]) -> None:
        self._file = file
        self._patches = patches

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def read(self, count: int) -> bytes:
        buffer = bytearray(count)
        return bytes(buffer[: self.readinto(buffer)])

    def readinto(self, buffer: bytearray) -> int:
        """Reads with the corrections in place; returns the number of bytes."""
        at = self._file.tell()
        view = memoryview(buffer)
        count: int = self._file.readinto(view)  # type: ignore[attr-defined]
        for offset, patch in self._patches.items():
            begin, end = max(at, offset), min(at + count, offset + len(patch))
            if begin < end:
                view[begin - at : end - at] = patch[begin - offset : end - offset]
        return count


def _corrections(path: Path, file: BinaryIO, size: int) -> dict[int, bytes]:
    head = file.read(26)
    if not head:
        raise UserError(f"{path}: the file is empty; record it again or remove it")
    kind = head[:4]
    if kind in (b"RIFF", b"RF64"):
        return _of_chunks(path, file, size, "<", b"data")
    if kind == b"RIFX":
        return _of_chunks(path, file, size, ">", b"data")
    if kind == b"FORM" and head[8:11] == b"AIF":
        return _of_chunks(path, file, size, ">", b"SSND")
    if kind == b".snd" and len(head) >= 12:
        begin, length = struct.unpack(">II", head[4:12])
        if length not in _NEVER_CLOSED:
            _check_length(path, length, size - begin)
    elif kind == b"OggS":
        _check_pages(path, file)
    elif kind == b"fLaC" and len(head) == 26 and not (head[21] & 15 or any(head[22:26])):
        # The number of samples is 0, which means "unknown" but is taken for none.
        return {21: bytes([head[21] | 15]) + b"\xff" * 4}
    return {}


def _of_chunks(
    path: Path, file: BinaryIO, size: int, order: str, wanted: bytes
) -> dict[int, bytes]:
    at = 12
    long = None
    while True:
        file.seek(at)
        header = file.read(8)
        if len(header) < 8:
            return {}  # there is no sound, which libsndfile notices
        name, length = struct.unpack(f"{order}4sI", header)
        at += 8
        if name == b"ds64" and len(body := file.read(16)) == 16:
            long = struct.unpack("<QQ", body)[1]
        elif name == wanted:
            break
        at += length + length % 2
    there = size - at
    if long is not None and length == 0xFFFFFFFF:
        if long not in _UNKNOWN_64:
            _check_length(path, long, there)
        return {}
    if length not in _NEVER_CLOSED:
        _check_length(path, length, there)
    elif there and name == b"data" and not _only_chunks(file, at, size, order):
        return {at - 4: struct.pack(f"{order}I", min(there, 0xFFFFFFFE))}
    return {}


def _only_chunks(file: BinaryIO, at: int, size: int, order: str) -> bool:
    """Says whether a file goes on with whole chunks to its end, so that 0 meant no samples."""
    while at < size:
        file.seek(at)
        header = file.read(8)
        if len(header) < 8 or not header[:4].isalnum():
            return False
        length = struct.unpack(f"{order}4sI", header)[1]
        at += 8 + length + length % 2
    return at in (size, size + 1)


def _check_length(path: Path, promised: int, there: int) -> None:
    if promised > there:
        raise UserError(
            f"{path}: the header promises {promised:,} bytes of sound, but there are only "
            f"{max(there, 0):,}; copy or record it again"
        )


def _check_pages(path: Path, file: BinaryIO) -> None:
    """Checks every page of an Ogg file by its checksum: a decoder leaves bad ones out, silently."""
    file.seek(0)
    number_of: dict[bytes, int] = {}
    while head := file.read(27):
        lengths = file.read(head[26]) if len(head) == 27 else b""
        body = file.read(sum(lengths))
        if len(head) < 27 or len(lengths) < head[26] or len(body) < sum(lengths):
            raise UserError(
                f"{path}: the sound is cut off in the middle of a page; copy or record it again"
            )
        serial, number, checksum = head[14:18], *struct.unpack("<II", head[18:26])
        page = head[:22] + bytes(4) + head[26:] + lengths + body
        if (
            head[:4] != b"OggS"
            or _checksum(page) != checksum
            or number != number_of.get(serial, number - 1) + 1
        ):
            raise UserError(
                f"{path}: the sound is damaged before byte {file.tell():,}; copy or record it again"
            )
        number_of[serial] = number


def _checksum(page: bytes) -> int:
    """Returns Ogg's CRC-32, which is zlib's with the bits reversed and no inversion."""
    crc = zlib.crc32(page.translate(_REVERSED_BITS), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{crc:032b}"[::-1], 2)
