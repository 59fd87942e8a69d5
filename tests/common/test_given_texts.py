"""Texts as arguments and as lines of a file: all of them, in order, or one clear sentence."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from common.errors import UserError
from common.given_texts import lines_of, texts


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        ("a\nb\n", ["a", "b"]),
        ("a\nb", ["a", "b"]),
        ("a\r\n\r\nb\r\n", ["a", "", "b"]),
        ("\n", [""]),
        ("\n\n a \n\n", ["", "", " a ", ""]),
        ("\ufeffa\u2028b\x0bc\x85d\n", ["a\u2028b\x0bc\x85d"]),
        ("a\rb\r", ["a", "b"]),
        ("a", ["a"]),
    ],
)
def test_lines_of_a_file(tmp_path: Path, content: str, lines: list[str]) -> None:
    path = tmp_path / "texts.txt"
    path.write_bytes(content.encode())
    assert lines_of(path) == tuple(lines)
    packed = tmp_path / "texts.txt.gz"
    packed.write_bytes(gzip.compress(content.encode()))
    assert lines_of(packed) == tuple(lines)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "texts.txt: the file is empty"),
        (b"a\ncaf\xe9\n", "texts.txt:2: the text is not UTF-8"),
        (b"a\n\nb\0c\n", "texts.txt:3: there is a NUL byte"),
        ("a\nb\n".encode("utf-16"), "texts.txt:1: the file is UTF-16"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "texts.txt"
    path.write_bytes(content)
    with pytest.raises(UserError, match=said):
        lines_of(path)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="there is no such file"):
        lines_of(tmp_path / "nothing.txt")
    with pytest.raises(UserError, match="this is a folder"):
        lines_of(tmp_path)


def test_arguments_are_all_checked_before_one_is_answered() -> None:
    assert list(texts(["a", "", "é"])) == ["a", "", "é"]
    with pytest.raises(UserError, match="input 3: the text is not UTF-8"):
        next(texts(["a", "", "caf\udce9"]))
