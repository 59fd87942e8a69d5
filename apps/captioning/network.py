"""The captioner: a picture encoder and the decoder of every generator."""

from __future__ import annotations

import keras
import numpy as np

from apps.captioning.backbones import build_backbone
from apps.captioning.encoder import PictureEncoder
from apps.captioning.settings import SMALL, CaptioningSettings
from common.errors import UserError, one_line
from common.generation.decoder import AttentionDecoder
from common.generation.network import Generator


def build_network(settings: CaptioningSettings, pieces: int) -> Generator:
    """Builds the network with its weights.

    Args:
        settings: settled.
        pieces: size of the vocabulary.

    Raises:
        UserError: the encoder cannot be built as the settings say.
    """
    backbone = build_backbone(settings.encoder, settings.size, settings.encoder_weights)
    if settings.encoder != SMALL:
        _train_from(backbone, settings.train_from)
    encoder = PictureEncoder(
        backbone,
        settings.encoder,
        settings.embedding,
        settings.dropout,
        settings.augment,
        name="encoder",
    )
    decoder = AttentionDecoder(
        pieces,
        settings.units,
        settings.embedding,
        settings.depth,
        settings.heads,
        settings.dropout,
        settings.layer,
        name="decoder",
    )
    network = Generator(encoder, decoder, name="captioning")
    pixels = np.zeros((1, settings.size, settings.size, 3), np.uint8)
    network((pixels, np.ones((1, 2), np.int32)))
    return network


def _train_from(backbone: keras.Model, first: str) -> None:
    """Leaves as trainable what stands from a layer on, nothing where none is named."""
    names = [layer.name for layer in backbone.layers]
    if first and first not in names:
        raise UserError(
            f"--train-from {one_line(first, 60)}: {backbone.name} has no layer of this name; the "
            f"last ones are {', '.join(names[-8:])}"
        )
    start = names.index(first) if first else len(names)
    for index, layer in enumerate(backbone.layers):
        # Batch normalisation keeps its statistics, so its scale stays as well.
        layer.trainable = index >= start and not isinstance(layer, keras.layers.BatchNormalization)


def is_frozen(settings: CaptioningSettings) -> bool:
    """Whether what the backbone makes of a picture never changes in training."""
    return settings.encoder != SMALL and not settings.train_from
