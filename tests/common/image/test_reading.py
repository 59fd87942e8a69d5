"""Many pictures: in order, resized, and an error is one picture's alone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from common.errors import UserError
from common.image.decoding import decode
from common.image.picture import Picture
from common.image.reading import read_pictures
from common.image.resizing import resize
from tests.common.image.pictures import encoded, noise


def test_in_order_and_as_one_by_one() -> None:
    some = [
        Picture(f"{n}", encoded(noise(n % 9 + 1, n % 5 + 1, seed=n), "PNG")) for n in range(200)
    ]
    found = list(read_pictures(some, 12))
    assert len(found) == 200
    for one, result in zip(some, found, strict=True):
        np.testing.assert_array_equal(result, resize(decode(one), 12))


def test_one_that_cannot_be_used_stops_nothing() -> None:
    good = encoded(noise(3, 4), "PNG")
    found = list(read_pictures([Picture("a", good), Picture("b", b"no"), Picture("c", good)], 5))
    assert isinstance(found[1], UserError)
    assert str(found[1]).startswith("b: ")
    np.testing.assert_array_equal(found[0], found[2])


def test_pictures_are_not_all_read_at_once() -> None:
    taken: list[int] = []

    def pictures() -> Iterator[Picture]:
        for n in range(10_000):
            taken.append(n)
            yield Picture(str(n), encoded(noise(2, 2), "PNG"))

    results = read_pictures(pictures(), 2)
    next(results)
    assert len(taken) < 1000
    assert not list(read_pictures([], 2))
