"""The network of every classifier of sequences: recurrent layers, a readout, scores of the classes.

    x_1 ... x_T  ->  recurrent layer(s)  ->  readout of the outputs  ->  softmax

One set of weights, two ways in: `call` takes a whole sequence, `step` one time step and the states.
"""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from common.classification.settings import LAYERS
from common.recurrent.layer import Recur

READOUTS = ("last", "max", "last+max")

MAXIMUM = "maximum"


@keras.saving.register_keras_serializable(package="recur")
class RecurrentClassifier(keras.layers.Layer):
    """Recurrent layers over a sequence of vectors, read out as the scores of classes.

    Args:
        classes: number of classes.
        units: size of the state of each recurrent layer.
        depth: number of recurrent layers, one on top of the other.
        readout: "last": the last output; "max": for each unit the largest output of all steps, and
            0 before the first, so that padding can change nothing; "last+max": both.
        bidirectional: whether a second stack reads from the end. Such a network has no step form.
        dropout: share of the values dropped in training between the layers and before the scores.
        activation, gated: of the cell, see `common.recurrent.cell.RecurCell`.
        rank: of both matrices of our cell, which then have a factor in common (`shared_rank`); 0:
            whole matrices.
        layer: "recur", or for comparison "gru" or "lstm", Keras's layers of those names.

    Call arguments:
        sequences: `(batch, timesteps, features)`.
        mask: booleans `(batch, timesteps)`.

    Returns:
        Scores `(batch, classes)`: above 0, their sum is 1.
    """

    def __init__(
        self,
        classes: int,
        units: int,
        depth: int = 1,
        readout: str = "last",
        bidirectional: bool = False,
        dropout: float = 0.0,
        activation: str = "tanh",
        gated: bool = True,
        layer: str = "recur",
        rank: int = 0,
        **kwargs: Any,
    ) -> None:
        if readout not in READOUTS:
            raise ValueError(f"readout must be one of {READOUTS}, got {readout!r}.")
        if layer not in LAYERS:
            raise ValueError(f"layer must be one of {LAYERS}, got {layer!r}.")
        if classes < 2 or depth < 1:
            raise ValueError(f"need 2 classes and 1 layer at least, got {classes} and {depth}.")
        super().__init__(**kwargs)
        self.supports_masking = True
        self.classes, self.units, self.depth = classes, units, depth
        self.readout, self.bidirectional = readout, bidirectional
        self.dropout, self.activation, self.gated, self.layer = dropout, activation, gated, layer
        self.rank = rank
        self.recurrent = [self._recurrent(f"{layer}_{i}") for i in range(depth)]
        # Not keras.layers.Bidirectional, which gives masked steps zeros instead of the last output.
        self.backward = [
            self._recurrent(f"{layer}_{i}_backward", go_backwards=True)
            for i in range(depth if bidirectional else 0)
        ]
        self.drop = keras.layers.Dropout(dropout)
        self.scores = keras.layers.Dense(classes, activation="softmax", name="scores")

    def _recurrent(self, name: str, **arguments: Any) -> Any:
        if self.layer == "recur":
            return Recur(
                self.units,
                self.activation,
                self.gated,
                shared_rank=self.rank or None,
                return_sequences=True,
                name=name,
                **arguments,
            )
        kind = {"gru": keras.layers.GRU, "lstm": keras.layers.LSTM}[self.layer]
        return kind(self.units, return_sequences=True, name=name, **arguments)

    def build(self, sequences_shape: Any) -> None:
        shape = tuple(sequences_shape)
        width = self.units * (2 if self.bidirectional else 1)
        for index, layer in enumerate(self.recurrent):
            layer.build(shape)
            if self.bidirectional:
                self.backward[index].build(shape)
            shape = (*shape[:2], width)
        self.scores.build((shape[0], width * len(self.readout.split("+"))))

    def call(self, sequences: Any, mask: Any = None, training: bool = False) -> Any:
        for i, layer in enumerate(self.recurrent):
            if i > 0:
                sequences = self.drop(sequences, training=training)
            outputs = layer(sequences, mask=mask, training=training)
            if self.bidirectional:
                reversed_outputs = self.backward[i](sequences, mask=mask, training=training)
                outputs = ops.concatenate([outputs, ops.flip(reversed_outputs, axis=1)], axis=-1)
            sequences = outputs
        read = [self._read(part, sequences, mask) for part in self.readout.split("+")]
        read = read[0] if len(read) == 1 else ops.concatenate(read, axis=-1)
        return self.scores(self.drop(read, training=training))

    def _read(self, part: str, outputs: Any, mask: Any) -> Any:
        # A masked step repeats the last output, so neither readout needs the mask ...
        if part == "max":
            return ops.max(ops.relu(outputs), axis=1)
        if not self.bidirectional:
            return outputs[:, -1]
        # ... but the last output of the backward stack stands at the first step.
        return ops.concatenate([outputs[:, -1, : self.units], outputs[:, 0, self.units :]], axis=-1)

    def compute_mask(self, sequences: Any, mask: Any = None) -> None:
        return None

    def compute_output_shape(self, sequences_shape: Any) -> tuple[int | None, int]:
        return (sequences_shape[0], self.classes)

    @property
    def has_step(self) -> bool:
        """Whether the network can run one step at a time."""
        return not self.bidirectional

    def initial_states(self, batch: int) -> dict[str, Any]:
        """Returns the states before the first step, all zeros `(batch, units)`, by name."""
        names = [name for layer in self.recurrent for name in _state_names(layer)]
        if "max" in self.readout:
            names.append(MAXIMUM)
        return {name: ops.zeros((batch, self.units), self.compute_dtype) for name in names}

    def step(
        self, x: Any, states: dict[str, Any], real: Any = None, input_range: float = 1.0
    ) -> tuple[Any, dict[str, Any]]:
        """One time step.

        Args:
            x: input divided by `input_range`, `(batch, features)`.
            states: of `initial_states` or of the step before.
            real: `(batch, 1)`, 1 where the step counts and 0 where it is masked, or None.
            input_range: what the input was divided by; see `Recur.step`.

        Returns:
            The scores if this step were the last, `(batch, classes)`, and the new states.

        Raises:
            ValueError: the network is bidirectional, so that no step can be taken before the last
                input is known.
        """
        if not self.has_step:
            raise ValueError("A bidirectional network has no step form; train a causal one.")
        new = {}
        for index, layer in enumerate(self.recurrent):
            scale = input_range if index == 0 else 1.0  # a state is in its range already
            if isinstance(layer, Recur):
                x = new[layer.name] = layer.step(x, states[layer.name], real, scale)
                continue
            names = _state_names(layer)
            old = [states[name] for name in names]
            _, stepped = layer.cell(x * scale, old)
            if real is not None:
                stepped = [h + real * (s - h) for h, s in zip(old, stepped, strict=True)]
            new.update(zip(names, stepped, strict=True))
            x = stepped[0]
        if MAXIMUM in states:
            new[MAXIMUM] = ops.maximum(states[MAXIMUM], x)
        read = [new[MAXIMUM] if part == "max" else x for part in self.readout.split("+")]
        read = read[0] if len(read) == 1 else ops.concatenate(read, axis=-1)
        return self.scores(read), new

    def get_config(self) -> dict[str, Any]:
        names = ("classes", "units", "depth", "readout", "bidirectional", "dropout", "activation")
        own = {name: getattr(self, name) for name in (*names, "gated", "layer", "rank")}
        return {**super().get_config(), **own}


def _state_names(layer: Any) -> list[str]:
    """Returns names for the states of a recurrent layer, its output's first."""
    memory = [f"{layer.name}_memory"] if isinstance(layer, keras.layers.LSTM) else []
    return [layer.name, *memory]
