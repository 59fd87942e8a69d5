"""Open any artefact of a bundle and have it score raw inputs, each through its own runtime."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from common.buckets import bucket_lengths, bucket_of
from common.bundle import TFLITE_ARTEFACTS, Bundle, artefact_path
from common.classification.application import Array, ClassifierApplication, FrontEnd
from common.latency import median_ms

_BATCH = 256
_POOL_BYTES = 2**26


class Scorer(ABC):
    """An artefact at work.

    Attributes:
        labels: the classes, in the order of the scores.
        front_end: what raw inputs go through.
    """

    labels: tuple[str, ...]
    front_end: FrontEnd

    @abstractmethod
    def scores(self, raw: Sequence[Any]) -> Iterator[tuple[int, Array]]:
        """Yields index and scores `(classes,)` of every raw input, in any order."""

    @abstractmethod
    def call(self, raw: Any) -> None:
        """Answers one raw input, as a client would; for measuring time."""

    def score_all(self, raw: Sequence[Any]) -> Array:
        """Returns the scores of all raw inputs, `(n, classes)` float32."""
        result = np.zeros((len(raw), len(self.labels)), np.float32)
        for index, scores in self.scores(raw):
            result[index] = scores
        return result

    def latency_ms(self, raw: Sequence[Any]) -> float:
        """Returns the median time of a call with one of these inputs, in milliseconds."""
        return median_ms(self.call, raw)


def _pooled(
    pieces: Iterable[tuple[int, Array, float]],
) -> Iterator[list[tuple[int, Array, float]]]:
    """Yields the pieces in lists that are long enough to sort by length and small enough to hold.

    So a sound of hours needs no more memory than a few windows of it.
    """
    pool: list[tuple[int, Array, float]] = []
    size = 0
    for piece in pieces:
        pool.append(piece)
        size += piece[1].nbytes
        if size > _POOL_BYTES:
            yield pool
            pool, size = [], 0
    if pool:
        yield pool


class _KerasScorer(Scorer):
    """`model.keras`, in batches of like length."""

    def __init__(self, application: ClassifierApplication, bundle: Bundle) -> None:
        import keras
        import tensorflow as tf

        application.import_layers()
        self.labels, self.front_end = bundle.labels, bundle.front_end(application)
        self.load(keras.saving.load_model(artefact_path(bundle.path, "keras"), compile=False), tf)

    def load(self, model: Any, tf: Any) -> None:
        self.run = tf.function(
            lambda batch: model(batch, training=False), reduce_retracing=True, autograph=False
        )
        self.buckets = bucket_lengths(self.front_end.max_timesteps)

    def scores(self, raw: Sequence[Any]) -> Iterator[tuple[int, Array]]:
        sums: dict[int, tuple[Array, float]] = {}
        pieces = ((i, *piece) for i, one in enumerate(raw) for piece in self.front_end.pieces(one))
        for some in _pooled(pieces):
            for index, scores, weight in self._run_all(some):
                total, weights = sums.get(index, (0.0, 0.0))
                sums[index] = total + weight * scores, weights + weight
        for index, (total, weights) in sums.items():
            yield index, total / weights

    def _run_all(
        self, pieces: Sequence[tuple[int, Array, float]]
    ) -> Iterator[tuple[int, Array, float]]:
        ordered = sorted(pieces, key=lambda piece: len(piece[1]))
        for start in range(0, len(ordered), _BATCH):
            indices, encoded, weights = zip(*ordered[start : start + _BATCH], strict=True)
            timesteps = bucket_of(len(encoded[-1]), self.buckets)
            scores = self.run(self.front_end.pad(encoded, timesteps)).numpy()
            yield from zip(indices, scores, weights, strict=True)

    def score_encoded(self, encoded: Sequence[Array]) -> Array:
        """Returns the scores `(n, classes)` of encoded pieces."""
        pieces = [(index, one, 1.0) for index, one in enumerate(encoded)]
        by_index = {index: scores for index, scores, _ in self._run_all(pieces)}
        return np.array([by_index[index] for index in range(len(encoded))])

    def call(self, raw: Any) -> None:
        for encoded, _ in self.front_end.pieces(raw):
            self.run(self.front_end.pad([encoded], bucket_of(len(encoded), self.buckets)))


class ModelScorer(_KerasScorer):
    """A Keras model in memory: the one against which all artefacts are compared."""

    def __init__(self, model: Any, labels: Sequence[str], front_end: FrontEnd) -> None:
        import tensorflow as tf

        self.labels, self.front_end = tuple(labels), front_end
        self.load(model, tf)


class _SavedModelScorer(Scorer):
    """The SavedModel's `serving_default`, raw inputs in batches."""

    def __init__(self, application: ClassifierApplication, bundle: Bundle) -> None:
        import tensorflow as tf

        self.labels, self.front_end = bundle.labels, bundle.front_end(application)
        self.application = application
        # The loaded object must be kept: it owns the variables of the signature.
        self.loaded = tf.saved_model.load(str(artefact_path(bundle.path, "saved_model")))
        self.run = self.loaded.signatures["serving_default"]
        self.tf = tf

    def _request(self, raw: Sequence[Any]) -> Any:
        request = self.application.server_request("serving_default", self.front_end, raw)
        return self.run(**{name: self.tf.constant(value) for name, value in request.items()})

    def scores(self, raw: Sequence[Any]) -> Iterator[tuple[int, Array]]:
        lengths = [len(self.front_end.encode(one)) for one in raw]
        order = np.argsort(lengths, kind="stable")  # a batch is as slow as its longest
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH].tolist()
            scores = self._request([raw[i] for i in batch])["scores"].numpy()
            yield from zip(batch, scores, strict=True)

    def call(self, raw: Any) -> None:
        self._request([raw])


