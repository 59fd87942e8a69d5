"""The manners of every command line: where answers go, what an error looks like, exit statuses."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from common.bundle import artefact_path, open_bundle
from common.command_line import make_commands
from common.errors import UserError
from common.export.errors import ExportError
from common.settings import option

ROW = {"artefact": "float32", "metrics": {"accuracy": 0.5}, "note": "é"}


@dataclass(frozen=True)
class Settings:
    """Of an application without a network."""

    epochs: int = option(3, "Passes.", 1)
    layer: str = option("recur", "Layer.")


class Echo:
    """An application whose commands answer what they were asked, or do what `act` says."""

    name, summary, input_help = "echo", "Says what it hears.", "Anything."
    reads_texts = True
    settings = Settings
    data_options = (click.Option(["--column"], default="text"),)

    def __init__(self, act: Callable[[], None] = lambda: None) -> None:
        self.act = act
        self.seen: dict[str, Any] = {}

    def more_commands(self) -> list[click.Command]:
        return [click.Command("shout")]

    def train(self, *arguments: Any) -> list[dict[str, Any]]:
        names = ("application", "data", "output", "settings", "options", "resume", "progress")
        *given, without = arguments
        self.seen = {**dict(zip(names, given, strict=True)), "without": without}
        given[-1].say("working")
        self.act()
        return [ROW]

    def evaluate(self, *arguments: Any) -> Iterator[dict[str, Any]]:
        names = ("application", "bundle", "artefacts", "data", "split", "options", "progress")
        self.seen = dict(zip(names, arguments, strict=True))
        yield ROW
        self.act()

    def predict(self, _: Any, bundle: Path, artefact: str, inputs: Any) -> Iterator[dict[str, Any]]:
        for one in inputs:
            yield {"input": one, "answer": artefact, "score": 0.5}
        self.act()

    def commands(self) -> Any:
        return SimpleNamespace(
            train=self.train,
            evaluate=self.evaluate,
            predict=self.predict,
            artefacts=lambda bundle: bundle.artefacts(),
            format_rows=lambda rows: [f"table of {len(rows)}"],
        )


def run(application: Echo, *arguments: object, input: str | None = None) -> Result:
    return CliRunner().invoke(make_commands(application), [str(a) for a in arguments], input=input)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    (tmp_path / "tflite").mkdir()
    (tmp_path / "config.json").write_text('{"app": "echo", "format": 1}')
    for artefact in ("keras", "int8"):
        artefact_path(tmp_path, artefact).write_bytes(b"")
    return tmp_path


def test_what_was_said_of_the_data_in_training_holds_for_them(bundle: Path) -> None:
    config = {
        "app": "echo",
        "format": 1,
        "data": "d",
        "settings": {"seed": 7},
        "options": {"column": "review"},
    }
    (bundle / "config.json").write_text(json.dumps(config))
    echo, opened = Echo(), open_bundle(bundle, "echo")
    run(echo, "evaluate", "--bundle", bundle, "--artefact", "int8")
    unsaid = echo.seen["options"]
    assert unsaid == {"column": None}
    run(echo, "evaluate", "--bundle", bundle, "--artefact", "int8", "--column", "text")
    said = echo.seen["options"]
    assert said == {"column": "text"}
    assert opened.data_options(echo, "d", unsaid) == {"seed": 7, "column": "review"}
    assert opened.data_options(echo, "d", said) == {"seed": 7, "column": "text"}
    # Of other data nothing was said.
    assert opened.data_options(echo, "e", unsaid) == {"seed": 7, "column": "text"}


# ------------------------------------------------------------------------ answers


def test_answers_on_standard_output_and_all_else_on_standard_error() -> None:
    result = run(Echo(), "train", "--output", "somewhere")
    assert (result.exit_code, result.stdout) == (0, "table of 1\n")
    assert result.stderr.startswith("working\n")
    assert "somewhere/README.md" in result.stderr


def test_json_is_one_object_a_line() -> None:
    for command in ("train", "evaluate"):
        arguments = (command, "--artefact", "int8", "--json")
        result = run(Echo(), *(arguments if command == "evaluate" else (command, "--json")))
        assert result.exit_code == 0, result.output
        assert result.stdout.count("\n") == 1
        assert json.loads(result.stdout) == ROW
        assert "é" in result.stdout  # for people too


def test_options_reach_the_application(tmp_path: Path) -> None:
    echo = Echo()
    run(echo, "train")
    assert (echo.seen["data"], echo.seen["output"]) == ("builtin", Path("exported/echo").resolve())
    assert (echo.seen["settings"], echo.seen["resume"]) == (Settings(), False)
    assert echo.seen["without"] == ()
    given = ("--data", "d", "--output", tmp_path, "--resume", "--epochs", 5, "--column", "c")
    run(echo, "train", *given, "--without", "int8", "--without", "step")
    assert (echo.seen["data"], echo.seen["output"]) == ("d", tmp_path)
    assert (echo.seen["settings"].epochs, echo.seen["resume"]) == (5, True)
    assert echo.seen["options"]["column"] == "c"
    assert echo.seen["without"] == ("int8", "step")
    run(echo, "evaluate", "--bundle", tmp_path, "--artefact", "step", "--split", "dev")
    assert (echo.seen["artefacts"], echo.seen["split"], echo.seen["data"]) == (
        ["step"],
        "dev",
        None,
    )


def test_lines_of_a_file_are_inputs(tmp_path: Path, bundle: Path) -> None:
    file = tmp_path / "a file.txt"
    file.write_bytes(b"one\r\n\r\n--two\r\n")
    arguments = ("predict", "--bundle", bundle, "--input-file", file)
    result = run(Echo(), *arguments, "--artefact", "int8", "--json")
    assert result.exit_code == 0, result.output
    assert [json.loads(x)["input"] for x in result.stdout.splitlines()] == ["one", "", "--two"]
    assert run(Echo(), *arguments, "--artefact", "all").stdout.count("\n") == 2 * 3
    for wrong, said in (((file, "three"), "not both"), ((tmp_path / "b",), "b: there is no such")):
        result = run(Echo(), *arguments[:-1], *wrong)
        assert (result.exit_code, result.stdout) == (2, "")
        assert said in result.stderr


def test_only_texts_are_read_from_a_file() -> None:
    class Hearing(Echo):
        reads_texts = False

    assert "--input-file" in run(Echo(), "predict", "--help").stdout
    assert "--input-file" not in run(Hearing(), "predict", "--help").stdout


def test_output_is_where_a_link_leads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    echo = Echo()
    run(echo, "train", "--output", tmp_path / "link")
    assert echo.seen["output"] == tmp_path / "real"
    monkeypatch.chdir(tmp_path / "real")
    run(echo, "train", "--output", ".")
    assert echo.seen["output"] == tmp_path / "real"


def test_all_means_the_artefacts_that_are_there(bundle: Path) -> None:
    echo = Echo()
    result = run(echo, "evaluate", "--bundle", bundle)
    assert result.exit_code == 0, result.output
    assert echo.seen["artefacts"] == ["keras", "int8"]


def test_predict_answers_each_input_at_once(bundle: Path) -> None:
    def fail() -> None:
        raise UserError("the third cannot be read")

    result = run(Echo(fail), "predict", "--artefact", "step", "one", "two")
    assert (result.exit_code, result.stdout) == (2, "step\t0.5000\tone\nstep\t0.5000\ttwo\n")


def test_predict_with_all_artefacts_says_which(bundle: Path) -> None:
    arguments = ("predict", "--bundle", bundle, "--artefact", "all")
    named = run(Echo(), *arguments, "one", "two")
    assert named.stdout.splitlines() == [
        *("keras\tkeras\t0.5000\tone", "keras\tkeras\t0.5000\ttwo"),
        *("int8\tint8\t0.5000\tone", "int8\tint8\t0.5000\ttwo"),
    ]
    piped = run(Echo(), *arguments, "--json", input="one\ntwo\n")
    assert [json.loads(line)["artefact"] for line in piped.stdout.splitlines()] == [
        *("keras", "keras", "int8", "int8")
    ]


# ------------------------------------------------------------------------ errors


def raising(error: BaseException) -> Callable[[], None]:
    def act() -> None:
        os.write(2, b"noise of native code\n")
        raise error

    return act


MISTAKES = {
    "wrong input": (UserError("a.tsv:3: is wrong; mend it"), "a.tsv:3: is wrong; mend it"),
    "full disk": (OSError(errno.ENOSPC, "No space left on device"), "the disk is full"),
    "full disk in TensorFlow": (RuntimeError("/x/y; No space left on device"), "the disk is full"),
    "quota": (OSError(errno.EDQUOT, "Quota", "/x/y"), "/x/y: the disk is full"),
    "permission": (PermissionError(errno.EACCES, "denied", "/x/y"), "/x/y: no permission"),
    "read-only": (OSError(errno.EROFS, "Read-only", "/x/y"), "/x/y: no permission"),
}


@pytest.mark.parametrize("command", ["train", "evaluate", "predict"])
@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_of_the_user_is_one_sentence(
    case: str, command: str, bundle: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    error, said = MISTAKES[case]
    arguments = () if command == "train" else ("--bundle", bundle, "--artefact", "int8")
    result = run(Echo(raising(error)), command, *arguments)
    assert result.exit_code == 2
    lines = [line for line in result.stderr.splitlines() if line != "working"]
    assert len(lines) == 1
    assert lines[0].startswith(f"error: {said}")
    assert capfd.readouterr().err == ""  # nor is there any noise


FAULTS = {
    "export": (ExportError("int8: too far away"), "int8: too far away"),
    "bug": (KeyError("units"), "units"),
    "without a message": (AssertionError(), "AssertionError"),
    "another error of the system": (IsADirectoryError(errno.EISDIR, "Is a directory"), "Is a dir"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_of_ours_shows_everything(case: str) -> None:
    error, said = FAULTS[case]
    result = run(Echo(raising(error)), "train")
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    lines = result.stderr.splitlines()
    assert "Traceback (most recent call last):" in lines
    assert "noise of native code" in lines
    assert lines[-1].startswith("error: ")
    assert said in lines[-1]
    assert sum(line.startswith("error: ") for line in lines) == 1
    assert result.stdout == ""


def test_an_interrupt_is_no_fault() -> None:
    result = run(Echo(raising(KeyboardInterrupt())), "train")
    assert result.exit_code == 130
    assert result.stderr == "working\nerror: interrupted\n"


def test_a_closed_pipe_is_told_to_nobody() -> None:
    result = run(Echo(raising(BrokenPipeError(errno.EPIPE, "Broken pipe"))), "train")
    assert result.exit_code == 1
    assert result.stderr == "working\n"


def test_verbose_hides_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    def act() -> None:
        os.write(2, b"noise of native code\n")

    assert run(Echo(act), "train").exit_code == 0
    assert capfd.readouterr().err == ""
    assert run(Echo(act), "train", "--verbose").exit_code == 0
    assert capfd.readouterr().err == "noise of native code\n"


@pytest.mark.parametrize(
    "arguments", [("train", "--nothing"), ("train", "--epochs", "0"), ("sing",), ("train", "x")]
)
def test_wrong_usage(arguments: tuple[str, ...]) -> None:
    echo = Echo()
    result = run(echo, *arguments)
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1].startswith("Error: ")
    assert "Traceback" not in result.stderr
    assert echo.seen == {}


def test_help_shows_every_option_with_its_default() -> None:
    for command, options in {
        "train": ["--data", "--output", "--resume", "--column", "--epochs", "--json"],
        "evaluate": ["--bundle", "--artefact", "--data", "--split", "--column", "--json"],
        "predict": ["--bundle", "--artefact", "--json", "--verbose"],
    }.items():
        text = run(Echo(), command, "--help").stdout
        assert [o for o in options if f"  {o}" not in text] == []
    assert "[default: 3; x>=1]" in run(Echo(), "train", "--help").stdout
