"""Sound files, decoded block by block by libsndfile; what it keeps silent about is an error."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from common.audio.containers import CorrectedFile, corrections
from common.errors import UserError, one_line

# Always the same, so that what a caller asks for changes no sample.
BLOCK = 65536
# Encoders disagree about whether the frame that holds an MP3's count is counted.
_MP3_FRAME = {True: 1152, False: 576}  # from 32 kHz on, and below
# What may follow the sound in an MP3, such as a title: bytes, and a part of the file.
_MP3_TAIL = (4096, 0.05)


class Decoder:
    """An open sound file.

    Attributes:
        sample_rate: samples a second.
        channels: how many.
    """

    def __init__(self, path: Path, file: Any, corrected: CorrectedFile | None, size: int) -> None:
        self._path = path
        self._file = file
        self._corrected = corrected
        self._size = size
        self.sample_rate: int = file.samplerate
        self.channels: int = file.channels

    def frames(self) -> Iterator[NDArray[np.float64]]:
        """Decodes the file once.

        Yields:
            Consecutive (n, channels), n up to `BLOCK`, full scale ±1.

        Raises:
            UserError: the file is damaged or shorter than its header says.
        """
        import soundfile

        count = 0
        while True:
            try:
                block = self._file.read(BLOCK, dtype="float64", always_2d=True)
            except soundfile.SoundFileError as error:
                reason = one_line(
                    error.error_string if isinstance(error, soundfile.LibsndfileError) else error
                )
                raise self._damaged(reason.rstrip(".")) from error
            if not len(block):
                break
            count += len(block)
            yield block
        kind = self._file.format
        promised = self._file.frames
        if kind == "MP3":
            self._check_mp3(count, promised)
        elif kind != "OGG" and self._corrected is None and count < promised:
            # Ogg's pages have been checked, and its count is one of time rather than of samples.
            raise self._damaged(f"{promised:,} samples are promised, {count:,} are there")

    def _check_mp3(self, count: int, promised: int) -> None:
        if count < promised - _MP3_FRAME[self.sample_rate >= 32_000]:
            raise self._damaged(f"{promised:,} samples are promised, {count:,} are there")
        rest = self._size - self._corrected.tell() if self._corrected else 0
        if rest > max(_MP3_TAIL[0], _MP3_TAIL[1] * self._size):
            # The length was guessed from the first frames, for want of a header; libsndfile reads
            # no further.
            raise UserError(
                f"{self._path}: the length of this MP3 cannot be told from its beginning, so that "
                "its end would be lost; convert it to WAV or FLAC"
            )

    def _damaged(self, reason: str) -> UserError:
        return UserError(
            f"{self._path}: the sound is damaged or cut off ({reason}); copy or record it again"
        )


@contextmanager
def open_sound(path: Path) -> Iterator[Decoder]:
    """Opens a file of any kind that libsndfile knows.

    Raises:
        UserError: the file cannot be read, is no sound, or is shorter than its header says.
    """
    import soundfile

    patches = corrections(path)
    with ExitStack() as stack:
        try:
            raw = stack.enter_context(path.open("rb"))
            # An MP3 goes this way too, to see in the end how much of it was read.
            through = bool(patches) or _may_be_mp3(raw.read(4))
            corrected = CorrectedFile(raw, patches) if through else None
            raw.seek(0)
            # As bytes, because a name need not be UTF-8; Windows has no such names.
            name = os.fsencode(path) if os.name == "posix" else str(path)
            file = stack.enter_context(soundfile.SoundFile(corrected or name))
        except (soundfile.SoundFileError, TypeError) as error:  # TypeError for *.raw
            raise UserError(
                f"{path}: this is no sound of a kind that can be read, or its header is damaged; "
                "convert it to WAV or FLAC"
            ) from error
        # After each read a seekable file is sought to where it is, which starts an MP3's decoder
        # anew: its sound would depend on the size of the blocks.
        file.seekable = lambda: False
        yield Decoder(path, file, corrected, path.stat().st_size)


def _may_be_mp3(head: bytes) -> bool:
    return head[:3] == b"ID3" or (head[:1] == b"\xff" and head[1:2] >= b"\xe0")
