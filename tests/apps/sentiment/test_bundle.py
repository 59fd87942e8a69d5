"""What training leaves, used as its users do: every artefact, through its own runtime."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from apps.sentiment.application import APPLICATION
from common.bundle import ARTEFACTS, TFLITE_ARTEFACTS, artefact_path, open_bundle
from tests.apps.sentiment.command import content, rows, run, run_code
from tests.apps.sentiment.conftest import SETTINGS, SIZES, Trained
from tests.common.text.awkward import BROKEN_TEXTS, TEXTS

EXACT = ("keras", "saved_model", "float32", "loop", "step")
ROW_KEYS = [
    *("app", "artefact", "data", "split", "examples", "metrics", "bytes", "latency_ms"),
    *("max_abs_diff", "equal_answers"),
]
ASKED = (
    *TEXTS,
    "one two three " * 3334,  # 10,000 words
    "Schön! Très bien, señor… Warmly recommended 👍",
    "Not recommended." * 40,
)


def scores_of(bundle: Path, artefact: str, texts: Sequence[str]) -> NDArray[np.float32]:
    """Returns the scores that an artefact gives, straight from its runtime."""
    from common.classification.artefacts import open_artefact

    scorer = open_artefact(APPLICATION, open_bundle(bundle, "sentiment"), artefact)
    return scorer.score_all(texts)


def without_latency(found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Returns rows of metrics that can be compared; a difference is a float's."""
    return [
        {
            **{key: value for key, value in row.items() if key != "latency_ms"},
            "max_abs_diff": pytest.approx(row["max_abs_diff"], abs=1e-6),
        }
        for row in found
    ]


# ------------------------------------------------------------------------ the folder


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


# ------------------------------------------------------------------------ answers


@pytest.fixture(scope="module")
def answers(trained: Trained) -> dict[str, list[dict[str, Any]]]:
    """What `predict` says to the awkward texts, by artefact."""
    result = run("predict", "--bundle", trained.bundle, "--artefact", "all", "--json", "--", *ASKED)
    assert result.exit_code == 0, result.output
    found: dict[str, list[dict[str, Any]]] = {artefact: [] for artefact in ARTEFACTS}
    for line in rows(result.stdout):
        found[line["artefact"]].append(line)
    return found


def test_a_line_of_predict(answers: dict[str, list[dict[str, Any]]]) -> None:
    for lines in answers.values():
        assert len(lines) == len(ASKED)
        for line, text in zip(lines, ASKED, strict=True):
            assert list(line) == ["artefact", "input", "answer", "score", "scores"]
            assert line["input"] == text
            assert line["score"] == max(line["scores"].values())
            assert line["answer"] == max(line["scores"], key=line["scores"].__getitem__)
            assert list(line["scores"]) == ["negative", "positive"]
            assert sum(line["scores"].values()) == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("artefact", EXACT[1:])
def test_every_exact_artefact_gives_the_same_scores(
    answers: dict[str, list[dict[str, Any]]], artefact: str
) -> None:
    def scores(name: str) -> NDArray[np.float64]:
        return np.array([list(line["scores"].values()) for line in answers[name]])

    np.testing.assert_allclose(scores(artefact), scores("keras"), atol=1e-4)
    assert np.ptp(scores("keras")[:, 0]) > 0.3  # the texts do get different scores


@pytest.mark.parametrize("artefact", ["float16", "dynamic", "int8", "step_int8"])
def test_smaller_artefacts_stay_near(
    answers: dict[str, list[dict[str, Any]]], artefact: str
) -> None:
    for exact, line in zip(answers["keras"], answers[artefact], strict=True):
        if exact["score"] > 0.75:
            assert line["answer"] == exact["answer"], exact["input"]


def test_only_the_beginning_of_a_long_text_is_read_and_by_all(trained: Trained) -> None:
    limit = open_bundle(trained.bundle, "sentiment").max_timesteps
    assert limit == 32
    start = " ".join(["film"] * (limit - 1))
    texts = [f"{start} {end}" for end in ("recommended", "recommended not not", "not recommended")]
    for artefact in EXACT:
        scores = scores_of(trained.bundle, artefact, texts)
        np.testing.assert_allclose(scores[0], scores[1], atol=1e-6)
        assert abs(scores[0] - scores[2]).max() > 1e-3


def test_lines_of_standard_input(trained: Trained) -> None:
    lines = ["Warmly recommended!", "", "not recommended 😀", " été "]
    arguments = ("predict", "--bundle", trained.bundle, "--json")
    for artefact in ("float32", "all"):
        named = run(*arguments, "--artefact", artefact, "--", *lines)
        piped = run(*arguments, "--artefact", artefact, input="\r\n".join(lines) + "\n")
        assert piped.exit_code == 0, piped.output
        assert piped.stdout == named.stdout
        assert named.stdout.count("\n") == len(lines) * (1 if artefact == "float32" else 9)


