"""Which files the demo page consists of, and that nothing else is served."""

from __future__ import annotations

import dataclasses
import posixpath
import re
from pathlib import Path

import pytest

from common.demo.site import TYPES, Site
from common.errors import UserError
from tests.common.demo.conftest import written

REAL = Site(Path("exported"))
_IMPORT = re.compile(r"""(?:from|import)\s+'([^']+)'""")
_ADDRESS = re.compile(r"https?://[^\s'\"`]+")


def test_a_panel_is_what_an_application_says_in_its_folder(site: Site) -> None:
    birds, fish = site.manifest()["panels"]
    assert birds == {
        "app": "birds",
        "module": "/apps/birds/panel.js",
        "examples": ["/apps/birds/examples/a.wav", "/apps/birds/examples/b.wav"],
        "command": f"make train-birds OUT={site.bundles / 'birds'}",
        "data": "builtin",
        "artefacts": {
            "float32": {"url": "/models/birds/float32.tflite", "bytes": 5},
            "step": {"url": "/models/birds/step.tflite", "bytes": 4},
        },
    }
    assert (fish["app"], fish["artefacts"], fish["data"]) == ("fish", {}, None)


def test_another_application_is_another_folder(site: Site) -> None:
    written(site.apps, {"ants/demo/panel.js": ""})
    assert site.applications() == ["ants", "birds", "fish"]


def test_a_bundle_is_seen_as_soon_as_it_is_there(site: Site) -> None:
    written(site.bundles, {"fish/tflite/int8.tflite": b"1234567"})
    assert site.manifest()["panels"][1]["artefacts"]["int8"]["bytes"] == 7


def test_bundles_in_their_usual_place_need_no_name_in_the_command() -> None:
    assert [panel["command"] for panel in REAL.manifest()["panels"]] == [
        f"make train-{app}" for app in REAL.applications()
    ]


@pytest.mark.parametrize("which", ["small", "real"])
def test_every_file_that_the_page_is_told_of_is_served(site: Site, which: str) -> None:
    one = site if which == "small" else REAL
    files = one.manifest()["files"]
    assert files[0] == "/"
    assert len(set(files)) == len(files)
    for url in files:
        path = one.file(url)
        assert path is not None, url
        assert path.suffix in TYPES


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/page",
        "/page/",
        "/page/../apps/birds/application.py",
        "/page//etc/passwd",
        "/page/missing.js",
        "/apps/birds/application.py",
        "/apps/birds/../application.py",
        "/apps/whales/panel.js",
        "/apps/../apps/birds/panel.js",
        "/models/birds/other.tflite",
        "/models/birds/float32",
        "/models/birds/../model.keras",
        "/models/fish/float32.tflite",
        "/models/../birds/float32.tflite",
        "/runtime/../../page/a.js",
        "/bundles/birds/config.json",
    ],
)
def test_nothing_else_is_served(site: Site, url: str) -> None:
    assert site.file(url) is None


def test_a_link_does_not_lead_out_of_a_folder(site: Site, tmp_path: Path) -> None:
    (tmp_path / "secret.js").write_text("secret")
    (site.page / "link.js").symlink_to(tmp_path / "secret.js")
    assert site.file("/page/link.js") is None
    assert site.file("/page/a.js") == site.page / "a.js"


def test_without_the_runtime_the_page_is_refused(site: Site, tmp_path: Path) -> None:
    site.check()
    with pytest.raises(UserError, match="make demo gets it"):
        dataclasses.replace(site, modules=tmp_path / "nothing").check()


def test_bundles_that_are_a_file_are_refused(site: Site) -> None:
    with pytest.raises(UserError, match="is a file"):
        dataclasses.replace(site, bundles=site.page / "a.js").check()


def _own_files() -> list[str]:
    return [url for url in REAL.manifest()["files"][1:] if not url.startswith("/models/")]


def _text(url: str) -> str:
    path = REAL.file(url)
    assert path is not None
    return path.read_text(encoding="utf-8")


def test_every_module_that_a_module_wants_is_there() -> None:
    scripts = [url for url in _own_files() if url.endswith(".js")]
    wanted = {
        (url, name if name[0] == "/" else posixpath.normpath(f"{posixpath.dirname(url)}/{name}"))
        for url in scripts
        for name in _IMPORT.findall(_text(url))
        if name[0] != "@"
    }
    assert len(wanted) > len(scripts)
    missing = [pair for pair in wanted if REAL.file(pair[1]) is None]
    assert not missing


def test_common_modules_want_none_of_an_application() -> None:
    for url in _own_files():
        if url.endswith(".js"):
            wanted = [name for name in _IMPORT.findall(_text(url)) if "/apps/" in name]
            assert not wanted, url


def test_nothing_comes_from_elsewhere() -> None:
    texts = [url for url in _own_files() if not url.endswith((".png", ".wav"))]
    found = {address for url in ["/", *texts] for address in _ADDRESS.findall(_text(url))}
    assert found == {"http://www.w3.org/2000/svg"}  # the name of a kind of elements
