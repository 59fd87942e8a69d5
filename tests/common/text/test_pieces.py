"""Pieces of words and their ids: learning, encoding, decoding, the file."""

from __future__ import annotations

import random
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from common.text.normalization import normalize
from common.text.pieces import Kind, PieceVocabulary
from common.text.pieces_training import frequent_tokens, learn_pieces
from common.text.pre_tokens import CAPITAL, SPACE
from tests.common.text.awkward_sentences import SENTENCES, random_sentences

SPECIAL = ("<PAD>", "<UNKNOWN>", "<START>", "<END>")
BEGIN = (*SPECIAL, "⇧", "▁")
BEGIN_OF_WORDS = (*SPECIAL, "<WORDS>", "⇧", "▁")


def _vocabulary(pieces: str) -> PieceVocabulary:
    return PieceVocabulary((*BEGIN, *pieces.split()))


def _words(words: str) -> PieceVocabulary:
    return PieceVocabulary((*BEGIN_OF_WORDS, *words.split()))


def _seen(vocabulary: PieceVocabulary, text: str) -> str:
    return " ".join(vocabulary.pieces[i] for i in vocabulary.encode(text))


# Learning.


def _learned(*texts: str) -> str:
    return " ".join(PieceVocabulary.build(texts, minimum_count=1).pieces[len(BEGIN) :])


def test_the_most_frequent_pair_becomes_a_piece() -> None:
    # ▁low three times, ▁lower and ▁lowest once: all pairs counted by hand. Of equal ones the
    # alphabet's first is taken; ▁ comes behind all letters.
    pieces = "lo low ▁low ▁lowe st ▁lower ▁lowest"
    assert _learned("low low low lower lowest") == f"l o w e r s t {pieces}"


def test_a_word_with_its_capital_competes_by_what_it_saves() -> None:
    # "cd" saves four pieces and then "▁cd" does; "⇧▁ab" as one piece instead of four saves three.
    assert _learned("Ab", "cd cd cd cd") == "c d a b cd ▁cd ⇧▁ab"
    # Seen twice, it saves six.
    assert _learned("Ab Ab", "cd cd cd cd") == "c d a b ⇧▁ab cd ▁cd"


def test_a_word_with_its_capital_no_longer_counts_for_its_parts() -> None:
    # ⇧▁tom three times, ▁tom once, ▁to twice: after ⇧▁tom, "to" and "▁to" count three, not six.
    assert _learned("Tom tom to", "Tom to Tom") == "o t m ⇧▁tom to ▁to ▁tom"
    # Three of "cd" come before two of "ab".
    assert _learned("Ab Ab Ab Ab ab ab cd cd cd") == "a b c d ⇧▁ab cd ▁cd ab ▁ab"


def test_pairs_that_overlap_are_made_from_the_left() -> None:
    assert _learned("aaaaa") == "a aa aaa aaaaa ▁aaaaa"  # ▁ aa aa a, then ▁ aa aaa


def test_size_and_minimum_count_limit_the_pieces() -> None:
    texts = ["abab abab cd", "c"]
    assert PieceVocabulary.build(texts, size=8).pieces[len(BEGIN) :] == ("a", "b")
    assert PieceVocabulary.build(texts, size=6).pieces == BEGIN
    frequent = PieceVocabulary.build(texts, minimum_count=3).pieces[len(BEGIN) :]
    assert frequent == ("a", "b", "ab")
    assert PieceVocabulary.build([]).pieces == BEGIN
    assert PieceVocabulary.build(["a b", "c"]).pieces == BEGIN


def test_no_piece_is_longer_than_32_characters() -> None:
    for kind in get_args(Kind):
        vocabulary = PieceVocabulary.build(["ja" * 500, "b" * 40, "c" * 31] * 2, kind=kind)
        assert max(map(len, vocabulary.pieces)) == 32


def test_words_are_whole_pre_tokens_by_frequency() -> None:
    # ▁the counts with and without its capital, three times. Of equal ones the alphabet's first.
    texts = ["The dog, the dog, a cat.", "The don't"]
    vocabulary = PieceVocabulary.build(texts, kind="words", minimum_count=2)
    assert vocabulary.kind == "words"
    assert vocabulary.pieces == (*BEGIN_OF_WORDS, "▁the", ",", "⇧▁the", "▁dog")
    smaller = PieceVocabulary.build(texts, size=9, kind="words", minimum_count=1)
    assert smaller.pieces == (*BEGIN_OF_WORDS, "▁the", ",")


@pytest.mark.parametrize("kind", get_args(Kind))
def test_the_order_of_texts_does_not_matter(kind: Kind) -> None:
    texts = random_sentences(300, seed=7)
    shuffled = random.Random(1).sample(texts, len(texts))
    one = PieceVocabulary.build(texts, 500, kind)
    other = PieceVocabulary.build(iter(shuffled), 500, kind)
    assert one == other
    assert one.to_text() == other.to_text()


