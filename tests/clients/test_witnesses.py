"""Runtimes that share nothing with TensorFlow: OpenVINO, and ONNX Runtime after tf2onnx.

What they cannot read stands in the table with the reason, and the test shows it.
"""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from common.bundle import artefact_path
from tests.apps.translation.device import Translator
from tests.clients import card, server_card
from tests.clients.agreement import Agreement
from tests.clients.answers import difference, greedily, same_sentences
from tests.clients.asked import Asked
from tests.clients.conftest import Bundles

openvino_files = pytest.importorskip(
    "tests.clients.openvino_files", reason="pip install -r requirements-clients.txt"
)


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        pytest.skip(
            f"no {package}: pip install -r requirements-clients.txt", allow_module_level=True
        )


OPENVINO = f"OpenVINO {_version('openvino').rsplit('.', 1)[0]}"
ONNX = f"ONNX Runtime {_version('onnxruntime')} (tf2onnx {_version('tf2onnx')})"

TENSORS = {"captioning": "tensors", "sentiment": "ids", "translation": "tensors"}
"""Signatures that both can read: ids and pixels in, no strings."""

# Who cannot, and the words of the refusal.
OPENVINO_CANNOT = {
    ("sentiment", "serving_default"): "No conversion rule found for operations: .*RaggedRange",
    ("translation", "serving_default"): "No conversion rule found for operations: .*UnicodeDecode",
    ("captioning", "serving_default"): "No conversion rule found for operations: .*DecodeJpeg",
    ("voice", "serving_default"): "No conversion rule found for operations: DecodeWav",
    ("voice", "waveform"): "FFT op input element type must be f32",
}
OPENVINO_REASONS = {
    "serving_default": "no rule for operators of strings or files",
    "waveform": "a Fourier transform in double precision",
}
ONNX_CANNOT = {
    ("sentiment", "serving_default"): "Only lookup tables of type string",
    ("translation", "serving_default"): "No Op registered for StaticRegexReplace",
    ("captioning", "serving_default"): "UnicodeDecodeError",  # tf2onnx takes strings for UTF-8
    ("voice", "waveform"): "RFFT or FFT only allows ComplexAbs",
}
ONNX_REASONS = {
    "serving_default": "no rule for operators of strings or files",
    "waveform": "a Fourier transform of which more than the absolute values is used",
}


def keras(trained: Bundles, app: str) -> Asked:
    """Returns what Keras answers to the signature of tensors: greedily, where it searches."""
    asked = trained.asked(app)
    if app in ("sentiment", "voice"):
        return asked
    return greedily(app, trained.path(app), asked.raw, "keras")


def request(app: str, bundle: Path, raw: Any, signature: str) -> server_card.Request:
    requests = server_card.requests(app, bundle, raw)
    return next(one for one in requests if one.signature == signature)


def rolled(asked: Asked) -> Asked:
    """Returns the answers that belong to other inputs."""
    return Asked(
        asked.raw,
        (*asked.answers[1:], asked.answers[0]),
        (*asked.scores[1:], asked.scores[0]),
    )


# ------------------------------------------------------------------------ OpenVINO


@pytest.mark.parametrize("app", TENSORS)
def test_openvino_on_tensors(
    trained: Bundles, agreement: Agreement, tmp_path: Path, app: str
) -> None:
    bundle, expected, signature = trained.path(app), keras(trained, app), TENSORS[app]
    only = openvino_files.only(artefact_path(bundle, "saved_model"), signature, tmp_path)
    model = openvino_files.compiled(only)
    for count in (1, 3, len(expected.raw)):
        inputs = request(app, bundle, expected.raw[:count], signature).inputs
        found = server_card.answers(app, bundle, openvino_files.run(model, inputs))
        some = Asked(expected.raw[:count], expected.answers[:count], expected.scores[:count])
        apart = difference(found, some)
        assert apart <= 1e-4
    assert difference(found, rolled(expected)) > 1e-2
    remark = f"{count} inputs in batches of 1, 3, {count}, {signature}: {apart:.0e} at most"
    agreement.agrees(app, "saved_model", OPENVINO, remark)


