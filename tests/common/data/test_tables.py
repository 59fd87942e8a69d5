"""Tables: what is accepted, and the line that each error names."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest

from common.data.tables import read_table, read_text, table_format, table_stem
from common.errors import UserError
from tests.common.data.data_case import write


def values(path: Path) -> list[tuple[str, ...]]:
    return [row.values for row in read_table(path).rows]


def lines(path: Path) -> list[int]:
    return [row.line for row in read_table(path).rows]


@pytest.mark.parametrize("name", ["d.tsv", "d.csv", "d.tsv.gz", "d.csv.gz", "D.TSV", "d.Csv.GZ"])
def test_formats(tmp_path: Path, name: str) -> None:
    content = "text\tlabel\ngood\tyes\n" if "tsv" in name.lower() else "text,label\ngood,yes\n"
    data = gzip.compress(content.encode()) if name.lower().endswith(".gz") else content.encode()
    table = read_table(write(tmp_path / name, data))
    assert table.columns == ("text", "label")
    assert table.rows == ((2, ("good", "yes")),)


@pytest.mark.parametrize(
    ("name", "kind", "stem"),
    [
        ("train.tsv", ".tsv", "train"),
        ("Train.TSV.gz", ".tsv", "Train"),
        ("a.b.csv", ".csv", "a.b"),
        ("train.txt", None, None),
        ("train.gz", None, None),
        ("tsv", None, None),
    ],
)
def test_names(name: str, kind: str | None, stem: str | None) -> None:
    assert table_format(Path(name)) == kind
    assert table_stem(Path(name)) == stem


@pytest.mark.parametrize(
    "content",
    [
        b"text\tlabel\ngood\tyes\nbad\tno\n",
        b"text\tlabel\r\ngood\tyes\r\nbad\tno\r\n",
        b"text\tlabel\rgood\tyes\rbad\tno\r",
        b"\xef\xbb\xbftext\tlabel\ngood\tyes\nbad\tno",
        b" text \tlabel\ngood\tyes\nbad\tno\n\n\r\n",
    ],
    ids=["lf", "crlf", "cr", "bom without last newline", "spaces in header and blank last lines"],
)
def test_the_same_table_however_it_was_saved(tmp_path: Path, content: bytes) -> None:
    for name, data in (("d.tsv", content), ("d.csv", content.replace(b"\t", b","))):
        table = read_table(write(tmp_path / name, data))
        assert table.columns == ("text", "label")
        assert table.rows == ((2, ("good", "yes")), (3, ("bad", "no")))


def test_tsv_knows_no_quotes(tmp_path: Path) -> None:
    path = write(tmp_path / "d.tsv", 'text\tlabel\n"so-called" "art\tyes\n"\tno\n""\tno\n')
    assert values(path) == [('"so-called" "art', "yes"), ('"', "no"), ('""', "no")]


def test_only_a_line_feed_ends_a_line(tmp_path: Path) -> None:
    odd = "one\u2028two\x0bthree\x0cfour\x85five\u2029six"
    for name, mark in (("d.tsv", "\t"), ("d.csv", ",")):
        path = write(tmp_path / name, f"text{mark}label\n{odd}{mark}yes\nbad{mark}no\n")
        assert values(path) == [(odd, "yes"), ("bad", "no")]
        assert lines(path) == [2, 3]


def test_csv_quoting(tmp_path: Path) -> None:
    content = 'text,label\n"a, ""b""",yes\n"one\r\ntwo\n\nthree",no\nlast,"yes"\n'
    path = write(tmp_path / "d.csv", content)
    assert values(path) == [('a, "b"', "yes"), ("one\r\ntwo\n\nthree", "no"), ("last", "yes")]
    assert lines(path) == [2, 3, 7]


@pytest.mark.parametrize("mark", ["\t", ","], ids=["tsv", "csv"])
def test_a_long_field(tmp_path: Path, mark: str) -> None:
    text = " ".join(["unbelievableness"] * 10_000)
    limit = csv.field_size_limit()
    assert len(text) > limit
    path = tmp_path / ("d.tsv" if mark == "\t" else "d.csv")
    assert values(write(path, f"text{mark}label\n{text}{mark}yes\n")) == [(text, "yes")]
    assert csv.field_size_limit() == limit


GZIP = gzip.compress(b"text\tlabel\n" + bytes(range(32, 127)) * 20 + b"\tyes\n")

