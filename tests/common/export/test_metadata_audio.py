"""MediaPipe's own AudioClassifier hears what LiteRT hears, and the one-step form is described."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from common.export.metadata import add_metadata, read_associated_files
from common.export.metadata_audio import audio_classifier_metadata, audio_step_metadata
from common.export.metadata_schema import (
    About,
    AssociatedFile,
    ModelDescription,
    TensorDescription,
)
from common.export.operators import subgraph_operators

Floats = NDArray[np.float32]
Results = list[tuple[int, list[float]]]

_RATE = 16000
_WINDOW = 1000  # 62.5 ms: not a whole number of milliseconds
_LABELS = ["bruyant", "leise"]
_ABOUT = About("Level", "Says how loud it is.", "1", license="Apache-2.0")
_SOUND = np.random.default_rng(0).uniform(-0.5, 0.5, 4 * _WINDOW).astype(np.float32)


def _converted(function: Callable[[Any], Any], shape: Sequence[int], dtype: Any) -> bytes:
    traced = tf.function(function, input_signature=[tf.TensorSpec(shape, dtype, "waveform")])
    converter = tf.lite.TFLiteConverter.from_concrete_functions([traced.get_concrete_function()])
    return bytes(converter.convert())


@cache
def _level_model(shape: tuple[int, ...] = (1, _WINDOW), dtype: Any = tf.float32) -> bytes:
    """Returns a model whose scores are the mean of |waveform|, weighted by place, and the rest."""
    places = np.linspace(1, 0.5, shape[-1], dtype=np.float32)

    def level(waveform: Any) -> Any:
        loud = tf.reduce_mean(tf.abs(tf.cast(waveform, tf.float32)) * places, 1, keepdims=True)
        return tf.concat([loud, 1 - loud], 1)

    return _converted(level, shape, dtype)


@cache
def _step_model(gives: tuple[str, ...] = ("scores", "history", "before")) -> bytes:
    """Returns a model of one step; its signature's outputs are those that are asked for."""

    def step(history: Any, hop: Any, before: Any) -> dict[str, Any]:
        level = before + tf.reduce_mean(tf.abs(hop)) + tf.reduce_mean(tf.abs(history))
        scores = tf.concat([level, 1 - level], 1)
        every = {"scores": scores, "history": hop[:, 2:], "before": level, "other": 2 * level}
        return {name: every[name] for name in gives}

    specs = [((1, 2), "history"), ((1, 4), "hop"), ((1, 1), "before")]
    traced = tf.function(step).get_concrete_function(
        *(tf.TensorSpec(shape, tf.float32, name) for shape, name in specs)
    )
    module = tf.Module()
    module.step = traced
    converter = tf.lite.TFLiteConverter.from_concrete_functions([traced], module)
    return bytes(converter.convert())


def _described(
    model: bytes | None = None, labels: Sequence[str] = _LABELS, **arguments: Any
) -> bytes:
    return audio_classifier_metadata(
        model or _level_model(), _ABOUT, sample_rate=_RATE, labels=labels, **arguments
    )


def _lite(model: bytes, windows: Sequence[Floats]) -> list[list[float]]:
    interpreter = Interpreter(model_content=model)
    interpreter.allocate_tensors()
    (sound,), (scores,) = interpreter.get_input_details(), interpreter.get_output_details()
    rows = []
    for window in windows:
        filled = np.zeros(sound["shape"], np.float32)
        filled[0, : len(window)] = window
        interpreter.set_tensor(sound["index"], filled)
        interpreter.invoke()
        rows.append(interpreter.get_tensor(scores["index"])[0].tolist())
    return rows


def _mediapipe(
    model: bytes,
    clip: Floats,
    folder: Path,
    rate: int = _RATE,
    labels: Sequence[str] = _LABELS,
) -> Results:
    """Returns when each of MediaPipe's results begins, in milliseconds, and its scores."""
    tasks = pytest.importorskip("mediapipe.tasks.python.audio", reason="compares with MediaPipe")
    containers = pytest.importorskip("mediapipe.tasks.python.components.containers.audio_data")
    path = folder / "model.tflite"
    path.write_bytes(model)
    found = []
    with tasks.AudioClassifier.create_from_model_path(str(path)) as classifier:
        for result in classifier.classify(containers.AudioData.create_from_array(clip, rate)):
            (head,) = result.classifications
            categories = sorted(head.categories, key=lambda category: category.index)
            assert [category.category_name for category in categories] == list(labels)
            found.append((result.timestamp_ms, [category.score for category in categories]))
    return found


