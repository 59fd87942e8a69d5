"""Pictures of every format and mode to RGB; what cannot be used is refused by name."""

from __future__ import annotations

import struct
import time
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from common.errors import UserError
from common.image.decoding import MAX_PIXELS, decode
from common.image.picture import Picture
from tests.common.image.pictures import (
    encoded,
    exif,
    kinds,
    noise,
    picture,
    png,
    png_of_16_bits,
    scene,
    with_segment,
)

# What a picture of 2 lines and 3 columns looks like for each orientation: EXIF says on which side
# of what is seen the first line and the first column lie.
SEEN = {
    1: [[1, 2, 3], [4, 5, 6]],
    2: [[3, 2, 1], [6, 5, 4]],
    3: [[6, 5, 4], [3, 2, 1]],
    4: [[4, 5, 6], [1, 2, 3]],
    5: [[1, 4], [2, 5], [3, 6]],
    6: [[4, 1], [5, 2], [6, 3]],
    7: [[6, 3], [5, 2], [4, 1]],
    8: [[3, 6], [2, 5], [1, 4]],
}


def fault(some: Picture) -> str:
    with pytest.raises(UserError) as caught:
        decode(some)
    message = str(caught.value)
    assert message.startswith(f"{some.name}: ")
    assert "; " in message
    assert "\n" not in message
    return message


@pytest.mark.parametrize(
    ("kind", "options"),
    [("PNG", {}), ("BMP", {}), ("WEBP", {"lossless": True})],
    ids=["PNG", "BMP", "WebP"],
)
@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (40, 1), (7, 5)])
def test_lossless_formats_give_the_pixels_back(
    kind: str, options: dict[str, bool], shape: tuple[int, int]
) -> None:
    pixels = noise(*shape)
    found = decode(picture(encoded(pixels, kind, **options)))
    assert found.dtype == np.uint8
    assert found.flags.writeable
    np.testing.assert_array_equal(found, pixels)


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "GIF"])
def test_lossy_formats_come_near(kind: str) -> None:
    smooth = scene(60, 80)
    found = decode(picture(encoded(smooth, kind)))
    assert np.abs(found.astype(int) - smooth).mean() < 8


def test_grey_palette_and_one_bit() -> None:
    grey = noise(5, 6, 1)[..., 0]
    for kind in ("PNG", "BMP", "GIF"):
        found = decode(picture(encoded(grey, kind)))
        np.testing.assert_array_equal(found, np.repeat(grey[..., None], 3, axis=2))
    colours = np.array([[250, 1, 2], [3, 240, 4], [5, 6, 230]], np.uint8)
    image = Image.fromarray(np.array([[0, 1, 2, 1]], np.uint8), "P")
    image.putpalette(colours.tobytes())
    for kind in ("PNG", "BMP", "GIF"):
        found = decode(picture(encoded(image, kind)))
        np.testing.assert_array_equal(found[0], colours[[0, 1, 2, 1]])
    # One line of 8 pixels of one bit each: 0b10110000.
    found = decode(picture(png((8, 1, 1, 0), b"\0\xb0")))
    assert found[0, :, 0].tolist() == [255, 0, 255, 255, 0, 0, 0, 0]


def test_what_is_transparent_lies_on_white() -> None:
    # Alpha 51 is a fifth: 0.2 * 100 + 0.8 * 255 = 224; 0.2 * 0 + 0.8 * 255 = 204.
    rgba = np.array([[[100, 0, 255, 51], [9, 8, 7, 0], [9, 8, 7, 255]]], np.uint8)
    for kind, options in (("PNG", {}), ("WEBP", {"lossless": True, "exact": True})):
        found = decode(picture(encoded(rgba, kind, **options)))
        assert found.tolist() == [[[224, 204, 255], [255, 255, 255], [9, 8, 7]]]
    grey_alpha = png((2, 1, 8, 4), b"\0" + bytes([100, 51, 0, 51]))
    assert decode(picture(grey_alpha)).tolist() == [[[224] * 3, [204] * 3]]


