"""The comparison of memories: what is trained, what is known already, what is said of it."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from common.errors import UserError
from common.explain import memory
from common.explain.cells import CONTESTANTS
from common.explain.learning import Budget, Outcome, build, train
from common.explain.memory import QUICK_CELLS, RUNS_FILE, compare, reach
from common.explain.tasks import RECALL, TASKS
from tests.common.explain.wishes import wish

TINY = Budget(4, batch=4, units=3, every=2, held_out=8)
PLAIN, GATED = CONTESTANTS[:2]


@pytest.mark.parametrize("one", CONTESTANTS, ids=lambda one: one.name)
def test_every_contestant_returns_its_last_output(one: Any) -> None:
    outputs = one.make(4, 10)(np.zeros((2, 5, 3), np.float32))
    assert tuple(outputs.shape) == (2, 4)


def test_slow_gates_of_the_lstm_are_those_of_the_paper() -> None:
    layer = next(one for one in CONTESTANTS if one.name == "lstm-slow").make(6, 50)
    layer.build((None, None, 2))
    given, forgets, rest = np.split(np.asarray(layer.cell.bias), [6, 12])
    np.testing.assert_array_equal(given, -forgets)
    assert (forgets >= 0).all()
    assert (forgets <= np.log(49)).all()
    assert forgets.std() > 0
    np.testing.assert_array_equal(rest, 0)


def test_cells_of_the_quick_comparison_are_contestants() -> None:
    names = [one.name for one in CONTESTANTS]
    assert set(QUICK_CELLS) < set(names)
    assert len(set(names)) == len(names)


def test_training_ends_when_solved_and_one_seed_gives_one_result() -> None:
    def outcome(seed: int) -> Outcome:
        keras.utils.set_random_seed(seed)
        budget = Budget(400, every=20, held_out=128)
        # Nothing of it depends on the layer; this one needs no compiling.
        model = build(RECALL, 2, keras.layers.SimpleRNN(16, unroll=True), budget)
        return train(model, RECALL, 2, seed, budget, lambda: None)

    first = outcome(0)
    assert first.solved
    assert first.score >= RECALL.solved
    assert first.steps < 400
    assert first.steps % 20 == 0
    assert outcome(0) == first


def test_the_budget_is_spent_and_no_more() -> None:
    budget = Budget(5, batch=2, units=2, every=2, held_out=8)
    looks: list[None] = []
    model = build(RECALL, 3, keras.layers.SimpleRNN(2, unroll=True), budget)
    outcome = train(model, RECALL, 3, 0, budget, lambda: looks.append(None))
    assert (outcome.steps, outcome.solved, len(looks)) == (5, False, 3)
    assert int(model.optimizer.iterations) == 5


def test_what_is_known_is_not_trained_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained: list[str] = []
    interrupted_after = 3

    def run(task: Any, one: Any, lag: int, budget: Budget, what: str, wished: Any) -> Any:
        if len(trained) == interrupted_after:
            raise KeyboardInterrupt
        trained.append(what)
        return {"score": 0.5, "steps": 4, "solved": False, "parameters": 7, "seconds": 0.1}

    monkeypatch.setattr(memory, "_run", run)
    asked = (TASKS, (PLAIN, GATED), (3, 5), TINY)
    with pytest.raises(KeyboardInterrupt):
        list(compare(*asked, wish(tmp_path)))
    assert len(json.loads((tmp_path / RUNS_FILE).read_text())["runs"]) == 3
    interrupted_after = 99
    assert len(list(compare(*asked, wish(tmp_path)))) == 8
    assert len(set(trained)) == len(trained) == 8
    # Another seed or another budget is another run.
    list(compare(*asked, wish(tmp_path, seed=1)))
    list(compare(TASKS, (PLAIN, GATED), (3, 5), Budget(5, batch=4), wish(tmp_path)))
    assert len(trained) == 3 * 8
    list(compare(*asked, wish(tmp_path)))
    assert len(trained) == 3 * 8
    # So is one by other code.
    monkeypatch.setattr(memory, "code_digest", lambda paths: "changed")
    list(compare(*asked, wish(tmp_path)))
    assert len(trained) == 4 * 8


def test_a_run_is_real_and_its_row_is_json(tmp_path: Path) -> None:
    (row,) = compare([RECALL], [PLAIN], [3], TINY, wish(tmp_path))
    assert json.loads(json.dumps(row)) == row
    # W_x 16 x 3, W_h 3 x 3, b 3, and the answer's 3 x 8 + 8.
    assert row["parameters"] == 48 + 9 + 3 + 32
    assert row["steps"] == 4
    assert row["settings"]["lag"] == 3


@pytest.mark.parametrize("content", ["{", "[]", '{"runs": 3}', '{"runs": [{"score": 1}]}'])
def test_a_file_with_something_else_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / RUNS_FILE).write_text(content)
    with pytest.raises(UserError, match=RUNS_FILE):
        list(compare([RECALL], [PLAIN], [3], TINY, wish(tmp_path)))


def test_a_longest_lag_leaves_out_longer_ones_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = {"score": 0.5, "steps": 4, "solved": False, "parameters": 7, "seconds": 0.1}
    monkeypatch.setattr(memory, "_run", lambda *given: dict(done))
    explanation = memory.explain(dataclasses.replace(wish(tmp_path), longest=30))
    lags = {row["settings"]["lag"] for row in explanation.figures["runs"]}
    assert lags == {10, 30}
    assert explanation.notes[0] == "longer lags are left out by --longest: 100"
    assert (tmp_path / "memory.png").is_file()


def test_reach_ends_before_the_first_lag_that_was_not_solved() -> None:
    solved = {"plain": {10: False, 30: True}, "gated": {10: True, 30: True}}
    rows = [
        {"settings": {"cell": cell, "lag": lag}, "solved": done}
        for cell, some in solved.items()
        for lag, done in reversed(some.items())
    ]
    said = reach(RECALL, rows, (PLAIN, GATED))
    assert said.endswith("was solved: plain at none, gated to 30.")
