"""Files and folders that the user gives: what comes out, in which order, what is passed over."""

from __future__ import annotations

from pathlib import Path

import pytest

from common.errors import UserError
from common.given_files import files_of


def _files(*arguments: object) -> list[tuple[str, tuple[Path, str]]]:
    def check(one: tuple[Path, str]) -> None:
        if one[0].read_text() == "bad":
            raise UserError(f"{one[1]}: is bad")

    names = [str(argument) for argument in arguments]
    return list(files_of(names, "thing", (".a", ".b"), lambda path, name: (path, name), check))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "deep").mkdir()
    for name, text in {"2.A": "", "1.b": "", "deep/3.a": "bad", "4.c": ""}.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def test_files_of_the_kind_below_a_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = _files(folder / "4.c", folder)
    assert [name for name, _ in found] == [str(folder / name) for name in ("4.c", "1.b", "2.A")]
    assert all(one == (Path(name), name) for name, one in found)
    assert capsys.readouterr().err.splitlines() == [
        f"passed over: {folder / 'deep' / '3.a'}: is bad",
        f"{folder}: 1 of 3 files passed over",
    ]


def test_a_file_that_is_named_is_not_checked(folder: Path) -> None:
    assert len(_files(folder / "deep" / "3.a")) == 1


def test_what_cannot_be_used_is_refused(folder: Path) -> None:
    with pytest.raises(UserError, match=r"deep: none of the 1 things can be read"):
        _files(folder / "deep")
    (folder / "empty").mkdir()
    with pytest.raises(UserError, match=r"empty: holds no thing \(\.a, \.b\)"):
        _files(folder / "empty")
    with pytest.raises(UserError, match="input 2 is empty; give the path of a thing"):
        _files(folder, " ")