class LiteScorer(Scorer):
    """A one-call TFLite file in the LiteRT interpreter, one thread; TensorFlow is not imported.

    Args:
        application: whose file it is.
        model: path of a file that has its metadata, or the bytes of one that has none yet.
        front_end: what feeds bytes; that of a path is packed in the file.
        labels: classes of bytes.
    """

    def __init__(
        self,
        application: ClassifierApplication,
        model: Path | bytes,
        front_end: FrontEnd | None = None,
        labels: Sequence[str] = (),
    ) -> None:
        from ai_edge_litert.interpreter import Interpreter

        from common.export.metadata import LABELS_FILE, read_associated_files

        source = (
            {"model_content": model} if isinstance(model, bytes) else {"model_path": str(model)}
        )
        self.interpreter = Interpreter(**source, num_threads=1)
        self.interpreter.allocate_tensors()
        self.inputs = self.interpreter.get_input_details()
        if front_end is None:
            files = read_associated_files(model)
            labels = files[LABELS_FILE].decode().splitlines()
            front_end = application.load_front_end(files, self.timesteps())
        self.labels, self.front_end = tuple(labels), front_end

    def timesteps(self) -> int:
        """The length for which the file was made."""
        return int(self.inputs[0]["shape"][1])

    def one(self, raw: Any) -> Array:
        """Returns the scores `(classes,)` of one raw input: the mean of those of its pieces."""
        total, weights = np.zeros(len(self.labels)), 0.0
        for encoded, weight in self.front_end.pieces(raw):
            total += weight * self.piece(encoded)
            weights += weight
        return np.asarray(total / weights, np.float32)

    def piece(self, encoded: Array) -> Array:
        padded = self.front_end.pad([encoded], self.front_end.max_timesteps)
        self.interpreter.set_tensor(self.inputs[0]["index"], padded)
        self.interpreter.invoke()
        output = self.interpreter.get_output_details()[0]["index"]
        return np.asarray(self.interpreter.get_tensor(output)[0])

    def score_encoded(self, encoded: Sequence[Array]) -> Array:
        """Returns the scores `(n, classes)` of encoded pieces."""
        return np.array([self.piece(one) for one in encoded])

    def scores(self, raw: Sequence[Any]) -> Iterator[tuple[int, Array]]:
        for index, one in enumerate(raw):
            yield index, self.one(one)

    def call(self, raw: Any) -> None:
        self.one(raw)


class StepScorer(LiteScorer):
    """A one-step TFLite file: called once a time step, its states handed back to it."""

    def __init__(
        self,
        application: ClassifierApplication,
        model: Path | bytes,
        front_end: FrontEnd | None = None,
        labels: Sequence[str] = (),
        max_timesteps: int | None = None,
    ) -> None:
        self.max_timesteps = max_timesteps
        super().__init__(application, model, front_end, labels)
        self.application = application
        self.runner = self.interpreter.get_signature_runner("step")
        details: Mapping[str, Any] = self.runner.get_input_details()
        outputs: Mapping[str, Any] = self.runner.get_output_details()
        self.states = {
            name: np.zeros(detail["shape"], detail["dtype"])
            for name, detail in details.items()
            if name in outputs
        }
        (self.step_input,) = set(details) - set(self.states)

    def timesteps(self) -> int:
        # A step model has no length of its own; this is how much of an input was read in training.
        return self.max_timesteps or 2**31 - 1

    def advance(
        self, step: Array, states: Mapping[str, Array]
    ) -> tuple[dict[str, Array], Mapping[str, Array]]:
        """Takes one time step; returns all inputs and all outputs by name."""
        inputs = {self.step_input: step, **states}
        return inputs, self.runner(**inputs)

    def walk(self, encoded: Array) -> Iterator[tuple[dict[str, Array], Mapping[str, Array]]]:
        """Yields inputs and outputs of one time step after the other."""
        states = self.states
        for step in self.application.steps(encoded):
            inputs, outputs = self.advance(step, states)
            yield inputs, outputs
            states = {name: outputs[name] for name in states}

    def piece(self, encoded: Array) -> Array:
        scores = np.zeros(0)
        for _, outputs in self.walk(encoded):
            scores = outputs["scores"]
        return np.asarray(scores[0])


def open_artefact(application: ClassifierApplication, bundle: Bundle, artefact: str) -> Scorer:
    """Opens an artefact of a bundle.

    Raises:
        UserError: the bundle has no such artefact.
    """
    path = bundle.require(artefact)
    if artefact == "keras":
        return _KerasScorer(application, bundle)
    if artefact == "saved_model":
        return _SavedModelScorer(application, bundle)
    if artefact.startswith("step"):
        return StepScorer(application, path, max_timesteps=bundle.max_timesteps)
    assert artefact in TFLITE_ARTEFACTS
    return LiteScorer(application, path)
