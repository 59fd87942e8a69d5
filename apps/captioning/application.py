"""Captioning: a photograph to a sentence."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import numpy as np

from apps.captioning import observations
from apps.captioning.front_end import PictureFrontEnd, plain_caption
from apps.captioning.settings import CaptioningSettings
from common import standard_input
from common.data.sources import BUILTIN
from common.errors import UserError
from common.generation.application import (
    Answer,
    Array,
    FrontEnd,
    GenerationData,
    GeneratorApplication,
    QuantisedEncoder,
)
from common.generation.evaluation import Tolerance
from common.progress import Progress

FEATURES = "exported/.features"
# Pictures on which the ranges of an int8 encoder are measured.
_CALIBRATION = 200
# Pictures that cannot be read whose errors are told in full.
_TOLD = 5


class Captioning(GeneratorApplication):
    """Pictures in, sentences out."""

    name = "captioning"
    summary = "Captioning: a photograph to a sentence (one to many)."
    input_help = (
        "Pictures (JPEG, PNG, WebP, GIF, BMP) to describe, or folders of them; without any, "
        "standard input, a path a line."
    )
    signature, input_name = "caption", "image"
    settings = CaptioningSettings
    meanings = observations.MEANINGS
    # An encoder may have fifty layers of rounded weights; where many captions are about as likely,
    # another one of them is taken now and then, and none that is worse.
    tolerances: Mapping[str, Tolerance] = {"float16": Tolerance(0.1, bleu_loss=0.5)}
    data_options = (
        click.Option(
            ["--image-column"], default="image", show_default=True, help="Column of the pictures."
        ),
        click.Option(
            ["--caption-column"],
            default="caption",
            show_default=True,
            help="Column of the captions; a picture may stand in several rows.",
        ),
        click.Option(
            ["--features"],
            type=click.Path(),
            default=FEATURES,
            show_default=True,
            help="Folder for what a fixed encoder makes of the training pictures; may be deleted.",
        ),
    )

    def load_data(
        self, data: str, splits: Collection[str] | None, options: Mapping[str, Any]
    ) -> GenerationData:
        from common.data.captions import load_captions

        loaded = load_captions(
            data,
            builtin=_builtin,
            splits=splits,
            image_column=options["image_column"],
            caption_column=options["caption_column"],
            seed=options.get("seed", 0),
        )
        inputs: dict[str, list[Any]] = {}
        references: dict[str, list[tuple[str, ...]]] = {}
        notes = list(loaded.notes)
        for split, pictures in loaded.splits.items():
            plain = [dict.fromkeys(map(plain_caption, one.captions)) for one in pictures]
            captions = [tuple(text for text in some if text) for some in plain]
            kept = [pair for pair in zip(pictures, captions, strict=True) if pair[1]]
            inputs[split] = [one.picture for one, _ in kept]
            references[split] = [some for _, some in kept]
            if len(kept) < len(pictures):
                silent = len(pictures) - len(kept)
                notes.append(
                    f"left out, because its captions are full stops alone, {silent:,} of "
                    f"{len(pictures):,} {split} images"
                )
            if not kept:
                raise UserError(f"{data}: no image of the {split} split has a caption with a word")
        cache = Path(options.get("features", FEATURES))
        return GenerationData(loaded.name, inputs, references, tuple(notes), cache)

    def settle(self, settings: Any, data: GenerationData) -> Any:
        return settings.settled(data.name == BUILTIN)

    def usable(self, data: GenerationData, progress: Progress) -> GenerationData:
        from common.image.decoding import decode

        inputs: dict[str, list[Any]] = {}
        references: dict[str, list[tuple[str, ...]]] = {}
        notes = list(data.notes)
        for split, pictures in data.inputs.items():
            errors = []
            inputs[split], references[split] = [], []
            for picture, captions in zip(
                progress.track(pictures, f"{split} pictures"), data.references[split], strict=True
            ):
                try:
                    if data.name != BUILTIN:  # those are of our own making
                        decode(picture)
                except UserError as error:
                    errors.append(str(error))
                else:
                    inputs[split].append(picture)
                    references[split].append(captions)
            if errors:
                notes.append(
                    f"{len(errors):,} of {len(pictures):,} pictures of the {split} split cannot be "
                    f"read and are left out: {_some(errors)}"
                )
            if not inputs[split]:
                raise UserError(
                    f"{data.name}: no picture of the {split} split can be read: {_some(errors)}"
                )
        return replace(data, inputs=inputs, references=references, notes=tuple(notes))

    def make_front_end(self, data: GenerationData, settings: Any) -> FrontEnd:
        from common.text.pieces import PieceVocabulary

        every = (text for some in data.references["train"] for text in some)
        vocabulary = PieceVocabulary.build(every, settings.vocabulary_size)
        return PictureFrontEnd(vocabulary, settings.size, settings.max_tokens)

    def load_front_end(self, files: Mapping[str, bytes]) -> FrontEnd:
        return PictureFrontEnd.from_files(files)

    def build_network(self, settings: Any, front_end: FrontEnd) -> Any:
        from apps.captioning import network

        return network.build_network(settings, len(front_end.vocabulary))

    def training_inputs(
        self,
        model: Any,
        front_end: FrontEnd,
        data: GenerationData,
        split: str,
        settings: Any,
        progress: Progress,
    ) -> Sequence[Array | None]:
        from apps.captioning.features import cached_features
        from apps.captioning.network import is_frozen
        from common.image.reading import read_pictures

        assert isinstance(front_end, PictureFrontEnd)
        raw, size = data.inputs[split], front_end.size
        if is_frozen(settings):
            assert data.cache is not None
            return cached_features(model.encoder, raw, size, data.cache, progress)
        found = []
        for pixels in read_pictures(progress.track(raw, "pictures"), size):
            if isinstance(pixels, UserError):
                raise pixels
            found.append(pixels)
        return found

    def import_layers(self) -> None:
        from apps.captioning import network  # noqa: F401

    def input_spec(self, front_end: FrontEnd, batch: int | None) -> Any:
        import tensorflow as tf

        assert isinstance(front_end, PictureFrontEnd)
        size = front_end.size
        return tf.TensorSpec([batch, size, size, 3], tf.uint8, self.input_name)

    def other_inputs(self, front_end: FrontEnd) -> Mapping[str, tuple[Any, Callable[[Any], Any]]]:
        import tensorflow as tf

        spec = self.input_spec(front_end, 1)
        pixels = tf.TensorSpec(spec.shape, tf.float32, self.input_name)
        return {"float": (pixels, lambda given: given)}

    def limits_in_graph(self, front_end: FrontEnd, given: Any) -> Any:
        import tensorflow as tf

        return tf.fill([tf.shape(given)[0]], front_end.max_tokens)

    def from_raw_in_graph(self, front_end: FrontEnd) -> tuple[Any, Any]:
        import tensorflow as tf

        from common.image.in_graph import decode_pictures

        assert isinstance(front_end, PictureFrontEnd)
        size = front_end.size
        spec = tf.TensorSpec([None], tf.string, "image_bytes")
        return spec, lambda contents: decode_pictures(contents, size)

    def quantised_encoder(
        self, model: Any, front_end: FrontEnd, examples: Sequence[Any]
    ) -> QuantisedEncoder | None:
        def calibration() -> Iterator[Array]:
            step = max(1, len(examples) // _CALIBRATION)
            for raw in examples[::step][:_CALIBRATION]:
                yield front_end.encode(raw)[None]

        return QuantisedEncoder(model.encoder.features, calibration)

    def request(self, front_end: FrontEnd, raw: Sequence[Any]) -> Array:
        from apps.captioning.inputs import for_server

        return np.array([for_server(picture) for picture in raw], object)

    def read_inputs(self, arguments: Sequence[str]) -> Iterator[tuple[str, Any]]:
        from apps.captioning.inputs import read_arguments

        yield from read_arguments(arguments or standard_input.lines())

    def show(self, raw: Any) -> str:
        return str(raw.name)

    def metrics(
        self, answers: Sequence[str], references: Sequence[tuple[str, ...]]
    ) -> tuple[dict[str, float], dict[str, str]]:
        from common.generation.scores import caption_metrics

        return caption_metrics(answers, references)

    def observations(
        self, answers: Sequence[str], data: GenerationData, split: str
    ) -> dict[str, float]:
        return observations.observe(answers, data, split, data.name == BUILTIN)

    def baseline(self, data: GenerationData, split: str) -> tuple[str, list[str]] | None:
        from apps.captioning.baseline import NAME, most_alike

        return NAME, most_alike(data.inputs["train"], data.references["train"], data.inputs[split])

    def draw(
        self,
        model: Any,
        front_end: FrontEnd,
        data: GenerationData,
        split: str,
        answers: Sequence[Answer],
        folder: Path,
    ) -> list[tuple[str, str]]:
        from apps.captioning import pictures

        return pictures.draw(model, front_end, data, split, answers, folder)

    def usage(self, front_end: FrontEnd) -> str:
        assert isinstance(front_end, PictureFrontEnd)
        text = Path(__file__).with_name("usage.md").read_text(encoding="utf-8")
        for name, value in {"size": front_end.size, "tokens": front_end.max_tokens}.items():
            text = text.replace("{" + name + "}", str(value))
        return text


def _some(errors: Sequence[str]) -> str:
    more = [f"and {len(errors) - _TOLD:,} more"] if len(errors) > _TOLD else []
    return " | ".join([*errors[:_TOLD], *more])


def _builtin() -> Mapping[str, Sequence[Any]]:
    from apps.captioning.builtin import generate
    from common.data.captions import CaptionedPicture

    return {
        split: [CaptionedPicture(one.picture, one.captions) for one in some]
        for split, some in generate().items()
    }


APPLICATION = Captioning()
