"""The golden examples of a bundle as a server is asked them: raw inputs, and what must come back.

Sounds and pictures are kept as the network takes them, so they are written as files of a kind that
loses nothing, WAV and PNG; texts are kept as they are.
"""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from common.audio.sound import wav_bytes
from common.bundle import Bundle
from common.errors import UserError
from common.golden import FILE, UNREADABLE, damaged, read_examples

TOLERANCE = 1e-4

_FULL_SCALE = 32768


@dataclass(frozen=True)
class Golden:
    """Inputs of a bundle with their answers.

    Attributes:
        signature: the one that is asked; it has one input, of strings.
        raw: inputs: texts, or contents of files.
        text: the sentence that a generator makes of each; of a classifier, the class.
        scores: of a classifier `(inputs, classes)`, of a generator `(inputs,)`.
        text_output, scores_output: names of the outputs.
    """

    signature: str
    raw: tuple[str | bytes, ...]
    text: tuple[str, ...]
    scores: NDArray[np.float32]
    text_output: str
    scores_output: str

    def body(self, count: int | None = None) -> str:
        """Returns the first inputs as the body of a REST request."""
        return rest_body(self.signature, self.raw[:count])

    def differences(self, outputs: dict[str, Any]) -> tuple[int, float]:
        """Compares what a server answered.

        Args:
            outputs: rows by the names of the outputs.

        Returns:
            How many texts are others, and the largest difference of a score; an answer of another
            form differs in everything.
        """
        try:
            texts = list(outputs[self.text_output])
            scores = np.asarray(outputs[self.scores_output], np.float64)
        except (KeyError, TypeError, ValueError):
            return len(self.raw), float("inf")
        if len(texts) != len(self.text) or scores.shape != self.scores.shape:
            return len(self.raw), float("inf")
        others = sum(one != other for one, other in zip(texts, self.text, strict=True))
        apart = np.abs(scores - self.scores).max(initial=0.0)
        return others, float(apart) if np.isfinite(apart) else float("inf")


def rest_body(signature: str, raw: Sequence[str | bytes]) -> str:
    """Returns the body of a REST request in the row format; bytes go as base64."""
    rows = [
        {"b64": base64.b64encode(one).decode()} if isinstance(one, bytes) else one for one in raw
    ]
    return json.dumps({"signature_name": signature, "instances": rows}, ensure_ascii=False)


def read_golden(bundle: Bundle) -> Golden:
    """Reads the golden examples of a bundle.

    Raises:
        UserError: they are missing or damaged.
    """
    arrays = read_examples(bundle.path)
    try:
        raw = _raw(bundle, arrays)
        if not raw:
            raise UserError(f"{bundle.path / FILE}: holds no example; train on more data")
        if "text" in arrays:  # greedy search, as it was asked when they were made
            text = tuple(map(str, arrays["text"]))
            return Golden("greedy", raw, text, arrays["scores"], "text", "score")
        best = arrays["scores"].argmax(axis=-1)
        text = tuple(bundle.labels[i] for i in best)
        return Golden("serving_default", raw, text, arrays["scores"], "label", "scores")
    except UNREADABLE as error:
        raise damaged(bundle.path, error) from error


def _raw(bundle: Bundle, arrays: dict[str, NDArray[Any]]) -> tuple[str | bytes, ...]:
    given = arrays.get("inputs")
    if given is not None and given.dtype == np.uint8:
        return tuple(map(_png, given))
    if given is not None and given.dtype == np.float32:
        rate = int(bundle.config["settings"]["sample_rate"])
        return tuple(_wav(one, rate) for one in given)
    return tuple(str(text).encode("utf-8", "replace").decode() for text in arrays["raw"])


def _png(pixels: NDArray[np.uint8]) -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def _wav(samples: NDArray[np.float32], rate: int) -> bytes:
    """Writes samples that stand on the 16-bit grid; the padding at the end is left out."""
    whole = np.rint(samples * _FULL_SCALE)
    if (whole / _FULL_SCALE != samples).any():
        raise ValueError("samples that are not of 16 bits")
    length = max(1, int(np.flatnonzero(whole).max(initial=0)) + 1)
    return wav_bytes(whole[:length].astype(np.int16), rate)
