"""What the order of its input is worth to each trained application."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from common.classification.application import ClassifierApplication
from common.errors import UserError
from common.explain import drawing, trained
from common.explain.parts import Explanation, Picture, Wish
from common.explain.trained import Trained
from common.generation.application import GeneratorApplication
from common.text.shuffling import shuffled_words

INPUTS, QUICK_INPUTS = 500, 100


def measure(one: Trained, seed: int, most: int) -> dict[str, Any]:
    """Scores an application on inputs as they are, and on the same ones shuffled in time.

    Args:
        one: whose application has `shuffled`.
        seed: of the shuffling.
        most: inputs of the split to take, from all over it.

    Returns:
        What was scored (`name`, `data`, `split`, `inputs`, `order_of`), the `measure`, 0 to 100,
        and of it `right`, `shuffled` and, of a classifier, `most_frequent`: that of always
        answering the most frequent class. `changed` counts the inputs that shuffling changed.

    Raises:
        UserError: the data or the network cannot be had.
    """
    data, split = one.data()
    places = list(trained.spread(len(data.inputs[split]), most))
    inputs = [data.inputs[split][i] for i in places]
    rng = np.random.default_rng(seed)
    scorer = _scorer(one)
    shuffled = [one.application.shuffled(raw, scorer.front_end, rng) for raw in inputs]
    encode = scorer.front_end.encode
    row: dict[str, Any] = {
        "name": one.name,
        "data": data.name,
        "split": split,
        "inputs": len(inputs),
        "order_of": one.application.order_of,
        "changed": sum(
            not np.array_equal(encode(a), encode(b)) for a, b in zip(inputs, shuffled, strict=True)
        ),
    }
    if isinstance(one.application, ClassifierApplication):
        from common.classification.evaluation import classification_metrics

        targets = data.targets[split][places]
        for name, given in (("right", inputs), ("shuffled", shuffled)):
            scores = scorer.score_all(given)
            row[name] = 100 * classification_metrics(scores, targets)["accuracy"]
        frequent = 100 * float(np.bincount(targets).max() / len(targets))
        return {**row, "measure": "accuracy, %", "most_frequent": frequent}
    from common.generation.evaluation import quoted_bleu

    references = [data.references[split][i] for i in places]
    for name, given in (("right", inputs), ("shuffled", shuffled)):
        texts = [answer.text for answer in scorer.answer_all(given)]
        row[name] = quoted_bleu(one.application.metrics(texts, references)[0])
    return {**row, "measure": "BLEU, greedy"}


def measure_sentences(one: Trained, seed: int, most: int) -> dict[str, Any]:
    """Measures how likely a generator finds right sentences in right order, and shuffled ones.

    Args:
        one: a generator.
        seed: of the shuffling.
        most: inputs of the split to take, from all over it; of each the first right sentence.

    Returns:
        What was measured (`name`, `data`, `split`, `inputs`), and the nats a token of sentences
        as they are (`right`) and with their words `shuffled`: the less, the likelier.

    Raises:
        UserError: the data or the network cannot be had.
    """
    import keras

    from common.explain.likelihood import nats_a_token

    data, split = one.data()
    front_end = one.application.load_front_end(one.bundle.front_end_files())
    one.application.import_layers()
    path = one.bundle.require("keras")
    model = one.bundle.opened("keras", lambda: keras.saving.load_model(path, compile=False))
    places = trained.spread(len(data.inputs[split]), most)
    pairs = [(data.inputs[split][i], data.references[split][i][0]) for i in places]
    pairs = [(raw, said) for raw, said in pairs if len(front_end.parts(raw)) == 1]
    inputs, sentences = zip(*pairs, strict=True)
    rng = np.random.default_rng(seed)
    return {
        "name": one.name,
        "data": data.name,
        "split": split,
        "inputs": len(inputs),
        "measure": "nats a token",
        "right": nats_a_token(model, front_end, inputs, sentences),
        "shuffled": nats_a_token(
            model, front_end, inputs, [shuffled_words(said, rng) for said in sentences]
        ),
    }


def _scorer(one: Trained) -> Any:
    """Opens the network, greedy where it searches."""
    if isinstance(one.application, ClassifierApplication):
        from common.classification.artefacts import open_artefact as opened
    else:
        from common.generation.artefacts import open_artefact as opened  # type: ignore[assignment]
    return one.bundle.opened("keras", lambda: opened(one.application, one.bundle, "keras"))


def explain(wish: Wish) -> Explanation:
    """Scores and draws; see `common.explain.parts.explain`."""
    found, notes = trained.find(wish.bundles, wish.apps)
    most = QUICK_INPUTS if wish.quick else INPUTS
    inputs, sentences = [], []
    for one in found:
        generates = isinstance(one.application, GeneratorApplication)
        try:
            if hasattr(one.application, "shuffled"):
                inputs.append(measure(one, wish.seed, most))
                wish.progress.say(_line(inputs[-1]))
            else:
                # A picture has none.
                notes.append(f"the input of {one.name} has no order in time to shuffle")
            if generates:
                sentences.append(measure_sentences(one, wish.seed, most))
                wish.progress.say(_line(sentences[-1]))
        except UserError as error:
            notes.append(f"{one.name} is left out: {error}")
    paragraphs = [
        "A method that counts words, or averages a sound, gives the same answer in whatever order "
        "they come. A recurrent network reads one after the other, and may use their order. How "
        "much it does is seen when the inputs of the trained network are shuffled in time and "
        "nothing else is changed."
    ]
    if inputs:
        paragraphs += [_table(inputs), _falls(inputs)]
    if sentences:
        paragraphs.append(_likelihoods(sentences))
    pictures = []
    if inputs or sentences:
        _draw(inputs, sentences, wish.folder / "order.png")
        shows = "scores of inputs, and nats a token of sentences, as they are and shuffled in time"
        pictures.append(Picture("order.png", shows))
    figures = {"inputs": inputs, "sentences": sentences}
    return Explanation("Order in time", paragraphs, pictures, figures, notes)


def _line(row: dict[str, Any]) -> str:
    return (
        f"order: {row['name']}: {row['measure']} {row['right']:.2f}, shuffled "
        f"{row['shuffled']:.2f}, {row['inputs']:,} inputs"
    )


def _table(rows: Sequence[dict[str, Any]]) -> str:
    lines = [
        "| application | score | as it is | shuffled | most frequent class | inputs "
        "| what was shuffled |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        frequent = f"{row['most_frequent']:.1f}" if "most_frequent" in row else ""
        lines.append(
            f"| {row['name']} | {row['measure']} | {row['right']:.1f} | {row['shuffled']:.1f} "
            f"| {frequent} | {row['inputs']:,} of {row['data']}, {row['split']} "
            f"| {row['order_of']} |"
        )
    return "\n".join(lines)


def _falls(rows: Sequence[dict[str, Any]]) -> str:
    """Says what each loses, the greatest loss first."""
    falls = sorted(((row["right"] - row["shuffled"], row["name"]) for row in rows), reverse=True)
    said = [f"{name} {abs(fall):.1f}{'' if fall >= 0 else ' (gained)'}" for fall, name in falls]
    return (
        f"Points lost by shuffling, the most first: {', '.join(said)}. What is left after it needs "
        "no order."
    )


def _likelihoods(rows: Sequence[dict[str, Any]]) -> str:
    said = [
        f"{row['name']} {row['right']:.2f} as they are, {row['shuffled']:.2f} with their words "
        f"shuffled ({row['inputs']:,} of {row['data']}, {row['split']})"
        for row in rows
    ]
    return (
        "What is written has an order, too. Nats a token (the less, the likelier) that the decoder "
        f"gives right sentences, each token after the right ones before it: {'; '.join(said)}."
    )


def _draw(
    inputs: Sequence[dict[str, Any]], sentences: Sequence[dict[str, Any]], path: Path
) -> None:
    panels = [rows for rows in (inputs, sentences) if rows]
    widths = [1.2 + 1.5 * len(rows) for rows in panels]
    figure, axes = drawing.subplots(
        1, len(panels), sum(widths) + 1.8, 3.8, gridspec_kw={"width_ratios": widths}
    )
    for axis, rows in zip(axes[0], panels, strict=True):
        x, width = np.arange(len(rows)), 0.36
        for side, (key, title, colour) in enumerate(
            (("right", "as it is", "C0"), ("shuffled", "shuffled in time", "C1"))
        ):
            heights = [row[key] for row in rows]
            bars = axis.bar(x + (side - 0.5) * width, heights, width, label=title, color=colour)
            axis.bar_label(bars, fmt="%.1f" if rows is inputs else "%.2f", fontsize=9)
        for place, row in zip(x, rows, strict=True):
            if "most_frequent" in row:
                line = [place - width, place + width]
                axis.plot(line, 2 * [row["most_frequent"]], color="grey", linestyle=":")
        axis.set_xticks(x, [f"{row['name']}\n{row['measure']}" for row in rows])
        axis.set_title("inputs" if rows is inputs else "sentences that are written", fontsize=10)
        axis.margins(x=0.1, y=0.12)
        axis.grid(alpha=0.3, axis="y")
        axis.set_axisbelow(True)
    handles, titles = axes[0, 0].get_legend_handles_labels()
    if any("most_frequent" in row for row in inputs):
        handles += axes[0, 0].plot([], [], color="grey", linestyle=":")
        titles.append("always the most\nfrequent class")
    figure.legend(handles, titles, loc="outside right center", fontsize=9)
    drawing.save(figure, path)