def test_a_window_of_sound(tmp_path: Path) -> None:
    model = _described()
    found = _mediapipe(model, _SOUND[:_WINDOW], tmp_path)
    assert found == [(0, _lite(model, [_SOUND[:_WINDOW]])[0])]
    # One sample further it is another sound.
    assert found != _mediapipe(model, _SOUND[1 : _WINDOW + 1], tmp_path)


def test_samples_are_not_scaled(tmp_path: Path) -> None:
    model, loud = _described(), _SOUND[:_WINDOW] * 4
    ((_, scores),) = _mediapipe(model, loud, tmp_path)
    assert scores == _lite(model, [loud])[0]
    assert scores[1] == pytest.approx(1 - np.mean(abs(loud) * np.linspace(1, 0.5, _WINDOW)))


def test_a_short_clip_is_followed_by_zeros(tmp_path: Path) -> None:
    model, clip = _described(), _SOUND[:300]
    expected = np.sum(abs(clip) * np.linspace(1, 0.5, _WINDOW)[:300]) / _WINDOW
    ((time, scores),) = _mediapipe(model, clip, tmp_path)
    assert (time, scores) == (0, _lite(model, [clip])[0])
    assert scores[0] == pytest.approx(expected)


def test_a_long_clip_is_cut_into_windows_without_overlap(tmp_path: Path) -> None:
    model, clip = _described(), _SOUND[: 3 * _WINDOW + 1]
    windows = [clip[start : start + _WINDOW] for start in range(0, len(clip), _WINDOW)]
    found = _mediapipe(model, clip, tmp_path)
    assert [scores for _, scores in found] == _lite(model, windows)
    assert [time for time, _ in found] == [0, 62, 125, 187]
    assert len(_mediapipe(model, clip[:-1], tmp_path)) == 3


def test_several_channels_are_heard_as_their_mean(tmp_path: Path) -> None:
    model, left = _described(), _SOUND[:_WINDOW]
    found = _mediapipe(model, np.stack([left, np.zeros_like(left)], 1), tmp_path)
    assert found == [(0, _lite(model, [np.divide(left, 2, dtype=np.float32)])[0])]


