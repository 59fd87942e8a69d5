"""What says which clips are of one speaker or recording: a pattern, a column, or a table beside."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from common.data.folders import folder_entries
from common.data.splits import split_name
from common.data.tables import Table, read_table, table_stem
from common.errors import UserError, one_line

METADATA = "metadata"
PATH_OPTION, GROUP_OPTION, PATTERN_OPTION = "--path-column", "--group-column", "--group-pattern"
DEFAULT_GROUP_COLUMN = "group"


class Grouping:
    """Finds the group of each clip and keeps in mind what said it.

    Attributes:
        pattern: what is searched in file names, `None` to go by columns and tables.
        column: the column of the group.
        notes: what was not used.
    """

    def __init__(self, pattern: str | None, column: str) -> None:
        """Compiles the pattern.

        Raises:
            UserError: it is no regular expression.
        """
        self.column = column
        self._said_by: list[str] = []
        self.notes: list[str] = []
        self._groups: dict[str, str] = {}
        self.pattern: re.Pattern[str] | None = None
        if pattern is not None:
            try:
                self.pattern = re.compile(pattern)
            except (re.error, OverflowError, RecursionError) as error:
                raise UserError(
                    f"{PATTERN_OPTION}: '{one_line(pattern, 80)}' is no regular expression "
                    f"({one_line(error)}); correct it"
                ) from None

    @property
    def grouped_by(self) -> str:
        """What has given groups so far, in words; empty where nothing has."""
        return " and ".join(self._said_by)

    def of_path(self, path: Path, where: str) -> str:
        """Returns the group of a file that has no column: by the pattern or by `metadata`.

        Raises:
            UserError: the pattern is not in the file's name.
        """
        if self.pattern is not None:
            return self.of_name(path.name, where)
        return self._groups.get(os.path.normpath(path), "")

    def of_name(self, name: str, where: str) -> str:
        """Returns what the pattern finds in a file's name: its first group, or all of it.

        Raises:
            UserError: it finds nothing.
        """
        assert self.pattern is not None
        found = self.pattern.search(name)
        group = (found[1] if self.pattern.groups else found[0]) if found else None
        if not group:
            raise UserError(
                f"{where}: {PATTERN_OPTION} '{one_line(self.pattern.pattern, 80)}' finds nothing "
                f"in the name '{one_line(name, 80)}'; correct the pattern, or rename the file"
            )
        self._add(self._said_by, f"the pattern '{one_line(self.pattern.pattern, 80)}'")
        return group

    def of_value(self, value: str, what: str) -> str:
        """Returns a group that a column or feature gives, without the spaces around it."""
        group = value.strip()
        if group:
            self._add(self._said_by, what)
        return group

    def column_of(self, table: Table) -> int | None:
        """Returns where a table gives the group, `None` where it is not wanted or not there.

        Raises:
            UserError: the table lacks a column that is not the usual one.
        """
        if self.column not in table.columns and self.column == DEFAULT_GROUP_COLUMN:
            return None
        if self.pattern is not None:
            if self.column in table.columns:
                self.unused(f"the column {self.column}")
            return None
        return table.column(self.column, GROUP_OPTION)

    def read_metadata(self, folder: Path, path_column: str) -> None:
        """Reads the tables `metadata` in a folder and in its split folders.

        Raises:
            UserError: a table names a file that is not there, or cannot be used otherwise.
        """
        entries = folder_entries(folder)
        for place in (folder, *(e for e in entries if e.is_dir() and split_name(e.name))):
            found = [e for e in folder_entries(place) if table_stem(e) == METADATA and e.is_file()]
            if len(found) > 1:
                raise UserError(
                    f"{found[1]}: this and {found[0]} both give the groups of clips; keep one"
                )
            for path in found:
                if self.pattern is not None:
                    self.unused(path.name)
                else:
                    self._read_table(read_table(path), path_column)

    def unused(self, what: str) -> None:
        """Notes that the pattern was used instead of something else."""
        self._add(self.notes, f"{PATTERN_OPTION} gives the groups of clips, so {what} is not used")

    def note(self, groups: Iterable[tuple[str, list[str]]]) -> str:
        """Says what was kept together.

        Args:
            groups: of each split its name, and the group of each clip.
        """
        if not self._said_by:
            return (
                f"every clip stands alone; {PATTERN_OPTION}, a column {self.column} or "
                f"{METADATA}.tsv keeps the clips of a speaker or recording together"
            )
        by_split = [(split, len(set(some) - {""}), some.count("")) for split, some in groups]
        counts = ", ".join(f"{count:,} groups in {split}" for split, count, _ in by_split)
        alone = sum(count for _, _, count in by_split)
        more = f"; {alone:,} clips have no group and stand alone" if alone else ""
        return (
            f"clips of one speaker or recording (by {self.grouped_by}) stay on one side: "
            f"{counts}{more}"
        )

    def _read_table(self, table: Table, path_column: str) -> None:
        path_at = table.column(path_column, PATH_OPTION)
        group_at = table.column(self.column, GROUP_OPTION)
        line_of: dict[str, int] = {}
        for line, values in table.rows:
            where = f"{table.path}:{line}"
            path = os.path.normpath(existing(table.path.parent, values[path_at], where))
            group = self.of_value(values[group_at], table.path.name)
            if self._groups.get(path, group) != group and path in line_of:
                raise UserError(
                    f"{where}: the file has another group here than in line {line_of[path]}; "
                    "keep one of the rows"
                )
            line_of.setdefault(path, line)
            self._groups[path] = group

    @staticmethod
    def _add(some: list[str], what: str) -> None:
        if what not in some:
            some.append(what)


def existing(folder: Path, name: str, where: str) -> Path:
    """Returns the path that a table's cell means, relative to the table's folder.

    Raises:
        UserError: the cell is empty, or there is no such file.
    """
    if not name.strip():
        raise UserError(f"{where}: the path is empty; write one or remove the row")
    path = folder / name.strip()
    try:
        found = path.is_file()
    except (OSError, ValueError):  # a name that no file can have
        found = False
    if not found:
        raise UserError(
            f"{where}: there is no file {one_line(path)}; correct the path (it is relative to the "
            "table's folder) or remove the row"
        )
    return path
