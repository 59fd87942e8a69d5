"""Fitting: it learns, the same from the same seed, and goes on after an interrupt."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from common.errors import UserError
from common.generation.application import GenerationData
from common.generation.artefacts import ModelScorer
from common.generation.fitting import fit
from common.generation.scores import translation_metrics
from common.progress import Progress
from common.training import History
from tests.common.generation.reversal import LONGEST, Reversal, ReversalSettings

APPLICATION = Reversal()
DATA = APPLICATION.load_data("", None, {})
SETTINGS = ReversalSettings(epochs=13)
_TIMES = ("seconds", "tokens_per_second")
SHORT = ReversalSettings(epochs=3, units=8, embedding=6, dropout=0.2, batch_tokens=64)


class _Recorded(Progress):
    """Keeps what was said; the user presses Ctrl-C after so many steps."""

    def __init__(self, steps: int = -1) -> None:
        super().__init__(quiet=True)
        self.left, self.steps, self.lines = steps, 0, list[str]()

    def say(self, line: str) -> None:
        self.lines.append(line)

    def advance(self) -> None:
        self.steps += 1
        if self.steps == self.left:
            raise KeyboardInterrupt


def _fit(
    folder: Path,
    settings: Any = SETTINGS,
    data: GenerationData = DATA,
    resume: bool = False,
    progress: Progress | None = None,
) -> tuple[Any, History]:
    front_end = APPLICATION.make_front_end(data, settings)
    progress = progress or Progress(quiet=True)
    return fit(APPLICATION, data, front_end, settings, folder, None, resume, progress)


def _figures(history: History) -> list[dict[str, float]]:
    return [{k: v for k, v in e.items() if k not in _TIMES} for e in history.epochs]


def _some(**changes: Any) -> GenerationData:
    """A little of the data, all of one length, so that little is compiled."""
    inputs, references = {}, {}
    for split, some in DATA.inputs.items():
        inputs[split] = [text for text in some if len(text) == 2 * LONGEST - 1][:20]
        references[split] = [(text[::-1],) for text in inputs[split]]
    return dataclasses.replace(GenerationData("some", inputs, references), **changes)


def test_it_learns_to_reverse_and_says_how(tmp_path: Path) -> None:
    progress = _Recorded()
    model, history = _fit(tmp_path / "c", progress=progress)
    first, best = history.epochs[0], history.best
    assert best["dev_bleu"] > 80 > 30 > first["dev_bleu"]
    assert best["nats"] < first["nats"] and best["dev_nats"] < first["dev_nats"]
    # The figure is the BLEU of the network that is returned.
    scorer = ModelScorer(model, APPLICATION.make_front_end(DATA, SETTINGS))
    answers = [answer.text for answer in scorer.answer_all(DATA.inputs["dev"])]
    scores, _ = translation_metrics(answers, DATA.references["dev"])
    assert scores["bleu"] == pytest.approx(best["dev_bleu"])
    assert progress.lines[0] == f"{model.count_params():,} parameters"
    epochs = [line for line in progress.lines if line.startswith("epoch ")]
    assert len(epochs) == SETTINGS.epochs
    assert all("dev bleu" in line and "tokens/s" in line for line in epochs)


def test_an_interrupted_run_goes_on_as_if_nothing_had_been(tmp_path: Path) -> None:
    data, counted = _some(), _Recorded()
    whole, history = _fit(tmp_path / "whole", SHORT, data, progress=counted)
    steps = counted.steps // SHORT.epochs
    with pytest.raises(KeyboardInterrupt):
        _fit(tmp_path / "c", SHORT, data, progress=_Recorded(2 * steps - 1))
    progress = _Recorded()
    model, again = _fit(tmp_path / "c", SHORT, data, resume=True, progress=progress)
    assert "going on after epoch 1" in progress.lines
    assert _figures(again) == _figures(history)
    for one, other in zip(model.get_weights(), whole.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_checkpoint_of_other_data_is_refused(tmp_path: Path) -> None:
    one = dataclasses.replace(SHORT, epochs=1)
    _fit(tmp_path / "c", one, _some())
    other = {**_some().references, "dev": [("a a a a a",)] * 20}  # the vocabularies stay
    with pytest.raises(UserError, match="other settings or data"):
        _fit(tmp_path / "c", one, _some(references=other), resume=True)


def test_each_reference_teaches_and_what_is_too_long_is_left_out(tmp_path: Path) -> None:
    data = _some()
    front_end = APPLICATION.make_front_end(DATA, SHORT)
    long_input = " ".join("abcdef" * 3)
    long_sentence = " ".join("ab" * front_end.max_tokens)
    inputs = {**data.inputs, "train": ["a b", long_input, "b c"]}
    references = {
        **data.references,
        "train": [("b a", "b a b"), ("a", "b", "c"), (long_sentence, "c b")],
    }
    progress = _Recorded()
    one = dataclasses.replace(SHORT, epochs=1)
    some = _some(inputs=inputs, references=references)
    fit(APPLICATION, some, front_end, one, tmp_path / "c", None, False, progress)
    assert (
        "note: 4 of 7 pairs of the train split are too long for one call and are left out of "
        "training"
    ) in progress.lines


def test_data_that_is_too_long_altogether_is_refused(tmp_path: Path) -> None:
    data = _some()
    data = _some(inputs={**data.inputs, "dev": [" ".join("abcdef" * 3)] * 20})
    front_end = APPLICATION.make_front_end(DATA, SHORT)
    with pytest.raises(UserError, match="no pair of the dev split is short enough"):
        fit(APPLICATION, data, front_end, SHORT, tmp_path / "c", None, False, Progress(True))
