"""A generator that learns in seconds: letters in, the same letters the other way around out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from common.generation.application import FrontEnd, GenerationData
from common.generation.scores import translation_metrics
from tests.common.generation.tiny_application import (
    TinyApplication,
    TinyFrontEnd,
    TinySettings,
)

LETTERS = "abcdef"
LONGEST = 5


@dataclass(frozen=True)
class ReversalSettings(TinySettings):
    """Settings with which reversal is learned."""

    epochs: int = 8
    units: int = 32
    embedding: int = 24
    dropout: float = 0.0
    batch_tokens: int = 512
    learning_rate: float = 0.01
    warm_up: int = 10
    averaging: float = 0.9
    patience: int = 9


class Reversal(TinyApplication):
    """`a b c` to `c b a`: order decides, which no count of letters can tell."""

    name = "tiny"
    settings = ReversalSettings

    def load_data(
        self, data: str, splits: Collection[str] | None, options: Mapping[str, Any]
    ) -> GenerationData:
        rng = np.random.default_rng(0)
        sizes = {"train": 600, "dev": 60, "test": 40}
        drawn = [
            " ".join(rng.choice(list(LETTERS), rng.integers(2, LONGEST + 1)))
            for _ in range(3 * sum(sizes.values()))
        ]
        every = iter(dict.fromkeys(drawn))
        inputs = {split: [next(every) for _ in range(n)] for split, n in sizes.items()}
        references = {split: [(text[::-1],) for text in some] for split, some in inputs.items()}
        return GenerationData("reversal", inputs, references, ("letters | made up",))

    def make_front_end(self, data: GenerationData, settings: Any) -> TinyFrontEnd:
        front_end = super().make_front_end(data, settings)
        return TinyFrontEnd(front_end.source, front_end.vocabulary, 2 * LONGEST)

    def build_network(self, settings: Any, front_end: FrontEnd) -> Any:
        from apps.translation.encoder import SentenceEncoder
        from common.generation.decoder import AttentionDecoder
        from common.generation.network import Generator

        assert isinstance(front_end, TinyFrontEnd)
        units, size = settings.units, settings.embedding
        network = Generator(
            SentenceEncoder(
                len(front_end.source),
                units,
                size,
                1,
                settings.dropout,
                settings.layer,
                name="encoder",
            ),
            AttentionDecoder(
                len(front_end.vocabulary),
                units,
                size,
                settings.depth,
                settings.heads,
                settings.dropout,
                settings.layer,
                name="decoder",
            ),
        )
        network((np.ones((1, 2), np.int32), np.ones((1, 2), np.int32)))
        return network

    def metrics(
        self, answers: Sequence[str], references: Sequence[tuple[str, ...]]
    ) -> tuple[dict[str, float], dict[str, str]]:
        return translation_metrics(answers, references)

    def baseline(self, data: GenerationData, split: str) -> tuple[str, list[str]] | None:
        return "copy", list(data.inputs[split])

    def usage(self, front_end: FrontEnd) -> str:
        return "## How to call it\n\nReverse with care."
