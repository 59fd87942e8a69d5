"""LiteRT on the processor of telephones and boards, emulated: what it finds is what this one finds.

The same wheel, the same files and the same clients by model card, on aarch64 and on this machine.
"""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterator
from pathlib import Path

import pytest
from ai_edge_litert.interpreter import Interpreter

from tests.clients import aarch64, card
from tests.clients.agreement import Agreement
from tests.clients.answers import Answer, difference, same_sentences
from tests.clients.asked import Asked, apps
from tests.clients.conftest import Bundles
from tests.clients.litert import Remote
from tests.clients.other_process import OtherError, OtherProcess
from tests.clients.spoiling import without_weights

CLIENT = (
    f"LiteRT Interpreter {importlib.metadata.version('ai-edge-litert')}, aarch64 (QEMU, Cortex-A76)"
)
# Scores in 8 bits may be one step apart. In dynamic.tflite values are rounded to 8 bits on the way,
# not always alike on two processors; of two sentences as good as each other either may be found.
ALLOWED = {"int8": 1 / 256 + 1e-6, "step_int8": 1 / 256 + 1e-6, "dynamic": 1e-2}


@pytest.fixture(scope="module")
def machine() -> Iterator[OtherProcess]:
    try:
        process = aarch64.start()
    except aarch64.UnavailableError as reason:
        pytest.skip(str(reason))
    assert process.ask("machine") == "aarch64"
    yield process
    process.close()


def here(app: str, path: Path, raw: tuple[str, ...]) -> dict[str, Asked]:
    """Returns the answers of this machine."""
    interpreter = Interpreter(model_path=str(path), num_threads=1)
    found = card.answers(app, path, interpreter, raw)
    return {signature: as_asked(raw, some) for signature, some in found.items()}


def as_asked(raw: tuple[str, ...], answers: list[Answer]) -> Asked:
    scores = tuple(0.0 if answer.scores is None else answer.scores for answer in answers)
    return Asked(raw, tuple(answer.text for answer in answers), scores)


def asked(trained: Bundles, app: str) -> tuple[str, ...]:
    """Returns as many inputs as emulation answers in seconds."""
    raw = trained.asked(app).raw
    return raw if isinstance(trained.asked(app).scores[0], dict) else raw[:1]


@pytest.mark.parametrize("app", apps())
def test_every_file(
    machine: OtherProcess, trained: Bundles, agreement: Agreement, app: str
) -> None:
    raw = asked(trained, app)
    generates = not isinstance(trained.asked(app).scores[0], dict)
    files = sorted((trained.path(app) / "tflite").glob("*.tflite"))
    assert files
    for path in files:
        found = card.answers(app, path, Remote(machine, path), raw)
        expected = here(app, path, raw)
        assert found.keys() == expected.keys()
        same_text = path.stem != "dynamic"
        apart = max(difference(found[way], expected[way], same_text) for way in found)
        assert apart <= ALLOWED.get(path.stem, 1e-5), path.name
        ways = ", ".join(sorted(found))
        remark = f"with x86-64, {len(raw)} inputs, {ways}: {apart:.0e} at most"
        others = sum(same_sentences(found[way], expected[way])[2] for way in found)
        if generates and others:
            remark = f"another sentence {others} times, about as likely, of {remark}"
            agreement.differs(app, path.stem, CLIENT, remark)
        else:
            agreement.agrees(app, path.stem, CLIENT, remark)


@pytest.mark.parametrize("app", apps())
def test_a_spoiled_file_is_found_out(
    machine: OtherProcess, trained: Bundles, tmp_path: Path, app: str
) -> None:
    whole, path = trained.path(app) / "tflite" / "dynamic.tflite", tmp_path / "spoiled.tflite"
    path.write_bytes(without_weights(whole.read_bytes()))
    raw = asked(trained, app)[:2]
    found = card.answers(app, path, Remote(machine, path), raw)
    for way, expected in here(app, whole, raw).items():
        assert difference(found[way], expected) > 10 * ALLOWED["dynamic"]


def test_an_error_there_is_an_error_here(machine: OtherProcess, tmp_path: Path) -> None:
    with pytest.raises(OtherError, match="nothing"):
        Remote(machine, tmp_path / "nothing.tflite").get_signature_list()
