"""Reading tables (TSV and CSV, plain or gzip-compressed) so that every error names its line."""

from __future__ import annotations

import csv
import gzip
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from common.errors import UserError, listed, one_line

TABLE_SUFFIXES = (".tsv", ".csv", ".tsv.gz", ".csv.gz")

_GZIP_MAGIC = b"\x1f\x8b"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
# A quoted field of a CSV; the group is empty where the closing quote is missing.
_QUOTED_FIELD = re.compile(r'(?:^|(?<=[,\n]))"(?:[^"]++|"")*+("?)')


class TableRow(NamedTuple):
    """One record: the physical line of the file on which it starts (from 1), and its values."""

    line: int
    values: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table with a header and at least one row, every row as long as the header.

    Attributes:
        path: the file.
        columns: the names in the header.
        rows: the records, in the file's order.
    """

    path: Path
    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]

    def column(self, name: str, option: str) -> int:
        """Finds a column.

        Args:
            name: the column's name in the header.
            option: the command-line option that chooses another column, for the message.

        Returns:
            The position of the column in every row's values.

        Raises:
            UserError: the header has no such column.
        """
        if name in self.columns:
            return self.columns.index(name)
        other = {".tsv": ",", ".csv": "\t"}[table_format(self.path) or ".tsv"]
        advice = (
            f"name the column in the first line, or choose one with {option}"
            if len(self.columns) > 1 or not any(mark in self.columns[0] for mark in (other, ";"))
            else "a .tsv file separates its columns with tabs, a .csv file with commas"
        )
        raise UserError(
            f"{self.path}:1: no column is named '{name}' (columns: {listed(self.columns)}); "
            f"{advice}"
        )


def table_format(path: Path) -> str | None:
    """Returns `.tsv` or `.csv` by the file's name (compressed or not), `None` for neither."""
    name = path.name.lower().removesuffix(".gz")
    return next((suffix for suffix in (".tsv", ".csv") if name.endswith(suffix)), None)


def table_stem(path: Path) -> str | None:
    """Returns the file's name without `.tsv`, `.csv` and `.gz`, `None` where it is no table."""
    suffix = table_format(path)
    if suffix is None:
        return None
    lowered = path.name.lower()
    return path.name[: len(lowered.removesuffix(".gz")) - len(suffix)]


def read_table(path: Path) -> Table:
    """Reads a table whose first line names the columns.

    TSV has no quoting at all: a quote is a character as any other, a line is a record. CSV is
    quoted as in RFC 4180, so a quoted field may hold commas, line breaks and doubled quotes. A
    byte-order mark, CRLF and blank lines at the end are accepted; names in the header lose the
    spaces around them.

    Args:
        path: a file named `*.tsv`, `*.csv`, `*.tsv.gz` or `*.csv.gz`.

    Returns:
        The table, with at least one row.

    Raises:
        UserError: the file cannot be read as such a table; the message says which line and why.
    """
    separator = table_format(path)
    if separator is None:
        raise UserError(
            f"{path}: the kind of this file is not known; name it {' or '.join(TABLE_SUFFIXES)}"
        )
    lines = split_lines(read_text(path))
    while len(lines) > 1 and not lines[-1].strip("\r"):
        lines.pop()
    records = _tsv_records(lines) if separator == ".tsv" else _csv_records(path, lines)
    first = next(records)
    columns = tuple(name.strip() for name in first.values)
    _check_header(path, columns)
    rows = tuple(records)
    for row in rows:
        if len(row.values) != len(columns):
            raise _wrong_length(path, row, columns, separator)
    if not rows:
        raise UserError(f"{path}: there are no rows below the header; add rows or delete the file")
    return Table(path, columns, rows)


