"""From a sound to the hops of samples that the network hears."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from common.audio.parameters import MfccParameters
from common.classification.application import Array, FrontEnd

FRONT_END_FILE = "front_end.json"

FULL_SCALE = 32768.0
# The first window counts this much even when it is silent, so that silence has an answer as well.
LEAST_WEIGHT = 1e-6


class SoundFrontEnd(FrontEnd):
    """Samples at one rate, cut into hops; the MFCC are computed by the network itself.

    Args:
        parameters: of the MFCC.
        window: hops that one call hears; a longer clip is heard window by window.
    """

    def __init__(self, parameters: MfccParameters, window: int) -> None:
        self.parameters, self.window = parameters, window

    @classmethod
    def from_files(cls, files: Mapping[str, bytes]) -> SoundFrontEnd:
        """Makes the front end again from what `files` returned."""
        values = json.loads(files[FRONT_END_FILE])
        return cls(MfccParameters(**values["mfcc"]), values["window_hops"])

    @property
    def max_timesteps(self) -> int:
        return self.window

    @property
    def window_samples(self) -> int:
        """Samples that one call hears."""
        return self.window * self.parameters.hop_length

    @property
    def window_seconds(self) -> float:
        """Seconds that one call hears."""
        return self.window_samples / self.parameters.sample_rate

    def encode(self, raw: Any) -> Array:
        """Returns the whole sound as int16 hops, `(hops, hop_length)`, filled up with zeros."""
        return self.to_hops(raw.read(self.parameters.sample_rate))

    def to_hops(self, samples: Array) -> Array:
        """Cuts int16 samples `(n,)` into hops, the last one filled up with zeros."""
        size = self.parameters.hop_length
        hops = np.zeros((self.parameters.hops(len(samples)), size), np.int16)
        hops.reshape(-1)[: len(samples)] = samples
        return hops

    def pieces(self, raw: Any) -> Iterator[tuple[Array, float]]:
        """Yields the windows of a sound of any length, each weighted by its hops of sound."""
        size, rest, first = self.window_samples, np.zeros(0, np.int16), True
        for block in raw.blocks(self.parameters.sample_rate):
            rest = np.concatenate([rest, block])
            # The last samples wait: a window is not the last one until something follows it.
            while len(rest) > size:
                yield from self._piece(rest[:size], first)
                rest, first = rest[size:], False
        yield from self._piece(rest, first)

    def _piece(self, samples: Array, first: bool) -> Iterator[tuple[Array, float]]:
        hops = self.to_hops(samples)
        weight = int(hops.any(axis=1).sum()) + (LEAST_WEIGHT if first else 0.0)
        if weight:
            yield hops, weight

    def pad(self, encoded: Sequence[Array], timesteps: int) -> Array:
        """Returns waveforms `(n, timesteps * hop_length)` float32 from -1 to 1."""
        batch = np.zeros((len(encoded), timesteps * self.parameters.hop_length), np.float32)
        for row, hops in zip(batch, encoded, strict=True):
            row[: hops.size] = hops.reshape(-1) / np.float32(FULL_SCALE)
        return batch

    def files(self) -> Mapping[str, bytes]:
        values = {"mfcc": self.parameters.to_json(), "window_hops": self.window}
        return {FRONT_END_FILE: (json.dumps(values, indent=1) + "\n").encode()}

    def describe(self, inputs: Sequence[Any]) -> list[str]:
        seconds = np.array([len(self.encode(raw)) for raw in inputs])
        seconds = seconds * self.parameters.hop_length / self.parameters.sample_rate
        p = self.parameters
        lines = [
            f"Clips last {seconds.min():.1f} to {seconds.max():.1f} s, {seconds.mean():.1f} on "
            f"average; heard at {p.sample_rate:,} Hz, a step every {self.hop_ms:.3g} ms.",
            f"MFCC as librosa's: n_mfcc {p.n_mfcc}, n_mels {p.n_mels}, n_fft {p.n_fft}, hop_length "
            f"{p.hop_length}, fmin {p.fmin:g}, fmax {p.fmax:g}, periodic Hann window, amin "
            f"{p.floor:g}, ref 1, top_db None, center False after {p.history} zeros.",
        ]
        longer = int((seconds > self.window_seconds).sum())
        if longer:
            lines.append(
                f"{longer:,} training clips are longer than {self.window_seconds:.1f} s; they are "
                "heard window by window (--window changes it)."
            )
        return lines

    @property
    def hop_ms(self) -> float:
        """Milliseconds from one step to the next."""
        return self.parameters.hop_length / self.parameters.sample_rate * 1e3