@pytest.mark.parametrize("artefact", ["keras", "saved_model"])
def test_a_score_does_not_depend_on_the_rest_of_the_batch(trained: Trained, artefact: str) -> None:
    short = ["", "not recommended", "😀"]
    long = ["warmly recommended " * 30, "the film " * 16, "not " * 200]
    together = scores_of(trained.bundle, artefact, [*short, *long])[: len(short)]
    alone = [scores_of(trained.bundle, artefact, [text])[0] for text in short]
    np.testing.assert_allclose(together, alone, atol=1e-6)


def test_half_characters_do_not_stop_a_server(trained: Trained) -> None:
    exact = scores_of(trained.bundle, "float32", BROKEN_TEXTS)
    np.testing.assert_allclose(
        scores_of(trained.bundle, "saved_model", BROKEN_TEXTS), exact, atol=1e-4
    )


# ------------------------------------------------------------------------ runtimes


def test_server_in_the_loader_of_tf_serving(trained: Trained) -> None:
    from common.export.saved_model import run_in_session

    path = artefact_path(trained.bundle, "saved_model")
    texts = [text for text in ASKED if len(text) < 1000]
    front_end = open_bundle(trained.bundle, "sentiment").front_end(APPLICATION)
    expected = scores_of(trained.bundle, "keras", texts)
    requests = [
        (signature, APPLICATION.server_request(signature, front_end, texts))
        for signature in ("serving_default", "ids")
    ]
    for outputs in run_in_session(path, requests):
        np.testing.assert_allclose(outputs["scores"], expected, atol=1e-4)
        np.testing.assert_allclose(outputs["score"], expected.max(1), atol=1e-4)
        labels = [(b"negative", b"positive")[i] for i in expected.argmax(1)]
        sure = expected.max(1) > 0.51
        assert np.array_equal(outputs["label"][sure], np.array(labels, object)[sure])


def test_warm_up_requests_replay(trained: Trained) -> None:
    from common.export.saved_model import read_warmup, run_in_session

    path = artefact_path(trained.bundle, "saved_model")
    requests = read_warmup(path)
    assert {name for name, _ in requests} == {"serving_default", "ids"}
    answers = run_in_session(path, requests)
    by_signature: dict[str, list[NDArray[Any]]] = {}
    for (name, inputs), outputs in zip(requests, answers, strict=True):
        (batch,) = {len(value) for value in inputs.values()}
        assert outputs["scores"].shape == (batch, 2)
        by_signature.setdefault(name, []).append(outputs["scores"])
    for texts, ids in zip(by_signature["serving_default"], by_signature["ids"], strict=True):
        np.testing.assert_allclose(texts, ids, atol=1e-5)


@pytest.mark.parametrize("artefact", ["float32", "float16", "dynamic", "int8"])
def test_mediapipe_answers_as_litert(trained: Trained, artefact: str) -> None:
    text_tasks = pytest.importorskip(
        "mediapipe.tasks.python.text", reason="runs the file as a phone does"
    )
    path = artefact_path(trained.bundle, artefact)
    expected = scores_of(trained.bundle, artefact, ASKED)
    found = np.full_like(expected, np.nan)
    with text_tasks.TextClassifier.create_from_model_path(str(path)) as classifier:
        for row, text in zip(found, ASKED, strict=True):
            for category in classifier.classify(text).classifications[0].categories:
                assert category.category_name == ("negative", "positive")[category.index]
                row[category.index] = category.score
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_litert_files_need_no_tensorflow(trained: Trained) -> None:
    code = """
import sys
from tests.apps.sentiment.command import run
for artefact in ("int8", "step", "loop"):
    result = run("predict", "--bundle", sys.argv[1], "--artefact", artefact, "Warmly recommended!")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("positive\\t"), result.stdout
print(sorted({"tensorflow", "keras", "matplotlib", "sklearn"} & set(sys.modules)))
"""
    process = run_code(code, trained.bundle)
    assert process.stdout == "[]\n", process.stderr


def test_help_needs_no_framework() -> None:
    code = """
import sys
from tests.apps.sentiment.command import run
for arguments in ((), ("train",), ("evaluate",), ("predict",), ("compare",)):
    result = run(*arguments, "--help")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("Usage:"), result.stdout
heavy = {"tensorflow", "keras", "matplotlib", "sklearn", "ai_edge_litert", "tensorflow_datasets"}
print(sorted(heavy & set(sys.modules)))
"""
    process = run_code(code)
    assert process.stdout == "[]\n", process.stderr


def test_keras_file_after_importing_the_project(trained: Trained) -> None:
    code = """
import sys
import keras, numpy as np
import apps.sentiment.network
model = keras.saving.load_model(sys.argv[1] + "/model.keras")
golden = np.load(sys.argv[1] + "/golden/examples.npz")
np.testing.assert_allclose(model(golden["inputs"]), golden["scores"], atol=1e-5)
print("same")
"""
    process = run_code(code, trained.bundle)
    assert process.stdout == "same\n", process.stderr


# ------------------------------------------------------------------------ evaluate


