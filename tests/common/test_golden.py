"""Golden examples come back as they were written, and what is damaged is named."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from common.errors import UserError
from common.golden import FILE, read_examples, write_examples


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    write_examples(tmp_path, raw=np.array(["a", "ñ"]), scores=np.eye(2, dtype=np.float32))
    return tmp_path


def test_there_and_back(bundle: Path) -> None:
    found = read_examples(bundle)
    assert found["raw"].tolist() == ["a", "ñ"]
    assert found["scores"].dtype == np.float32 and found["scores"].tolist() == [[1, 0], [0, 1]]


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=rf"{FILE}: no such file; train"):
        read_examples(tmp_path)


@pytest.mark.parametrize("left", [0, 1, 100, -1])
def test_what_is_damaged_is_named(bundle: Path, left: int) -> None:
    path = bundle / FILE
    path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(UserError, match=rf"{FILE}: cannot be read, so the bundle is damaged"):
        read_examples(bundle)


def test_pickles_are_not_opened(bundle: Path) -> None:
    np.savez(bundle / FILE, raw=np.array([{}], object))
    with pytest.raises(UserError, match="damaged"):
        read_examples(bundle)
