"""Small data sets of sounds in the form of TensorFlow Datasets, prepared without a network."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow_datasets as tfds

from tests.common.data.clip_files import RATE, samples
from tests.common.data.tiny_builders import Rows, TinyReviews

LABELS = ("one", "two")


def sound_rows(count: int, start: int = 0, **more: Any) -> list[dict[str, Any]]:
    """Returns sounds of unequal lengths, the two labels in turn."""
    return [
        {"audio": np.append(samples(n), np.arange(n)).astype(np.int64), "label": n % 2, **more}
        for n in range(start, start + count)
    ]


def prepare_sound_builders(folder: Path) -> Path:
    """Fills a TFDS data folder with small data sets, which TFDS knows by their files alone."""
    audio, label = tfds.features.Audio(sample_rate=RATE), tfds.features.ClassLabel(names=LABELS)
    text = tfds.features.Text()
    plain = {"audio": audio, "label": label}
    _prepare(
        folder,
        "tiny_words",
        plain,
        train=sound_rows(20),
        validation=sound_rows(4, 20),
        test=sound_rows(4, 24),
    )
    _prepare(folder, "tiny_digits", {"audio/filename": text} | plain, train=_named(48))
    _prepare(
        folder, "tiny_rateless", plain | {"audio": tfds.features.Audio()}, train=sound_rows(30)
    )
    short = plain | {"audio": tfds.features.Audio(sample_rate=RATE, dtype=np.int16)}
    _prepare(folder, "tiny_short", short, train=sound_rows(30))
    speakers = tfds.features.ClassLabel(num_classes=12)
    for feature, kind in (("speaker_id", text), ("speaker", speakers), ("who", np.int64)):
        rows = [row | {feature: n // 4} for n, row in enumerate(sound_rows(48))]
        if feature == "speaker_id":
            rows = [row | {feature: f"s{row[feature]}"} for row in rows]
        _prepare(folder, f"tiny_{feature}", plain | {feature: kind}, train=rows)
    floats = [row | {"audio": row["audio"] / 32768} for row in sound_rows(30)]
    floating = plain | {"audio": tfds.features.Audio(sample_rate=RATE, dtype=np.float32)}
    _prepare(folder, "tiny_floats", floating, train=floats)
    both = [row | {"audio": np.stack([row["audio"]] * 2, 1)} for row in sound_rows(30)]
    stereo = plain | {"audio": tfds.features.Audio(sample_rate=RATE, shape=(None, 2))}
    _prepare(folder, "tiny_stereo", stereo, train=both)
    for name, scale in (("tiny_loud", 65536), ("tiny_deep", -65536)):
        loud = [row | {"audio": abs(row["audio"]) * scale} for row in sound_rows(30)]
        _prepare(folder, name, plain, train=loud)
    odd = [*sound_rows(30), *(row | {"label": -1} for row in sound_rows(3, 30))]
    odd += [{"audio": np.zeros(0, np.int64), "label": 0}]
    _prepare(folder, "tiny_odd_sounds", plain, train=odd)
    two = {"music": audio, "noise": audio, "label": label}
    _prepare(
        folder,
        "tiny_mixtures",
        two,
        train=[
            {"music": row["audio"], "noise": row["audio"][::-1], "label": row["label"]}
            for row in sound_rows(30)
        ],
    )
    _prepare(folder, "tiny_unheard", {"label": label}, train=[{"label": 0}])
    _prepare(folder, "tiny_unnamed", {"audio": audio}, train=[{"audio": samples(1)}])
    return folder


def _named(count: int) -> list[dict[str, Any]]:
    """Returns rows as those of spoken_digit, whose file names tell the speaker."""
    return [
        row | {"audio/filename": f"{n % 2}_speaker{n // 4}_{n}.wav"}
        for n, row in enumerate(sound_rows(count))
    ]


def _prepare(folder: Path, name: str, features: Mapping[str, Any], **splits: Rows) -> None:
    with tfds.core.registered.skip_registration():
        made = type(name, (TinyReviews,), {"name": name, "features": features, "splits": splits})
    made(data_dir=folder).download_and_prepare()
