"""Folders change places whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from common.errors import UserError
from common.files import file_bytes, replaced, write_texts


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "here"
    path.mkdir()
    (path / "old").write_text("old")
    return path


def test_the_new_folder_takes_the_place_of_the_old(folder: Path) -> None:
    with replaced(folder) as new:
        assert list(new.iterdir()) == []
        (new / "new").write_text("new")
        assert [p.name for p in folder.iterdir()] == ["old"]
    assert [p.name for p in folder.iterdir()] == ["new"]
    assert list(folder.parent.iterdir()) == [folder]
    assert folder.stat().st_mode & 0o777 == 0o755


def test_where_nothing_was(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    with replaced(folder) as new:
        (new / "new").write_text("new")
    assert (folder / "new").read_text() == "new"
    assert list(folder.parent.iterdir()) == [folder]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_a_failure_leaves_the_old_folder_and_nothing_else(
    folder: Path, error: type[BaseException]
) -> None:
    with pytest.raises(error), replaced(folder) as new:
        (new / "below").mkdir()
        (new / "below" / "new").write_text("new")
        raise error
    assert (folder / "old").read_text() == "old"
    assert list(folder.parent.iterdir()) == [folder]


def test_a_failure_where_nothing_was_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ValueError), replaced(tmp_path / "here"):
        raise ValueError
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_moved_in_leaves_the_old_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def fail(self: Path, target: Path) -> Path:
        if target == folder and (self / "new").exists():
            raise OSError("cannot be moved")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(OSError, match="cannot be moved"), replaced(folder) as new:
        (new / "new").write_text("new")
    assert (folder / "old").read_text() == "old"
    assert list(folder.parent.iterdir()) == [folder]


def test_a_path_without_a_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    with replaced(Path("new")) as new:
        (new / "a").write_text("a")
    assert sorted(p.name for p in folder.iterdir()) == ["new", "old"]


def test_size_of_a_file_and_of_a_folder(folder: Path) -> None:
    (folder / "below").mkdir()
    (folder / "below" / "x").write_bytes(b"12345")
    assert file_bytes(folder / "old") == 3
    assert file_bytes(folder) == 8


def test_texts_are_written_and_others_stay(folder: Path) -> None:
    (folder / "a").write_text("before")
    paths = write_texts(folder, {"a": "á", "deep/b": "b"})
    assert paths == [folder / "a", folder / "deep" / "b"]
    assert [path.read_text(encoding="utf-8") for path in paths] == ["á", "b"]
    assert sorted(p.name for p in folder.iterdir()) == ["a", "deep", "old"]


def test_a_text_that_cannot_be_written_leaves_what_was_there(folder: Path) -> None:
    (folder / "a").write_text("before")
    with pytest.raises(UnicodeEncodeError):
        write_texts(folder, {"a": "half \ud800"})
    assert (folder / "a").read_text() == "before"
    assert sorted(p.name for p in folder.iterdir()) == ["a", "old"]


def test_texts_do_not_go_into_a_file(folder: Path) -> None:
    with pytest.raises(UserError, match="is a file; give --output a folder"):
        write_texts(folder / "old", {"a": "b"})
