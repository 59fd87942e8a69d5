"""What can be set when a generator is trained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from common.errors import UserError
from common.settings import option


@dataclass(frozen=True)
class GeneratorSettings:
    """Settings that every generator has; an application adds its own.

    Raises:
        UserError: two of them do not go together.
    """

    epochs: int = option(20, "Passes over the training split, at most.", 1)
    reward_epochs: int = option(
        0,
        "Passes over the training inputs after those, in which sentences that the network draws "
        "are rewarded as they come near the right ones.",
        0,
    )
    seed: int = option(0, "Same seed, same result.", 0)
    units: int = option(256, "Size of the state of a recurrent layer.", 1)
    embedding: int = option(256, "Size of a piece's vector.", 1)
    depth: int = option(2, "Recurrent layers of the decoder.", 2)
    heads: int = option(4, "Of the attention; units is a multiple of it.", 1)
    dropout: float = option(0.2, "Share of values dropped in training.", 0, 0.95)
    label_smoothing: float = option(0.1, "Share of a token given to all others.", 0, 0.9)
    vocabulary_size: int = option(4000, "Most pieces of words known, for each language.", 16)
    batch_tokens: int = option(3000, "Tokens of a training step, padding among them.", 16)
    learning_rate: float = option(2e-3, "Of Adam after its warm-up; it falls along a cosine.", 0)
    warm_up: int = option(500, "Steps in which the learning rate rises.", 0)
    clip_norm: float = option(1.0, "Largest norm of the gradients of a step.", 0)
    averaging: float = option(
        0.998, "Weights that are scored and kept are a running mean with this momentum.", 0, 0.9999
    )
    precision: Literal["float32", "mixed"] = option(
        "float32",
        "mixed: the products with the whole vocabulary in bfloat16 in training, for processors "
        "that are faster at it.",
    )
    patience: int = option(3, "Epochs without a better dev score before training stops.", 1)
    beam: int = option(4, "Hypotheses that beam search follows.", 1)
    length_penalty: float = option(
        1.0, "How much beam search favours longer sentences: power of the length.", 0
    )
    layer: Literal["recur", "gru", "lstm"] = option(
        "recur",
        "Recurrent layer; gru and lstm are Keras's, for comparison, and are not exported.",
    )

    def __post_init__(self) -> None:
        if self.units % self.heads:
            raise UserError(
                f"--units {self.units} is no multiple of --heads {self.heads}; give two that go "
                "together"
            )
