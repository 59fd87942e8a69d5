"""Settings of a voice classifier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from common.audio.augmentation import Augmentation
from common.audio.parameters import MfccParameters
from common.classification.settings import ClassifierSettings
from common.settings import option

_MFCC = MfccParameters()


@dataclass(frozen=True)
class VoiceSettings(ClassifierSettings, Augmentation):
    """What can be set beside what every classifier has."""

    epochs: int = option(25, "Passes over the training split, at most.", 1)
    patience: int = option(25, "Epochs without a better dev score before training stops.", 1)
    readout: Literal["last", "max", "last+max"] = option(
        "max", "What the scores are made from: the last output, the largest of each unit, or both."
    )
    dropout: float = option(0.3, "Share of values dropped in training.", 0, 0.95)
    batch_size: int = option(8, "Examples in a training step.", 1)
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
