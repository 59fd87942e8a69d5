"""A generator small enough to be exported in a test: made-up sentences, random weights."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from common.bundle import Bundle
from common.errors import UserError
from common.generation.application import (
    Array,
    FrontEnd,
    GenerationData,
    GeneratorApplication,
)
from common.generation.settings import GeneratorSettings
from common.settings import to_json
from common.text.pieces import END_ID, PieceVocabulary

SOURCES = (
    "el gato duerme en la casa.",
    "¿Dónde está la casa del gato?",
    "La niña come una manzana roja.",
    "mi perro no come manzanas.",
    "¿Duerme el perro en la cama?",
    "ella canta y el perro duerme.",
)
TARGETS = (
    "the cat sleeps in the house.",
    "Where is the house of the cat?",
    "The girl eats a red apple.",
    "my dog eats no apples.",
    "Does the dog sleep in the bed?",
    "she sings and the dog sleeps.",
)
_SOURCE_FILE, _TARGET_FILE, _SIZES_FILE = "source.txt", "target.txt", "sizes.json"


class TinyFrontEnd(FrontEnd):
    """Two vocabularies and the most pieces of a call; longer texts are divided at full stops."""

    def __init__(self, source: PieceVocabulary, target: PieceVocabulary, longest: int) -> None:
        self.source, self.vocabulary, self._longest = source, target, longest

    @property
    def max_timesteps(self) -> int:
        return self._longest

    @property
    def max_tokens(self) -> int:
        return self._longest + 4

    def encode(self, raw: Any) -> Array:
        ids = self.source.encode(raw)
        if len(ids) > self._longest:
            raise UserError(f"{len(ids)} pieces, {self._longest} at most; divide the sentence")
        return np.array(ids, np.int32)

    def pad(self, encoded: Sequence[Array], timesteps: int) -> Array:
        batch = np.zeros((len(encoded), timesteps), np.int32)
        for row, ids in zip(batch, encoded, strict=True):
            row[: len(ids)] = ids
        return batch

    def limit(self, encoded: Array) -> int:
        return len(encoded) + 4

    def parts(self, raw: Any) -> list[Any]:
        if len(self.source.encode(raw)) <= self._longest:
            return [raw]
        return [f"{part}." for part in raw.split(".") if part.strip()]

    def files(self) -> Mapping[str, bytes]:
        return {
            _SOURCE_FILE: self.source.to_text().encode(),
            _TARGET_FILE: self.vocabulary.to_text().encode(),
            _SIZES_FILE: json.dumps({"longest": self._longest}).encode(),
        }


@dataclass(frozen=True)
class TinySettings(GeneratorSettings):
    """Sizes at which a network is built and converted in seconds."""

    seed: int = 1
    # The converter makes 8 bits of matrices with 1024 numbers and more.
    units: int = 32
    embedding: int = 32
    heads: int = 2
    beam: int = 3


class TinyApplication(GeneratorApplication):
    """Translates nothing in earnest."""

    name, summary, input_help = "tiny", "made-up sentences", "a sentence"
    signature, input_name = "translate", "ids"
    settings = TinySettings

    def load_data(
        self, data: str, splits: Collection[str] | None, options: Mapping[str, Any]
    ) -> GenerationData:
        return GenerationData("tiny", {"train": SOURCES}, {"train": [(t,) for t in TARGETS]})

    def make_front_end(self, data: GenerationData, settings: Any) -> TinyFrontEnd:
        targets = [one for some in data.references["train"] for one in some]
        size = settings.vocabulary_size
        source = PieceVocabulary.build(data.inputs["train"], size, minimum_count=1)
        return TinyFrontEnd(source, PieceVocabulary.build(targets, size, minimum_count=1), 14)

    def load_front_end(self, files: Mapping[str, bytes]) -> TinyFrontEnd:
        source, target = (
            PieceVocabulary.from_text(files[name].decode()) for name in (_SOURCE_FILE, _TARGET_FILE)
        )
        return TinyFrontEnd(source, target, json.loads(files[_SIZES_FILE])["longest"])

    def build_network(self, settings: Any, front_end: FrontEnd) -> Any:
        """Returns a network with weights so far from zero that its answers differ, and end."""
        import keras

        from apps.translation.encoder import SentenceEncoder
        from common.generation.decoder import AttentionDecoder
        from common.generation.network import Generator

        assert isinstance(front_end, TinyFrontEnd)
        keras.utils.set_random_seed(settings.seed)
        units, size = settings.units, settings.embedding
        encoder = SentenceEncoder(len(front_end.source), units, size, 2, name="encoder")
        pieces, heads = len(front_end.vocabulary), settings.heads
        decoder = AttentionDecoder(pieces, units, size, settings.depth, heads, name="decoder")
        network = Generator(encoder, decoder)
        network((np.ones((1, 3), np.int32), np.ones((1, 2), np.int32)))
        rng = np.random.default_rng(settings.seed)
        for variable in network.variables:
            scale = 0.3
            if len(variable.shape) == 2:
                scale = 2 / variable.shape["embeddings" in variable.path] ** 0.5
            variable.assign(rng.normal(scale=scale, size=variable.shape))
        decoder.bias.assign(decoder.bias + np.eye(pieces)[END_ID])
        return network

    def import_layers(self) -> None:
        import apps.translation.encoder  # noqa: F401
        import common.generation.network  # noqa: F401

    def input_spec(self, front_end: FrontEnd, batch: int | None) -> Any:
        import tensorflow as tf

        steps = None if batch is None else front_end.max_timesteps
        return tf.TensorSpec([batch, steps], tf.int32, name=self.input_name)

    def limits_in_graph(self, front_end: FrontEnd, given: Any) -> Any:
        import tensorflow as tf

        return tf.reduce_sum(tf.cast(given != 0, tf.int32), axis=1) + 4

    def from_raw_in_graph(self, front_end: FrontEnd) -> tuple[Any, Any]:
        import tensorflow as tf

        from common.text.pieces_in_graph import TextToPieces

        assert isinstance(front_end, TinyFrontEnd)
        to_pieces = TextToPieces(front_end.source)
        return tf.TensorSpec([None], tf.string, name="text"), lambda text: to_pieces(text)[0]

    def request(self, front_end: FrontEnd, raw: Sequence[Any]) -> Array:
        return np.array([text.encode() for text in raw], object)

    def read_inputs(self, arguments: Sequence[str]) -> Iterator[tuple[str, Any]]:
        yield from ((text, text) for text in arguments)

    def show(self, raw: Any) -> str:
        return str(raw)

    def metrics(
        self, answers: Sequence[str], references: Sequence[tuple[str, ...]]
    ) -> tuple[dict[str, float], dict[str, str]]:
        return {}, {}


def tiny_front_end(settings: TinySettings | None = None) -> TinyFrontEnd:
    """Returns the front end of the sentences above."""
    application = TinyApplication()
    data = application.load_data("tiny", None, {})
    return application.make_front_end(data, settings or TinySettings())


def random_sentences(count: int, seed: int = 0) -> list[str]:
    """Returns sentences of one to five words of those above, some of which end in no sign."""
    rng = np.random.default_rng(seed)
    words = " ".join(SOURCES).split()
    front_end = tiny_front_end()
    found: list[str] = []
    while len(found) < count:
        text = " ".join(rng.choice(words, rng.integers(1, 6)))
        if len(front_end.source.encode(text)) <= front_end.max_timesteps:
            found.append(text)
    return found


def as_bundle(folder: Path, front_end: FrontEnd, settings: TinySettings) -> Bundle:
    """Returns the bundle in a folder of artefacts, with the files of its front end."""
    for name, content in front_end.files().items():
        (folder / name).write_bytes(content)
    config = {"front_end_files": list(front_end.files()), "settings": to_json(settings)}
    return Bundle(folder, config)
