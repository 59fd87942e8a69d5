"""The folder that training leaves: its files, its rows, its card, its examples."""

from __future__ import annotations

import json
import re

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from common.bundle import ARTEFACTS, TFLITE_ARTEFACTS, artefact_path
from tests.apps.sentiment.artefacts import ROW_KEYS, scores_of
from tests.apps.sentiment.command import content, rows
from tests.apps.sentiment.conftest import SIZES, Trained


def test_layout(trained: Trained) -> None:
    files = {name for name, bytes_ in content(trained.bundle).items() if bytes_ is not None}
    saved_model = {name for name in files if name.startswith("saved_model/")}
    assert {
        "saved_model/1/saved_model.pb",
        "saved_model/1/variables/variables.index",
        "saved_model/1/assets.extra/tf_serving_warmup_requests",
    } <= saved_model
    assert all(name.startswith("saved_model/1/") for name in saved_model)
    plots = {name for name in files if re.fullmatch(r"plots/\w+\.png", name)}
    logs = {name for name in files if name.startswith("logs/")}
    assert plots
    assert any("events.out.tfevents" in name for name in logs)
    assert files - saved_model - plots - logs == {
        *("README.md", "metrics.json", "config.json", "files.json", "model.keras"),
        *("labels.txt", "vocab.txt", "golden/examples.npz"),
        *(f"tflite/{artefact}.tflite" for artefact in TFLITE_ARTEFACTS),
    }
    assert (trained.bundle / "labels.txt").read_text() == "negative\npositive\n"
    assert (trained.bundle / "vocab.txt").read_text().startswith("<PAD> 0\n<UNKNOWN> 1\n")
    assert set(json.loads((trained.bundle / "files.json").read_text())) == files


def test_training_leaves_nothing_beside_the_bundle(trained: Trained) -> None:
    assert list(trained.bundle.parent.iterdir()) == [trained.bundle]
    assert trained.bundle.stat().st_mode & 0o777 == 0o755


def test_training_says_how_the_int8_artefacts_were_calibrated(trained: Trained) -> None:
    for artefact in ("int8", "step_int8"):
        (line,) = (x for x in trained.result.stderr.splitlines() if x.startswith(f"{artefact}: "))
        assert re.search(r"calibrated on .* of 300 others \d+\.\d\d% get equal answers", line)


def test_a_row_for_every_artefact(trained: Trained) -> None:
    metrics = json.loads((trained.bundle / "metrics.json").read_text())
    found = metrics["rows"]
    assert [row["artefact"] for row in found] == list(ARTEFACTS)
    for row in found:
        assert list(row) == ROW_KEYS
        assert (row["app"], row["split"], row["examples"]) == ("sentiment", "test", SIZES["test"])
        assert row["data"] == str(trained.data)
        assert 0.9 < row["metrics"]["accuracy"] <= 1
        assert 0.9 < row["metrics"]["f1"] <= 1
        assert 0 <= row["max_abs_diff"] < 0.2
        assert 0.98 <= row["equal_answers"] <= 1
        assert row["latency_ms"] > 0
        path = artefact_path(trained.bundle, row["artefact"])
        files = [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file()]
        assert row["bytes"] == sum(p.stat().st_size for p in files)
    # What is answered on standard output is what was written, and nothing else.
    assert rows(trained.result.stdout) == found


def test_model_card(trained: Trained) -> None:
    card = (trained.bundle / "README.md").read_text()
    metrics = json.loads((trained.bundle / "metrics.json").read_text())
    for row in metrics["rows"]:
        (line,) = (line for line in card.splitlines() if line.startswith(f"| {row['artefact']} |"))
        assert f"{row['metrics']['accuracy']:.4f}" in line
        assert f"{row['bytes']:,}" in line
    pictures = re.findall(r"!\[[^]]+\]\(([^)]+)\)", card)
    assert len(pictures) >= 2
    for picture in pictures:
        assert (trained.bundle / picture).read_bytes().startswith(b"\x89PNG\r\n")
    assert len(pictures) == len(list((trained.bundle / "plots").iterdir()))
    assert "600 train, 100 dev, 100 test" in card
    assert str(trained.bundle) not in card  # it may be moved


def test_golden_examples(trained: Trained) -> None:
    golden = np.load(trained.bundle / "golden" / "examples.npz")
    interpreter = Interpreter(str(artefact_path(trained.bundle, "float32")))
    runner = interpreter.get_signature_runner("classify")
    assert len(golden["raw"]) == len(golden["inputs"]) == len(golden["scores"]) == 16
    for ids, expected in zip(golden["inputs"], golden["scores"], strict=True):
        found = runner(ids=ids[np.newaxis])["scores"][0]
        np.testing.assert_allclose(found, expected, atol=1e-4)
    assert np.ptp(golden["scores"][:, 0]) > 0.5
    # From the text as well, for ports that have a tokenizer to check.
    found = scores_of(trained.bundle, "float32", golden["raw"].tolist())
    np.testing.assert_allclose(found, golden["scores"], atol=1e-4)
