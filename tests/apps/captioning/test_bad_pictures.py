"""Pictures asked about by name that cannot be used: one sentence that names them, status 2."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.apps.captioning.artefacts import RIGHT
from tests.apps.captioning.command import content, error_of, rows, run
from tests.apps.captioning.conftest import Trained
from tests.apps.captioning.drawings import KINDS, draw, saved
from tests.apps.refusal import refused
from tests.common.image.pictures import png, with_segment

_GOOD = saved(draw(*KINDS[0], seed=9_001), "JPEG")
_SIDE = 30_000

# A file by its name, and what is said of it; None for a file that is not there.
FILES: Mapping[str, tuple[bytes | None, str]] = {
    "letter.jpg": (b"Dear Sir or Madam", "this is no JPEG, PNG, WebP, GIF or BMP picture"),
    "torn.jpg": (_GOOD[: len(_GOOD) // 2], "the picture is damaged"),
    "header alone.jpg": (_GOOD[:20], "convert it to one of these, or remove it"),
    "empty.png": (b"", "the file is empty"),
    "missing.png": (None, "there is no such file"),
    "bomb.png": (
        png((_SIDE, _SIDE, 8, 2), b""),
        "larger than the limit of 100,000,000 pixels (65,535 a side); make it smaller",
    ),
    "drawing.tiff": (b"II*\0" + bytes(40), "this is no JPEG, PNG, WebP, GIF or BMP picture"),
}


@pytest.mark.parametrize(
    ("artefact", "name"),
    [*(("float32", name) for name in FILES), ("saved_model", "torn.jpg"), ("step", "empty.png")],
)
def test_a_file_by_name(trained: Trained, tmp_path: Path, artefact: str, name: str) -> None:
    given, said = FILES[name]
    path = tmp_path / name
    if given is not None:
        path.write_bytes(given)
    command = ("predict", "--bundle", trained.bundle, "--artefact", artefact)
    message = refused(run, trained.bundle, *command, path)
    assert said in message
    assert str(path) in message


@pytest.mark.parametrize("through", ["arguments", "standard input"])
def test_what_stands_before_a_bad_file_is_answered(
    trained: Trained, tmp_path: Path, through: str
) -> None:
    good, bad = tmp_path / "good.jpg", tmp_path / "torn.jpg"
    good.write_bytes(_GOOD)
    bad.write_bytes(_GOOD[:200])
    command = ("predict", "--bundle", trained.bundle, "--json")
    paths = list(map(str, (good, good, bad, good)))
    if through == "arguments":
        result = run(*command, *paths)
    else:
        result = run(*command, input="\n".join(paths))
    assert result.exit_code == 2
    assert [(row["input"], row["answer"]) for row in rows(result.stdout)] == [
        (str(good), RIGHT[0])
    ] * 2
    assert f"{bad}: the picture is damaged" in error_of(result.stderr)


def test_a_picture_too_large_is_not_decoded(trained: Trained, tmp_path: Path) -> None:
    """Nor its pixels, of which there are 2.7 GB, held in memory."""
    import resource

    path = tmp_path / "bomb.png"
    line = bytes(1 + 3 * _SIDE)
    path.write_bytes(png((_SIDE, _SIDE, 8, 2), line * 300))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    message = refused(run, trained.bundle, "predict", "--bundle", trained.bundle, path)
    assert "larger than the limit" in message
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 2**20  # kB


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_exif_that_lies_about_its_length(trained: Trained, tmp_path: Path) -> None:
    path = tmp_path / "odd.jpg"
    path.write_bytes(with_segment(_GOOD, 0xFFE1, b"Exif\0\0MM\0*" + struct.pack(">I", 2**31)))
    (row,) = rows(run("predict", "--bundle", trained.bundle, "--json", path).stdout)
    assert row["answer"] == RIGHT[0]


@pytest.mark.parametrize("artefact", ["float32", "all"])
def test_a_folder_without_pictures(trained: Trained, tmp_path: Path, artefact: str) -> None:
    (tmp_path / "notes.txt").write_text("about pictures")
    command = ("predict", "--bundle", trained.bundle, "--artefact", artefact)
    message = refused(run, trained.bundle, *command, tmp_path)
    assert f"{tmp_path}: holds no picture (.jpg, " in message


def test_a_folder_of_pictures_none_of_which_can_be_read(trained: Trained, tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.png").write_bytes(b"Dear Sir or Madam")
    before = content(trained.bundle)
    result = run("predict", "--bundle", trained.bundle, tmp_path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{tmp_path}: none of the 3 pictures can be read" in error_of(result.stderr)
    assert result.stderr.count("passed over: ") == 3
    assert content(trained.bundle) == before


@pytest.mark.parametrize("argument", ["", "  "])
def test_an_empty_argument(trained: Trained, argument: str) -> None:
    message = refused(run, trained.bundle, "predict", "--bundle", trained.bundle, "--", argument)
    assert "input 1 is empty" in message


def test_nothing_on_a_terminal(trained: Trained, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda stream: True)
    message = refused(run, trained.bundle, "predict", "--bundle", trained.bundle)
    assert "no input was given" in message
