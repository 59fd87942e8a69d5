"""Every SavedModel in TensorFlow's C++ loader, as TF Serving loads it, without any Python of it."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from common.bundle import artefact_path
from tests.clients import server_card
from tests.clients.agreement import Agreement
from tests.clients.answers import difference, greedily
from tests.clients.asked import Asked, apps, ask_about
from tests.clients.conftest import Bundles
from tests.clients.other_process import OtherError, OtherProcess

CLIENT = f"TensorFlow {importlib.metadata.version('tensorflow')} C API"


class Loader:
    """TensorFlow's shared libraries in a process of their own."""

    def __init__(self) -> None:
        found = importlib.util.find_spec("tensorflow")
        assert found and found.origin
        self._libraries = str(Path(found.origin).parent)
        script = Path(__file__).with_name("answering_tensorflow.py")
        quiet = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
        self._process = OtherProcess([sys.executable, str(script)], quiet)
        self.close = self._process.close

    def run(
        self, path: Path, signature: str, inputs: Mapping[str, NDArray[Any]]
    ) -> dict[str, NDArray[Any]]:
        """Returns the outputs of a signature by name.

        Raises:
            OtherError: the loader or the run fails.
        """
        definition = signatures(path)[signature]
        given = {definition.inputs[name].name: value for name, value in inputs.items()}
        names = [info.name for info in definition.outputs.values()]
        values = self._process.ask(self._libraries, str(path), given, names)
        return dict(zip(definition.outputs, values, strict=True))


def signatures(path: Path) -> Any:
    """Returns the signatures that the file of a SavedModel lists, TensorFlow's own one excepted."""
    from tensorflow.core.protobuf import saved_model_pb2

    content = (path / "saved_model.pb").read_bytes()
    (graph,) = saved_model_pb2.SavedModel.FromString(content).meta_graphs
    return {n: s for n, s in graph.signature_def.items() if not n.startswith("__")}


@pytest.fixture(scope="module")
def loader() -> Iterator[Loader]:
    started = Loader()
    yield started
    started.close()


def expected(trained: Bundles, app: str, raw: Sequence[str], beam: bool) -> Asked:
    """Returns what Keras answers."""
    if app in ("sentiment", "voice") or beam:
        return ask_about(app, trained.path(app), tuple(raw))
    return greedily(app, trained.path(app), tuple(raw), "keras")


def first(asked: Asked, count: int) -> Asked:
    return Asked(asked.raw[:count], asked.answers[:count], asked.scores[:count])


@pytest.mark.parametrize("app", apps())
def test_every_signature(loader: Loader, trained: Bundles, agreement: Agreement, app: str) -> None:
    bundle, raw = trained.path(app), trained.asked(app).raw
    path = artefact_path(bundle, "saved_model")
    keras = {beam: expected(trained, app, raw, beam) for beam in (False, True)}
    called = {request.signature for request in server_card.requests(app, bundle, raw[:1])}
    assert called == signatures(path).keys()
    apart = 0.0
    for count in (1, 3, len(raw)):
        for request in server_card.requests(app, bundle, raw[:count]):
            outputs = loader.run(path, request.signature, request.inputs)
            found = server_card.answers(app, bundle, outputs)
            apart = max(apart, difference(found, first(keras[request.beam], count)))
    assert apart <= 1e-4
    remark = f"{len(raw)} inputs in batches of 1, 3, {len(raw)}, {', '.join(sorted(called))}"
    agreement.agrees(app, "saved_model", CLIENT, f"{remark}: {apart:.0e} at most")


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_pictures_that_the_graph_resizes(
    loader: Loader, trained: Bundles, agreement: Agreement, tmp_path: Path, form: str
) -> None:
    bundle, raw = trained.path("captioning"), []
    for number, name in enumerate(trained.asked("captioning").raw[:4]):
        path = tmp_path / f"{number}.{form.lower()}"
        with Image.open(name) as image:
            image.resize((150 + 40 * number, 120 + 30 * number)).save(path, form, quality=90)
        raw.append(str(path))
    path = artefact_path(bundle, "saved_model")
    for request in server_card.requests("captioning", bundle, raw):
        if request.signature != "tensors":
            outputs = loader.run(path, request.signature, request.inputs)
            found = server_card.answers("captioning", bundle, outputs)
            keras = expected(trained, "captioning", raw, request.beam)
            assert difference(found, keras) <= 1e-4
    remark = f"{len(raw)} {form} files of other sizes"
    agreement.agrees("captioning", "saved_model", CLIENT, remark)


@pytest.mark.parametrize("app", apps())
def test_warm_up_requests_are_answered_as_by_keras(
    loader: Loader, trained: Bundles, tmp_path: Path, app: str
) -> None:
    from common.export.saved_model import read_warmup

    bundle = trained.path(app)
    path = artefact_path(bundle, "saved_model")
    requests = read_warmup(path)
    assert {signature for signature, _ in requests} == signatures(path).keys()
    batches = [next(iter(given.values())) for name, given in requests if name == "serving_default"]
    sent = max(batches, key=len)
    assert all(np.array_equal(batch, sent[: len(batch)]) for batch in batches)
    raw = [_as_raw(app, one, tmp_path) for one in sent]
    keras = {beam: expected(trained, app, raw, beam) for beam in (False, True)}
    for signature, inputs in requests:
        outputs = loader.run(path, signature, inputs)
        found = server_card.answers(app, bundle, outputs)
        beam = signature in ("serving_default", "attention")
        assert difference(found, first(keras[beam], len(found))) <= 1e-4


def _as_raw(app: str, sent: bytes, folder: Path) -> str:
    if app in ("sentiment", "translation"):
        return sent.decode()
    path = folder / f"{len([*folder.iterdir()])}.{'wav' if app == 'voice' else 'png'}"
    path.write_bytes(sent)
    return str(path)


@pytest.mark.parametrize("app", apps())
def test_answers_to_other_inputs_are_found_out(loader: Loader, trained: Bundles, app: str) -> None:
    bundle, asked = trained.path(app), trained.asked(app)
    path = artefact_path(bundle, "saved_model")
    request = server_card.requests(app, bundle, [*asked.raw[1:], asked.raw[0]])[0]
    outputs = loader.run(path, request.signature, request.inputs)
    assert difference(server_card.answers(app, bundle, outputs), asked) > 1e-2


def test_what_the_loader_refuses(loader: Loader, trained: Bundles, tmp_path: Path) -> None:
    whole = artefact_path(trained.path("sentiment"), "saved_model")
    copy = Path(shutil.copytree(whole, tmp_path / "1"))
    ids = {"ids": np.array([[4, 17, 2]], np.int32)}
    assert loader.run(copy, "ids", ids)["scores"].shape == (1, 2)
    bare = Path(shutil.copytree(whole, tmp_path / "2"))
    shutil.rmtree(bare / "variables")
    with pytest.raises(OtherError, match="variable"):
        loader.run(bare, "ids", ids)
    with pytest.raises(OtherError, match="int32"):
        loader.run(copy, "ids", {"ids": np.array([[4.0]], np.float32)})
