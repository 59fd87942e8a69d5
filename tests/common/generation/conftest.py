"""One tiny generator, exported once for all tests that read its files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from common.bundle import Bundle
from common.generation.application import Answer
from common.generation.artefacts import ModelScorer
from common.generation.export import export_all
from common.progress import Progress
from tests.common.generation.tiny_application import (
    SOURCES,
    TinyApplication,
    TinyFrontEnd,
    TinySettings,
    as_bundle,
    random_sentences,
    tiny_front_end,
)


@dataclass(frozen=True)
class Exported:
    """A network, its bundle, and what the network says of some sentences."""

    application: TinyApplication
    front_end: TinyFrontEnd
    settings: TinySettings
    model: Any
    bundle: Bundle
    sentences: list[str]
    answers: dict[str, list[Answer]]


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    application, settings, front_end = TinyApplication(), TinySettings(), tiny_front_end()
    model = application.build_network(settings, front_end)
    folder = tmp_path_factory.mktemp("tiny")
    export_all(application, model, front_end, settings, SOURCES, folder, "7", Progress(True))
    sentences = random_sentences(60)
    answers = {
        search: ModelScorer(model, front_end, width, settings.length_penalty).answer_all(sentences)
        for search, width in (("greedy", 1), ("beam", settings.beam))
    }
    bundle = as_bundle(folder, front_end, settings)
    return Exported(application, front_end, settings, model, bundle, sentences, answers)