def test_a_transparent_colour_is_white() -> None:
    line = b"\0" + bytes([1, 2, 3, 4, 5, 6])
    found = decode(picture(png((2, 1, 8, 2), line, (b"tRNS", struct.pack(">HHH", 4, 5, 6)))))
    assert found.tolist() == [[[1, 2, 3], [255, 255, 255]]]
    palette = (b"PLTE", bytes([10, 20, 30, 40, 50, 60]))
    found = decode(picture(png((2, 1, 8, 3), b"\0\0\1", palette, (b"tRNS", b"\0\x33"))))
    assert found.tolist() == [[[255] * 3, [212, 214, 216]]]  # 0.2 * 40 + 204, and so on
    image = Image.fromarray(np.array([[0, 1]], np.uint8), "P")
    image.putpalette(bytes([10, 20, 30, 40, 50, 60]))
    found = decode(picture(encoded(image, "GIF", transparency=1)))
    assert found.tolist() == [[[10, 20, 30], [255] * 3]]


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_of_16_bits_the_high_byte_remains(channels: int) -> None:
    values = np.random.default_rng(3).integers(0, 1 << 16, (4, 5, channels)).astype(np.uint16)
    if channels % 2 == 0:
        values[..., -1] = 0xFFFF
    found = decode(picture(png_of_16_bits(values)))
    colour = values[..., : channels - (channels % 2 == 0)] >> 8
    np.testing.assert_array_equal(found, np.broadcast_to(colour, (4, 5, 3)))


def test_a_transparent_value_of_16_bits_is_compared_whole() -> None:
    values = np.array([[[0x1234], [0x1235]]], np.uint16)
    found = decode(picture(png_of_16_bits(values, (b"tRNS", b"\x12\x34"))))
    assert found.tolist() == [[[255] * 3, [0x12] * 3]]


def test_cmyk() -> None:
    # No ink is white; all of cyan leaves no red; half black halves what is left.
    inks = np.zeros((8, 24, 4), np.uint8)
    inks[:, 8:16] = (255, 0, 0, 0)
    inks[:, 16:] = (0, 0, 255, 128)
    found = decode(picture(encoded(Image.fromarray(inks, "CMYK"), "JPEG", quality=100)))
    expected = [(255, 255, 255), (0, 255, 255), (127, 127, 0)]
    for colour, at in zip(expected, (3, 11, 19), strict=True):
        assert np.abs(found[4, at].astype(int) - colour).max() <= 2


@pytest.mark.parametrize("mark", "<>")
@pytest.mark.parametrize("orientation", SEEN)
def test_it_is_turned_upright(orientation: int, mark: str) -> None:
    stored = np.repeat(np.array(SEEN[1], np.uint8)[..., None] * 40, 3, axis=2)
    seen = np.repeat(np.array(SEEN[orientation], np.uint8)[..., None] * 40, 3, axis=2)
    data = exif(orientation, mark)
    np.testing.assert_array_equal(decode(picture(encoded(stored, "PNG", exif=data))), seen)
    lossless = encoded(stored, "WEBP", lossless=True, exif=data)
    np.testing.assert_array_equal(decode(picture(lossless)), seen)
    large = np.kron(stored, np.ones((16, 16, 1), np.uint8))
    jpeg = with_segment(encoded(large, "JPEG", quality=100), 0xFFE1, data)
    assert np.abs(decode(picture(jpeg))[8::16, 8::16].astype(int) - seen).max() <= 2


@pytest.mark.parametrize(
    "data", [exif(1), exif(9), exif(0), exif(6)[:20], b"Exif\0\0", b"Exif\0\0MM\0*\xff\xff\xff\xff"]
)
def test_exif_that_says_nothing_changes_nothing(
    data: bytes, recwarn: pytest.WarningsRecorder
) -> None:
    plain = encoded(scene(9, 8), "JPEG")
    found = decode(picture(with_segment(plain, 0xFFE1, data)))
    np.testing.assert_array_equal(found, decode(picture(plain)))


