"""The state of the trained classifiers over time, and the score after each step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from common.classification.application import ClassifierApplication
from common.errors import UserError
from common.explain import drawing, trained
from common.explain.equations import Array
from common.explain.parts import Explanation, Picture, Wish
from common.explain.trained import Trained

CANDIDATES, QUICK_CANDIDATES = 200, 40
# Words that can be read under a picture.
_MOST_WORDS = 16
# The pictures' font has no emoji.
_LAST_DRAWN = 0xFFFF
_STATE = "recur_"


@dataclass(frozen=True)
class Walk:
    """What the one-step file of a classifier goes through on one input.

    Attributes:
        shown: what to call the input.
        target: index of its class.
        moments: of each step: its word, or the second at which it ends.
        states: of the last recurrent layer after each step, `(timesteps, units)`.
        scores: after each step, `(timesteps, classes)`.
    """

    shown: str
    target: int
    moments: Sequence[str] | Sequence[float]
    states: Array
    scores: Array

    @property
    def is_right(self) -> bool:
        """Whether the last answer is."""
        return int(self.scores[-1].argmax()) == self.target

    @property
    def doubt(self) -> float:
        """The least score of the right class on the way, from a quarter of the steps on."""
        return float(self.scores[len(self.scores) // 4 :, self.target].min())


def walk(one: Trained, scorer: Any, raw: Any, target: int) -> Walk:
    """Takes an input through the one-step file, as a device does.

    Args:
        one: whose application has `moments`.
        scorer: its one-step artefact, opened.
        raw: the input.
        target: index of its class.
    """
    steps = [outputs for _, outputs in scorer.walk(scorer.front_end.encode(raw))]
    name = max(name for name in steps[0] if name.startswith(_STATE))
    return Walk(
        one.application.show(raw),
        target,
        one.application.moments(raw, scorer.front_end),
        np.stack([outputs[name][0] for outputs in steps]),
        np.stack([outputs["scores"][0] for outputs in steps]),
    )


def choose(one: Trained, scorer: Any, most: int) -> tuple[Walk, int]:
    """Finds the input that is answered rightly at the end after the most doubt on the way.

    Args:
        one, scorer: as in `walk`.
        most: inputs of the split to look at.

    Returns:
        The walk, and how many inputs were looked at.

    Raises:
        UserError: the data cannot be had, or no input that can be drawn is answered rightly.
    """
    data, split = one.data()
    looked, best = 0, None
    for place in trained.spread(len(data.inputs[split]), most):
        raw = data.inputs[split][place]
        steps = len(scorer.front_end.encode(raw))
        longest = _MOST_WORDS if one.application.reads_texts else scorer.front_end.max_timesteps
        if not 4 <= steps <= longest or any(
            ord(c) > _LAST_DRAWN for c in one.application.show(raw)
        ):
            continue
        looked += 1
        found = walk(one, scorer, raw, int(data.targets[split][place]))
        if found.is_right and (best is None or found.doubt < best.doubt):
            best = found
    if best is None:
        raise UserError(f"no input of the {split} split of {data.name} is right and can be drawn")
    return best, looked


def explain(wish: Wish) -> Explanation:
    """Walks and draws; see `common.explain.parts.explain`."""
    found, notes = trained.find(wish.bundles, wish.apps, _tells_moments)
    paragraphs = [
        "What a recurrent network knows of all it has read is in its state: a few dozen numbers. "
        "Each line of a picture is one of them, from the first step to the last; units are sorted "
        "by their last value. Above it are the scores that the network would give if the sequence "
        "ended there. All of it comes from the one-step file (`tflite/step.tflite`), the form that "
        "a device with a live stream runs."
    ]
    pictures, figures = [], {}
    for one in found:
        try:
            most = QUICK_CANDIDATES if wish.quick else CANDIDATES
            scorer = _scorer(one)
            chosen, looked = choose(one, scorer, most)
        except UserError as error:
            notes.append(f"{one.name} is left out: {error}")
            continue
        file = f"states-{one.name}.png"
        _draw(chosen, scorer.labels, wish.folder / file)
        paragraphs.append(_sentence(one.name, chosen, scorer.labels, looked))
        pictures.append(Picture(file, f"state and scores of {one.name} over time"))
        figures[one.name] = {
            "input": chosen.shown,
            "moments": list(chosen.moments),
            "labels": list(scorer.labels),
            "states": chosen.states.tolist(),
            "scores": chosen.scores.tolist(),
        }
        wish.progress.say(f"states: {one.name}: {chosen.shown}")
    return Explanation("The state over time", paragraphs, pictures, figures, notes)


def _tells_moments(application: Any) -> bool:
    """Whether an application is a classifier that says what its steps are of."""
    return isinstance(application, ClassifierApplication) and hasattr(application, "moments")


def _scorer(one: Trained) -> Any:
    from common.classification.artefacts import open_artefact

    return one.bundle.opened("step", lambda: open_artefact(one.application, one.bundle, "step"))


def _sentence(name: str, chosen: Walk, labels: Sequence[str], looked: int) -> str:
    scores, right = chosen.scores, labels[chosen.target]
    worst = len(scores) // 4 + int(scores[len(scores) // 4 :, chosen.target].argmin())
    moment = chosen.moments[worst]
    after = f"“{moment}”" if isinstance(moment, str) else f"{moment:.2f} s"
    # How far the state moves at a step, to say where it moved most.
    moves = np.linalg.norm(np.diff(chosen.states, axis=0, prepend=0), axis=1)
    most = chosen.moments[int(moves.argmax())]
    at = f"“{most}”" if isinstance(most, str) else f"{most:.2f} s"
    return (
        f"**{name}**: *{chosen.shown}*, of {looked:,} inputs the one with the most doubt on the "
        f"way among those that are right at the end. The score of {right} is "
        f"{scores[worst, chosen.target]:.2f} after {after} and {scores[-1, chosen.target]:.2f} at "
        f"the end, of {len(scores):,} steps; the state of {chosen.states.shape[1]} units moves "
        f"furthest at {at}, and its values lie from {chosen.states.min():.2f} to "
        f"{chosen.states.max():.2f}."
    )


def _draw(chosen: Walk, labels: Sequence[str], path: Path) -> None:
    figure, axes = drawing.subplots(
        2, 1, 10, 5.6, sharex=True, gridspec_kw={"height_ratios": (1, 2.2)}
    )
    above, below = axes[:, 0]
    steps = len(chosen.scores)
    words = isinstance(chosen.moments[0], str)
    # A step lies between two edges: from 0.5 before its number to 0.5 after it, or in seconds.
    edges = np.arange(steps + 1) - 0.5
    if not words:
        edges = np.concatenate([[0.0], np.asarray(chosen.moments, float)])
    middles = (edges[:-1] + edges[1:]) / 2
    for index, label in enumerate(labels):
        line = {"marker": "o", "markersize": 3} if words else {}
        above.plot(middles, chosen.scores[:, index], label=label, **line)
    above.set(ylim=(-0.05, 1.05), ylabel="score")
    above.set_title(drawing.plain(f"{labels[chosen.target]}: {chosen.shown}"), fontsize=9)
    above.grid(alpha=0.3)
    above.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.01, 0.5))
    states = chosen.states[:, np.argsort(chosen.states[-1], kind="stable")]
    limit = float(np.abs(states).max()) or 1.0
    mesh = below.pcolormesh(
        edges,
        np.arange(states.shape[1] + 1) + 0.5,
        states.T,
        cmap="RdBu_r",
        vmin=-limit,
        vmax=limit,
    )
    below.set_ylabel("unit, by its last value")
    below.set_yticks([1, states.shape[1]])
    if words:
        ticks = [drawing.plain(str(word)) for word in chosen.moments]
        below.set_xticks(range(steps), ticks, rotation=35, ha="right", fontsize=9)
    else:
        below.set_xlabel("seconds")
    figure.colorbar(mesh, ax=below, label="state", pad=0.01, aspect=30)
    drawing.save(figure, path)
