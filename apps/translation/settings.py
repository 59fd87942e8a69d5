"""Settings of a translator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from common.generation.settings import GeneratorSettings
from common.settings import option


@dataclass(frozen=True)
class TranslationSettings(GeneratorSettings):
    """What can be set beside what every generator has."""

    epochs: int = option(16, "Passes over the training split, at most.", 1)
    encoder_depth: int = option(2, "Recurrent layers of the encoder, each of both directions.", 1)
    max_pieces: int = option(
        64,
        "Most pieces of words that one call reads; longer text is translated sentence by sentence.",
        8,
    )
    vocabulary: Literal["pieces", "words"] = option(
        "pieces", "What a vocabulary holds: pieces of words, or whole words (weaker)."
    )
