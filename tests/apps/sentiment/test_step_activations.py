"""What flows in the quantised one-step form is what was asked for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from apps.sentiment.application import APPLICATION
from common.bundle import artefact_path, open_bundle
from common.classification import fitting
from common.classification.artefacts import ModelScorer
from common.classification.calibration import Calibrator
from common.classification.export import smallest_file
from common.micro.operators import missing_operators
from common.progress import Progress
from tests.apps.sentiment.conftest import Trained


@pytest.mark.parametrize(
    "chosen, flows, farthest",
    [("auto", np.int8, 0.05), ("int8", np.int8, 0.05), ("int16", np.int16, 0.01)],
)
def test_activations(trained: Trained, chosen: Any, flows: type, farthest: float) -> None:
    bundle = open_bundle(trained.bundle, "sentiment")
    APPLICATION.import_layers()
    path = artefact_path(bundle.path, "keras")
    network = keras.saving.load_model(path, compile=False)
    front_end = bundle.front_end(APPLICATION)
    texts = [
        line.split("\t")[0] for line in (trained.data / "train.tsv").read_text().split("\n")[1:60]
    ]
    calibrator = Calibrator(APPLICATION, network, front_end, bundle.labels, texts, Progress(True))
    settings = replace(APPLICATION.settings(), step_activations=chosen)
    content, _ = smallest_file(APPLICATION, network, calibrator, settings)

    # A table with 16 bits could not be looked up on a microcontroller.
    assert not missing_operators(content)
    interpreter = Interpreter(model_content=content)
    interpreter.allocate_tensors()
    types = {t["index"]: t["dtype"] for t in interpreter.get_tensor_details()}
    operands: dict[str, list[Any]] = {"FULLY_CONNECTED": [], "GATHER": []}
    for details in interpreter._get_ops_details():
        if details["op_name"] in operands:
            operands[details["op_name"]].append([types[i] for i in details["inputs"][:2]])
    assert operands["FULLY_CONNECTED"] == [[flows, np.int8]] * 2
    assert operands["GATHER"] == [[np.int8, np.int32]]
    off = calibrator.open_step(content).score_all(texts) - ModelScorer(
        network, bundle.labels, front_end
    ).score_all(texts)
    assert np.abs(off).max() < farthest


def test_a_checkpoint_does_not_depend_on_it(
    trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    identities = []

    def stop(*arguments: Any, identity: Any, **options: Any) -> None:
        identities.append(identity)

    monkeypatch.setattr(fitting, "train", stop)
    options = {o.name: o.default for o in APPLICATION.data_options}
    data = APPLICATION.load_data(str(trained.data), None, None, options)
    for change in ({}, {"step_activations": "int16"}, {"units": 7}):
        settings = APPLICATION.settle(replace(APPLICATION.settings(), **change), data)
        front_end = APPLICATION.make_front_end(data, settings)
        fitting.fit(APPLICATION, data, front_end, settings, tmp_path, None, False, Progress(True))
    usual, other_bits, other_size = identities
    assert usual == other_bits != other_size
