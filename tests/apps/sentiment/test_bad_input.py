"""Input that cannot be used: one sentence, status 2, and the bundle of before stays as it was."""

from __future__ import annotations

import errno
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from common.bundle import artefact_path
from tests.apps.refusal import refused_without_frameworks, write_files
from tests.apps.sentiment.command import ROOT, content, run
from tests.apps.sentiment.conftest import SETTINGS, Trained

HEADER = "text\tlabel\n"
GOOD = HEADER + "".join(
    f"a {('dull', 'bright')[n % 2]} film , number {n}\t{('negative', 'positive')[n % 2]}\n"
    for n in range(40)
)
ROW = "a bright film\tpositive\n"
ONE_CLASS = HEADER + "".join(f"film number {n}\tpositive\n" for n in range(40))

# What the user gives (the name of a file in the folder, or all of it), the files, what is said.
DATA: Mapping[str, tuple[str, Mapping[str, str | bytes], str]] = {
    "no such path": ("nothing.tsv", {}, "there is no such file or folder"),
    "empty file": ("all.tsv", {"all.tsv": ""}, "all.tsv: "),
    "only a header": ("all.tsv", {"all.tsv": HEADER}, "all.tsv: "),
    "empty folder": ("", {}, "there is neither a split file"),
    "missing column": ("all.tsv", {"all.tsv": "text\tclass\na film\tgood\n"}, "'label'"),
    "unknown label in dev": (
        "",
        {"train.tsv": GOOD, "dev.tsv": HEADER + ROW + "so so\tneutral\n"},
        "dev.tsv:3: the label 'neutral'",
    ),
    "single class": ("all.tsv", {"all.tsv": ONE_CLASS}, "'positive'"),
    "too few columns": ("all.tsv", {"all.tsv": GOOD + "a film\n"}, "all.tsv:42: got 1 column,"),
    "too many columns": ("all.tsv", {"all.tsv": GOOD + "a\tb\tc\n"}, "all.tsv:42: got 3 columns,"),
    "not UTF-8": ("all.tsv", {"all.tsv": GOOD.encode() + b"caf\xe9\tpositive\n"}, "all.tsv:42: "),
    "UTF-16": ("all.tsv", {"all.tsv": GOOD.encode("utf-16")}, "UTF-16"),
    "NUL byte": ("all.tsv", {"all.tsv": GOOD + "a\0b\tpositive\n"}, "all.tsv:42: there is a NUL"),
    "train split without rows": ("", {"train.tsv": HEADER, "dev.tsv": GOOD}, "train.tsv: "),
    "dev split without rows": ("", {"train.tsv": GOOD, "dev.tsv": HEADER}, "dev.tsv: "),
    "test split without rows": ("", {"train.tsv": GOOD, "test.tsv": HEADER}, "test.tsv: "),
    "empty text": (
        "all.tsv",
        {"all.tsv": GOOD + "  \tpositive\n"},
        "all.tsv:42: the text is empty",
    ),
    "no table": ("all.txt", {"all.txt": GOOD}, "neither a folder nor a table"),
    "too few rows": ("all.tsv", {"all.tsv": HEADER + ROW + "dull\tnegative\n"}, "all.tsv"),
}


