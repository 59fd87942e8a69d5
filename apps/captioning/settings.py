"""Settings of a captioner."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from common.generation.settings import GeneratorSettings
from common.settings import option

SMALL = "small"
DRAWN_SIZE, PHOTOGRAPH_SIZE = 96, 160
DRAWN_UNITS, PHOTOGRAPH_UNITS = 128, 256
DRAWN_DROPOUT, PHOTOGRAPH_DROPOUT = 0.1, 0.4
DRAWN_EPOCHS, PHOTOGRAPH_EPOCHS = 14, 20
DRAWN_REWARDS, PHOTOGRAPH_REWARDS = 0, 2
DRAWN_BATCH, PHOTOGRAPH_BATCH = 1000, 1500


@dataclass(frozen=True)
class CaptioningSettings(GeneratorSettings):
    """What can be set beside what every generator has."""

    epochs: int = option(0, "Passes over the training split, at most; 0: as the data need.", 0)
    reward_epochs: int = option(
        -1,
        "Passes over the training pictures after those, in which captions that the network draws "
        "are rewarded as they come near the right ones; -1: none with the encoder small, else 2.",
        -1,
    )
    units: int = option(
        0, "Size of the state of a recurrent layer; 0: 128 with the encoder small, else 256.", 0
    )
    embedding: int = option(
        0, "Size of a piece's vector, and of the memory of a place; 0: as units.", 0
    )
    vocabulary_size: int = option(4000, "Most pieces of words known.", 16)
    dropout: float = option(
        -1,
        "Share of values dropped in training; -1: 0.1 with the encoder small, else 0.4.",
        -1,
        0.95,
    )
    batch_tokens: int = option(
        0, "Tokens of a training step; 0: 1,000 with the encoder small, else 1,500.", 0
    )
    encoder: str = option(
        "auto",
        "small: a convolutional network that is trained from nothing; or a network of "
        "keras.applications by its name, as MobileNetV2. auto: small for the embedded drawings, "
        "MobileNetV2 for anything else.",
    )
    encoder_weights: str = option(
        "imagenet",
        "Weights of a keras.applications encoder: imagenet, which are downloaded once, or a file.",
    )
    train_from: str = option(
        "",
        "Train the encoder from its layer of this name on; by default it stays as it is, and what "
        "it makes of each picture is computed once.",
    )
    size: int = option(
        0,
        "Sides of the square that a picture is resized to, in pixels; 0: as the encoder needs.",
        0,
        1024,
    )
    augment: Literal["none", "light"] = option(
        "light",
        "Change pictures in training, where the encoder is trained: light moves them by 5 % and "
        "changes brightness and contrast.",
    )
    length_penalty: float = option(
        0.7, "How much beam search favours longer sentences: power of the length.", 0
    )
    max_tokens: int = option(32, "Most pieces of words of a caption.", 4)

    def settled(self, drawn: bool) -> CaptioningSettings:
        """Returns the settings with those decided that were left to the data.

        Args:
            drawn: whether the data are the embedded drawings.
        """
        encoder = self.encoder
        if encoder == "auto":
            encoder = SMALL if drawn else "MobileNetV2"
        small = encoder == SMALL
        units = self.units or (DRAWN_UNITS if small else PHOTOGRAPH_UNITS)
        dropout = DRAWN_DROPOUT if small else PHOTOGRAPH_DROPOUT
        rewards = DRAWN_REWARDS if small else PHOTOGRAPH_REWARDS
        return replace(
            self,
            encoder=encoder,
            size=self.size or (DRAWN_SIZE if small else PHOTOGRAPH_SIZE),
            epochs=self.epochs or (DRAWN_EPOCHS if small else PHOTOGRAPH_EPOCHS),
            reward_epochs=rewards if self.reward_epochs < 0 else self.reward_epochs,
            units=units,
            embedding=self.embedding or units,
            dropout=dropout if self.dropout < 0 else self.dropout,
            batch_tokens=self.batch_tokens or (DRAWN_BATCH if small else PHOTOGRAPH_BATCH),
        )
