"""Where each cell stops learning: delayed recall and the adding problem at growing lags."""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import keras

from common.errors import UserError
from common.explain import drawing
from common.explain.cells import CONTESTANTS, Contestant
from common.explain.learning import Budget, build, train
from common.explain.parts import Explanation, Picture, Wish
from common.explain.tasks import ADDING, RECALL, TASKS, Task
from common.files import write_texts
from common.settings import read_json
from common.version import code_digest

RUNS_FILE = "memory-runs.json"
LAGS, STEPS = (10, 30, 100, 300, 1000), 1500
QUICK_LAGS, QUICK_STEPS = (10, 30, 100), 300
# The LSTM compiles longest.
QUICK_CELLS = ("plain", "gated", "gated-slow", "gru")


class Runs:
    """What was learned so far, kept in a file, so that an interrupted comparison goes on.

    Args:
        folder: of the file.

    Raises:
        UserError: the file there holds something else.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, path = folder, folder / RUNS_FILE
        self.rows: list[dict[str, Any]] = read_json(path).get("runs", []) if path.exists() else []
        whole = isinstance(self.rows, list) and all(isinstance(r, dict) for r in self.rows)
        if not whole or any("settings" not in row or "score" not in row for row in self.rows):
            raise UserError(f"{path}: holds no runs of this part; delete it to start again")

    def find(self, settings: Mapping[str, Any]) -> dict[str, Any] | None:
        """Returns the row of a run with the very same settings."""
        return next((row for row in self.rows if row["settings"] == settings), None)

    def add(self, row: dict[str, Any]) -> None:
        """Adds a row and writes the file."""
        self.rows.append(row)
        text = json.dumps({"runs": self.rows}, indent=1) + "\n"
        write_texts(self.folder, {RUNS_FILE: text})


_HERE = Path(__file__).parent
# What a run depends on: cell and layer, contestants, tasks, training.
_CODE = (_HERE.parent / "recurrent", *(_HERE / f"{n}.py" for n in ("cells", "learning", "tasks")))


def settings_of(
    task: Task, contestant: Contestant, lag: int, seed: int, budget: Budget
) -> dict[str, Any]:
    """Returns all that a run depends on, as JSON has it."""
    return {
        "code": code_digest(_CODE),
        "task": task.name,
        "features": task.features,
        "solved": task.solved,
        "cell": contestant.name,
        "lag": lag,
        "seed": seed,
        **dataclasses.asdict(budget),
    }


def compare(
    tasks: Sequence[Task],
    contestants: Sequence[Contestant],
    lags: Sequence[int],
    budget: Budget,
    wish: Wish,
) -> Iterator[dict[str, Any]]:
    """Trains every contestant on every task at every lag, but those that were trained before.

    Args:
        tasks, contestants, lags: which.
        budget: the same for all.
        wish: seed, folder and progress.

    Yields:
        A row for each: `settings` of `settings_of`, `score`, `steps` taken, whether it was
        `solved`, `parameters` of the network and `seconds`.
    """
    runs = Runs(wish.folder)
    # Short lags first: where the longest are not waited for, --longest shows what is there.
    every = [(lag, task, one) for lag in lags for task in tasks for one in contestants]
    for number, (lag, task, one) in enumerate(every, 1):
        settings = settings_of(task, one, lag, wish.seed, budget)
        row = runs.find(settings)
        known = row is not None
        if row is None:
            what = f"{task.title}, lag {lag}, {one.title}"
            row = {"settings": settings, **_run(task, one, lag, budget, what, wish)}
            runs.add(row)
        wish.progress.say(
            f"memory {number}/{len(every)}: {task.title}, lag {lag:,}, {one.title}: "
            f"{task.measure} {row['score']:.3f} after {row['steps']:,} steps  "
            + ("known" if known else f"{row['seconds']:.0f} s")
        )
        yield row


def _run(
    task: Task, one: Contestant, lag: int, budget: Budget, what: str, wish: Wish
) -> dict[str, Any]:
    start = time.perf_counter()
    keras.utils.set_random_seed(wish.seed)
    model = build(task, lag, one.make(budget.units, lag), budget, one.compiled)
    wish.progress.start(what, -(-budget.steps // budget.every))
    outcome = train(model, task, lag, wish.seed, budget, wish.progress.advance)
    wish.progress.close()
    return {
        **dataclasses.asdict(outcome),
        "parameters": int(model.count_params()),
        "seconds": time.perf_counter() - start,
    }


def explain(wish: Wish) -> Explanation:
    """Trains and draws; see `common.explain.parts.explain`."""
    every, budget = (QUICK_LAGS, Budget(QUICK_STEPS)) if wish.quick else (LAGS, Budget(STEPS))
    lags = [lag for lag in every if lag <= wish.longest]
    contestants = [c for c in CONTESTANTS if not wish.quick or c.name in QUICK_CELLS]
    rows = list(compare(TASKS, contestants, lags, budget, wish))
    _draw(rows, contestants, lags, wish.folder / "memory.png")
    paragraphs = [
        "Two tasks that nothing but memory solves. Delayed recall: which was the first symbol, "
        f"asked after as many others as the lag says? ({RECALL.outputs} symbols: a guess is right "
        f"with probability {RECALL.blind:.3f}.) The adding problem (Hochreiter and Schmidhuber, "
        "1997): two numbers of a long row are marked, one in each half; what is their sum? (Who "
        f"always answers 1 has a mean squared error of {ADDING.blind:.3f}.)",
        f"Every cell has {budget.units} units, the same sequences, and the same budget: at most "
        f"{budget.steps:,} steps of {budget.batch} fresh sequences, Adam with a "
        f"rate of {budget.learning_rate:g}, one run each; training ends when the task is solved "
        f"(accuracy {RECALL.solved:g}, error {ADDING.solved:g}, on {budget.held_out} sequences "
        "never trained on). The rate was chosen for our cells, of 0.003 and 0.01; what is not "
        "solved may be solved at another, or with more steps. *Slow gates* are the same cell with "
        "other first biases of the gate, drawn for the lag "
        "(`common.recurrent.initializers.SlowGates`).",
    ]
    for task in TASKS:
        own = [row for row in rows if row["settings"]["task"] == task.name]
        paragraphs += [_table(task, own, contestants, lags), reach(task, own, contestants)]
    notes = []
    longer = [lag for lag in every if lag not in lags]
    if longer:
        notes.append(f"longer lags are left out by --longest: {', '.join(map(str, longer))}")
    if wish.quick:
        longer = [lag for lag in LAGS if lag not in QUICK_LAGS]
        left_out = [c.title for c in CONTESTANTS if c not in contestants]
        notes.append(
            f"lags {', '.join(f'{lag:,}' for lag in longer)} and {', '.join(left_out)} are left "
            f"out by --quick, and training has {QUICK_STEPS:,} steps in place of {STEPS:,}"
        )
    shows = "how well each cell does at each lag; a full mark where the task was solved"
    return Explanation(
        "Long-term dependencies", paragraphs, [Picture("memory.png", shows)], {"runs": rows}, notes
    )


def _of(
    rows: Sequence[Mapping[str, Any]], contestant: Contestant
) -> list[tuple[int, Mapping[str, Any]]]:
    """Returns lag and row of a contestant, by lag."""
    own = [row for row in rows if row["settings"]["cell"] == contestant.name]
    return sorted(((int(row["settings"]["lag"]), row) for row in own), key=lambda pair: pair[0])


def reach(task: Task, rows: Sequence[Mapping[str, Any]], contestants: Sequence[Contestant]) -> str:
    """Says for each contestant up to which lag it solved a task, all shorter ones included."""
    said = []
    for one in contestants:
        longest = 0
        for lag, row in _of(rows, one):
            if not row["solved"]:
                break
            longest = lag
        said.append(f"{one.title} {f'to {longest:,}' if longest else 'at none'}")
    return f"Lags at which {task.title} was solved: " + ", ".join(said) + "."


def _table(
    task: Task,
    rows: Sequence[Mapping[str, Any]],
    contestants: Sequence[Contestant],
    lags: Sequence[int],
) -> str:
    lines = [
        f"| {task.title}: {task.measure} (steps, where solved) | parameters | "
        + " | ".join(f"lag {lag:,}" for lag in lags)
        + " |",
        "|---|---" + "|---" * len(lags) + "|",
    ]
    for one in contestants:
        own = _of(rows, one)
        cells = [
            f"{row['score']:.3f}" + (f" ({row['steps']:,})" if row["solved"] else "")
            for _, row in own
        ]
        lines.append(f"| {one.title} | {own[0][1]['parameters']:,} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _draw(
    rows: Sequence[Mapping[str, Any]],
    contestants: Sequence[Contestant],
    lags: Sequence[int],
    path: Path,
) -> None:
    figure, axes = drawing.subplots(1, len(TASKS), 10.5, 3.9)
    for axis, task in zip(axes[0], TASKS, strict=True):
        for place, one in enumerate(contestants):
            own = _of([r for r in rows if r["settings"]["task"] == task.name], one)
            # A little beside each other, so that equal scores can all be seen.
            beside = 1.05 ** (place - (len(contestants) - 1) / 2)
            x, y = [lag * beside for lag, _ in own], [row["score"] for _, row in own]
            axis.plot(x, y, color=one.colour, linestyle=one.line)
            for lag, (_, row) in zip(x, own, strict=True):
                face = one.colour if row["solved"] else "white"
                axis.plot(lag, row["score"], marker="o", color=one.colour, markerfacecolor=face)
            axis.plot([], [], marker="o", color=one.colour, linestyle=one.line, label=one.title)
        axis.axhline(task.blind, color="grey", linestyle=":", label="without looking")
        axis.axhline(task.solved, color="grey", linestyle="--", linewidth=0.8, label="solved")
        axis.set(xscale="log", xlabel="lag, steps", ylabel=task.measure, title=task.title)
        axis.set_xticks(lags, [f"{lag:,}" for lag in lags])
        axis.minorticks_off()
        if not task.classifies:
            axis.set_yscale("log")
        axis.grid(alpha=0.3)
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside right center", fontsize=9)
    drawing.save(figure, path)
