"""The folder that training leaves: its files, its rows, its card, its examples."""

from __future__ import annotations

import io
import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.apps.captioning.artefacts import EVERY, GREEDY_ONLY, front_end
from tests.apps.captioning.command import content, rows, run
from tests.apps.captioning.conftest import SIZE, SIZES, Trained
from tests.apps.captioning.drawings import KINDS

FRONT_END = {"vocab.txt", "front_end.json"}
ROW_KEYS = [
    *("app", "artefact", "search", "data", "split", "examples", "metrics", "bytes"),
    *("latency_ms", "sentences_per_second", "max_abs_diff", "equal_answers"),
]
METRICS = ["bleu1", "bleu2", "bleu3", "bleu4", "chrf", "distinct", "novel"]


def test_layout(trained: Trained) -> None:
    files = {name for name, bytes_ in content(trained.bundle).items() if bytes_ is not None}
    saved_model = {name for name in files if name.startswith("saved_model/1/")}
    assert {
        "saved_model/1/saved_model.pb",
        "saved_model/1/variables/variables.index",
        "saved_model/1/assets.extra/tf_serving_warmup_requests",
    } <= saved_model
    logs = {name for name in files if name.startswith("logs/")}
    assert any("events.out.tfevents" in name for name in logs)
    plots = ("contact_sheet", "attention_1", "attention_2", "learning_curve")
    assert files - saved_model - logs == {
        *("README.md", "metrics.json", "config.json", "files.json", "model.keras"),
        *(f"tflite/{name}.tflite" for name in ("float32", "float16", "dynamic", "int8")),
        *(f"plots/{name}.png" for name in plots),
        "golden/examples.npz",
        *FRONT_END,
    }
    assert set(json.loads((trained.bundle / "files.json").read_text())) == files
    pieces = (trained.bundle / "vocab.txt").read_text(encoding="utf-8")
    assert pieces.startswith("<PAD>\n<UNKNOWN>\n<START>\n<END>\n⇧\n▁\n")


def test_training_leaves_nothing_beside_the_bundle(trained: Trained) -> None:
    assert list(trained.bundle.parent.iterdir()) == [trained.bundle]
    assert trained.bundle.stat().st_mode & 0o777 == 0o755


def test_a_row_for_every_artefact_and_search(trained: Trained) -> None:
    found = json.loads((trained.bundle / "metrics.json").read_text())["rows"]
    assert [(row["artefact"], row["search"]) for row in found] == [
        (artefact, search)
        for artefact in EVERY
        for search in ("greedy", "beam")
        if search == "greedy" or artefact not in GREEDY_ONLY
    ]
    for row in found:
        assert [key for key in row if key != "encode_ms"] == ROW_KEYS
        assert ("encode_ms" in row) == (row["artefact"] == "step")
        assert (row["app"], row["split"], row["examples"]) == ("captioning", "test", SIZES["test"])
        assert row["data"] == str(trained.data)
        assert list(row["metrics"]) == METRICS
        assert 95 < row["metrics"]["bleu4"] < 100.01 and 95 < row["metrics"]["chrf"] < 100.01
        assert 0 <= row["max_abs_diff"] < 0.1 and 0.95 <= row["equal_answers"] <= 1
        assert row["latency_ms"] > 0 and row["sentences_per_second"] > 0
    first = found[0]["metrics"]
    # One caption for each kind of picture, all of them learned.
    assert first["distinct"] == pytest.approx(len(KINDS) / SIZES["test"])
    assert first["novel"] == 0
    # What is answered on standard output is what was written, and nothing else.
    assert rows(trained.result.stdout) == found


def test_model_card(trained: Trained) -> None:
    card = (trained.bundle / "README.md").read_text(encoding="utf-8")
    metrics = json.loads((trained.bundle / "metrics.json").read_text())
    for row in metrics["rows"]:
        start = f"| {row['artefact']} | {row['search']} |"
        (line,) = (line for line in card.splitlines() if line.startswith(start))
        assert f" {row['metrics']['bleu4']:.2f} " in line and f" {row['bytes']:,} " in line
    for signature in metrics["signatures"].values():
        assert f"`{signature}`" in card
    baseline = metrics["baseline"]
    assert f"most alike at 16 x 16 pixels: BLEU-1 {baseline['metrics']['bleu1']:.2f}" in card
    for part in ("256 train", "32 dev", "64 test", f"stretched to {SIZE} x {SIZE}"):
        assert part in card
    assert str(trained.bundle) not in card  # it may be moved
    assert "{size}" not in card and "{tokens}" not in card


def test_pictures_of_the_card(trained: Trained) -> None:
    card = (trained.bundle / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"!\[[^]]+\]\(([^)]+)\)", card)
    assert {f"plots/{path.name}" for path in (trained.bundle / "plots").iterdir()} == {*named}
    for name in named:
        with Image.open(trained.bundle / name) as image:
            colours = np.asarray(image.convert("RGB")).reshape(-1, 3)
        assert len(np.unique(colours, axis=0)) > 50, name


def test_golden_examples(trained: Trained) -> None:
    with np.load(trained.bundle / "golden" / "examples.npz") as golden:
        raw, text, scores = golden["raw"].tolist(), golden["text"].tolist(), golden["scores"]
        inputs, ids = golden["inputs"], golden["ids"]
    arguments = ("predict", "--bundle", trained.bundle, "--artefact", "step", "--json")
    found = rows(run(*arguments, "--", *raw).stdout)
    assert [row["answer"] for row in found] == text
    np.testing.assert_allclose([row["score"] for row in found], scores, rtol=1e-4)
    assert len(set(text)) == len(raw) == 16
    # Who ports it need not have the files, nor decode them first.
    assert (inputs.shape, inputs.dtype) == ((16, SIZE, SIZE, 3), np.uint8)
    vocabulary = front_end(trained.bundle).vocabulary
    assert [vocabulary.decode(row[row > 0].tolist()) for row in ids] == text
    for pixels, answer in zip(inputs, text, strict=True):
        png = io.BytesIO()
        Image.fromarray(pixels).save(png, "PNG")
        file = trained.bundle.parent.parent / "seen.png"
        file.write_bytes(png.getvalue())
        (row,) = rows(run(*arguments, file).stdout)
        assert row["answer"] == answer


def test_a_moved_bundle_still_works(trained: Trained, tmp_path: Path) -> None:
    moved = tmp_path / "mis imágenes" / "año nuevo ✓"
    moved.parent.mkdir()
    shutil.move(trained.bundle, moved)
    asked = [trained.path(one) for one in trained.drawings["test"][:3]]
    try:
        before = content(moved)
        command = ("predict", "--bundle", moved, "--artefact", "all", "--json")
        answered = run(*command, *asked)
        scored = run("evaluate", "--bundle", moved, "--artefact", "step", "--json")
        assert content(moved) == before
    finally:
        shutil.move(moved, trained.bundle)
    assert answered.exit_code == scored.exit_code == 0, answered.output + scored.output
    answers = rows(answered.stdout)
    assert [row["artefact"] for row in answers] == [name for name in EVERY for _ in range(3)]
    assert len({(row["input"], row["answer"]) for row in answers}) == 3
    (row,) = rows(scored.stdout)
    same = ("bytes", "examples", "equal_answers")
    before_row = rows(trained.result.stdout)[-1]
    assert [row[k] for k in same] == [before_row[k] for k in same]
    assert row["metrics"].items() <= before_row["metrics"].items()
