"""Data sets that are folders: split files, split folders, and a folder for each class."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from common.data.splits import split_name, split_spellings
from common.data.tables import table_stem
from common.errors import UserError, listed

# Folders of examples without labels that lie among the class folders of public data sets.
_UNLABELLED = frozenset({"unsup", "unsupervised", "unlabeled", "unlabelled"})


class ClassFile(NamedTuple):
    """A file in a class folder; the folder's name is its label."""

    path: Path
    label: str


def folder_entries(folder: Path) -> list[Path]:
    """Lists a folder, sorted by name, without the entries whose name begins with a dot.

    Raises:
        UserError: the folder cannot be read.
    """
    try:
        return sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UserError(f"{folder}: the folder cannot be read ({reason}); check it") from error


def find_splits(folder: Path, beside: Collection[str] = ()) -> tuple[dict[str, Path], list[str]]:
    """Finds the split tables (`train.tsv`, `valid.csv.gz`) and split folders (`train/`).

    Args:
        folder: the data set.
        beside: names of tables, without their suffix, that say more about the examples.

    Returns:
        The file or folder of each split that is there (none is fine), and a note about tables and
        folders beside them that are no split.

    Raises:
        UserError: two entries are the same split, or the folder cannot be read.
    """
    splits: dict[str, Path] = {}
    others: list[str] = []
    for entry in folder_entries(folder):
        is_folder = entry.is_dir()
        stem = entry.name if is_folder else table_stem(entry)
        if stem is None or (not is_folder and stem in beside):
            continue
        split = split_name(stem)
        if split is None:
            others.append(entry.name + "/" * is_folder)
        elif split in splits:
            raise UserError(
                f"{entry}: this and {splits[split]} are both the {split} split; keep one of them"
            )
        else:
            splits[split] = entry
    notes = []
    if splits and others:
        notes.append(f"ignored what is no split in {folder}: {listed(others)}")
    return splits, notes


def find_class_files(
    folder: Path, suffixes: Collection[str], beside: Collection[str] = ()
) -> tuple[list[ClassFile], list[str]]:
    """Finds the examples of a folder that holds a folder for each class.

    Args:
        folder: the parent of the class folders.
        suffixes: the endings of an example's file name, in lower case, such as `.txt`.
        beside: names of tables, without their suffix, that say more about the examples.

    Returns:
        The files in alphabetical order of class and name, and notes about what was ignored:
        entries that are no example, folders of unlabelled examples.

    Raises:
        UserError: there is no class folder, one holds no example, or one cannot be read.
    """
    kinds = " or ".join(suffixes)
    files: list[ClassFile] = []
    ignored: list[Path] = []
    unlabelled: list[Path] = []
    bare: list[Path] = []
    for entry in folder_entries(folder):
        if not entry.is_dir():
            if table_stem(entry) not in beside:
                ignored.append(entry)
        elif entry.name.lower() in _UNLABELLED:
            unlabelled.append(entry)
        else:
            inside = folder_entries(entry)
            examples = [path for path in inside if path.suffix.lower() in suffixes]
            if not examples:
                bare.append(entry)
            files.extend(ClassFile(path, entry.name) for path in examples)
            ignored.extend(path for path in inside if path.suffix.lower() not in suffixes)
    if not files:
        raise UserError(
            f"{folder}: there is neither a split file (such as train.tsv; a split may be called "
            f"{listed(split_spellings())}) nor a folder for each class with {kinds} files; "
            "check the path"
        )
    if bare:
        raise UserError(
            f"{bare[0]}: this class folder holds no {kinds} file; add some, or delete it"
        )
    notes = []
    if ignored:
        names = listed(str(path.relative_to(folder)) for path in ignored)
        notes.append(f"ignored what is no {kinds} file of a class in {folder}: {names}")
    if unlabelled:
        notes.append(f"ignored the unlabelled examples in {listed(map(str, unlabelled))}")
    return files, notes
