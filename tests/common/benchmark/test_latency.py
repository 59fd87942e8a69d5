"""The files of the latency benchmark: each computes what its layer computes in Keras."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from common.benchmark.calls import call_times, open_file
from common.benchmark.fused_lstm import FUSED as FUSED_OPERATOR
from common.benchmark.latency import AIMS, measure
from common.benchmark.layer_files import (
    FUSED,
    INT8,
    LOOP,
    TF_KERAS,
    UNROLLED,
    LayerFile,
    Sizes,
    build,
    fused_file,
    make_files,
    sequence,
)
from common.export.operators import subgraph_operators
from common.recurrent.cell import RecurCell

# More steps than units: no axis can be taken for another.
TINY = Sizes(9, 3, 5)
NAMES = [LOOP, UNROLLED, INT8, "SimpleRNN", "GRU", "LSTM"]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, LayerFile]:
    return dict(make_files(TINY, tmp_path_factory.mktemp("empty")))


@pytest.mark.parametrize("name", NAMES)
def test_a_file_computes_what_keras_computes(files: dict[str, LayerFile], name: str) -> None:
    file = files[name]
    answer = open_file(file.content)(sequence(TINY))
    difference = np.abs(answer - file.expected).max()
    # The states are between -1 and 1, in 256 steps.
    assert difference < (0.05 if name == INT8 else 1e-5)
    other = open_file(file.content)(sequence(TINY, seed=1))
    assert np.abs(other - file.expected).max() > 0.1


def test_ours_is_measured_against_the_loop_of_keras(files: dict[str, LayerFile]) -> None:
    model = build(lambda units: keras.layers.RNN(RecurCell(units)), TINY)
    expected = np.asarray(model(sequence(TINY)))
    for name in (LOOP, UNROLLED, INT8):
        assert np.array_equal(files[name].expected, expected)


def test_forms_and_precisions(files: dict[str, LayerFile]) -> None:
    loops = {name: len(subgraph_operators(files[name].content)) > 1 for name in NAMES}
    assert loops == {name: name not in (UNROLLED, INT8) for name in NAMES}
    assert "QUANTIZE" in subgraph_operators(files[INT8].content)[0]
    assert "QUANTIZE" not in subgraph_operators(files[UNROLLED].content)[0]


def test_without_keras_2_the_fused_kernel_is_missing_and_the_rest_is_there(
    files: dict[str, LayerFile],
) -> None:
    assert list(files) == [*NAMES, FUSED]
    assert not files[FUSED].content
    assert "make .cache/bench/.installed" in files[FUSED].missing
    assert all(file.content and not file.missing for file in list(files.values())[:-1])


@pytest.mark.skipif(not (TF_KERAS / "tf_keras").is_dir(), reason="Keras 2 is not installed")
def test_the_fused_kernel_is_one_and_computes_what_keras_3_computes() -> None:
    model = build(keras.layers.LSTM, TINY)
    content = fused_file(model, TINY)
    assert subgraph_operators(content)[0][FUSED_OPERATOR] == 1
    expected = np.asarray(model(sequence(TINY)))
    run = open_file(content)
    assert np.abs(run(sequence(TINY)) - expected).max() < 1e-5
    # Its state stays, so only the first answer is comparable.
    assert np.abs(run(sequence(TINY)) - expected).max() > 1e-3


def test_keras_3_gets_no_fused_kernel(files: dict[str, LayerFile]) -> None:
    found = [name for part in subgraph_operators(files["LSTM"].content) for name in part]
    assert FUSED_OPERATOR not in found


def test_the_first_answer_comes_with_the_times(files: dict[str, LayerFile]) -> None:
    contents = {name: files[name].content for name in ("GRU", LOOP)}
    called = call_times(contents, sequence(TINY), threads=1, rounds=2)
    assert list(called) == ["GRU", LOOP]
    for name, (ms, answer) in called.items():
        assert ms.low > 0
        assert np.array_equal(answer, open_file(contents[name])(sequence(TINY)))


def test_files_are_timed_without_tensorflow() -> None:
    code = "import sys, common.benchmark.calls; print('tensorflow' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_file_that_cannot_be_called_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="could not be timed"):
        call_times({"none": b"no model"}, sequence(TINY), threads=1, rounds=1)


def test_cases_have_a_row_for_each_file(
    monkeypatch: pytest.MonkeyPatch, files: dict[str, LayerFile], tmp_path: Path
) -> None:
    monkeypatch.setattr("common.benchmark.latency.make_files", lambda size: files)
    cases = list(measure([TINY], (1, 2), rounds=2, say=lambda line: None))
    assert [case.name for case in cases] == [f"{TINY}, 1 thread", f"{TINY}, 2 threads"]
    for case in cases:
        assert [row.name for row in case.rows] == [*NAMES, FUSED]
        for row in case.rows[:-1]:
            assert row.ms is not None
            assert row.figures["bytes"] == len(files[row.name].content)
            assert row.figures["off Keras"] < 0.05
        assert case.rows[-1].ms is None and case.rows[-1].missing
        # Without the fused kernel there are the ratios to GRU.
        assert [(one.of, one.to) for one in case.ratios] == [pair for pair in AIMS if "GRU" in pair]
