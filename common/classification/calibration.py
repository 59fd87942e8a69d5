"""Choose the training examples that set the ranges of an int8 artefact, by the answers it gives.

After training, a tensor's 8-bit range is that of its values on some examples. A few too many or too
few make the ranges of neighbouring tensors differ by a hair, whose rounding adds up from step to
step, so that the same network keeps 97 % of its answers with one calibration and 99.7 % with
another. Which one it will be cannot be told beforehand, only measured: on training examples that
no calibration has seen. Never on dev or test, whose scores are reported.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from common.classification.application import Array, ClassifierApplication, FrontEnd
from common.classification.artefacts import LiteScorer, ModelScorer, StepScorer
from common.progress import Progress

_HELD_OUT = 1000
# Windows that are taken of an example which is heard in several: of hours, a few are enough.
_PIECES = 4
# Steps of each calibration example, spread over its length: late states range farther than early
# ones, and a state changes little from one step to the next.
_STEPS = 24

# Tries end with the first calibration that is as good as this. Answers alone do not say so: of what
# it was trained on a network is sure. On MR, SST-2 and IMDB, 171 calibrations had so many equal
# answers there, and on dev 98.9 % or more; the 123 whose scores were as near too, 99.1 % or more.
_EQUAL_ANSWERS, _DIFFERENCE = 0.997, 0.003
# Scores farther apart than this belong to a network that 8 bits are too coarse for: hundreds of
# steps in both directions. Then what flows between its operators gets 16.
_TOO_FAR = 0.006


@dataclass(frozen=True)
class Calibration:
    """Examples to calibrate on.

    Attributes:
        name: for people.
        encoded: the examples, encoded.
    """

    name: str
    encoded: Sequence[Array]


class _Subset(NamedTuple):
    """Which of the examples; without a seed they are evenly spaced."""

    size: int
    seed: int | None = None
    cut: bool = False


# At most so many conversions. An unrolled network of 400 steps takes some ten seconds for each.
# More examples suit it: only long ones reach its last steps, which have ranges of their own. The
# same do shortened ones, whose states stand still from there on and so range alike in all steps.
_WHOLE = (_Subset(200), _Subset(1000, 1), _Subset(500, 2, cut=True), _Subset(200, 3))
# One step has one range for all times, and outliers make it coarse.
_STEP = (_Subset(200), _Subset(100, 1), _Subset(50, 2), _Subset(50, 3), _Subset(20, 4))


class Calibrator:
    """Tries calibrations of a network's artefacts.

    Args:
        application: whose network it is.
        model: the trained Keras model.
        front_end: what feeds it.
        labels: its classes.
        train_inputs: raw inputs of the training split, two at least.
        progress: told what was kept.
    """

    def __init__(
        self,
        application: ClassifierApplication,
        model: Any,
        front_end: FrontEnd,
        labels: Sequence[str],
        train_inputs: Sequence[Any],
        progress: Progress,
    ) -> None:
        self.application, self.model, self.front_end = application, model, front_end
        self.labels, self.inputs, self.progress = labels, train_inputs, progress
        order = np.random.default_rng(0).permutation(len(train_inputs))
        held_out = min(_HELD_OUT, len(order) // 2)
        self.held_out, self.pool = np.sort(order[:held_out]), np.sort(order[held_out:])

    def calibrations(self, step: bool) -> Iterator[Calibration]:
        """Yields the calibrations to try, the usual one first.

        Args:
            step: whether for the one-step form.
        """
        seen = []
        for size, seed, cut in _STEP if step else _WHOLE:
            size = min(size, len(self.pool))
            if seed is None:
                chosen = self.pool[np.linspace(0, len(self.pool) - 1, size).astype(int)]
            else:
                chosen = np.sort(np.random.default_rng(seed).permutation(self.pool)[:size])
            subset = (chosen.tolist(), cut)
            if subset in seen:  # of few examples there are few subsets
                continue
            seen.append(subset)
            encoded = self._encode(chosen)
            if cut:
                quarters = [one[: max(1, len(one) * q // 4)] for one in encoded for q in (1, 2, 3)]
                encoded = [*encoded, *quarters]
            name = f"{size:,} training examples" + (", whole and shortened" if cut else "")
            yield Calibration(name, encoded)

    def best(
        self,
        artefact: str,
        calibrations: Iterable[Calibration],
        make: Callable[[Sequence[Array]], bytes],
        finer: Callable[[Sequence[Array]], bytes] | None = None,
    ) -> bytes:
        """Makes an artefact with one calibration after the other until its answers agree well.

        Args:
            artefact: its name.
            calibrations: to try; one at least.
            make: makes the artefact's file, calibrated on encoded examples.
            finer: makes it in a finer precision, for the case that none of the files is near.

        Returns:
            The file whose scores are nearest to those of the network.
        """
        kept, name, nearest, equal, tried = b"", "", math.inf, 0.0, 0
        for calibration in calibrations:
            content = make(calibration.encoded)
            tried += 1
            agreement, difference = self._measure(artefact, content)
            if not kept or difference < nearest:
                kept, name, nearest, equal = content, calibration.name, difference, agreement
            if equal >= _EQUAL_ANSWERS and nearest <= _DIFFERENCE:
                break
        if finer is not None and nearest > _TOO_FAR:
            content = finer(calibration.encoded)
            agreement, difference = self._measure(artefact, content)
            if difference < nearest:
                kept, nearest, equal = content, difference, agreement
                name = f"{calibration.name}, activations in 16 bits"
        self.progress.say(
            f"{artefact}: calibrated on {name} (best of {tried}); of {len(self.held_out):,} others "
            f"{equal:.2%} get equal answers, scores {nearest:.4f} apart"
        )
        return kept

    def open_step(self, content: bytes) -> StepScorer:
        """Opens a one-step file that has no metadata yet."""
        return StepScorer(self.application, content, self.front_end, self.labels)

    def _open(self, artefact: str, content: bytes) -> LiteScorer:
        if artefact.startswith("step"):
            return self.open_step(content)
        return LiteScorer(self.application, content, self.front_end, self.labels)

    def _measure(self, artefact: str, content: bytes) -> tuple[float, float]:
        """Returns the share of equal answers and how far a score is off, from 0 to 1."""
        encoded, expected = self._reference
        scores = self._open(artefact, content).score_encoded(encoded)
        equal = np.mean(scores.argmax(-1) == expected.argmax(-1))
        # Half the sum: what the scores of some classes gain, those of the others lose.
        return float(equal), float(np.abs(scores - expected).sum(-1).mean() / 2)

    @cached_property
    def _reference(self) -> tuple[list[Array], Array]:
        """What is held out, encoded, and the network's scores of it."""
        encoded = self._encode(self.held_out)
        network = ModelScorer(self.model, self.labels, self.front_end)
        return encoded, network.score_encoded(encoded)

    def _encode(self, chosen: Iterable[int]) -> list[Array]:
        return [
            piece
            for index in chosen
            for piece, _ in islice(self.front_end.pieces(self.inputs[index]), _PIECES)
        ]


