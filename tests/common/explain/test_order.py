"""Shuffling in time: nothing is lost by it, and only what reads order pays for it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from common.audio.sound import SoundArray
from common.errors import UserError
from common.explain import order, trained
from common.explain.trained import Trained, find, load_application, spread
from common.text.shuffling import shuffled_words
from tests.common.explain.wishes import wish

rng = np.random.default_rng(2)
# The class of a text: whether "not" stands before "good".
TEXTS = ["not so good", "good not so", "it is not good", "good it is not"] * 20
TARGETS = np.array([1, 0, 1, 0] * 20)


@pytest.mark.parametrize("app", ["sentiment", "translation"])
def test_shuffled_words_are_the_same_words(app: str) -> None:
    text = "¿Dónde  está el perro, el perro?\tAquí no."
    seen = set()
    for _ in range(20):
        shuffled = load_application(app).shuffled(text, None, rng)
        assert Counter(shuffled.split()) == Counter(text.split())
        seen.add(shuffled)
    assert len(seen) > 10


def test_a_text_without_words_stays_one() -> None:
    assert shuffled_words(" ", rng) == ""


def test_shuffled_hops_are_the_same_hops_and_the_rest_stays_at_the_end() -> None:
    from apps.voice.front_end import SoundFrontEnd
    from common.audio.parameters import MfccParameters

    front_end = SoundFrontEnd(MfccParameters(), 10)
    size, rate = front_end.parameters.hop_length, front_end.parameters.sample_rate
    samples = rng.integers(-1000, 1000, 6 * size + 9).astype(np.int16)
    sound = SoundArray(samples, rate, "clip")
    shuffled = load_application("voice").shuffled(sound, front_end, rng)
    assert (shuffled.sample_rate, shuffled.name) == (rate, "clip")
    given, made = samples[:-9].reshape(6, size), shuffled.samples[:-9].reshape(6, size)
    assert sorted(map(bytes, made)) == sorted(map(bytes, given))
    assert not np.array_equal(made, given)
    np.testing.assert_array_equal(shuffled.samples[-9:], samples[-9:])
    assert shuffled.samples.dtype == np.int16


class _Reader:
    """Reads order: 1 where "not" stands before "good"."""

    front_end = SimpleNamespace(encode=lambda text: np.array([len(w) for w in text.split()]))

    def score_all(self, texts: Sequence[str]) -> NDArray[np.float64]:
        return np.eye(2)[[self.answer(text.split()) for text in texts]]

    def answer(self, words: list[str]) -> int:
        return int(words.index("not") < words.index("good"))


class _Counter(_Reader):
    """Counts words: 1 where they are an odd number, whatever their order."""

    def answer(self, words: list[str]) -> int:
        return int(len(words) % 2)


def _trained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scorer: Any) -> Trained:
    application = load_application("sentiment")
    data = SimpleNamespace(name="made up", inputs={"test": TEXTS}, targets={"test": TARGETS})
    monkeypatch.setattr(Trained, "data", lambda self: (data, "test"))
    monkeypatch.setattr(order, "_scorer", lambda one: scorer)
    return Trained(application, SimpleNamespace(path=tmp_path / "reviews"))  # type: ignore[arg-type]


def test_what_reads_order_pays_for_shuffling(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = order.measure(_trained(tmp_path, monkeypatch, _Reader()), 0, 1000)
    assert (row["name"], row["inputs"], row["right"]) == ("reviews", 80, 100)
    assert row["most_frequent"] == 50
    # A shuffled text keeps its class as often as not.
    assert 30 < row["shuffled"] < 70


def test_what_counts_words_pays_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row = order.measure(_trained(tmp_path, monkeypatch, _Counter()), 0, 1000)
    assert row["right"] == row["shuffled"] == 50


def test_one_seed_gives_one_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = _trained(tmp_path, monkeypatch, _Reader())
    assert order.measure(one, 3, 40) == order.measure(one, 3, 40)


def test_missing_damaged_and_unordered_bundles_are_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, config in (("odd", {"app": "dreams"}), ("old", {"app": "voice", "format": 0})):
        (tmp_path / name).mkdir()
        (tmp_path / name / "config.json").write_text(json.dumps(config))
    (tmp_path / "explain").mkdir()
    found, notes = find(tmp_path, ("voice", "sentiment"))
    assert found == []
    assert [note.partition(":")[0] for note in notes] == [
        "odd is left out",
        "old is left out",
        f"no bundle of voice in {tmp_path}; make one with",
        f"no bundle of sentiment in {tmp_path}; make one with",
    ]
    picture = Trained(SimpleNamespace(name="x"), SimpleNamespace(path=tmp_path / "x"))  # type: ignore[arg-type]
    monkeypatch.setattr(trained, "find", lambda *given: ([picture], []))
    explanation = order.explain(wish(tmp_path))
    assert explanation.pictures == []
    assert explanation.notes == ["the input of x has no order in time to shuffle"]


def test_captioning_has_no_order_in_time() -> None:
    assert not hasattr(load_application("captioning"), "shuffled")


@pytest.mark.parametrize("name", ["dreams", "", "a.b", "../x"])
def test_an_unknown_application_is_a_mistake(name: str) -> None:
    with pytest.raises(UserError, match="there is no application"):
        load_application(name)


def test_places_are_all_over_and_each_once() -> None:
    assert list(spread(5, 10)) == [0, 1, 2, 3, 4]
    assert list(spread(100, 3)) == [0, 50, 99]
    assert list(spread(1, 3)) == [0]
