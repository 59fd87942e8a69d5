"""The HTTP server of the demo page: files of a `Site`, and nothing from anywhere else."""

from __future__ import annotations

import base64
import errno
import hashlib
import json
import re
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

from common.demo.site import TYPES, Site
from common.errors import UserError

MANIFEST = "/site.json"
WORKER = "/page/worker.js"

_IMPORT_MAP = re.compile(rb'<script type="importmap">(.*?)</script>', re.DOTALL)


class DemoServer(ThreadingHTTPServer):
    """Serves a site until `shutdown`.

    Args:
        site: what is served.
        host: address to listen at.
        port: to listen at; 0 takes one that is free.

    Raises:
        UserError: the address cannot be had.
    """

    daemon_threads = True

    def __init__(self, site: Site, host: str = "127.0.0.1", port: int = 0) -> None:
        self.site = site
        try:
            super().__init__((host, port), _Handler)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise UserError(
                    f"port {port} of {host} is in use; give --port another, or 0 for one that is "
                    "free"
                ) from None
            raise UserError(
                f"cannot listen at {host}, port {port} ({error.strerror or error}); give other "
                "--host and --port"
            ) from None
        except OverflowError:
            raise UserError(f"{port} is no port; give --port from 0 to 65535") from None

    @property
    def address(self) -> str:
        """The address of the page."""
        host, port = self.server_address[:2]
        # Browsers give microphone and camera to this name without https.
        name = "localhost" if host in ("127.0.0.1", "0.0.0.0") else str(host)
        return f"http://{name}:{port}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Says nothing of browsers that hang up in the middle of a file."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: DemoServer

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def _answer(self, with_body: bool) -> None:
        url = unquote(urlsplit(self.path).path)
        if url == MANIFEST:
            self._send(json.dumps(self.server.site.manifest()).encode(), ".json", with_body)
            return
        path = self.server.site.file(url)
        if path is None:
            self._send(b"nothing is here\n", ".txt", with_body, HTTPStatus.NOT_FOUND)
            return
        try:
            content = path.read_bytes()
        except OSError:
            self._send(b"cannot be read\n", ".txt", with_body, HTTPStatus.INTERNAL_SERVER_ERROR)
            return
        self._send(content, path.suffix, with_body)

    def _send(
        self, content: bytes, suffix: str, with_body: bool, status: HTTPStatus = HTTPStatus.OK
    ) -> None:
        tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        policy = _policy(content) if suffix == ".html" else None
        if status == HTTPStatus.OK and self.headers.get("If-None-Match") == tag:
            status, content = HTTPStatus.NOT_MODIFIED, b""
        self.send_response(status)
        self.send_header("Content-Type", TYPES.get(suffix, "text/plain; charset=utf-8"))
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-cache")  # kept, but asked for each time
        self.send_header("ETag", tag)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        if policy:
            # Also with "not modified": a browser keeps the latest headers of what it has.
            self.send_header("Content-Security-Policy", policy)
        if urlsplit(self.path).path == WORKER:  # without it, it rules over its own folder alone
            self.send_header("Service-Worker-Allowed", "/")
        self.end_headers()
        if with_body:
            self.wfile.write(content)


def _policy(page: bytes) -> str:
    """Returns what the page may load: files of this server, and what it makes itself."""
    maps = (hashlib.sha256(text).digest() for text in _IMPORT_MAP.findall(page))
    inline = "".join(f" 'sha256-{base64.b64encode(one).decode()}'" for one in maps)
    return (
        f"default-src 'self'; script-src 'self' 'wasm-unsafe-eval'{inline}; "
        "img-src 'self' blob: data:; media-src 'self' blob:; object-src 'none'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