class _Extreme(NamedTuple):
    value: float
    before: dict[str, Array]
    after: dict[str, Array]


def visited_states(
    scorer: StepScorer, encoded: Iterable[Array], states: Collection[str]
) -> list[dict[str, Array]]:
    """Returns inputs of a step on states that the network really comes to.

    Added are, for each state, the step that leads to its largest and its smallest value and one
    that starts from that value, so that the state has one range as input and as output. With two
    that differ by a hair it would grow or shrink a little each time it is handed on.

    Args:
        scorer: the step in float.
        encoded: examples to walk over.
        states: names of the states with an 8-bit range.
    """
    examples: list[dict[str, Array]] = []
    starts: list[Array] = []
    extremes: dict[tuple[str, int], _Extreme] = {}
    for one in encoded:
        walked = list(scorer.walk(one))
        examples += [inputs for inputs, _ in walked[:: -(-len(walked) // _STEPS)]]
        starts.append(walked[0][0][scorer.step_input])
        for inputs, outputs in walked:
            for name in states:
                for sign in (1, -1):
                    value = float((sign * outputs[name]).max())
                    if (name, sign) not in extremes or value > extremes[name, sign].value:
                        # Alone: the whole state would often go on to values that are larger still.
                        alone = np.where(sign * outputs[name] == value, outputs[name], 0)
                        after = {**scorer.states, name: alone}
                        extremes[name, sign] = _Extreme(value, inputs, after)
    for extreme in extremes.values():
        examples.append(extreme.before)
        for step in starts:
            inputs, outputs = scorer.advance(step, extreme.after)
            if all((s * outputs[n]).max() <= e.value for (n, s), e in extremes.items()):
                examples.append(inputs)
                break
    return examples