# name, content, line (None: the file as a whole), what the message says
BAD = {
    "empty": ("d.tsv", b"", None, "the file is empty"),
    "empty csv": ("d.csv", b"", None, "the file is empty"),
    "empty inside gzip": ("d.tsv.gz", gzip.compress(b""), None, "the file is empty"),
    "blank lines alone": ("d.tsv", b"\n\n\r\n", 1, "the first line is blank"),
    "blank header": ("d.csv", b"\ngood,yes\n", 1, "the first line is blank"),
    "header alone": ("d.tsv", b"text\tlabel\n", None, "no rows below the header"),
    "header alone csv": ("d.csv", b"text,label", None, "no rows below the header"),
    "one name twice": ("d.tsv", b"text\ttext\ngood\tyes\n", 1, "names 'text' more than once"),
    "too few": ("d.tsv", b"text\tlabel\ngood\tyes\nbad\n", 3, "got 1 column, expected 2"),
    "too many": ("d.tsv", b"text\tlabel\ngood\t\tyes\n", 2, "got 3 columns, expected 2"),
    "too few csv": (
        "d.csv",
        b'text,label,x\n"one\ntwo",yes,1\n"three\nfour",no\n',
        4,
        "got 2 columns, expected 3 (text, label, x)",
    ),
    "too many csv": ("d.csv", b"text,label\nwell, well,yes\n", 2, "got 3 columns, expected 2"),
    "blank line": ("d.tsv", b"text\tlabel\ngood\tyes\n\nbad\tno\n", 3, "the line is blank"),
    "blank line csv": ("d.csv", b"text,label\r\n\r\nbad,no\r\n", 2, "the line is blank"),
    "latin-1": (
        "d.tsv",
        "text\tlabel\ngood\tyes\ncafé\tno\n".encode("latin-1"),
        3,
        "not UTF-8 at byte offset 23",
    ),
    "latin-1 with bom": (
        "d.tsv",
        b"\xef\xbb\xbftext\tlabel\ncaf\xe9\tno\n",
        2,
        "not UTF-8 at byte offset 17",
    ),
    "latin-1 in gzip": (
        "d.csv.gz",
        gzip.compress("text,label\ncafé,no\n".encode("latin-1")),
        2,
        "not UTF-8 at byte offset 14",
    ),
    "utf-16": ("d.tsv", "text\tlabel\ngood\tyes\n".encode("utf-16"), 1, "UTF-16"),
    "nul": ("d.tsv", b"text\tlabel\ngood\tyes\nb\0d\tno\n", 3, "NUL byte"),
    "nul csv": ("d.csv", b"text,label\ngood,yes\nb\0d,no\n", 3, "NUL byte"),
    "truncated gzip": ("d.tsv.gz", GZIP[:-20], None, "ends too early"),
    "gzip of one byte": ("d.tsv.gz", b"\x1f", None, "gzip"),
    "no gzip": ("d.tsv.gz", b"text\tlabel\ngood\tyes\n", None, "not a valid gzip file"),
    "damaged gzip": ("d.csv.gz", GZIP[:10] + b"\xff" * 60, None, "not a valid gzip file"),
    "wrong checksum": ("d.csv.gz", GZIP[:-8] + bytes(8), None, "not a valid gzip file"),
    "secretly gzip": ("d.tsv", GZIP, None, "add .gz to its name"),
    "open quote": ("d.csv", b'text,label\ngood,yes\n"bad,no\nworse,no\n', 3, "never closed"),
    "open quote later in its row": (
        "d.csv",
        b'id,text,label\n"1\n\n2","say ""no"" and,yes\n"" more\n',
        4,
        "never closed",
    ),
    "open quote in the last line": ("d.csv", b'text,label\ngood,"yes', 2, "never closed"),
    "text after a quote": ("d.csv", b'text,label\n"good" film,yes\n', 2, "no valid CSV"),
    "carriage return outside quotes": ("d.csv", b"text,label\ngo\rod,yes\n", 2, "no valid CSV"),
    "unknown kind": ("d.json", b"{}", None, "name it .tsv or .csv"),
}


@pytest.mark.parametrize(("name", "content", "line", "said"), BAD.values(), ids=BAD)
def test_bad_tables(tmp_path: Path, name: str, content: bytes, line: int | None, said: str) -> None:
    path = write(tmp_path / name, content)
    with pytest.raises(UserError) as caught:
        read_table(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: " if line is None else f"{path}:{line}: ")
    assert said in message
    assert "; " in message or "name it" in message  # it says what to do
    assert "\n" not in message


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"d\.tsv: there is no such file"):
        read_table(tmp_path / "d.tsv")


def test_a_folder_with_the_name_of_a_table(tmp_path: Path) -> None:
    (tmp_path / "d.tsv").mkdir()
    with pytest.raises(UserError, match=r"d\.tsv: this is a folder"):
        read_table(tmp_path / "d.tsv")


def test_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    path = write(tmp_path / "d.tsv", "text\tlabel\ngood\tyes\n")
    monkeypatch.setattr(Path, "read_bytes", refuse)  # root may read everything
    with pytest.raises(UserError, match=r"d\.tsv: the file cannot be read \(Permission denied\)"):
        read_table(path)


def test_column(tmp_path: Path) -> None:
    table = read_table(write(tmp_path / "d.tsv", "id\treview\n1\tgood\n"))
    assert table.column("review", "--text-column") == 1
    with pytest.raises(UserError) as caught:
        table.column("text", "--text-column")
    message = str(caught.value)
    assert message.startswith(f"{table.path}:1: no column is named 'text' (columns: id, review)")
    assert "--text-column" in message


@pytest.mark.parametrize(
    ("name", "content"),
    [("d.tsv", "text,label\na,b\n"), ("d.csv", "text\tlabel\na\tb\n"), ("d.csv", "a;b\n1;2\n")],
)
def test_the_wrong_separator_is_recognised(tmp_path: Path, name: str, content: str) -> None:
    table = read_table(write(tmp_path / name, content))
    with pytest.raises(UserError, match=r"\.tsv file separates its columns with tabs"):
        table.column("text", "--text-column")


def test_read_text_keeps_line_ends_and_drops_the_mark(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", b"\xef\xbb\xbfone\r\ntwo\n")
    assert read_text(path) == "one\r\ntwo\n"
