"""Sentiment analysis: a text of any length to a class."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from apps.sentiment.builtin import generate
from apps.sentiment.front_end import VOCABULARY_FILE, TextFrontEnd
from apps.sentiment.priors import log_count_ratios
from apps.sentiment.settings import SentimentSettings
from common import given_texts
from common.classification.application import (
    Array,
    ClassificationData,
    ClassifierApplication,
    FrontEnd,
    TensorFunction,
)
from common.data.text_classification import load_text_classification
from common.errors import one_line
from common.text.shuffling import shuffled_words
from common.text.tokenizer import tokenize
from common.text.vocabulary import Vocabulary

# Words that every file reads of a text at least, however short the training texts are.
_LEAST_WINDOW = 64
# Learning rate of the small networks of a curve, unless one is given.
_SMALL_RATE = 0.01


class Sentiment(ClassifierApplication):
    """Texts in, a class and its score out."""

    name = "sentiment"
    summary = "Sentiment analysis: a text of any length to a class (many to one)."
    input_help = "Texts to classify; without any, lines of --input-file or of standard input."
    reads_texts = True
    settings = SentimentSettings
    # What `shuffled` brings into another order.
    order_of = "words"
    data_options = (
        click.Option(
            ["--text-column"], default="text", show_default=True, help="Column of the texts."
        ),
        click.Option(
            ["--label-column"], default="label", show_default=True, help="Column of the classes."
        ),
    )

    def sized(self, settings: Any, layer: str, units: int, rank: int) -> Any:
        # Most of a small file is the table of the words' vectors. A unit of our layer takes a third
        # of a GRU's weights, so it has more units beside a table of the same size. Of short vectors
        # half the numbers must not be dropped, and networks as small as these, of all three layers,
        # are far from done after 20 epochs at the rate of large ones.
        given = settings.learning_rate != self.settings().learning_rate
        return dataclasses.replace(
            super().sized(settings, layer, units, rank),
            embedding=min(settings.embedding, max(4, units // (4 if layer == "recur" else 2))),
            dropout=min(settings.dropout, 0.2),
            learning_rate=settings.learning_rate if given else _SMALL_RATE,
        )

    def load_data(
        self,
        data: str,
        splits: Collection[str] | None,
        labels: Sequence[str] | None,
        options: Mapping[str, Any],
    ) -> ClassificationData:
        loaded = load_text_classification(
            data,
            builtin=generate,
            splits=splits,
            labels=labels,
            text_column=options["text_column"],
            label_column=options["label_column"],
            seed=options.get("seed", 0),
        )
        index = {label: i for i, label in enumerate(loaded.labels)}
        return ClassificationData(
            loaded.name,
            loaded.labels,
            {split: [e.text for e in rows] for split, rows in loaded.splits.items()},
            {
                split: np.array([index[e.label] for e in rows], np.int64)
                for split, rows in loaded.splits.items()
            },
            loaded.notes,
        )

    def make_front_end(self, data: ClassificationData, settings: Any) -> FrontEnd:
        texts = data.inputs["train"]
        vocabulary = Vocabulary.build(texts, settings.vocabulary_size, settings.minimum_count)
        longest = max(len(vocabulary.encode(text)) for text in texts)
        rounded = -(-max(longest, _LEAST_WINDOW) // 8) * 8
        return TextFrontEnd(vocabulary, min(rounded, settings.max_tokens))

    def load_front_end(self, files: Mapping[str, bytes], max_timesteps: int) -> FrontEnd:
        return TextFrontEnd(Vocabulary.from_text(files[VOCABULARY_FILE].decode()), max_timesteps)

    def import_layers(self) -> None:
        super().import_layers()
        from apps.sentiment import network  # noqa: F401

    def build_network(
        self,
        settings: Any,
        front_end: FrontEnd,
        classes: int,
        encoded: Sequence[Array],
        targets: NDArray[np.int64],
    ) -> Any:
        from apps.sentiment import network

        assert isinstance(front_end, TextFrontEnd)
        words = len(front_end.vocabulary)
        ratios = log_count_ratios(encoded, targets, words, classes)
        return network.build_network(settings, words, classes, ratios)

    def server_functions(
        self, model: Any, front_end: FrontEnd, labels: Sequence[str]
    ) -> Mapping[str, TensorFunction]:
        from apps.sentiment import network

        assert isinstance(front_end, TextFrontEnd)
        return network.server_functions(model, front_end, labels)

    def server_request(self, signature: str, front_end: FrontEnd, raw: Sequence[Any]) -> Any:
        if signature == "ids":
            encoded = [front_end.encode(text) for text in raw]
            return {"ids": front_end.pad(encoded, max(len(ids) for ids in encoded))}
        # As bytes, as a client sends them: half a character that Python can hold is no UTF-8.
        return {"text": np.array([text.encode("utf-8", "surrogatepass") for text in raw], object)}

    def phone_function(self, model: Any, front_end: FrontEnd) -> TensorFunction:
        from apps.sentiment import network

        return network.phone_function(model, front_end.max_timesteps)

    def step_function(self, model: Any, front_end: FrontEnd) -> TensorFunction | None:
        from apps.sentiment import network

        return network.step_function(model)

    def steps(self, encoded: Array) -> Iterator[Array]:
        for token in encoded:
            yield np.array([[token]], np.int32)

    def add_metadata(
        self, model: bytes, artefact: str, front_end: FrontEnd, labels: Sequence[str], version: str
    ) -> bytes:
        from apps.sentiment import metadata

        assert isinstance(front_end, TextFrontEnd)
        return metadata.add(model, artefact, front_end, labels, version)

    def baseline(
        self,
        encoded: Sequence[Array],
        targets: NDArray[np.int64],
        scored: Sequence[Array],
        front_end: FrontEnd,
    ) -> tuple[str, Array] | None:
        from apps.sentiment.baseline import NAME, bag_of_words_scores

        assert isinstance(front_end, TextFrontEnd)
        words = len(front_end.vocabulary)
        return NAME, bag_of_words_scores(encoded, targets, scored, words)

    def read_inputs(self, arguments: Sequence[str]) -> Iterator[tuple[str, Any]]:
        for text in given_texts.texts(arguments):
            yield text, text

    def show(self, raw: Any) -> str:
        return one_line(raw, 400)

    def draw(self, scorer: Any, inputs: Sequence[Any], folder: Path) -> list[tuple[str, str]]:
        from apps.sentiment import pictures

        texts = pictures.choose_texts(inputs)
        if not texts:
            return []
        pictures.reading(scorer, scorer.front_end, texts, folder / "reading.png")
        return [("What it thinks after each word", "reading.png")]

    def shuffled(self, raw: Any, front_end: FrontEnd, rng: np.random.Generator) -> Any:
        """Returns a text with its words in another order."""
        return shuffled_words(raw, rng)

    def moments(self, raw: Any, front_end: FrontEnd) -> Sequence[str]:
        """Returns the word that the network reads at each step."""
        return tokenize(raw)[: front_end.max_timesteps]

    def usage(self, labels: Sequence[str], front_end: FrontEnd) -> str:
        text = Path(__file__).with_name("usage.md").read_text(encoding="utf-8")
        values = {
            "labels": ", ".join(labels),
            "classes": len(labels),
            "timesteps": front_end.max_timesteps,
        }
        for name, value in values.items():
            text = text.replace("{" + name + "}", str(value))
        return text


APPLICATION = Sentiment()
