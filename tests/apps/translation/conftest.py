"""A small translator, trained once for all tests with the command that users give."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import Result

from tests.apps.translation.command import run
from tests.apps.translation.sentences import pairs, table

SIZES = {"train": 240, "dev": 40, "test": 60}
MAX_PIECES = 24
# Enough for these sentences to be learned, so that no artefact is in doubt.
SETTINGS = (
    *("--epochs", 12, "--units", 32, "--embedding", 32, "--encoder-depth", 1, "--dropout", 0),
    *("--batch-tokens", 256, "--learning-rate", 0.02, "--warm-up", 10, "--averaging", 0.8),
    *("--label-smoothing", 0, "--vocabulary-size", 300, "--max-pieces", MAX_PIECES, "--beam", 2),
)


@dataclass(frozen=True)
class Trained:
    """What training left.

    Attributes:
        data: folder of the data.
        bundle: folder of the bundle; tests leave it as it is.
        result: of the command.
    """

    data: Path
    bundle: Path
    result: Result


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    folder = tmp_path_factory.mktemp("translation")
    data, bundle = folder / "data", folder / "exported" / "small"
    data.mkdir()
    for split, some in pairs(SIZES).items():
        (data / f"{split}.tsv").write_text(table(some), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("common.latency._SECONDS", 0.02)
        result = run("train", "--data", data, "--output", bundle, *SETTINGS, "--json")
    assert result.exit_code == 0, result.output
    return Trained(data, bundle, result)
