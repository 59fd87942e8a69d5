"""What `train`, `evaluate` and `predict` do for every generator."""

from __future__ import annotations

import contextlib
import shutil
import sys
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from common.arriving import as_they_come
from common.bundle import (
    Bundle,
    artefact_path,
    check_output,
    open_bundle,
    write_config,
    write_metrics,
    writing,
)
from common.errors import UserError
from common.generation.application import Answer, FrontEnd, GenerationData, GeneratorApplication
from common.generation.artefacts import ModelScorer, Scorer, artefacts, open_artefact
from common.generation.attention import ReadsText
from common.generation.evaluation import (
    BEAM,
    GREEDY,
    Search,
    check_parity,
    format_rows,
)
from common.generation.judging import DEFAULT_ARTEFACT, Judge, open_given, require, searches
from common.golden import write_examples
from common.progress import Progress
from common.settings import to_json
from common.version import VERSION

# Of `predict`: inputs that are answered together, and seconds between two lines about them.
_TOGETHER, _SAID_EVERY = 64, 10.0

__all__ = ["artefacts", "evaluate", "format_rows", "predict", "train"]


def train(
    application: GeneratorApplication,
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
        application: whose generator.
        data_name: `builtin`, a path or `tfds:NAME`.
        output: folder of the bundle; an old one is replaced at the very end.
        settings: of the run.
        options: of the data.
        resume: go on after an interrupt.
        progress: told about everything.
        without: TFLite artefacts to leave out.

    Returns:
        A row for each artefact and search.

    Raises:
        UserError: the data or the output folder cannot be used.
        ExportError: an artefact cannot be made or answers otherwise than the network.
    """
    check_output(output)
    data = application.usable(application.load_data(data_name, None, options), progress)
    progress.say(f"data {data.name}: {_sizes(data)}")
    for note in data.notes:
        progress.say(f"note: {note}")

    from common.generation.fitting import fit

    settings = application.settle(settings, data)
    front_end = application.make_front_end(data, settings)
    description = front_end.describe(data)
    for line in description:
        progress.say(line)
    checkpoint = output.parent / f".{output.name}.training"
    logs = checkpoint.with_name(checkpoint.name + ".logs")
    if not resume:
        shutil.rmtree(logs, ignore_errors=True)
    model, history = fit(application, data, front_end, settings, checkpoint, logs, resume, progress)
    split = "test" if "test" in data.inputs else "dev"
    with writing(output) as folder:
        write_config(folder, application, data.name, front_end, (), settings, options)
        _export(application, model, front_end, settings, data, folder, progress, without)
        bundle = open_bundle(folder, application.name)
        opened = partial(open_artefact, application, bundle)
        network = _in_memory(model, front_end, settings)
        judge = Judge(application, bundle, data, split, opened, network, progress)
        rows = [row for artefact in artefacts(bundle) for row in judge.rows(artefact)]
        metrics = {
            "rows": rows,
            "parity": check_parity(rows, application.tolerances),
            **judge.about_the_network(front_end),
            "training": {
                "epochs": history.epochs,
                "best_epoch": history.best_epoch,
                "seconds": history.seconds,
                "parameters": int(model.count_params()),
            },
            "data": {
                "name": data.name,
                "splits": {name: len(some) for name, some in data.inputs.items()},
                "sentences": {k: sum(map(len, some)) for k, some in data.references.items()},
                "notes": list(data.notes),
                "front_end": description,
            },
            "settings": to_json(settings),
        }
        for line in metrics["parity"]:
            progress.say(f"note: {line}")
        write_metrics(folder, metrics)
        from common.generation.card import write_card

        answers = judge.reference(searches(bundle)[-1])
        write_card(application, bundle, metrics, data, split, answers, model, front_end)
        _write_golden(bundle, application, front_end, data.inputs[split], judge.reference(GREEDY))
        if logs.exists():
            shutil.copytree(logs, folder / "logs")
    shutil.rmtree(checkpoint, ignore_errors=True)
    shutil.rmtree(logs, ignore_errors=True)
    return rows


def _sizes(data: GenerationData) -> str:
    return ", ".join(
        f"{len(some):,} {split} ({sum(map(len, data.references[split])):,} sentences)"
        for split, some in data.inputs.items()
    )


def _export(
    application: GeneratorApplication,
    model: Any,
    front_end: FrontEnd,
    settings: Any,
    data: GenerationData,
    folder: Path,
    progress: Progress,
    without: Collection[str],
) -> None:
    """Writes the artefacts; of a network with Keras's layers its `model.keras` alone."""
    if settings.layer != "recur":
        model.save(artefact_path(folder, "keras"))
        return
    from common.generation.export import export_all

    inputs = data.inputs["train"]
    export_all(application, model, front_end, settings, inputs, folder, VERSION, progress, without)


def _in_memory(model: Any, front_end: FrontEnd, settings: Any) -> Callable[[Search], Scorer]:
    """Returns what opens the network that was trained, as it is in memory, for a search."""

    def opened(search: Search) -> Scorer:
        width = settings.beam if search == BEAM else 1
        return ModelScorer(model, front_end, width, settings.length_penalty)

    return opened


def _write_golden(
    bundle: Bundle,
    application: GeneratorApplication,
    front_end: FrontEnd,
    inputs: Sequence[Any],
    reference: Sequence[Answer],
) -> None:
    """Stores a few inputs with their greedy answers, for ports to other languages.

    As a user gives them and as the network takes them; none that is divided.
    """
    parts = {i: front_end.parts(inputs[i]) for i in range(min(16, len(inputs)))}
    few = [i for i, some in parts.items() if len(some) == 1]
    encoded = [front_end.encode(parts[i][0]) for i in few]
    ids = np.zeros((len(few), max((len(reference[i].ids) for i in few), default=0)), np.int32)
    for row, i in zip(ids, few, strict=True):
        row[: len(reference[i].ids)] = reference[i].ids
    write_examples(
        bundle.path,
        raw=np.array([application.show(inputs[i]) for i in few]),
        inputs=front_end.pad(encoded, front_end.max_timesteps),
        text=np.array([reference[i].text for i in few]),
        ids=ids,
        scores=np.array([reference[i].score for i in few], np.float32),
    )


def evaluate(
    application: GeneratorApplication,
    path: Path,
    names: Sequence[str],
    data_name: str | None,
    split: str | None,
    options: Mapping[str, Any],
    progress: Progress,
) -> Iterator[dict[str, Any]]:
    """Scores artefacts of a bundle again.

    Args:
        application: whose bundle it must be.
        path: of the bundle.
        names: of the artefacts.
        data_name: `builtin`, a path or `tfds:NAME`; None for the data it was trained on.
        split: the one to score; None for the one it was scored on.
        options: of the data.
        progress: told about everything.

    Yields:
        A row for each artefact and search.

    Raises:
        UserError: the bundle, an artefact, the data or the split cannot be used.
    """
    bundle = open_bundle(path, application.name)
    for artefact in names:
        require(bundle, artefact)
    data_name = data_name or bundle.config["data"]
    split = split or bundle.scored_split() or "dev"
    options = bundle.data_options(application, data_name, options)
    data = application.usable(application.load_data(data_name, {split}, options), progress)
    for note in data.notes:
        progress.say(f"note: {note}")
    opened = partial(open_given, application, bundle)
    judge = Judge(application, bundle, data, split, opened, partial(opened, "keras"), progress)
    for artefact in names:
        yield from judge.rows(artefact)


def predict(
    application: GeneratorApplication, path: Path, artefact: str | None, arguments: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Answers raw inputs with one artefact of a bundle, in their order.

    Args:
        application: whose bundle it must be.
        path: of the bundle.
        artefact: its name; None for `float32`, or the first one where that was not made.
        arguments: as the application reads them; nothing means standard input.

    Yields:
        For each input `input`, `answer`, `score`; where there are some `unknown`, the words that
        the network does not know, and `notes`, what the user must know.

    Raises:
        UserError: the bundle, the artefact or an input cannot be used.
    """
    bundle = open_bundle(path, application.name)
    there = artefacts(bundle)
    if not there:
        raise UserError(f"{path}: holds no artefact; train it again")
    artefact = artefact or (DEFAULT_ARTEFACT if DEFAULT_ARTEFACT in there else there[0])
    scorer = open_given(application, bundle, artefact, searches(bundle, artefact)[-1])
    pace = _Pace(Progress(), len(arguments))
    for some in as_they_come(application.read_inputs(arguments), _TOGETHER):
        with pace.of(len(some)):
            answers = _answers(scorer, [raw for _, raw in some])
        for (shown, raw), answer in zip(some, answers, strict=True):
            unknown = _unknown_words(scorer.front_end, raw)
            remarks = scorer.front_end.remarks(raw)
            more = {"unknown": unknown, "notes": remarks}
            row = {"input": shown, "answer": answer.text, "score": answer.score}
            yield {**row, **{name: some for name, some in more.items() if some}}
    pace.end()


def _answers(scorer: Scorer, raw: Sequence[Any]) -> Iterable[Answer]:
    """Answers inputs together; if one of them cannot be used, those before it first."""
    try:
        return scorer.answer_all(raw)
    except UserError:
        return (scorer.answer_all([one])[0] for one in raw)


def _unknown_words(front_end: FrontEnd, raw: Any) -> list[str]:
    if isinstance(front_end, ReadsText) and isinstance(raw, str):
        return front_end.source.unknown_words(raw)
    return []


class _Pace:
    """Says how many inputs were answered, and how fast; time spent waiting for them is not counted.

    Args:
        progress: told about it.
        total: number of inputs, 0 where it is not known.
    """

    def __init__(self, progress: Progress, total: int) -> None:
        self.progress, self.total, self.count, self.seconds = progress, total, 0, 0.0
        self.said = time.perf_counter()

    @contextlib.contextmanager
    def of(self, count: int) -> Iterator[None]:
        """Measures how long it takes to answer so many."""
        start = time.perf_counter()
        yield
        now = time.perf_counter()
        self.count, self.seconds = self.count + count, self.seconds + now - start
        # Where answers go to a terminal, they are the progress.
        if now > self.said + _SAID_EVERY and not sys.stdout.isatty():
            self.said = now
            self._say()

    def end(self) -> None:
        """Says how fast it was, if it was about more than one."""
        if self.count > 1:
            self._say()

    def _say(self) -> None:
        pace = self.count / max(self.seconds, 1e-9)
        of = f" of {self.total:,}" if self.total > self.count else ""
        self.progress.say(f"{self.count:,}{of} sentences, {pace:,.0f} a second")
