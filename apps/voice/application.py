"""Voice: a sound clip of any length to a class."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from apps.voice.front_end import FULL_SCALE, SoundFrontEnd
from apps.voice.settings import VoiceSettings
from common.classification.application import (
    Array,
    ClassificationData,
    ClassifierApplication,
    FrontEnd,
    TensorFunction,
)
from common.errors import UserError

_MOST_MEASURED = 300


class Voice(ClassifierApplication):
    """Sounds in, a class and its score out."""

    name = "voice"
    summary = "Voice classification: a sound clip of any length to a class (many to one)."
    input_help = (
        "Sound files, or folders of them, to classify; without any, a live stream is heard on "
        "standard input: raw 16-bit little-endian mono PCM at the rate of the model."
    )
    settings = VoiceSettings
    # A sound has hundreds of steps, and a state in 8 bits forgets over so many.
    step_activations = "int16"
    # What `shuffled` brings into another order.
    order_of = "hops of sound; cutting them apart makes clicks as well"
    data_options = (
        click.Option(
            ["--path-column"], default="path", show_default=True, help="Column of the sound files."
        ),
        click.Option(
            ["--label-column"], default="label", show_default=True, help="Column of the classes."
        ),
        click.Option(
            ["--group-column"],
            default="group",
            show_default=True,
            help="Column that says which clips are of one speaker or recording.",
        ),
        click.Option(
            ["--group-pattern"],
            help="Regular expression; what it matches in a file's name is the speaker or "
            "recording, and clips of one stay on one side of a split.",
        ),
    )

    def load_data(
        self,
        data: str,
        splits: Collection[str] | None,
        labels: Sequence[str] | None,
        options: Mapping[str, Any],
    ) -> ClassificationData:
        from common.data.sound_classification import load_sound_classification

        loaded = load_sound_classification(
            data,
            builtin=_builtin,
            splits=splits,
            labels=labels,
            sample_rate=options.get("sample_rate", VoiceSettings.sample_rate),
            path_column=options["path_column"],
            label_column=options["label_column"],
            group_column=options["group_column"],
            group_pattern=options["group_pattern"],
            seed=options.get("seed", 0),
        )
        index = {label: i for i, label in enumerate(loaded.labels)}
        known = bool(loaded.grouped_by)
        return ClassificationData(
            loaded.name,
            loaded.labels,
            {split: [clip.sound for clip in clips] for split, clips in loaded.splits.items()},
            {
                split: np.array([index[clip.label] for clip in clips], np.int64)
                for split, clips in loaded.splits.items()
            },
            loaded.notes,
            {s: [clip.group for clip in clips] for s, clips in loaded.splits.items()}
            if known
            else {},
        )

    def settle(self, settings: Any, data: ClassificationData) -> Any:
        return settings.settled(len(data.inputs["train"]), len(data.labels))

    def make_front_end(self, data: ClassificationData, settings: Any) -> FrontEnd:
        try:
            parameters = settings.mfcc()
        except ValueError as error:
            raise UserError(f"{error}; change the options of the front end") from error
        longest = max(
            sum(len(block) for block in sound.blocks(parameters.sample_rate))
            for sounds in data.inputs.values()
            for sound in sounds
        )
        most = parameters.hops(round(settings.window * parameters.sample_rate))
        return SoundFrontEnd(parameters, min(parameters.hops(longest), most))

    def load_front_end(self, files: Mapping[str, bytes], max_timesteps: int) -> FrontEnd:
        return SoundFrontEnd.from_files(files)

    def import_layers(self) -> None:
        super().import_layers()
        from apps.voice import network  # noqa: F401

    def build_network(
        self,
        settings: Any,
        front_end: FrontEnd,
        classes: int,
        encoded: Sequence[Array],
        targets: NDArray[np.int64],
    ) -> Any:
        from apps.voice import features, network

        assert isinstance(front_end, SoundFrontEnd)
        every = np.concatenate(features.of_clips(encoded, front_end))
        return network.build_network(settings, front_end, classes, every)

    def augment(
        self, settings: Any, front_end: FrontEnd
    ) -> Callable[[Array, np.random.Generator], Array] | None:
        from apps.voice.augment import make_augment

        assert isinstance(front_end, SoundFrontEnd)
        return make_augment(settings, front_end)

    def mix(
        self, settings: Any, front_end: FrontEnd
    ) -> Callable[[Array, Array, np.random.Generator], tuple[Array, float]] | None:
        from apps.voice.augment import make_mix

        assert isinstance(front_end, SoundFrontEnd)
        return make_mix(settings, front_end)

    def server_functions(
        self, model: Any, front_end: FrontEnd, labels: Sequence[str]
    ) -> Mapping[str, TensorFunction]:
        from apps.voice import network

        assert isinstance(front_end, SoundFrontEnd)
        return network.server_functions(model, front_end, labels)

    def server_request(self, signature: str, front_end: FrontEnd, raw: Sequence[Any]) -> Any:
        from common.audio.sound import wav_bytes

        assert isinstance(front_end, SoundFrontEnd)
        rate = front_end.parameters.sample_rate
        clips = [sound.read(rate) for sound in raw]
        if signature == "serving_default":
            return {"wav": np.array([wav_bytes(clip, rate) for clip in clips], object)}
        lengths = np.array([len(clip) for clip in clips], np.int32)
        waveform = np.zeros((len(clips), int(lengths.max())), np.float32)
        for row, clip in zip(waveform, clips, strict=True):
            row[: len(clip)] = clip / np.float32(FULL_SCALE)
        return {"waveform": waveform, "length": lengths}

    def phone_function(self, model: Any, front_end: FrontEnd) -> TensorFunction:
        from apps.voice import network

        assert isinstance(front_end, SoundFrontEnd)
        return network.phone_function(model, front_end)

    def step_function(self, model: Any, front_end: FrontEnd) -> TensorFunction | None:
        from apps.voice import network

        assert isinstance(front_end, SoundFrontEnd)
        return network.step_function(model, front_end)

    def steps(self, encoded: Array) -> Iterator[Array]:
        yield from (encoded.astype(np.float32) / np.float32(FULL_SCALE))[:, None, :]

    def add_metadata(
        self, model: bytes, artefact: str, front_end: FrontEnd, labels: Sequence[str], version: str
    ) -> bytes:
        from apps.voice import metadata

        assert isinstance(front_end, SoundFrontEnd)
        return metadata.add(model, artefact, front_end, labels, version)

    def baseline(
        self,
        encoded: Sequence[Array],
        targets: NDArray[np.int64],
        scored: Sequence[Array],
        front_end: FrontEnd,
    ) -> tuple[str, Array] | None:
        from apps.voice import baseline, features

        assert isinstance(front_end, SoundFrontEnd)
        return baseline.NAME, baseline.mean_mfcc_scores(
            features.of_clips(encoded, front_end), targets, features.of_clips(scored, front_end)
        )

    def measure(self, front_end: FrontEnd, inputs: Sequence[Any]) -> Mapping[str, float]:
        from common.audio.fidelity import mfcc_differences

        assert isinstance(front_end, SoundFrontEnd)
        step = -(-len(inputs) // _MOST_MEASURED)
        rate, longest = front_end.parameters.sample_rate, front_end.window_samples
        clips = (sound.read(rate)[:longest] for sound in inputs[::step])
        return mfcc_differences(front_end.parameters, clips, front_end.window)

    def read_inputs(self, arguments: Sequence[str]) -> Iterator[tuple[str, Any]]:
        from apps.voice.inputs import read_sounds

        yield from read_sounds(arguments)

    def listen(self, bundle: Any, artefact: str | None) -> Iterator[dict[str, Any]] | None:
        from apps.voice.live import answers

        return answers(bundle, artefact or "step")

    def show(self, raw: Any) -> str:
        return str(raw.name)

    def draw(self, scorer: Any, inputs: Sequence[Any], folder: Path) -> list[tuple[str, str]]:
        from apps.voice import pictures

        sounds = pictures.choose_sounds(inputs, scorer.front_end)
        pictures.hearing(scorer, scorer.front_end, sounds, folder / "hearing.png")
        return [("The sound, its MFCC, and the scores after each moment", "hearing.png")]

    def shuffled(self, raw: Any, front_end: FrontEnd, rng: np.random.Generator) -> Any:
        """Returns a sound with its hops in another order; what is no whole hop stays at the end."""
        from common.audio.sound import SoundArray

        assert isinstance(front_end, SoundFrontEnd)
        rate, size = front_end.parameters.sample_rate, front_end.parameters.hop_length
        samples = raw.read(rate)
        whole = len(samples) // size * size
        hops = rng.permutation(samples[:whole].reshape(-1, size))
        return SoundArray(np.concatenate([hops.reshape(-1), samples[whole:]]), rate, raw.name)

    def moments(self, raw: Any, front_end: FrontEnd) -> Sequence[float]:
        """Returns the second at which each step ends."""
        assert isinstance(front_end, SoundFrontEnd)
        return [(n + 1) * front_end.hop_ms / 1e3 for n in range(len(front_end.encode(raw)))]

    def usage(self, labels: Sequence[str], front_end: FrontEnd) -> str:
        assert isinstance(front_end, SoundFrontEnd)
        text = Path(__file__).with_name("usage.md").read_text(encoding="utf-8")
        values = {
            "labels": ", ".join(labels),
            "classes": len(labels),
            "rate": front_end.parameters.sample_rate,
            "samples": front_end.window_samples,
            "seconds": f"{front_end.window_seconds:.2f}",
            "hop": front_end.parameters.hop_length,
            "hop_ms": f"{front_end.hop_ms:g}",
        }
        for name, value in values.items():
            text = text.replace("{" + name + "}", str(value))
        return text


def _builtin() -> Mapping[str, Sequence[Any]]:
    from apps.voice.builtin import SAMPLE_RATE, generate
    from common.audio.sound import SoundArray
    from common.data.sound_classification import Clip

    return {
        split: [
            Clip(
                SoundArray(one.samples, SAMPLE_RATE, f"builtin/{split}/{one.speaker}-{number}"),
                one.label,
                one.speaker,
                f"builtin/{split}:{number}",
            )
            for number, one in enumerate(utterances, 1)
        ]
        for split, utterances in generate().items()
    }


APPLICATION = Voice()
