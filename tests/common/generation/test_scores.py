"""Scores of sentences: numbers by hand, several references, bands of length."""

from __future__ import annotations

import math
from typing import Any

import pytest
from sacrebleu import corpus_bleu, corpus_chrf

from common.generation.scores import (
    by_length,
    caption_metrics,
    sentence_scores,
    translation_metrics,
)

ANSWERS = ["a b c d e", "the cat sat on the mat", "x y z z"]
REFERENCES = [("a b c d f",), ("the cat sat there", "A cat sat on the mat"), ("x y z w",)]


def test_equal_sentences_have_the_full_score() -> None:
    scores, signatures = translation_metrics(
        ["¡Sí, señor!", "I am."], [("¡Sí, señor!",), ("I am.",)]
    )
    assert scores == pytest.approx({"bleu": 100, "chrf": 100})
    assert signatures["bleu"] == "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0"
    assert signatures["chrf"].startswith("nrefs:1|case:mixed|eff:yes|nc:6|nw:0|")


def test_bleu_by_hand() -> None:
    # 4 of 5 words, 3 of 4 pairs, 2 of 3 triples, 1 of 2 quadruples, and as long as it should be.
    scores, _ = translation_metrics(ANSWERS[:1], REFERENCES[:1])
    assert scores["bleu"] == pytest.approx(100 * (4 / 5 * 3 / 4 * 2 / 3 * 1 / 2) ** 0.25)


def test_chrf_by_hand() -> None:
    # 1 of 2 letters, 0 of 1 pairs; longer runs there are none.
    scores, _ = translation_metrics(["ab"], [("ac",)])
    assert scores["chrf"] == pytest.approx(100 * (1 / 2 + 0) / 2)


def test_a_capital_counts() -> None:
    scores, _ = translation_metrics(["The cat sat down ."], [("the cat sat down .",)])
    assert scores["bleu"] == pytest.approx(100 * (4 / 5 * 3 / 4 * 2 / 3 * 1 / 2) ** 0.25)


def test_each_of_several_references_will_do() -> None:
    other = [(*REFERENCES[0], ANSWERS[0])]
    assert translation_metrics(ANSWERS[:1], other)[0]["bleu"] == pytest.approx(100)


def test_as_sacrebleu_has_it_where_some_have_more_references() -> None:
    streams: list[Any] = [[some[0] for some in REFERENCES], [None, REFERENCES[1][1], None]]
    scores, signatures = translation_metrics(ANSWERS, REFERENCES)
    assert scores["bleu"] == pytest.approx(corpus_bleu(ANSWERS, streams).score)
    assert scores["chrf"] == pytest.approx(corpus_chrf(ANSWERS, streams).score)
    assert "nrefs:var" in signatures["bleu"]
    # The second reference counts.
    assert scores["bleu"] > translation_metrics(ANSWERS, [r[:1] for r in REFERENCES])[0]["bleu"]


def test_what_cannot_be_scored_is_refused() -> None:
    with pytest.raises(ValueError, match="no answers"):
        translation_metrics([], [])
    with pytest.raises(ValueError, match="2 answers, but references to 1"):
        translation_metrics(["a", "b"], [("a",)])
    with pytest.raises(ValueError, match="answer 1 has no reference"):
        sentence_scores(["a", "b"], [("a",), ()])


def test_an_empty_answer_is_a_bad_answer() -> None:
    assert translation_metrics([""], [("a b c d",)])[0] == {"bleu": 0.0, "chrf": 0.0}


def test_bands_of_length() -> None:
    rows = by_length(ANSWERS, REFERENCES, [2, 7, 3], edges=(2, 3, 5))
    assert [(row["from"], row["to"], row["examples"]) for row in rows] == [
        (1, 2, 1),
        (3, 3, 1),
        (6, None, 1),
    ]
    for row, index in zip(rows, (0, 2, 1), strict=True):
        alone = translation_metrics(ANSWERS[index : index + 1], REFERENCES[index : index + 1])
        assert row["bleu"] == alone[0]["bleu"]


def test_scores_of_sentences_tell_good_ones_from_bad_ones() -> None:
    scores = sentence_scores(["a b c", "a b x", "q"], [("a b c",)] * 3)
    assert scores[0] == pytest.approx(100)
    assert scores[0] > scores[1] > scores[2] == 0


