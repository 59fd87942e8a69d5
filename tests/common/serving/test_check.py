"""The check of a running server, against the stand-in."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from common.serving.client import GrpcClient, Refused, RestClient
from tests.apps.command import error_of, run_code
from tests.clients.serving_stand_in import StandIn
from tests.common.serving.command import check


@pytest.fixture
def ask(served: StandIn) -> Iterator[Callable[..., Any]]:
    """Runs the check against the stand-in, whose answers are honest again afterwards."""
    honest = served.spoil
    ports = ("--rest-port", served.rest_port, "--grpc-port", served.grpc_port, "--timeout", 600)
    yield lambda *arguments: check("--host", "127.0.0.1", *ports, *arguments)
    served.spoil = honest


def verdicts(output: str) -> list[str]:
    """Returns the lines of the table without its head."""
    head, *lines = output.splitlines()
    assert head.split() == ["model", "version", "protocol", "signature", "verdict"]
    return lines


def test_a_server_with_the_bundles_agrees(small: Path, ask: Callable[..., Any]) -> None:
    result = ask("--bundles", small)
    assert result.exit_code == 0, result.output
    lines = verdicts(result.stdout)
    found = [(line.split()[0], line.split()[2]) for line in lines]
    names = ("pictures", "sounds", "texts")
    assert found == [(name, protocol) for name in names for protocol in ("REST", "gRPC")]
    assert all(" agrees: " in line for line in lines)
    assert len(verdicts(ask("--bundles", small, "--no-grpc").stdout)) == 3


@pytest.mark.parametrize("name", ["score", "text", "label", "scores"])
def test_one_spoiled_answer_is_found(
    name: str, small: Path, served: StandIn, ask: Callable[..., Any]
) -> None:
    def spoil(outputs: dict[str, Any]) -> dict[str, Any]:
        if name not in outputs:
            return outputs
        value = outputs[name].copy()
        value[-1] = value[-1] + (b"." if value.dtype == object else np.float32(2e-4))
        return {**outputs, name: value}

    served.spoil = spoil
    result = ask("--bundles", small)
    assert result.exit_code == 1, result.output
    wrong = {line.split()[0] for line in verdicts(result.stdout) if " DIFFERS: " in line}
    assert wrong == ({"pictures"} if name in ("text", "score") else {"sounds", "texts"})


def test_a_bundle_that_is_not_served_differs(
    small: Path, tmp_path: Path, ask: Callable[..., Any]
) -> None:
    for name in ("texts", "more"):
        shutil.copytree(small / "texts", tmp_path / name)
    result = ask("--bundles", tmp_path)
    assert result.exit_code == 1
    first, *others = verdicts(result.stdout)
    assert "not served: Servable not found for request: Latest(more)" in first
    assert all(" agrees: " in line for line in others)


def test_a_bundle_without_examples_is_no_agreement(
    small: Path, tmp_path: Path, ask: Callable[..., Any]
) -> None:
    shutil.copytree(small / "texts", tmp_path / "texts")
    (tmp_path / "texts" / "golden" / "examples.npz").unlink()
    result = ask("--bundles", tmp_path)
    assert result.exit_code == 1
    assert "nothing to ask" in result.stdout


def test_no_server_is_one_sentence(small: Path, served: StandIn) -> None:
    for host in ("127.0.0.1", "a b", "no.such.host.invalid"):
        result = check("--host", host, "--rest-port", 1, "--bundles", small)
        assert result.exit_code == 2
        assert "no TF Serving answers there by REST" in error_of(result.stderr)
        assert result.stdout == ""
    ports = ("--rest-port", served.rest_port, "--grpc-port", 1)
    result = check("--host", "127.0.0.1", *ports, "--bundles", small)
    assert result.exit_code == 2
    assert "no TF Serving answers there by gRPC" in error_of(result.stderr)


def test_another_server_is_one_sentence(small: Path, served: StandIn) -> None:
    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<html>")

        def log_message(self, format: str, *arguments: Any) -> None:
            """Says nothing."""

    server = HTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        for port in (server.server_address[1], served.grpc_port):
            result = check("--host", "127.0.0.1", "--rest-port", port, "--bundles", small)
            assert result.exit_code == 2
            assert f":{port}: " in error_of(result.stderr)
    finally:
        server.shutdown()
        server.server_close()


def test_no_bundle_is_one_sentence(tmp_path: Path) -> None:
    result = check("--bundles", tmp_path)
    assert result.exit_code == 2
    assert "holds no bundle" in error_of(result.stderr)


def test_refusals_are_told_by_both_clients(served: StandIn) -> None:
    rest = RestClient("127.0.0.1", served.rest_port)
    assert rest.version("texts") == "1"
    with pytest.raises(Refused, match="Servable not found"):
        rest.version("poems")
    with GrpcClient("127.0.0.1", served.grpc_port) as by_grpc:
        for client in (rest, by_grpc):
            with pytest.raises(Refused, match="Servable not found"):
                client.predict("poems", "serving_default", ["a"])
            with pytest.raises(Refused, match=r"not found|has 0 inputs"):
                client.predict("texts", "greedy", ["a"])
            with pytest.raises(Refused):
                client.predict("pictures", "greedy", [b"no picture"])


def test_the_check_by_rest_needs_no_tensorflow(small: Path, served: StandIn) -> None:
    code = """
import sys
from click.testing import CliRunner
from common.serving.check import main
result = CliRunner().invoke(main, sys.argv[1:])
print(result.exit_code, "tensorflow" in sys.modules)
"""
    port = served.rest_port
    arguments = ("--host", "127.0.0.1", "--rest-port", port, "--no-grpc", "--bundles", small)
    done = run_code(code, *arguments)
    assert done.stdout == "0 False\n", done.stderr
