"""MFCC of clips outside the network: for its first weights, for the baseline, for pictures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import tensorflow as tf

from apps.voice.front_end import SoundFrontEnd
from common.audio.mfcc import Mfcc
from common.buckets import bucket_lengths, bucket_of
from common.classification.application import Array

_BATCH = 64


def of_clips(encoded: Sequence[Array], front_end: SoundFrontEnd) -> list[Array]:
    """Returns the MFCC `(steps, n_mfcc)` of each clip, steps of digital silence left out.

    A clip of nothing but digital silence keeps its first step.
    """
    layer = Mfcc(front_end.parameters)
    run = tf.function(layer, reduce_retracing=True)
    order = sorted(range(len(encoded)), key=lambda i: len(encoded[i]))
    buckets = bucket_lengths(max(len(hops) for hops in encoded))
    found: list[Array] = [np.zeros(0)] * len(encoded)
    for start in range(0, len(order), _BATCH):
        batch = order[start : start + _BATCH]
        timesteps = bucket_of(len(encoded[batch[-1]]), buckets)
        features = run(front_end.pad([encoded[i] for i in batch], timesteps)).numpy()
        for row, i in zip(features, batch, strict=True):
            sound = np.array(encoded[i].any(axis=1))
            sound[0] |= not sound.any()
            found[i] = row[: len(sound)][sound]
    return found
