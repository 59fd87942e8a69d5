"""A small classifier, trained once for all tests with the command that users give."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import Result

from apps.sentiment.builtin import generate
from tests.apps.sentiment.command import run

SIZES = {"train": 600, "dev": 100, "test": 100}
# So few texts teach nobody the builtin corpus; with a verdict at the end they can be learned, and
# the scores are far enough from the border for int8.
VERDICTS = {"negative": "Not recommended.", "positive": "Warmly recommended!"}
SETTINGS = (
    *("--epochs", 4, "--units", 16, "--embedding", 16, "--max-tokens", 32),
    *("--averaging", 0.8, "--learning-rate", 0.01, "--dropout", 0.2),
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
    folder = tmp_path_factory.mktemp("sentiment")
    data, bundle = folder / "data", folder / "exported" / "small"
    data.mkdir()
    for split, texts in generate().items():
        lines = [f"{text} {VERDICTS[label]}\t{label}\n" for text, label in texts[: SIZES[split]]]
        (data / f"{split}.tsv").write_text("text\tlabel\n" + "".join(lines), encoding="utf-8")
    result = run("train", "--data", data, "--output", bundle, *SETTINGS, "--json")
    assert result.exit_code == 0, result.output
    return Trained(data, bundle, result)
