"""Pictures as they come in: read when asked, and good messages when that fails."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest

from common.errors import UserError
from common.image.picture import Picture


def test_a_file_bytes_and_a_function_give_the_same(tmp_path: Path) -> None:
    path = tmp_path / "it.png"
    path.write_bytes(b"abc")
    for source in (path, b"abc", lambda: b"abc"):
        assert Picture("it", source).read() == b"abc"
    assert Picture.of_file(str(path)) == Picture(str(path), path)


def test_nothing_is_read_before_it_is_asked_for() -> None:
    calls: list[int] = []

    def made() -> bytes:
        calls.append(1)
        return b"x"

    picture = Picture("made", made)
    assert not calls
    assert picture.read() == picture.read()
    assert len(calls) == 2


def test_the_name_makes_the_picture(tmp_path: Path) -> None:
    assert Picture("a", b"1") == Picture("a", tmp_path)
    assert {Picture("a", b"1"), Picture("a", b"2"), Picture("b", b"1")} == {
        Picture("a", b""),
        Picture("b", b""),
    }
    assert pickle.loads(pickle.dumps(Picture("a", b"1"))).read() == b"1"


def test_many_are_cheap() -> None:
    assert not hasattr(Picture("a", b""), "__dict__")


def fault(picture: Picture) -> str:
    with pytest.raises(UserError) as caught:
        picture.read()
    message = str(caught.value)
    assert message.startswith(f"{picture.name}: ")
    assert "; " in message
    assert "\n" not in message
    return message


def test_what_cannot_be_read(tmp_path: Path) -> None:
    assert "no such file" in fault(Picture.of_file(tmp_path / "no.png"))
    assert "folder" in fault(Picture.of_file(tmp_path))
    (tmp_path / "empty.jpg").touch()
    assert "the file is empty" in fault(Picture.of_file(tmp_path / "empty.jpg"))
    assert "the file is empty" in fault(Picture("made", lambda: b""))
    assert "File name too long" in fault(Picture("it", tmp_path / ("a" * 300)))
    with pytest.raises(UserError, match="cannot be read"):
        Picture("it", Path("a\0b")).read()


def test_a_device_is_not_read_to_its_end(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert "no regular file" in fault(Picture.of_file(pipe))
    assert "no regular file" in fault(Picture.of_file("/dev/zero"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "it.png"
    path.write_bytes(b"abc")
    path.chmod(0)
    assert "Permission denied" in fault(Picture.of_file(path))
