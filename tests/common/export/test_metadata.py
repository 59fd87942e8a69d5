"""Metadata in a TFLite file: what is in it, and what it leaves alone."""

from __future__ import annotations

import dataclasses
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import flatbuffers
import numpy as np
import pytest
import tensorflow as tf
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter

from common.export.metadata import (
    add_metadata,
    read_associated_files,
    text_classifier_metadata,
    text_step_metadata,
)
from common.export.metadata_flatbuffer import put_entry
from common.export.metadata_schema import (
    About,
    AssociatedFile,
    AudioProperties,
    FileKind,
    ModelDescription,
    TensorDescription,
)
from common.text.tokenizer import DELIMITERS
from common.text.vocabulary import Vocabulary
from tests.common.export.tiny_models import echo_classifier

_VOCABULARY = Vocabulary.build(["a great film", "Great café"])
_LABELS = ["negative", "neutral", "très bien"]
_ECHO = echo_classifier(len(_LABELS), len(_VOCABULARY))
_IDS, _SCORES = TensorDescription("ids"), TensorDescription("scores")
_ABOUT = About("Sentiment", "Says whether a review is kind.", "1.2", "Somebody", "Apache-2.0")


def _described(model: bytes = _ECHO, labels: Sequence[str] = _LABELS, **changes: Any) -> bytes:
    about = dataclasses.replace(_ABOUT, **changes)
    return text_classifier_metadata(model, about, vocabulary=_VOCABULARY, labels=labels)


def _describe(**changes: Any) -> ModelDescription:
    arguments: dict[str, Any] = {
        "about": About("n", "", "1"),
        "inputs": (_IDS,),
        "outputs": (_SCORES,),
    }
    return ModelDescription(**(arguments | changes))


def _entries(model: bytes) -> dict[str, bytes]:
    root = schema.Model.GetRootAs(model, 0)
    entries = [root.Metadata(i) for i in range(root.MetadataLength())]
    assert len({entry.Name() for entry in entries}) == len(entries)
    return {e.Name().decode(): root.Buffers(e.Buffer()).DataAsNumpy().tobytes() for e in entries}


def _buffers(model: bytes) -> list[tuple[bytes, int]]:
    """Returns the content of each buffer, and where it lies relative to a multiple of 16."""
    root = schema.Model.GetRootAs(model, 0)
    found = []
    for i in range(root.BuffersLength()):
        buffer = root.Buffers(i)
        if buffer.DataIsNone():
            found.append((b"", 0))
        else:
            start = buffer._tab.Vector(buffer._tab.Offset(4))
            found.append((buffer.DataAsNumpy().tobytes(), start % 16))
    return found


def _run(model: bytes, ids: list[int]) -> list[float]:
    interpreter = Interpreter(model_content=model)
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], np.array([ids], np.int32))
    interpreter.invoke()
    scores = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
    return [float(score) for score in scores[0]]


def test_the_model_runs_as_before() -> None:
    assert _run(_ECHO, [1, 0, 4]) == _run(_described(), [1, 0, 4]) == [1.0, 0.0, 4.0]


def test_weights_stay_the_same_and_aligned() -> None:
    before, after = _buffers(_ECHO), _buffers(_described())
    weights = np.arange(len(_VOCABULARY), dtype=np.float32).tobytes()
    assert weights in [content for content, _ in before]
    assert after[: len(before)] == before
    assert len(after) == len(before) + 1
    assert after[-1][1] == 0


def test_weights_with_another_value_are_noticed() -> None:
    other = echo_classifier(len(_LABELS), len(_VOCABULARY) + 1)
    assert _buffers(_described(other))[: len(_buffers(_ECHO))] != _buffers(_ECHO)


def test_everything_else_in_the_file_stays() -> None:
    def unpacked(model: bytes) -> dict[str, Any]:
        fields = vars(schema.ModelT.InitFromObj(schema.Model.GetRootAs(model, 0)))
        return {
            name: value for name, value in fields.items() if name not in ("buffers", "metadata")
        }

    before = _plain(unpacked(_ECHO))
    assert before["subgraphs"] and before["operatorCodes"] and before["version"] == 3
    assert _plain(unpacked(_described())) == before
    assert _plain(unpacked(echo_classifier(1, len(_VOCABULARY)))) != before


