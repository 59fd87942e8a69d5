"""Which sounds `predict` is asked about: files, and folders of them."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from common.audio.sound import Sound, SoundFile
from common.data.sound_sources import SOUND_SUFFIXES
from common.errors import UserError


def read_sounds(arguments: Sequence[str]) -> Iterator[tuple[str, Sound]]:
    """Yields path and sound of every file, and of every sound file below every folder.

    In a folder, files that cannot be read are passed over, named on standard error and counted.

    Raises:
        UserError: there is no such path, a folder holds no sound, or a file is none.
    """
    for argument in arguments:
        path = Path(argument).expanduser()
        if not path.is_dir():
            yield argument, SoundFile(path)
            continue
        files = sorted(file for file in path.rglob("*") if file.suffix.lower() in SOUND_SUFFIXES)
        if not files:
            raise UserError(f"{path}: holds no sound ({', '.join(SOUND_SUFFIXES)})")
        passed_over = 0
        for file in files:
            sound = SoundFile(file)
            try:
                # Errors in the middle of a sound are found by reading it, block by block.
                for _ in sound.blocks(16000):
                    pass
            except UserError as error:
                print(f"passed over: {error}", file=sys.stderr)
                passed_over += 1
                continue
            yield str(file), sound
        if passed_over:
            print(f"{path}: {passed_over} of {len(files)} files passed over", file=sys.stderr)
