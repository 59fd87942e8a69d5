"""Pictures inside a graph: the bytes that NumPy gives, in the loader of servers as well."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from numpy.typing import NDArray
from PIL import Image

from common.errors import UserError
from common.export.errors import ExportError
from common.export.saved_model import run_in_session, save_signatures
from common.image.decoding import decode
from common.image.in_graph import decode_in_graph, decode_pictures, resize_in_graph
from common.image.resizing import resize
from tests.common.image.pictures import (
    encoded,
    exif,
    kinds,
    noise,
    picture,
    png,
    scene,
    with_segment,
)

SIZE = 24
ROOT = Path(__file__).parents[3]
PHOTOGRAPHS = (
    Path(os.environ.get("RECUR_DATA", ROOT.parent / "shared" / "data")) / "captions" / "images"
)

_whole = tf.function(
    lambda pictures: decode_pictures(pictures, SIZE),
    input_signature=[tf.TensorSpec([None], tf.string)],
    autograph=False,
)
_decoding = tf.function(
    decode_in_graph, input_signature=[tf.TensorSpec([], tf.string)], autograph=False
)


def in_graph(contents: bytes) -> NDArray[np.uint8]:
    return _decoding(tf.constant(contents)).numpy()


def expected(contents: bytes, size: int = SIZE) -> NDArray[np.uint8]:
    return resize(decode(picture(contents)), size)


@pytest.mark.parametrize("name", kinds())
def test_every_format_and_mode(name: str) -> None:
    contents = kinds()[name]
    np.testing.assert_array_equal(in_graph(contents), decode(picture(contents)))


def test_a_cmyk_jpeg() -> None:
    inks = Image.fromarray(noise(30, 40, 4), "CMYK")
    contents = encoded(inks, "JPEG", quality=95)
    np.testing.assert_array_equal(in_graph(contents), decode(picture(contents)))


def test_what_would_be_seen_if_it_were_otherwise() -> None:
    """The comparison is not blind: each of these differs from what is right."""
    every = kinds()
    turned, plain = every["jpeg, orientation 3 <"], every["jpeg"]
    assert (in_graph(turned) != in_graph(plain)).mean() > 0.5
    fast = tf.io.decode_jpeg(plain, 3, fancy_upscaling=False, dct_method="INTEGER_FAST")
    assert (fast.numpy() != decode(picture(plain))).mean() > 0.2
    transparent = every["gif, transparent"]
    assert (tf.io.decode_gif(transparent)[0].numpy() != in_graph(transparent)).any()
    made_up = tf.io.decode_png(every["png, one bit"], 4)[..., 3]
    assert not (made_up.numpy() == 255).any()


@pytest.mark.parametrize("size", [1, 16, 24, 33, 160])
@pytest.mark.parametrize(
    "shape", [(1, 1), (1, 500), (500, 1), (3, 2), (640, 427), (33, 33), (161, 159)]
)
def test_resizing_is_the_same_to_the_bit(shape: tuple[int, int], size: int) -> None:
    image = noise(*shape)
    found = resize_in_graph(tf.constant(image), size).numpy()
    np.testing.assert_array_equal(found, resize(image, size))


def test_resizing_of_tensorflow_differs() -> None:
    image = noise(640, 427)
    other = tf.image.resize(image, (SIZE, SIZE), antialias=False)
    assert np.abs(np.rint(other.numpy()) - resize(image, SIZE)).max() > 10


def test_a_batch_of_any_size_in_the_loader_of_servers(tmp_path: Path) -> None:
    spec = tf.TensorSpec([None], tf.string, name="image")
    signature = {"decode": (lambda image: {"pixels": decode_pictures(image, SIZE)}, [spec])}
    save_signatures(tmp_path / "1", signature, [])
    every = list(kinds().values())
    requests = [
        ("decode", {"image": np.array(some, object)}) for some in (every, every[:1], every[-3:])
    ]
    all_of_them, one, three = (
        found["pixels"] for found in run_in_session(tmp_path / "1", requests)
    )
    assert all_of_them.dtype == np.uint8
    np.testing.assert_array_equal(all_of_them, [expected(contents) for contents in every])
    np.testing.assert_array_equal(one, all_of_them[:1])
    np.testing.assert_array_equal(three, all_of_them[-3:])
    contents, reason = REFUSED[0]
    refused = {"image": np.array([every[0], contents], object)}
    with pytest.raises(ExportError, match=reason):
        run_in_session(tmp_path / "1", [("decode", refused)])


def test_no_picture_at_all_is_a_batch() -> None:
    assert _whole(tf.constant([], tf.string)).shape == (0, SIZE, SIZE, 3)


def _smaller_frame() -> bytes:
    """Returns a GIF of 2 x 2 pixels, whose only frame is of one."""
    screen = b"GIF89a" + bytes([2, 0, 2, 0, 0x80, 0, 0]) + bytes(6)
    return screen + bytes([0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3B])


REFUSED: list[tuple[bytes, str]] = [
    (encoded(scene(8, 8), "WEBP"), "WebP picture, which this model does not read; convert it"),
    (b"This is a text.", "this is no JPEG, PNG, GIF or BMP picture; convert it"),
    (png((30_000, 30_000, 8, 2), b"\0"), "larger than the limit of 100,000,000 pixels"),
    (b"", "this is no JPEG"),
    (b"BM", "BMP picture is compressed or has not"),
    (encoded(scene(8, 8), "TIFF"), "this is no JPEG"),
    (png((65_536, 1, 8, 0), b"\0" * 65_537), "larger than the limit"),
    (encoded(Image.fromarray(scene(8, 8)).convert("1"), "BMP"), "BMP picture is compressed or has"),
    (_smaller_frame(), "first frame of this GIF is smaller than the picture; convert it"),
    (kinds()["gif"][:60], "GIF is damaged"),
    (kinds()["gif"][:-200], "GIF is damaged"),
    (kinds()["jpeg"][:-200], "JPEG"),
    (kinds()["jpeg"][:3], "JPEG"),
    (kinds()["png"][:-200], "PNG"),
    (kinds()["png"][:10], "PNG|limit"),
    (kinds()["bmp"][:-200], "differ|BMP"),
]


@pytest.mark.parametrize(("contents", "reason"), REFUSED)
def test_what_cannot_be_used_is_said(contents: bytes, reason: str) -> None:
    with pytest.raises(tf.errors.InvalidArgumentError, match=reason):
        in_graph(contents)


def test_what_numpy_refuses_a_graph_refuses() -> None:
    for contents, reason in REFUSED:
        if not any(word in reason for word in ("WebP", "BMP picture", "first frame")):
            with pytest.raises(UserError):
                decode(picture(contents))


@pytest.mark.parametrize("kind", ["JPEG", "GIF", "BMP"])
def test_size_is_looked_at_before_pixels(kind: str) -> None:
    contents = bytearray(encoded(scene(8, 8), kind))
    if kind == "JPEG":
        place = contents.index(b"\xff\xc0") + 5
        contents[place : place + 4] = b"\x80\0\x80\0"
    elif kind == "GIF":
        contents[6:10] = b"\xff\xff\xff\xff"
    else:
        contents[18:26] = b"\xff\xff\0\0\xff\xff\0\0"
    began = time.perf_counter()
    with pytest.raises(tf.errors.InvalidArgumentError, match="larger than the limit"):
        in_graph(bytes(contents))
    assert time.perf_counter() - began < 5  # seconds; it takes a few milliseconds


def test_damaged_bytes_end_in_an_error_or_in_the_same_pixels() -> None:
    rng = np.random.default_rng(8)
    same = 0
    for contents in kinds().values():
        for _ in range(6):
            changed = bytearray(contents)
            for _ in range(3):
                changed[rng.integers(2, len(changed))] = rng.integers(0, 256)
            try:
                found = in_graph(bytes(changed))
                wanted = decode(picture(bytes(changed)))
            except (tf.errors.InvalidArgumentError, UserError):
                continue
            np.testing.assert_array_equal(found, wanted)
            same += 1
    assert same > 20


def test_bmp_from_the_top_down() -> None:
    contents = bytearray(encoded(scene(5, 8), "BMP"))
    contents[22:26] = (-5).to_bytes(4, "little", signed=True)
    np.testing.assert_array_equal(in_graph(bytes(contents)), scene(5, 8)[::-1])
    np.testing.assert_array_equal(decode(picture(bytes(contents))), scene(5, 8)[::-1])


def test_exif_of_a_photograph_and_nothing_between() -> None:
    stored = scene(60, 80)
    contents = with_segment(encoded(stored, "JPEG", subsampling=0), 0xFFE1, exif(6, "<", 40))
    seen = np.rot90(decode(picture(encoded(stored, "JPEG", subsampling=0))), -1)
    np.testing.assert_array_equal(in_graph(contents), seen)
    np.testing.assert_array_equal(_whole(tf.constant([contents]))[0], resize(seen.copy(), SIZE))


@pytest.mark.skipif(
    not PHOTOGRAPHS.is_dir(),
    reason=f"{PHOTOGRAPHS} is absent; point RECUR_DATA at a folder that holds captions/",
)
def test_real_photographs_are_the_same_to_the_bit() -> None:
    contents = [path.read_bytes() for path in sorted(PHOTOGRAPHS.iterdir())[:200:4]]
    for one in contents:
        np.testing.assert_array_equal(in_graph(one), decode(picture(one)))
    found: Any = _whole(tf.constant(contents)).numpy()
    np.testing.assert_array_equal(found, [expected(one) for one in contents])
