"""Settings of a sentiment classifier."""

from __future__ import annotations

from dataclasses import dataclass

from common.classification.settings import ClassifierSettings
from common.settings import option


@dataclass(frozen=True)
class SentimentSettings(ClassifierSettings):
    """What can be set beside what every classifier has."""

    embedding: int = option(64, "Size of a word's vector.", 1)
    vocabulary_size: int = option(20000, "Most words known; the most frequent are kept.", 3)
    minimum_count: int = option(1, "How often a word must occur in training to be known.", 1)
    max_tokens: int = option(
        400, "Most words read of a text, from its beginning, in training and in every artefact.", 1
    )
    word_dropout: float = option(0.05, "Share of words made unknown in training.", 0, 0.95)
    prior: float = option(
        0.6,
        "Weight of the words' log-count ratios in their first vectors; 0 starts from noise alone.",
        0,
    )