def test_wrong_settings_are_named() -> None:
    with pytest.raises(ValueError, match="size must be at least 6, not 5"):
        PieceVocabulary.build([], size=5)
    with pytest.raises(ValueError, match="size must be at least 7, not 6"):
        PieceVocabulary.build([], size=6, kind="words")
    with pytest.raises(ValueError, match="minimum_count must be at least 1, not 0"):
        PieceVocabulary.build([], minimum_count=0)
    with pytest.raises(ValueError, match="kind must be one of pieces, words, not 'letters'"):
        PieceVocabulary.build([], kind="letters")  # type: ignore[arg-type]


def _plainly_learned(tokens: dict[str, int], minimum_count: int) -> list[str]:
    """Learns as `learn_pieces` does, with every pair counted afresh in every round."""
    words = {token: [*token.removeprefix(CAPITAL)] for token in tokens}
    counts = dict(tokens)
    characters = Counter(c for token in tokens for c in words[token] * tokens[token])
    del characters[SPACE]
    ranked = sorted(characters, key=lambda c: (-characters[c], c))
    learned = [c for c in ranked if characters[c] >= minimum_count]
    while True:
        pairs: Counter[tuple[str, str]] = Counter()
        for token, symbols in words.items():
            for pair in pairwise(symbols):
                pairs[pair] += counts[token]
        candidates = [(-n, a + b, a) for (a, b), n in pairs.items()]
        for token, count in counts.items():
            if token[0] == CAPITAL and count >= minimum_count:
                candidates.append((-count * len(words[token]), token, ""))
        saved, piece, left = min(candidates, default=(0, "", ""))
        if -saved < minimum_count:
            return learned
        learned.append(piece)
        if left:
            words = {t: _merge_plainly(s, left, piece[len(left) :]) for t, s in words.items()}
        else:
            counts[piece] = 0


def _merge_plainly(symbols: list[str], left: str, right: str) -> list[str]:
    i = 0
    merged = []
    while i < len(symbols):
        together = symbols[i : i + 2] == [left, right]
        merged.append(left + right if together else symbols[i])
        i += 2 if together else 1
    return merged


def test_learning_agrees_with_counting_afresh() -> None:
    source = random.Random(8)
    for _ in range(100):
        words = ["".join(source.choices("aab", k=source.randint(1, 6))) for _ in range(8)]
        tokens = {SPACE + word: source.randint(1, 4) for word in words}
        tokens |= {CAPITAL + SPACE + word: source.randint(1, 20) for word in words[:3]}
        minimum_count = source.randint(1, 4)
        learned = list(learn_pieces(tokens, minimum_count))
        assert learned == _plainly_learned(tokens, minimum_count)
        assert len(set(learned)) == len(learned)


def test_frequent_tokens() -> None:
    tokens = {"▁a": 2, "⇧▁a": 3, "b": 4, "▁c": 1}
    assert list(frequent_tokens(tokens, 2)) == ["▁a", "b", "⇧▁a"]


# Encoding.


def test_the_longest_piece_is_taken_from_left_to_right() -> None:
    vocabulary = _vocabulary("t o m a ▁to ▁tom tomato ma ⇧▁tom ato")
    assert _seen(vocabulary, "tom") == "▁tom"
    assert _seen(vocabulary, "tomato") == "▁tom ato"
    assert _seen(vocabulary, "a-tomato") == "▁ a <UNKNOWN> tomato"
    assert _seen(vocabulary, "toma") == "▁tom a"
    assert _seen(vocabulary, "omt tm") == "▁ o m t ▁ t m"
    assert _seen(vocabulary, "") == ""


def test_a_capital_is_a_sign_or_part_of_a_whole_word() -> None:
    vocabulary = _vocabulary("t o m a T O M ▁tom ⇧▁tom 'm ⇧o ⇧'m -")
    assert _seen(vocabulary, "Tom tom") == "⇧▁tom ▁tom"
    assert _seen(vocabulary, "Toma") == "⇧ ▁tom a"
    assert _seen(vocabulary, "Tom's O-O-Ot") == "⇧▁tom <UNKNOWN> ⇧ ▁ o - ⇧o - ⇧ o t"
    assert _seen(vocabulary, "TOM") == "▁ T O M"
    assert _seen(vocabulary, "O'M O'm") == "⇧ ▁ o ⇧'m ⇧ ▁ o 'm"


