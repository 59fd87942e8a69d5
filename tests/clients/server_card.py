"""Clients of a SavedModel, of all applications, that know what the model cards say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tests.apps.device import Device
from tests.apps.translation.device import Translator
from tests.clients import card
from tests.clients.answers import Answer, of_scores

Values = Mapping[str, NDArray[Any]]


class Request(NamedTuple):
    """A call of a signature.

    Attributes:
        signature: its name.
        inputs: by name.
        beam: whether it follows several hypotheses.
    """

    signature: str
    inputs: Values
    beam: bool


def requests(app: str, bundle: Path, raw: Sequence[str]) -> list[Request]:
    """Returns calls of all signatures of an application, with these raw inputs as one batch.

    Args:
        app: name of the application.
        bundle: of it, for its vocabulary.
        raw: texts, or paths of sound files or pictures.
    """
    if app == "sentiment":
        vocabulary = (bundle / "vocab.txt").read_text(encoding="utf-8")
        ids = _padded([card.word_ids(vocabulary, text) for text in raw])
        return [
            Request("serving_default", {"text": _texts(raw)}, False),
            Request("ids", {"ids": ids}, False),
        ]
    if app == "voice":
        sounds = [card.samples_of(clip) for clip in raw]
        lengths = np.array([len(sound) for sound in sounds], np.int32)
        waveform = {"waveform": _padded(sounds), "length": lengths}
        return [
            Request("serving_default", {"wav": _files(raw)}, False),
            Request("waveform", waveform, False),
        ]
    if app == "translation":
        device = _device(app, bundle)
        ids = _padded([device.ids(text) for text in raw])
        return [*_generating({"text": _texts(raw)}), Request("tensors", {"ids": ids}, False)]
    assert app == "captioning"
    image = np.stack([card.pixels(picture) for picture in raw])
    return [
        *_generating({"image_bytes": _files(raw)}),
        Request("tensors", {"image": image}, False),
    ]


def answers(app: str, bundle: Path, outputs: Values) -> list[Answer]:
    """Returns the answers in the outputs of a call; what a call says twice has to be the same."""
    if "scores" in outputs:
        labels = (bundle / "labels.txt").read_text(encoding="utf-8").splitlines()
        found = [of_scores(labels, scores.tolist()) for scores in outputs["scores"]]
        assert [answer.text for answer in found] == [text.decode() for text in outputs["label"]]
        assert np.array_equal(outputs["score"], outputs["scores"].max(axis=1))
        return found
    device = _device(app, bundle)
    texts = [device.text(ids[ids > 0].tolist()) for ids in outputs["ids"]]
    if "text" in outputs:
        assert texts == [text.decode() for text in outputs["text"]]
    if "attention" in outputs:
        for looked, ids in zip(outputs["attention"], outputs["ids"], strict=True):
            count = int((ids > 0).sum())
            np.testing.assert_allclose(looked[:count].sum(axis=-1), 1, rtol=1e-4)
            assert not looked[count:].any()
    scores = outputs["score"].tolist()
    return [Answer(text, score) for text, score in zip(texts, scores, strict=True)]


def _device(app: str, bundle: Path) -> Any:
    path = bundle / "tflite" / "float32.tflite"
    return Translator(path) if app == "translation" else Device(path, "vocab.txt", "caption")


def _generating(inputs: Values) -> list[Request]:
    beams = {"serving_default": True, "greedy": False, "attention": True}
    return [Request(signature, inputs, beam) for signature, beam in beams.items()]


def _texts(raw: Sequence[str]) -> NDArray[Any]:
    return np.array([text.encode() for text in raw], object)


def _files(raw: Sequence[str]) -> NDArray[Any]:
    return np.array([Path(path).read_bytes() for path in raw], object)


def _padded(rows: Sequence[Any]) -> NDArray[Any]:
    dtype = np.int32 if isinstance(rows[0], list) else rows[0].dtype
    batch = np.zeros((len(rows), max(len(row) for row in rows)), dtype)
    for padded, row in zip(batch, rows, strict=True):
        padded[: len(row)] = row
    return batch
