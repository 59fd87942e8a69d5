"""The voice network and the functions under which it is exported.

waveform -> MFCC -> standardized -> recurrent classifier -> scores
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import keras
import tensorflow as tf

from apps.voice.front_end import LEAST_WEIGHT, SoundFrontEnd
from apps.voice.settings import VoiceSettings
from common.audio.masking import FeatureMasking
from common.audio.mfcc import Mfcc, frames_to_mfcc, has_sound, to_frames, to_hops
from common.audio.standardize import HasSound, Standardize
from common.audio.wav_in_graph import decode_wavs
from common.classification.application import TensorFunction
from common.classification.network import RecurrentClassifier

HISTORY = "history"


def build_network(
    settings: VoiceSettings, front_end: SoundFrontEnd, classes: int, features: Any
) -> keras.Model:
    """Builds the network: waveforms `(batch, samples)` to scores `(batch, classes)`.

    Args:
        settings: of the run.
        front_end: what feeds it.
        classes: number of classes.
        features: MFCC of the training split, `(n, n_mfcc)`, for mean and deviation.
    """
    waveforms = keras.Input((None,), dtype="float32", name="waveform")
    x = Mfcc(front_end.parameters, name="mfcc")(waveforms)
    mask = HasSound(front_end.parameters.hop_length, name="has_sound")(waveforms)
    standardize = Standardize(name="standardize")
    standardize.adapt(features)
    x = standardize(x)
    x = FeatureMasking(
        feature_masks=settings.feature_masks,
        feature_width=settings.feature_mask_width,
        time_masks=settings.time_masks,
        time_width=settings.time_mask_width,
        name="feature_masking",
    )(x, mask=mask)
    scores = RecurrentClassifier(
        classes,
        settings.units,
        settings.depth,
        readout=settings.readout,
        bidirectional=settings.direction == "both",
        dropout=settings.dropout,
        activation=settings.activation,
        gated=settings.cell == "gated",
        rank=settings.rank,
        layer=settings.layer,
        name="classifier",
    )(x, mask=mask)
    return keras.Model(waveforms, scores, name="voice")


def windowed_scores(model: keras.Model, front_end: SoundFrontEnd, waveforms: Any) -> Any:
    """Scores waveforms of any length, `(batch, samples)`; longer ones as the mean of their windows.

    In the graph what `SoundFrontEnd.pieces` is outside of it.
    """
    hop_length = front_end.parameters.hop_length
    hops = to_hops(waveforms, hop_length)
    batch, count = tf.shape(hops)[0], tf.shape(hops)[1]
    width = tf.minimum(count, front_end.window)
    windows = (count + width - 1) // width
    hops = tf.pad(hops, [[0, 0], [0, windows * width - count], [0, 0]])
    pieces = tf.reshape(hops, [batch * windows, width * hop_length])
    scores = model(pieces, training=False)
    sound = tf.reshape(has_sound(hops), [batch, windows, width])
    weights = tf.reduce_sum(tf.cast(sound, scores.dtype), axis=2)
    weights += LEAST_WEIGHT * tf.one_hot(0, windows, dtype=scores.dtype)
    scores = tf.reshape(scores, [batch, windows, scores.shape[-1]])
    total = tf.reduce_sum(weights, axis=1, keepdims=True)
    return tf.reduce_sum(scores * (weights / total)[:, :, None], axis=1)


def server_functions(
    model: keras.Model, front_end: SoundFrontEnd, labels: Sequence[str]
) -> Mapping[str, TensorFunction]:
    """Returns `serving_default`, which takes WAV files, and `waveform`, which takes samples."""

    def answer(waveforms: Any) -> dict[str, Any]:
        scores = windowed_scores(model, front_end, waveforms)
        best = tf.argmax(scores, axis=-1)
        return {
            "label": tf.gather(tf.constant(list(labels)), best),
            "score": tf.reduce_max(scores, axis=-1),
            "scores": scores,
        }

    def from_waveform(waveform: Any, length: Any) -> dict[str, Any]:
        known = tf.sequence_mask(length, tf.shape(waveform)[1], waveform.dtype)
        return answer(waveform * known)

    rate = front_end.parameters.sample_rate
    return {
        "serving_default": TensorFunction(
            lambda wav: answer(decode_wavs(wav, rate)), [tf.TensorSpec([None], tf.string, "wav")]
        ),
        "waveform": TensorFunction(
            from_waveform,
            [
                tf.TensorSpec([None, None], tf.float32, "waveform"),
                tf.TensorSpec([None], tf.int32, "length"),
            ],
        ),
    }


def phone_function(model: keras.Model, front_end: SoundFrontEnd) -> TensorFunction:
    """Returns the whole network on one window of samples; its MFCC stay in float."""
    parameters, window = front_end.parameters, front_end.window
    standardize, classifier = model.get_layer("standardize"), model.get_layer("classifier")

    def hear(waveform: Any) -> dict[str, Any]:
        hops = to_hops(waveform, parameters.hop_length)
        frames = to_frames(hops, tf.zeros([1, parameters.history]))
        features = standardize(frames_to_mfcc(frames, parameters, tf.float32))
        return {"features": features, "real": tf.cast(has_sound(hops), tf.float32)}

    def classify(features: Any, real: Any) -> dict[str, Any]:
        return {"scores": classifier(features, mask=real, training=False)}

    return TensorFunction(
        classify,
        [
            tf.TensorSpec([1, window, parameters.n_mfcc], tf.float32, "features"),
            tf.TensorSpec([1, window], tf.float32, "real"),
        ],
        front_end=TensorFunction(
            hear, [tf.TensorSpec([1, front_end.window_samples], tf.float32, "waveform")]
        ),
    )


def step_function(model: keras.Model, front_end: SoundFrontEnd) -> TensorFunction | None:
    """Returns one hop of sound: samples and states to scores and new states."""
    classifier, standardize = model.get_layer("classifier"), model.get_layer("standardize")
    if not classifier.has_step:
        return None
    parameters = front_end.parameters
    initial = classifier.initial_states(1)

    def hear(hop: Any, history: Any) -> dict[str, Any]:
        hops = hop[:, None, :]
        frames = to_frames(hops, history)
        features = standardize(frames_to_mfcc(frames, parameters, tf.float32, by_products=True))
        return {
            "features": features[:, 0] / standardize.limit,
            "real": tf.cast(has_sound(hops), tf.float32),
            HISTORY: tf.concat([history, hop], 1)[:, parameters.hop_length :],
        }

    def step(features: Any, real: Any, *states: Any) -> dict[str, Any]:
        now = dict(zip(initial, states, strict=True))
        scores, new = classifier.step(features, now, real, standardize.limit)
        return {"scores": scores, **new}

    return TensorFunction(
        step,
        [
            tf.TensorSpec([1, parameters.n_mfcc], tf.float32, "features"),
            tf.TensorSpec([1, 1], tf.float32, "real"),
            *(tf.TensorSpec(h.shape, tf.float32, name) for name, h in initial.items()),
        ],
        front_end=TensorFunction(
            hear,
            [
                tf.TensorSpec([1, parameters.hop_length], tf.float32, "hop"),
                tf.TensorSpec([1, parameters.history], tf.float32, HISTORY),
            ],
        ),
    )
