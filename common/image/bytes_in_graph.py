"""Fields of file headers inside a graph."""

from __future__ import annotations

from typing import Any

import tensorflow as tf


def octets(content: Any) -> Any:
    """Returns the bytes of a scalar string, (n,) uint8."""
    return tf.io.decode_raw(content, tf.uint8)


def number(data: Any, at: Any, size: int, little: Any = False) -> Any:
    """Reads unsigned integers.

    Args:
        data: (n,) uint8, at least one.
        at: where they begin, of any shape. What is outside of `data` counts as zero.
        size: bytes of an integer, at most 7.
        little: whether the lowest byte comes first; Python's or the graph's.

    Returns:
        int64 of the shape of `at`.
    """
    at = tf.cast(at, tf.int64)
    total = tf.zeros_like(at)
    length = tf.size(data, out_type=tf.int64)
    for n in range(size):
        place = at + n
        inside = (place >= 0) & (place < length)
        byte = tf.gather(data, tf.clip_by_value(place, 0, length - 1))
        weight = tf.where(little, tf.constant(256**n, tf.int64), 256 ** (size - 1 - n))
        total += tf.where(inside, tf.cast(byte, tf.int64), 0) * weight
    return total


def checked(condition: Any, message: str, value: Any) -> Any:
    """Returns a tensor that is refused with a message, when run, where a condition does not hold.

    Args:
        condition: a scalar.
        message: what is wrong and what to do.
        value: the tensor.
    """
    with tf.control_dependencies([tf.debugging.Assert(condition, [message])]):
        return tf.identity(value)
