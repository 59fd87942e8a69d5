"""Labelled texts from every source: made by the application, files and folders, TFDS."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from common.data import tfds
from common.data.classes import check_classes
from common.data.folders import ClassFile
from common.data.sources import BUILTIN, Source, path_source, read_splits
from common.data.splits import SPLITS, text_key
from common.data.tables import Table, read_text
from common.errors import UserError, one_line

_TEXT_OPTION, _LABEL_OPTION = "--text-column", "--label-column"
# Names of the feature to read where a TFDS builder has several texts, the best first.
_TEXT_FEATURES = (
    "text",
    "sentence",
    "review",
    "tweet",
    "comment",
    "content",
    "document",
    "body",
    "description",
)


@dataclass(frozen=True, slots=True)
class Example:
    """A text and its class."""

    text: str
    label: str


@dataclass(frozen=True)
class TextClassificationData:
    """Labelled texts, checked and divided.

    Attributes:
        name: `builtin`, the path as it was given, or `tfds:NAME`.
        labels: the classes: those given by the caller in their order, else sorted those of the
            training split, else (where it is not wanted) those of the wanted splits.
        splits: the wanted ones of `train`, `dev` and `test`; or `all` alone.
        notes: what a reader of a score must know: how the data were divided, what was left out
            and why, with counts.
    """

    name: str
    labels: tuple[str, ...]
    splits: Mapping[str, Sequence[Example]]
    notes: tuple[str, ...]


class _Row(NamedTuple):
    text: str
    label: str
    source: str
    line: int  # 0 where the source as a whole is meant
    key: bytes  # kept because several steps compare texts

    @property
    def where(self) -> str:
        return f"{self.source}:{self.line}" if self.line else self.source


def load_text_classification(
    data: str,
    *,
    builtin: Callable[[], Mapping[str, Sequence[tuple[str, str]]]],
    splits: Collection[str] | None = None,
    labels: Sequence[str] | None = None,
    text_column: str = "text",
    label_column: str = "label",
    seed: int = 0,
) -> TextClassificationData:
    """Loads the data that the user named.

    Splits never share a text (case and whitespace aside): a text of dev or test leaves train, a
    text of test leaves dev. Where there are no splits, a tenth of each class goes to test and a
    tenth to dev, by a hash of the text; where only dev is missing, it is split off train. A split
    asked for alone is the same as after loading all of them.

    Args:
        data: `builtin`; a path to one table (`.tsv`, `.csv`, `.gz` of them, perhaps with a column
            `split`), to a folder of split tables, of split folders or of class folders of `.txt`
            files; or `tfds:NAME`.
        builtin: makes the application's own data: (text, label) pairs of each split.
        splits: which splits to return and so to require. `None`: what training needs (train and
            dev, and test where it is there). `{"all"}`: one split with every row of the source.
        labels: the classes to expect, such as those of a trained model.
        text_column: the column (or TFDS feature) of the text.
        label_column: the column (or TFDS feature) of the class.
        seed: decides how data without splits are divided.

    Returns:
        The splits, each in the order of the source.

    Raises:
        UserError: the data cannot be used; the message says where and what to do.
        ValueError: `splits` is empty or holds `all` beside others.
    """
    source: Source[_Row]
    if data == BUILTIN:
        source = _builtin_source(builtin())
    elif data.startswith(tfds.PREFIX):
        source = _tfds_source(data, text_column, label_column)
    else:
        from_table = partial(_table_rows, text_column=text_column, label_column=label_column)
        source = path_source(data, from_table, _class_file_row, (".txt",))
    rows = read_splits(
        source,
        splits,
        key=lambda row: row.key,
        label=lambda row: row.label,
        seed=seed,
        items="texts",
    )
    classes = check_classes(rows, labels)
    for split, some in rows.items():
        source.notes.extend(_contradictions(split, some))
    return TextClassificationData(
        name=data,
        labels=classes,
        splits={s: tuple(Example(row.text, row.label) for row in rows[s]) for s in rows},
        notes=tuple(source.notes),
    )


def _row(text: str, label: str, source: str, line: int = 0) -> _Row:
    return _Row(text, label, source, line, text_key(text))


def _builtin_source(made: Mapping[str, Sequence[tuple[str, str]]]) -> Source[_Row]:
    def read(split: str) -> list[_Row]:
        return [
            _row(text, label, f"{BUILTIN}/{split}", number)
            for number, (text, label) in enumerate(made[split], start=1)
        ]

    return Source(BUILTIN, {split: partial(read, split) for split in SPLITS if split in made})


def _table_rows(table: Table, text_column: str, label_column: str) -> list[_Row]:
    text_at = table.column(text_column, _TEXT_OPTION)
    label_at = table.column(label_column, _LABEL_OPTION)
    source = str(table.path)
    return [
        _checked(_row(values[text_at], values[label_at].strip(), source, line))
        for line, values in table.rows
    ]


def _class_file_row(file: ClassFile) -> _Row:
    return _checked(_row(read_text(file.path).strip(), file.label, str(file.path)))


def _checked(row: _Row) -> _Row:
    if not row.text or row.text.isspace():
        raise UserError(f"{row.where}: the text is empty; write one or remove it")
    if not row.label:
        raise UserError(f"{row.where}: the label is empty; write one or remove the row")
    if len(row.label.splitlines()) > 1:
        raise UserError(
            f"{row.where}: there is a line break in the label '{one_line(row.label, 40)}'; "
            "remove it"
        )
    return row


def _tfds_source(data: str, text_column: str, label_column: str) -> Source[_Row]:
    name = data.removeprefix(tfds.PREFIX)
    builder = tfds.open_builder(name)
    classes = tfds.class_features(builder)
    text = tfds.choose_feature(
        name,
        builder,
        tfds.string_features(builder),
        kind="a text",
        wanted=text_column,
        preferred=_TEXT_FEATURES,
        option=_TEXT_OPTION,
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
    tfds.prepare(name, builder)  # only now: data of the wrong kind are not worth a download
    splits, ignored = tfds.labelled_splits(builder)
    notes = [f"read {text} and {label} of {builder.info.full_name}", *ignored]

    def read(split: str) -> list[_Row]:
        rows: list[_Row] = []
        number = unlabelled = blank = damaged = 0
        examples = tfds.read_split(name, builder, splits[split], (text, label))
        for number, (encoded, index) in enumerate(examples, start=1):
            decoded = encoded.decode("utf-8", errors="replace")
            if index < 0:
                unlabelled += 1
            elif not decoded or decoded.isspace():
                blank += 1
            else:
                damaged += decoded.encode() != encoded
                rows.append(_row(decoded, classes[label][index], f"{data}/{splits[split]}", number))
        for count, what in (
            (unlabelled, "left out, because they have no label,"),
            (blank, "left out, because they are empty,"),
            (damaged, "replaced bytes that are not UTF-8 by U+FFFD in"),
        ):
            if count:
                notes.append(f"{what} {count:,} of {number:,} {split} texts")
        return rows

    return Source(data, {split: partial(read, split) for split in splits}, notes)


def _contradictions(split: str, rows: Iterable[_Row]) -> list[str]:
    labels: defaultdict[bytes, set[str]] = defaultdict(set)
    for row in rows:
        labels[row.key].add(row.label)
    count = sum(len(some) > 1 for some in labels.values())
    said = f"kept {count:,} of {len(labels):,} {split} texts although they have several labels"
    return [said] if count else []
