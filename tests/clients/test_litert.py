"""LiteRT on this machine, driven as the model cards say: every file, every signature."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ai_edge_litert.interpreter import Interpreter

from tests.clients import card
from tests.clients.agreement import Agreement
from tests.clients.answers import AS_KERAS, Answer, difference, expected
from tests.clients.asked import apps
from tests.clients.conftest import Bundles
from tests.clients.litert import Compiled
from tests.clients.spoiling import without_weights

VERSION = importlib.metadata.version("ai-edge-litert")


def interpreter(path: Path) -> Any:
    return Interpreter(model_path=str(path), num_threads=1)


RUNTIMES: dict[str, Callable[[Path], Any]] = {
    "Interpreter": interpreter,
    "CompiledModel": Compiled,
}


def largest_difference(
    trained: Bundles, app: str, artefact: str, found: dict[str, list[Answer]]
) -> float:
    """Returns the largest difference of all signatures of a file."""
    return max(
        difference(some, expected(trained, app, artefact, signature))
        for signature, some in found.items()
    )


@pytest.mark.parametrize("runtime", RUNTIMES)
@pytest.mark.parametrize("app", apps())
def test_every_file(trained: Bundles, agreement: Agreement, app: str, runtime: str) -> None:
    raw = trained.asked(app).raw
    files = sorted((trained.path(app) / "tflite").glob("*.tflite"))
    assert files
    for path in files:
        found = card.answers(app, path, RUNTIMES[runtime](path), raw)
        apart = largest_difference(trained, app, path.stem, found)
        assert apart <= (1e-4 if path.stem in AS_KERAS else 1e-6), path.name
        remark = f"{len(raw)} inputs, {', '.join(sorted(found))}: {apart:.0e} at most"
        agreement.agrees(app, path.stem, f"LiteRT {runtime} {VERSION}", remark)


@pytest.mark.parametrize("runtime", RUNTIMES)
@pytest.mark.parametrize("app", apps())
def test_a_spoiled_file_is_found_out(
    trained: Bundles, tmp_path: Path, app: str, runtime: str
) -> None:
    path = tmp_path / "spoiled.tflite"
    whole = trained.path(app) / "tflite" / "float32.tflite"
    path.write_bytes(without_weights(whole.read_bytes()))
    found = card.answers(app, path, RUNTIMES[runtime](path), trained.asked(app).raw)
    for signature, some in found.items():
        assert difference(some, expected(trained, app, "float32", signature)) > 1e-2
