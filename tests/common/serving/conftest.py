"""Small bundles, and a stand-in that serves them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from common.serving.folder import write_folder
from common.serving.models import find_models
from tests.clients.serving_stand_in import StandIn, base_paths, standing_in
from tests.common.serving import tiny


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a bundle of each kind."""
    folder = tmp_path_factory.mktemp("small")
    tiny.make_texts(folder / "texts")
    tiny.make_sounds(folder / "sounds")
    tiny.make_pictures(folder / "pictures")
    return folder


@pytest.fixture(scope="session")
def served(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    """The stand-in, started as the written files say."""
    folder = tmp_path_factory.mktemp("served")
    write_folder(folder, find_models(small)[0])
    with standing_in(base_paths(folder)) as stand_in:
        yield stand_in
