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
    rows = []
    for one in found:
        if not hasattr(one.application, "shuffled"):
            notes.append(f"{one.name} is left out: its input has no order in time to shuffle")
            continue
        try:
            row = measure(one, wish.seed, QUICK_INPUTS if wish.quick else INPUTS)
        except UserError as error:
            notes.append(f"{one.name} is left out: {error}")
            continue
        rows.append(row)
        wish.progress.say(
            f"order: {one.name}: {row['measure']} {row['right']:.1f}, shuffled "
            f"{row['shuffled']:.1f}, {row['inputs']} inputs"
        )
    paragraphs = [
        "A method that counts words, or averages a sound, gives the same answer in whatever order "
        "they come. A recurrent network reads one after the other, and may use their order. How "
        "much it does is seen when the inputs of the trained network are shuffled in time and "
        "nothing else is changed."
    ]
    if rows:
        paragraphs += [_table(rows), _sentence(rows)]
        _draw(rows, wish.folder / "order.png")
    pictures = [Picture("order.png", "scores of inputs as they are and shuffled in time")]
    return Explanation("Order in time", paragraphs, pictures if rows else [], {"rows": rows}, notes)


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


def _sentence(rows: Sequence[dict[str, Any]]) -> str:
    """Says what each loses, the greatest loss first."""
    falls = sorted(((row["right"] - row["shuffled"], row["name"]) for row in rows), reverse=True)
    said = [f"{name} {abs(fall):.1f}{'' if fall >= 0 else ' (gained)'}" for fall, name in falls]
    return (
        f"Points lost by shuffling, the most first: {', '.join(said)}. What is left after it needs "
        "no order."
    )


def _draw(rows: Sequence[dict[str, Any]], path: Path) -> None:
    figure, axes = drawing.subplots(1, 1, 2.2 + 2.0 * len(rows), 3.6)
    axis, x, width = axes[0, 0], np.arange(len(rows)), 0.36
    for side, (key, title, colour) in enumerate(
        (("right", "as it is", "C0"), ("shuffled", "shuffled in time", "C1"))
    ):
        bars = axis.bar(
            x + (side - 0.5) * width, [row[key] for row in rows], width, label=title, color=colour
        )
        axis.bar_label(bars, fmt="%.1f", fontsize=9)
    for place, row in zip(x, rows, strict=True):
        if "most_frequent" in row:
            height = row["most_frequent"]
            axis.hlines(height, place - width, place + width, color="grey", linestyle=":")
    axis.plot([], [], color="grey", linestyle=":", label="always the most frequent class")
    axis.set_xticks(x, [f"{row['name']}\n{row['measure']}" for row in rows])
    axis.set(ylim=(0, 112))
    axis.grid(alpha=0.3, axis="y")
    axis.set_axisbelow(True)
    figure.legend(loc="outside right center", fontsize=9)
    drawing.save(figure, path)
