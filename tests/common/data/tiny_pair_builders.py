"""Small translation data sets in the form of TensorFlow Datasets, prepared without a network."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tensorflow_datasets as tfds

from tests.common.data.parallel_case import pairs
from tests.common.data.tiny_builders import Rows, TinyReviews

LANGUAGES = ("es", "en")


class TinyPairs(TinyReviews):
    """A builder whose features may be a `Translation` and nothing around it, as those of WMT."""

    def _info(self) -> tfds.core.DatasetInfo:
        if isinstance(self.features, tfds.features.Translation):
            return tfds.core.DatasetInfo(builder=self, features=self.features)
        return super()._info()


def prepare_tiny_pair_builders(folder: Path) -> Path:
    """Fills a TFDS data folder with small data sets, which TFDS knows by their files alone."""
    text = tfds.features.Text()
    translation = tfds.features.Translation(languages=LANGUAGES)
    _prepare(folder, "tiny_wmt", translation, train=rows(60), validation=rows(10, 60))
    inner = {"id": text, "translation": translation, "more": tfds.features.Sequence(text)}
    within = {"train": _within(rows(60)), "test": _within(rows(6, 60))}
    _prepare(folder, "tiny_within", inner, **within)
    _prepare(folder, "tiny_keys", {"en": text, "es": text, "id": text}, train=_keyed(rows(60)))
    deep = {"data": {"languages": {"en": text, "es": text}, "more": tfds.features.Sequence(text)}}
    _prepare(folder, "tiny_deep", deep, dev=[_deep(n, row) for n, row in enumerate(rows(10))])
    columns = {"source": text, "target": text, "es": text}
    _prepare(folder, "tiny_columns", columns, train=_columns(60), dev=_columns(10, 60))
    several = {"title": translation, "body": translation}
    _prepare(folder, "tiny_several", several, dev=[_several(n) for n in range(10)])
    odd: list[Mapping[str, Any]] = [
        *rows(10),
        {"es": " ", "en": "nothing"},
        {"es": b"caf\xe9", "en": "coffee"},
        {"es": "&iexcl;s&iacute;!", "en": "yes"},
    ]
    _prepare(folder, "tiny_odd_pairs", translation, dev=odd)
    return folder


def rows(count: int, start: int = 0) -> list[dict[str, Any]]:
    return [dict(zip(LANGUAGES, pair, strict=True)) for pair in pairs(count, start)]


def _within(some: Rows) -> Rows:
    return [
        {"id": str(n), "translation": row, "more": ["more"] * (n % 3)} for n, row in enumerate(some)
    ]


def _deep(n: int, row: Mapping[str, Any]) -> dict[str, Any]:
    return {"data": {"languages": row, "more": ["more"] * (n % 3)}}


def _keyed(some: Rows) -> Rows:
    return [{"id": str(n), **row} for n, row in enumerate(some)]


def _columns(count: int, start: int = 0) -> Rows:
    return [{"source": s, "target": t, "es": "another text"} for s, t in pairs(count, start)]


def _several(n: int) -> dict[str, Any]:
    return {
        part: {language: f"{part} {n} {language}" for language in LANGUAGES}
        for part in ("title", "body")
    }


def _prepare(folder: Path, name: str, features: Any, **splits: Rows) -> None:
    with tfds.core.registered.skip_registration():
        made = type(name, (TinyPairs,), {"name": name, "features": features, "splits": splits})
    made(data_dir=folder).download_and_prepare()
