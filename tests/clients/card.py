"""Clients of `.tflite` files, of all applications, that know what the model cards say.

They know nothing of this project. Every runtime with LiteRT's methods for signatures drives them.
"""

from __future__ import annotations

import re
import unicodedata
import wave
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from tests.apps.device import END, Device
from tests.apps.translation.device import Translator
from tests.clients.answers import Answer, of_scores

WALK = "step"
"""How answers are called that a client found by many calls of the signature `step`."""


def answers(app: str, path: Path, interpreter: Any, raw: Iterable[str]) -> dict[str, list[Answer]]:
    """Asks a file in every way that it has.

    Args:
        app: name of the application.
        path: of the file.
        interpreter: that opened it.
        raw: texts, or paths of sound files or pictures.

    Returns:
        The answers by signature.
    """
    ask = {
        "sentiment": _sentiment,
        "voice": _voice,
        "translation": _translation,
        "captioning": _captioning,
    }[app]
    found: dict[str, list[Answer]] = {}
    for one in raw:
        for signature, answer in ask(path, interpreter, one):
            found.setdefault(signature, []).append(answer)
    assert found
    return found


Ways = Iterator[tuple[str, Answer]]


def _packed(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode()


# ------------------------------------------------------------------------ classifiers


def _sentiment(path: Path, interpreter: Any, text: str) -> Ways:
    ids = word_ids(_packed(path, "vocab.txt"), text)
    yield from _classified(
        path,
        interpreter,
        lambda shape: {"ids": _filled_up(ids, shape, np.int32)},
        [{"id": np.array([[one]], np.int32)} for one in ids],
    )


def word_ids(vocabulary: str, text: str, most: int = 64) -> list[int]:
    """Returns the ids of the words of a text, as the model card of sentiment says."""
    known = dict(line.rsplit(" ", 1) for line in vocabulary.splitlines())
    return [int(known.get(word, known["<UNKNOWN>"])) for word in _words(text)][:most]


def _words(text: str) -> Iterator[str]:
    for chunk in text.split():
        if all(unicodedata.category(sign) == "So" for sign in chunk):
            yield chunk
        else:
            yield from re.findall(r"\w+(?:['’]\w+)*", chunk)


def _voice(path: Path, interpreter: Any, clip: str) -> Ways:
    samples = samples_of(clip)
    hops = np.zeros((-(-len(samples) // 512), 512), np.float32)
    hops.reshape(-1)[: len(samples)] = samples
    yield from _classified(
        path,
        interpreter,
        lambda shape: {"waveform": _filled_up(samples, shape, np.float32)},
        [{"hop": hop[None]} for hop in hops],
    )


def samples_of(clip: str) -> NDArray[np.float32]:
    """Returns the samples of a 16-bit WAV file from -1 to 1."""
    with wave.open(clip) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (16000, 1, 2)
        frames = file.readframes(file.getnframes())
    return np.frombuffer(frames, "<i2").astype(np.float32) / np.float32(32768)


def _classified(path: Path, interpreter: Any, whole: Any, steps: list[Mapping[str, Any]]) -> Ways:
    labels = _packed(path, "labels.txt").splitlines()
    for signature in interpreter.get_signature_list():
        runner = interpreter.get_signature_runner(signature)
        given = runner.get_input_details()
        if signature == WALK:
            outputs = {
                name: np.zeros(detail["shape"], np.float32)
                for name, detail in given.items()
                if name not in steps[0]
            }
            states = outputs.keys()
            for step in steps:
                outputs = runner(**step, **{name: outputs[name] for name in states})
        else:
            ((_, detail),) = given.items()
            outputs = runner(**whole(detail["shape"]))
        yield signature, of_scores(labels, outputs["scores"][0].tolist())


def _filled_up(values: Any, shape: Any, dtype: Any) -> NDArray[Any]:
    """Returns a batch of one, the values followed by zeros."""
    batch = np.zeros(shape, dtype)
    assert len(values) <= batch.shape[1]
    batch[0, : len(values)] = values
    return batch


# ------------------------------------------------------------------------ generators


def _translation(path: Path, interpreter: Any, text: str) -> Ways:
    device = Translator(path, interpreter)
    ids = device.ids(text)
    assert len(ids) <= device.shape[1]
    most = len(ids) + len(ids) // 2 + 10
    yield from _generated(device, device.padded(ids), most)


def _captioning(path: Path, interpreter: Any, picture: str) -> Ways:
    device = Device(path, "vocab.txt", "caption", interpreter)
    yield from _generated(device, pixels(picture, device.shape[1])[None], 32)


def pixels(picture: str, size: int = 96) -> NDArray[np.uint8]:
    """Returns a picture as the model card of captioning says, `(size, size, 3)`."""
    with Image.open(picture) as opened:
        upright = ImageOps.exif_transpose(opened).convert("RGBA")
    white = Image.new("RGBA", upright.size, "white")
    flat = Image.alpha_composite(white, upright).convert("RGB")
    return np.asarray(flat.resize((size, size), Image.Resampling.BILINEAR))


def _generated(device: Device, given: NDArray[Any], most: int) -> Ways:
    there = device.interpreter.get_signature_list()
    for signature in there:
        if signature not in ("encode", WALK):
            asked = given.astype(np.float32) if signature.endswith("_float") else given
            ids, score = device.call(asked, signature)
            yield signature, Answer(device.text(ids), score)
    if WALK in there:
        tokens = [token for token, _ in device.search(given, most)]
        yield WALK, Answer(device.text([token for token in tokens if token != END]), None)
