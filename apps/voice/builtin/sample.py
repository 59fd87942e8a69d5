"""`python -m apps.voice.builtin.sample [FOLDER]`: write a few clips of the corpus, to listen to."""

import wave
from pathlib import Path

import click

from .corpus import SPEAKERS, utterance
from .tract import SAMPLE_RATE

FOLDER = Path("exported/voice-samples")


def write_samples(folder: Path, count: int = 8) -> list[Path]:
    """Writes clips of the test split as mono WAV of 16 bits.

    Args:
        folder: made if it is missing; files in it that are named like the clips are replaced.
        count: how many clips, half of them of either class, from as many speakers.

    Returns:
        The files, named label-speaker-number.wav.

    Raises:
        ValueError: `count` is too small for both classes or larger than the number of speakers.
        OSError: the folder cannot be written.
    """
    if not 2 <= count <= SPEAKERS["test"]:
        raise ValueError(f"count must be 2 to {SPEAKERS['test']}, got {count}")
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(count):
        clip = utterance(0, "test", number)
        path = folder / f"{clip.label}-{clip.speaker}-{number}.wav"
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(SAMPLE_RATE)
            file.writeframes(clip.samples.astype("<i2").tobytes())
        paths.append(path)
    return paths


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=FOLDER)
@click.option("--count", type=click.IntRange(2, SPEAKERS["test"]), default=8, show_default=True)
def main(folder: Path, count: int) -> None:
    """Write COUNT clips of synthetic voices into FOLDER, by default exported/voice-samples."""
    try:
        paths = write_samples(folder, count)
    except OSError as error:
        reason = error.strerror or str(error)
        click.echo(f"error: {error.filename or folder}: {reason}; choose another folder", err=True)
        raise click.exceptions.Exit(2) from None
    for path in paths:
        click.echo(path)


if __name__ == "__main__":
    main()
