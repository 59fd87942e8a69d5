"""Live sound: hop by hop the answer of the whole clip, whatever the blocks."""

from __future__ import annotations

import io
import itertools
import json
from pathlib import Path

import numpy as np
import pytest

from apps.voice.application import APPLICATION
from apps.voice.streaming import Listener, changes
from common.audio.sound import SoundArray
from common.bundle import artefact_path
from tests.apps.command import run_code, run_command
from tests.apps.voice.conftest import RATE, Trained, sweep
from tests.apps.voice.test_bundle import scores_of


@pytest.mark.parametrize("artefact, tolerance", [("step", 1e-4), ("step_int8", 0.1)])
@pytest.mark.parametrize("block", [1, 127, 128, 1000, 100_000])
def test_any_chunking_gives_the_scores_of_the_whole(
    trained: Trained, artefact: str, tolerance: float, block: int
) -> None:
    samples = sweep("fall", 31)
    samples[1000:1300] = 0  # digital silence in the middle
    expected = scores_of(trained.bundle, "keras", [SoundArray(samples, RATE, "x")])[0]
    listener = Listener(artefact_path(trained.bundle, artefact))
    assert (listener.labels, listener.sample_rate) == (("fall", "rise"), RATE)
    blocks = [samples[i : i + block] for i in range(0, len(samples), block)]
    moments = list(listener.listen(blocks))
    assert len(moments) == -(-len(samples) // listener.hop_length)
    np.testing.assert_allclose(moments[-1].scores, expected, atol=tolerance)
    assert moments[-1].seconds == pytest.approx(len(moments) * 128 / RATE)
    # A second clip does not remember the first, and floats are heard as integers are.
    listener.reset()
    again = list(listener.listen([samples / np.float32(32768)]))
    np.testing.assert_array_equal(again[-1].scores, moments[-1].scores)


def test_a_stream_that_is_not_reset_remembers(trained: Trained) -> None:
    listener = Listener(artefact_path(trained.bundle, "step"))
    samples = sweep("fall", 31)
    *_, once = listener.listen([samples])
    *_, twice = listener.listen([sweep("rise", 32), samples])
    assert np.max(np.abs(once.scores - twice.scores)) > 1e-5


def test_an_answer_for_each_change(trained: Trained) -> None:
    listener = Listener(artefact_path(trained.bundle, "step"))
    window = listener.front_end.window_samples
    order = ("rise", "rise", "fall", "rise")
    stream = np.concatenate([sweep(label, 50, window / RATE)[:window] for label in order])
    settle = 0.9 * window / RATE
    moments = list(changes(listener, np.array_split(stream, 17), settle))
    answers = [listener.labels[m.scores.argmax()] for m in moments]
    assert answers == ["rise", "fall", "rise"]
    assert [int(m.seconds * RATE // window) for m in moments] == [0, 2, 3]


def test_predict_hears_standard_input(trained: Trained) -> None:
    stream = np.concatenate([sweep("rise", 60, 1.0), sweep("fall", 61, 1.0)])
    code = """
import sys
from apps.voice.application import APPLICATION
from common.command_line import make_commands
make_commands(APPLICATION)(sys.argv[1:])
"""
    data = stream.astype("<i2").tobytes() + b"\1"  # half a sample at the end
    done = run_code(code, "predict", "--bundle", trained.bundle, "--json", input=data)
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert found and {"input", "seconds", "answer", "score", "scores"} == set(found[0])
    assert all(a["answer"] != b["answer"] for a, b in itertools.pairwise(found))


def test_a_whole_clip_form_cannot_hear_a_stream(trained: Trained) -> None:
    options = ("--bundle", trained.bundle, "--artefact", "int8")
    result = run_command(APPLICATION, "predict", *options, input=io.BytesIO(b"\0\0").getvalue())
    assert result.exit_code == 2
    assert "--artefact step" in result.stderr and "Traceback" not in result.stderr


def test_other_files_are_refused(trained: Trained, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"take step\.tflite"):
        Listener(artefact_path(trained.bundle, "float32"))
    other = tmp_path / "other.tflite"
    other.write_bytes(b"nothing")
    with pytest.raises(ValueError, match="no file of a voice bundle"):
        Listener(other)
