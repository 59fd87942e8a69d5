"""The bundles behind TF Serving's protocol, as clients ask them.

TF Serving itself is not at hand; `serving_stand_in.py` says what of it is real here.
"""

from __future__ import annotations

import base64
import contextlib
import io
import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import numpy as np
import pytest
import tensorflow as tf
from numpy.typing import NDArray
from tensorflow_serving.apis import predict_pb2

from common.export.saved_model import read_warmup
from common.serving.client import GrpcClient, Refused, RestClient
from common.serving.folder import write_folder
from common.serving.models import find_models
from tests.apps.command import error_of, rows, run_command
from tests.clients.agreement import Agreement
from tests.clients.asked import Asked, application, apps
from tests.clients.conftest import Bundles
from tests.clients.examples import blocks
from tests.clients.serving_json import Arrays, read_request, write_answer
from tests.clients.serving_stand_in import StandIn, as_message, base_paths, standing_in
from tests.common.serving.command import check

SECTION = "Behind TF Serving"
CLIENT = "stand-in for TF Serving, C++ session, {}"
CLOSE = 1e-4
# Seconds; how busy the machine is decides no test.
PATIENCE = 900


@pytest.fixture(scope="module")
def served(bundles: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    """All bundles, served as the files say that `make serve` writes."""
    folder = tmp_path_factory.mktemp("serve") / "serving"
    models, _ = find_models(bundles) if bundles.is_dir() else ([], [])
    if not models:
        pytest.skip(f"no bundle in {bundles}: make train-sentiment makes one")
    write_folder(folder, models)
    with standing_in(base_paths(folder)) as stand_in:
        yield stand_in


@pytest.fixture
def rest(served: StandIn) -> RestClient:
    return RestClient("127.0.0.1", served.rest_port, PATIENCE)


def contents(app: str, asked: Asked) -> list[str | bytes]:
    """Returns what a server takes: texts, or the bytes of files."""
    if app in ("sentiment", "translation"):
        return list(asked.raw)
    return [Path(name).read_bytes() for name in asked.raw]


def assert_answers(asked: Asked, outputs: dict[str, Any]) -> float:
    """Compares outputs with Keras's answers; returns the largest difference of a score."""
    if isinstance(asked.scores[0], dict):
        text, expected = "label", [[*s.values()] for s in asked.scores if isinstance(s, dict)]
        scores = np.asarray(outputs["scores"])
    else:
        text, expected = "text", list(asked.scores)  # type: ignore[arg-type]
        scores = np.asarray(outputs["score"])
    assert outputs[text] == list(asked.answers)
    assert scores.shape == np.shape(expected)
    apart = float(np.abs(scores - expected).max())
    assert apart < CLOSE
    return apart


@pytest.mark.parametrize("app", apps())
def test_raw_inputs_get_the_answers_of_keras_by_rest_and_by_grpc(
    app: str, served: StandIn, rest: RestClient, trained: Bundles, agreement: Agreement
) -> None:
    asked = trained.asked(app)
    raw = contents(app, asked)
    with GrpcClient("127.0.0.1", served.grpc_port, PATIENCE) as by_grpc:
        for client in (rest, by_grpc):
            apart = assert_answers(asked, client.predict(app, "serving_default", raw))
            turned = client.predict(app, "serving_default", raw[::-1])
            with pytest.raises(AssertionError):  # other inputs, other answers
                assert_answers(asked, turned)
            agreement.agrees(
                app,
                "saved_model",
                CLIENT.format(client.protocol),
                f"{len(raw)} inputs, largest difference of a score {apart:.1e}",
            )


@pytest.mark.parametrize("app", apps())
def test_messages_and_json_of_every_signature_carry_what_the_session_gives(
    app: str, served: StandIn, trained: Bundles
) -> None:
    # The last of each signature is the one with several rows.
    requests = dict(read_warmup(trained.path(app) / "saved_model" / "1"))
    model = served.model(app)
    assert set(requests) == {name for name in model.signatures if not name.startswith("__")}
    for signature, inputs in requests.items():
        sent = as_request(app, signature, inputs).SerializeToString()
        request = predict_pb2.PredictRequest.FromString(sent)
        assert request.model_spec.signature_name == signature
        given = {name: tf.make_ndarray(value) for name, value in request.inputs.items()}
        assert_same(given, inputs)
        outputs = model.run(signature, given)
        response = as_message(signature, app, 1, outputs).SerializeToString()
        received = predict_pb2.PredictResponse.FromString(response)
        got = {name: tf.make_ndarray(value) for name, value in received.outputs.items()}
        assert_same(got, outputs)
        for in_rows in (True, False):
            body = json.dumps({"signature_name": signature, **as_json(inputs, in_rows)})
            found, read, by_row = read_request(body.encode(), model.types)
            assert (found, by_row) == (signature, in_rows)
            assert_same(read, inputs)
            assert_same(from_json(write_answer(outputs, in_rows), outputs), outputs)


def as_request(app: str, signature: str, inputs: Arrays) -> Any:
    """Returns a `PredictRequest`."""
    request = predict_pb2.PredictRequest()
    request.model_spec.name = app
    request.model_spec.signature_name = signature
    for name, value in inputs.items():
        request.inputs[name].CopyFrom(tf.make_tensor_proto(value))
    return request


def as_json(inputs: Arrays, in_rows: bool) -> dict[str, Any]:
    """Writes inputs as the documentation of the REST API shows, strings as base64."""
    columns = {
        name: [{"b64": base64.b64encode(one).decode()} for one in value]
        if value.dtype == object
        else value.tolist()
        for name, value in inputs.items()
    }
    if not in_rows:
        return {"inputs": columns}
    named = zip(*columns.values(), strict=True)
    return {"instances": [dict(zip(columns, row, strict=True)) for row in named]}


def from_json(answer: str, like: Arrays) -> Arrays:
    """Reads an answer back; the types are those of `like`."""
    read = json.loads(answer)
    columns = read.get("outputs") or {
        name: [row[name] for row in read["predictions"]] for name in read["predictions"][0]
    }
    assert set(columns) == set(like)
    return {
        name: np.array([one.encode() for one in column], object)
        if like[name].dtype == object
        else np.array(column, like[name].dtype)
        for name, column in columns.items()
    }


def assert_same(some: Arrays, others: Arrays) -> None:
    """Asserts that tensors are equal by name, floats to the last bits."""
    assert set(some) == set(others)
    for name, one in some.items():
        assert one.shape == others[name].shape, name
        if one.dtype == np.float32:
            np.testing.assert_allclose(one, others[name], rtol=1e-6, atol=1e-6, err_msg=name)
        else:
            np.testing.assert_array_equal(one, others[name], err_msg=name)


@pytest.mark.parametrize("app", apps())
def test_an_answer_does_not_depend_on_what_the_server_runs_it_with(
    app: str, rest: RestClient, trained: Bundles
) -> None:
    raw = contents(app, trained.asked(app))[:4]
    together = rest.predict(app, "serving_default", raw)
    alone = [rest.predict(app, "serving_default", [one]) for one in raw]
    for name in ("label", "text"):
        assert together.get(name) == ([o[name][0] for o in alone] if name in together else None)
    apart = np.array(together["score"]) - [outputs["score"][0] for outputs in alone]
    assert np.abs(apart).max() < 1e-5


def test_padding_by_the_server_would_be_wrong(served: StandIn, trained: Bundles) -> None:
    trained.path("sentiment")
    ids = np.array([[40, 17, 2]], np.int32)

    def scores(value: NDArray[Any]) -> NDArray[Any]:
        return served.model("sentiment").run("ids", {"ids": value})["scores"]

    np.testing.assert_allclose(scores(np.pad(ids, [(0, 0), (0, 3)])), scores(ids), atol=1e-5)
    by_first = np.pad(ids, [(0, 0), (0, 3)], constant_values=ids[0, 0])
    assert np.abs(scores(by_first) - scores(ids)).max() > 1e-3


def test_the_check_agrees_and_finds_spoiled_answers(served: StandIn, bundles: Path) -> None:
    ports = ("--rest-port", served.rest_port, "--grpc-port", served.grpc_port)
    arguments = ("--host", "127.0.0.1", *ports, "--timeout", PATIENCE, "--bundles", bundles)
    result = check(*arguments)
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()[1:]
    assert len(lines) == 2 * len(served.models)
    assert all(" agrees: " in line for line in lines), result.stdout

    def spoil(outputs: Arrays) -> Arrays:
        spoiled = {n: v + 0.001 if n in ("score", "scores") else v for n, v in outputs.items()}
        return {**spoiled, "text": outputs["text"][::-1]} if "text" in outputs else spoiled

    served.spoil = spoil
    try:
        result = check(*arguments)
    finally:
        served.spoil = lambda outputs: outputs
    assert result.exit_code == 1, result.output
    lines = result.stdout.splitlines()[1:]
    assert len(lines) == 2 * len(served.models)
    assert all(" DIFFERS: " in line for line in lines), result.stdout


def expected_of_the_readme(app: str, trained: Bundles, folder: Path) -> tuple[str, float]:
    """Writes the file that the README asks, and returns Keras's answer to what it asks."""
    asked = trained.asked(app)
    files = {"voice": "clip.wav", "captioning": "picture.png"}
    if app in files:
        shutil.copy(asked.raw[0], folder / files[app])
        given = asked.raw[0]
    else:
        given = json.loads(shlex.split(blocks(app, SECTION)["sh"])[2])["instances"][0]
    arguments = ("--bundle", trained.path(app), "--artefact", "keras", "--json", given)
    result = run_command(application(app), "predict", *arguments)
    assert result.exit_code == 0, result.output
    (row,) = rows(result.stdout)
    return row["answer"], row["score"]


def like(one: Any, other: Any) -> bool:
    """Whether two values of JSON have the same names and types."""
    if isinstance(one, dict):
        return set(one) == set(other) and all(like(v, other[k]) for k, v in one.items())
    if isinstance(one, list):
        return isinstance(other, list) and all(like(one[0], v) for v in other)
    return type(one) is type(other)


@pytest.mark.parametrize("app", apps())
def test_the_rest_request_in_the_readme_is_answered_as_it_says(
    app: str, served: StandIn, trained: Bundles, tmp_path: Path
) -> None:
    if shutil.which("curl") is None:
        pytest.skip("no curl: install the package curl")
    answer, score = expected_of_the_readme(app, trained, tmp_path)
    found = blocks(app, SECTION)
    script = found["sh"].replace("localhost:8501", f"127.0.0.1:{served.rest_port}")
    assert script != found["sh"]
    done = subprocess.run(
        ["sh", "-euc", script], cwd=tmp_path, capture_output=True, check=True, timeout=PATIENCE
    )
    got, shown = json.loads(done.stdout), json.loads(found["json"])
    assert like(shown, got)
    (row,) = got["predictions"]
    text = row["label"] if "label" in row else row["text"]
    assert text == answer
    assert abs(row["score"] - score) < CLOSE
    if app in ("sentiment", "translation"):  # there the README has the input as well
        assert text in found["json"]


@pytest.mark.parametrize("app", apps())
def test_the_grpc_request_in_the_readme_is_answered_as_it_says(
    app: str,
    served: StandIn,
    trained: Bundles,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer, score = expected_of_the_readme(app, trained, tmp_path)
    found = blocks(app, SECTION)
    code = found["python"].replace("localhost:8500", f"127.0.0.1:{served.grpc_port}")
    assert code != found["python"]
    code = code.replace("Predict(request, 10)", f"Predict(request, {PATIENCE})")
    monkeypatch.chdir(tmp_path)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, f"README of {app}", "exec"), {})
    assert printed.getvalue() == f"{answer} {score:.4f}\n"
    assert re.fullmatch(r".+ \d\.\d{4}\n", found["text"])
    if app in ("sentiment", "translation"):
        assert found["text"].startswith(f"{answer} ")


