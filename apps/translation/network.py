"""The translator: a sentence encoder and the decoder of every generator."""

from __future__ import annotations

import numpy as np

from apps.translation.encoder import SentenceEncoder
from apps.translation.settings import TranslationSettings
from common.generation.decoder import AttentionDecoder
from common.generation.network import Generator


def build_network(
    settings: TranslationSettings, source_pieces: int, target_pieces: int
) -> Generator:
    """Builds the network with its weights; sizes of the vocabularies are given."""
    encoder = SentenceEncoder(
        source_pieces,
        settings.units,
        settings.embedding,
        settings.encoder_depth,
        settings.dropout,
        settings.layer,
        name="encoder",
    )
    decoder = AttentionDecoder(
        target_pieces,
        settings.units,
        settings.embedding,
        settings.depth,
        settings.heads,
        settings.dropout,
        settings.layer,
        name="decoder",
    )
    network = Generator(encoder, decoder, name="translation")
    ids = np.ones((1, 2), np.int32)
    network((ids, ids))
    return network
