"""Pack labels, vocabulary and a description into a TFLite file, where MediaPipe looks for them.

The file stays a TFLite file for every other runtime: the description is one more buffer of the
model, and the files are a zip archive behind the flatbuffer, stored without compression because
MediaPipe reads them in place. They are plain text, which needs no alignment.
"""

from __future__ import annotations

import dataclasses
import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from ai_edge_litert import schema_py_generated as schema

from common.export.metadata_flatbuffer import put_entry, read_model
from common.export.metadata_schema import (
    About,
    AssociatedFile,
    FileKind,
    ModelDescription,
    RegexTokenizer,
    TensorDescription,
)
from common.text.tokenizer import DELIMITERS
from common.text.vocabulary import Vocabulary

METADATA_ENTRY = "TFLITE_METADATA"
LABELS_FILE = "labels.txt"
VOCABULARY_FILE = "vocab.txt"

_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)  # so that the same model gives the same bytes on any day


def add_metadata(model: bytes, description: ModelDescription) -> bytes:
    """Returns the model with a description and the files it refers to; earlier ones are replaced.

    Weights, their alignment and other metadata, such as `min_runtime_version`, stay as they are.

    Raises:
        ValueError: not a TFLite file; it has other numbers of inputs or outputs than described; a
            tensor has no name; two different files have one name; or weights lie outside the
            flatbuffer.
    """
    model = _without_files(model)
    subgraph = read_model(model).Subgraphs(0)
    for role, found, tensors in (
        ("inputs", subgraph.InputsLength(), description.inputs),
        ("outputs", subgraph.OutputsLength(), description.outputs),
    ):
        if found != len(tensors):
            raise ValueError(f"the model has {found} {role}, {len(tensors)} are described")
        if not all(tensor.name for tensor in tensors):
            raise ValueError(f"each of the model's {role} needs a name")
    described = put_entry(model, METADATA_ENTRY, description.to_flatbuffer())
    return _with_files(described, description.all_files())


def text_classifier_metadata(
    model: bytes,
    about: About,
    *,
    vocabulary: Vocabulary,
    labels: Sequence[str],
    delimiters: str = DELIMITERS,
) -> bytes:
    """Returns a text classifier with all that MediaPipe's TextClassifier needs, inside the file.

    Args:
        model: TFLite file with one input, ids int32 [1, length], and one output, scores from 0 to
            1, [1, classes]. MediaPipe itself takes single-subgraph models only.
        about: for people.
        vocabulary: what the model was trained with.
        labels: the name of each class, in the order of the scores.
        delimiters: where the tokenizer splits.

    Raises:
        ValueError: as `classifier_metadata`.
    """
    ids = _ids("Ids of the text's tokens, padded with 0 at the end.", vocabulary, delimiters)
    return classifier_metadata(model, about, ids, "int32", labels)


def text_step_metadata(
    model: bytes,
    about: About,
    *,
    vocabulary: Vocabulary,
    labels: Sequence[str],
    delimiters: str = DELIMITERS,
) -> bytes:
    """Returns a text classifier of one time step with the files of `text_classifier_metadata`.

    Args:
        model: TFLite file as in `step_metadata`; its input that is no state is an id, int32 [1, 1].
        about, vocabulary, labels, delimiters: as in `text_classifier_metadata`.

    Raises:
        ValueError: as `step_metadata`.
    """
    ids = _ids("Id of one token.", vocabulary, delimiters)
    return step_metadata(model, about, ids, "int32", labels)


def classifier_metadata(
    model: bytes, about: About, source: TensorDescription, dtype: str, labels: Sequence[str]
) -> bytes:
    """Returns a classifier with a description of its input, and labels for its scores.

    Args:
        model: TFLite file with one input, [1, n], and one output, scores from 0 to 1, [1, classes].
        about: for people.
        source: the input.
        dtype: the input's, as NumPy calls it.
        labels: the name of each class, in the order of the scores.

    Raises:
        ValueError: as `add_metadata`; the input or output is another one than described; or a label
            is empty, repeated or longer than a line.
    """
    scores = _scores(labels)
    subgraph = read_model(model).Subgraphs(0)
    if (subgraph.InputsLength(), subgraph.OutputsLength()) != (1, 1):
        raise ValueError(
            "a classifier has one input and one output, the model has "
            f"{subgraph.InputsLength()} and {subgraph.OutputsLength()}"
        )
    _check_input(subgraph.Tensors(subgraph.Inputs(0)), source.name, dtype)
    _check_scores(subgraph.Tensors(subgraph.Outputs(0)), len(labels))
    return add_metadata(model, ModelDescription(about, (source,), (scores,)))