def read_text(path: Path) -> str:
    """Reads a UTF-8 text file, decompressing one named `*.gz`.

    Args:
        path: the file.

    Returns:
        The text without a byte-order mark, line ends as they are in the file.

    Raises:
        UserError: the file cannot be read, is empty, is not UTF-8, holds a NUL byte, or is no
            whole gzip file.
    """
    data = _read_bytes(path)
    if not data:
        raise UserError(f"{path}: the file is empty; fill it or delete it")
    if data.startswith(_GZIP_MAGIC):
        raise UserError(f"{path}: the file is gzip-compressed; add .gz to its name")
    if data.startswith(_UTF16_MARKS):
        raise UserError(f"{path}:1: the file is UTF-16; save it as UTF-8")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UserError(
            f"{path}:{line}: the text is not UTF-8 at byte offset {error.start} of the file; "
            "save it as UTF-8"
        ) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise UserError(f"{path}:{line}: there is a NUL byte; save the file as UTF-8 without NULs")
    return text.removeprefix("\ufeff")


def split_lines(text: str) -> list[str]:
    """Returns the lines of a text without their `\\n`; what follows the last `\\n` is a line too.

    Only `\\n` ends a line, as in every count of lines: `str.splitlines` would also cut at U+2028
    and form feeds inside a text. Where there is none, the `\\r` of the old Macintosh does.
    """
    return text.split("\n" if "\n" in text else "\r")


def _read_bytes(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise UserError(f"{path}: there is no such file; check the path") from None
    except IsADirectoryError:
        raise UserError(f"{path}: this is a folder, not a file; check the path") from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UserError(f"{path}: the file cannot be read ({reason}); check it") from error
    if not path.name.lower().endswith(".gz"):
        return data
    try:
        return gzip.decompress(data)
    except EOFError:
        raise UserError(
            f"{path}: the gzip file ends too early; copy or compress it again"
        ) from None
    except (OSError, zlib.error):
        raise UserError(
            f"{path}: this is not a valid gzip file; compress it again, or drop .gz from its name "
            "if it is not compressed"
        ) from None


def _tsv_records(lines: list[str]) -> Iterator[TableRow]:
    for number, line in enumerate(lines, start=1):
        yield TableRow(number, tuple(line.removesuffix("\r").split("\t")) if line.strip() else ())


def _csv_records(path: Path, lines: list[str]) -> Iterator[TableRow]:
    reader = csv.reader((line + "\n" for line in lines), strict=True)
    while True:
        start = reader.line_num + 1
        try:
            with _unlimited_fields():
                values = next(reader, None)
        except csv.Error as error:
            if reader.line_num == len(lines) and "end of data" in str(error):
                raise UserError(
                    f"{path}:{_open_quote(lines, start)}: the quote that opens here is never "
                    'closed; close it, and double every quote inside a quoted field ("")'
                ) from None
            raise UserError(
                f"{path}:{reader.line_num}: the row is no valid CSV ({error}); put the field in "
                'quotes and double every quote inside it ("")'
            ) from None
        if values is None:
            return
        yield TableRow(start, tuple(values))


@contextmanager
def _unlimited_fields() -> Iterator[None]:
    """Lifts the csv module's limit on a field's length, which is one for the whole process."""
    limit = csv.field_size_limit(2**31 - 1)
    try:
        yield
    finally:
        csv.field_size_limit(limit)


def _open_quote(lines: list[str], start: int) -> int:
    """Finds the line of the quote that a record beginning on line `start` never closes."""
    rest = "\n".join(lines[start - 1 :])
    for field in _QUOTED_FIELD.finditer(rest):
        if not field.group(1):
            return start + rest.count("\n", 0, field.start())
    return start


def _check_header(path: Path, columns: tuple[str, ...]) -> None:
    if not any(columns):
        raise UserError(f"{path}:1: the first line is blank; it must name the columns")
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice:
        raise UserError(
            f"{path}:1: the header names '{one_line(twice[0], 40)}' more than once; rename one"
        )


def _wrong_length(path: Path, row: TableRow, columns: tuple[str, ...], separator: str) -> UserError:
    got, expected = len(row.values), len(columns)
    if not row.values:
        return UserError(f"{path}:{row.line}: the line is blank; delete it")
    if got < expected:
        advice = "add what is missing or delete the row"
    elif separator == ".tsv":
        advice = "replace the tab inside a value by a space"
    else:
        advice = "put a value that holds a comma in double quotes"
    return UserError(
        f"{path}:{row.line}: got {got} column{'s' * (got != 1)}, expected {expected} "
        f"({listed(columns)}); {advice}"
    )
