"""The HTTP server of the demo page, and its command, without a browser."""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from common.demo.server import MANIFEST, WORKER, DemoServer
from common.demo.site import Site
from common.errors import UserError
from tests.apps.command import ROOT

Answer = tuple[int, dict[str, str], bytes]


@pytest.fixture
def server(site: Site) -> Iterator[DemoServer]:
    with DemoServer(site) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def _ask(server: DemoServer, url: str, method: str = "GET", **headers: str) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=10)
    connection.request(method, url, headers={k.replace("_", "-"): v for k, v in headers.items()})
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response.status, dict(response.getheaders()), content


@pytest.mark.parametrize(
    ("url", "kind", "content"),
    [
        ("/", "text/html; charset=utf-8", b'<script type="importmap">{}</script>'),
        ("/page/a.js", "text/javascript; charset=utf-8", b"a"),
        ("/page/a.js?again", "text/javascript; charset=utf-8", b"a"),
        ("/page/%61.js", "text/javascript; charset=utf-8", b"a"),
        ("/apps/birds/examples/a.wav", "audio/wav", b"RIFF"),
        ("/models/birds/float32.tflite", "application/octet-stream", b"model"),
        ("/runtime/core/dist/index.js", "text/javascript; charset=utf-8", b"r"),
    ],
)
def test_a_file_comes_with_its_kind(
    server: DemoServer, url: str, kind: str, content: bytes
) -> None:
    status, headers, found = _ask(server, url)
    assert (status, headers["Content-Type"], found) == (200, kind, content)
    assert headers["Content-Length"] == str(len(content))
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_manifest(server: DemoServer, site: Site) -> None:
    status, headers, content = _ask(server, MANIFEST)
    assert (status, headers["Content-Type"]) == (200, "application/json")
    assert json.loads(content) == site.manifest()


@pytest.mark.parametrize("url", ["/page/%2e%2e/apps/birds/application.py", "/x"])
def test_what_is_not_there(server: DemoServer, url: str) -> None:
    status, headers, content = _ask(server, url)
    assert (status, content) == (404, b"nothing is here\n")
    assert headers["Content-Type"].startswith("text/plain")


def test_head_has_no_content(server: DemoServer) -> None:
    status, headers, content = _ask(server, "/models/birds/float32.tflite", "HEAD")
    assert (status, headers["Content-Length"], content) == (200, "5", b"")


def test_a_file_that_a_browser_has_is_not_sent_again(server: DemoServer, site: Site) -> None:
    url = "/models/birds/float32.tflite"
    tag = _ask(server, url)[1]["ETag"]
    assert _ask(server, url, If_None_Match=tag)[::2] == (304, b"")
    (site.bundles / "birds/tflite/float32.tflite").write_bytes(b"anew")
    assert _ask(server, url, If_None_Match=tag)[::2] == (200, b"anew")


def test_the_page_runs_its_own_scripts_alone(server: DemoServer) -> None:
    policy = _ask(server, "/")[1]["Content-Security-Policy"]
    digest = base64.b64encode(hashlib.sha256(b"{}").digest()).decode()
    assert f"script-src 'self' 'wasm-unsafe-eval' 'sha256-{digest}';" in policy
    assert policy.startswith("default-src 'self';")


def test_a_page_that_a_browser_has_keeps_its_policy(server: DemoServer) -> None:
    _, before, _ = _ask(server, "/")
    status, headers, _ = _ask(server, "/", If_None_Match=before["ETag"])
    assert status == 304
    assert headers["Content-Security-Policy"] == before["Content-Security-Policy"]


def test_the_worker_may_answer_for_the_whole_page(server: DemoServer) -> None:
    assert _ask(server, WORKER)[1]["Service-Worker-Allowed"] == "/"
    assert "Service-Worker-Allowed" not in _ask(server, "/page/a.js")[1]


def test_a_port_in_use_is_refused(server: DemoServer, site: Site) -> None:
    port = int(server.server_address[1])
    with pytest.raises(UserError, match=f"port {port} of 127.0.0.1 is in use; give --port"):
        DemoServer(site, port=port)


def test_no_port_is_refused(site: Site) -> None:
    with pytest.raises(UserError, match="65536 is no port"):
        DemoServer(site, port=65536)


def _command(*arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "common.demo", "--no-open", *map(str, arguments)]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_the_command_serves_until_it_is_interrupted(tmp_path: Path) -> None:
    if not (ROOT / "common/demo/node_modules/@litertjs").is_dir():
        pytest.skip("LiteRT.js is not there: make demo gets it")
    with _command("--bundles", tmp_path, "--port", 0) as process:
        assert process.stdout is not None
        match = re.fullmatch(r"http://localhost:(\d+)/\n", process.stdout.readline())
        assert match is not None
        connection = http.client.HTTPConnection("127.0.0.1", int(match[1]), timeout=10)
        connection.request("GET", "/")
        assert b"<title>Recur</title>" in connection.getresponse().read()
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=10)
    assert process.returncode == 0
    lines = said.splitlines()
    assert f"no model of voice: make train-voice OUT={tmp_path / 'voice'}" in lines
    assert lines[-1] == "ended"


def test_a_mistake_is_told_in_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    with _command("--bundles", file) as process:
        out, said = process.communicate(timeout=10)
    assert (process.returncode, out) == (2, "")
    assert len(said.splitlines()) == 1
    assert said.startswith("error: ")
