"""What users get wrong: one sentence naming the path, exit status 2, the old bundle untouched."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from apps.voice.application import APPLICATION
from tests.apps.command import content, run_code, run_command
from tests.apps.voice.conftest import RATE, SETTINGS, Trained, sweep


def _text(path: Path) -> None:
    path.write_text("this is a letter, not a sound\n" * 20)


def _truncated(path: Path) -> None:
    soundfile.write(path, sweep("rise", 1), RATE)
    path.write_bytes(path.read_bytes()[:-500])


def _promises_more(path: Path) -> None:
    soundfile.write(path, sweep("rise", 1), RATE)
    data = bytearray(path.read_bytes())
    at = data.index(b"data") + 4
    data[at : at + 4] = struct.pack("<I", 10**6)
    path.write_bytes(bytes(data))


def _no_samples(path: Path) -> None:
    soundfile.write(path, np.zeros(0), RATE)


def _not_a_number(path: Path) -> None:
    soundfile.write(path, np.array([0.1, np.nan, 0.2]), RATE, subtype="FLOAT")


def _one_hertz(path: Path) -> None:
    soundfile.write(path, sweep("rise", 1), 1)


def _a_megahertz(path: Path) -> None:
    soundfile.write(path, sweep("rise", 1), 1_000_000)


def _six_channels(path: Path) -> None:
    soundfile.write(path, np.stack([sweep("rise", 1)] * 6, axis=1), RATE)


BAD = [
    _text,
    _truncated,
    _promises_more,
    _no_samples,
    _not_a_number,
    _one_hertz,
    _a_megahertz,
    _six_channels,
]


@pytest.mark.parametrize("write", BAD, ids=lambda f: f.__name__.strip("_"))
def test_a_file_that_is_no_sound(
    trained: Trained, tmp_path: Path, write: Callable[[Path], None]
) -> None:
    path = tmp_path / "sound.wav"
    write(path)
    result = run_command(APPLICATION, "predict", "--bundle", trained.bundle, path)
    assert result.exit_code == 2
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"error: {path}: ")


def _classes(folder: Path, **counts: int) -> Path:
    number = 0
    for label, count in counts.items():
        (folder / label).mkdir(parents=True)
        for _ in range(count):
            number += 1
            soundfile.write(folder / label / f"{number}.wav", sweep("rise", number), RATE)
    return folder


@pytest.mark.parametrize(
    "counts, said",
    [
        ({"dog": 20}, "another class"),
        ({"dog": 20, "cat": 1}, "cat"),
        ({"dog": 20, "cat": 0}, "cat"),
        ({"dog": 20, "Dog": 20}, "Dog"),
        ({}, "no"),
    ],
)
def test_folders_that_nothing_can_be_learned_from(
    trained: Trained, tmp_path: Path, counts: dict[str, int], said: str
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    _classes(folder, **counts)
    before = content(trained.bundle)
    options = [s for s in SETTINGS if s not in ("--group-pattern", "^[a-z]+[0-9]+")]
    arguments = ("--data", folder, "--output", trained.bundle, *options)
    result = run_command(APPLICATION, "train", *arguments)
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.stderr
    assert said in result.stderr.splitlines()[-1] and str(folder) in result.stderr.splitlines()[-1]
    assert content(trained.bundle) == before


def test_unreadable_files_are_named_and_counted(trained: Trained, tmp_path: Path) -> None:
    """A link to nowhere cannot be read, whoever one is."""
    import shutil

    data, output = tmp_path / "data", tmp_path / "out"
    shutil.copytree(trained.data, data)
    lost = data / "train" / "rise" / "train0-lost.wav"
    lost.symlink_to(tmp_path / "nowhere.wav")
    arguments = ("--data", data, "--output", output, *SETTINGS, "--epochs", 1)
    result = run_command(
        APPLICATION,
        "train",
        *arguments,
        *(x for n in ("int8", "step_int8") for x in ("--without", n)),
    )
    assert result.exit_code == 0, result.output
    assert str(lost) in result.stderr
    assert "1 " in next(line for line in result.stderr.splitlines() if str(lost) in line)
    assert not (output / "tflite" / "int8.tflite").exists()


@pytest.mark.parametrize(
    "options, said",
    [
        (("--hop-length", 100), "multiple|twice"),
        (("--n-mfcc", 50), "n_mfcc"),
        (("--group-pattern", "["), "group-pattern|regular"),
    ],
)
def test_options_that_do_not_go_together(
    trained: Trained, tmp_path: Path, options: tuple[object, ...], said: str
) -> None:
    import re

    output = tmp_path / "out"
    arguments = ("--data", trained.data, "--output", output, *SETTINGS, *options)
    result = run_command(APPLICATION, "train", *arguments)
    assert result.exit_code == 2, result.output
    assert re.search(said, result.stderr.splitlines()[-1])
    assert not output.exists()


def test_hours_of_sound_need_no_more_memory_than_minutes(trained: Trained, tmp_path: Path) -> None:
    """Three hours at 8 kHz are 170 MB of samples; the process may not grow by a third of that."""
    code = """
import resource, sys
from apps.voice.application import APPLICATION
from common.command_line import make_commands
make_commands(APPLICATION)(sys.argv[1:], standalone_mode=False)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
    peaks = []
    for name, seconds in (("short", 60), ("long", 3 * 3600)):
        path = tmp_path / f"{name}.wav"
        block = np.tile(sweep("rise", 5, 0.5), 2)[:RATE]
        with soundfile.SoundFile(path, "w", RATE, 1, "PCM_16") as file:
            for _ in range(seconds):
                file.write(block)
        options = ("--bundle", trained.bundle, "--artefact", "int8")
        done = run_code(code, "predict", *options, path)
        assert done.returncode == 0, done.stderr
        answer, peak = done.stdout.splitlines()
        assert answer.split("\t")[0] in ("fall", "rise")
        peaks.append(int(peak) / 1024)
        path.unlink()
    assert peaks[1] - peaks[0] < 60
