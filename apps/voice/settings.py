"""Settings of a voice classifier."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from common.audio.augmentation import Augmentation
from common.audio.parameters import MfccParameters
from common.classification.settings import ClassifierSettings
from common.settings import option

_MFCC = MfccParameters()

STEPS, LEAST_EPOCHS = 2000, 25
FEW = 100

_AMOUNTS: Mapping[str, Mapping[str, Any]] = {
    "none": {},
    "light": {"gain": 6.0, "speed": 0.05, "feature_masks": 1, "time_masks": 1},
    "strong": {
        "gain": 6.0,
        "speed": 0.15,
        "mixing": 1.0,
        "feature_masks": 1,
        "time_masks": 2,
    },
}


@dataclass(frozen=True)
class VoiceSettings(ClassifierSettings, Augmentation):
    """What can be set beside what every classifier has."""

    epochs: int = option(
        0,
        f"Passes over the training split, at most; 0: so many that they make {STEPS:,} training "
        f"steps, {LEAST_EPOCHS} at least.",
        0,
    )
    patience: int = option(
        0, "Epochs without a better dev score before training stops; 0: it does not.", 0
    )
    augment: Literal["none", "light", "strong"] = option(
        "light",
        "How much clips change in training: numbers for --gain, --speed, --mixing and the masks "
        "where they are left at 0.",
    )
    direction: Literal["auto", "causal", "both"] = option(
        "auto",
        "causal: hears a live stream step by step; both: also reads from the end, and has no "
        f"one-step form; auto: both where a class has fewer than {FEW} clips on average.",
    )
    readout: Literal["last", "max", "last+max"] = option(
        "max", "What the scores are made from: the last output, the largest of each unit, or both."
    )
    dropout: float = option(0.3, "Share of values dropped in training.", 0, 0.95)
    batch_size: int = option(16, "Examples in a training step.", 1)
    learning_rate: float = option(6e-3, "Of Adam at the start; it falls along a cosine.", 0)
    label_smoothing: float = option(0.1, "Share of a label given to the other classes.", 0, 0.9)
    averaging: float = option(
        0.99, "Weights that are scored and kept are a running mean with this momentum.", 0, 0.9999
    )
    sample_rate: int = option(_MFCC.sample_rate, "Samples a second that the network hears.", 1000)
    n_fft: int = option(_MFCC.n_fft, "Samples of a frame.", 2)
    hop_length: int = option(_MFCC.hop_length, "Samples from one frame to the next.", 1)
    n_mels: int = option(_MFCC.n_mels, "Bands on the mel scale.", 1)
    n_mfcc: int = option(_MFCC.n_mfcc, "Cepstral coefficients, from the 0th on.", 1)
    floor: float = option(_MFCC.floor, "Least power of a band; what is weaker is silence.", 1e-12)
    window: float = option(
        10.0,
        "Seconds heard in one call, at most; the answer to a longer clip is the mean of its "
        "windows. Phone files are made for the longest clip of the data, up to this.",
        0.1,
    )

    feature_masks: int = option(
        0, "Bands of neighbouring coefficients hidden from each clip in training.", 0
    )
    feature_mask_width: int = option(4, "Most coefficients in such a band.", 0)
    time_masks: int = option(0, "Stretches of time hidden from each clip in training.", 0)
    time_mask_width: int = option(20, "Most steps in such a stretch.", 0)

    def settled(self, clips: int, classes: int) -> VoiceSettings:
        """Returns the settings with numbers in the place of "auto", 0 and the name of an amount.

        Args:
            clips: of the training split.
            classes: number of classes.
        """
        few = clips < FEW * classes
        direction = ("both" if few else "causal") if self.direction == "auto" else self.direction
        amounts = {
            name: value
            for name, value in _AMOUNTS[self.augment].items()
            if getattr(self, name) == 0
        }
        steps = -(-clips // self.batch_size)
        epochs = self.epochs or max(LEAST_EPOCHS, -(-STEPS // steps))
        patience = self.patience or epochs
        return dataclasses.replace(
            self,
            **amounts,
            direction=direction,
            epochs=epochs,
            patience=patience,
        )

    def mfcc(self) -> MfccParameters:
        """Returns the parameters of the front end.

        Raises:
            ValueError: they do not go together.
        """
        return MfccParameters(
            self.sample_rate,
            self.n_fft,
            self.hop_length,
            self.n_mels,
            self.n_mfcc,
            min(_MFCC.fmin, self.sample_rate / 4),
            min(_MFCC.fmax, self.sample_rate / 2),
            self.floor,
        )
