"""WAV files to waveforms inside a graph, for servers that are sent files."""

from __future__ import annotations

from typing import Any

import tensorflow as tf


def decode_wavs(wavs: Any, sample_rate: int) -> Any:
    """Returns the samples of WAV files, those of two channels as their mean.

    Args:
        wavs: contents of 16-bit PCM files, `(batch,)` strings; at least one.
        sample_rate: what all of them must have.

    Returns:
        Samples from -1 to 1 on the 16-bit grid, `(batch, longest)` float32, filled up with zeros.

    Raises:
        tf.errors.InvalidArgumentError: when run: a content is no such file, or has another rate or
            more than two channels.
    """

    def decode(wav: Any) -> Any:
        samples, rate = tf.audio.decode_wav(wav)
        right_rate = tf.debugging.assert_equal(
            rate,
            sample_rate,
            f"this model hears {sample_rate} samples a second; resample the sound to that",
        )
        few = tf.debugging.assert_less_equal(
            tf.shape(samples)[1], 2, "a sound has one or two channels; mix it down first"
        )
        with tf.control_dependencies([c for c in (right_rate, few) if c is not None]):
            mean = tf.reduce_mean(samples, axis=1)
        return tf.round(mean * 32768.0) / 32768.0

    spec = tf.RaggedTensorSpec([None], tf.float32, ragged_rank=0)
    ragged = tf.map_fn(decode, wavs, fn_output_signature=spec)
    return ragged.to_tensor()
