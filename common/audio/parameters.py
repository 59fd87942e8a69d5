"""The one set of numbers that says what a network hears; a bundle keeps it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class MfccParameters:
    """How MFCC are computed, in librosa's terms.

    Time is cut into hops. Step `t` sees the `n_fft` samples that end with hop `t`, zeros before the
    first sample, so that every hop of sound gives one step and no step needs sound of the future.
    In librosa: `center=False` on a clip with `n_fft - hop_length` zeros in front and the last hop
    filled up with zeros.

    Attributes:
        sample_rate: samples a second.
        n_fft: samples of a frame, all under a periodic Hann window.
        hop_length: samples from one frame to the next; `n_fft` is a multiple of it.
        n_mels: bands on Slaney's mel scale, each of unit area.
        n_mfcc: coefficients that are kept, from the 0th on, of an orthonormal DCT-II.
        fmin, fmax: where the bands begin and end, in hertz.
        floor: the least power of a band. Decibels are relative to a power of 1, never to the
            loudest frame, so that a frame's values do not depend on the rest of the clip.

    Raises:
        ValueError: numbers that do not go together.
    """

    sample_rate: int = 16000
    n_fft: int = 1024
    hop_length: int = 512
    n_mels: int = 40
    n_mfcc: int = 40
    fmin: float = 20.0
    fmax: float = 8000.0
    floor: float = 1e-5

    def __post_init__(self) -> None:
        if min(self.hop_length, self.n_mfcc, self.sample_rate) < 1 or self.n_mfcc > self.n_mels:
            raise ValueError("hop_length and sample_rate must be 1 at least, n_mfcc 1 to n_mels")
        if self.n_fft % self.hop_length or self.n_fft == self.hop_length:
            raise ValueError(
                f"n_fft ({self.n_fft}) must be twice hop_length ({self.hop_length}), or three "
                "times, or more"
            )
        if not 0 <= self.fmin < self.fmax <= self.sample_rate / 2 or self.floor <= 0:
            raise ValueError("need 0 <= fmin < fmax <= sample_rate / 2 and a floor above 0")

    @property
    def history(self) -> int:
        """Samples of the past that a frame sees beside its own hop."""
        return self.n_fft - self.hop_length

    def hops(self, samples: int) -> int:
        """Returns the number of steps of a clip; at least one."""
        return max(1, -(-samples // self.hop_length))

    def to_json(self) -> dict[str, Any]:
        """Returns the numbers by name."""
        return dataclasses.asdict(self)
