"""Hear a live sound hop by hop with the one-step file; no TensorFlow is needed.

listener = Listener("exported/voice/tflite/step.tflite")
for moment in listener.listen(blocks_of_samples):
    print(moment.seconds, listener.labels[moment.scores.argmax()])
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from apps.voice.front_end import FRONT_END_FILE, FULL_SCALE, SoundFrontEnd


@dataclass(frozen=True)
class Moment:
    """What is known after a hop.

    Attributes:
        seconds: of sound heard so far.
        scores: of the classes, `(classes,)`, if the sound ended here.
    """

    seconds: float
    scores: NDArray[np.float32]


class Listener:
    """A one-step TFLite file and its states.

    Args:
        model: path of `step.tflite` or `step_int8.tflite`.

    Attributes:
        labels: the classes, in the order of the scores.
        sample_rate: of the samples it takes.
        hop_length: samples of a step.

    Raises:
        ValueError: the file is none of these.
    """

    def __init__(self, model: str | Path) -> None:
        from ai_edge_litert.interpreter import Interpreter

        from common.export.metadata import LABELS_FILE, read_associated_files

        files = read_associated_files(Path(model))
        if FRONT_END_FILE not in files:
            raise ValueError(f"{model}: is no file of a voice bundle")
        self.front_end = SoundFrontEnd.from_files(files)
        self.labels = tuple(files[LABELS_FILE].decode().splitlines())
        self.sample_rate = self.front_end.parameters.sample_rate
        self.hop_length = self.front_end.parameters.hop_length
        self.interpreter = Interpreter(model_path=str(model), num_threads=1)
        if "step" not in self.interpreter.get_signature_list():
            raise ValueError(f"{model}: hears whole windows; take step.tflite or step_int8.tflite")
        self._runner = self.interpreter.get_signature_runner("step")
        outputs = self._runner.get_output_details()
        self._zeros = {
            name: np.zeros(detail["shape"], np.float32)
            for name, detail in self._runner.get_input_details().items()
            if name in outputs
        }
        self.reset()

    def reset(self) -> None:
        """Forgets everything heard so far."""
        self.start_afresh()
        self._rest = np.zeros(0, np.float32)

    def start_afresh(self) -> None:
        """Begins anew with the next hop: states of zeros, samples already fed are not lost."""
        self._states: dict[str, Any] = dict(self._zeros)
        self._hops = 0

    def feed(self, samples: NDArray[Any]) -> Iterator[Moment]:
        """Hears the next samples, however many; yields a moment for each hop that is complete.

        Args:
            samples: int16, or floats from -1 to 1, `(n,)`.
        """
        if samples.dtype == np.int16:
            samples = samples / np.float32(FULL_SCALE)
        self._rest = np.concatenate([self._rest, samples.astype(np.float32, copy=False)])
        while len(self._rest) >= self.hop_length:
            hop, self._rest = np.split(self._rest, [self.hop_length])
            yield self._step(hop)

    def finish(self) -> Iterator[Moment]:
        """Hears what is left of the last hop, filled up with zeros; a moment if there is any."""
        if len(self._rest):
            missing = self.hop_length - len(self._rest)
            yield from self.feed(np.zeros(missing, np.float32))

    def listen(self, blocks: Iterable[NDArray[Any]]) -> Iterator[Moment]:
        """Hears blocks of samples of any sizes to their end; the first follows what was heard."""
        for block in blocks:
            yield from self.feed(block)
        yield from self.finish()

    def _step(self, hop: NDArray[np.float32]) -> Moment:
        outputs = self._runner(hop=hop[None], **self._states)
        self._states = {name: outputs[name] for name in self._states}
        self._hops += 1
        seconds = self._hops * self.hop_length / self.sample_rate
        return Moment(seconds, outputs["scores"][0])


def changes(
    listener: Listener, blocks: Iterable[NDArray[Any]], settle: float = 0.5
) -> Iterator[Moment]:
    """Yields a moment whenever the answer to a live sound becomes another.

    A network has been trained on clips; so it hears the stream window by window, as it hears a file
    that is longer than a window, and starts afresh with each.

    Args:
        listener: at its beginning.
        blocks: of samples.
        settle: seconds of each window after which its answer counts.
    """
    before, window = 0.0, listener.front_end.window_seconds
    last = -1
    for moment in listener.listen(blocks):
        answer = int(moment.scores.argmax())
        if moment.seconds >= min(settle, window) and answer != last:
            last = answer
            yield Moment(before + moment.seconds, moment.scores)
        if moment.seconds >= window - 1e-9:
            before += moment.seconds
            listener.start_afresh()
