"""Open any artefact of a bundle and have it answer raw inputs, each through its own runtime.

An input without a token (an empty line) has the empty answer with score 1, and nobody is asked: of
no token the geometric mean is 1. The exported files say the same where they are asked all the same.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from common.buckets import bucket_lengths, bucket_of
from common.bundle import ARTEFACTS, Bundle, artefact_path
from common.errors import UserError
from common.generation.application import Answer, Array, FrontEnd, GeneratorApplication
from common.generation.evaluation import BEAM, GREEDY, Search
from common.generation.settings import GeneratorSettings
from common.latency import median_ms
from common.settings import from_json
from common.text.pieces import END_ID, START_ID
from common.text.vocabulary import PAD_ID

# The file whose signatures a client drives that searches by itself, token by token.
STEP, _STEP_FILE = "step", "float32"
GREEDY_ONLY = (STEP, "int8")
"""Artefacts that do not follow several hypotheses."""

_BATCH = 128
_POOL_BYTES = 2**26
_NOTHING = Answer("", 1.0)


class Part(NamedTuple):
    """What one call answers: a raw input, or a part of one that is too long for a call."""

    raw: Any
    encoded: Array


class Scorer(ABC):
    """An artefact at work.

    Args:
        front_end: of the network.
    """

    def __init__(self, front_end: FrontEnd) -> None:
        self.front_end = front_end

    @abstractmethod
    def answer_parts(self, parts: Sequence[Part]) -> Iterator[tuple[int, Answer]]:
        """Yields index and answer of each part, in any order; none of them is empty."""

    def answers(self, raw: Sequence[Any]) -> Iterator[tuple[int, Answer]]:
        """Yields index and answer of every raw input, in any order."""
        for indices, parts in self._pools(raw):
            answers = self._answer_all(parts)
            for index, some in indices.items():
                yield index, self._joined([parts[i] for i in some], [answers[i] for i in some])

    def answer_all(self, raw: Sequence[Any]) -> list[Answer]:
        """Returns the answers to all raw inputs, in their order."""
        found = dict(self.answers(raw))
        return [found[index] for index in range(len(raw))]

    def latency_ms(self, raw: Sequence[Any]) -> float:
        """Returns the median time to answer one of these inputs by itself, in milliseconds."""
        return median_ms(lambda one: self.answer_all([one]), raw)

    def _pools(self, raw: Sequence[Any]) -> Iterator[tuple[dict[int, list[int]], list[Part]]]:
        """Yields parts, many enough to sort and few enough to hold, and whose they are."""
        indices: dict[int, list[int]] = {}
        parts: list[Part] = []
        size = 0
        for index, one in enumerate(raw):
            own = [Part(part, self.front_end.encode(part)) for part in self.front_end.parts(one)]
            indices[index] = list(range(len(parts), len(parts) + len(own)))
            parts += own
            size += sum(part.encoded.nbytes for part in own)
            if size > _POOL_BYTES:
                yield indices, parts
                indices, parts, size = {}, [], 0
        yield indices, parts

    def _answer_all(self, parts: Sequence[Part]) -> list[Answer]:
        found = [_NOTHING] * len(parts)
        asked = [i for i, part in enumerate(parts) if not self._is_empty(part)]
        for place, answer in self.answer_parts([parts[i] for i in asked]):
            found[asked[place]] = answer
        return found

    def _is_empty(self, part: Part) -> bool:
        return self.front_end.max_timesteps > 0 and not part.encoded.any()

    def _joined(self, parts: Sequence[Part], answers: Sequence[Answer]) -> Answer:
        """Makes one answer of those to its parts; the score is the mean over all their tokens."""
        some = [(p, a) for p, a in zip(parts, answers, strict=True) if not self._is_empty(p)]
        if len(some) < 2:
            return some[0][1] if some else _NOTHING
        # END counts as well, if there was room for it.
        counts = [min(len(a.ids) + 1, self.front_end.limit(p.encoded)) for p, a in some]
        logs = [math.log(a.score) if a.score > 0 else -math.inf for _, a in some]
        score = math.exp(sum(n * log for n, log in zip(counts, logs, strict=True)) / sum(counts))
        text = self.front_end.join([a.text for _, a in some])
        return Answer(text, score, tuple(i for _, a in some for i in a.ids))

    def _answer(self, ids: Array, score: float, text: str | None = None) -> Answer:
        """Makes an answer of the padded ids that a search returned."""
        tokens = ids[ids != PAD_ID].tolist()
        if text is None:
            text = self.front_end.vocabulary.decode(tokens)
        return Answer(text, float(score), tuple(tokens))

    def _by_length(self, parts: Sequence[Part]) -> Iterator[list[int]]:
        """Yields the indices of batches of like length: a batch is as slow as its longest."""
        order = np.argsort([len(part.encoded) for part in parts], kind="stable").tolist()
        for start in range(0, len(order), _BATCH):
            yield order[start : start + _BATCH]


class ModelScorer(Scorer):
    """A network in memory, in batches of like length: all artefacts are compared against it.

    Args:
        model: the network.
        front_end: of the network.
        width: of the search.
        length_penalty: of the search.
    """

    def __init__(
        self, model: Any, front_end: FrontEnd, width: int = 1, length_penalty: float = 1.0
    ) -> None:
        import tensorflow as tf

        super().__init__(front_end)
        self.run = tf.function(
            lambda given, limits: model.generate(
                given, limits, tf.reduce_max(limits), width, length_penalty
            ),
            reduce_retracing=True,
            autograph=False,
        )
        self.buckets = bucket_lengths(max(front_end.max_timesteps, 1))

    def answer_parts(self, parts: Sequence[Part]) -> Iterator[tuple[int, Answer]]:
        for batch in self._by_length(parts):
            encoded = [parts[i].encoded for i in batch]
            limits = np.array([self.front_end.limit(one) for one in encoded], np.int32)
            steps = self.front_end.max_timesteps and bucket_of(len(encoded[-1]), self.buckets)
            ids, scores = self.run(self.front_end.pad(encoded, steps), limits)
            for index, row, score in zip(batch, ids.numpy(), scores.numpy(), strict=True):
                yield index, self._answer(row, score)


class _SavedModelScorer(Scorer):
    """The SavedModel, raw inputs in batches; the text is that which its graph makes."""

    def __init__(self, application: GeneratorApplication, bundle: Bundle, search: Search) -> None:
        import tensorflow as tf

        super().__init__(_front_end(application, bundle))
        # The loaded object must be kept: it owns the variables of the signature.
        self.loaded = tf.saved_model.load(str(artefact_path(bundle.path, "saved_model")))
        self.run = self.loaded.signatures["serving_default" if search == BEAM else GREEDY]
        (self.input_name,) = self.run.structured_input_signature[1]
        self.application, self.constant = application, tf.constant

    def answer_parts(self, parts: Sequence[Part]) -> Iterator[tuple[int, Answer]]:
        for batch in self._by_length(parts):
            request = self.application.request(self.front_end, [parts[i].raw for i in batch])
            outputs = self.run(**{self.input_name: self.constant(request)})
            rows = (outputs[name].numpy() for name in ("ids", "score", "text"))
            for index, ids, score, text in zip(batch, *rows, strict=True):
                yield index, self._answer(ids, score, text.decode())


class LiteScorer(Scorer):
    """The whole search in one call of a TFLite file, one thread; TensorFlow is not imported.

    Args:
        application: whose file it is.
        path: of the file; its front end is packed in it.
        search: "greedy" or "beam".
    """

    def __init__(self, application: GeneratorApplication, path: Path, search: Search) -> None:
        super().__init__(_packed_front_end(application, path))
        signature = application.signature + ("_beam" if search == BEAM else "")
        self.run = _interpreter(path).get_signature_runner(signature)
        self.input_name = application.input_name

    def answer_parts(self, parts: Sequence[Part]) -> Iterator[tuple[int, Answer]]:
        for index, part in enumerate(parts):
            given = self.front_end.pad([part.encoded], self.front_end.max_timesteps)
            outputs = self.run(**{self.input_name: given})
            yield index, self._answer(outputs["ids"][0], outputs["score"][0])


class StepScorer(Scorer):
    """A client that searches by itself: `encode` once, then `step` for each token, greedily.

    Args:
        application: whose file it is.
        path: of a TFLite file; its front end is packed in it.
    """

    def __init__(self, application: GeneratorApplication, path: Path) -> None:
        super().__init__(_packed_front_end(application, path))
        interpreter = _interpreter(path)
        self.encode = interpreter.get_signature_runner("encode")
        self.step = interpreter.get_signature_runner("step")
        self.input_name = application.input_name

    def answer_parts(self, parts: Sequence[Part]) -> Iterator[tuple[int, Answer]]:
        for index, part in enumerate(parts):
            given = self.front_end.pad([part.encoded], self.front_end.max_timesteps)
            first = self.encode(**{self.input_name: given})
            ids, score = self._walk(first, self.front_end.limit(part.encoded))
            yield index, self._answer(ids, score)

    def encode_ms(self, raw: Sequence[Any]) -> float:
        """Returns the median time to encode one input, in milliseconds, of its first part."""
        encoded = [self.front_end.encode(self.front_end.parts(one)[0]) for one in raw]
        given = [self.front_end.pad([one], self.front_end.max_timesteps) for one in encoded]
        return median_ms(lambda one: self.encode(**{self.input_name: one}), given)

    def _walk(self, values: Mapping[str, Array], limit: int) -> tuple[Array, float]:
        """Takes the likeliest token after each, until END or the limit."""
        values, token, ids, total, count = dict(values), START_ID, [], 0.0, 0
        while count < limit and token != END_ID:
            outputs = self.step(token=np.array([token], np.int32), **values)
            values.update({name: outputs[name] for name in values if name in outputs})
            logs = _log_probabilities(outputs["logits"][0], count == 0)
            token = int(np.argmax(logs))
            ids.append(token)
            total, count = total + float(logs[token]), count + 1
        found = np.array(ids)
        return found[found != END_ID], math.exp(total / count)


def open_artefact(
    application: GeneratorApplication, bundle: Bundle, artefact: str, search: Search = GREEDY
) -> Scorer:
    """Opens an artefact of a bundle.

    Args:
        application: whose bundle it is.
        bundle: the bundle.
        artefact: one of `artefacts(bundle)`. "step" is the float32 file, its one-step signatures
            driven from outside.
        search: how sentences are found.

    Raises:
        UserError: the bundle has no such artefact, or "step" is asked for beam search.
    """
    if artefact in GREEDY_ONLY and search != GREEDY:
        raise UserError(f"the artefact {artefact} searches greedily; ask another, or for greedy")
    path = bundle.require(_STEP_FILE if artefact == STEP else artefact)
    if artefact == "keras":
        return _open_keras(application, bundle, search)
    if artefact == "saved_model":
        return _SavedModelScorer(application, bundle, search)
    if artefact == STEP:
        return StepScorer(application, path)
    return LiteScorer(application, path, search)


def artefacts(bundle: Bundle) -> list[str]:
    """Returns the artefacts that can be opened, in the order of `common.bundle.ARTEFACTS`."""
    there = {*bundle.artefacts()} - {STEP}
    if _STEP_FILE in there:
        there.add(STEP)
    return [artefact for artefact in ARTEFACTS if artefact in there]


def _open_keras(application: GeneratorApplication, bundle: Bundle, search: Search) -> Scorer:
    import keras

    application.import_layers()
    model = keras.saving.load_model(artefact_path(bundle.path, "keras"), compile=False)
    settings: GeneratorSettings = from_json(application.settings, bundle.config["settings"])
    width = settings.beam if search == BEAM else 1
    return ModelScorer(model, _front_end(application, bundle), width, settings.length_penalty)


def _front_end(application: GeneratorApplication, bundle: Bundle) -> FrontEnd:
    names = bundle.config["front_end_files"]
    return application.load_front_end({name: (bundle.path / name).read_bytes() for name in names})


def _packed_front_end(application: GeneratorApplication, path: Path) -> FrontEnd:
    from common.export.metadata import read_associated_files

    return application.load_front_end(read_associated_files(path))


def _interpreter(path: Path) -> Any:
    from ai_edge_litert.interpreter import Interpreter

    return Interpreter(model_path=str(path), num_threads=1)


def _log_probabilities(logits: Array, first: bool) -> Array:
    """Of the tokens that may come; as `common.generation.search` has it, in NumPy."""
    shifted = logits - logits.max()
    logs = shifted - np.log(np.exp(shifted).sum())
    logs[[PAD_ID, START_ID, *([END_ID] if first else [])]] = -np.inf
    return np.asarray(logs)