@pytest.mark.parametrize(("app", "signature"), OPENVINO_CANNOT)
def test_openvino_cannot(
    trained: Bundles, agreement: Agreement, tmp_path: Path, app: str, signature: str
) -> None:
    path = artefact_path(trained.path(app), "saved_model")
    only = openvino_files.only(path, signature, tmp_path)
    with pytest.raises(RuntimeError, match=OPENVINO_CANNOT[app, signature]):
        openvino_files.compiled(only)
    reason = f"{signature}: {OPENVINO_REASONS[signature]}"
    agreement.cannot(app, "saved_model", OPENVINO, reason)


def readable(path: Path, folder: Path, agreement: Agreement, app: str) -> tuple[Path, str]:
    """Returns a file that OpenVINO does not refuse at once, and what to call it with that."""
    if not openvino_files.lacks_names(path):
        return path, OPENVINO
    with pytest.raises(RuntimeError, match="tensor has no 'name' field"):
        openvino_files.compiled(path)
    agreement.cannot(app, path.stem, OPENVINO, "inner tensors have no names")
    return openvino_files.with_names(path, folder), f"{OPENVINO}, after naming the inner tensors"


def litert_files(trained: Bundles, app: str) -> list[Path]:
    files = sorted((trained.path(app) / "tflite").glob("*.tflite"))
    assert files
    return files


@pytest.mark.parametrize("app", ["captioning", "sentiment"])
def test_openvino_on_files_for_phones(
    trained: Bundles, agreement: Agreement, tmp_path: Path, app: str
) -> None:
    for shipped in litert_files(trained, app):
        path, client = readable(shipped, tmp_path, agreement, app)
        model = openvino_files.FirstSubgraph(path)
        _compared(trained, agreement, app, shipped, path, model, client)


def _compared(
    trained: Bundles,
    agreement: Agreement,
    app: str,
    shipped: Path,
    path: Path,
    model: Any,
    client: str,
) -> None:
    """Compares what OpenVINO says with Keras, or with LiteRT where a file is quantised."""
    raw = trained.asked(app).raw
    found = card.answers(app, path, model, raw)
    as_keras = shipped.stem in ("float32", "loop", "step")
    interpreter = Interpreter(model_path=str(shipped), num_threads=1)
    ours = card.answers(app, shipped, interpreter, raw)
    exact = as_keras or shipped.stem == "float16"
    for way, answers in found.items():
        expected = Asked(
            raw,
            tuple(answer.text for answer in ours[way]),
            tuple(answer.scores for answer in ours[way] if answer.scores is not None),
        )
        against, others = keras(trained, app) if as_keras else expected, 0
        generates = not isinstance(against.scores[0], dict)
        if generates and not exact:
            # It rounds to 8 bits at other places than LiteRT, so of two captions that are about
            # as likely it may take the other.
            same, against, others = same_sentences(answers, against)
            assert others <= len(raw) // 4, f"{shipped.name}: {others} other captions"
            apart = difference(same, against)
        else:
            apart = difference(answers, against)
        assert apart <= (1e-4 if exact else 1e-2), shipped.name
        assert difference(answers, rolled(expected)) > 1e-2
        remark = f"{len(raw)} inputs, {way}: {apart:.0e} at most"
        if others:
            remark = f"another caption for {others} of {remark} in the scores of the rest"
            agreement.differs(app, shipped.stem, client, remark)
        else:
            agreement.agrees(app, shipped.stem, client, remark)


def test_openvino_on_files_of_a_translator(
    trained: Bundles, agreement: Agreement, tmp_path: Path
) -> None:
    """It sees the first signature of a file alone: the encoder, whose memory is compared."""
    texts = trained.asked("translation").raw
    for shipped in litert_files(trained, "translation"):
        path, client = readable(shipped, tmp_path, agreement, "translation")
        model = openvino_files.FirstSubgraph(path)
        assert model.get_signature_list() == ["encode"]
        device = Translator(shipped)
        encode = Interpreter(model_path=str(shipped), num_threads=1).get_signature_runner("encode")
        apart, other = 0.0, 0.0
        for text, another in zip(texts, (*texts[1:], texts[0]), strict=True):
            ids, wrong = (device.padded(device.ids(one)) for one in (text, another))
            found, expected = model(ids=ids), encode(ids=ids)
            assert found.keys() == expected.keys()
            apart = max(apart, *(largest(found[name], expected[name]) for name in expected))
            different = model(ids=wrong)
            other = max(other, *(largest(different[name], expected[name]) for name in expected))
        # Rounding to 8 bits on the way is not done at the same places.
        assert apart <= (5e-2 if shipped.stem == "dynamic" else 1e-4), shipped.name
        assert other > 0.2
        remark = f"{len(texts)} inputs, encode: {apart:.0e} at most"
        agreement.agrees("translation", shipped.stem, client, remark)


