"""What `train`, `evaluate` and `predict` do for every classifier."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from common.bundle import (
    Bundle,
    artefact_path,
    check_output,
    open_bundle,
    write_config,
    write_metrics,
    writing,
)
from common.classification.application import (
    Array,
    ClassificationData,
    ClassifierApplication,
    FrontEnd,
)
from common.classification.artefacts import ModelScorer, Scorer, open_artefact
from common.classification.evaluation import (
    check_parity,
    classification_metrics,
    compare,
    format_rows,
    group_accuracy,
)
from common.errors import UserError
from common.files import file_bytes
from common.golden import write_examples
from common.progress import Progress
from common.settings import to_json
from common.version import VERSION

# Of so many examples one answer is a hundredth.
_MANY = 100

DEFAULT_ARTEFACT = "float32"

__all__ = ["artefacts", "evaluate", "format_rows", "predict", "train"]


def train(
    application: ClassifierApplication,
    data_name: str,
    output: Path,
    settings: Any,
    options: Mapping[str, Any],
    resume: bool,
    progress: Progress,
    without: Collection[str] = (),
) -> list[dict[str, Any]]:
    """Trains, exports, scores every artefact and puts the bundle in place.

    Args:
        application: whose classifier.
        data_name: `builtin`, a path or `tfds:NAME`.
        output: folder of the bundle; an old one is replaced at the very end.
        settings: of the run.
        options: of the data.
        resume: go on after an interrupt.
        progress: told about everything.
        without: TFLite artefacts to leave out.

    Returns:
        A row for each artefact.

    Raises:
        UserError: the data or the output folder cannot be used.
        ExportError: an artefact cannot be made or answers otherwise than the network.
    """
    check_output(output)
    data = application.load_data(data_name, None, None, options)
    progress.say(
        f"data {data.name}: "
        + ", ".join(f"{len(rows):,} {split}" for split, rows in data.inputs.items())
        + f"; classes {', '.join(data.labels)}"
    )
    split = "test" if "test" in data.inputs else "dev"
    notes = [*data.notes, *_few(split, len(data.inputs[split]))]
    for note in notes:
        progress.say(f"note: {note}")

    from common.classification.fitting import fit, save_without_optimizer

    settings = application.settle(settings, data)
    front_end = application.make_front_end(data, settings)
    description = front_end.describe(data.inputs["train"])
    for line in description:
        progress.say(line)
    checkpoint = output.parent / f".{output.name}.training"
    logs = checkpoint.with_name(checkpoint.name + ".logs")
    if not resume:
        shutil.rmtree(logs, ignore_errors=True)
    model, history = fit(application, data, front_end, settings, checkpoint, logs, resume, progress)
    with writing(output) as folder:
        labels = data.labels
        (folder / "labels.txt").write_text("".join(f"{x}\n" for x in labels), encoding="utf-8")
        write_config(folder, application, data.name, front_end, labels, settings, options)
        if application_exports(settings):
            from common.classification.export import export_all

            inputs = data.inputs["train"]
            export_all(
                application,
                model,
                front_end,
                data.labels,
                inputs,
                folder,
                VERSION,
                progress,
                settings,
                without,
            )
        else:
            save_without_optimizer(model, artefact_path(folder, "keras"))
        bundle = open_bundle(folder, application.name)
        network = ModelScorer(model, data.labels, front_end)
        reference = network.score_all(data.inputs[split])
        rows = []
        for artefact in bundle.artefacts():
            scorer = open_artefact(application, bundle, artefact)
            rows.append(
                _score(application, bundle, artefact, scorer, data, split, reference, progress)
            )
        check_parity(rows)
        from common.classification.card import write_card

        metrics = {
            "rows": rows,
            "baseline": _baseline(application, data, front_end, split, progress),
            "front_end": _measure(application, front_end, data.inputs[split], progress),
            "training": {
                "epochs": history.epochs,
                "best_epoch": history.best_epoch,
                "seconds": history.seconds,
                "parameters": int(model.count_params()),
            },
            "data": {
                "name": data.name,
                "splits": {name: len(values) for name, values in data.inputs.items()},
                "notes": notes,
                "front_end": description,
            },
            "settings": to_json(settings),
        }
        write_metrics(folder, metrics)
        write_card(application, bundle, metrics, data, network, split, reference)
        _write_golden(bundle, application, front_end, data.inputs[split], reference)
        if logs.exists():
            shutil.copytree(logs, folder / "logs")
    shutil.rmtree(checkpoint, ignore_errors=True)
    shutil.rmtree(logs, ignore_errors=True)
    return rows


def _few(split: str, examples: int) -> list[str]:
    """What to know of scores on so few examples."""
    if examples >= _MANY:
        return []
    return [
        f"the {split} split has {examples} examples, so that a single answer moves accuracy by "
        f"{1 / examples:.3f}; give more to trust the scores"
    ]


def artefacts(bundle: Bundle) -> list[str]:
    """Returns the artefacts of a bundle that can be asked."""
    return bundle.artefacts()


def application_exports(settings: Any) -> bool:
    """Returns whether a network with these settings is exported: only ours is."""
    return bool(settings.layer == "recur")


def _write_golden(
    bundle: Bundle,
    application: ClassifierApplication,
    front_end: FrontEnd,
    inputs: Sequence[Any],
    reference: Array,
) -> None:
    """Stores a few inputs with the scores they must get, for ports to other languages."""
    encoded = {i: front_end.encode(inputs[i]) for i in range(min(16, len(inputs)))}
    few = [i for i, one in encoded.items() if len(one) <= front_end.max_timesteps]
    padded = front_end.pad([encoded[i] for i in few], front_end.max_timesteps)
    raw = np.array([application.show(inputs[i]) for i in few])
    write_examples(bundle.path, raw=raw, inputs=padded, scores=reference[few])


def _score(
    application: ClassifierApplication,
    bundle: Bundle,
    artefact: str,
    scorer: Scorer,
    data: ClassificationData,
    split: str,
    reference: Array,
    progress: Progress,
) -> dict[str, Any]:
    """Scores one artefact and returns its row of the metrics."""
    inputs, targets = data.inputs[split], data.targets[split]
    scores = _scores_with_progress(scorer, inputs, artefact, progress)
    row: dict[str, Any] = {
        "app": application.name,
        "artefact": artefact,
        "data": data.name,
        "split": split,
        "examples": len(inputs),
        "metrics": classification_metrics(scores, targets),
        "bytes": file_bytes(artefact_path(bundle.path, artefact)),
        "latency_ms": scorer.latency_ms(inputs[:50]),
        **compare(scores, reference),
    }
    if split in data.groups:
        row["groups"] = group_accuracy(scores, targets, data.groups[split])
    progress.say(
        f"{artefact:12} accuracy {row['metrics']['accuracy']:.4f}  "
        f"equal answers {row['equal_answers']:.2%}  {row['latency_ms']:.2f} ms  "
        f"{row['bytes']:,} bytes"
    )
    return row


def _scores_with_progress(
    scorer: Scorer, inputs: Sequence[Any], artefact: str, progress: Progress
) -> Array:
    scores = np.zeros((len(inputs), len(scorer.labels)), np.float32)
    progress.start(artefact, len(inputs))
    for index, one in scorer.scores(inputs):
        scores[index] = one
        progress.advance()
    progress.close()
    return scores


def _measure(
    application: ClassifierApplication,
    front_end: FrontEnd,
    inputs: Sequence[Any],
    progress: Progress,
) -> dict[str, float]:
    measured = dict(application.measure(front_end, inputs))
    for name, value in measured.items():
        progress.say(f"{name.replace('_', ' ')}: {value:.2g}")
    return measured


def _baseline(
    application: ClassifierApplication,
    data: ClassificationData,
    front_end: FrontEnd,
    split: str,
    progress: Progress,
) -> dict[str, Any] | None:
    encoded = {
        name: [front_end.encode(raw) for raw in data.inputs[name]] for name in ("train", split)
    }
    found = application.baseline(encoded["train"], data.targets["train"], encoded[split], front_end)
    if found is None:
        return None
    name, scores = found
    metrics = classification_metrics(scores, data.targets[split])
    progress.say(f"for comparison, {name}: accuracy {metrics['accuracy']:.4f}")
    return {"name": name, "metrics": metrics}


def evaluate(
    application: ClassifierApplication,
    path: Path,
    artefacts: Sequence[str],
    data_name: str | None,
    split: str | None,
    options: Mapping[str, Any],
    progress: Progress,
) -> Iterator[dict[str, Any]]:
    """Scores artefacts of a bundle again.

    Args:
        application: whose bundle it must be.
        path: of the bundle.
        artefacts: their names.
        data_name: `builtin`, a path or `tfds:NAME`; None for the data it was trained on.
        split: the one to score; None for the one it was scored on.
        options: of the data.
        progress: told about everything.

    Yields:
        A row for each artefact.

    Raises:
        UserError: the bundle, an artefact, the data or the split cannot be used.
    """
    bundle = open_bundle(path, application.name)
    for artefact in artefacts:
        bundle.require(artefact)
    data_name = data_name or bundle.config["data"]
    asked = split is not None
    split = split or bundle.scored_split() or "dev"
    options = bundle.data_options(application, data_name, options)
    data = application.load_data(data_name, {split}, bundle.labels, options)
    for note in data.notes:
        progress.say(f"note: {note}")
    if not asked and data_name != bundle.config["data"]:
        progress.say(f"scoring the {split} split; --split all (make: SPLIT=all) scores everything")
    reference = _open_given(application, bundle, "keras").score_all(data.inputs[split])
    for artefact in artefacts:
        scorer = _open_given(application, bundle, artefact)
        yield _score(application, bundle, artefact, scorer, data, split, reference, progress)


def _open_given(application: ClassifierApplication, bundle: Bundle, artefact: str) -> Scorer:
    """Opens an artefact that came from outside."""
    return bundle.opened(artefact, lambda: open_artefact(application, bundle, artefact))


def predict(
    application: ClassifierApplication, path: Path, artefact: str | None, arguments: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Answers raw inputs with one artefact of a bundle.

    Args:
        application: whose bundle it must be.
        path: of the bundle.
        artefact: its name; None for the one that fits the input best.
        arguments: as the application reads them; nothing means standard input.

    Yields:
        For each input `input`, `answer`, `score`, `scores` by label, and `notes` where there is
        something that the user must know.

    Raises:
        UserError: the bundle, the artefact or an input cannot be used.
    """
    bundle = open_bundle(path, application.name)
    if not bundle.artefacts():
        raise UserError(f"{path}: holds no artefact; train it again")
    if not arguments and (answers := application.listen(bundle, artefact)) is not None:
        yield from answers
        return
    scorer = _open_given(application, bundle, artefact or DEFAULT_ARTEFACT)
    for shown, raw in application.read_inputs(arguments):
        scores = scorer.score_all([raw])[0]
        best = int(scores.argmax())
        remarks = scorer.front_end.remarks(raw)
        yield {
            "input": shown,
            "answer": scorer.labels[best],
            "score": float(scores[best]),
            "scores": {label: float(s) for label, s in zip(scorer.labels, scores, strict=True)},
            **({"notes": remarks} if remarks else {}),
        }
