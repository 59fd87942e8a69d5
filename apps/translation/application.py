"""Translation: a sentence of one language to a sentence of another."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np

from apps.translation.front_end import SPARE_TOKENS, TextFrontEnd
from apps.translation.settings import TranslationSettings
from common import given_texts
from common.errors import UserError
from common.generation.application import (
    Array,
    FrontEnd,
    GenerationData,
    GeneratorApplication,
)
from common.text.shuffling import shuffled_words

SPANISH_TO_ENGLISH = "es,en"


class Translation(GeneratorApplication):
    """Sentences in, sentences out."""

    name = "translation"
    summary = "Translation: a Spanish sentence to an English one (many to many)."
    input_help = (
        "Sentences to translate; without any, those of --input-file or else of standard input, a "
        "sentence a line: as many lines come out, in the same order."
    )
    reads_texts = True
    signature, input_name = "translate", "ids"
    settings = TranslationSettings
    # What `shuffled` brings into another order.
    order_of = "words"
    data_options = (
        click.Option(
            ["--source-column"], default="source", show_default=True, help="Column to translate."
        ),
        click.Option(
            ["--target-column"], default="target", show_default=True, help="Its translation."
        ),
        click.Option(
            ["--languages"],
            default=SPANISH_TO_ENGLISH,
            show_default=True,
            help="Source and target, as in the names of parallel files (train.es, train.en) and of "
            "TFDS features.",
        ),
    )

    def load_data(
        self, data: str, splits: Collection[str] | None, options: Mapping[str, Any]
    ) -> GenerationData:
        from apps.translation.direction import swapped_columns
        from common.data.parallel_text import load_parallel_text

        said = options.get("languages") or SPANISH_TO_ENGLISH
        languages = tuple(language.strip() for language in said.split(","))
        if len(languages) != 2 or not all(languages):
            raise UserError(f"--languages {said}: give two, as in --languages {SPANISH_TO_ENGLISH}")
        loaded = load_parallel_text(
            data,
            builtin=_builtin,
            languages=(languages[0], languages[1]),
            splits=splits,
            source_column=options["source_column"],
            target_column=options["target_column"],
            seed=options.get("seed", 0),
            check=swapped_columns if said == SPANISH_TO_ENGLISH else None,
        )
        inputs: dict[str, list[str]] = {}
        references: dict[str, list[tuple[str, ...]]] = {}
        for split, pairs in loaded.splits.items():
            together: dict[str, list[str]] = {}
            for pair in pairs:
                together.setdefault(pair.source, []).append(pair.target)
            inputs[split] = list(together)
            references[split] = [tuple(dict.fromkeys(some)) for some in together.values()]
        return GenerationData(loaded.name, inputs, references, loaded.notes)

    def make_front_end(self, data: GenerationData, settings: Any) -> FrontEnd:
        from common.text.pieces import PieceVocabulary

        def vocabulary(texts: Iterator[str]) -> PieceVocabulary:
            return PieceVocabulary.build(texts, settings.vocabulary_size, settings.vocabulary)

        every = (text for some in data.references["train"] for text in some)
        return TextFrontEnd(
            vocabulary(iter(data.inputs["train"])), vocabulary(every), settings.max_pieces
        )

    def load_front_end(self, files: Mapping[str, bytes]) -> FrontEnd:
        return TextFrontEnd.from_files(files)

    def build_network(self, settings: Any, front_end: FrontEnd) -> Any:
        from apps.translation import network

        assert isinstance(front_end, TextFrontEnd)
        return network.build_network(settings, len(front_end.source), len(front_end.vocabulary))

    def import_layers(self) -> None:
        from apps.translation import network  # noqa: F401

    def input_spec(self, front_end: FrontEnd, batch: int | None) -> Any:
        import tensorflow as tf

        steps = None if batch is None else front_end.max_timesteps
        return tf.TensorSpec([batch, steps], tf.int32, self.input_name)

    def limits_in_graph(self, front_end: FrontEnd, given: Any) -> Any:
        import tensorflow as tf

        from common.text.vocabulary import PAD_ID

        count = tf.reduce_sum(tf.cast(tf.not_equal(given, PAD_ID), tf.int32), axis=1)
        return count + count // 2 + SPARE_TOKENS

    def from_raw_in_graph(self, front_end: FrontEnd) -> tuple[Any, Any]:
        import tensorflow as tf

        from common.text.pieces_in_graph import TextToPieces

        assert isinstance(front_end, TextFrontEnd)
        to_pieces = TextToPieces(front_end.source)
        return tf.TensorSpec([None], tf.string, "text"), lambda texts: to_pieces(texts)[0]

    def request(self, front_end: FrontEnd, raw: Sequence[Any]) -> Array:
        return np.array([text.encode("utf-8", "replace") for text in raw], object)

    def read_inputs(self, arguments: Sequence[str]) -> Iterator[tuple[str, Any]]:
        for text in given_texts.texts(arguments):
            yield text, text

    def show(self, raw: Any) -> str:
        return str(raw)

    def metrics(
        self, answers: Sequence[str], references: Sequence[tuple[str, ...]]
    ) -> tuple[dict[str, float], dict[str, str]]:
        from common.generation.scores import translation_metrics

        return translation_metrics(answers, references)

    def baseline(self, data: GenerationData, split: str) -> tuple[str, list[str]] | None:
        from apps.translation.baseline import NAME, word_by_word

        train = [
            (source, target)
            for source, some in zip(data.inputs["train"], data.references["train"], strict=True)
            for target in some
        ]
        return NAME, word_by_word(train, data.inputs[split])

    def shuffled(self, raw: Any, front_end: FrontEnd, rng: np.random.Generator) -> Any:
        """Returns a sentence with its words in another order."""
        return shuffled_words(raw, rng)

    def usage(self, front_end: FrontEnd) -> str:
        text = Path(__file__).with_name("usage.md").read_text(encoding="utf-8")
        numbers = {"pieces": front_end.max_timesteps, "tokens": front_end.max_tokens}
        for name, value in numbers.items():
            text = text.replace("{" + name + "}", str(value))
        return text


def _builtin() -> Mapping[str, Sequence[tuple[str, str]]]:
    from apps.translation.builtin import generate

    return generate()


APPLICATION = Translation()
