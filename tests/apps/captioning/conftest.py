"""A small captioner, trained once for all tests with the command that users give."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import Result

from tests.apps.captioning.command import run
from tests.apps.captioning.drawings import Drawing, drawings, write

SIZES = {"train": 256, "dev": 32, "test": 64}
SIZE, MAX_TOKENS = 32, 12
# Enough for these pictures to be learned, so that no artefact is in doubt.
SETTINGS = (
    *("--encoder", "small", "--size", SIZE, "--augment", "none", "--dropout", 0),
    *("--epochs", 15, "--patience", 15, "--units", 32, "--embedding", 32, "--beam", 2),
    *("--batch-tokens", 128, "--learning-rate", 0.003, "--warm-up", 20, "--averaging", 0.8),
    *("--label-smoothing", 0, "--vocabulary-size", 200, "--max-tokens", MAX_TOKENS),
)


@dataclass(frozen=True)
class Trained:
    """What training left.

    Attributes:
        data: folder of the data.
        drawings: what is in it.
        bundle: folder of the bundle; tests leave it as it is.
        result: of the command.
    """

    data: Path
    drawings: dict[str, list[Drawing]]
    bundle: Path
    result: Result

    def path(self, drawing: Drawing) -> Path:
        """Returns the file of a drawing."""
        return self.data / "images" / drawing.name


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    folder = tmp_path_factory.mktemp("captioning")
    data, bundle, made = folder / "data", folder / "exported" / "small", drawings(SIZES)
    write(data, made)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("common.latency._SECONDS", 0.02)
        result = run("train", "--data", data, "--output", bundle, *SETTINGS, "--json")
    assert result.exit_code == 0, result.output
    return Trained(data, made, bundle, result)
