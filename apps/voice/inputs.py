"""Which sounds `predict` is asked about: files, and folders of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from common.audio.sound import Sound, SoundFile
from common.data.sound_sources import SOUND_SUFFIXES
from common.given_files import files_of

_RATE = 16000  # any: what is damaged is damaged at all of them


def read_sounds(arguments: Sequence[str]) -> Iterator[tuple[str, Sound]]:
    """Yields path and sound of every file, and of every sound file below every folder.

    See `common.given_files.files_of`.
    """
    yield from files_of(arguments, "sound", SOUND_SUFFIXES, lambda path, _: SoundFile(path), _read)


def _read(sound: Sound) -> None:
    """Errors in the middle of a sound are found by reading it, block by block."""
    for _ in sound.blocks(_RATE):
        pass
