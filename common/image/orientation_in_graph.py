"""The EXIF orientation of JPEG and PNG files, read and undone inside a graph.

Formats: JPEG segments as in ITU-T T.81, annex B; PNG chunks as in ISO/IEC 15948; EXIF as in CIPA
DC-008 (a TIFF header and one directory of 12-byte entries; tag 0x0112 is the orientation).
"""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from common.image.bytes_in_graph import number, octets

_SCAN, _APP1 = 0xFFDA, 0xFFE1
_EXIF = int.from_bytes(b"Exif\0\0", "big")
_PIXELS = int.from_bytes(b"IDAT", "big")
_LITTLE, _BIG = (int.from_bytes(mark, "big") for mark in (b"II*\0", b"MM\0*"))
_ORIENTATION, _SHORT = 0x0112, 3


def jpeg_orientation(content: Any) -> Any:
    """Returns the orientation that a JPEG file gives.

    Args:
        content: the file, a scalar string of at least one byte.

    Returns:
        1 to 8, int64; 1 where there is none that can be used.
    """
    data = octets(content)
    length = tf.size(data, out_type=tf.int64)

    def is_exif(at: Any) -> Any:
        return (number(data, at, 2) == _APP1) & (number(data, at + 4, 6) == _EXIF)

    def is_before(at: Any) -> Any:
        marker = number(data, at, 2)
        return (at < length) & (marker >= 0xFF00) & (marker != _SCAN) & ~is_exif(at)

    def following(at: Any) -> Any:
        # 0xFF may be repeated in front of a marker.
        fill = number(data, at, 2) == 0xFFFF
        return (tf.where(fill, at + 1, at + 2 + number(data, at + 2, 2)),)

    (at,) = tf.while_loop(is_before, following, (tf.constant(2, tf.int64),))
    found = _of_exif(data, at + 10, at + 2 + number(data, at + 2, 2))
    return tf.where(is_exif(at), found, 1)


def png_orientation(content: Any) -> Any:
    """Returns the orientation that a PNG file gives in front of its pixels.

    Args:
        content: the file, a scalar string of at least one byte.

    Returns:
        1 to 8, int64; 1 where there is none that can be used.
    """
    data = octets(content)
    begin, end = png_chunk(data, b"eXIf")
    return tf.where(begin > 0, _of_exif(data, begin, end), 1)


def png_chunk(data: Any, kind: bytes) -> tuple[Any, Any]:
    """Finds a chunk of a PNG file in front of its pixels.

    Args:
        data: the file, (n,) uint8.
        kind: the name of the chunk.

    Returns:
        Where its content begins and ends; 0 where there is none.
    """
    wanted = int.from_bytes(kind, "big")
    length = tf.size(data, out_type=tf.int64)

    def is_before(at: Any) -> Any:
        found = number(data, at + 4, 4)
        return (at < length) & (found != _PIXELS) & (found != wanted)

    def following(at: Any) -> Any:
        return (at + 12 + number(data, at, 4),)

    (at,) = tf.while_loop(is_before, following, (tf.constant(8, tf.int64),))
    found = number(data, at + 4, 4) == wanted
    return tf.where(found, at + 8, 0), tf.where(found, at + 8 + number(data, at, 4), 0)


def upright(image: Any, orientation: Any) -> Any:
    """Returns a picture as it is to be seen.

    Args:
        image: (height, width, channels) as it is stored.
        orientation: 1 to 8.

    Returns:
        (height, width, channels), or (width, height, channels) where it lies on its side.
    """

    def among(*values: int) -> Any:
        return tf.reduce_any(orientation == tf.constant(values, tf.int64))

    for needed, change in (
        (among(5, 6, 7, 8), lambda image: tf.transpose(image, (1, 0, 2))),
        (among(2, 3, 6, 7), lambda image: tf.reverse(image, (1,))),
        (among(3, 4, 7, 8), lambda image: tf.reverse(image, (0,))),
    ):
        before = image
        image = tf.cond(
            needed, lambda f=change, image=before: f(image), lambda image=before: tf.identity(image)
        )
    return image


def _of_exif(data: Any, begin: Any, end: Any) -> Any:
    """Finds the orientation in the TIFF header at `begin`, whose bytes stop at `end`."""
    mark = number(data, begin, 4)
    little = mark == _LITTLE
    directory = begin + number(data, begin + 4, 4, little)
    most = tf.maximum((end - directory - 2) // 12, 0)
    count = tf.minimum(number(data, directory, 2, little), most)
    entries = directory + 2 + 12 * tf.range(count)
    matching = (
        (number(data, entries, 2, little) == _ORIENTATION)
        & (number(data, entries + 2, 2, little) == _SHORT)
        & (number(data, entries + 4, 4, little) == 1)
    )
    values = tf.boolean_mask(number(data, entries + 8, 2, little), matching)
    value = tf.concat((values, (1,)), 0)[0]
    usable = (little | (mark == _BIG)) & (value >= 1) & (value <= 8)
    return tf.where(usable, value, 1)
