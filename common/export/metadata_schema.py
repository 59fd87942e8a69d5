"""What TFLite metadata says of a model, as dataclasses and as the flatbuffer that clients read.

The schema is MediaPipe's `metadata_schema.fbs` (identifier `M001`). Only what a classifier of text
or sound needs is here. Slots are the positions of the fields in that file; they never change, so
the flatbuffer is written by them and no generated classes are needed.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import flatbuffers

IDENTIFIER = b"M001"


class FileKind(enum.IntEnum):
    """What an associated file holds (schema: AssociatedFileType)."""

    UNKNOWN = 0
    DESCRIPTIONS = 1
    AXIS_LABELS = 2
    VALUE_LABELS = 3
    SCORE_CALIBRATION = 4
    VOCABULARY = 5


@dataclass(frozen=True)
class AssociatedFile:
    """A file packed with the model; a client finds it by its name."""

    name: str
    content: bytes
    kind: FileKind = FileKind.UNKNOWN
    description: str = ""


@dataclass(frozen=True)
class RegexTokenizer:
    """Turns text into ids: split at the regular expression, look up in lines `form id`."""

    delimiters: str
    vocabulary: AssociatedFile


@dataclass(frozen=True)
class AudioProperties:
    """What a tensor of samples expects; clients resample to it."""

    sample_rate: int
    channels: int


@dataclass(frozen=True)
class TensorDescription:
    """One input or output of the model.

    Attributes:
        name: must be there; MediaPipe reads it without looking whether it is.
        description: for people.
        tokenizer: how an input's ids are made from text.
        audio: what an input of samples expects.
        minimum, maximum: the range of the values, such as 0 and 1 for scores.
        files: such as the labels of a classifier's output.
    """

    name: str
    description: str = ""
    tokenizer: RegexTokenizer | None = None
    audio: AudioProperties | None = None
    minimum: float | None = None
    maximum: float | None = None
    files: tuple[AssociatedFile, ...] = ()

    def all_files(self) -> tuple[AssociatedFile, ...]:
        """Returns every file that the tensor refers to."""
        return (*([self.tokenizer.vocabulary] if self.tokenizer else []), *self.files)


@dataclass(frozen=True)
class About:
    """What a model says of itself to people."""

    name: str
    description: str
    version: str
    author: str = ""
    license: str = ""


@dataclass(frozen=True)
class ModelDescription:
    """A model: what it is, and its inputs and outputs in the order of its (first) subgraph."""

    about: About
    inputs: tuple[TensorDescription, ...]
    outputs: tuple[TensorDescription, ...]

    def all_files(self) -> tuple[AssociatedFile, ...]:
        """Returns every file that the model's tensors refer to."""
        return tuple(file for tensor in self.inputs + self.outputs for file in tensor.all_files())

    def minimum_parser_version(self) -> str:
        """Returns the version of the schema that brought in the newest of what is used."""
        tensors = self.inputs + self.outputs
        if any(tensor.audio for tensor in tensors):
            return "1.3.0"
        if any(tensor.tokenizer for tensor in tensors):
            return "1.2.1"
        return "1.0.1" if any(f.kind is FileKind.VOCABULARY for f in self.all_files()) else "1.0.0"

    def to_flatbuffer(self) -> bytes:
        """Returns the description as a flatbuffer with the identifier `M001`."""
        return _Writer().model(self)


# Members of the schema's unions.
_FEATURE_PROPERTIES, _AUDIO_PROPERTIES = 1, 4
_REGEX_TOKENIZER_OPTIONS = 6


class _Writer:
    """Writes the tables of the schema; each method returns the offset of what it wrote."""

    def __init__(self) -> None:
        self._builder = flatbuffers.Builder()

    def model(self, model: ModelDescription) -> bytes:
        subgraph = self._table(
            10,
            {
                2: self._vector(self._tensor(tensor) for tensor in model.inputs),
                3: self._vector(self._tensor(tensor) for tensor in model.outputs),
            },
        )
        root = self._table(
            8,
            {
                0: self._string(model.about.name),
                1: self._string(model.about.description),
                2: self._string(model.about.version),
                3: self._vector([subgraph]),
                4: self._string(model.about.author),
                5: self._string(model.about.license),
                7: self._string(model.minimum_parser_version()),
            },
        )
        self._builder.Finish(root, file_identifier=IDENTIFIER)
        return bytes(self._builder.Output())

    def _tensor(self, tensor: TensorDescription) -> int:
        return self._table(
            7,
            {
                0: self._string(tensor.name),
                1: self._string(tensor.description),
                3: self._content(tensor.audio),
                4: self._vector([self._tokenizer(tensor.tokenizer)] if tensor.tokenizer else []),
                5: self._range(tensor.minimum, tensor.maximum),
                6: self._vector(self._file(file) for file in tensor.files),
            },
        )

    def _content(self, audio: AudioProperties | None) -> int:
        if audio is None:
            kind, properties = _FEATURE_PROPERTIES, self._table(0, {})
        else:
            numbers = {0: audio.sample_rate, 1: audio.channels}
            kind, properties = _AUDIO_PROPERTIES, self._table(2, {}, uint32=numbers)
        return self._table(3, {1: properties}, uint8={0: kind})

    def _tokenizer(self, tokenizer: RegexTokenizer) -> int:
        options = self._table(
            2,
            {
                0: self._string(tokenizer.delimiters),
                1: self._vector([self._file(tokenizer.vocabulary)]),
            },
        )
        return self._table(2, {1: options}, uint8={0: _REGEX_TOKENIZER_OPTIONS})

    def _file(self, file: AssociatedFile) -> int:
        strings = {0: self._string(file.name), 1: self._string(file.description)}
        return self._table(5, strings, uint8={2: file.kind})

    def _range(self, minimum: float | None, maximum: float | None) -> int:
        if minimum is None and maximum is None:
            return 0
        return self._table(2, {0: self._floats(maximum), 1: self._floats(minimum)})

    def _floats(self, value: float | None) -> int:
        if value is None:
            return 0
        self._builder.StartVector(4, 1, 4)
        self._builder.PrependFloat32(value)
        return int(self._builder.EndVector())

    def _string(self, value: str) -> int:
        return int(self._builder.CreateString(value)) if value else 0

    def _vector(self, offsets: Iterable[int]) -> int:
        return vector(self._builder, list(offsets))

    def _table(
        self,
        slots: int,
        offsets: Mapping[int, int],
        uint8: Mapping[int, int] | None = None,
        uint32: Mapping[int, int] | None = None,
    ) -> int:
        """Writes a table from its fields by slot; an offset of 0 is a field that is not there."""
        self._builder.StartObject(slots)
        for slot, offset in offsets.items():
            if offset:
                self._builder.PrependUOffsetTRelativeSlot(slot, offset, 0)
        for slot, value in (uint32 or {}).items():
            self._builder.PrependUint32Slot(slot, value, 0)
        for slot, value in (uint8 or {}).items():
            self._builder.PrependUint8Slot(slot, value, 0)
        return int(self._builder.EndObject())


def vector(builder: flatbuffers.Builder, offsets: Sequence[int]) -> int:
    """Writes a vector of tables or strings; returns its offset, or 0 when it would be empty."""
    if not offsets:
        return 0
    builder.StartVector(4, len(offsets), 4)
    for offset in reversed(offsets):
        builder.PrependUOffsetTRelative(offset)
    return int(builder.EndVector())
