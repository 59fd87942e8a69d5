"""What a sentiment TFLite file says about itself: labels, vocabulary, tokenizer."""

from __future__ import annotations

from collections.abc import Sequence

from apps.sentiment.front_end import TextFrontEnd
from common.export.metadata import text_classifier_metadata, text_step_metadata
from common.export.metadata_schema import About

DESCRIPTIONS = {
    "loop": "The whole text in one call, network in a loop.",
    "step": "One word and the states in, scores and the new states out; states begin with zeros.",
}


def add(
    model: bytes, artefact: str, front_end: TextFrontEnd, labels: Sequence[str], version: str
) -> bytes:
    """Returns the file with its description and the files that a client needs."""
    family = artefact.partition("_")[0]
    description = DESCRIPTIONS.get(family, "The whole text in one call.")
    about = About(
        f"Recur sentiment ({artefact})",
        f"{description} Classes: {', '.join(labels)}.",
        version,
        license="Apache-2.0",
    )
    pack = text_step_metadata if family == "step" else text_classifier_metadata
    return pack(model, about, vocabulary=front_end.vocabulary, labels=labels)
