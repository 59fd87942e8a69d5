"""What the exported files of a generator can be asked, as functions in the graph.

An input without a token is answered by no token with a score of 1, wherever it is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import tensorflow as tf

from common.generation.application import FrontEnd, GeneratorApplication
from common.generation.network import Generator
from common.generation.search import Sentences
from common.generation.settings import GeneratorSettings
from common.recurrent.layer import unfolded_as
from common.text.pieces import START_ID
from common.text.pieces_in_graph import PiecesToText
from common.text.vocabulary import PAD_ID

Tensor = Any
Function = Callable[..., Mapping[str, Tensor]]
Signatures = Mapping[str, tuple[Function, Sequence[tf.TensorSpec]]]

SERVING, GREEDY, ATTENTION, TENSORS = "serving_default", "greedy", "attention", "tensors"
ENCODE, STEP = "encode", "step"
TOKEN, LOGITS = "token", "logits"
FEATURES = "features"


def beam_signature(application: GeneratorApplication) -> str:
    """Returns the signature of beam search in a TFLite file."""
    return f"{application.signature}_beam"


@dataclass(frozen=True)
class GeneratorFunctions:
    """A network with all that its functions need to know.

    Attributes:
        application: whose network it is.
        model: the network.
        front_end: of the network.
        settings: width and length penalty of beam search.
    """

    application: GeneratorApplication
    model: Generator
    front_end: FrontEnd
    settings: GeneratorSettings

    def for_server(self) -> tuple[Signatures, list[tf.Module]]:
        """Returns the signatures of the SavedModel: any number of inputs of any length.

        Returns:
            `serving_default` (beam search), `greedy` and `attention` take raw inputs and return
            `text`, `score` and `ids`; `attention` returns as well where the decoder looked,
            `attention` `(batch, tokens, places)`, 0 behind the end of a sentence. `tensors` takes
            what the network takes and returns `ids` and `score` of greedy search. The second result
            are the modules that they use.
        """
        raw_spec, from_raw = self.application.from_raw_in_graph(self.front_end)
        to_text, width = PiecesToText(self.front_end.vocabulary), self.settings.beam

        def found(raw: Tensor, width: int) -> tuple[Tensor, dict[str, Tensor]]:
            given = self._checked(from_raw(raw))
            sentences = self._search(given, width)
            return given, {"text": to_text(sentences.ids), **sentences._asdict()}

        def attention(raw: Tensor) -> dict[str, Tensor]:
            given, outputs = found(raw, width)
            return {**outputs, "attention": self._attention(given, outputs["ids"])}

        def tensors(given: Tensor) -> dict[str, Tensor]:
            return self._search(self._checked(given), 1)._asdict()

        spec = self.application.input_spec(self.front_end, None)
        signatures = {
            SERVING: (lambda raw: found(raw, width)[1], [raw_spec]),
            GREEDY: (lambda raw: found(raw, 1)[1], [raw_spec]),
            ATTENTION: (attention, [raw_spec]),
            TENSORS: (tensors, [spec]),
        }
        modules = [module for module in (from_raw, to_text) if isinstance(module, tf.Module)]
        return _looped(signatures), modules

    def for_phone(self) -> Signatures:
        """Returns the signatures of a TFLite file: one input, every size known.

        Returns:
            The application's own signature, greedy search, and one for beam search take the
            network's input and return `ids` `(1, max_tokens)` and `score` `(1,)`; so do those that
            take it in another form. `encode` takes it and returns the decoder's first states and
            what it remembers, each by its name. `step` takes these and the last `token` `(1,)`; it
            returns `logits` `(1, pieces)`, the new states under the names of the old ones, and
            `attention` `(1, places)`.
        """
        spec = self.application.input_spec(self.front_end, 1)
        first = self._encode(tf.zeros(spec.shape, spec.dtype))
        names = list(first)

        def step(token: Tensor, *values: Tensor) -> dict[str, Tensor]:
            given = dict(zip(names, values, strict=True))
            states = {name: given.pop(name) for name in self.model.decoder.state_names}
            logits, new, attention = self.model.step(token, states, given)
            return {LOGITS: logits, **new, "attention": attention}

        def reading(form: Callable[[Tensor], Tensor]) -> Function:
            return lambda given: self._searching(1)(form(given))

        values = [tf.TensorSpec(first[name].shape, first[name].dtype, name) for name in names]
        other = {
            f"{self.application.signature}_{name}": (reading(form), [own])
            for name, (own, form) in self.application.other_inputs(self.front_end).items()
        }
        signatures = {
            self.application.signature: (self._searching(1), [spec]),
            beam_signature(self.application): (self._searching(self.settings.beam), [spec]),
            **other,
            ENCODE: (self._encode, [spec]),
            STEP: (step, [tf.TensorSpec([1], tf.int32, TOKEN), *values]),
        }
        return _looped(signatures)

    def behind(self, first: Callable[[Tensor], Tensor]) -> Signatures:
        """Returns greedy search, batch 1, behind the first part of the encoder.

        Args:
            first: makes of the network's input what the network takes as well, here `FEATURES`.
        """
        spec = self.application.input_spec(self.front_end, 1)
        features = first(tf.zeros(spec.shape, spec.dtype))
        given = tf.TensorSpec(features.shape, features.dtype, FEATURES)
        return _looped({self.application.signature: (self._searching(1), [given])})

    def _searching(self, width: int) -> Function:
        most = self.front_end.max_tokens
        return lambda given: self._search(given, width, most)._asdict()

    def _encode(self, given: Tensor) -> dict[str, Tensor]:
        states, remembered = self.model.start(given)
        return {**states, **remembered}

    def _search(self, given: Tensor, width: int, most: int | None = None) -> Sentences:
        """Searches for sentences of `most` tokens; None for as many as these inputs may need."""
        limits = self.application.limits_in_graph(self.front_end, given)
        if most is None:
            most = tf.maximum(tf.reduce_max(limits), 1)
        penalty = self.settings.length_penalty
        ids, score = self.model.generate(given, limits, most, width, penalty)
        if self.front_end.max_timesteps:
            there = _lengths(given) > 0
            ids = tf.where(there[:, None], ids, PAD_ID)
            score = tf.where(there, score, 1.0)
        return Sentences(ids, score)

    def _attention(self, given: Tensor, ids: Tensor) -> Tensor:
        """Looks again where the decoder looked: the sentence is known now, so all at once."""
        states, remembered = self.model.start(given)
        previous = tf.pad(ids, [[0, 0], [1, 0]], constant_values=START_ID)[:, :-1]
        _, _, weights = self.model.decoder.decode(previous, states, remembered)
        return weights * tf.cast(ids != PAD_ID, weights.dtype)[:, :, None]

    def _checked(self, given: Tensor) -> Tensor:
        """Refuses an input that is too long for a call: cut, it would get a wrong answer."""
        most = self.front_end.max_timesteps
        if not most:
            return given
        lengths = tf.pad(_lengths(given), [[0, 1]])  # so that there is one
        row = tf.argmax(lengths, output_type=tf.int32)
        message = tf.strings.format(
            "row {} has {} " + self.application.input_name + f", one call takes {most} at most: "
            "divide it",
            (row, lengths[row]),
        )
        with tf.control_dependencies([tf.debugging.Assert(lengths[row] <= most, [message])]):
            return tf.identity(given)


def _lengths(ids: Tensor) -> Tensor:
    """Returns the number of steps of each row of ids, its padding left out."""
    places = tf.range(1, tf.shape(ids)[1] + 1)
    return tf.reduce_max(tf.where(ids != PAD_ID, places, 0), axis=1)


def _looped(signatures: Signatures) -> Signatures:
    return {name: (_in_loops(function), specs) for name, (function, specs) in signatures.items()}


def _in_loops(function: Function) -> Function:
    def traced(*arguments: Tensor) -> Mapping[str, Tensor]:
        with unfolded_as("loop"):
            return function(*arguments)

    return traced
