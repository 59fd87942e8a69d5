"""Labelled sounds from every source: made by the application, files and folders, TFDS."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from common.data import tfds
from common.data.classes import check_classes
from common.data.clip_groups import DEFAULT_GROUP_COLUMN, Grouping
from common.data.clips import Clip, ReadClip, contradictions, read_clips
from common.data.groups import assign_groups
from common.data.sound_sources import (
    SOUND_SUFFIXES,
    clips_of_builtin,
    clips_of_path,
    clips_of_tfds,
)
from common.data.sources import ALL, BUILTIN, Source, read_splits
from common.errors import UserError, one_line

__all__ = [
    "BUILTIN",
    "SOUND_SUFFIXES",
    "Clip",
    "SoundClassificationData",
    "load_sound_classification",
]


@dataclass(frozen=True)
class SoundClassificationData:
    """Labelled clips, checked and divided.

    Attributes:
        name: `builtin`, the path as it was given, or `tfds:NAME`.
        labels: the classes: those given by the caller in their order, else sorted those of the
            training split, else (where it is not wanted) those of the wanted splits.
        splits: the wanted ones of `train`, `dev` and `test`; or `all` alone. Every clip can be
            read; one of at most a minute is a `SoundArray` at the rate that was asked for.
        notes: what a reader of a score must know: how the data were divided, what was left out
            and why, with counts.
        grouped_by: what said which clips are of one speaker or recording; empty where every clip
            stands alone.
    """

    name: str
    labels: tuple[str, ...]
    splits: Mapping[str, Sequence[Clip]]
    notes: tuple[str, ...]
    grouped_by: str


def load_sound_classification(
    data: str,
    *,
    builtin: Callable[[], Mapping[str, Sequence[Clip]]],
    sample_rate: int,
    splits: Collection[str] | None = None,
    labels: Sequence[str] | None = None,
    path_column: str = "path",
    label_column: str = "label",
    group_column: str = DEFAULT_GROUP_COLUMN,
    group_pattern: str | None = None,
    seed: int = 0,
) -> SoundClassificationData:
    """Loads the data that the user named, and reads every clip of the splits that this needs.

    Splits never share a group of clips, such as a speaker's, or a clip that has no group: those of
    dev or test leave train, those of test leave dev. Where there are no splits, about a tenth of
    each class goes to test and to dev, by a hash of the group or the clip; where only dev is
    missing, it is split off train. A split asked for alone is the same as after loading all of
    them. Clips that cannot be read are left out.

    Groups come from `group_pattern`; else from a column `group`; else from a table `metadata.tsv`
    (or `.csv`, `.gz` of them) with columns `path` and `group`, in the data's folder or in a split's
    folder, whose paths are relative to it; else from a TFDS feature `speaker` or `speaker_id`.

    Args:
        data: `builtin`; a path to one table (`.tsv`, `.csv`, `.gz` of them, perhaps with a column
            `split`) of paths relative to it, to a folder of split tables, of split folders or of
            class folders of sound files; or `tfds:NAME`.
        builtin: makes the application's own clips of each split.
        sample_rate: samples a second of the clips that are kept in memory.
        splits: which splits to return and so to require. `None`: what training needs (train and
            dev, and test where it is there). `{"all"}`: one split with every clip of the source.
        labels: the classes to expect, such as those of a trained model.
        path_column: the column of the path (or TFDS feature of the sound).
        label_column: the column (or TFDS feature) of the class.
        group_column: the column (or TFDS feature) of the speaker or recording.
        group_pattern: a regular expression that finds the speaker or recording in the name of a
            file, without its folder: its first group, or all that it matches.
        seed: decides how data without splits are divided.

    Returns:
        The splits, each in the order of the source.

    Raises:
        UserError: the data cannot be used; the message says where and what to do.
        ValueError: `splits` is empty or holds `all` beside others.
    """
    grouping = Grouping(group_pattern, group_column)
    readers: Mapping[str, Callable[[], Iterable[Clip]]]
    notes: list[str] = []
    if data == BUILTIN:
        readers = clips_of_builtin(builtin(), grouping)
    elif data.startswith(tfds.PREFIX):
        readers, notes = clips_of_tfds(
            data, grouping, path_column=path_column, label_column=label_column
        )
    else:
        unread = clips_of_path(data, grouping, path_column=path_column, label_column=label_column)
        readers, notes = unread.readers, unread.notes
    spellings: dict[str, Clip] = {}

    def read(split: str) -> list[ReadClip]:
        clips = _one_spelling(readers[split](), spellings)
        some, left_out = read_clips(clips, "" if split == ALL else split, sample_rate)
        notes.extend(left_out)
        return some

    source = Source(data, {split: partial(read, split) for split in readers}, notes)
    rows = read_splits(
        source,
        splits,
        key=lambda row: row.key,
        label=lambda row: row.label,
        seed=seed,
        items="clips",
        same="the same speaker or recording",
        assign=assign_groups,
    )
    classes = check_classes(rows, labels)
    for split, some in rows.items():
        notes.extend(contradictions(split, some))
    notes.extend(grouping.notes)
    notes.append(grouping.note((split, [row.clip.group for row in rows[split]]) for split in rows))
    return SoundClassificationData(
        name=data,
        labels=classes,
        splits={split: tuple(row.clip for row in some) for split, some in rows.items()},
        notes=tuple(notes),
        grouped_by=grouping.grouped_by,
    )


def _one_spelling(clips: Iterable[Clip], seen: dict[str, Clip]) -> Iterable[Clip]:
    """Passes clips on whose classes differ in more than case from those seen before."""
    for clip in clips:
        other = seen.setdefault(clip.label.casefold(), clip)
        if other.label != clip.label:
            raise UserError(
                f"{clip.where}: the class '{one_line(clip.label, 40)}' differs from "
                f"'{one_line(other.label, 40)}' of {other.where} only in case; spell them alike, "
                "or name one differently"
            )
        yield clip