def test_refusals_say_what_is_wrong(served: StandIn, rest: RestClient, trained: Bundles) -> None:
    trained.path("translation"), trained.path("voice")
    with GrpcClient("127.0.0.1", served.grpc_port, PATIENCE) as by_grpc:
        for client in (rest, by_grpc):
            with pytest.raises(Refused, match=r"row 1 has \d+ ids.*64 at most"):
                client.predict("translation", "serving_default", ["Sí.", "el perro " * 100])
            with pytest.raises(Refused, match=r"WAV|RIFF"):
                client.predict("voice", "serving_default", [b"this is no sound"])
            with pytest.raises(Refused, match="Servable not found"):
                client.predict("weather", "serving_default", ["?"])
            with pytest.raises(Refused):
                client.predict("voice", "loudly", [b"?"])


def test_a_grpc_client_sees_the_code_of_an_error(served: StandIn, trained: Bundles) -> None:
    from tensorflow_serving.apis import prediction_service_pb2_grpc

    trained.path("sentiment")
    with grpc.insecure_channel(f"127.0.0.1:{served.grpc_port}") as channel:
        stub = prediction_service_pb2_grpc.PredictionServiceStub(channel)
        with pytest.raises(grpc.RpcError) as raised:
            stub.Predict(as_request("sentiment", "", {"text": np.array([1.0], np.float32)}))
    assert raised.value.code() == grpc.StatusCode.INVALID_ARGUMENT


def test_without_a_server_the_check_says_one_sentence(bundles: Path, served: StandIn) -> None:
    result = check("--host", "127.0.0.1", "--rest-port", 1, "--bundles", bundles)
    assert result.exit_code == 2
    assert "no TF Serving answers there by REST" in error_of(result.stderr)
    arguments = ("--rest-port", served.rest_port, "--grpc-port", 1, "--bundles", bundles)
    result = check("--host", "127.0.0.1", *arguments)
    assert result.exit_code == 2
    assert "no TF Serving answers there by gRPC" in error_of(result.stderr)