def _bleu(answers: list[str], references: list[tuple[str, ...]]) -> list[float]:
    scores = caption_metrics(answers, references)[0]
    assert list(scores) == ["bleu1", "bleu2", "bleu3", "bleu4", "chrf"]
    return [scores[f"bleu{n}"] for n in range(1, 5)]


def _means(*shares: float) -> Any:
    """Returns the geometric means of the first one, two, three, four, as BLEU has them."""
    found, product = [], 1.0
    for count, share in enumerate(shares, 1):
        product *= share
        found.append(100 * product ** (1 / count))
    return pytest.approx(found)


def test_bleu_of_captions_by_hand() -> None:
    # Words: the second "a" counts for nothing. Pairs: a cat, cat sat, sat on. Triples: a cat sat,
    # cat sat on. It is longer than it should be, which costs nothing by itself.
    answer, right = "a cat sat on a red mat", "a cat sat on the mat"
    assert _bleu([answer], [(right,)]) == _means(5 / 7, 3 / 6, 2 / 5, 1 / 4)


def test_a_word_counts_as_often_as_in_one_reference() -> None:
    # "the" twice, as in either; "big" and "dog" once: 4 of 6. Pairs: the big, big dog, dog the.
    # Triples: the big dog, big dog the. The four: the big dog the.
    references = ("the big dog the cat chased", "the dog and the big cat met")
    answer = "the big dog the the big"
    assert _bleu([answer], [references]) == _means(4 / 6, 3 / 5, 2 / 4, 1 / 3)


def test_a_short_caption_pays_for_it() -> None:
    answer, right = "a cat sat on", "a cat sat on the mat"
    assert _bleu([answer], [(right,)]) == pytest.approx([100 * math.exp(1 - 6 / 4)] * 4)
    # The reference whose length is the nearest counts; of two the shorter.
    assert _bleu([answer], [(right, "a cat sat")]) == pytest.approx([100] * 4)
    assert _bleu([answer], [(right, "two cats")]) == pytest.approx([100] * 4)
    assert _bleu([answer], [(right, "one cat, two cats, three cats")]) == pytest.approx(
        [100 * math.exp(1 - 6 / 4)] * 4
    )


def test_counts_of_all_captions_are_added_up() -> None:
    # 4 of 4 and 1 of 5 words, 3 of 3 and 0 of 4 pairs, …: not the mean of two scores.
    answers = ["a cat sat down", "two dogs run with sticks"]
    references: list[tuple[str, ...]] = [("a cat sat down",), ("one man eats five sticks",)]
    assert _bleu(answers, references) == _means(5 / 9, 3 / 7, 2 / 5, 1 / 3)


def test_capitals_and_marks_of_captions_do_not_count() -> None:
    answers = ["A man's dog -- a big one, RED -- runs !"]
    references = [("a man's dog a big one 'red' runs .",)]
    scores, signatures = caption_metrics(answers, references)
    assert scores == pytest.approx(dict.fromkeys(scores, 100))
    assert scores["bleu4"] > translation_metrics(answers, references)[0]["bleu"] + 10
    # What is inside a word does.
    assert _bleu(["a mans dog runs off"], [("a man's dog runs off",)])[0] == pytest.approx(80)
    for n in range(1, 5):
        signature = signatures[f"bleu{n}"]
        assert signature.startswith("nrefs:1|case:mixed|eff:no|tok:none|smooth:exp|version:")
        assert signature.endswith("|small letters, no marks")


def test_letters_of_any_script_are_words() -> None:
    assert _bleu(["été à la mer"], [("Été, à la mer.",)]) == pytest.approx([100] * 4)
    assert _bleu(["кот на ковре спит"], [("Кот на ковре спит!",)]) == pytest.approx([100] * 4)


def test_captions_that_say_nothing() -> None:
    scores, _ = caption_metrics([""], [("a cat sat on the mat",)])
    assert set(scores.values()) == {0.0}
    with pytest.raises(ValueError, match="no answers"):
        caption_metrics([], [])
    with pytest.raises(ValueError, match="answer 0 has no reference"):
        caption_metrics(["a cat"], [()])
