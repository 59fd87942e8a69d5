"""Data and settings that cannot be used: one sentence, status 2, the bundle of before untouched."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.error
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import keras
import pytest

from tests.apps import refusal
from tests.apps.captioning.command import content, error_of, run
from tests.apps.captioning.conftest import Trained
from tests.apps.captioning.drawings import drawings, saved, table
from tests.apps.command import ROOT
from tests.apps.refusal import refused_without_frameworks, unreadable_bundle, write_files

SPLITS = drawings({"train": 12, "dev": 4, "test": 4})
TABLE = table(SPLITS)
HEADER, *LINES = TABLE.splitlines(keepends=True)
IMAGES = {
    f"images/{one.name}": saved(one.image, "JPEG" if one.name.endswith("jpg") else "PNG")
    for some in SPLITS.values()
    for one in some
}
FIRST_OF_TEST = next(n for n, line in enumerate(LINES, 2) if line.endswith("test\n"))
COCO = {
    "images": [{"id": 7, "file_name": "train-000.png"}, {"id": 8, "file_name": "train-001.jpg"}],
    "annotations": [{"id": 1, "image_id": 7, "caption": "A disc."}],
}

Files = Mapping[str, str | bytes]

# What the user gives (the name of a file in the folder, or all of it), the files, what is said.
DATA: Mapping[str, tuple[str, Files, str]] = {
    "no such path": ("nothing", {}, "there is no such file or folder"),
    "empty folder": ("", {}, "there is neither a table captions.tsv"),
    "images alone": ("", IMAGES, "there is neither a table captions.tsv"),
    "empty table": ("", {"captions.tsv": ""}, "captions.tsv: the file is empty"),
    "only a header": ("", {"captions.tsv": HEADER}, "captions.tsv: there are no rows"),
    "no table": ("all.txt", {"all.txt": TABLE}, "all.txt: this is neither a folder, nor a table"),
    "no column of images": (
        "",
        {"captions.tsv": TABLE.replace("image", "file", 1)},
        "no column is named 'image' (columns: file, caption, split)",
    ),
    "no column of captions": (
        "captions.tsv",
        {"captions.tsv": TABLE.replace("caption", "sentence", 1)},
        "no column is named 'caption' (columns: image, sentence, split)",
    ),
    "row with too few columns": (
        "",
        {"captions.tsv": HEADER + LINES[0] + "train-001.jpg\n"},
        "captions.tsv:3: got 1 column, expected 3",
    ),
    "not UTF-8": (
        "",
        {"captions.tsv": TABLE.encode() + "train-001.jpg\tUn año\ttrain\n".encode("latin-1")},
        f"captions.tsv:{len(LINES) + 2}: the text is not UTF-8",
    ),
    "no images": (
        "",
        {"captions.tsv": TABLE},
        f"captions.tsv:{FIRST_OF_TEST}: there is no image 'test-000.png', and none of the 4 test "
        "images is there",
    ),
    "path that leaves the folder": (
        "",
        {**IMAGES, "captions.tsv": HEADER + "../../train-000.png\tA disc.\ttrain\n"},
        "captions.tsv:2: the image '../../train-000.png' is outside of",
    ),
    "empty path": (
        "",
        {**IMAGES, "captions.tsv": HEADER + " \tA disc.\ttrain\n"},
        "captions.tsv:2: the path of the image is empty",
    ),
    "empty captions": (
        "",
        {
            **IMAGES,
            "captions.tsv": HEADER
            + "".join(f"{line.split(chr(9))[0]}\t \ttrain\n" for line in LINES),
        },
        "captions.tsv:2: none of the 20 train images has a caption",
    ),
    "captions without a word": (
        "",
        {
            **IMAGES,
            "captions.tsv": HEADER
            + "".join("\t".join((line.split("\t")[0], ".", line.split("\t")[2])) for line in LINES),
        },
        "no image of the train split has a caption with a word",
    ),
    "images that are none": (
        "",
        {**{name: f"about {name}" for name in IMAGES}, "captions.tsv": TABLE},
        "no picture of the train split can be read: ",
    ),
    "unknown split": (
        "",
        {**IMAGES, "captions.tsv": TABLE.replace("\ttest\n", "\tholdout\n")},
        "'holdout'",
    ),
    "one picture": (
        "",
        {**IMAGES, "captions.tsv": "image\tcaption\ntrain-000.png\tA disc.\n"},
        "there are too few images to make a dev split",
    ),
    "COCO, no JSON": (
        "captions_train2017.json",
        {**IMAGES, "captions_train2017.json": json.dumps(COCO, indent=1)[:-40]},
        "this is no JSON",
    ),
    "COCO, no annotations": (
        "captions_train2017.json",
        {**IMAGES, "captions_train2017.json": json.dumps({"images": COCO["images"]})},
        "has no list 'annotations' (but images)",
    ),
    "COCO, no file name": (
        "captions_train2017.json",
        {**IMAGES, "captions_train2017.json": json.dumps({**COCO, "images": [{"id": 7}]})},
        "entry 1 of 'images' has no 'file_name' (but id)",
    ),
    "COCO, no caption": (
        "captions_train2017.json",
        {**IMAGES, "captions_train2017.json": json.dumps({**COCO, "annotations": []})},
        "none of the 2 images has a caption",
    ),
}


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Something that looks like a bundle."""
    return unreadable_bundle(tmp_path / "exported" / "old", "captioning", max_timesteps=0)