def test_unknown_characters_in_a_row_are_one_piece() -> None:
    vocabulary = _vocabulary("a ▁a .")
    assert _seen(vocabulary, "axxa") == "▁a <UNKNOWN> a"
    assert _seen(vocabulary, "xxaxx") == "▁ <UNKNOWN> a <UNKNOWN>"
    # Not beyond a pre-token.
    assert _seen(vocabulary, "a中😀😀. xx") == "▁a <UNKNOWN> <UNKNOWN> <UNKNOWN> . ▁ <UNKNOWN>"
    assert _seen(vocabulary, "Xa") == "⇧ ▁ <UNKNOWN> a"


def test_whole_words_are_known_or_not() -> None:
    vocabulary = _words("▁the ⇧▁the dog ▁dog o , 's")
    assert _seen(vocabulary, "The dog, the-dog") == "⇧▁the ▁dog , ▁the <UNKNOWN> dog"
    assert _seen(vocabulary, "dogs Dog's") == "▁ <UNKNOWN> ⇧ ▁dog 's"
    assert _seen(vocabulary, "xdog dogo them") == "▁ <UNKNOWN> ▁ <UNKNOWN> ▁ <UNKNOWN>"
    # A word that was only met without a space before it is known all the same.
    assert _seen(vocabulary, "o 's'") == "▁ o ▁ <UNKNOWN> <UNKNOWN> <UNKNOWN>"


def test_a_text_is_cut_and_padded() -> None:
    vocabulary = _vocabulary("a ▁a")
    batch = vocabulary.encode_batch(["aaa", "", "x"], 2)
    assert batch.dtype == np.int32
    assert batch.tolist() == [[7, 6], [0, 0], [5, 1]]
    assert vocabulary.encode_batch([], 2).shape == (0, 2)
    with pytest.raises(ValueError, match="length must be at least 1, not 0"):
        vocabulary.encode_batch([], 0)


# Decoding.


@pytest.mark.parametrize(
    "text",
    [
        *["¿Dónde está…? ¡Aquí!", "«Sí», dijo Él.", "I'm Tom. I don't know.", "10:30", "USA", ""],
        *["“It's 5 o'clock”, he said.", "a — b (c): d/f", "A McDonald's iPhone costs $1,000.50!"],
    ],
)
def test_a_text_comes_back(text: str) -> None:
    vocabulary = PieceVocabulary.build([text], minimum_count=1)
    assert vocabulary.decode(vocabulary.encode(text)) == normalize(text)


def test_every_text_comes_back() -> None:
    texts = [*SENTENCES, *random_sentences(3000, seed=9)]
    vocabulary = PieceVocabulary.build(texts, size=3000, minimum_count=1)
    for text in texts:
        assert vocabulary.decode(vocabulary.encode(text)) == normalize(text), repr(text[:100])


def test_decoding_stops_at_the_end() -> None:
    vocabulary = _vocabulary("a ▁a b .")
    end, a = vocabulary.pieces.index("<END>"), vocabulary.pieces.index("▁a")
    assert vocabulary.decode([2, 4, a, 0, 8, 1, end, a, 99]) == "Ab⁇"
    assert vocabulary.decode(np.array([a, 9, end], np.int32)) == "a."
    assert vocabulary.decode([]) == vocabulary.decode([end]) == ""


def test_unknown_pieces_are_shown() -> None:
    vocabulary = _vocabulary("a ▁a .")
    assert vocabulary.decode(vocabulary.encode("axx Xa 中.")) == "a⁇ ⁇a ⁇."
    words = _words("▁a .")
    assert words.decode(words.encode("a Ab x-a.")) == "a ⁇ ⁇⁇⁇."


def test_an_id_of_no_piece_is_named() -> None:
    vocabulary = _vocabulary("a")
    for function in (vocabulary.decode, vocabulary.tokens, vocabulary.word_index):
        for wrong in (-1, 7):
            with pytest.raises(ValueError, match=f"id {wrong} is none of the 7"):
                function([6, wrong])


# Helpers.


def test_tokens_are_labels() -> None:
    vocabulary = _vocabulary("a ▁tom ⇧▁tom 's ⇧'m")
    ids = vocabulary.encode("Tom Tomxtom's")
    labels = ["<START>", "▁Tom", "⇧", "▁tom", "⁇", "a", "'M", "<END>", "<PAD>"]
    assert vocabulary.tokens([2, ids[0], 4, 7, 1, 6, 10, 3, 0]) == labels


def test_each_piece_belongs_to_a_word() -> None:
    vocabulary = _vocabulary("d ó n e ¿ ▁¿ dón ▁está ⇧▁tom . ,")
    text = "¿Dónde está, Tom? X"
    ids = vocabulary.encode(text)
    seen = "▁¿ ⇧ dón d e ▁está , ⇧▁tom <UNKNOWN> ⇧ ▁ <UNKNOWN>"
    assert _seen(vocabulary, text) == seen
    index = [0, 0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 3]
    assert vocabulary.word_index(ids) == index
    assert vocabulary.word_index([2, *ids, 3, 0]) == [-1, *index, -1, -1]
    # Ids that begin in the middle of a word belong to the first one.
    assert vocabulary.word_index(vocabulary.encode("nde")[1:]) == [0, 0, 0]
    assert vocabulary.word_index([4]) == [0]


