"""Serves folders to a page on this machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar
from urllib.parse import unquote, urlsplit


class _Handler(SimpleHTTPRequestHandler):
    folders: ClassVar[Mapping[str, Path]]
    extensions_map = {  # noqa: RUF012
        "": "application/octet-stream",
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".mjs": "text/javascript; charset=utf-8",
        ".json": "application/json",
        ".png": "image/png",
        ".wasm": "application/wasm",
        ".wav": "audio/wav",
    }

    def translate_path(self, path: str) -> str:
        name, _, rest = unquote(urlsplit(path).path).lstrip("/").partition("/")
        folder = self.folders.get(name)
        if folder is None or ".." in rest.split("/"):
            return "/nonexistent"
        return str(folder / rest)

    def end_headers(self) -> None:
        # Without these two a page has no SharedArrayBuffer, and so no threads.
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serving(folders: Mapping[str, Path]) -> Iterator[str]:
    """Serves folders by the first part of a path; gives the address, without a slash at its end.

    Args:
        folders: by name; `/name/rest` is the file `rest` of the folder.
    """
    handler = type("Handler", (_Handler,), {"folders": folders})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
