"""Where sentences and their translations come from: tables, parallel files, TFDS, as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from common.data import tfds
from common.data.folders import folder_entries
from common.data.sources import ALL, Source, existing_path, table_source
from common.data.splits import SPLITS, split_name, split_spellings
from common.data.tables import Table, read_table, read_text, split_lines, table_stem
from common.errors import UserError, listed, one_line

LANGUAGES_OPTION = "--languages"
COLUMN_OPTIONS = ("--source-column", "--target-column")
DEFAULT_COLUMNS = ("source", "target")

_SIDES = ("source", "target")


class RawPair(NamedTuple):
    """A sentence and its translation as they stand in the source.

    Attributes:
        source: the sentence.
        target: its translation.
        files: where the one and the other stand.
        line: the line of both (in a source without lines, the example), from 1.
    """

    source: str
    target: str
    files: tuple[str, str]
    line: int

    def where(self, side: str) -> str:
        """Returns the place of the `source` or the `target` for a message."""
        return f"{self.files[_SIDES.index(side)]}:{self.line}"


class _Entry(NamedTuple):
    """What is in a folder: a table or folder (its kind is empty), or one side of parallel files."""

    path: Path
    stem: str
    kind: str


def pairs_of_builtin(made: Mapping[str, Sequence[tuple[str, str]]], name: str) -> Source[RawPair]:
    """Returns the application's own pairs."""

    def read(split: str) -> list[RawPair]:
        files = (f"{name}/{split}",) * 2
        return [RawPair(*pair, files, number) for number, pair in enumerate(made[split], start=1)]

    return Source(name, {split: partial(read, split) for split in SPLITS if split in made})


def pairs_of_path(
    data: str, languages: tuple[str, str], columns: tuple[str, str]
) -> Source[RawPair]:
    """Opens a table, a folder of split tables or parallel files, or two parallel files.

    Args:
        data: the path as the user gave it; of two files, what their names begin with.
        languages: how the names of the two files end, in front of `.gz` perhaps.
        columns: the columns of a table.

    Raises:
        UserError: there is no such path, or nothing of these kinds is there.
    """
    path = Path(data).expanduser()
    if not path.exists() and path.parent.is_dir():
        entries = [e for e in _entries(path.parent, languages) if e.kind and e.stem == path.name]
        if entries:
            parts = _parts(entries, f"one side of {data}")
            return Source(data, {ALL: partial(_pairs_of, parts, languages, columns)})
    if existing_path(data).is_dir():
        return _folder_source(data, path, languages, columns)
    stem, kind = _side(path.name, languages)
    if kind:
        raise UserError(
            f"{data}: this is one of two parallel files; name both of them as "
            f"{path.with_name(stem)}"
        )
    return table_source(data, partial(_pairs_of_table, columns=columns))


def pairs_of_tfds(
    data: str, languages: tuple[str, str], columns: tuple[str, str]
) -> Source[RawPair]:
    """Opens a builder of TensorFlow Datasets and prepares its data.

    Args:
        data: `tfds:NAME`.
        languages: what the features to read are called, by themselves or in a `Translation`,
            where there are none of `columns`.
        columns: features to read.

    Raises:
        UserError: there is no such builder, it has no such features, or its data can be neither
            found nor downloaded.
    """
    name = data.removeprefix(tfds.PREFIX)
    builder = tfds.open_builder(name)
    features = _text_features(data, builder, languages, columns)
    tfds.prepare(name, builder)  # only now: data of the wrong kind are not worth a download
    splits, ignored = tfds.labelled_splits(builder)
    notes = [f"read {' and '.join(features)} of {builder.info.full_name}", *ignored]

    def read(split: str) -> list[RawPair]:
        files = (f"{data}/{splits[split]}",) * 2
        pairs: list[RawPair] = []
        damaged = 0
        for encoded in tfds.read_split(name, builder, splits[split], features):
            source, target = (text.decode("utf-8", errors="replace") for text in encoded)
            damaged += (source.encode(), target.encode()) != encoded
            pairs.append(RawPair(source, target, files, len(pairs) + 1))
        if damaged:
            notes.append(
                f"replaced bytes that are not UTF-8 by U+FFFD in {damaged:,} of {len(pairs):,} "
                f"{split} pairs"
            )
        return pairs

    return Source(data, {split: partial(read, split) for split in splits}, notes)


def _folder_source(
    data: str, folder: Path, languages: tuple[str, str], columns: tuple[str, str]
) -> Source[RawPair]:
    by_split: dict[str, list[_Entry]] = {}
    others: list[_Entry] = []
    for entry in _entries(folder, languages):
        split = split_name(entry.stem)
        (others if split is None else by_split.setdefault(split, [])).append(entry)
    if not by_split:
        stems = [entry.stem for entry in others if entry.kind]
        files = " and ".join(f"train.{language}" for language in languages)
        advice = f"name two parallel files as {folder / stems[0]}" if stems else "check the path"
        raise UserError(
            f"{folder}: there is neither the table of a split (such as train.tsv; a split may be "
            f"called {listed(split_spellings())}) nor its two files (such as {files}); {advice}"
        )
    notes = []
    if others:
        names = listed(entry.path.name + "/" * entry.path.is_dir() for entry in others)
        notes.append(f"ignored what is no split in {folder}: {names}")
    parts = {split: _parts(some, f"the {split} split") for split, some in by_split.items()}
    readers = {split: partial(_pairs_of, parts[split], languages, columns) for split in parts}
    return Source(data, readers, notes)


