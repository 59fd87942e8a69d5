"""Input that cannot be used: one sentence, status 2, and the bundle of before stays as it was."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from common.bundle import artefact_path
from tests.apps import refusal
from tests.apps.command import ROOT
from tests.apps.refusal import refused_without_frameworks, unreadable_bundle, write_files
from tests.apps.translation.command import content, error_of, run
from tests.apps.translation.conftest import Trained
from tests.apps.translation.sentences import Pair, pairs, table

GOOD = pairs({"all": 40})["all"]
HEADER = "source\ttarget\n"


def sides(some: list[Pair]) -> tuple[str, str]:
    """Returns pairs as the texts of two parallel files."""
    source, target = ("".join(f"{text}\n" for text in side) for side in zip(*some, strict=True))
    return source, target


SPANISH, ENGLISH = sides(GOOD)
SPLIT_COLUMN = "source\ttarget\tsplit\n" + "".join(
    f"{source}\t{target}\t{('train', 'dev', 'holdout')[n % 3]}\n"
    for n, (source, target) in enumerate(GOOD)
)

# What the user gives (the name of a file in the folder, or all of it), the files, what is said.
DATA: Mapping[str, tuple[str, Mapping[str, str | bytes], str]] = {
    "no such path": ("nothing.tsv", {}, "there is no such file or folder"),
    "empty file": ("all.tsv", {"all.tsv": ""}, "all.tsv: the file is empty"),
    "only a header": ("all.tsv", {"all.tsv": HEADER}, "all.tsv: there are no rows"),
    "empty folder": ("", {}, "there is neither the table of a split"),
    "no table": ("all.txt", {"all.txt": table(GOOD)}, "all.txt: "),
    "missing column": (
        "all.tsv",
        {"all.tsv": table(GOOD).replace("target", "inglés", 1)},
        "no column is named 'target' (columns: source, inglés)",
    ),
    "row with too few columns": (
        "all.tsv",
        {"all.tsv": table(GOOD) + "Ana ve\n"},
        "all.tsv:42: got 1 column, expected 2",
    ),
    "not UTF-8": (
        "all.tsv",
        {"all.tsv": table(GOOD).encode() + "Ana ve el año.\tx\n".encode("latin-1")},
        "all.tsv:42: the text is not UTF-8",
    ),
    "NUL byte": ("all.tsv", {"all.tsv": table(GOOD) + "a\0b\tc\n"}, "all.tsv:42: there is a NUL"),
    "most sides empty": (
        "all.tsv",
        {"all.tsv": table([*GOOD[:9], *((source, " ") for source, _ in GOOD[9:])])},
        "all.tsv:11: the text is empty, and so is one side of 31 of 40 pairs",
    ),
    "its own translation": (
        "all.tsv",
        {"all.tsv": table([(source, source) for source, _ in GOOD])},
        "source and target are the same here and in all other pairs",
    ),
    "one pair": ("all.tsv", {"all.tsv": table(GOOD[:1])}, "all.tsv: "),
    "unknown split": ("all.tsv", {"all.tsv": SPLIT_COLUMN}, "'holdout'"),
    "unequal lines": (
        "",
        {"train.es": SPANISH, "train.en": ENGLISH + "One more.\nAnd one.\n"},
        "train.es: it has 40 lines and ",
    ),
    "a side is missing": ("", {"train.es": SPANISH}, "train.en is missing"),
    "dev split without rows": ("", {"train.tsv": table(GOOD), "dev.tsv": HEADER}, "dev.tsv: "),
}


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Something that looks like a bundle."""
    return unreadable_bundle(tmp_path / "exported" / "old", "translation")


refused = partial(refusal.refused, run)


# ------------------------------------------------------------------------ data


@pytest.mark.parametrize("case", DATA)
def test_data(case: str, old: Path, tmp_path: Path) -> None:
    name, files, said = DATA[case]
    data = write_files(tmp_path / "data", files) / name
    message = refused(old, "train", "--data", data, "--output", old)
    assert said in message
    assert str(tmp_path / "data") in message
    if case == "unequal lines":
        assert "train.en has 42" in message


def test_data_are_looked_at_before_tensorflow_is_loaded(tmp_path: Path) -> None:
    every = [
        write_files(tmp_path / f"data {number}", files) / name
        for number, (name, files, _) in enumerate(DATA.values())
    ]
    refused_without_frameworks("translation", tmp_path / "out", *every)


