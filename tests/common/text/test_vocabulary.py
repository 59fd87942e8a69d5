"""Words, forms and ids; the file; and the contractions."""

from __future__ import annotations

import sys
import unicodedata
from pathlib import Path

import numpy as np
import pytest

from common.text.forms import fold, spellings
from common.text.tokenizer import tokenize
from common.text.vocabulary import PAD, UNKNOWN, Vocabulary
from tests.common.text.awkward import VOCABULARY


def _meaning(vocabulary: Vocabulary, text: str) -> str:
    return " ".join(vocabulary.words[word_id] for word_id in vocabulary.encode(text))


def test_ids_go_by_count_then_by_the_alphabet() -> None:
    vocabulary = Vocabulary.build(["b a c a", "C d", "c"])
    assert vocabulary.words == (PAD, UNKNOWN, "c", "a", "b", "d")
    assert len(vocabulary) == 6
    assert vocabulary.encode("a B x C") == [3, 4, 1, 2]


def test_size_and_minimum_count_limit_the_words() -> None:
    texts = ["a a a b B c"]
    assert Vocabulary.build(texts, size=4).words[2:] == ("a", "b")
    assert Vocabulary.build(texts, minimum_count=2).words[2:] == ("a", "b")
    assert Vocabulary.build(texts, size=2).words[2:] == ()
    assert Vocabulary.build([]).encode("a") == [1]
    with pytest.raises(ValueError, match="size must be at least 2, not 1"):
        Vocabulary.build(texts, size=1)
    with pytest.raises(ValueError, match="minimum_count must be at least 1, not 0"):
        Vocabulary.build(texts, minimum_count=0)


def test_the_order_of_texts_does_not_matter() -> None:
    texts = ["iPhone IPHONE strasse", "Straße STRASSE it 's", "film 's Film a b"]
    assert (
        Vocabulary.build(texts).to_text()
        == Vocabulary.build(reversed(texts)).to_text()
        == Vocabulary.build(iter(texts)).to_text()
    )


def test_one_word_has_one_id_in_all_its_forms() -> None:
    vocabulary = Vocabulary.build(["great don’t café İstanbul ΟΔΟΣ iPhone ❤️"])
    for form in ("great", "Great", "GREAT"):
        assert _meaning(vocabulary, form) == "great"
    for form in ("don't", "Don't", "DON'T", "don’t", "Don’t", "DON’T"):
        assert _meaning(vocabulary, form) == "don't"
    for form in ("café", "Café", "CAFÉ"):
        for normal_form in ("NFC", "NFD"):
            assert _meaning(vocabulary, unicodedata.normalize(normal_form, form)) == "café"
    for form in ("iphone", "Iphone", "IPHONE", "iPhone"):
        assert _meaning(vocabulary, form) == "iphone"
    for form in ("❤", "❤️", "❤❤", "❤️❤️❤️"):
        assert _meaning(vocabulary, form) == "❤"
    for form in ("İstanbul", "İSTANBUL", "I\u0307stanbul"):
        assert vocabulary.encode(form) == [vocabulary.forms[fold("İstanbul")]]
    for form in ("ΟΔΟΣ", "οδος", "Οδος"):
        assert vocabulary.encode(form) == [vocabulary.forms["οδος"]]
    assert _meaning(vocabulary, "gReAt i̇PHONE") == f"{UNKNOWN} {UNKNOWN}"


def test_an_emoji_in_a_row_counts_as_the_emoji() -> None:
    assert Vocabulary.build(["😀😀 😀😀😀😀 👍🏽👍🏽 😀❤️"]).words[2:] == ("😀", "👍🏽", "😀❤")


def test_a_form_of_two_words_goes_to_the_one_it_folds_to() -> None:
    # The upper case of ß is SS, but STRASSE is first of all strasse.
    both = Vocabulary.build(["straße straße strasse"])
    assert _meaning(both, "STRASSE Straße Strasse") == "strasse straße strasse"
    assert _meaning(Vocabulary.build(["straße"]), "STRASSE") == "straße"


def test_folding_is_stable_and_keeps_one_token() -> None:
    for character in map(chr, range(1, sys.maxunicode + 1)):
        if unicodedata.category(character) not in ("Cn", "Co", "Cs", "Lo", "Cc"):
            for token in tokenize(f"é{character}a"):
                folded = fold(token)
                assert fold(folded) == folded
                assert tokenize(folded) == [folded]


def test_every_spelling_is_one_token_of_the_table() -> None:
    # The last word has a sign of its own that decomposes into a delimiter and a mark.
    vocabulary = Vocabulary.build([" ".join(VOCABULARY.words[2:]), "é\u0385"])
    assert "é\u0385" in vocabulary.words
    for word in vocabulary.words[2:]:
        assert word in spellings(word)
        for spelling in spellings(word):
            assert tokenize(spelling) == [spelling]
            assert spelling in vocabulary.forms


def test_half_characters_are_not_learned() -> None:
    vocabulary = Vocabulary.build(["good \ud83d \ud83d"])
    assert vocabulary.words[2:] == ("good",)
    assert vocabulary.encode("\ud83d good") == [1, 2]
    assert vocabulary.to_text().encode()


# Contractions.


