"""How far the MFCC inside the model are from librosa's, on real clips and extreme ones."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from common.audio.librosa_reference import librosa_mfcc
from common.audio.mfcc import Mfcc, frames_to_mfcc, to_frames, to_hops
from common.audio.parameters import MfccParameters
from common.export.tflite import convert


def mfcc_differences(
    parameters: MfccParameters, clips: Iterable[NDArray[np.int16]], hops: int
) -> dict[str, float]:
    """Returns the largest difference of a coefficient from librosa's.

    Args:
        parameters: of the MFCC.
        clips: samples `(n,)`, each of `hops` hops at most; `extreme_sounds` are added.
        hops: length for which the TFLite file is made.

    Returns:
        `mfcc_difference_keras`, `mfcc_difference_tflite`, and of the one-step files
        `mfcc_difference_step`.
    """
    layer = tf.function(Mfcc(parameters), reduce_retracing=True)
    lite, step = (tflite_mfcc(parameters, hops, products) for products in (False, True))
    worst = np.zeros(3)
    longest = hops * parameters.hop_length
    for clip in itertools.chain(clips, extreme_sounds(parameters.hop_length)):
        samples = clip[:longest].astype(np.float32) / np.float32(32768)
        expected = librosa_mfcc(samples, parameters)
        found = layer(samples[None])[0].numpy(), lite(samples), step(samples)
        worst = np.maximum(worst, [np.max(np.abs(values - expected)) for values in found])
    names = ("keras", "tflite", "step")
    return {f"mfcc_difference_{n}": float(w) for n, w in zip(names, worst, strict=True)}


def extreme_sounds(hop_length: int) -> Iterator[NDArray[np.int16]]:
    """Yields silence, full-scale square waves, a click, one sample, and one frame of loud noise."""
    time = np.arange(60 * hop_length)
    yield np.zeros(10 * hop_length, np.int16)
    for period in (2, 3, 16, 37, 160, 512):
        yield np.where((2 * time // period) % 2, 32767, -32768).astype(np.int16)
    yield np.where(time == 9 * hop_length + 7, 32767, 0).astype(np.int16)
    yield np.array([-32768], np.int16)
    yield np.random.default_rng(0).integers(-32768, 32768, hop_length).astype(np.int16)


def tflite_mfcc(
    parameters: MfccParameters, hops: int, by_products: bool = False
) -> Callable[[NDArray[Any]], NDArray[np.float32]]:
    """Returns a function from samples `(n,)` to MFCC `(steps, n_mfcc)`, run by LiteRT.

    It is the front end of the exported files, made for clips of `hops` hops at most; that of the
    one-step files where the transform is made of products.
    """
    from ai_edge_litert.interpreter import Interpreter

    def hear(waveform: Any) -> dict[str, Any]:
        cut = to_hops(waveform, parameters.hop_length)
        frames = to_frames(cut, tf.zeros([1, parameters.history]))
        return {"mfcc": frames_to_mfcc(frames, parameters, tf.float32, by_products)}

    longest = hops * parameters.hop_length
    model = convert(
        hear,
        [tf.TensorSpec([1, longest], tf.float32, "waveform")],
        [],
        artefacts={"float32": "float32"},
        signature="mfcc",
        single_subgraph=True,
    )["float32"]
    runner = Interpreter(model_content=model, num_threads=1).get_signature_runner("mfcc")

    def run(samples: NDArray[Any]) -> NDArray[np.float32]:
        waveform = np.zeros((1, longest), np.float32)
        waveform[0, : len(samples)] = samples
        steps = parameters.hops(len(samples))
        return np.asarray(runner(waveform=waveform)["mfcc"][0, :steps], np.float32)

    return run
