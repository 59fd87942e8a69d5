"""Which pictures `predict` is asked about, and which of a data set can be used."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from apps.captioning.application import APPLICATION
from apps.captioning.inputs import for_server, read_arguments
from common.errors import UserError
from common.generation.application import GenerationData
from common.image.decoding import decode
from common.image.in_graph import decode_pictures
from common.image.picture import Picture
from common.image.resizing import resize
from common.progress import Progress
from tests.common.image.pictures import encoded, picture, scene

PNG = encoded(scene(9, 8), "PNG")
TORN = PNG[: len(PNG) // 2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with pictures, one of them below, one torn, and other files."""
    (tmp_path / "below").mkdir()
    for name, contents in {
        "b.PNG": PNG,
        "a.jpg": encoded(scene(9, 8), "JPEG"),
        "below/c.webp": encoded(scene(9, 8), "WEBP"),
        "torn.png": TORN,
        "notes.txt": b"about pictures",
    }.items():
        (tmp_path / name).write_bytes(contents)
    return tmp_path


def test_files_are_called_as_they_were_given(folder: Path) -> None:
    given = [str(folder / "b.PNG"), str(folder / "notes.txt"), str(folder / "none.png")]
    found = list(read_arguments(given))
    assert [shown for shown, _ in found] == given
    assert found[0][1].read() == PNG
    # What is no picture is found out when it is decoded, by name.
    with pytest.raises(UserError, match=r"none\.png"):
        found[2][1].read()


def test_a_folder_gives_its_pictures_in_order(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = list(read_arguments([str(folder)]))
    names = [str(Path(shown).relative_to(folder)) for shown, _ in found]
    assert names == ["a.jpg", "b.PNG", "below/c.webp"]
    said = capsys.readouterr().err
    assert "torn.png" in said
    assert "1 of 4 files passed over" in said
    assert "notes.txt" not in said


def test_a_folder_without_pictures_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("about pictures")
    with pytest.raises(UserError, match="holds no picture"):
        list(read_arguments([str(tmp_path)]))


def test_the_home_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(folder))
    ((shown, found),) = read_arguments(["~/b.PNG"])
    assert (shown, found.read()) == ("~/b.PNG", PNG)


def test_without_arguments_paths_come_from_standard_input(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [str(folder / "a.jpg"), str(folder / "b.PNG")]
    lines = io.TextIOWrapper(io.BytesIO("\n".join([*paths, ""]).encode()))
    monkeypatch.setattr("sys.stdin", lines)
    assert [shown for shown, _ in APPLICATION.read_inputs([])] == paths


def test_an_empty_line_is_no_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    given = read_arguments(["a.jpg", " "])
    assert next(given)[0] == "a.jpg"
    with pytest.raises(UserError, match="input 2 is empty"):
        next(given)


def test_pictures_that_cannot_be_read_are_left_out_and_named() -> None:
    pictures = [Picture("good.png", PNG), Picture("torn.png", lambda: TORN)]
    data = GenerationData(
        "tfds:made_up",
        {"train": pictures, "dev": pictures[:1]},
        {"train": [("one",), ("two",)], "dev": [("three",)]},
        ("a note",),
    )
    usable = APPLICATION.usable(data, Progress(quiet=True))
    assert usable.inputs == {"train": pictures[:1], "dev": pictures[:1]}
    assert usable.references == {"train": [("one",)], "dev": [("three",)]}
    assert usable.notes[0] == "a note"
    (note,) = usable.notes[1:]
    assert note.startswith("1 of 2 pictures of the train split cannot be read and are left out")
    assert "torn.png" in note


def test_a_split_without_a_readable_picture_is_refused() -> None:
    data = GenerationData("some/folder", {"dev": [Picture("torn.png", TORN)]}, {"dev": [("x",)]})
    with pytest.raises(UserError, match=r"no picture of the dev split can be read: .*torn\.png"):
        APPLICATION.usable(data, Progress(quiet=True))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP"])
def test_a_server_gets_what_it_reads(kind: str) -> None:
    given = picture(encoded(scene(9, 8), kind))
    sent = for_server(given)
    assert (sent == given.read()) is (kind in ("JPEG", "PNG"))
    np.testing.assert_array_equal(decode(picture(sent)), decode(given))
    (pixels,) = decode_pictures(np.array([sent], object), 16).numpy()
    np.testing.assert_array_equal(pixels, resize(decode(given), 16))
    assert APPLICATION.request(None, [given])[0] == sent  # type: ignore[arg-type]


def test_what_the_server_would_refuse_is_no_picture_here_either() -> None:
    with pytest.raises(UserError, match="letter"):
        for_server(Picture("letter.webp", b"Dear Sir or Madam"))