def test_evaluating_a_moved_bundle_gives_the_same_rows(trained: Trained, tmp_path: Path) -> None:
    before = json.loads((trained.bundle / "metrics.json").read_text())["rows"]
    moved = tmp_path / "elsewhere" / "again"
    moved.parent.mkdir()
    shutil.move(trained.bundle, moved)
    try:
        bytes_before = content(moved)
        result = run("evaluate", "--bundle", moved, "--artefact", "all", "--json")
        assert content(moved) == bytes_before
    finally:
        shutil.move(moved, trained.bundle)
    assert result.exit_code == 0, result.output
    after = rows(result.stdout)
    assert [list(row) for row in after] == [ROW_KEYS] * len(ARTEFACTS)
    assert without_latency(after) == without_latency(before)


def test_evaluating_one_artefact_on_a_table_of_its_own(trained: Trained, tmp_path: Path) -> None:
    table = tmp_path / "mine.tsv"
    table.write_text(
        "label\treview\tid\n"
        "positive\tI say warmly recommended!\t1\n"
        "negative\tIt is not recommended.\t2\n"
        "positive\tThis is not recommended.\t3\n"
    )
    result = run(
        *("evaluate", "--bundle", trained.bundle, "--artefact", "int8", "--json"),
        *("--data", table, "--split", "all", "--text-column", "review"),
    )
    assert result.exit_code == 0, result.output
    (row,) = rows(result.stdout)
    assert (row["artefact"], row["split"], row["examples"]) == ("int8", "all", 3)
    assert row["metrics"]["accuracy"] == pytest.approx(2 / 3)
    assert row["data"] == str(table)


# ------------------------------------------------------------------------ the gate


@pytest.fixture
def retrained(
    trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Path, tuple[object, ...]]:
    """A copy of the bundle, and the command to train it anew, which takes the network as it is.

    Files are copied instead of exported; tests put a wrong one among them.
    """
    import keras

    from common.classification import export, fitting
    from common.classification.training import History

    APPLICATION.import_layers()
    model = keras.saving.load_model(trained.bundle / "model.keras", compile=False)
    figures = {"loss": 0.1, "accuracy": 1.0, "dev_loss": 0.1, "dev_accuracy": 1.0, "seconds": 1.0}
    history = History([figures], 1)

    def copy(*arguments: Any) -> None:
        folder = arguments[5]
        for artefact in ARTEFACTS:
            source, target = (artefact_path(f, artefact) for f in (trained.bundle, folder))
            target.parent.mkdir(exist_ok=True)
            (shutil.copytree if source.is_dir() else shutil.copy)(source, target)

    monkeypatch.setattr(fitting, "fit", lambda *_: (model, history))
    monkeypatch.setattr(export, "export_all", copy)
    monkeypatch.setattr("common.classification.artefacts._LATENCY_SECONDS", 0.01)
    output = tmp_path / "exported" / "mine"
    shutil.copytree(trained.bundle, output)
    return output, ("train", "--data", trained.data, "--output", output, *SETTINGS)


def test_the_gate_lets_equal_artefacts_through(retrained: tuple[Path, tuple[object, ...]]) -> None:
    output, command = retrained
    (output / "notes of mine.txt").write_text("keep")
    result = run(*command)
    assert result.exit_code == 0, result.output
    assert (output / "notes of mine.txt").read_text() == "keep"
    assert list(output.parent.iterdir()) == [output]


def test_the_gate_stops_a_network_other_than_the_one_evaluated(
    retrained: tuple[Path, tuple[object, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    from common.classification import export, fitting

    output, command = retrained
    model, _ = fitting.fit(*[None] * 8)  # type: ignore[arg-type]
    copy = export.export_all

    def and_then_change_a_weight(*arguments: Any) -> None:
        copy(*arguments)
        bias = model.get_layer("classifier").scores.bias
        bias.assign_add([0.01, 0.0])

    monkeypatch.setattr(export, "export_all", and_then_change_a_weight)
    before = content(output)
    result = run(*command)
    assert result.exit_code == 1
    (error,) = (line for line in result.stderr.splitlines() if line.startswith("error: "))
    for artefact in EXACT:
        assert f"{artefact}: a score differs by" in error
    assert result.stdout == ""
    assert content(output) == before
    assert list(output.parent.iterdir()) == [output]


@pytest.mark.parametrize("wrong", ["float32", "step"])
def test_the_gate_names_the_one_artefact_that_is_wrong(
    retrained: tuple[Path, tuple[object, ...]], monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    from common.classification import export

    output, command = retrained
    other = {"float32": "int8", "step": "step_int8"}[wrong]
    copy = export.export_all

    def and_then_swap(*arguments: Any) -> None:
        copy(*arguments)
        source, target = (artefact_path(arguments[5], a) for a in (other, wrong))
        shutil.copy(source, target)

    monkeypatch.setattr(export, "export_all", and_then_swap)
    before = content(output)
    result = run(*command)
    assert result.exit_code == 1
    (error,) = (line for line in result.stderr.splitlines() if line.startswith("error: "))
    assert [a for a in ARTEFACTS if f" {a}: " in error] == [wrong]
    assert content(output) == before
