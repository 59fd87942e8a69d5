"""What can be set when a classifier is trained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from common.settings import option

LAYERS = ("recur", "gru", "lstm")
# Settings on which training does not depend.
OF_EXPORT = ("step_activations",)


@dataclass(frozen=True)
class ClassifierSettings:
    """Settings that every classifier has; an application adds its own."""

    epochs: int = option(20, "Passes over the training split, at most.", 1)
    seed: int = option(0, "Same seed, same result.", 0)
    units: int = option(64, "Size of the state of a recurrent layer.", 1)
    depth: int = option(1, "Number of recurrent layers.", 1)
    rank: int = option(
        0,
        "Rank of the matrices of the cell, kept as factors of which they share one: a smaller "
        "file; 0: whole matrices.",
        0,
    )
    cell: Literal["gated", "plain"] = option("gated", "Form of the recurrent cell.")
    activation: Literal["tanh", "sigmoid", "relu"] = option("tanh", "f of the cell.")
    readout: Literal["last", "max", "last+max"] = option(
        "last", "What the scores are made from: the last output, the largest of each unit, or both."
    )
    direction: Literal["auto", "causal", "both"] = option(
        "auto",
        "causal: reads from the beginning, and can run one step at a time; both: also from the "
        "end, and has no one-step form; auto: causal, unless the application says otherwise.",
    )
    dropout: float = option(0.5, "Share of values dropped in training.", 0, 0.95)
    batch_size: int = option(32, "Examples in a training step.", 1)
    learning_rate: float = option(3e-3, "Of Adam at the start; it falls along a cosine.", 0)
    weight_decay: float = option(0.02, "Pull of the weights towards 0.", 0)
    clip_norm: float = option(1.0, "Largest norm of the gradients of a step.", 0)
    averaging: float = option(
        0.995, "Weights that are scored and kept are a running mean with this momentum.", 0, 0.9999
    )
    label_smoothing: float = option(0.0, "Share of a label given to the other classes.", 0, 0.9)
    patience: int = option(3, "Epochs without a better dev score before training stops.", 1)
    step_activations: Literal["auto", "int8", "int16"] = option(
        "auto",
        "What flows between the int8 weights of the file step_int8. int16 keeps a state over "
        "hundreds of steps in which int8 would lose small changes; auto: int16 for sounds, int8 "
        "for texts.",
    )
    layer: Literal["recur", "gru", "lstm"] = option(
        "recur",
        "Recurrent layer; gru and lstm are Keras's, for comparison, and are not exported.",
    )
