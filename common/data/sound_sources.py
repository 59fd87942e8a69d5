"""Where labelled clips come from: tables, class folders, TFDS. Nothing is decoded here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from common.audio.sound import SoundArray, SoundFile
from common.data import tfds
from common.data.clip_groups import (
    DEFAULT_GROUP_COLUMN,
    GROUP_OPTION,
    METADATA,
    PATH_OPTION,
    PATTERN_OPTION,
    Grouping,
    existing,
)
from common.data.clips import Clip
from common.data.folders import ClassFile
from common.data.sources import Source, path_source
from common.data.splits import SPLITS
from common.data.tables import Table
from common.errors import UserError, listed, one_line

SOUND_SUFFIXES = (".wav", ".flac", ".ogg", ".mp3", ".aif", ".aiff", ".au")

_LABEL_OPTION = "--label-column"
# Names of features to read where a TFDS builder has several; the first is an option's default.
_SOUND_FEATURES = ("path", "audio", "speech", "voice")
_SPEAKER_FEATURES = ("speaker", "speaker_id")
_FILE_FEATURES = ("filename", "file_name", "file", "path")
_USUAL_RATE = 16_000
_OWN_GROUPS = "speaker"


def clips_of_path(
    data: str, grouping: Grouping, *, path_column: str, label_column: str
) -> Source[Clip]:
    """Opens a table, or a folder of splits or of classes, perhaps with `metadata` beside.

    Raises:
        UserError: as `path_source`, or the metadata cannot be used.
    """

    def from_table(table: Table) -> list[Clip]:
        path_at = table.column(path_column, PATH_OPTION)
        label_at = table.column(label_column, _LABEL_OPTION)
        group_at = grouping.column_of(table)
        clips = []
        for line, values in table.rows:
            where = f"{table.path}:{line}"
            path = existing(table.path.parent, values[path_at], where)
            if group_at is None:
                group = grouping.of_path(path, where)
            else:
                group = grouping.of_value(values[group_at], f"the column {grouping.column}")
            clips.append(Clip(SoundFile(path), _label(values[label_at], where), group, where))
        return clips

    def from_class_file(file: ClassFile) -> Clip:
        where = str(file.path)
        return Clip(SoundFile(file.path), file.label, grouping.of_path(file.path, where), where)

    source = path_source(data, from_table, from_class_file, SOUND_SUFFIXES, (METADATA,))
    folder = Path(data).expanduser()
    if folder.is_dir():
        grouping.read_metadata(folder, path_column)
    return source


def clips_of_builtin(
    made: Mapping[str, Sequence[Clip]], grouping: Grouping
) -> dict[str, Callable[[], list[Clip]]]:
    """Returns readers of the application's own clips, whose groups the pattern overrules."""

    def read(split: str) -> list[Clip]:
        clips = []
        for clip in made[split]:
            if grouping.pattern is None:
                group = grouping.of_value(clip.group, _OWN_GROUPS)
            else:
                group = grouping.of_name(Path(clip.sound.name).name, clip.where)
                if clip.group:
                    grouping.unused(_OWN_GROUPS)
            clips.append(Clip(clip.sound, clip.label, group, clip.where))
        return clips

    return {split: partial(read, split) for split in SPLITS if split in made}


def clips_of_tfds(
    data: str, grouping: Grouping, *, path_column: str, label_column: str
) -> tuple[dict[str, Callable[[], Iterator[Clip]]], list[str]]:
    """Opens a builder of TensorFlow Datasets and prepares its data.

    Returns:
        A reader of each of `train`, `dev` and `test` that is there, and notes, to which readers
        add.

    Raises:
        UserError: there is no such builder, it has no sounds with classes, or its data can be
            neither found nor downloaded.
    """
    name = data.removeprefix(tfds.PREFIX)
    builder = tfds.open_builder(name)
    classes = tfds.class_features(builder)
    sounds = tfds.audio_features(builder)
    sound = tfds.choose_feature(
        name,
        builder,
        list(sounds),
        kind="a sound",
        wanted=path_column,
        preferred=_SOUND_FEATURES,
        option=PATH_OPTION,
    )
    label = tfds.choose_feature(
        name,
        builder,
        list(classes),
        kind="a class label",
        wanted=label_column,
        preferred=("label",),
        option=_LABEL_OPTION,
    )
    extra = _group_feature(data, builder, grouping, label)
    tfds.prepare(name, builder)
    splits, ignored = tfds.labelled_splits(builder)
    columns = (sound, label, *([extra] if extra else []))
    notes = [f"read {listed(columns)} of {builder.info.full_name}", *ignored]
    rate = sounds[sound]
    if rate is None:
        rate = _USUAL_RATE
        notes.append(f"took {sound} for {rate:,} samples a second, because the builder says none")

    def read(split: str) -> Iterator[Clip]:
        number = unlabelled = 0
        for number, (samples, index, *said) in enumerate(
            tfds.read_split(name, builder, splits[split], columns), start=1
        ):
            where = f"{data}/{splits[split]}:{number}"
            if index < 0:
                unlabelled += 1
                continue
            group = ""
            if extra:
                text = said[0].decode("utf-8", "replace") if isinstance(said[0], bytes) else said[0]
                if grouping.pattern is not None:
                    group = grouping.of_name(Path(str(text)).name, where)
                else:
                    group = grouping.of_value(str(text), f"the feature {extra}")
            array = SoundArray(_as_16_bit(samples, where), rate, where)
            yield Clip(array, classes[label][index], group, where)
        if unlabelled:
            notes.append(
                f"left out, because they have no label, {unlabelled:,} of {number:,} {split} clips"
            )

    return {split: partial(read, split) for split in splits}, notes


def _group_feature(data: str, builder: Any, grouping: Grouping, label: str) -> str | None:
    scalars = [feature for feature in tfds.scalar_features(builder) if feature != label]
    speaker = next((f for f in (grouping.column, *_SPEAKER_FEATURES) if f in scalars), None)
    if grouping.pattern is not None:
        if speaker:
            grouping.unused(f"the feature {speaker}")
        texts = set(tfds.string_features(builder))
        for feature in scalars:
            if feature in texts and feature.rpartition("/")[2] in _FILE_FEATURES:
                return feature
        raise UserError(
            f"{data}: it has no feature with file names ({listed(_FILE_FEATURES)}), which "
            f"{PATTERN_OPTION} could search; leave that out"
        )
    if grouping.column not in (DEFAULT_GROUP_COLUMN, speaker):
        raise UserError(
            f"{data}: no feature '{one_line(grouping.column, 40)}' can tell speakers apart; choose "
            f"one of {listed(scalars)} with {GROUP_OPTION}"
        )
    return speaker


def _as_16_bit(samples: NDArray[Any], where: str) -> NDArray[Any]:
    """Returns TFDS's integers as int16; it stores them as int64. Floats stay."""
    if samples.dtype.kind == "f":
        return samples
    limits = np.iinfo(np.int16)
    if samples.size and (samples.min() < limits.min or samples.max() > limits.max):
        raise UserError(f"{where}: the samples are of more than 16 bits; choose other data")
    return samples.astype(np.int16)


def _label(value: str, where: str) -> str:
    label = value.strip()
    if not label:
        raise UserError(f"{where}: the label is empty; write one or remove the row")
    if len(label.splitlines()) > 1:
        raise UserError(
            f"{where}: there is a line break in the label '{one_line(label, 40)}'; remove it"
        )
    return label
