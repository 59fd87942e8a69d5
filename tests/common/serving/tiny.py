"""Bundles that are small enough to make in a moment, one for each kind of raw input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from common.bundle import FORMAT

RATE = 8000
LABELS = ("even", "odd")
TEXTS = ("a", "bb", "ccc", "schön dddd")


def parity(numbers: Any) -> dict[str, NDArray[Any]]:
    """Returns what the classifiers answer to whole numbers: a class, its score, all scores."""
    odd = np.asarray(numbers) % 2 == 1
    scores = np.where(odd[:, None], [0.25, 0.75], [0.75, 0.25]).astype(np.float32)
    return {"label": np.array(LABELS)[odd.astype(int)], "scores": scores}


def make_texts(path: Path) -> Path:
    """Writes a classifier of texts by the number of their characters."""
    import tensorflow as tf

    def answer(text: Any) -> Any:
        return _parity(tf.strings.length(text, "UTF8_CHAR"))

    golden = {"raw": np.array(TEXTS), "inputs": np.zeros((4, 3), np.int32)}
    scores = parity([len(text) for text in TEXTS])["scores"]
    _write(path, "texts", {"serving_default": (answer, "text")}, {**golden, "scores": scores})
    return path


def make_sounds(path: Path) -> Path:
    """Writes a classifier of sounds by the number of their samples that are not 0."""
    import tensorflow as tf

    def count(wav: Any) -> Any:
        samples, rate = tf.audio.decode_wav(wav)
        tf.debugging.assert_equal(rate, RATE)
        return tf.math.count_nonzero(samples, dtype=tf.int32)

    def answer(wavs: Any) -> Any:
        return _parity(tf.map_fn(count, wavs, tf.int32))

    samples = np.zeros((3, 10), np.float32)
    samples[0, :4], samples[1, :3], samples[2, 9] = 0.5, -1.0, 1 / 32768
    golden = {"raw": np.array(["x", "y", "z"]), "inputs": samples}
    scores = parity([4, 3, 1])["scores"]
    _write(path, "sounds", {"serving_default": (answer, "wav")}, {**golden, "scores": scores})
    return path


def make_pictures(path: Path) -> Path:
    """Writes a generator that says the sum of all pixels of a picture."""
    import tensorflow as tf

    def total(content: Any) -> Any:
        return tf.reduce_sum(tf.cast(tf.io.decode_png(content, 3), tf.int32))

    def answer(contents: Any) -> Any:
        totals = tf.map_fn(total, contents, tf.int32)
        score = 1 / (1 + tf.cast(totals, tf.float32))
        return {"text": tf.strings.as_string(totals), "score": score, "ids": totals[:, None]}

    pixels = np.random.default_rng(0).integers(0, 256, (2, 4, 4, 3)).astype(np.uint8)
    totals = pixels.sum(axis=(1, 2, 3)).astype(int)
    golden = {
        "raw": np.array(["p", "q"]),
        "inputs": pixels,
        "text": totals.astype(str),
        "scores": (1 / (1 + totals)).astype(np.float32),
    }
    _write(path, "pictures", {"greedy": (answer, "image_bytes")}, golden)
    return path


def _parity(numbers: Any) -> Any:
    import tensorflow as tf

    odd = numbers % 2 == 1
    scores = tf.where(odd[:, None], [[0.25, 0.75]], [[0.75, 0.25]])
    label = tf.gather(tf.constant(LABELS), tf.cast(odd, tf.int32))
    return {"label": label, "score": tf.reduce_max(scores, 1), "scores": scores}


def _write(path: Path, app: str, functions: Any, golden: dict[str, NDArray[Any]]) -> None:
    import tensorflow as tf

    from common.export.saved_model import save_signatures

    (path / "golden").mkdir(parents=True)
    config = {
        "app": app,
        "format": FORMAT,
        "labels": LABELS,
        "settings": {"sample_rate": RATE},
        "front_end_files": [],
    }
    (path / "config.json").write_text(json.dumps(config))
    np.savez(path / "golden" / "examples.npz", **golden)  # type: ignore[arg-type]
    signatures = {
        name: (function, [tf.TensorSpec([None], tf.string, given)])
        for name, (function, given) in functions.items()
    }
    save_signatures(path / "saved_model" / "1", signatures, [])
