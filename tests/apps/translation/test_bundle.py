"""The folder that training leaves: its files, its rows, its card, its examples."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import numpy as np

from common.bundle import artefact_path
from tests.apps.translation.artefacts import EVERY, LEARNED
from tests.apps.translation.command import content, rows, run
from tests.apps.translation.conftest import SIZES, Trained

FRONT_END = {"vocab_source.txt", "vocab_target.txt", "front_end.json"}
ROW_KEYS = [
    *("app", "artefact", "search", "data", "split", "examples", "metrics", "bytes"),
    *("latency_ms", "sentences_per_second", "max_abs_diff", "equal_answers"),
]


def test_layout(trained: Trained) -> None:
    files = {name for name, bytes_ in content(trained.bundle).items() if bytes_ is not None}
    saved_model = {name for name in files if name.startswith("saved_model/1/")}
    assert {
        "saved_model/1/saved_model.pb",
        "saved_model/1/variables/variables.index",
        "saved_model/1/assets.extra/tf_serving_warmup_requests",
    } <= saved_model
    plots = {name for name in files if re.fullmatch(r"plots/\w+\.png", name)}
    logs = {name for name in files if name.startswith("logs/")}
    assert plots and any("events.out.tfevents" in name for name in logs)
    assert files - saved_model - plots - logs == {
        *("README.md", "metrics.json", "config.json", "files.json", "model.keras"),
        *(f"tflite/{artefact}.tflite" for artefact in ("float32", "float16", "dynamic")),
        "golden/examples.npz",
        *FRONT_END,
    }
    assert set(json.loads((trained.bundle / "files.json").read_text())) == files
    for side in ("source", "target"):
        pieces = (trained.bundle / f"vocab_{side}.txt").read_text(encoding="utf-8")
        assert pieces.startswith("<PAD>\n<UNKNOWN>\n<START>\n<END>\n⇧\n▁\n")


def test_training_leaves_nothing_beside_the_bundle(trained: Trained) -> None:
    assert list(trained.bundle.parent.iterdir()) == [trained.bundle]
    assert trained.bundle.stat().st_mode & 0o777 == 0o755


def test_a_row_for_every_artefact_and_search(trained: Trained) -> None:
    found = json.loads((trained.bundle / "metrics.json").read_text())["rows"]
    both = [(artefact, search) for artefact in EVERY[:-1] for search in ("greedy", "beam")]
    assert [(row["artefact"], row["search"]) for row in found] == [*both, ("step", "greedy")]
    for row in found:
        assert [key for key in row if key != "encode_ms"] == ROW_KEYS
        assert ("encode_ms" in row) == (row["artefact"] == "step")
        assert (row["app"], row["split"], row["examples"]) == ("translation", "test", SIZES["test"])
        assert row["data"] == str(trained.data)
        assert 95 < row["metrics"]["bleu"] < 100.01 and 95 < row["metrics"]["chrf"] < 100.01
        assert 0 <= row["max_abs_diff"] < 0.05 and 0.95 <= row["equal_answers"] <= 1
        assert row["latency_ms"] > 0 and row["sentences_per_second"] > 0
    # What is answered on standard output is what was written, and nothing else.
    assert rows(trained.result.stdout) == found


def test_model_card(trained: Trained) -> None:
    card = (trained.bundle / "README.md").read_text(encoding="utf-8")
    metrics = json.loads((trained.bundle / "metrics.json").read_text())
    for row in metrics["rows"]:
        start = f"| {row['artefact']} | {row['search']} |"
        (line,) = (line for line in card.splitlines() if line.startswith(start))
        assert f" {row['metrics']['bleu']:.2f} " in line and f" {row['bytes']:,} " in line
    for signature in metrics["signatures"].values():
        assert f"`{signature}`" in card
    baseline = metrics["baseline"]
    assert f"word-by-word substitution: BLEU {baseline['metrics']['bleu']:.2f}" in card
    assert baseline["metrics"]["bleu"] < 60  # word order counts in these sentences
    pictures = re.findall(r"!\[[^]]+\]\(([^)]+)\)", card)
    assert {f"plots/{path.name}" for path in (trained.bundle / "plots").iterdir()} == {*pictures}
    for picture in pictures:
        assert (trained.bundle / picture).read_bytes().startswith(b"\x89PNG\r\n")
    assert "240 train" in card and "40 dev" in card and "60 test" in card
    assert str(trained.bundle) not in card  # it may be moved
    assert "{" not in card.split("## How to call it")[1].split("```")[0]


def test_golden_examples(trained: Trained) -> None:
    with np.load(trained.bundle / "golden" / "examples.npz") as golden:
        raw, text, scores = golden["raw"].tolist(), golden["text"].tolist(), golden["scores"]
    arguments = ("predict", "--bundle", trained.bundle, "--artefact", "step", "--json")
    found = rows(run(*arguments, "--", *raw).stdout)
    assert [row["answer"] for row in found] == text
    np.testing.assert_allclose([row["score"] for row in found], scores, rtol=1e-4)
    assert len(set(text)) == len(raw) == 16


def test_a_moved_bundle_still_works(trained: Trained, tmp_path: Path) -> None:
    moved = tmp_path / "mis traducciones" / "año nuevo ✓"
    moved.parent.mkdir()
    shutil.move(trained.bundle, moved)
    try:
        before = content(moved)
        command = ("predict", "--bundle", moved, "--artefact", "all", "--json")
        answered = run(*command, "--", *LEARNED[:3])
        scored = run("evaluate", "--bundle", moved, "--artefact", "step", "--json")
        assert content(moved) == before
    finally:
        shutil.move(moved, trained.bundle)
    assert answered.exit_code == scored.exit_code == 0, answered.output + scored.output
    answers = rows(answered.stdout)
    assert [row["artefact"] for row in answers] == [name for name in EVERY for _ in range(3)]
    assert len({(row["input"], row["answer"]) for row in answers}) == 3
    (row,) = rows(scored.stdout)
    same = ("metrics", "bytes", "examples", "equal_answers")
    assert [row[k] for k in same] == [rows(trained.result.stdout)[-1][k] for k in same]


def test_one_file_is_enough_for_a_device(trained: Trained, tmp_path: Path) -> None:
    (tmp_path / "tflite").mkdir()
    shutil.copy(trained.bundle / "config.json", tmp_path)
    shutil.copy(artefact_path(trained.bundle, "dynamic"), tmp_path / "tflite")
    result = run("predict", "--bundle", tmp_path, "--", LEARNED[0])
    whole = run("predict", "--bundle", trained.bundle, "--artefact", "dynamic", "--", LEARNED[0])
    assert result.exit_code == 0, result.output
    assert result.stdout == whole.stdout
