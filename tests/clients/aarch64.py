"""LiteRT for aarch64, emulated: the processor of telephones and boards on any other machine.

A folder in `.cache` gets Debian's Python for arm64 (apt works out which packages that takes, in
folders of its own: the machine's packages stay as they are) and the aarch64 wheels of the versions
that are installed here. `qemu-aarch64-static` runs it.
"""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.clients.other_process import OtherProcess

CACHE = Path(__file__).parents[2] / ".cache"
_QEMU = "qemu-aarch64-static"
# A processor of telephones since 2018, named so that all versions of QEMU emulate the same one. The
# default has SME: with that, QEMU 7.2 computes LiteRT's 8-bit products wrongly.
_PROCESSOR = "cortex-a76"
_WHEELS = ("ai-edge-litert", "numpy")
_TAGS = ("manylinux_2_28_aarch64", "manylinux_2_27_aarch64", "manylinux2014_aarch64")
# LiteRT looks here for what the processor can; without the file, or with less in it, it crashes.
_CPUINFO = """\
processor\t: 0
BogoMIPS\t: 100.00
Features\t: fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid
CPU implementer\t: 0x41
CPU architecture: 8
CPU variant\t: 0x3
CPU part\t: 0xd0b
CPU revision\t: 1

"""


class UnavailableError(Exception):
    """The machine cannot be had here; the message says why, and what to install."""


def start() -> OtherProcess:
    """Starts `answering_litert.py` on the emulated machine, which is made if need be.

    Raises:
        UnavailableError: it cannot be made.
    """
    if platform.machine() == "aarch64":
        raise UnavailableError("this machine is an aarch64 itself: test_litert.py speaks for it")
    if shutil.which(_QEMU) is None:
        raise UnavailableError(f"no {_QEMU}: apt-get install qemu-user-static")
    root = made()
    environment = {
        "PATH": os.environ["PATH"],
        "QEMU_CPU": _PROCESSOR,
        "PYTHONHOME": str(root / "usr"),
        "PYTHONPATH": str(root / "site"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    script = Path(__file__).with_name("answering_litert.py")
    return OtherProcess([_QEMU, "-L", str(root), str(_python(root)), str(script)], environment)


def made() -> Path:
    """Returns the root folder of the machine; makes it where these versions have none yet.

    Raises:
        UnavailableError: something that it takes is missing.
    """
    versions = [f"{name}-{importlib.metadata.version(name)}" for name in _WHEELS]
    root = CACHE / "aarch64" / "_".join(versions)
    if root.is_dir():
        return root
    missing = [name for name in ("apt-get", "dpkg-deb") if shutil.which(name) is None]
    if missing:
        raise UnavailableError(f"no {missing[0]}: a system of Debian's kind has it")
    root.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root.parent) as folder:
        new = Path(folder) / "root"
        new.mkdir()
        for package in _debian_packages(Path(folder)):
            _run("dpkg-deb", "-x", package, new)
        _install_wheels(new)
        (new / "proc").mkdir()
        (new / "proc" / "cpuinfo").write_text(_CPUINFO, encoding="utf-8")
        new.rename(root)
    return root


def _python(root: Path) -> Path:
    return next(path for path in (root / "usr" / "bin").glob("python3.*") if path.is_file())


def _debian_packages(folder: Path) -> list[Path]:
    """Downloads Python for arm64, with all that it needs, as if nothing was installed."""
    state, cache = folder / "state", folder / "cache"
    (state / "lists" / "partial").mkdir(parents=True)
    (cache / "archives" / "partial").mkdir(parents=True)
    (state / "status").touch()
    options = {
        "APT::Architecture": "arm64",
        "APT::Architectures::": "arm64",
        "APT::Sandbox::User": "",
        "Dir::State": state,
        "Dir::State::status": state / "status",
        "Dir::Cache": cache,
        "Dir::Log": folder,
    }
    apt = ["apt-get", "-q", *(f"-o{name}={value}" for name, value in options.items())]
    _run(*apt, "update")
    wanted = ("python3", "libstdc++6")
    _run(*apt, "-y", "--no-install-recommends", "--download-only", "install", *wanted)
    return sorted((cache / "archives").glob("*.deb"))


def _install_wheels(root: Path) -> None:
    python = _python(root).name.removeprefix("python")
    pinned = [f"{name}=={importlib.metadata.version(name)}" for name in _WHEELS]
    tags = [f"--platform={tag}" for tag in _TAGS]
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-compile")
    options = (f"--target={root / 'site'}", f"--python-version={python}", "--only-binary=:all:")
    _run(*pip, *options, *tags, *pinned)


def _run(*command: object) -> None:
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False
    )
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise UnavailableError(f"{command[0]} failed: {lines[-1] if lines else 'no word'}")
