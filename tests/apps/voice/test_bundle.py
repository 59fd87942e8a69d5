"""What training leaves, used as its users do: every artefact, through its own runtime."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from apps.voice.application import APPLICATION
from common.audio.sound import SoundArray, wav_bytes
from common.bundle import ARTEFACTS, TFLITE_ARTEFACTS, artefact_path, open_bundle
from common.export.operators import subgraph_operators
from common.export.saved_model import read_warmup, run_in_session
from common.micro.operators import missing_operators
from tests.apps.command import rows, run_code, run_command
from tests.apps.voice.conftest import CLIPS, RATE, SPEAKERS, Trained, sweep

EXACT = ("keras", "saved_model", "float32", "loop", "step")


def sounds() -> list[SoundArray]:
    """Returns sounds of many lengths: shorter than a hop, of one window, of several, silent."""
    few = [sweep("rise" if i % 2 else "fall", 900 + i) for i in range(6)]
    long = np.concatenate([sweep("rise", 1, 0.48), np.zeros(700, np.int16), sweep("fall", 2, 1.1)])
    inside = np.concatenate([few[0][:1500], np.zeros(600, np.int16), few[1][:1500]])
    made = [
        *few,
        long,
        inside,
        few[0][:1],
        few[0][:129],
        np.zeros(500, np.int16),
        np.zeros(9000, np.int16),
        np.concatenate([np.zeros(5000, np.int16), few[2]]),
    ]
    return [SoundArray(samples, RATE, str(i)) for i, samples in enumerate(made)]


def scores_of(bundle: Path, artefact: str, inputs: Sequence[Any]) -> NDArray[np.float32]:
    """Returns the scores that an artefact gives, straight from its runtime."""
    from common.classification.artefacts import open_artefact

    return open_artefact(APPLICATION, open_bundle(bundle, "voice"), artefact).score_all(inputs)


def test_a_row_for_every_artefact(trained: Trained) -> None:
    found = rows(trained.result.stdout)
    assert [row["artefact"] for row in found] == list(ARTEFACTS)
    for row in found:
        assert row["split"] == "test"
        assert row["examples"] == 2 * SPEAKERS["test"] * CLIPS
        assert row["metrics"]["accuracy"] > 0.95
        assert len(row["groups"]["accuracy"]) == SPEAKERS["test"]
    metrics = json.loads((trained.bundle / "metrics.json").read_text())
    assert metrics["rows"] == found
    # Rising and falling tones differ in the order of their frames, hardly in their mean.
    assert metrics["baseline"]["metrics"]["accuracy"] < 0.9
    assert max(metrics["front_end"].values()) < 1e-3


@pytest.mark.parametrize("artefact", EXACT[1:])
def test_every_exact_artefact_gives_the_same_scores(trained: Trained, artefact: str) -> None:
    expected = scores_of(trained.bundle, "keras", sounds())
    np.testing.assert_allclose(expected.sum(axis=1), 1, atol=1e-5)
    found = scores_of(trained.bundle, artefact, sounds())
    np.testing.assert_allclose(found, expected, atol=1e-4)


@pytest.mark.parametrize("artefact", ["float16", "dynamic", "int8", "step_int8"])
def test_smaller_artefacts_stay_near(trained: Trained, artefact: str) -> None:
    expected = scores_of(trained.bundle, "keras", sounds()[:6])
    found = scores_of(trained.bundle, artefact, sounds()[:6])
    assert 0 < np.max(np.abs(found - expected)) < 0.3


def test_silence_after_the_end_changes_nothing(trained: Trained) -> None:
    samples = sweep("rise", 77)
    padded = np.concatenate([samples, np.zeros(4000 - len(samples), np.int16)])
    both = [SoundArray(s, RATE, "x") for s in (samples, padded, np.pad(padded, (0, 9)))]
    for artefact in EXACT:
        scores = scores_of(trained.bundle, artefact, both)
        np.testing.assert_allclose(scores[1:], scores[[0, 0]], atol=1e-5, err_msg=artefact)


def test_other_sound_changes_the_scores(trained: Trained) -> None:
    """That the tests above would see a difference."""
    both = [SoundArray(sweep(label, 77), RATE, "x") for label in ("rise", "fall")]
    rise, fall = scores_of(trained.bundle, "float32", both)
    assert np.max(np.abs(rise - fall)) > 0.5


@pytest.mark.parametrize("artefact", TFLITE_ARTEFACTS)
def test_the_front_end_is_in_float_in_every_file(trained: Trained, artefact: str) -> None:
    (front, *_) = subgraph_operators(artefact_path(trained.bundle, artefact).read_bytes())
    assert front["LOG"] == 1
    # Boards have no Fourier transform, so their files make it of products.
    assert front["RFFT2D"] == (0 if artefact.startswith("step") else 1)
    interpreter = Interpreter(model_path=str(artefact_path(trained.bundle, artefact)))
    interpreter.allocate_tensors()
    (log,) = (op for op in interpreter._get_ops_details() if op["op_name"] == "LOG")
    by_index = {t["index"]: t["dtype"] for t in interpreter.get_tensor_details()}
    assert by_index[log["outputs"][0]] is np.float32


@pytest.mark.parametrize("artefact", ["step", "step_int8"])
def test_one_step_files_need_nothing_that_boards_lack(trained: Trained, artefact: str) -> None:
    assert missing_operators(artefact_path(trained.bundle, artefact).read_bytes()) == []
    whole = artefact_path(trained.bundle, "float32").read_bytes()
    assert missing_operators(whole) == ["IMAG", "REAL", "RFFT2D"]


def test_the_server_takes_wav_files_and_waveforms(trained: Trained) -> None:
    path = artefact_path(trained.bundle, "saved_model")
    inputs = sounds()[:8]
    clips = [sound.read(RATE) for sound in inputs]
    waveform = np.full((len(clips), max(map(len, clips))), 0.5, np.float32)  # what is to be ignored
    for row, clip in zip(waveform, clips, strict=True):
        row[: len(clip)] = clip / 32768
    requests = [
        ("serving_default", {"wav": np.array([wav_bytes(c, RATE) for c in clips], object)}),
        ("waveform", {"waveform": waveform, "length": np.array([len(c) for c in clips], np.int32)}),
    ]
    expected = scores_of(trained.bundle, "keras", inputs)
    for answer in run_in_session(path, requests):
        np.testing.assert_allclose(answer["scores"], expected, atol=1e-4)
        labels = np.array([b"fall", b"rise"])[expected.argmax(axis=1)]
        assert answer["label"].tolist() == labels.tolist()
    assert {name for name, _ in read_warmup(path)} == {"serving_default", "waveform"}


@pytest.mark.parametrize("artefact", ["float32", "float16", "dynamic", "int8"])
def test_mediapipe_answers_as_litert(trained: Trained, artefact: str) -> None:
    from mediapipe.tasks.python.audio import AudioClassifier
    from mediapipe.tasks.python.components.containers import AudioData

    model = str(artefact_path(trained.bundle, artefact))
    inputs = sounds()[:6]
    expected = scores_of(trained.bundle, artefact, inputs)
    with AudioClassifier.create_from_model_path(model) as classifier:
        for sound, scores in zip(inputs, expected, strict=True):
            clip = AudioData.create_from_array(sound.read(RATE) / np.float32(32768), RATE)
            (result,) = classifier.classify(clip)
            found = {c.category_name: c.score for c in result.classifications[0].categories}
            assert found == pytest.approx({"fall": scores[0], "rise": scores[1]}, abs=1e-6)


def test_litert_files_need_no_tensorflow(trained: Trained) -> None:
    code = """
