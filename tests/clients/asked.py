"""The same raw inputs for every client of an application, and what Keras answers."""

from __future__ import annotations

import importlib
import wave
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from tests.apps.command import rows, run_command

# Inputs of an application, half of which come from its embedded test split.
COUNT = 8
_TEXTS = (
    "I expected to hate it. I was wrong.",
    "NOT bad at all, it's good!",
    "Schön! Très bien, señor… 👍",
    "word " * 200,
)
_SENTENCES = (
    "¿Dónde está el perro?",
    "la niña come.",
    "El niño no canta y la mujer canta.",
    "Un zyxwv rojo.",
)


class Asked(NamedTuple):
    """What was asked and answered.

    Attributes:
        raw: texts, or paths of sound files or pictures.
        answers: of the Keras network, one for each.
        scores: of the answers; of a classifier, of every class by name.
    """

    raw: tuple[str, ...]
    answers: tuple[str, ...]
    scores: tuple[float | dict[str, float], ...]


def application(app: str) -> Any:
    """Returns the `APPLICATION` of a name."""
    return importlib.import_module(f"apps.{app}.application").APPLICATION


@cache
def raw_inputs(app: str, folder: Path) -> list[str]:
    """Returns raw inputs of an application; those that are files are written into a folder."""
    if app == "sentiment":
        from apps.sentiment.builtin import generate as texts

        return [*_TEXTS, *(text for text, _ in texts()["test"][: COUNT - len(_TEXTS)])]
    if app == "translation":
        from apps.translation.builtin import generate as pairs

        some = pairs()["test"][: COUNT - len(_SENTENCES)]
        return [*_SENTENCES, *(source for source, _ in some)]
    if app == "captioning":
        from apps.captioning.builtin import generate as drawn

        return [_written(folder / f"{one.name}.png", one.png()) for one in drawn()["test"][:COUNT]]
    if app == "voice":
        return [_clip(folder, number) for number in range(COUNT)]
    raise ValueError(f"no inputs are known for {app}")


def _written(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    return str(path)


def _clip(folder: Path, number: int) -> str:
    from apps.voice.builtin.corpus import utterance
    from apps.voice.builtin.tract import SAMPLE_RATE

    path = folder / f"clip-{number}.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(utterance(0, "test", number).samples.astype("<i2").tobytes())
    return str(path)


@cache
def ask(app: str, bundle: Path, folder: Path, artefact: str = "keras") -> Asked:
    """Asks an artefact of a bundle, by the command line.

    Args:
        app: name of the application.
        bundle: of it.
        folder: for the files of inputs.
        artefact: who is asked.
    """
    return ask_about(app, bundle, tuple(raw_inputs(app, folder)), artefact)


@cache
def ask_about(app: str, bundle: Path, raw: tuple[str, ...], artefact: str = "keras") -> Asked:
    """Asks as `ask`, about these raw inputs."""
    result = run_command(
        application(app), "predict", "--bundle", bundle, "--artefact", artefact, "--json", *raw
    )
    assert result.exit_code == 0, result.output
    found = rows(result.stdout)
    assert len(found) == len(raw)
    return Asked(
        raw,
        tuple(row["answer"] for row in found),
        tuple(row.get("scores", row["score"]) for row in found),
    )


def apps() -> Sequence[str]:
    """Returns the names of all applications."""
    folder = Path(__file__).parents[2] / "apps"
    return sorted(path.parent.name for path in folder.glob("*/__main__.py"))