def test_another_rate_is_resampled_and_leaves_a_rest(tmp_path: Path) -> None:
    def tone(rate: int) -> Floats:
        return np.sin(2 * np.pi * 400 * np.arange(_WINDOW * rate // _RATE) / rate).astype("float32")

    model = _described()
    (expected,) = _lite(model, [tone(_RATE)])
    (_, whole), (_, rest) = _mediapipe(model, tone(_RATE // 2), tmp_path, _RATE // 2)
    assert whole == pytest.approx(expected, abs=0.01)
    assert rest == pytest.approx([0, 1], abs=0.001)
    assert _mediapipe(model, tone(_RATE), tmp_path) == [(0, expected)]


def test_mediapipe_has_the_fourier_transform(tmp_path: Path) -> None:
    def spectrum(waveform: Any) -> Any:
        bins = tf.signal.rfft(tf.reshape(waveform, [-1, 64]))
        power = tf.square(tf.math.real(bins)) + tf.square(tf.math.imag(bins))
        return tf.reduce_mean(power, axis=0, keepdims=True)

    labels = [f"bin {i}" for i in range(33)]
    model = _described(_converted(spectrum, (1, 640), tf.float32), labels)
    assert "RFFT2D" in subgraph_operators(model)[0]
    for frequency in (5, 9):  # in bins: a tone's power is (64 / 2)² in its own and 0 elsewhere
        tone = np.sin(2 * np.pi * frequency / 64 * np.arange(640)).astype(np.float32)
        ((_, scores),) = _mediapipe(model, tone, tmp_path, labels=labels)
        assert scores == _lite(model, [tone])[0]
        np.testing.assert_allclose(scores, 32**2 * np.eye(33)[frequency], atol=1e-3)


def test_other_files_are_no_labels(tmp_path: Path) -> None:
    model = _described(files=[AssociatedFile("front_end.json", b"{}")])
    assert read_associated_files(model) == {
        "front_end.json": b"{}",
        "labels.txt": b"bruyant\nleise\n",
    }
    sound = _SOUND[:_WINDOW]
    assert _mediapipe(model, sound, tmp_path) == _mediapipe(_described(), sound, tmp_path)


def test_mediapipe_refuses_a_file_that_does_not_say_what_it_hears(tmp_path: Path) -> None:
    ends = TensorDescription("waveform"), TensorDescription("scores")
    silent = add_metadata(_level_model(), ModelDescription(_ABOUT, ends[:1], ends[1:]))
    with pytest.raises(ValueError, match="Expected AudioProperties for tensor waveform"):
        _mediapipe(silent, _SOUND, tmp_path)
    with pytest.raises(ValueError, match="require TFLite Model Metadata"):
        _mediapipe(_level_model(), _SOUND, tmp_path)


@pytest.mark.parametrize(
    ("shape", "dtype", "labels", "message"),
    [
        ((1, 9), tf.float32, ["a"], r"1 labels for an output of shape \[1, 2\]"),
        ((1, 9), tf.float32, ["a", "a"], "labels must differ"),
        ((1, 9), tf.int32, _LABELS, "the input must be float32 waveform, its TFLite type is 2"),
        ((9, 1), tf.float32, _LABELS, r"\[1, n\], its shape is \[9, 1\]"),
        ((9,), tf.float32, _LABELS, r"\[1, n\], its shape is \[9\]"),
        ((1, 3, 3), tf.float32, _LABELS, r"\[1, n\], its shape is \[1, 3, 3\]"),
    ],
)
def test_only_sound_classifiers_are_described_as_such(
    shape: tuple[int, ...], dtype: Any, labels: list[str], message: str
) -> None:
    def model(waveform: Any) -> Any:
        return tf.cast(tf.reshape(waveform, [1, 9])[:, :2], tf.float32) + 1

    with pytest.raises(ValueError, match=message):
        _described(_converted(model, shape, dtype), labels)


def _metadata(model: bytes) -> Any:
    """Returns what MediaPipe's classes read of the model's ends."""
    generated = pytest.importorskip(
        "mediapipe.tasks.metadata.metadata_schema_py_generated", reason="MediaPipe's own schema"
    )
    root = schema.Model.GetRootAs(model, 0)
    entries = [root.Metadata(i) for i in range(root.MetadataLength())]
    (entry,) = (e for e in entries if e.Name() == b"TFLITE_METADATA")
    content = root.Buffers(entry.Buffer()).DataAsNumpy().tobytes()
    read = generated.ModelMetadataT.InitFromObj(generated.ModelMetadata.GetRootAs(content, 0))
    assert (read.name, read.license, read.minParserVersion) == (b"Level", b"Apache-2.0", b"1.3.0")
    return read.subgraphMetadata[0]


def test_the_input_says_its_rate() -> None:
    (sound,) = _metadata(_described()).inputTensorMetadata
    properties = sound.content.contentProperties
    assert (properties.sampleRate, properties.channels) == (_RATE, 1)
    assert (list(sound.stats.min), list(sound.stats.max)) == ([-1.0], [1.0])


def test_a_step_is_described_in_the_files_order() -> None:
    model = audio_step_metadata(
        _step_model(),
        _ABOUT,
        sample_rate=8000,
        labels=_LABELS,
        files=[AssociatedFile("front_end.json", b"{}")],
    )
    interpreter = Interpreter(model_content=model)
    runner = interpreter.get_signature_runner()
    ends = _metadata(model)
    for details, tensors, named in (
        (interpreter.get_input_details(), ends.inputTensorMetadata, runner.get_input_details()),
        (interpreter.get_output_details(), ends.outputTensorMetadata, runner.get_output_details()),
    ):
        names = {detail["index"]: name for name, detail in named.items()}
        assert [names[d["index"]] for d in details] == [tensor.name.decode() for tensor in tensors]
    sound = {tensor.name: tensor.content.contentProperties for tensor in ends.inputTensorMetadata}
    assert (sound[b"hop"].sampleRate, sound[b"hop"].channels) == (8000, 1)
    assert not hasattr(sound[b"history"], "sampleRate")
    told = {t.name: t.description for t in ends.inputTensorMetadata + ends.outputTensorMetadata}
    assert b"after the step" in told[b"history"] and b"-1 to 1" in told[b"hop"]
    files = {tensor.name: tensor.associatedFiles for tensor in ends.outputTensorMetadata}
    assert files[b"scores"][0].name == b"labels.txt" and files[b"before"] is None
    assert set(read_associated_files(model)) == {"front_end.json", "labels.txt"}


@pytest.mark.parametrize(
    ("gives", "labels", "message"),
    [
        (("scores", "history", "before"), ["a", "b", "c"], r"3 labels .* shape \[1, 2\]"),
        (("scores", "history"), _LABELS, r"takes \[.*'before'.* gives .*'scores'\]"),
        (("scores", "history", "before", "other"), _LABELS, "gives .*other"),
        (("history", "before"), _LABELS, "no output 'scores'"),
    ],
)
def test_only_steps_are_described_as_such(
    gives: tuple[str, ...], labels: list[str], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        audio_step_metadata(_step_model(gives), _ABOUT, sample_rate=_RATE, labels=labels)
