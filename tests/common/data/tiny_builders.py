"""Small data sets in the form of TensorFlow Datasets, prepared without a network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow_datasets as tfds

from tests.common.data.data_case import LABELS, pairs

Rows = Sequence[Mapping[str, Any]]


class TinyReviews(tfds.core.GeneratorBasedBuilder):
    """A registered builder, as those that TFDS brings; nothing is downloaded."""

    VERSION = tfds.core.Version("1.0.0")
    pkg_dir_path = None  # there are no metadata files beside this file

    splits: Mapping[str, Rows] = {}
    features: Mapping[str, Any] = {}

    def _info(self) -> tfds.core.DatasetInfo:
        return tfds.core.DatasetInfo(
            builder=self, features=tfds.features.FeaturesDict(self.features)
        )

    def _split_generators(self, dl_manager: object) -> dict[str, Iterator[tuple[int, Any]]]:
        return {name: self._generate_examples(rows) for name, rows in self.splits.items()}

    def _generate_examples(self, rows: Rows) -> Iterator[tuple[int, Any]]:
        yield from enumerate(rows)


def prepare_tiny_builders(folder: Path) -> Path:
    """Fills a TFDS data folder with small data sets, which TFDS knows by their files alone."""
    text, label = tfds.features.Text(), tfds.features.ClassLabel(names=LABELS)
    plain = {"text": text, "label": label}
    _prepare(
        folder, "tiny_splits", plain, train=rows(60), validation=rows(10, 60), test=rows(6, 70)
    )
    twice = {"train": rows(60), "validation": rows(8, 70), "dev": rows(10, 60)}
    _prepare(folder, "tiny_twice", plain, **twice)
    unlabelled = [{"text": f"who knows {n}", "label": -1} for n in range(4)]
    _prepare(folder, "tiny_glue", plain, train=rows(60), test=unlabelled, unsupervised=unlabelled)
    _prepare(folder, "tiny_hidden", plain, train=rows(60), validation=unlabelled)
    _prepare(folder, "tiny_labelless", plain, test=unlabelled, dev=rows(10), train=rows(60, 10))
    odd = [
        *rows(60),
        *unlabelled[:1],
        {"text": "  ", "label": 0},
        {"text": b"caf\xe9", "label": 0},
    ]
    _prepare(folder, "tiny_odd", plain, train=odd)
    _prepare(folder, "tiny_unlabelled", plain, train=unlabelled)
    two = {"premise": text, "hypothesis": text, "sentiment": label, "topic": label, "id": np.int64}
    _prepare(folder, "tiny_pairs", two, train=[_two(n) for n in range(60)])
    several = {"author": text, "title": text, "description": text, "mood": label}
    _prepare(folder, "tiny_news", several, train=[_news(n) for n in range(60)])
    _prepare(
        folder,
        "tiny_numbers",
        {"value": np.int64, "label": label},
        train=[{"value": 1, "label": 0}],
    )
    _prepare(folder, "tiny_damaged", plain, train=rows(60))
    for record in (folder / "tiny_damaged").rglob("*.tfrecord*"):
        record.write_bytes(record.read_bytes()[:500] + b"\xff" * 50)
    return folder


def _prepare(folder: Path, name: str, features: Mapping[str, Any], **splits: Rows) -> None:
    with tfds.core.registered.skip_registration():
        made = type(name, (TinyReviews,), {"name": name, "features": features, "splits": splits})
    made(data_dir=folder).download_and_prepare()


def rows(count: int, start: int = 0) -> list[dict[str, Any]]:
    return [{"text": text, "label": LABELS.index(label)} for text, label in pairs(count, start)]


def _two(n: int) -> dict[str, Any]:
    return {
        "premise": f"premise {n}",
        "hypothesis": f"hypothesis {n}",
        "sentiment": n % 2,
        "topic": n // 2 % 2,
        "id": n,
    }


def _news(n: int) -> dict[str, Any]:
    return {"author": "me", "title": "title", "description": f"description {n}", "mood": n % 2}
