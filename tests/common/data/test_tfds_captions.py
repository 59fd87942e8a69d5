"""Captioned pictures of TensorFlow Datasets, without a network: prepared data are read."""

from __future__ import annotations

import gc
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow_datasets as tfds

from common.image.decoding import decode
from tests.common.data.caption_case import CaptionCase, fault, image, load, name, number_of, texts
from tests.common.data.tiny_builders import Rows, TinyReviews


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepare(tmp_path_factory.mktemp("tensorflow_datasets"))


@pytest.fixture(autouse=True)
def _data_dir(prepared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TFDS_DATA_DIR", str(prepared))


def prepare(folder: Path) -> Path:
    """Fills a TFDS data folder with small data sets, which TFDS knows by their files alone."""
    files = folder / "files"
    files.mkdir()
    for n in range(60):
        (files / name(n)).write_bytes(image(n))
    picture, text = tfds.features.Image(encoding_format="png"), tfds.features.Text()
    many = tfds.features.Sequence({"id": np.int64, "text": np.str_})
    objects = tfds.features.Sequence({"bbox": tfds.features.BBoxFeature(), "label": np.int64})
    coco = {"image": picture, "image/filename": text, "captions": many, "objects": objects}

    def like_coco(count: int, start: int = 0) -> Rows:
        return [
            {
                "image": files / name(n),
                "image/filename": name(n),
                "captions": [{"id": k, "text": said} for k, said in enumerate(texts(n))],
                "objects": [],
            }
            for n in range(start, start + count)
        ]

    def alone(count: int, start: int = 0) -> Rows:
        return [
            {"image": files / name(n), "texts": list(texts(n))} for n in range(start, start + count)
        ]

    made(folder, "tiny_coco", coco, train=like_coco(20), val=like_coco(6, 20), restval=like_coco(2))
    several = tfds.features.Sequence(text)
    made(folder, "tiny_flickr", {"image": picture, "texts": several}, train=alone(60))
    one = {"photo": picture, "caption": text, "alt": text}
    pairs = [{"photo": files / name(n), "caption": "one", "alt": "other"} for n in range(0, 30, 3)]
    made(folder, "tiny_alt", one, test=pairs)
    odd = [*like_coco(4), {**like_coco(1, 4)[0], "captions": []}]
    odd += [{**like_coco(1, 5)[0], "captions": [{"id": 1, "text": b"caf\xe9"}]}]
    made(folder, "tiny_silent", coco, dev=odd)
    made(
        folder,
        "tiny_views",
        {"left": picture, "right": picture, "caption": text},
        dev=[{"left": files / name(1), "right": files / name(2), "caption": "both"}],
    )
    made(folder, "tiny_plain", {"image": picture}, dev=[{"image": files / name(1)}])
    made(folder, "tiny_damaged_images", coco, dev=like_coco(5))
    for record in (folder / "tiny_damaged_images").rglob("*.tfrecord*"):
        record.write_bytes(record.read_bytes()[:200] + b"\xff" * 50)
    return folder


def made(folder: Path, called: str, features: Mapping[str, Any], **splits: Rows) -> None:
    with tfds.core.registered.skip_registration():
        kind = type(
            called, (TinyReviews,), {"name": called, "features": features, "splits": splits}
        )
    kind(data_dir=folder).download_and_prepare()


class TestLikeCoco(CaptionCase):
    train, dev = 20, 6
    every = 26
    notes = ("read image, captions of tiny_coco/1.0.0", "ignored the splits restval")
    in_order = False

    def make(self, folder: Path) -> str:
        return "tfds:tiny_coco"


class TestListOfTexts(CaptionCase):
    train, dev = 54, 6
    every = 60
    notes = ("read image, texts of tiny_flickr/1.0.0", "split dev off train by hash")
    in_order = False

    def make(self, folder: Path) -> str:
        return "tfds:tiny_flickr"


def test_pictures_are_named_by_their_place_and_file() -> None:
    for one in load("tfds:tiny_coco", splits={"dev"}).splits["dev"]:
        assert one.picture.name.startswith("tfds:tiny_coco/val:")
        assert one.picture.name.endswith(f" ({name(number_of(one.picture))})")


def test_a_caption_alone() -> None:
    some = load("tfds:tiny_alt", splits={"test"}).splits["test"]
    assert {one.captions for one in some} == {("one",)}
    other = load("tfds:tiny_alt", splits={"test"}, caption_column="alt").splits["test"]
    assert {one.captions for one in other} == {("other",)}


def test_pictures_outlive_what_loaded_them_and_are_read_by_threads() -> None:
    some = load("tfds:tiny_coco", splits={"train"}).splits["train"]
    gc.collect()
    wrong: list[int] = []

    def read() -> None:
        for _ in range(20):
            wrong.extend(
                n
                for n, one in enumerate(some)
                if image(number_of(one.picture)) != one.picture.read()
            )

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert decode(some[0].picture).shape[1] == 2


def test_what_is_left_out_is_counted() -> None:
    loaded = load("tfds:tiny_silent", splits={"dev"})
    assert len(loaded.splits["dev"]) == 5
    assert ("caf\ufffd",) in {one.captions for one in loaded.splits["dev"]}
    assert "the image has no caption, 1 of 6 dev images, the first at tfds:" in loaded.notes[-1]


def test_data_of_another_kind_are_refused_before_any_download(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("common.data.tfds.prepare", pytest.fail)
    assert "none of its features is captions (image)" in fault("tfds:tiny_plain")
    message = fault("tfds:tiny_views")
    assert "several features are an image; choose one of left, right with --image-column" in message
    assert "'sound' is not an image of it; choose one of left, right" in fault(
        "tfds:tiny_views", image_column="sound"
    )
    assert "none of its features is an image" in fault("tfds:imdb_reviews")
    assert "none of its features is captions" in fault("tfds:mnist")


def test_damaged_data() -> None:
    assert "cannot be read" in fault("tfds:tiny_damaged_images", splits={"dev"})