def step_metadata(
    model: bytes, about: About, source: TensorDescription, dtype: str, labels: Sequence[str]
) -> bytes:
    """Returns a classifier of one time step, described as by `classifier_metadata`.

    Args:
        model: TFLite file with one signature: its inputs are one of [1, n] and states, its outputs
            `scores`, [1, classes], and the new states under the names of the old ones.
        about, dtype, labels: as in `classifier_metadata`.
        source: the input that is no state; it is called what the signature calls it.

    Raises:
        ValueError: as `classifier_metadata`; or there is no signature, or not such a one.
    """
    scores = _scores(labels)
    inputs, outputs = signature_names(model)
    if "scores" not in outputs:
        raise ValueError(f"the signature has no output 'scores', only {outputs}")
    sources = [name for name in inputs if name not in outputs]
    if len(sources) != 1 or {*inputs} - {*sources} != {*outputs} - {"scores"}:
        raise ValueError(
            "a step has one input beside its states, and the states as outputs of the same names; "
            f"the signature takes {inputs} and gives {outputs}"
        )
    described = [
        dataclasses.replace(source, name=name)
        if name in sources
        else TensorDescription(name, "State; zeros before the first step.")
        for name in inputs
    ]
    results = [
        scores if name == scores.name else TensorDescription(name, "State after the step.")
        for name in outputs
    ]
    subgraph = read_model(model).Subgraphs(0)
    (only,) = sources
    _check_input(subgraph.Tensors(subgraph.Inputs(inputs.index(only))), source.name, dtype)
    _check_scores(subgraph.Tensors(subgraph.Outputs(outputs.index(scores.name))), len(labels))
    return add_metadata(model, ModelDescription(about, tuple(described), tuple(results)))


def signature_names(model: bytes) -> tuple[list[str], list[str]]:
    """Returns the names of inputs and outputs in the file's signature, in the file's order.

    Raises:
        ValueError: there is no signature, or it leaves out an input or output.
    """
    root = read_model(model)
    if root.SignatureDefsLength() != 1:
        raise ValueError(f"the model has {root.SignatureDefsLength()} signatures, not one")
    signature, subgraph = root.SignatureDefs(0), root.Subgraphs(0)
    names = []
    for count, entry, tensors in (
        (signature.InputsLength(), signature.Inputs, subgraph.InputsAsNumpy()),
        (signature.OutputsLength(), signature.Outputs, subgraph.OutputsAsNumpy()),
    ):
        by_tensor = {entry(i).TensorIndex(): entry(i).Name().decode() for i in range(count)}
        if set(by_tensor) != set(tensors.tolist()):
            raise ValueError("the signature names other tensors than the model has at its ends")
        names.append([by_tensor[tensor] for tensor in tensors.tolist()])
    return names[0], names[1]


def read_associated_files(model: bytes | Path) -> dict[str, bytes]:
    """Returns the files packed in a TFLite file by name; an empty dict when there are none.

    Args:
        model: the file's bytes or its path.

    Raises:
        FileNotFoundError: there is no such file.
    """
    try:
        with zipfile.ZipFile(model if isinstance(model, Path) else io.BytesIO(model)) as archive:
            return {entry.filename: archive.read(entry) for entry in archive.infolist()}
    except zipfile.BadZipFile:
        return {}


def _without_files(model: bytes) -> bytes:
    """Returns the flatbuffer without the archive behind it."""
    try:
        with zipfile.ZipFile(io.BytesIO(model)) as archive:
            return model[: min((e.header_offset for e in archive.infolist()), default=len(model))]
    except zipfile.BadZipFile:
        return model


def _with_files(model: bytes, files: Iterable[AssociatedFile]) -> bytes:
    by_name: dict[str, bytes] = {}
    for file in files:
        if by_name.setdefault(file.name, file.content) != file.content:
            raise ValueError(f"two different files have the name {file.name!r}")
    if not by_name:
        return model
    stream = io.BytesIO()
    stream.write(model)
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in by_name.items():
            archive.writestr(zipfile.ZipInfo(name, _ZIP_EPOCH), content, zipfile.ZIP_STORED)
    return stream.getvalue()


def _ids(description: str, vocabulary: Vocabulary, delimiters: str) -> TensorDescription:
    file = AssociatedFile(
        VOCABULARY_FILE,
        vocabulary.to_text().encode(),
        FileKind.VOCABULARY,
        "A token and its id a line; several tokens may share an id.",
    )
    return TensorDescription("ids", description, tokenizer=RegexTokenizer(delimiters, file))


def _scores(labels: Sequence[str]) -> TensorDescription:
    for label in labels:
        if not label or "\n" in label or "\r" in label:
            raise ValueError(f"a label is one line of text, not {label!r}")
    if len(set(labels)) != len(labels):
        raise ValueError(f"labels must differ from one another: {list(labels)}")
    file = AssociatedFile(
        LABELS_FILE,
        "".join(f"{label}\n" for label in labels).encode(),
        FileKind.AXIS_LABELS,
        "The name of each class, one a line.",
    )
    return TensorDescription(
        "scores", "Score of each class.", minimum=0.0, maximum=1.0, files=(file,)
    )


def _check_input(tensor: schema.Tensor, name: str, dtype: str) -> None:
    if tensor.Type() != getattr(schema.TensorType, dtype.upper()):
        raise ValueError(f"the input must be {dtype} {name}, its TFLite type is {tensor.Type()}")
    shape = _shape(tensor)
    if len(shape) != 2 or shape[0] != 1:
        raise ValueError(f"the input must be one row of {name}, [1, n], its shape is {shape}")


def _check_scores(tensor: schema.Tensor, classes: int) -> None:
    shape = _shape(tensor)
    if not shape or shape[-1] != classes:
        raise ValueError(f"{classes} labels for an output of shape {shape}")


def _shape(tensor: schema.Tensor) -> list[int]:
    return [tensor.Shape(i) for i in range(tensor.ShapeLength())]
