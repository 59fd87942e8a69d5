"""Answer a live sound: raw PCM on standard input, a line whenever the answer changes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from apps.voice.streaming import Listener, changes
from common.audio.sound import pcm_blocks
from common.bundle import Bundle
from common.errors import UserError

_BLOCK_SECONDS = 0.1


def answers(bundle: Bundle, artefact: str) -> Iterator[dict[str, Any]]:
    """Yields `input`, `seconds`, `answer`, `score` and `scores` each time the answer changes.

    Raises:
        UserError: the artefact is no one-step form, or standard input is a terminal.
    """
    if not artefact.startswith("step"):
        raise UserError(
            f"the artefact {artefact} hears whole clips; name sound files, or give --artefact step "
            "for the live sound on standard input"
        )
    if sys.stdin.isatty():
        raise UserError(
            "no input was given: name sound files or folders, or send raw 16-bit mono PCM to "
            "standard input"
        )
    if artefact not in bundle.artefacts():
        raise UserError(
            f"{bundle.path}: has no artefact {artefact} (a network that reads in both "
            "directions has none); train with --direction causal to hear live sound"
        )
    listener = Listener(bundle.require(artefact))
    blocks = pcm_blocks(sys.stdin.buffer, _BLOCK_SECONDS, listener.sample_rate)
    for moment in changes(listener, blocks):
        best = int(moment.scores.argmax())
        yield {
            "input": f"{moment.seconds:.2f} s",
            "seconds": round(moment.seconds, 3),
            "answer": listener.labels[best],
            "score": float(moment.scores[best]),
            "scores": dict(zip(listener.labels, map(float, moment.scores), strict=True)),
        }
