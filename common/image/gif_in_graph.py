"""The first frame of a GIF inside a graph, what is transparent on white.

TensorFlow decodes every frame (a file of some kilobytes can fill the memory) and makes what is
transparent black. So the file is cut behind its first frame and made opaque before it is decoded.
The format: Graphics Interchange Format, version 89a.
"""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from common.image.bytes_in_graph import checked, number, octets

_EXTENSION, _CONTROL, _IMAGE, _END = 0x21, 0xF9, 0x2C, 0x3B
_BLOCK, _INSIDE_EXTENSION, _INSIDE_IMAGE, _DONE = range(4)  # where the walk is


def decode_first_frame(content: Any) -> Any:
    """Returns the first frame.

    Args:
        content: the file, a scalar string of at least one byte.

    Returns:
        RGB, (height, width, 3) uint8.

    Raises:
        tf.errors.InvalidArgumentError: when run: the file is damaged, or its first frame is
            smaller than the picture.
    """
    data = octets(content)
    control, image, end = _walk(data)
    data = checked(end > 0, "the GIF is damaged, or without a frame; replace it", data)
    same_size = number(data, image + 5, 4) == number(data, 6, 4)
    data = checked(
        same_size & (number(data, image + 1, 4) == 0),
        "the first frame of this GIF is smaller than the picture; convert it to PNG or JPEG",
        data,
    )
    frame = tf.strings.substr(content, 0, tf.cast(end, tf.int32)) + bytes([_END])
    transparent = (control > 0) & (number(data, control + 3, 1) % 2 == 1)
    frame = tf.cond(
        transparent, lambda: _opaque(frame, data, control, image), lambda: tf.identity(frame)
    )
    return tf.io.decode_gif(frame)[0]


def _walk(data: Any) -> tuple[Any, Any, Any]:
    """Finds the first frame.

    Returns:
        Where its control block (0: there is none) and its descriptor begin, and its end (0: there
        is no whole frame).
    """
    length = tf.size(data, out_type=tf.int64)

    def goes_on(at: Any, where: Any, control: Any, image: Any) -> Any:
        return (where != _DONE) & (at < length)

    def step(at: Any, where: Any, control: Any, image: Any) -> Any:
        byte = number(data, at, 1)
        at_block = where == _BLOCK
        extension, frame = at_block & (byte == _EXTENSION), at_block & (byte == _IMAGE)
        is_control = extension & (number(data, at + 1, 1) == _CONTROL)
        over = ~at_block & (byte == 0)
        then = tf.where(extension, _INSIDE_EXTENSION, tf.where(frame, _INSIDE_IMAGE, _DONE))
        after = tf.where(where == _INSIDE_EXTENSION, _BLOCK, _DONE)
        # A descriptor has 10 bytes, then come the colours and a byte about the compression.
        behind = tf.where(extension, at + 2, at + 11 + _colours(data, at + 9))
        return (
            tf.where(at_block, behind, at + 1 + byte),
            tf.where(at_block, then, tf.where(over, after, where)),
            tf.where(is_control, at, control),
            tf.where(frame, at, image),
        )

    begin = 13 + _colours(data, 10)
    none = tf.constant(0, tf.int64)
    at, where, control, image = tf.while_loop(
        goes_on, step, (begin, tf.constant(_BLOCK), none, none)
    )
    found = (where == _DONE) & (image > 0) & (at <= length)
    return control, image, tf.where(found, at, 0)


def _colours(data: Any, flags: Any) -> Any:
    """Returns how many bytes of colours follow, by the flags at a place."""
    value = number(data, flags, 1)
    return tf.where(value >= 128, 3 * 2 ** (value % 8 + 1), 0)


def _opaque(content: Any, data: Any, control: Any, image: Any) -> Any:
    """Clears the flag for transparency, and makes the colour that it is of white."""
    local = _colours(data, image + 9)
    begin = tf.where(local > 0, image + 10, 13)
    size = tf.where(local > 0, local, _colours(data, 10))
    colour = 3 * number(data, control + 6, 1)
    flags = tf.gather([bytes([value]) for value in range(256)], number(data, control + 3, 1) - 1)
    content = _replaced(content, control + 3, flags)
    return tf.cond(
        colour < size,
        lambda: _replaced(content, begin + colour, tf.constant(b"\xff\xff\xff")),
        lambda: tf.identity(content),
    )


def _replaced(content: Any, at: Any, by: Any) -> Any:
    """Returns a string with some bytes replaced."""
    at = tf.cast(at, tf.int32)
    length = tf.strings.length(by)
    rest = tf.strings.substr(content, at + length, tf.strings.length(content))
    return tf.strings.join((tf.strings.substr(content, 0, at), by, rest))