refused = partial(refusal.refused, run)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Data that can be used."""
    return write_files(tmp_path / "data", {**IMAGES, "captions.tsv": TABLE})


# ------------------------------------------------------------------------ data


@pytest.mark.parametrize("case", DATA)
def test_data(case: str, old: Path, tmp_path: Path) -> None:
    name, files, said = DATA[case]
    path = write_files(tmp_path / "data", files) / name
    message = refused(old, "train", "--data", path, "--output", old)
    assert said in message
    assert str(tmp_path / "data") in message


def test_data_are_looked_at_before_tensorflow_is_loaded(tmp_path: Path) -> None:
    every = [
        write_files(tmp_path / f"data {number}", files) / name
        for number, (name, files, _) in enumerate(DATA.values())
    ]
    refused_without_frameworks("captioning", tmp_path / "out", *every)


def test_bad_data_end_to_end(old: Path, data: Path) -> None:
    before = content(old)
    (data / "captions.tsv").write_text(TABLE + "train-001.jpg\n")
    command = ["-m", "apps.captioning", "train", "--data", str(data), "--output", str(old)]
    process = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (process.returncode, process.stdout) == (2, "")
    assert process.stderr.splitlines() == [error_of(process.stderr)]
    assert f"captions.tsv:{len(LINES) + 2}: got 1 column, expected 3" in process.stderr
    assert content(old) == before


def test_what_is_left_out_is_named_and_counted(old: Path, data: Path) -> None:
    """Refused at the network, which is made after all notes were said."""
    (data / "images" / "train-002.jpg").unlink()
    (data / "images" / "train-004.jpg").write_bytes(b"Dear Sir or Madam")
    (data / "images" / "train-005.jpg").write_bytes(b"")
    more = "dev-000.png\t \tdev\ntrain-001.jpg\t...\ttrain\ntest-000.png\t \ttest\n"
    (data / "captions.tsv").write_text(TABLE + more)
    before = content(old)
    result = run("train", "--data", data, "--output", old, "--encoder", "none")
    assert result.exit_code == 2
    assert content(old) == before
    notes = [line for line in result.stderr.splitlines() if line.startswith("note: ")]
    for said in (
        "the image is missing, 1 of 12 train images, the first at",
        "2 of 11 pictures of the train split cannot be read and are left out: ",
        "the caption is empty, 1 of ",
    ):
        assert sum(said in note for note in notes) >= 1, (said, notes)
    (unread,) = (note for note in notes if "cannot be read" in note)
    assert "train-004.jpg" in unread and "train-005.jpg: the file is empty" in unread


# ------------------------------------------------------------------------ encoder


def mobile(folder: Path) -> tuple[object, ...]:
    """Returns options for a network of keras.applications, with random weights from a file."""
    path = folder / "random.weights.h5"
    keras.applications.MobileNetV2(
        input_shape=(32, 32, 3), include_top=False, weights=None
    ).save_weights(path)
    return ("--encoder", "MobileNetV2", "--size", 32, "--encoder-weights", path)


def test_unknown_encoder(old: Path, data: Path) -> None:
    command = ("train", "--data", data, "--output", old, "--encoder", "MobilNetV2")
    message = refused(old, *command)
    assert "--encoder MobilNetV2: no network of this name; known are small, " in message
    assert "MobileNetV2" in message


def test_no_network_and_no_file(
    old: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*arguments: Any, **options: Any) -> None:
        raise urllib.error.URLError("Name or service not known")

    files = "keras.src.utils.file_utils"
    monkeypatch.setattr(f"{files}.urlretrieve", unreachable)
    monkeypatch.setattr(f"{files}.config.keras_home", lambda: str(tmp_path / "no cache"))
    command = ("train", "--data", data, "--output", old, "--encoder", "MobileNetV2")
    message = refused(old, *command, "--size", 96)
    assert "the ImageNet weights of MobileNetV2 could not be downloaded" in message
    assert "Name or service not known" in message
    assert "try again with a network" in message and "--encoder-weights FILE" in message


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (None, "there is no such file"),
        (b"Dear Sir or Madam", "these are no weights of MobileNetV2"),
    ],
    ids=["missing", "letter"],
)
def test_weights_that_are_none(
    old: Path, data: Path, tmp_path: Path, file: bytes | None, said: str
) -> None:
    path = tmp_path / "some.weights.h5"
    if file is not None:
        path.write_bytes(file)
    command = ("train", "--data", data, "--output", old, "--encoder", "MobileNetV2")
    message = refused(old, *command, "--size", 32, "--encoder-weights", path)
    assert f"--encoder-weights {path}: {said}" in message


def test_weights_of_another_network(old: Path, data: Path, tmp_path: Path) -> None:
    path = tmp_path / "other.weights.h5"
    pixels = keras.Input((32, 32, 3))
    other = keras.Model(pixels, keras.layers.Conv2D(4, 3, 2)(pixels))
    other.save_weights(path)
    command = ("train", "--data", data, "--output", old, "--encoder", "MobileNetV2")
    message = refused(old, *command, "--size", 32, "--encoder-weights", path)
    assert f"--encoder-weights {path}: these are no weights of MobileNetV2" in message


def test_unknown_layer(old: Path, data: Path, tmp_path: Path) -> None:
    command = ("train", "--data", data, "--output", old, *mobile(tmp_path))
    message = refused(old, *command, "--train-from", "block_99")
    assert "--train-from block_99: " in message and "has no layer of this name" in message
    assert "out_relu" in message


# ------------------------------------------------------------------------ options and bundles


@pytest.mark.parametrize(
    "arguments",
    [
        ("train", "--epoch5", "3"),
        ("train", "--augment", "much"),
        ("train", "--size", "4000"),
        ("train", "--max-tokens", "2"),
        ("evaluate", "--artefact", "float64"),
        ("predict", "--artefact", "tflite", "photograph.jpg"),
    ],
    ids=" ".join,
)
def test_unknown_options_and_values(arguments: tuple[str, ...], old: Path) -> None:
    message = refused(old, *arguments)
    assert any(part in message for part in (arguments[-1], arguments[1]))


def test_settings_that_do_not_go_together(old: Path) -> None:
    message = refused(old, "train", "--output", old, "--units", 30, "--heads", 4)
    assert "--units 30" in message and "--heads 4" in message


def test_one_column_for_both(old: Path, data: Path) -> None:
    command = ("train", "--data", data, "--output", old, "--caption-column", "image")
    assert "the columns of image and caption are both 'image'" in refused(old, *command)


def test_a_file_where_features_are_kept(old: Path, data: Path, tmp_path: Path) -> None:
    file = tmp_path / "features"
    file.write_text("mine")
    command = ("train", "--data", data, "--output", old, *mobile(tmp_path))
    message = refused(old, *command, "--features", file)
    assert f"--features {file}: a file is in the way" in message
    assert file.read_text() == "mine"


def test_a_bundle_of_another_application(old: Path) -> None:
    config = json.loads((old / "config.json").read_text())
    (old / "config.json").write_text(json.dumps({**config, "app": "translation"}))
    for command in (("evaluate",), ("predict", "photograph.jpg")):
        message = refused(old, *command, "--bundle", old)
        assert f"{old}: is a bundle of the application 'translation'" in message


def test_a_bundle_without_int8(old: Path) -> None:
    message = refused(old, "predict", "--bundle", old, "--artefact", "int8", "photograph.jpg")
    assert "has no artefact int8; it has keras, float32" in message


def test_data_of_evaluate(trained: Trained, tmp_path: Path) -> None:
    folder = write_files(tmp_path / "data", {"captions.tsv": TABLE})
    command = ("evaluate", "--bundle", trained.bundle, "--artefact", "step")
    message = refused(trained.bundle, *command, "--data", folder)
    assert "none of the 4 test images is there" in message
    write_files(folder, {**IMAGES, "captions.tsv": TABLE.replace("\ttest\n", "\ttrain\n")})
    message = refused(trained.bundle, *command, "--data", folder)
    assert "there is no test split" in message