def _plain(value: Any) -> Any:
    """Returns the object API's objects as something that compares by content."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | np.ndarray):
        return [_plain(item) for item in value]
    return _plain(vars(value)) if hasattr(value, "__dict__") else value


def test_other_metadata_stays() -> None:
    before, after = _entries(_ECHO), _entries(_described())
    assert before["min_runtime_version"].strip(b"\0")
    assert after.keys() - before.keys() == {"TFLITE_METADATA"}
    assert {name: after[name] for name in before} == before


def test_files_come_back(tmp_path: Path) -> None:
    model = _described()
    path = tmp_path / "model.tflite"
    path.write_bytes(model)
    files = read_associated_files(model)
    assert files == read_associated_files(path)
    assert files["labels.txt"].decode().split("\n") == [*_LABELS, ""]
    assert Vocabulary.from_text(files["vocab.txt"].decode()) == _VOCABULARY
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert set(archive.namelist()) == set(files)
        for entry in archive.infolist():
            assert entry.compress_type == zipfile.ZIP_STORED
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
            # Stored means in place: a client points into the model's bytes.
            assert model.find(files[entry.filename], entry.header_offset) > 0


def test_files_of_a_model_without_files(tmp_path: Path) -> None:
    assert read_associated_files(_ECHO) == {}
    assert read_associated_files(add_metadata(_ECHO, _describe())) == {}
    with pytest.raises(FileNotFoundError):
        read_associated_files(tmp_path / "missing.tflite")


def test_describing_again_replaces() -> None:
    once, twice = _described(), _described(_described(labels=["x", "y", "z"], name="Old"))
    assert read_associated_files(twice) == read_associated_files(once)
    assert _entries(twice) == _entries(once)
    assert len(_buffers(twice)) == len(_buffers(once))
    assert twice.count(b"PK\5\6") == 1
    assert _run(twice, [3, 2, 1]) == [3.0, 2.0, 1.0]


def test_the_same_model_gives_the_same_bytes() -> None:
    assert _described() == _described()
    assert _described() != _described(version="1.3")


def test_mediapipes_classes_read_what_was_written() -> None:
    generated = pytest.importorskip(
        "mediapipe.tasks.metadata.metadata_schema_py_generated", reason="MediaPipe's own schema"
    )
    content = _entries(_described())["TFLITE_METADATA"]
    assert generated.ModelMetadata.ModelMetadataBufferHasIdentifier(content, 0)
    model = generated.ModelMetadataT.InitFromObj(generated.ModelMetadata.GetRootAs(content, 0))
    assert model.name == b"Sentiment"
    assert model.description == b"Says whether a review is kind."
    assert (model.version, model.minParserVersion) == (b"1.2", b"1.2.1")
    assert (model.author, model.license) == (b"Somebody", b"Apache-2.0")
    (subgraph,) = model.subgraphMetadata

    (ids,) = subgraph.inputTensorMetadata
    assert ids.name == b"ids" and b"padded" in ids.description
    assert ids.content.contentPropertiesType == generated.ContentProperties.FeatureProperties
    assert ids.stats is None and ids.associatedFiles is None
    (unit,) = ids.processUnits
    assert unit.optionsType == generated.ProcessUnitOptions.RegexTokenizerOptions
    assert unit.options.delimRegexPattern.decode() == DELIMITERS
    (file,) = unit.options.vocabFile
    assert (file.name, file.type) == (b"vocab.txt", generated.AssociatedFileType.VOCABULARY)

    (scores,) = subgraph.outputTensorMetadata
    assert scores.name == b"scores" and scores.processUnits is None
    assert (list(scores.stats.min), list(scores.stats.max)) == ([0.0], [1.0])
    (file,) = scores.associatedFiles
    assert (file.name, file.type) == (
        b"labels.txt",
        generated.AssociatedFileType.TENSOR_AXIS_LABELS,
    )
    assert b"class" in file.description


def test_mediapipes_classes_read_an_input_of_sound() -> None:
    generated = pytest.importorskip(
        "mediapipe.tasks.metadata.metadata_schema_py_generated", reason="MediaPipe's own schema"
    )
    sound = TensorDescription("audio", audio=AudioProperties(16000, 1), minimum=-1.0, maximum=1.0)
    content = _entries(add_metadata(_ECHO, _describe(inputs=(sound,))))["TFLITE_METADATA"]
    model = generated.ModelMetadataT.InitFromObj(generated.ModelMetadata.GetRootAs(content, 0))
    audio = model.subgraphMetadata[0].inputTensorMetadata[0]
    assert audio.content.contentPropertiesType == generated.ContentProperties.AudioProperties
    properties = audio.content.contentProperties
    assert (properties.sampleRate, properties.channels) == (16000, 1)
    assert (list(audio.stats.min), list(audio.stats.max)) == ([-1.0], [1.0])
    assert (model.minParserVersion, model.author) == (b"1.3.0", None)


def test_the_parser_version_is_that_of_the_newest_field() -> None:
    words = AssociatedFile("words.txt", b"a\n", FileKind.VOCABULARY)
    assert _describe().minimum_parser_version() == "1.0.0"
    with_words = _describe(outputs=(TensorDescription("scores", files=(words,)),))
    assert with_words.minimum_parser_version() == "1.0.1"


def _unusual(change: str) -> bytes:
    """Returns the model with one thing that metadata cannot be added to."""
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(_ECHO, 0))
    (graph,) = model.subgraphs
    if change == "buffer outside":
        model.buffers[1].offset = 4096
    elif change == "options outside":
        graph.operators[0].largeCustomOptionsOffset = 4096
    elif change == "float input":
        graph.tensors[graph.inputs[0]].type = schema.TensorType.FLOAT32
    elif change == "two inputs":
        graph.inputs = [*graph.inputs, *graph.inputs]
    builder = flatbuffers.Builder()
    builder.Finish(model.Pack(builder), file_identifier=b"TFL3")
    return bytes(builder.Output())


@pytest.mark.parametrize(
    ("model", "description", "message"),
    [
        (b"", _describe(), "not a TFLite file"),
        (b"PK\3\4 something else", _describe(), "not a TFLite file"),
        (_ECHO, _describe(inputs=(_IDS, _IDS)), "the model has 1 inputs, 2 are described"),
        (_ECHO, _describe(outputs=()), "the model has 1 outputs, 0 are described"),
        (_ECHO, _describe(outputs=(TensorDescription(""),)), "outputs needs a name"),
        (_unusual("buffer outside"), _describe(), "buffer 1 is outside the flatbuffer"),
        (_unusual("options outside"), _describe(), "operator 0 in subgraph 0 are outside"),
    ],
)
def test_models_that_cannot_be_described(
    model: bytes, description: ModelDescription, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        add_metadata(model, description)


def test_only_text_classifiers_are_described_as_such() -> None:
    with pytest.raises(ValueError, match="the input must be int32 ids, its TFLite type is 0"):
        _described(_unusual("float input"))
    with pytest.raises(ValueError, match="one input and one output, the model has 2 and 1"):
        _described(_unusual("two inputs"))


def test_a_step_of_text_is_described_by_name() -> None:
    generated = pytest.importorskip(
        "mediapipe.tasks.metadata.metadata_schema_py_generated", reason="MediaPipe's own schema"
    )

    def step(before: Any, token: Any) -> dict[str, Any]:
        after = before + tf.cast(token, tf.float32)
        return {"before": after, "scores": tf.concat([after, after, after], 1)}

    module = tf.Module()
    module.step = tf.function(step).get_concrete_function(
        tf.TensorSpec([1, 1], tf.float32, "before"), tf.TensorSpec([1, 1], tf.int32, "token")
    )
    converter = tf.lite.TFLiteConverter.from_concrete_functions([module.step], module)
    model = bytes(converter.convert())
    described = text_step_metadata(model, _ABOUT, vocabulary=_VOCABULARY, labels=_LABELS)
    assert read_associated_files(described) == read_associated_files(_described())
    content = _entries(described)["TFLITE_METADATA"]
    read = generated.ModelMetadataT.InitFromObj(generated.ModelMetadata.GetRootAs(content, 0))
    tokenizers = {t.name: t.processUnits for t in read.subgraphMetadata[0].inputTensorMetadata}
    assert tokenizers[b"token"] and tokenizers.keys() == {b"before", b"token"}
    assert tokenizers[b"before"] is None
    with pytest.raises(ValueError, match="2 labels for an output"):
        text_step_metadata(model, _ABOUT, vocabulary=_VOCABULARY, labels=["a", "b"])


def test_two_files_of_one_name_are_refused() -> None:
    one, other = AssociatedFile("x.txt", b"1"), AssociatedFile("x.txt", b"2")
    twice = _describe(
        inputs=(TensorDescription("ids", files=(one,)),),
        outputs=(TensorDescription("scores", files=(one,)),),
    )
    assert read_associated_files(add_metadata(_ECHO, twice)) == {"x.txt": b"1"}
    different = _describe(outputs=(TensorDescription("scores", files=(one, other)),))
    with pytest.raises(ValueError, match=r"two different files have the name 'x.txt'"):
        add_metadata(_ECHO, different)


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (["a", "b"], r"2 labels for an output of shape \[1, 3\]"),
        (["a", "b", "a"], "labels must differ"),
        (["a", "b", ""], "a label is one line of text, not ''"),
        (["a", "b", "c\nd"], "a label is one line of text"),
    ],
)
def test_labels_must_fit_the_output(labels: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        _described(labels=labels)


def test_an_entry_of_any_size_is_aligned() -> None:
    for size in range(1, 40):
        model = put_entry(_ECHO, "extra", bytes(range(size)))
        assert _entries(model)["extra"] == bytes(range(size))
        *old, (_, offset) = _buffers(model)
        assert (old, offset) == (_buffers(_ECHO), 0)
        assert len(model) % 16 == 0


def test_a_last_part_that_only_looks_like_an_archive_stays() -> None:
    # Weights may hold any bytes, an archive's signature too.
    model = put_entry(_ECHO, "extra", b"PK\5\6" + bytes(18))
    described = add_metadata(model, _describe())
    assert _entries(described)["extra"] == b"PK\5\6" + bytes(18)
    assert _run(described, [0, 1, 2]) == [0.0, 1.0, 2.0]
    assert set(read_associated_files(_described(model))) == {"labels.txt", "vocab.txt"}


def test_the_archive_is_found_behind_the_whole_file() -> None:
    # Python's reader forgives an archive whose positions are off; a client need not.
    model = _described()
    with zipfile.ZipFile(io.BytesIO(model)) as archive:
        for entry in archive.infolist():
            assert model[entry.header_offset :].startswith(b"PK\3\4")
        stated = int.from_bytes(model[-6:-2], "little")
        assert stated == archive.start_dir
