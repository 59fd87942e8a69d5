"""Pictures for the model card: a sheet of captions, and where the decoder looked for each word."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
from PIL import Image

from apps.captioning.front_end import PictureFrontEnd
from common.generation.application import Answer, Array, FrontEnd, GenerationData
from common.generation.attention import attention_to
from common.generation.scores import sentence_scores
from common.image.decoding import decode
from common.image.picture import Picture

SHEET, ATTENTION = "contact_sheet.png", "attention_{}.png"

# Of the sheet: a line of pictures each.
_LINES = ("best", "middling", "worst")
_COLUMNS = 4
_REFERENCES = 2
_CHARACTERS = 36  # of a line of text
_SIDE = 320  # pixels
# In inches.
_PICTURE, _GAP, _LEFT, _LINE_HEIGHT = 2.7, 0.25, 0.3, 0.16

# Of a caption whose attention is drawn: words that show something, and still fit.
_FEWEST_WORDS, _MOST_WORDS = 5, 15
_PANELS = 4  # in a line
# What lies on the grey picture where the decoder looked most, and how much of it.
_COLOUR, _MOST_COLOUR = np.array((255, 40, 0)), 0.65


def draw(
    model: Any,
    front_end: FrontEnd,
    data: GenerationData,
    split: str,
    answers: Sequence[Answer],
    folder: Path,
) -> list[tuple[str, str]]:
    """Draws a sheet of captions, and where the decoder looked as it wrote two of them.

    Args:
        model: the `Generator`.
        front_end: of the model.
        data: whose pictures can all be read.
        split: that was answered.
        answers: to each picture of the split.
        folder: for the PNG files; is made if it is not there.

    Returns:
        Title and file name of each.
    """
    assert isinstance(front_end, PictureFrontEnd)
    folder.mkdir(parents=True, exist_ok=True)
    pictures, references = data.inputs[split], data.references[split]
    scores = sentence_scores([answer.text for answer in answers], references)
    order = np.argsort(np.negative(scores), kind="stable").tolist()
    lines = [
        [(pictures[i], answers[i].text, references[i]) for i in line] for line in spread(order)
    ]
    contact_sheet(lines, folder / SHEET)
    drawn = [(f"Captions of the {split} split: the best, some middling, the worst by chrF", SHEET)]
    half = (len(order) + 1) // 2
    for number, (kind, some) in enumerate((("better", order[:half]), ("worse", order[half:])), 1):
        index = _telling(some, answers, front_end)
        if index is None:
            continue
        pixels, ids = front_end.encode(pictures[index]), answers[index].ids
        words, maps = of_words(attention_to(model, front_end, pixels, ids)[0], ids, front_end)
        if not words:
            continue
        name = ATTENTION.format(number)
        attention(pixels, words, maps.reshape(-1, *model.encoder.grid), folder / name)
        drawn.append((f"Where it looks as it writes each word; of the {kind} half by chrF", name))
    return drawn


def spread(order: Sequence[int]) -> list[list[int]]:
    """Returns some from the beginning, the middle and the end of an order, none of them twice."""
    parts = np.array_split(np.array(order, int), len(_LINES))
    best, middle, worst = (part.tolist() for part in parts)
    start = max(0, len(middle) - _COLUMNS) // 2
    lines = best[:_COLUMNS], middle[start : start + _COLUMNS], worst[-_COLUMNS:]
    return [line for line in lines if line]


def contact_sheet(
    lines: Sequence[Sequence[tuple[Picture, str, tuple[str, ...]]]], path: Path
) -> None:
    """Draws pictures, with the caption that was written and two references below.

    Args:
        lines: of the best, the middling and the worst some pictures, each with its caption and its
            references; lines may be missing at the end.
        path: PNG file to write.
    """
    texts = [[_texts(caption, references) for _, caption, references in line] for line in lines]
    heights = [
        _PICTURE + _GAP + _LINE_HEIGHT * max(a.count("\n") + b.count("\n") + 2 for a, b in line)
        for line in texts
    ]
    width, height = _LEFT + max(map(len, lines)) * (_PICTURE + _GAP), sum(heights)
    figure = plt.figure(figsize=(width, height))
    top = height
    for name, line, line_texts, line_height in zip(_LINES, lines, texts, heights, strict=False):
        middle = (top - _PICTURE / 2) / height
        figure.text(0.06 / width, middle, name, rotation=90, va="center", color="dimgrey")
        for place, ((picture, *_), (caption, right)) in enumerate(
            zip(line, line_texts, strict=True)
        ):
            left = _LEFT + place * (_PICTURE + _GAP)
            box = left / width, (top - _PICTURE) / height, _PICTURE / width, _PICTURE / height
            axis = figure.add_axes(box)
            axis.imshow(_on_square(decode(picture)))
            axis.axis("off")
            below = top - _PICTURE - 0.06
            _write(figure, (left / width, below / height), caption, weight="bold")
            below -= _LINE_HEIGHT * (caption.count("\n") + 1)
            _write(figure, (left / width, below / height), right, color="dimgrey")
        top -= line_height
    figure.savefig(path, dpi=100)
    plt.close(figure)


def attention(pixels: Array, words: Sequence[str], maps: Array, path: Path) -> None:
    """Draws the picture, and for each word the picture in grey, red where the decoder looked.

    Args:
        pixels: RGB `(size, size, 3)` uint8, as the network sees them.
        words: one at least.
        maps: where the decoder looked, `(words, rows, columns)`; the reddest place of each is as
            red as that of any other.
        path: PNG file to write.
    """
    lines = -(-(len(words) + 1) // _PANELS)
    figure, axes = plt.subplots(
        lines, _PANELS, figsize=(2.2 * _PANELS, 2.4 * lines), layout="constrained", squeeze=False
    )
    for axis in axes.flat:
        axis.axis("off")
    axes.flat[0].imshow(pixels)
    for axis, word, looked in zip(axes.flat[1:], words, maps, strict=False):
        axis.imshow(coloured(pixels, looked))
        axis.set_title(word, parse_math=False)
    figure.savefig(path, dpi=100)
    plt.close(figure)


def coloured(pixels: Array, looked: Array) -> Array:
    """Returns a picture `(size, size, 3)` uint8 in grey, the redder the more a place was looked at.

    Args:
        pixels: of the same kind.
        looked: weights `(rows, columns)`; the greatest gets the most colour.
    """
    size = pixels.shape[0]
    small = Image.fromarray((looked / looked.max()).astype(np.float32))
    scaled = np.clip(np.asarray(small.resize((size, size), Image.Resampling.BICUBIC)), 0, 1)
    grey = np.asarray(Image.fromarray(pixels).convert("L").convert("RGB"))
    colour = _MOST_COLOUR * scaled[..., None]
    return np.rint((1 - colour) * grey + colour * _COLOUR).astype(np.uint8)


def of_words(weights: Array, ids: Sequence[int], front_end: FrontEnd) -> tuple[list[str], Array]:
    """Joins pieces to words.

    Args:
        weights: `(len(ids) + 1, places)`, where the decoder looked before each piece and END.
        ids: of the pieces.
        front_end: whose vocabulary it is.

    Returns:
        The words, and the mean over the pieces of each, `(words, places)`.
    """
    numbers = np.array(front_end.vocabulary.word_index(ids), int)
    words, maps = [], []
    for number in range(numbers.max(initial=-1) + 1):
        own = np.flatnonzero(numbers == number)
        if text := front_end.vocabulary.decode(ids[int(i)] for i in own):
            words.append(text)
            maps.append(weights[own].mean(axis=0))
    return words, np.array(maps).reshape(len(words), weights.shape[1])


def _telling(some: Sequence[int], answers: Sequence[Answer], front_end: FrontEnd) -> int | None:
    """Returns whose answer has the most words that still fit, or None."""
    lengths = {index: len(answers[index].text.split()) for index in some}
    fitting = [i for i in some if _FEWEST_WORDS <= lengths[i] <= _MOST_WORDS]
    fitting = fitting or [i for i in some if 0 < lengths[i] <= _MOST_WORDS]
    return max(fitting, key=lambda i: lengths[i], default=None)


def _on_square(pixels: Array) -> Array:
    """Returns a picture of any shape on a white square, at its bottom."""
    image = Image.fromarray(pixels)
    scale = _SIDE / max(image.size)
    width, height = (max(1, round(side * scale)) for side in image.size)
    image = image.resize((width, height))
    square = Image.new("RGB", (_SIDE, _SIDE), "white")
    square.paste(image, ((_SIDE - image.width) // 2, _SIDE - image.height))
    return np.asarray(square)


def _texts(caption: str, references: Sequence[str]) -> tuple[str, str]:
    """Returns what was written, and some references, in short lines."""
    lines = [
        line
        for text in references[:_REFERENCES]
        for line in textwrap.wrap(f"– {text}", _CHARACTERS, subsequent_indent="   ")
    ]
    # Bold letters are wider.
    return textwrap.fill(caption, _CHARACTERS - 4) or "(nothing)", "\n".join(lines)


def _write(figure: Any, place: tuple[float, float], text: str, **how: str) -> None:
    # Foreign text: a dollar must begin no formula.
    figure.text(*place, text, va="top", fontsize=9, linespacing=1.25, parse_math=False, **how)
