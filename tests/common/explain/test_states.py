"""The walk over time: what is chosen, what is drawn, what is said."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from common.errors import UserError
from common.explain import states
from common.explain.states import Walk, choose
from common.explain.trained import Trained, load_application

# For each text the score of class 1 after each word.
SCORES = {
    "sure from the beginning on": [0.9, 0.9, 0.9, 0.9, 0.9],
    "in doubt for a while": [0.6, 0.4, 0.1, 0.4, 0.8],
    "wrong at the end though": [0.6, 0.0, 0.6, 0.6, 0.2],
    "in doubt at first alone": [0.0, 0.7, 0.8, 0.8, 0.8],
    "a smile goes undrawn 🙂": [0.0, 0.0, 0.0, 0.0, 0.9],
    "short": [1.0],
}


class _Scorer:
    labels = ("no", "yes")
    front_end = SimpleNamespace(encode=str.split, max_timesteps=16)

    def walk(self, encoded: list[str]) -> Any:
        for t, score in enumerate(SCORES[" ".join(encoded)]):
            state = np.array([[score, -score, t / 10]])
            yield {}, {"scores": np.array([[1 - score, score]]), "recur_0": state, "maximum": state}


@pytest.fixture
def one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Trained:
    texts = list(SCORES)
    data = SimpleNamespace(
        name="made up", inputs={"test": texts}, targets={"test": np.ones(len(texts), int)}
    )
    monkeypatch.setattr(Trained, "data", lambda self: (data, "test"))
    monkeypatch.setattr(states, "_scorer", lambda one: _Scorer())
    application = load_application("sentiment")
    return Trained(application, SimpleNamespace(path=tmp_path / "reviews"))  # type: ignore[arg-type]


def test_the_one_in_most_doubt_that_is_right_at_the_end_is_chosen(one: Trained) -> None:
    chosen, looked = choose(one, _Scorer(), 100)
    assert chosen.shown == "in doubt for a while"
    assert chosen.moments == ["in", "doubt", "for", "a", "while"]
    assert chosen.states.shape == (5, 3)
    assert chosen.scores[:, 1].tolist() == SCORES[chosen.shown]
    # The short one and the one that cannot be drawn are not looked at.
    assert looked == 4


def test_the_sentence_says_when(one: Trained) -> None:
    chosen, looked = choose(one, _Scorer(), 100)
    said = states._sentence("reviews", chosen, ("no", "yes"), looked)
    assert "The score of yes is 0.10 after “for” and 0.80 at the end, of 5 steps" in said
    # The state moves by 0.6, 0.2, 0.3, 0.3, 0.4 in each of two units, and a little in the third.
    assert "the state of 3 units moves furthest at “in”" in said
    assert "from -0.80 to 0.80" in said


def test_the_last_recurrent_state_is_drawn(one: Trained) -> None:
    class Deep(_Scorer):
        def walk(self, encoded: list[str]) -> Any:
            for inputs, outputs in super().walk(encoded):
                yield inputs, {**outputs, "recur_1": np.full((1, 4), 7.0)}

    assert choose(one, Deep(), 100)[0].states.tolist() == [[7.0] * 4] * 5


def test_nothing_to_draw_is_said(one: Trained, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Walk, "is_right", False)
    with pytest.raises(UserError, match="no input of the test split of made up is right"):
        choose(one, _Scorer(), 100)


@pytest.mark.parametrize("moments", [["a$b", "c", "d"], [0.032, 0.064, 0.096]])
def test_words_and_seconds_are_drawn(tmp_path: Path, moments: Any) -> None:
    scores = np.array([[0.4, 0.6], [0.2, 0.8], [0.1, 0.9]])
    chosen = Walk("a text that costs $5 or $6", 1, moments, np.eye(3), scores)
    states._draw(chosen, ("no", "yes"), tmp_path / "states.png")
    assert (tmp_path / "states.png").read_bytes().startswith(b"\x89PNG")