def largest(found: NDArray[Any], expected: NDArray[Any]) -> float:
    """Returns the largest difference of a value."""
    return float(np.abs(found.astype(np.float64) - expected.astype(np.float64)).max())


def test_openvino_hears_step_by_step(
    trained: Bundles, agreement: Agreement, tmp_path: Path
) -> None:
    for shipped in litert_files(trained, "voice"):
        path, client = readable(shipped, tmp_path, agreement, "voice")
        if shipped.stem.startswith("step"):  # no Fourier transform is in them
            model = openvino_files.FirstSubgraph(path)
            _compared(trained, agreement, "voice", shipped, path, model, client)
            continue
        with pytest.raises(RuntimeError, match=r"No translator found for \w+ node"):
            openvino_files.FirstSubgraph(path)
        agreement.cannot("voice", shipped.stem, client, "no rule for the Fourier transform")


# ------------------------------------------------------------------------ ONNX


def to_onnx(path: Path, signature: str, target: Path) -> str:
    """Converts a signature to ONNX; returns the error, or nothing."""
    command = [sys.executable, "-m", "tf2onnx.convert", "--saved-model", str(path)]
    options = ["--signature_def", signature, "--tag", "serve", "--opset", "18"]
    # Names of signatures would clash where an output is called as an input is.
    names = ["--use-graph-names", "--output", str(target)]
    done = subprocess.run([*command, *options, *names], capture_output=True, text=True, check=False)
    return done.stderr.strip().splitlines()[-1] if done.returncode else ""


@pytest.mark.parametrize("app", TENSORS)
def test_onnx_runtime_on_tensors(
    trained: Bundles, agreement: Agreement, tmp_path: Path, app: str
) -> None:
    onnxruntime = pytest.importorskip("onnxruntime")
    bundle, expected, signature = trained.path(app), keras(trained, app), TENSORS[app]
    target = tmp_path / "model.onnx"
    assert not to_onnx(artefact_path(bundle, "saved_model"), signature, target)
    session = onnxruntime.InferenceSession(target, providers=["CPUExecutionProvider"])
    outputs = [one.name for one in session.get_outputs()]
    for count in (1, 3, len(expected.raw)):
        inputs = request(app, bundle, expected.raw[:count], signature).inputs
        values = session.run(outputs, {f"{name}:0": value for name, value in inputs.items()})
        named = _by_signature(app, dict(zip(outputs, values, strict=True)))
        found = server_card.answers(app, bundle, named)
        some = Asked(expected.raw[:count], expected.answers[:count], expected.scores[:count])
        apart = difference(found, some)
        assert apart <= 1e-4
    assert difference(found, rolled(expected)) > 1e-2
    remark = f"{count} inputs in batches of 1, 3, {count}, {signature}: {apart:.0e} at most"
    agreement.agrees(app, "saved_model", ONNX, remark)


def _by_signature(app: str, values: dict[str, Any]) -> dict[str, Any]:
    """Returns outputs by their names in the signature; the graph numbers them in this order."""
    names = ("label", "score", "scores") if app == "sentiment" else ("ids", "score")
    numbered = ("Identity:0", "Identity_1:0", "Identity_2:0")
    found = {name: values[number] for name, number in zip(names, numbered, strict=False)}
    if "label" in found:
        found["label"] = np.array([str(text).encode() for text in found["label"]], object)
    return found


@pytest.mark.parametrize(("app", "signature"), ONNX_CANNOT)
def test_onnx_cannot(
    trained: Bundles, agreement: Agreement, tmp_path: Path, app: str, signature: str
) -> None:
    path = artefact_path(trained.path(app), "saved_model")
    target = tmp_path / "model.onnx"
    error = to_onnx(path, signature, target)
    if not error:  # tf2onnx leaves in what it does not know
        onnxruntime = pytest.importorskip("onnxruntime")
        with pytest.raises(Exception, match="INVALID_GRAPH") as refused:
            onnxruntime.InferenceSession(target, providers=["CPUExecutionProvider"])
        error = str(refused.value)
    assert ONNX_CANNOT[app, signature] in error, error
    agreement.cannot(app, "saved_model", ONNX, f"{signature}: {ONNX_REASONS[signature]}")
