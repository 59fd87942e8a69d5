"""Pack into a TFLite file what sound it hears and what its scores mean, for MediaPipe."""

from __future__ import annotations

from collections.abc import Sequence

from common.export.metadata import classifier_metadata, step_metadata
from common.export.metadata_schema import (
    About,
    AssociatedFile,
    AudioProperties,
    TensorDescription,
)


def audio_classifier_metadata(
    model: bytes,
    about: About,
    *,
    sample_rate: int,
    labels: Sequence[str],
    files: Sequence[AssociatedFile] = (),
) -> bytes:
    """Returns a sound classifier with all that MediaPipe's AudioClassifier needs, inside the file.

    MediaPipe (1.2, audio clips mode) cuts a clip into windows of `samples`, one behind the other
    without overlap, and fills up the last with zeros. It gives a result for each window, with the
    time where it begins in whole milliseconds, rounded down. Samples are passed on as they are,
    several channels as their mean. A clip of another rate is resampled and comes out a few samples
    longer, so that a whole number of windows gives one result more, of next to nothing. A clip
    without samples ends the process.

    Args:
        model: TFLite file with one input, samples from -1 to 1, float32 [1, samples], and one
            output, scores from 0 to 1, [1, classes]. MediaPipe itself takes single-subgraph models
            only; it has all built-in operators, RFFT2D too.
        about: for people.
        sample_rate: samples a second.
        labels: the name of each class, in the order of the scores.
        files: other ones that belong to the input.

    Raises:
        ValueError: as `classifier_metadata`.
    """
    waveform = _sound("Samples from -1 to 1, zeros after the end.", sample_rate, files)
    return classifier_metadata(model, about, waveform, "float32", labels)


def audio_step_metadata(
    model: bytes,
    about: About,
    *,
    sample_rate: int,
    labels: Sequence[str],
    files: Sequence[AssociatedFile] = (),
) -> bytes:
    """Returns a sound classifier of one hop with the files of `audio_classifier_metadata`.

    Args:
        model: TFLite file as in `step_metadata`; its input that is no state is a hop of samples,
            float32 [1, hop_length]. MediaPipe runs no such file: it has more than one input.
        about, sample_rate, labels, files: as in `audio_classifier_metadata`.

    Raises:
        ValueError: as `step_metadata`.
    """
    hop = _sound("The next samples, from -1 to 1.", sample_rate, files)
    return step_metadata(model, about, hop, "float32", labels)


def _sound(
    description: str, sample_rate: int, files: Sequence[AssociatedFile]
) -> TensorDescription:
    return TensorDescription(
        "waveform",
        description,
        audio=AudioProperties(sample_rate, channels=1),
        minimum=-1.0,
        maximum=1.0,
        files=tuple(files),
    )
