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
    *,
    name: str,
    description: str,
    version: str,
    vocabulary: Vocabulary,
    labels: Sequence[str],
    delimiters: str = DELIMITERS,
    author: str = "",
    license: str = "",
) -> bytes:
    """Returns a text classifier with all that MediaPipe's TextClassifier needs, inside the file.

    Args:
        model: TFLite file with one input, ids int32 [1, length], and one output, scores from 0 to
            1, [1, classes]. MediaPipe itself takes single-subgraph models only.
        name, description, version, author, license: for people.
        vocabulary: what the model was trained with.
        labels: the name of each class, in the order of the scores.
        delimiters: where the tokenizer splits.

    Raises:
        ValueError: as `add_metadata`; the input is not int32 or the output has another number of
            classes than labels; or a label is empty, repeated or longer than a line.
    """
    _check_labels(labels)
    _check_classifier(model, len(labels))
    tokens, scores = _tokens_and_scores(vocabulary, labels, delimiters)
    return add_metadata(
        model,
        ModelDescription(name, description, version, (tokens,), (scores,), author, license),
    )


def text_step_metadata(
    model: bytes,
    *,
    name: str,
    description: str,
    version: str,
    vocabulary: Vocabulary,
    labels: Sequence[str],
    delimiters: str = DELIMITERS,
    author: str = "",
    license: str = "",
) -> bytes:
    """Returns a text classifier of one time step with the files of `text_classifier_metadata`.

    Args:
        model: TFLite file with one signature: its inputs are an id and states, its outputs `scores`
            and the new states under the names of the old ones.
        name, description, version, vocabulary, labels, delimiters, author, license: as in
            `text_classifier_metadata`.

    Raises:
        ValueError: as `add_metadata`; there is no signature, or it has no output `scores`.
    """
    _check_labels(labels)
    tokens, scores = _tokens_and_scores(vocabulary, labels, delimiters)
    inputs, outputs = signature_names(model)
    if "scores" not in outputs:
        raise ValueError(f"the signature has no output 'scores', only {outputs}")
    described = [
        TensorDescription(tensor, "State; zeros before the first step.") for tensor in inputs
    ]
    (token,) = (i for i, tensor in enumerate(inputs) if tensor not in outputs)
    described[token] = dataclasses.replace(
        tokens, name=inputs[token], description="Id of one token."
    )
    results = [
        scores if tensor == "scores" else TensorDescription(tensor, "State after the step.")
        for tensor in outputs
    ]
    return add_metadata(
        model,
        ModelDescription(
            name, description, version, tuple(described), tuple(results), author, license
        ),
    )


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


def _tokens_and_scores(
    vocabulary: Vocabulary, labels: Sequence[str], delimiters: str
) -> tuple[TensorDescription, TensorDescription]:
    tokenizer = RegexTokenizer(
        delimiters,
        AssociatedFile(
            VOCABULARY_FILE,
            vocabulary.to_text().encode(),
            FileKind.VOCABULARY,
            "A token and its id a line; several tokens may share an id.",
        ),
    )
    tokens = TensorDescription(
        "ids", "Ids of the text's tokens, padded with 0 at the end.", tokenizer=tokenizer
    )
    label_file = AssociatedFile(
        LABELS_FILE,
        "".join(f"{label}\n" for label in labels).encode(),
        FileKind.AXIS_LABELS,
        "The name of each class, one a line.",
    )
    return tokens, TensorDescription(
        "scores", "Score of each class.", minimum=0.0, maximum=1.0, files=(label_file,)
    )


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


def _check_labels(labels: Sequence[str]) -> None:
    for label in labels:
        if not label or "\n" in label or "\r" in label:
            raise ValueError(f"a label is one line of text, not {label!r}")
    if len(set(labels)) != len(labels):
        raise ValueError(f"labels must differ from one another: {list(labels)}")


def _check_classifier(model: bytes, classes: int) -> None:
    subgraph = read_model(model).Subgraphs(0)
    if (subgraph.InputsLength(), subgraph.OutputsLength()) != (1, 1):
        raise ValueError(
            "a text classifier has one input and one output, the model has "
            f"{subgraph.InputsLength()} and {subgraph.OutputsLength()}"
        )
    ids = subgraph.Tensors(subgraph.Inputs(0))
    if ids.Type() != schema.TensorType.INT32:
        raise ValueError(f"the input must be int32 ids, its TFLite type is {ids.Type()}")
    scores = subgraph.Tensors(subgraph.Outputs(0))
    shape = [scores.Shape(i) for i in range(scores.ShapeLength())]
    if not shape or shape[-1] != classes:
        raise ValueError(f"{classes} labels for an output of shape {shape}")