def error_of(stderr: str) -> str:
    """Returns the one sentence that is told; no traceback may stand beside it."""
    assert "Traceback" not in stderr, stderr
    lines = [line for line in stderr.splitlines() if line.lower().startswith("error: ")]
    assert len(lines) == 1, stderr
    assert stderr.endswith(lines[0] + "\n")
    return lines[0]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Something that looks like a bundle; no artefact in it can be read, so none may be opened."""
    folder = tmp_path / "exported" / "old"
    (folder / "tflite").mkdir(parents=True)
    config = {
        "app": "sentiment",
        "format": 1,
        "labels": ["negative", "positive"],
        "max_timesteps": 8,
        "front_end_files": ["vocab.txt"],
        "data": "builtin",
        "settings": {"seed": 0},
    }
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "vocab.txt").write_text("<PAD> 0\n<UNKNOWN> 1\ngood 2\n")
    for artefact in ("keras", "float32"):
        artefact_path(folder, artefact).write_bytes(b"no model")
    (folder / "notes.txt").write_text("the user's own")
    return folder


def refused(old: Path, *arguments: object) -> str:
    """Runs a command that must be refused; returns what it says."""
    before, beside = content(old), sorted(old.parent.iterdir())
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert content(old) == before
    assert sorted(old.parent.iterdir()) == beside
    return error_of(result.stderr)


# ------------------------------------------------------------------------ data


@pytest.mark.parametrize("case", DATA)
def test_data(case: str, old: Path, tmp_path: Path) -> None:
    name, files, said = DATA[case]
    data = write_files(tmp_path / "data", files) / name
    message = refused(old, "train", "--data", data, "--output", old)
    assert said in message
    assert str(tmp_path / "data") in message
    if len(files) < 2:  # evaluate needs no split for training, but data it can read
        evaluated = run("evaluate", "--bundle", old, "--data", data, "--split", "all")
        if case not in ("single class", "too few rows"):
            assert evaluated.exit_code == 2
            assert said in error_of(evaluated.stderr)


def test_data_are_looked_at_before_tensorflow_is_loaded(tmp_path: Path) -> None:
    every = [
        write_files(tmp_path / f"data {number}", files) / name
        for number, (name, files, _) in enumerate(DATA.values())
    ]
    refused_without_frameworks("sentiment", tmp_path / "out", *every)


@pytest.mark.parametrize(
    ("name", "said"), [("imdb_review", "perhaps imdb_reviews"), ("", "check the name")]
)
def test_unknown_builder_of_tfds(name: str, said: str, old: Path) -> None:
    message = refused(old, "train", "--data", f"tfds:{name}", "--output", old)
    assert f"error: tfds:{name}: " in message
    assert said in message


def test_no_network(old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path / "tfds"))
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    message = refused(old, "train", "--data", "tfds:imdb_reviews", "--output", old)
    assert "cannot be downloaded" in message


# ------------------------------------------------------------------------ options


@pytest.mark.parametrize(
    "arguments",
    [
        ("train", "--epoch5", "3"),
        ("train", "--epochs", "0"),
        ("train", "--dropout", "1"),
        ("train", "--cell", "gru"),
        ("train", "--units", "many"),
        ("train", "more"),
        ("evaluate", "--artefact", "float64"),
        ("evaluate", "--resume"),
        ("predict", "--artefact", "tflite", "a text"),
        ("tell", "a text"),
    ],
    ids=" ".join,
)
def test_unknown_options_and_values(arguments: tuple[str, ...], old: Path) -> None:
    message = refused(old, *arguments)
    assert any(part in message for part in (arguments[-1], arguments[1], f"'{arguments[0]}'"))


def test_unknown_option_end_to_end(old: Path) -> None:
    process = subprocess.run(
        [sys.executable, "-m", "apps.sentiment", "train", "--epoch5", "3", "--output", str(old)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert process.returncode == 2
    assert "--epoch5" in error_of(process.stderr)


def test_bad_data_end_to_end(old: Path, tmp_path: Path) -> None:
    before = content(old)
    data = tmp_path / "all.tsv"
    data.write_text(GOOD + "a film\n")
    command = ["-m", "apps.sentiment", "train", "--data", str(data), "--output", str(old)]
    process = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert process.returncode == 2
    assert process.stderr.splitlines() == [error_of(process.stderr)]
    assert f"error: {data}:42: got 1 column, expected 2" in process.stderr
    assert content(old) == before


# ------------------------------------------------------------------------ bundles


COMMANDS = {"evaluate": (), "predict": ("--", "a text")}


def _change(change: Callable[[dict[str, Any]], None]) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        config = json.loads((folder / "config.json").read_text())
        change(config)
        (folder / "config.json").write_text(json.dumps(config))

    return write


def _replace_by_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("a file")


BROKEN: Mapping[str, tuple[Callable[[Path], object], str]] = {
    "not there": (shutil.rmtree, "no such bundle"),
    "a file": (_replace_by_file, "is no bundle"),
    "no bundle": (lambda folder: (folder / "config.json").unlink(), "is no bundle"),
    "not JSON": (lambda folder: (folder / "config.json").write_text("{"), "as JSON"),
    "no JSON object": (lambda folder: (folder / "config.json").write_text("[]"), "JSON object"),
    "another application": (_change(lambda config: config.update(app="voice")), "'voice'"),
    "another format": (_change(lambda config: config.update(format=99)), "another version"),
}


@pytest.mark.parametrize("artefact", ["all", "float32"])
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("case", BROKEN)
def test_no_bundle(case: str, command: str, artefact: str, old: Path) -> None:
    spoil, said = BROKEN[case]
    spoil(old)
    result = run(command, "--bundle", old, "--artefact", artefact, *COMMANDS[command])
    assert result.exit_code == 2, result.output
    message = error_of(result.stderr)
    assert said in message
    assert str(old) in message


@pytest.mark.parametrize("command", COMMANDS)
def test_an_artefact_that_is_not_there(command: str, old: Path) -> None:
    message = refused(old, command, "--bundle", old, "--artefact", "step", *COMMANDS[command])
    assert "has no artefact step; it has keras, float32" in message


def test_a_bundle_without_artefacts(old: Path) -> None:
    for artefact in ("keras", "float32"):
        artefact_path(old, artefact).unlink()
    for command in COMMANDS:
        message = refused(old, command, "--bundle", old, "--artefact", "all", *COMMANDS[command])
        assert "no artefact" in message


def test_a_split_that_is_not_there(old: Path, tmp_path: Path) -> None:
    data = write_files(tmp_path / "data", {"train.tsv": GOOD})
    arguments = ("evaluate", "--bundle", old, "--data", data, "--split")
    assert "there is no test split" in refused(old, *arguments, "test")
    assert "no split is called 'tset'" in refused(old, *arguments, "tset")


@pytest.mark.parametrize("artefact", ["float32", "all"])
def test_text_that_is_not_utf8(artefact: str, trained: Trained) -> None:
    command = ("predict", "--bundle", trained.bundle, "--artefact", artefact, "--json")
    result = run(*command, "good", "caf\udce9")  # as Python decodes the bytes of an argument
    assert result.exit_code == 2, result.output
    assert "input 2: the text is not UTF-8" in error_of(result.stderr)
    result = run(*command, input=b"good\ncaf\xe9\n")
    assert result.exit_code == 2, result.output
    assert "standard input:2: is not UTF-8 (byte 4)" in error_of(result.stderr)


def test_nothing_on_a_terminal(trained: Trained, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda stream: True)
    for artefact in ("float32", "all"):
        message = refused(
            trained.bundle, "predict", "--bundle", trained.bundle, "--artefact", artefact
        )
        assert "no input was given" in message


# ------------------------------------------------------------------------ output


def test_output_is_a_file(old: Path, tmp_path: Path) -> None:
    file = tmp_path / "exported" / "file"
    file.write_text("mine")
    assert "is a file" in refused(old, "train", "--output", file)
    assert "is a file" in refused(old, "train", "--output", file / "below")
    assert file.read_text() == "mine"


def test_output_holds_files_of_somebody_else(old: Path) -> None:
    (old / "config.json").unlink()
    assert "somebody's own" in refused(old, "train", "--output", old)


def test_output_without_permission(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    access = os.access

    def denied(path: Any, mode: int) -> bool:
        return not (Path(path) == old.parent and mode & os.W_OK) and access(path, mode)

    monkeypatch.setattr(os, "access", denied)
    for output in (old, old.parent / "new", old.parent / "new" / "below"):
        message = refused(old, "train", "--output", output)
        assert f"{old.parent}: no permission to write" in message


def test_full_disk_while_exporting(
    trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Training goes well, the disk is full when the third file is written."""
    import keras

    from apps.sentiment.application import APPLICATION
    from common.classification import fitting
    from common.training import History

    APPLICATION.import_layers()
    model = keras.saving.load_model(trained.bundle / "model.keras", compile=False)
    monkeypatch.setattr(fitting, "fit", lambda *_: (model, History()))
    output = tmp_path / "exported" / "mine"
    shutil.copytree(trained.bundle, output)
    before = content(output)
    written: list[Path] = []

    def full(path: Path, data: bytes) -> int:
        written.append(path)
        if len(written) < 3:
            return _write_bytes(path, data)
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    _write_bytes = Path.write_bytes
    monkeypatch.setattr(Path, "write_bytes", full)
    result = run("train", "--data", trained.data, "--output", output, *SETTINGS)
    monkeypatch.undo()
    assert len(written) == 3
    assert written[-1].suffix == ".tflite"
    assert result.exit_code == 2, result.output
    assert "the disk is full" in error_of(result.stderr)
    assert content(output) == before
    assert list(output.parent.iterdir()) == [output]


def test_resume_with_other_settings(old: Path, tmp_path: Path) -> None:
    data = write_files(tmp_path / "data", {"all.tsv": GOOD}) / "all.tsv"
    checkpoint = old.parent / f".{old.name}.training"
    checkpoint.mkdir()
    identity = {"settings": {"units": 5}, "data": "0"}
    state = {"identity": identity, "epochs": [], "best_epoch": 0, "stopped": False}
    (checkpoint / "state.json").write_text(json.dumps(state))
    arguments = ("--data", data, "--output", old, "--units", 4, "--max-tokens", 8)
    assert "other settings or data" in refused(old, "train", "--resume", *arguments)
    assert (checkpoint / "state.json").exists()


@pytest.mark.parametrize("artefact", ["keras", "saved_model", "int8", "step"])
def test_a_damaged_artefact_is_named(trained: Trained, tmp_path: Path, artefact: str) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(trained.bundle, copy)
    path = artefact_path(copy, artefact)
    for file in [path] if path.is_file() else [path / "saved_model.pb"]:
        file.write_bytes(file.read_bytes()[:100])
    result = run("predict", "--bundle", str(copy), "--artefact", artefact, "good")
    assert result.exit_code == 2
    assert str(path) in error_of(result.stderr)