import sys
from apps.voice.application import APPLICATION
from common.command_line import make_commands
make_commands(APPLICATION)(sys.argv[1:], standalone_mode=False)
assert "tensorflow" not in sys.modules and "librosa" not in sys.modules
"""
    clip = next((trained.data / "test" / "rise").iterdir())
    for artefact in ("float32", "int8", "step"):
        options = ("--bundle", trained.bundle, "--artefact", artefact)
        done = run_code(code, "predict", *options, clip)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("rise\t")


def test_a_moved_bundle_still_works(trained: Trained, tmp_path: Path) -> None:
    import shutil

    moved = shutil.copytree(trained.bundle, tmp_path / "elsewhere")
    options = ("--data", trained.data, "--split", "test", "--json")
    result = run_command(APPLICATION, "evaluate", "--bundle", moved, *options)
    assert result.exit_code == 0, result.output
    before = {row["artefact"]: row for row in rows(trained.result.stdout)}
    for row in rows(result.stdout):
        assert row["metrics"] == before[row["artefact"]]["metrics"]


def test_predict_on_files_folders_and_other_rates(trained: Trained, tmp_path: Path) -> None:
    folder = tmp_path / "clips" / "deeper"
    folder.mkdir(parents=True)
    soundfile.write(folder / "a.wav", sweep("rise", 5), RATE)
    twice = np.repeat(sweep("fall", 6).astype(float) / 32768, 2)
    soundfile.write(folder / "b.flac", np.stack([twice, twice], axis=1), 2 * RATE)
    (folder / "c.wav").write_text("no sound")
    result = run_command(
        APPLICATION, "predict", "--bundle", trained.bundle, "--json", tmp_path / "clips"
    )
    assert result.exit_code == 0, result.output
    found = rows(result.stdout)
    assert [(Path(r["input"]).name, r["answer"]) for r in found] == [
        ("a.wav", "rise"),
        ("b.flac", "fall"),
    ]
    assert "c.wav" in result.stderr and "1 of 3" in result.stderr


def test_the_model_card(trained: Trained) -> None:
    card = (trained.bundle / "README.md").read_text()
    for said in ("fall, rise", "speakers or recordings", "mfcc difference", "plots/hearing.png"):
        assert said in card
    assert (trained.bundle / "plots" / "hearing.png").stat().st_size > 10_000
    assert "{" not in card.split("## How to call it")[1].split("```")[0]