@pytest.mark.parametrize("kind", get_args(Kind))
def test_words_of_pieces_are_the_words_of_the_text(kind: Kind) -> None:
    texts = [*SENTENCES[:40], *random_sentences(2000, seed=10)]
    vocabulary = PieceVocabulary.build(texts[::2], 300, kind)
    for text in texts:
        words = normalize(text).split()
        ids = vocabulary.encode(text)
        found: list[list[int]] = [[] for _ in words]
        for i, word in zip(ids, vocabulary.word_index(ids), strict=True):
            found[word].append(i)
        assert found == [vocabulary.encode(word) for word in words]


def test_unknown_words_are_those_as_they_are_written() -> None:
    vocabulary = _vocabulary("a b ▁a ' .")
    assert vocabulary.unknown_words("ab Abba. Xa, b-b a'X 中 Xa") == ["Xa", ",", "-", "'X", "中"]
    assert vocabulary.unknown_words("") == []
    assert _words("▁a").unknown_words("a ab A") == ["ab"]


# The file.


def test_the_file_has_a_piece_a_line() -> None:
    assert _vocabulary("a ▁a").to_text() == "<PAD>\n<UNKNOWN>\n<START>\n<END>\n⇧\n▁\na\n▁a\n"
    assert _words("▁a").to_text() == "<PAD>\n<UNKNOWN>\n<START>\n<END>\n<WORDS>\n⇧\n▁\n▁a\n"


@pytest.mark.parametrize("kind", get_args(Kind))
def test_a_vocabulary_comes_back_from_its_file(tmp_path: Path, kind: Kind) -> None:
    path = tmp_path / "pieces.txt"
    texts = [*SENTENCES, *random_sentences(1000, seed=11)]
    vocabulary = PieceVocabulary.build(texts, 2000, kind, 1)
    vocabulary.save(path)
    loaded = PieceVocabulary.load(path)
    assert loaded == vocabulary
    assert hash(loaded) == hash(vocabulary)
    assert loaded.kind == kind
    assert loaded.encode(SENTENCES[-5]) == vocabulary.encode(SENTENCES[-5])


_LINES = "".join(f"{piece}\n" for piece in BEGIN)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (f"{_LINES}a", "line 7: no line end"),
        (f"{_LINES}a\n\nb\n", "line 8: '' is part of no word"),
        (f"{_LINES}a b\n", "line 7: 'a b' is part of no word"),
        (f"{_LINES}a\r\n", "line 7: 'a\\r' is part of no word"),
        (f"{_LINES}a-b\n", "line 7: 'a-b' is part of no word"),
        (f"{_LINES}⇧▁Tom\n", "line 7: '⇧▁Tom' is part of no word"),
        (f"{_LINES}<PAD>\n", "line 7: '<PAD>' is part of no word"),
        (f"{_LINES}a\nb\na\n", "line 9: 'a' is in line 7 already"),
        (f"{_LINES}▁\n", "line 7: '▁' is in line 6 already"),
        ("<PAD>\n<START>\n", "line 2: expected '<UNKNOWN>', found '<START>'"),
        (_LINES.replace("⇧\n", ""), "line 5: expected '⇧', found '▁'"),
        (_LINES.replace("⇧\n", "<WORDS>\n"), "line 6: expected '⇧', found '▁'"),
        ("<PAD>\n", "begins with"),
        ("", "begins with"),
    ],
)
def test_a_malformed_file_is_refused(tmp_path: Path, lines: str, message: str) -> None:
    path = tmp_path / "pieces.txt"
    path.write_bytes(lines.encode())
    with pytest.raises(ValueError) as error:
        PieceVocabulary.load(path)
    assert str(error.value).startswith(f"{path}: ")
    assert message in str(error.value)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pieces.txt"
    path.write_bytes(_LINES.encode() + b"\xff\n")
    with pytest.raises(ValueError, match=r"pieces\.txt: .*utf-8"):
        PieceVocabulary.load(path)
    with pytest.raises(FileNotFoundError):
        PieceVocabulary.load(tmp_path / "missing.txt")


def test_pieces_must_fit() -> None:
    with pytest.raises(ValueError, match="begins with"):
        PieceVocabulary(("a", "b"))
    with pytest.raises(ValueError, match="'a' appears 2 times"):
        _vocabulary("a b a")


def test_pieces_need_no_tensorflow() -> None:
    code = "import sys, common.text.pieces; print('tensorflow' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"
