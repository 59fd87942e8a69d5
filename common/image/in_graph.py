"""Encoded pictures to what a network sees inside a graph, for servers that are sent files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from common.image.bytes_in_graph import checked, number, octets
from common.image.decoding import MAX_PIXELS, MAX_SIDE
from common.image.gif_in_graph import decode_first_frame
from common.image.orientation_in_graph import (
    jpeg_orientation,
    png_chunk,
    png_orientation,
    upright,
)
from common.image.resizing import COLUMN_BITS, KEPT_BITS, LINES, ROW_BITS

_AT_A_TIME = 4
_BMP_HEADER = 54  # of the file and of the picture

_TOO_LARGE = (
    f"the picture is larger than the limit of {MAX_PIXELS:,} pixels ({MAX_SIDE:,} a side); make it "
    "smaller"
)
_UNKNOWN = "this is no JPEG, PNG, GIF or BMP picture; convert it to one of these"
_WEBP = "this is a WebP picture, which this model does not read; convert it to JPEG or PNG"
_BMP_KIND = (
    "this BMP picture is compressed or has not 8, 24 or 32 bits a pixel; convert it to PNG or JPEG"
)


def decode_pictures(pictures: Any, size: int) -> Any:
    """Decodes and resizes pictures.

    The bytes are those of `common.image.decoding.decode` and `common.image.resizing.resize`: both
    decode JPEG with libjpeg-turbo, and 200 photographs gave the very same. Unlike `decode`, this
    reads no WebP, nothing but uncompressed BMP of 8, 24 or 32 bits a pixel, and no GIF whose first
    frame does not fill it. Orientation is undone, transparency lies on white as there.

    Args:
        pictures: contents of JPEG, PNG, GIF or BMP files, `(batch,)` strings.
        size: of a side of the result, in pixels.

    Returns:
        RGB, `(batch, size, size, 3)` uint8.

    Raises:
        tf.errors.InvalidArgumentError: when run: a content is no such file, is damaged, or has too
            many pixels, which is found before anything is decoded.
    """
    # Sums are exact in the float32 of a CPU, which some other devices shorten.
    with tf.device("CPU"):
        return tf.map_fn(
            lambda picture: resize_in_graph(decode_in_graph(picture), size),
            pictures,
            parallel_iterations=_AT_A_TIME,
            fn_output_signature=tf.TensorSpec((size, size, 3), tf.uint8),
        )


def decode_in_graph(content: Any) -> Any:
    """Decodes one picture, with the limits of `decode_pictures`.

    Args:
        content: a file, a scalar string.

    Returns:
        RGB, (height, width, 3) uint8.
    """

    # Filled up, because `substr` refuses a place behind the end.
    head = tf.strings.join((tf.strings.substr(content, 0, 16), bytes(16)))

    def begins(mark: bytes, at: int = 0) -> Any:
        return tf.strings.substr(head, at, len(mark)) == mark

    def refuse(message: str) -> Callable[[], Any]:
        return lambda: checked(False, message, tf.zeros((1, 1, 3), tf.uint8))

    image = tf.case(
        [
            (begins(b"\xff\xd8\xff"), lambda: _jpeg(content)),
            (begins(b"\x89PNG\r\n\x1a\n"), lambda: _png(content)),
            (begins(b"GIF87a") | begins(b"GIF89a"), lambda: _gif(content)),
            (begins(b"BM"), lambda: _bmp(content)),
            (begins(b"RIFF") & begins(b"WEBP", 8), refuse(_WEBP)),
        ],
        default=refuse(_UNKNOWN),
        exclusive=False,
    )
    return tf.ensure_shape(image, (None, None, 3))


def resize_in_graph(image: Any, size: int) -> Any:
    """Does in a graph what `common.image.resizing.resize` does, to the bit.

    Args:
        image: (height, width, 3) uint8, at least one pixel.
        size: of a side of the result, in pixels.

    Returns:
        (size, size, 3) uint8.
    """
    height, width = tf.unstack(tf.shape(image, tf.int64)[:2])
    flat = tf.reshape(image, (height, width * 3))
    matrix, begin, end = _weights(height, size, ROW_BITS)

    blocks = -(-size // LINES)
    matrix = tf.reshape(
        tf.pad(matrix, ((0, blocks * LINES - size), (0, 0))), (blocks, LINES, height)
    )

    def lines_of(block: Any) -> Any:
        rows, begin, end = block
        return tf.linalg.matmul(rows[:, begin:end], tf.cast(flat[begin:end], tf.float32))

    # A few lines at a time, so that a large photograph is never in memory as floats.
    lines = tf.map_fn(
        lines_of,
        (matrix, begin[::LINES], tf.concat((end[LINES - 1 :: LINES], end[-1:]), 0)[:blocks]),
        parallel_iterations=1,
        fn_output_signature=tf.TensorSpec((LINES, None), tf.float32),
    )
    lines = tf.reshape(lines, (blocks * LINES, width * 3))[:size]
    lines = tf.floor(lines * 2.0 ** (KEPT_BITS - ROW_BITS) + 0.5)
    across = tf.transpose(tf.reshape(lines, (size, width, 3)), (1, 0, 2))
    columns, _, _ = _weights(width, size, COLUMN_BITS)
    pixels = tf.linalg.matmul(columns, tf.reshape(across, (width, size * 3)))
    rounded = tf.cast(tf.floor(pixels * 2.0**-ROW_BITS + 0.5), tf.uint8)
    return tf.transpose(tf.reshape(rounded, (size, size, 3)), (1, 0, 2))


def _weights(before: Any, after: int, bits: int) -> tuple[Any, Any, Any]:
    """Returns what `common.image.resizing.weights` returns."""
    wider = tf.maximum(before, after)
    at_input = (2 * tf.range(before) + 1) * after
    at_output = (2 * tf.range(after, dtype=tf.int64) + 1) * before
    triangles = tf.maximum(2 * wider - tf.abs(at_input - at_output[:, None]), 0)
    sums = tf.cumsum(triangles, axis=1)
    total = sums[:, -1:]
    rounded = (2**bits * 2 * sums + total) // (2 * total)
    matrix = tf.cast(rounded - tf.pad(rounded[:, :-1], ((0, 0), (1, 0))), tf.float32)
    begin = tf.maximum((at_output - 2 * wider) // (2 * after), 0)
    end = tf.minimum(before, (at_output + 2 * wider) // (2 * after) + 1)
    return matrix, begin, end


def _sized(content: Any, height: Any, width: Any) -> Any:
    fits = (height * width <= MAX_PIXELS) & (tf.maximum(height, width) <= MAX_SIDE)
    return checked(fits, _TOO_LARGE, content)


def _jpeg(content: Any) -> Any:
    height, width, _ = tf.unstack(tf.io.extract_jpeg_shape(content, tf.int32))
    content = _sized(content, tf.cast(height, tf.int64), tf.cast(width, tf.int64))
    # What libjpeg, and so Pillow, does unless told otherwise.
    image = tf.io.decode_jpeg(content, 3, fancy_upscaling=True, dct_method="INTEGER_ACCURATE")
    return upright(image, jpeg_orientation(content))


def _png(content: Any) -> Any:
    header = octets(tf.strings.substr(content, 0, 26))
    content = _sized(content, number(header, 20, 4), number(header, 16, 4))

    def on_white() -> Any:
        image = tf.cast(tf.io.decode_png(content, 4), tf.int32)
        colour, alpha = image[..., :3], image[..., 3:]
        return tf.cast((colour * alpha + 255 * (255 - alpha) + 127) // 255, tf.uint8)

    # Not by the alpha that `decode_png` makes up: of less than 8 bits it is not opaque.
    begin, _ = png_chunk(octets(content), b"tRNS")
    has_alpha = (begin > 0) | (number(header, 25, 1) >= 4)
    image = tf.cond(has_alpha, on_white, lambda: tf.io.decode_png(content, 3))
    return upright(image, png_orientation(content))


def _gif(content: Any) -> Any:
    header = octets(tf.strings.substr(content, 0, 10))
    little = True
    content = _sized(content, number(header, 8, 2, little), number(header, 6, 2, little))
    return decode_first_frame(content)


def _bmp(content: Any) -> Any:
    header = octets(tf.strings.substr(content, 0, _BMP_HEADER))
    little = True
    height, width = number(header, 22, 4, little), number(header, 18, 4, little)
    # A negative height stands for lines that begin at the top.
    content = _sized(content, tf.minimum(height, 2**32 - height), width)
    bits = number(header, 28, 2, little)
    known = (bits == 8) | (bits == 24) | (bits == 32)
    plain = (number(header, 14, 4, little) >= 40) & (number(header, 30, 4, little) == 0)
    content = checked(known & plain, _BMP_KIND, content)

    def palette() -> Any:
        at = 14 + number(header, 14, 4, little)
        pixels_at = number(header, 10, 4, little)
        data = octets(tf.strings.substr(content, 0, tf.cast(pixels_at, tf.int32)))
        places = at + 4 * tf.range(256, dtype=tf.int64)[:, None] + (2, 1, 0)
        colours = tf.cast(number(data, places, 1), tf.uint8)
        return tf.gather(colours, tf.cast(tf.io.decode_bmp(content)[..., 0], tf.int32))

    return tf.case(
        [
            (bits == 8, palette),
            (bits == 24, lambda: tf.io.decode_bmp(content, 3)),
        ],
        default=lambda: tf.io.decode_bmp(content, 4)[..., :3],
    )
