"""C source of a one-step file: compilers take it, and what they make of it is the file."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import zlib
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter
from click.testing import CliRunner, Result

from common.micro.__main__ import main
from common.micro.arena import Arena
from common.micro.c_array import Source, c_files
from common.micro.golden import End, Step, read_step
from tests.common.micro.steps import INPUTS, UNITS, step_file, write_bundle

COMPILERS = {
    "C99": ["gcc", "-std=c99"],
    "C11": ["gcc", "-std=c11"],
    "C++11": ["g++", "-std=c++11", "-x", "c++"],
    "C++17": ["g++", "-std=c++17", "-x", "c++"],
}
# Prints what the compiled file holds, so that a test can hold it against the original.
PROGRAM = r"""
#include <inttypes.h>
#include <stdio.h>
#include "recur_tiny.h"
#define COUNT(name) operators++;
static void show(const char *name, const float *values, int count) {
  int i;
  for (i = 0; i < count; i++) printf("%s %.9g\n", name, (double)values[i]);
}
int main(void) {
  uint32_t crc = 0xffffffffu;
  int i, bit, operators = 0;
  RECUR_TINY_OPERATORS(COUNT)
  for (i = 0; i < (int)recur_tiny_model_len; i++) {
    crc ^= recur_tiny_model[i];
    for (bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0xedb88320u & (0u - (crc & 1u)));
  }
  printf("crc %" PRIu32 "\n", crc ^ 0xffffffffu);
  printf("aligned %d\n", (int)((uintptr_t)recur_tiny_model % 16));
  printf("operators %d %d\n", operators, RECUR_TINY_OPERATOR_COUNT);
  for (i = 0; i < RECUR_TINY_STATE_COUNT; i++)
    printf("joined %d %d %d\n", recur_tiny_states[i][0], recur_tiny_states[i][1],
           RECUR_TINY_STATE_BYTES);
  for (i = 0; i < RECUR_TINY_LABEL_COUNT; i++) printf("label %s\n", recur_tiny_labels[i]);
  for (i = 0; i < RECUR_TINY_GOLDEN_STEPS; i++) {
    show("given", recur_tiny_golden_given[i], RECUR_TINY_INPUT_GIVEN_SIZE);
    show("scores", recur_tiny_golden_scores[i], RECUR_TINY_OUTPUT_SCORES_SIZE);
    show("state", recur_tiny_golden_state[i], RECUR_TINY_OUTPUT_STATE_SIZE);
  }
  return 0;
}
"""


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return write_bundle(tmp_path / "tiny")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["tiny", *map(str, arguments)])


def said_by(folder: Path, compiler: str) -> dict[str, list[str]]:
    """Compiles the files with the program above and returns what it says, by the first word."""
    command, standard, *language = COMPILERS[compiler]
    if shutil.which(command) is None:
        pytest.skip(f"no {command}; install a compiler")
    (folder / "program.c").write_text(PROGRAM)
    sources = ["program.c", "recur_tiny_model.c", "recur_tiny_golden.c"]
    strict = ["-Wall", "-Wextra", "-pedantic", "-Werror"]
    subprocess.run(
        [command, standard, *strict, "-o", "program", *language, *sources], cwd=folder, check=True
    )
    out = subprocess.run([folder / "program"], check=True, capture_output=True).stdout.decode()
    said: dict[str, list[str]] = {}
    for line in out.splitlines():
        word, _, rest = line.partition(" ")
        said.setdefault(word, []).append(rest)
    return said


@pytest.mark.parametrize("compiler", COMPILERS)
def test_the_object_holds_the_file(bundle: Path, compiler: str) -> None:
    assert run("--bundle", bundle).exit_code == 0
    folder = bundle.with_name("tiny-c")
    said = said_by(folder, compiler)
    file = (bundle / "tflite" / "step_int8.tflite").read_bytes()
    assert said["crc"] == [str(zlib.crc32(file))]
    assert said["crc"] != [str(zlib.crc32(file[:-1] + bytes([file[-1] ^ 1])))]
    assert said["aligned"] == ["0"]
    assert said["label"] == ['low "?"', "höch"]
    given, wanted = said["operators"][0].split()
    assert given == wanted
    assert hashlib.sha256(file).hexdigest() in (folder / "recur_tiny.h").read_text()


@pytest.mark.parametrize("artefact, tolerance", [("step", 1e-6), ("step_int8", 3 / 128)])
def test_golden_steps_are_those_of_litert(bundle: Path, artefact: str, tolerance: float) -> None:
    """Walked once more here, with the kernels that LiteRT takes by itself."""
    assert run("--bundle", bundle, "--artefact", artefact, "--steps", 3).exit_code == 0
    said = said_by(bundle.with_name("tiny-c"), "C99")
    found = {
        name: np.array(said[name], float).astype("float32").reshape(3, -1)
        for name in ("given", "scores", "state")
    }
    inputs = np.load(bundle / "golden" / "examples.npz")["inputs"][0].reshape(-1, INPUTS)
    np.testing.assert_array_equal(found["given"], inputs[:3])
    path = str(bundle / "tflite" / f"{artefact}.tflite")
    step = Interpreter(model_path=path).get_signature_runner("step")
    state = np.zeros((1, UNITS), np.float32)
    for given, scores, after in zip(found["given"], found["scores"], found["state"], strict=True):
        outputs = step(given=given[None], state=state)
        np.testing.assert_allclose(scores, outputs["scores"][0], atol=tolerance)
        np.testing.assert_allclose(after, outputs["state"][0], atol=tolerance)
        state = after[None]
    assert np.ptp(found["state"], axis=0).min() > tolerance  # so that a stuck state is seen


def test_states_are_joined_by_their_names(bundle: Path) -> None:
    run("--bundle", bundle)
    said = said_by(bundle.with_name("tiny-c"), "C99")
    interpreter = Interpreter(str(bundle / "tflite" / "step_int8.tflite"))
    sizes = [
        [int(np.prod(end["shape"])) for end in ends]
        for ends in (interpreter.get_output_details(), interpreter.get_input_details())
    ]
    ((output, input, size),) = (map(int, line.split()) for line in said["joined"])
    assert sizes[0][output] == sizes[1][input] == UNITS
    assert size == 4 * UNITS


def test_a_state_goes_from_its_output_to_its_input() -> None:
    def end(name: str, index: int) -> End:
        return End(name, index, "FLOAT32", (1, UNITS), 0.0, 0, 0.0)

    step = Step((end("x", 0), end("state", 1)), (end("a", 0), end("b", 1), end("state", 2)))
    arena, zeros = Arena(16, 16, 1024), np.zeros((1, UNITS), "float32")
    answers = [dict.fromkeys(("a", "b", "state"), zeros)]
    files = c_files(Source("tiny", "step", b"?", step, ["a"], ["Add"], arena, zeros[None], answers))
    assert (
        "recur_tiny_states[RECUR_TINY_STATE_COUNT][2] = {\n    {2, 1},\n};"
        in (files["recur_tiny_model.c"])
    )
    assert f"#define RECUR_TINY_STATE_BYTES {4 * UNITS}\n" in files["recur_tiny.h"]


def test_a_quantum_is_that_of_the_integers_behind_floats(bundle: Path) -> None:
    ends = {end.name: end for end in read_step(step_file("int8")).outputs}
    assert ends["scores"].quantum == pytest.approx(1 / 256)
    assert ends["scores"].scale == 0
    assert {end.quantum for end in read_step(step_file("float32")).outputs} == {0.0}
    run("--bundle", bundle)
    header = (bundle.with_name("tiny-c") / "recur_tiny.h").read_text()
    assert "#define RECUR_TINY_OUTPUT_SCORES_QUANTUM 0.00390625f\n" in header


def test_the_same_bundle_gives_the_same_files(bundle: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        run("--bundle", bundle, "--output", tmp_path / name)
    contents = [
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in "ab"
    ]
    assert contents[0] == contents[1]
    assert len(contents[0]) == 3


def test_other_files_in_the_folder_stay(bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "sketch").mkdir()
    (tmp_path / "sketch" / "sketch.ino").write_text("mine")
    (tmp_path / "sketch" / "recur_tiny.h").write_text("old")
    assert run("--bundle", bundle, "--output", tmp_path / "sketch").exit_code == 0
    assert (tmp_path / "sketch" / "sketch.ino").read_text() == "mine"
    assert (tmp_path / "sketch" / "recur_tiny.h").read_text() != "old"
    assert len(list((tmp_path / "sketch").iterdir())) == 4


def test_what_it_says(bundle: Path) -> None:
    result = run("--bundle", bundle, "--steps", 99)
    assert result.exit_code == 0
    size = len(step_file("int8"))
    assert result.stdout.startswith(f"step_int8.tflite of tiny: {size:,} bytes")
    assert re.search(r"^arena: [0-9,]+ bytes at most; .* estimated", result.stdout, re.MULTILINE)
    assert result.stdout.count("recur_tiny") == 3
    assert result.stderr == "note: the golden example has 5 steps\n"


def test_mistakes_are_told_in_one_sentence(bundle: Path, tmp_path: Path) -> None:
    def refused(*arguments: object) -> str:
        result = run(*arguments)
        assert result.exit_code == 2, result.output
        assert result.stdout == ""
        (line,) = result.stderr.splitlines()
        return line

    ask = partial(refused, "--bundle", bundle)
    assert "no such bundle; make one with" in refused("--bundle", tmp_path / "none")
    (tmp_path / "file").write_text("")
    assert "is a file; give --output" in ask("--output", tmp_path / "file")
    step = bundle / "tflite" / "step.tflite"
    step.write_bytes(step.read_bytes()[:100])
    assert "step.tflite: cannot be opened" in ask("--artefact", "step")
    step.unlink()
    assert "has no artefact step; it has step_int8" in ask("--artefact", "step")
    np.savez(bundle / "golden" / "examples.npz", inputs=np.zeros((1, INPUTS + 1)))
    assert "no whole steps of 3" in ask()
    (bundle / "golden" / "examples.npz").write_bytes(b"no archive")
    assert "examples.npz: cannot be read, so the bundle is damaged" in ask()
    (bundle / "golden" / "examples.npz").unlink()
    assert "examples.npz: no such file; train the bundle again" in ask()
    assert not bundle.with_name("tiny-c").exists()


def test_an_operator_that_boards_lack_is_named(
    bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("common.micro.operators.OPERATORS", frozenset({"ADD"}))
    result = run("--bundle", bundle)
    assert result.exit_code == 2
    assert "TensorFlow Lite Micro lacks DEQUANTIZE, FULLY_CONNECTED" in result.stderr
