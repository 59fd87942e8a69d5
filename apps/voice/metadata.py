"""What a voice TFLite file says about itself: rate, labels, front end."""

from __future__ import annotations

from collections.abc import Sequence

from apps.voice.front_end import FRONT_END_FILE, SoundFrontEnd
from common.export.metadata_audio import audio_classifier_metadata, audio_step_metadata
from common.export.metadata_schema import About, AssociatedFile


def add(
    model: bytes, artefact: str, front_end: SoundFrontEnd, labels: Sequence[str], version: str
) -> bytes:
    """Returns the file with its description and the files that a client needs."""
    parameters = front_end.parameters
    if artefact.startswith("step"):
        heard = (
            f"One hop of {parameters.hop_length} samples and the states in, scores and the new "
            "states out; states begin with zeros."
        )
    else:
        heard = (
            f"{front_end.window_samples} samples ({front_end.window_seconds:.2f} s) in one call, "
            "zeros after the end of a shorter clip."
        )
    about = About(
        f"Recur voice ({artefact})",
        f"{heard} {parameters.sample_rate} samples a second, one channel. Classes: "
        f"{', '.join(labels)}.",
        version,
        license="Apache-2.0",
    )
    described = AssociatedFile(
        FRONT_END_FILE,
        front_end.files()[FRONT_END_FILE],
        description="Parameters of the MFCC that the model computes, and its window.",
    )
    pack = audio_step_metadata if artefact.startswith("step") else audio_classifier_metadata
    return pack(
        model,
        about,
        sample_rate=parameters.sample_rate,
        labels=labels,
        files=(described,),
    )
