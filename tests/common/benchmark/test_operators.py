"""What the profile says of a file: counts from the file itself and from the runtime agree."""

from __future__ import annotations

import platform
import sys
from pathlib import Path

import keras
import pytest
import tensorflow as tf
from click.testing import CliRunner

from common.benchmark.calls import open_file
from common.benchmark.layer_files import Sizes, build, layer_file, sequence
from common.benchmark.operators import main, profile
from common.export.tflite import convert
from common.recurrent.layer import Recur

TINY = Sizes(6, 3, 5)
HERE = sys.platform == "linux" and platform.machine() == "x86_64"


@pytest.fixture(scope="module")
def unrolled() -> bytes:
    return layer_file(build(Recur, TINY), TINY, "unrolled")


def test_the_remark_counts_operators_of_every_subgraph(unrolled: bytes) -> None:
    remark = profile("ours", unrolled, runs=1).remark
    # A candidate in each of six steps.
    assert "6 TANH" in remark and "subgraph" not in remark
    loop = layer_file(build(keras.layers.GRU, TINY), TINY)
    assert "1 WHILE" in (remark := profile("GRU", loop, runs=1).remark)
    assert remark.count("in a subgraph") == 2


@pytest.mark.skipif(not HERE, reason="the types of the C functions were tried on x86-64 Linux")
def test_the_runtime_runs_what_is_in_the_file(unrolled: bytes) -> None:
    case = profile("ours", unrolled, runs=3)
    assert not [row.missing for row in case.rows if row.missing]
    counts = {row.name: row.figures["a call"] for row in case.rows}
    assert counts["TanH (NC)"] == counts["Sigmoid (NC)"] == 6
    # Of the states after the first there are five, and the input's.
    assert counts["Fully Connected (NC, F32) GEMM"] >= 5 + 1


def test_where_the_profiler_fails_there_are_counts_and_the_reason(
    unrolled: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    crash = tmp_path / "crash"
    crash.write_text("#!/bin/sh\necho refused >&2\nexit 3\n")
    crash.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(crash))
    case = profile("ours", unrolled, runs=1)
    assert "6 TANH" in case.remark
    (row,) = case.rows
    assert row.ms is None and row.missing == "the profiler: refused"


@pytest.mark.skipif(not HERE, reason="the types of the C functions were tried on x86-64 Linux")
def test_files_with_several_inputs_and_outputs() -> None:
    specs = [tf.TensorSpec((1, 2), tf.float32, name) for name in "ab"]
    content = convert(
        lambda a, b: {"sum": a + b, "product": a * b, "difference": a - b},
        specs,
        [],
        artefacts={"float32": "float32"},
        signature="run",
        single_subgraph=True,
    )["float32"]
    rows = profile("ours", content, runs=2).rows
    assert {row.name for row in rows} == {"Add (ND)", "Multiply (ND)", "Subtract (ND)"}


def test_the_command_names_what_is_no_file(tmp_path: Path, unrolled: bytes) -> None:
    text = tmp_path / "text.txt"
    text.write_text("no model")
    for path in (text, tmp_path / "absent.tflite", tmp_path):
        result = CliRunner().invoke(main, [str(path)])
        assert result.exit_code == 2
        assert str(path) in result.stderr and len(result.stderr.splitlines()) == 1
    file = tmp_path / "ours.tflite"
    file.write_bytes(unrolled)
    result = CliRunner().invoke(main, [str(file), "--runs", "1"])
    assert result.exit_code == 0 and "In the file: " in result.stdout


def test_profiling_changes_no_answer(unrolled: bytes) -> None:
    before = open_file(unrolled)(sequence(TINY))
    profile("ours", unrolled, runs=1)
    assert (open_file(unrolled)(sequence(TINY)) == before).all()