def test_of_an_animation_the_first_frame() -> None:
    frames = [noise(6, 5, 1, seed)[..., 0] for seed in range(4)]
    first, *others = map(Image.fromarray, frames)
    for kind, options in (("GIF", {}), ("WEBP", {"lossless": True}), ("PNG", {})):
        data = encoded(first, kind, save_all=True, append_images=others, **options)
        found = decode(picture(data))
        np.testing.assert_array_equal(found, np.repeat(frames[0][..., None], 3, axis=2))


def test_the_name_of_a_file_says_nothing_about_its_kind(tmp_path: Path) -> None:
    path = tmp_path / "it.jpg"
    path.write_bytes(encoded(noise(3, 4), "PNG"))
    np.testing.assert_array_equal(decode(Picture.of_file(path)), noise(3, 4))


def test_what_is_no_picture() -> None:
    for contents in (b"This is a text.\n", b"\xff\xd8\xff", b"BM", b"GIF89a", bytes(1000)):
        assert "this is no JPEG, PNG, WebP, GIF or BMP picture; convert" in fault(picture(contents))
    for kind in ("TIFF", "PPM", "ICO"):
        assert "this is no JPEG, PNG" in fault(picture(encoded(noise(20, 20), kind)))
    assert "the file is empty" in fault(picture(b""))
    assert "there is no such file" in fault(Picture.of_file("no/where.jpg"))


@pytest.mark.parametrize("name", ["jpeg", "jpeg, progressive", "png", "gif", "bmp"])
@pytest.mark.parametrize("part", [0.9, 0.5])
def test_a_truncated_file(name: str, part: float) -> None:
    contents = kinds()[name]
    message = fault(picture(contents[: int(part * len(contents))]))
    assert "damaged" in message
    assert message.endswith("; replace it")


def test_a_truncated_webp() -> None:
    contents = encoded(scene(60, 80), "WEBP")
    assert "; " in fault(picture(contents[: len(contents) // 2]))


@pytest.mark.parametrize("change", [bytes.upper, lambda b: b[:40] + b"\0" * 50 + b[90:]])
def test_damaged_files_are_users_mistakes(change: Callable[[bytes], bytes]) -> None:
    refused = 0
    for contents in kinds().values():
        try:
            decode(picture(change(contents)))
        except UserError:
            refused += 1
    assert refused > 10


def test_a_bomb_is_refused_before_it_is_decoded() -> None:
    deflate = zlib.compressobj()
    zeros = b"".join(deflate.compress(bytes(1 << 20)) for _ in range(64)) + deflate.flush()
    bomb = png((30_000, 30_000, 8, 2), b"").replace(zlib.compress(b""), zeros)
    tracemalloc.start()
    began = time.perf_counter()
    message = fault(picture(bomb))
    assert time.perf_counter() - began < 1  # decoding would take far longer
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()
    assert f"the limit of {MAX_PIXELS:,} pixels" in message


def test_the_limits_of_size(monkeypatch: pytest.MonkeyPatch) -> None:
    message = fault(picture(png((12_000, 9_000, 8, 2), b"")))
    assert "the picture of 12,000 x 9,000 pixels is larger than the limit of 100,000,000" in message
    assert "the limit" in fault(picture(png((65_536, 1, 8, 0), b"\0" * 65_537)))
    assert decode(picture(png((65_535, 1, 8, 0), b"\0" * 65_536))).shape == (1, 65_535, 3)
    monkeypatch.setattr("common.image.decoding.MAX_PIXELS", 12)
    assert decode(picture(encoded(noise(3, 4), "PNG"))).shape == (3, 4, 3)
    for kind in ("PNG", "JPEG", "GIF", "BMP", "WEBP"):
        assert "the picture of 4 x 4 pixels" in fault(picture(encoded(noise(4, 4), kind)))