def _entries(folder: Path, languages: tuple[str, str]) -> Iterator[_Entry]:
    for path in folder_entries(folder):
        stem = path.name if path.is_dir() else table_stem(path)
        if stem is not None:
            yield _Entry(path, stem, "")
        elif (side := _side(path.name, languages))[1]:
            yield _Entry(path, *side)


def _side(name: str, languages: tuple[str, str]) -> tuple[str, str]:
    """Returns what a file's name begins with and its language, empty where it has none of these."""
    bare = name[:-3] if name.lower().endswith(".gz") else name
    for language in languages:
        stem = bare[: -len(language) - 1]
        if stem and bare.lower().endswith(f".{language.lower()}"):
            return stem, language
    return name, ""


def _parts(entries: Sequence[_Entry], what: str) -> dict[str, Path]:
    """Returns the one table, or the file of each language, that entries are.

    Raises:
        UserError: there are more.
    """
    parts: dict[str, _Entry] = {}
    for entry in entries:
        for other in parts.values():
            sides = entry.kind and other.kind and entry.kind != other.kind
            if not sides or entry.stem != other.stem:
                raise UserError(
                    f"{entry.path}: this and {other.path} are both {what}; keep one of them"
                )
        parts[entry.kind] = entry
    return {kind: entry.path for kind, entry in parts.items()}


def _pairs_of(
    parts: Mapping[str, Path], languages: tuple[str, str], columns: tuple[str, str]
) -> list[RawPair]:
    table = parts.get("")
    if table is None:
        return _pairs_of_files(parts, languages)
    if table.is_dir():
        files = " and ".join(f"{table.name}.{language}" for language in languages)
        raise UserError(
            f"{table}: a split is a table (such as {table.name}.tsv) or two files (such as "
            f"{files}), not a folder; move its files up, or give it another name"
        )
    return _pairs_of_table(read_table(table), columns)


def _pairs_of_table(table: Table, columns: tuple[str, str]) -> list[RawPair]:
    source_at, target_at = map(table.column, columns, COLUMN_OPTIONS)
    files = (str(table.path),) * 2
    return [
        RawPair(values[source_at], values[target_at], files, line) for line, values in table.rows
    ]


def _pairs_of_files(parts: Mapping[str, Path], languages: tuple[str, str]) -> list[RawPair]:
    for language in languages:
        if language not in parts:
            [there] = parts.values()
            missing = there.with_name(f"{_side(there.name, languages)[0]}.{language}")
            raise UserError(
                f"{there}: its translation {missing} is missing; add it, or choose other languages "
                f"with {LANGUAGES_OPTION}"
            )
    source, target = (parts[language] for language in languages)
    lines = [_lines(path) for path in (source, target)]
    fewest = min(map(len, lines))
    if any(line.strip() for some in lines for line in some[fewest:]):  # more than blank lines
        raise UserError(
            f"{source}: it has {len(lines[0]):,} lines and {target} has {len(lines[1]):,}; make "
            "each line the translation of the same line in the other file"
        )
    files = (str(source), str(target))
    return [
        RawPair(text, translation, files, number)
        for number, (text, translation) in enumerate(zip(*lines, strict=False), start=1)
    ]


def _lines(path: Path) -> list[str]:
    lines = split_lines(read_text(path))
    return lines[:-1] if not lines[-1] else lines


def _text_features(
    data: str, builder: Any, languages: tuple[str, str], columns: tuple[str, str]
) -> tuple[str, str]:
    """Chooses the features of the two sides, by the name of a column or else of a language."""
    texts = tfds.string_features(builder)
    chosen = []
    for language, column, default, option in zip(
        languages, columns, DEFAULT_COLUMNS, COLUMN_OPTIONS, strict=True
    ):
        named = [text for text in texts if text.rpartition("/")[2] == language]
        if column in texts:
            named = [column]
        elif column != default:
            raise UserError(
                f"{data}: '{one_line(column, 40)}' is not a text of it; choose one of "
                f"{listed(texts)} with {option}"
            )
        if not named:
            raise UserError(
                f"{data}: none of its texts ({listed(texts)}) is called '{one_line(language, 40)}';"
                f" choose languages with {LANGUAGES_OPTION}, or a text with {option}"
            )
        if len(named) > 1:
            raise UserError(
                f"{data}: several of its texts are called '{language}'; choose one of "
                f"{listed(named)} with {option}"
            )
        chosen += named
    source, target = chosen
    if source == target:
        raise UserError(
            f"{data}: source and target are both '{source}'; choose another with "
            f"{' or '.join(COLUMN_OPTIONS)}"
        )
    return source, target