def test_joined_contractions_mean_the_part_that_carries_the_meaning() -> None:
    tokenised = Vocabulary.build(["it 's not bad but it does n't work , we 're lost . let 's go"])
    for text in ("doesn't", "Doesn’t", "DON'T", "can't", "won't", "isn't", "cannot"):
        assert _meaning(tokenised, text) == "n't"
    assert _meaning(tokenised, "it's It’s we're let's") == "it it we let"
    assert _meaning(tokenised, "does n't it 's") == "does n't it s"


def test_split_contractions_mean_the_joined_ones_learned() -> None:
    raw = Vocabulary.build(["I don't like it", "it's bad"])
    assert _meaning(raw, "do n't") == f"{UNKNOWN} don't"
    assert _meaning(raw, "doesn't it's") == "don't it's"
    assert _meaning(Vocabulary.build(["I don't, I do not"]), "n't shan't don't") == "not not don't"


def test_a_learned_contraction_is_left_alone() -> None:
    vocabulary = Vocabulary.build(["n't not don't isn't it it's"])
    assert _meaning(vocabulary, "don't isn't it's") == "don't isn't it's"
    nothing = Vocabulary.build(["a b c"])
    assert _meaning(nothing, "don't it's") == f"{UNKNOWN} {UNKNOWN}"


def test_a_possessive_means_its_owner_where_training_texts_split_it() -> None:
    vocabulary = Vocabulary.build(["the film 's end , Bergman ’s eye , a story"])
    assert _meaning(vocabulary, "Film's film’s Bergman's") == "film film bergman"
    assert _meaning(vocabulary, "story's") == UNKNOWN


# Batches.


def test_a_batch_is_cut_and_padded() -> None:
    vocabulary = Vocabulary.build(["a a a b b c"])
    batch = vocabulary.encode_batch(["a b c a", "", "c x"], 3)
    assert batch.dtype == np.int32
    assert batch.tolist() == [[2, 3, 4], [0, 0, 0], [4, 1, 0]]
    assert vocabulary.encode_batch([], 3).shape == (0, 3)
    with pytest.raises(ValueError, match="length must be at least 1, not 0"):
        vocabulary.encode_batch(["a"], 0)


# The file.


def test_the_file_lists_canonical_forms_first() -> None:
    text = Vocabulary.build(["é É B b"]).to_text()
    assert text == "<PAD> 0\n<UNKNOWN> 1\nb 2\nB 2\né 3\nE\u0301 3\ne\u0301 3\nÉ 3\n"


def test_a_vocabulary_comes_back_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "vocab.txt"
    VOCABULARY.save(path)
    loaded = Vocabulary.load(path)
    assert loaded == VOCABULARY
    assert loaded.to_text().encode() == path.read_bytes()


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("<PAD> 0\n<UNKNOWN> 1\na 2", "line 3: no line end"),
        ("<PAD> 0\n<UNKNOWN> 1\na\n", "line 3: expected 'form id', found 'a'"),
        ("<PAD> 0\n<UNKNOWN> 1\na b 2\n", "line 3: expected 'form id'"),
        ("<PAD> 0\n<UNKNOWN> 1\na -2\n", "line 3: expected 'form id'"),
        ("<PAD> 0\n<UNKNOWN> 1\na 2\r\n", "line 3: expected 'form id'"),
        ("<PAD> 0\n<UNKNOWN> 1\n\na 2\n", "line 3: expected 'form id'"),
        ("<PAD> 0\n<UNKNOWN> 1\na 2\nA 2\na 2\n", "line 5: 'a' appears a second time"),
        ("<PAD> 0\n<UNKNOWN> 1\na 3\n", "line 3: id 3 out of order"),
        ("<PAD> 0\n<UNKNOWN> 1\na 2\nb 3\nA 2\n", "line 5: id 2 out of order"),
        ("<PAD> 0\n<UNKNOWN> 1\na-b 2\n", "line 3: 'a-b' is not one token"),
        ("<PAD> 0\n<UNKNOWN> 1\n'a 2\n", 'line 3: "\'a" is not one token'),
        ("<PAD> 0\na 0\n<UNKNOWN> 1\n", "line 2: id 0 is <PAD>'s alone"),
        ("a 0\nb 1\n", "line 1: id 0 is <PAD>'s alone"),
        ("<PAD> 0\n", "begins with"),
        ("", "begins with"),
    ],
)
def test_a_malformed_file_is_refused(tmp_path: Path, lines: str, message: str) -> None:
    path = tmp_path / "vocab.txt"
    path.write_bytes(lines.encode())
    with pytest.raises(ValueError) as error:
        Vocabulary.load(path)
    assert str(error.value).startswith(f"{path}: ")
    assert message in str(error.value)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "vocab.txt"
    path.write_bytes(b"<PAD> 0\n<UNKNOWN> 1\n\xff 2\n")
    with pytest.raises(ValueError, match=r"vocab\.txt: .*utf-8"):
        Vocabulary.load(path)
    with pytest.raises(FileNotFoundError):
        Vocabulary.load(tmp_path / "missing.txt")


@pytest.mark.parametrize(
    ("words", "forms", "message"),
    [
        ((UNKNOWN, PAD), {UNKNOWN: 0, PAD: 1}, "begins with"),
        ((PAD, UNKNOWN, "a"), {PAD: 0, UNKNOWN: 1}, "'a' has id 2, but not among the forms"),
        ((PAD, UNKNOWN), {PAD: 0, UNKNOWN: 1, "a": 2}, "'a' has id 2 of 2 words"),
    ],
)
def test_words_and_forms_must_fit(
    words: tuple[str, ...], forms: dict[str, int], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Vocabulary(words, forms)
