"""Labelled clips: which belong together, and reading each once to know which can be used."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from hashlib import blake2b, file_digest
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from common.audio.sound import Sound, SoundArray, SoundFile
from common.errors import UserError, one_line

# A clip of at most so many seconds stays in memory once it has been read.
_KEPT_SECONDS = 60
_BLOCK_SECONDS = 10.0
# Clips that are read at a time; so many may be held twice.
_AT_A_TIME = 256
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Clip:
    """A sound and its class.

    Attributes:
        sound: what is heard.
        label: its class.
        group: the speaker or the recording that it is of; empty where that is not known.
        where: its place in the source, for messages: a path, or a table's `path:line`.
    """

    sound: Sound
    label: str
    group: str
    where: str


class ReadClip(NamedTuple):
    """A clip that can be read.

    Attributes:
        clip: the clip; its sound is a `SoundArray` unless it is long.
        content: what only clips with the same sound share.
    """

    clip: Clip
    content: bytes

    @property
    def label(self) -> str:
        return self.clip.label

    @property
    def where(self) -> str:
        return self.clip.where

    @property
    def key(self) -> bytes:
        """What must not be divided among splits: a group, or a clip that has none."""
        group = self.clip.group
        if not group:
            return self.content
        name = group.encode("utf-8", "surrogateescape")  # a file's name need not be UTF-8
        return blake2b(b"group " + name, digest_size=16).digest()


def read_clips(
    clips: Iterable[Clip], split: str, sample_rate: int
) -> tuple[list[ReadClip], list[str]]:
    """Reads every clip once.

    Args:
        clips: the clips of a split.
        split: what to call the split in messages; empty where there are none.
        sample_rate: samples a second of the sounds that are kept.

    Returns:
        Those that can be read, in the same order, and a note about the others.

    Raises:
        UserError: no clip of a class can be read, or less than half of all clips.
    """
    read: list[ReadClip] = []
    failed: list[tuple[Clip, str]] = []
    counts: Counter[str] = Counter()
    for clip, result in _results(iter(clips), sample_rate):
        counts[clip.label] += 1
        if isinstance(result, ReadClip):
            read.append(result)
        else:
            failed.append((clip, result))
    of_split = f"{split} clips" if split else "clips"
    failures = Counter(clip.label for clip, _ in failed)
    for clip, reason in failed:
        if failures[clip.label] == counts[clip.label]:
            raise UserError(
                f"{reason}, and none of the {counts[clip.label]:,} {of_split} of the class "
                f"'{one_line(clip.label, 40)}' can be read; replace them"
                if counts[clip.label] > 1
                else f"{reason}, and it is alone among the {of_split} of the class "
                f"'{one_line(clip.label, 40)}'; replace it"
            )
    if 2 * len(failed) > counts.total():
        raise UserError(
            f"{failed[0][1]}, and {len(failed):,} of {counts.total():,} {of_split} cannot be read; "
            "replace them"
        )
    notes = []
    if failed:
        more = f", and {len(failed) - _NAMED:,} more" if len(failed) > _NAMED else ""
        notes.append(
            f"left out, because they cannot be read, {len(failed):,} of {counts.total():,} "
            f"{of_split}: {'; '.join(reason for _, reason in failed[:_NAMED])}{more}"
        )
    return read, notes


def contradictions(split: str, clips: Sequence[ReadClip]) -> list[str]:
    """Returns a note about sounds that several clips with different labels share."""
    labels: dict[bytes, set[str]] = {}
    for clip in clips:
        labels.setdefault(clip.content, set()).add(clip.label)
    count = sum(len(some) > 1 for some in labels.values())
    said = f"kept {count:,} of {len(labels):,} {split} clips although they have several labels"
    return [said] if count else []


def _results(clips: Iterator[Clip], sample_rate: int) -> Iterator[tuple[Clip, ReadClip | str]]:
    # Threads, because decoding leaves Python alone; more would only wait for it in between.
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        while some := list(islice(clips, _AT_A_TIME)):
            results = pool.map(partial(_result, sample_rate=sample_rate), some)
            yield from zip(some, results, strict=True)


def _result(clip: Clip, sample_rate: int) -> ReadClip | str:
    sound = clip.sound
    count = 0
    kept: list[NDArray[np.int16]] = []
    digest = blake2b(digest_size=16)
    try:
        for block in sound.blocks(sample_rate, _BLOCK_SECONDS):
            count += len(block)
            digest.update(block.tobytes())
            if count <= _KEPT_SECONDS * sample_rate:
                kept.append(block)
            else:
                kept.clear()
        content = digest.digest()
        if isinstance(sound, SoundFile):
            # A file's bytes say the same at every sample rate.
            with sound.path.open("rb") as file:
                content = file_digest(file, partial(blake2b, digest_size=16)).digest()
    except UserError as error:
        return str(error).partition("; ")[0]
    except OSError as error:
        return f"{sound.name}: the file cannot be read ({error.strerror or type(error).__name__})"
    if kept:
        clip = replace(clip, sound=SoundArray(np.concatenate(kept), sample_rate, sound.name))
    return ReadClip(clip, content)
