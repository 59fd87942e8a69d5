"""Features on disk: computed once, found by contents, gone on with after an interrupt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from apps.captioning import features
from apps.captioning.encoder import PictureEncoder
from apps.captioning.features import cached_features
from common.errors import UserError
from common.image.picture import Picture
from common.image.reading import read_pictures
from common.progress import Progress
from tests.apps.captioning.tiny import SIZE, encoder, noise, pictures

COUNT = 7


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many pictures were read for a backbone, each time; batches hold three."""
    counts: list[int] = []

    def counting(some: Sequence[Picture], size: int) -> Any:
        counts.append(len(some))
        return read_pictures(some, size)

    monkeypatch.setattr(features, "read_pictures", counting)
    monkeypatch.setattr(features, "_BATCH", 3)
    return counts


def cached(folder: Path, some: Sequence[Picture], made: PictureEncoder | None = None) -> Any:
    return cached_features(made or encoder(), some, SIZE, folder, Progress(quiet=True))


def test_features_are_those_of_the_backbone_in_half_precision(
    tmp_path: Path, computed: list[int]
) -> None:
    found = cached(tmp_path / "new" / "folder", pictures(COUNT))
    assert computed == [COUNT]
    expected = encoder().features(noise(COUNT)).numpy()
    assert {(one.shape, str(one.dtype)) for one in found} == {((4, 4, 6), "float16")}
    # The convolutions of a batch add in another order; half precision has 11 bits.
    np.testing.assert_allclose(np.array(found), expected, rtol=2**-10, atol=1e-3)
    assert np.abs(expected).max() > 0.1


def test_they_are_computed_once(tmp_path: Path, computed: list[int]) -> None:
    first = np.array(cached(tmp_path, pictures(COUNT)))
    again = np.array(cached(tmp_path, pictures(COUNT)))
    assert sum(computed) == COUNT
    np.testing.assert_array_equal(first, again)
    # Contents count, not names.
    renamed = [Picture(f"other-{one.name}", one.read()) for one in pictures(COUNT)]
    cached(tmp_path, renamed)
    assert sum(computed) == COUNT
    assert [path.suffix for path in tmp_path.iterdir()] == [".npy"]


def _other_weights() -> PictureEncoder:
    return encoder(seed=1)


def _other_name() -> PictureEncoder:
    made = encoder()
    made.kind = "MobileNetV2"
    return made


@pytest.mark.parametrize("other", [_other_weights, _other_name])
def test_another_backbone_has_its_own(
    tmp_path: Path, computed: list[int], other: Callable[[], PictureEncoder]
) -> None:
    first = cached(tmp_path, pictures(COUNT))
    second = cached(tmp_path, pictures(COUNT), other())
    assert sum(computed) == 2 * COUNT
    assert len(list(tmp_path.iterdir())) == 2
    assert np.array_equal(first, second) is (other is _other_name)


def test_what_is_behind_the_backbone_does_not_matter(tmp_path: Path, computed: list[int]) -> None:
    made = encoder()
    cached(tmp_path, pictures(COUNT), made)
    made.join.kernel.assign(made.join.kernel * 2)
    cached(tmp_path, pictures(COUNT), made)
    assert sum(computed) == COUNT


def test_other_pictures_have_their_own(tmp_path: Path, computed: list[int]) -> None:
    some = pictures(COUNT)
    first = np.array(cached(tmp_path, some))
    turned = np.array(cached(tmp_path, some[::-1]))
    np.testing.assert_allclose(turned, first[::-1], rtol=2**-9, atol=1e-3)
    cached(tmp_path, some[:-1])
    assert sum(computed) == 3 * COUNT - 1
    assert len(list(tmp_path.iterdir())) == 3


def test_an_interrupted_computation_goes_on(
    tmp_path: Path, computed: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = np.array(cached(tmp_path / "whole", pictures(COUNT)))
    computed.clear()

    def interrupted(some: Sequence[Picture], size: int) -> Any:
        yield from list(read_pictures(some, size))[:5]
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(features, "read_pictures", interrupted)
        cached(tmp_path / "halves", pictures(COUNT))
    again = np.array(cached(tmp_path / "halves", pictures(COUNT)))
    assert computed == [COUNT - 3]  # one batch was whole
    np.testing.assert_allclose(again, whole, rtol=2**-9, atol=1e-3)
    assert [path.suffix for path in (tmp_path / "halves").iterdir()] == [".npy"]


def test_a_picture_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    torn = Picture("torn.png", b"no picture at all")
    with pytest.raises(UserError, match=r"torn\.png"):
        cached(tmp_path, [*pictures(2), torn])


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UserError, match="--features"):
        cached(tmp_path / "file", pictures(2))