def test_bad_data_end_to_end(old: Path, tmp_path: Path) -> None:
    before = content(old)
    data = tmp_path / "all.tsv"
    data.write_text(table(GOOD) + "Ana ve\n", encoding="utf-8")
    command = ["-m", "apps.translation", "train", "--data", str(data), "--output", str(old)]
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
    assert f"error: {data}:42: got 1 column, expected 2" in process.stderr
    assert content(old) == before


@pytest.mark.parametrize(
    ("name", "said"),
    [("wmt13_translat", "perhaps wmt13_translate"), ("", "check the name")],
)
def test_unknown_builder_of_tfds(name: str, said: str, old: Path) -> None:
    message = refused(old, "train", "--data", f"tfds:{name}", "--output", old)
    assert f"error: tfds:{name}: " in message
    assert said in message


@pytest.mark.parametrize(
    ("languages", "said"), [("es", "give two"), ("es,", "give two"), ("es,es", "choose two")]
)
def test_languages(languages: str, said: str, old: Path) -> None:
    message = refused(old, "train", "--languages", languages, "--output", old)
    assert said in message


# ------------------------------------------------------------------------ options and output


@pytest.mark.parametrize(
    "arguments",
    [
        ("train", "--epoch5", "3"),
        ("train", "--vocabulary", "letters"),
        ("train", "--max-pieces", "7"),
        ("train", "more"),
        ("evaluate", "--artefact", "float64"),
        ("predict", "--artefact", "tflite", "una casa"),
    ],
    ids=" ".join,
)
def test_unknown_options_and_values(arguments: tuple[str, ...], old: Path) -> None:
    message = refused(old, *arguments)
    assert any(part in message for part in (arguments[-1], arguments[1]))


def test_settings_that_do_not_go_together(old: Path) -> None:
    message = refused(old, "train", "--output", old, "--units", 30, "--heads", 4)
    assert "--units 30" in message and "--heads 4" in message


def test_output_is_a_file(old: Path, tmp_path: Path) -> None:
    file = tmp_path / "exported" / "file"
    file.write_text("mine")
    assert "is a file" in refused(old, "train", "--output", file)
    assert "is a file" in refused(old, "train", "--output", file / "below")
    assert file.read_text() == "mine"


def test_output_without_permission(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    access = os.access

    def denied(path: Any, mode: int) -> bool:
        return not (Path(path) == old.parent and mode & os.W_OK) and access(path, mode)

    monkeypatch.setattr(os, "access", denied)
    for output in (old, old.parent / "new"):
        message = refused(old, "train", "--output", output)
        assert f"{old.parent}: no permission to write" in message


# ------------------------------------------------------------------------ bundles


def test_a_bundle_of_another_application(old: Path) -> None:
    config = json.loads((old / "config.json").read_text())
    (old / "config.json").write_text(json.dumps({**config, "app": "sentiment"}))
    for command in (("evaluate",), ("predict", "una casa")):
        message = refused(old, *command, "--bundle", old)
        assert f"{old}: is a bundle of the application 'sentiment'" in message


def test_an_artefact_that_is_not_there(old: Path) -> None:
    for command in (("evaluate",), ("predict", "una casa")):
        message = refused(old, *command, "--bundle", old, "--artefact", "int8")
        assert "has no artefact int8; it has keras, float32" in message


@pytest.mark.parametrize("artefact", ["keras", "saved_model", "dynamic", "step"])
def test_a_damaged_artefact_is_named(trained: Trained, tmp_path: Path, artefact: str) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(trained.bundle, copy)
    path = artefact_path(copy, "float32" if artefact == "step" else artefact)
    for file in [path] if path.is_file() else [path / "saved_model.pb"]:
        file.write_bytes(file.read_bytes()[:100])
    result = run("predict", "--bundle", copy, "--artefact", artefact, "una casa")
    assert (result.exit_code, result.stdout) == (2, "")
    assert str(path) in error_of(result.stderr)


@pytest.mark.parametrize("artefact", ["float32", "all"])
def test_nothing_on_a_terminal(
    trained: Trained, monkeypatch: pytest.MonkeyPatch, artefact: str
) -> None:
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda stream: True)
    command = ("predict", "--bundle", trained.bundle, "--artefact", artefact)
    assert "no input was given" in refused(trained.bundle, *command)
