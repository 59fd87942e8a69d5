"""From a source to disjoint splits: what an application reads, whatever its examples are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Generic, TypeVar

from common.data.folders import ClassFile, find_class_files, find_splits
from common.data.splits import (
    DEV_ONLY,
    HELD_OUT,
    SPLITS,
    Key,
    assign_splits,
    remove_overlap,
    split_name,
    split_spellings,
)
from common.data.tables import TABLE_SUFFIXES, Table, read_table, table_format
from common.errors import UserError, listed, one_line

Item = TypeVar("Item")
# The keys are `Any` because what divides by several keys takes no single ones.
Assign = Callable[[Sequence[Any], Sequence[str], Mapping[str, float], int], list[str]]

ALL = "all"
# The data that an application makes itself.
BUILTIN = "builtin"
_SPLIT_COLUMN = "split"


@dataclass(frozen=True)
class Source(Generic[Item]):
    """Where examples come from.

    Attributes:
        shown: what to call the source in a message.
        readers: for each of `train`, `dev` and `test` that is there a function that reads it; or,
            where the source is not divided, one for `all`.
        notes: what a reader of a score must know about the source; readers add to it.
    """

    shown: str
    readers: Mapping[str, Callable[[], list[Item]]]
    notes: list[str] = field(default_factory=list)


def path_source(
    data: str,
    from_table: Callable[[Table], list[Item]],
    from_class_file: Callable[[ClassFile], Item],
    suffixes: Collection[str],
    beside: Collection[str] = (),
) -> Source[Item]:
    """Opens a table (perhaps with a column `split`), or a folder of splits or of classes.

    Args:
        data: the path as the user gave it.
        from_table: turns a table into one example for each row, in the order of the rows.
        from_class_file: reads the example in a file of a class folder.
        suffixes: how the names of such files end, in lower case.
        beside: names of tables, without their suffix, that lie beside splits or classes and say
            more about their examples; they are left to the caller.

    Returns:
        The source. Only a single table has been read.

    Raises:
        UserError: there is no such path, or nothing of these kinds is there.
    """
    path = existing_path(data)
    if not path.is_dir():
        return table_source(data, from_table)
    splits, notes = find_splits(path, beside)

    def read(entry: Path) -> list[Item]:
        if not entry.is_dir():
            return from_table(read_table(entry))
        files, ignored = find_class_files(entry, suffixes, beside)
        notes.extend(ignored)
        return [from_class_file(file) for file in files]

    entries = splits or {ALL: path}
    return Source(data, {split: partial(read, entry) for split, entry in entries.items()}, notes)


def existing_path(data: str) -> Path:
    """Returns the path that the user named, `~` expanded.

    Raises:
        UserError: there is no such path.
    """
    path = Path(data).expanduser()
    if not data or not path.exists():
        raise UserError(
            f"{data or repr(data)}: there is no such file or folder; data are 'builtin', a path, "
            "or tfds:NAME"
        )
    return path


def table_source(data: str, from_table: Callable[[Table], list[Item]]) -> Source[Item]:
    """Reads one table, perhaps with a column `split`.

    Args:
        data: the path as the user gave it.
        from_table: turns a table into one example for each row, in the order of the rows.

    Returns:
        The source; the table has been read.

    Raises:
        UserError: there is no such table, or it cannot be used.
    """
    path = existing_path(data)
    if not path.is_file() or table_format(path) is None:
        raise UserError(
            f"{data}: this is neither a folder nor a table named {listed(TABLE_SUFFIXES)}; convert "
            "it to one of these"
        )
    table = read_table(path)
    items = from_table(table)
    if _SPLIT_COLUMN not in table.columns:
        return Source(data, {ALL: lambda: items})
    by_split = _by_split_column(table, items)
    return Source(data, {split: partial(list, some) for split, some in by_split.items()})


def read_splits(
    source: Source[Item],
    splits: Collection[str] | None,
    *,
    key: Callable[[Item], Key],
    label: Callable[[Item], str] | None = None,
    seed: int,
    items: str = "examples",
    same: str = "the same",
    assign: Assign = assign_splits,
) -> dict[str, list[Item]]:
    """Reads the wanted splits, made where the source lacks them and disjoint in any case.

    A source without splits is divided 80/10/10; one with a train but no dev split has dev split
    off train. To be the same whatever else is asked for, a split is cleaned of what the others
    hold even when it is read alone, as far as the others are there.

    Args:
        source: where to read; what is decided on the way is added to its notes.
        splits: the splits to return, all of which must be there; `None` for train and dev, and
            test where it is there; `{"all"}` for every example of the source, as it is.
        key: what makes two examples the same, as in `assign_splits` and `remove_overlap`.
        label: the class by which a division is stratified; `None` where there are none.
        seed: decides how a source is divided.
        items: what to call the examples in notes and messages.
        same: what to call, in notes, an example of the same key.
        assign: divides the examples of a source by their keys and labels, given the shares of the
            splits and the seed.

    Returns:
        The wanted splits, none of them empty.

    Raises:
        UserError: a wanted split is not there, has no examples, or is unknown.
        ValueError: `splits` is empty or holds `all` beside others.
    """
    wanted = _wanted(splits)
    readers, notes = source.readers, source.notes

    def divide(every: list[Item], shares: Mapping[str, float]) -> dict[str, list[Item]]:
        labels = [label(item) if label else "" for item in every]
        assigned = assign([key(item) for item in every], labels, shares, seed)
        parts: dict[str, list[Item]] = {s: [] for s in SPLITS if s in ("train", *shares)}
        for item, split in zip(every, assigned, strict=True):
            parts[split].append(item)
        done = "split into train, dev and test" if "test" in shares else "split dev off train"
        counts = ", ".join(f"{len(part):,} {split}" for split, part in parts.items())
        how = "by hash, class by class," if label else "by hash"
        notes.append(f"{done} {how} with seed {seed}: {counts} {items}")
        return parts

    rows: dict[str, list[Item]]
    if wanted == (ALL,):
        order = [split for split in (*SPLITS, ALL) if split in readers]
        rows = {ALL: [item for split in order for item in readers[split]()]}
    elif ALL in readers:
        rows = divide(readers[ALL](), HELD_OUT)
    else:
        # In this order each split is cleaned of what those before it hold, so nothing further is
        # read once all that are wanted have been; an absent dev is made of train.
        read: dict[str, list[Item]] = {}
        for split in reversed(SPLITS):
            if split in readers and (some := readers[split]()):
                read[split] = some
            if set(wanted) <= {*read, "test"}:
                break
        rows, overlap = remove_overlap(read, key, items, same)
        notes.extend(overlap)
        if rows.get("train") and "dev" not in rows:
            rows |= divide(rows["train"], DEV_ONLY)
    for split in wanted:
        if not rows.get(split):
            raise _missing(source, split, items)
    if splits is None and rows.get("test"):
        wanted = (*wanted, "test")
    return {split: rows[split] for split in wanted}


def _wanted(splits: Collection[str] | None) -> tuple[str, ...]:
    if splits is None:
        return ("train", "dev")
    unknown = sorted(set(splits) - {*SPLITS, ALL})
    if unknown:
        raise UserError(
            f"no split is called '{one_line(unknown[0], 40)}'; choose {', '.join(SPLITS)} or {ALL}"
        )
    if not splits or (ALL in splits and len(set(splits)) > 1):
        raise ValueError(f"splits must be None, some of {SPLITS}, or {ALL!r} alone, got {splits}")
    return tuple(split for split in (*SPLITS, ALL) if split in splits)


def _missing(source: Source[Item], split: str, items: str) -> UserError:
    readers = source.readers
    said = f" ({source.notes[-1]})" if source.notes else ""
    if split in readers or split == ALL:
        reason, advice = f"no usable {items} are left in the {split} split", "add some"
    elif ALL in readers or (split == "dev" and "train" in readers):
        reason = f"there are too few {items} to make a {split} split of"
        advice = f"add some, or give the splits yourself (as in train.tsv and {split}.tsv)"
    else:
        reason = f"there is no {split} split, only {listed(s for s in SPLITS if s in readers)}"
        advice = f"add it (as in {split}.tsv) or choose another"
    return UserError(f"{source.shown}: {reason}{said}; {advice}")


def _by_split_column(table: Table, items: Sequence[Item]) -> dict[str, list[Item]]:
    at = table.columns.index(_SPLIT_COLUMN)
    by_split: dict[str, list[Item]] = {}
    for item, (line, values) in zip(items, table.rows, strict=True):
        split = split_name(values[at])
        if split is None:
            raise UserError(
                f"{table.path}:{line}: no split is called '{one_line(values[at], 40)}'; write one "
                f"of {listed(split_spellings())} into the column {_SPLIT_COLUMN}"
            )
        by_split.setdefault(split, []).append(item)
    return by_split
