"""The model card: everything a stranger needs to know of a bundle, made from its metrics."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from common.bundle import Bundle
from common.errors import one_line
from common.generation import pictures
from common.generation.application import Answer, FrontEnd, GenerationData, GeneratorApplication
from common.generation.artefacts import STEP
from common.generation.attention import ReadsText, attention_to
from common.generation.evaluation import GREEDY, format_rows, judging_metric, title_of
from common.generation.judging import DEFAULT_ARTEFACT
from common.generation.scores import sentence_scores

_EXAMPLES = 8
_SHOWN_CHARACTERS = 300
_DRAWN_TOKENS = 8, 18
_SPECIAL = re.compile(r"([\\`*_\[\]|~#$])")

CURVE, LENGTHS, ATTENTION = "learning_curve.png", "bleu_by_length.png", "attention_{}.png"


def write_card(
    application: GeneratorApplication,
    bundle: Bundle,
    metrics: Mapping[str, Any],
    data: GenerationData,
    split: str,
    answers: Sequence[Answer],
    model: Any,
    front_end: FrontEnd,
) -> None:
    """Writes `README.md` and `plots/` of a bundle.

    Args:
        application: whose bundle.
        bundle: to write into.
        metrics: what `metrics.json` holds.
        data: it was trained and scored on.
        split: the one it was scored on.
        answers: of the network to that split, from the last search of the rows.
        model: the network.
        front_end: of the network.
    """
    plots = bundle.path / "plots"
    drawn = [
        *_draw(metrics, data.inputs[split], answers, model, front_end, plots),
        *application.draw(model, front_end, data, split, answers, plots),
    ]
    lines = [
        f"# {application.name}",
        "",
        f"{application.summary} Trained with Recur {bundle.config['version']}.",
        "",
        *_scores(metrics, application.meanings, data.name, split, len(answers)),
        *_lengths(metrics["by_length"]),
        *_data(metrics["data"]),
        *_training(metrics),
        "## What it writes",
        "",
        *examples(application, data, split, answers),
        "",
        *(line for title, name in drawn for line in (f"![{title}](plots/{name})", "")),
        application.usage(front_end),
    ]
    text = "\n".join(lines).rstrip() + "\n"
    (bundle.path / "README.md").write_text(text, encoding="utf-8")


def _scores(
    metrics: Mapping[str, Any], meanings: Mapping[str, str], name: str, split: str, count: int
) -> list[str]:
    unseen = "" if split == "test" else " except to choose the epoch that was kept"
    beam = metrics["settings"]["beam"]
    return [
        "## Scores",
        "",
        f"On the {split} split of {_code(name)}, {count:,} inputs that training never saw{unseen}; "
        f"every artefact on the same ones, with greedy search and with a beam of {beam}. *Equal "
        "answers* (all tokens the same) and *largest difference* (of the score of an answer) "
        "compare an artefact with the network that was evaluated. *Latency* is the median of many "
        f"calls with one input on the machine that trained (LiteRT: one thread).{_parts(metrics)}",
        "",
        *format_rows(metrics["rows"]),
        "",
        *(f"- {title_of(k)}: {_code(v)}" for k, v in metrics["signatures"].items()),
        *(
            f"- {k}: {escaped(v)}"
            for k, v in meanings.items()
            if k in metrics["rows"][0]["metrics"]
        ),
        "",
        *(line for note in metrics["parity"] for line in (f"{note}.", "")),
        *_baseline(metrics["baseline"]),
    ]


def _parts(metrics: Mapping[str, Any]) -> str:
    """Returns a sentence about how the time of a call is divided, where it can be told.

    Inputs of many lengths have medians of different inputs, which cannot be subtracted.
    """
    rows = {(row["artefact"], row["search"]): row for row in metrics["rows"]}
    whole, step = rows.get((DEFAULT_ARTEFACT, GREEDY)), rows.get((STEP, GREEDY))
    if metrics["by_length"] or whole is None or step is None or "encode_ms" not in step:
        return ""
    total, encoder = whole["latency_ms"], step["encode_ms"]
    if encoder >= total:  # measured one after the other, on a machine that had more to do
        return ""
    return (
        f" Of the {total:.1f} ms of {DEFAULT_ARTEFACT} with greedy search, the encoder takes "
        f"{encoder:.1f} ms ({encoder / total:.0%}); reading the input and the decoder take the "
        f"other {total - encoder:.1f} ms."
    )


def _baseline(baseline: Mapping[str, Any] | None) -> list[str]:
    if baseline is None:
        return []
    scores = ", ".join(f"{title_of(k)} {v:.2f}" for k, v in baseline["metrics"].items())
    return [f"For comparison, {escaped(baseline['name'])}: {scores}.", ""]


def _lengths(bands: Sequence[Mapping[str, Any]]) -> list[str]:
    if not bands:
        return []
    lines = ["| tokens of the input | inputs | BLEU |", "|---|---|---|"]
    lines += [f"| {pictures.band_name(b)} | {b['examples']:,} | {b['bleu']:.2f} |" for b in bands]
    picture = f"![BLEU by length](plots/{LENGTHS})"
    return ["## By length", "", *lines, "", picture, ""]


def _data(data: Mapping[str, Any]) -> list[str]:
    counts = [
        f"{n:,} {name} ({data['sentences'][name]:,} sentences)"
        for name, n in data["splits"].items()
    ]
    notes = [f"- {escaped(note)}" for note in data["notes"] + data["front_end"]]
    return ["## Data", "", f"{_code(data['name'])}: {', '.join(counts)}.", *notes, ""]


def _training(metrics: Mapping[str, Any]) -> list[str]:
    training = metrics["training"]
    best = training["epochs"][training["best_epoch"] - 1]
    bleu = _title_of_bleu(metrics)
    rewarded = sum("reward" in epoch for epoch in training["epochs"])
    after = f", the last {rewarded} of them with rewards," if rewarded else ""
    settings = ", ".join(f"{k} {escaped(str(v))}" for k, v in metrics["settings"].items())
    return [
        "## Training",
        "",
        f"{training['parameters']:,} parameters; {len(training['epochs'])} epochs{after} in "
        f"{training['seconds']:.0f} s; the weights of epoch {training['best_epoch']} were kept, "
        f"the best on dev: {best['dev_nats']:.3f} nats a token, greedy {bleu} "
        f"{best['dev_bleu']:.2f}.",
        "",
        f"![Learning curve](plots/{CURVE})",
        "",
        f"Settings: {settings}.",
        "",
    ]


def _title_of_bleu(metrics: Mapping[str, Any]) -> str:
    return title_of(judging_metric(metrics["rows"][0]["metrics"]))


def examples(
    application: GeneratorApplication,
    data: GenerationData,
    split: str,
    answers: Sequence[Answer],
) -> list[str]:
    """The worst answers by their own chrF, some spread over the split, the best."""
    references = data.references[split]
    scores = np.array(sentence_scores([answer.text for answer in answers], references))
    order = np.argsort(scores, kind="stable").tolist()
    highest = scores.max()
    worst = [i for i in order if scores[i] < highest][:_EXAMPLES]
    # Long ones first: that a short one is right says little.
    best = [i for i in order if scores[i] == highest]
    best = sorted(best, key=lambda i: -len(answers[i].text))[: _EXAMPLES // 2]
    others = sorted({*order} - {*worst, *best})
    places = np.linspace(0, len(others) - 1, min(_EXAMPLES // 2, len(others)), dtype=int)
    lines = ["| | input | answer | references | score | chrF |", "|---|---|---|---|---|---|"]
    chosen = (("worst", worst), ("any", [others[i] for i in places]), ("best", best))
    for mark, indices in chosen:
        for i in indices:
            shown = [application.show(data.inputs[split][i]), answers[i].text]
            texts = " | ".join(map(escaped, shown))
            right = " / ".join(map(escaped, references[i]))
            lines.append(
                f"| {mark} | {texts} | {right} | {answers[i].score:.3f} | {scores[i]:.1f} |"
            )
    return lines


def _draw(
    metrics: Mapping[str, Any],
    inputs: Sequence[Any],
    answers: Sequence[Answer],
    model: Any,
    front_end: FrontEnd,
    plots: Path,
) -> list[tuple[str, str]]:
    """Draws all pictures; returns title and name of those that show where the decoder looks."""
    training = metrics["training"]
    bleu = _title_of_bleu(metrics)
    pictures.learning_curve(training["epochs"], training["best_epoch"], plots / CURVE, bleu)
    if metrics["by_length"]:
        pictures.bleu_by_length(metrics["by_length"], plots / LENGTHS)
    if not isinstance(front_end, ReadsText):
        return []
    drawn = []
    for number, index in enumerate(_drawable(inputs, answers, front_end), 1):
        ids = front_end.encode(inputs[index])
        weights, written = attention_to(model, front_end, ids, answers[index].ids)
        name = ATTENTION.format(number)
        pictures.attention(weights, front_end.source.tokens(ids.tolist()), written, plots / name)
        drawn.append((f"Where it looks (columns) as it writes (rows), {number}", name))
    return drawn


def _drawable(
    inputs: Sequence[Any], answers: Sequence[Answer], front_end: FrontEnd, count: int = 2
) -> list[int]:
    """Returns inputs in one part, the longest answers first.

    They are long enough to show something and short enough to read, if there are such.
    """
    low, high = _DRAWN_TOKENS
    found = [
        index
        for index, raw in enumerate(inputs[:400])
        if len(front_end.parts(raw)) == 1
        and low <= len(answers[index].ids) <= high
        and low <= len(front_end.encode(raw)) <= high
    ]
    found = found or [i for i, raw in enumerate(inputs[:40]) if len(front_end.parts(raw)) == 1]
    return sorted(found, key=lambda index: -len(answers[index].ids))[:count]


def escaped(text: str) -> str:
    """Returns foreign text so that Markdown shows it as it is, in a cell of a table too."""
    line = _SPECIAL.sub(r"\\\1", one_line(text, _SHOWN_CHARACTERS))
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _code(text: str) -> str:
    return f"`{one_line(text).replace('`', chr(0x2BC))}`"
