"""The builtin captioning corpus: what it promises, and that it asks for more than memory."""

import hashlib
import io
import os
import re
import subprocess
import sys
from collections import Counter
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
import sacrebleu
from click.testing import CliRunner
from numpy.typing import NDArray
from PIL import Image

from apps.captioning.builtin import CAPTIONS, SIDE, SPLITS, Drawn, check, generate
from apps.captioning.builtin.combinations import arranged, coloured, held_out
from apps.captioning.builtin.sample import main, write_sheet
from apps.captioning.builtin.scene import COLOURS, SHAPES, Arrangement, Relation, Scene
from apps.captioning.builtin.words import RELATIONS

from . import builtin_corpus
from .builtin_corpus import Corpus

ROOT = Path(__file__).resolve().parents[3]
# What training never shows, written down once more.
NEVER = {
    "circle": "red",
    "square": "green",
    "triangle": "purple",
    "diamond": "orange",
    "star": "turquoise",
    "heart": "pink",
    "cross": "yellow",
    "ring": "blue",
    "frame": "red",
}


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return builtin_corpus.corpus()


def everything(corpus: Corpus) -> list[Drawn]:
    return [drawn for split in SPLITS for drawn in corpus[split]]


def words(caption: str) -> list[str]:
    return re.findall(r"[a-z]+", caption)


# What the corpus is.


def test_splits_have_their_sizes_and_every_picture_its_captions(corpus: Corpus) -> None:
    assert {split: len(drawn) for split, drawn in corpus.items()} == SPLITS
    assert list(corpus) == ["train", "dev", "test"]
    for drawn in everything(corpus):
        assert len(set(drawn.captions)) == CAPTIONS == 5


def test_names_are_all_different(corpus: Corpus) -> None:
    assert len({drawn.name for drawn in everything(corpus)}) == sum(SPLITS.values())
    assert len({drawn.picture for drawn in everything(corpus)}) == sum(SPLITS.values())


def test_no_scene_occurs_twice_even_on_another_background(corpus: Corpus) -> None:
    scenes = [(d.scene.groups, d.scene.arrangement, d.scene.place) for d in everything(corpus)]
    assert len(scenes) == len(set(scenes))


def test_pictures_of_all_arrangements_are_in_every_split(corpus: Corpus) -> None:
    kinds = {(kind, 1 if kind is Arrangement.ALONE else 2) for kind in Arrangement}
    kinds |= {(Arrangement.ROW, 3), (Arrangement.COLUMN, 3)}
    for drawn in corpus.values():
        counts = Counter((d.scene.arrangement, len(d.scene.groups)) for d in drawn)
        assert set(counts) == kinds
        assert min(counts.values()) > 0.03 * len(drawn)


# The same seed, the same corpus.


def digest(corpus: Corpus) -> str:
    whole = hashlib.sha256(repr(corpus).encode())
    for split in SPLITS:
        for number in (0, 17, 599):
            whole.update(corpus[split][number].png())
    return whole.hexdigest()


def test_another_process_makes_the_same_corpus(corpus: Corpus) -> None:
    program = (
        "from tests.apps.captioning.test_builtin import digest, generate; print(digest(generate()))"
    )
    environment = os.environ | {"PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == digest(corpus)


def test_another_seed_makes_another_corpus_of_the_same_size(corpus: Corpus) -> None:
    other = generate(1)
    assert {split: len(drawn) for split, drawn in other.items()} == SPLITS
    assert len({d.scene for d in other["test"]} & {d.scene for d in corpus["test"]}) < 60
    assert not np.array_equal(other["test"][0].array(), corpus["test"][0].array())


def test_a_picture_is_drawn_the_same_each_time(corpus: Corpus) -> None:
    for drawn in corpus["dev"][:20]:
        pixels = drawn.array()
        assert pixels.shape == (SIDE, SIDE, 3)
        assert pixels.dtype == np.uint8
        np.testing.assert_array_equal(drawn.array(), pixels)
        for encoded in (drawn.png(), drawn.picture.read()):
            image = Image.open(io.BytesIO(encoded))
            assert (image.format, image.mode) == ("PNG", "RGB")
            np.testing.assert_array_equal(np.asarray(image), pixels)


# What training cannot have shown.


@pytest.mark.parametrize("split", ["train", "dev"])
def test_no_held_out_combination_is_in_training(corpus: Corpus, split: str) -> None:
    assert not [drawn.name for drawn in corpus[split] if held_out(drawn.scene)]


def test_every_test_scene_has_a_held_out_combination_and_knows_its_parts(corpus: Corpus) -> None:
    colours = Counter(pair for drawn in corpus["train"] for pair in coloured(drawn.scene))
    triples = Counter(triple for drawn in corpus["train"] for triple in arranged(drawn.scene))
    kinds: Counter[int] = Counter()
    for drawn in corpus["test"]:
        pairs = [pair for pair in coloured(drawn.scene) if colours[pair] == 0]
        unseen = [triple for triple in arranged(drawn.scene) if triples[triple] == 0]
        assert pairs or unseen, drawn
        assert {*pairs, *unseen} == {*held_out(drawn.scene)}
        kinds.update([bool(pairs), 2 + bool(unseen)])
    # Of either kind there are many, with and without the other.
    assert min(kinds[kind] for kind in range(4)) > 150, kinds


def test_captions_of_training_never_say_a_held_out_pair(corpus: Corpus) -> None:
    # The same from outside: by the words alone.
    said = {
        split: Counter(
            pair
            for drawn in corpus[split]
            for caption in drawn.captions
            for pair in zip(words(caption), words(caption)[1:], strict=False)
        )
        for split in SPLITS
    }
    for shape, colour in NEVER.items():
        forms = [(colour, shape), (colour, "crosses" if shape == "cross" else shape + "s")]
        for form in forms:
            assert said["train"][form] == said["dev"][form] == 0
        assert sum(said["test"][form] for form in forms) > 40


def test_each_colour_shape_and_relation_is_seen_often(corpus: Corpus) -> None:
    scenes = [drawn.scene for drawn in corpus["train"]]
    pairs = Counter(pair for scene in scenes for pair in coloured(scene))
    assert len(pairs) == len(COLOURS) * len(SHAPES) - len(NEVER)
    assert min(pairs.values()) > 80
    triples = Counter(triple for scene in scenes for triple in arranged(scene))
    for shape in SHAPES:
        for kind in (Arrangement.ROW, Arrangement.COLUMN):
            assert sum(n for (one, k, _), n in triples.items() if (one, k) == (shape, kind)) > 100
        for kind in (Arrangement.OVERLAP, Arrangement.NESTED):
            assert sum(n for (one, k, _), n in triples.items() if (one, k) == (shape, kind)) > 25
    text = "\n".join(caption for drawn in corpus["train"] for caption in drawn.captions)
    for relation in Relation:
        assert sum(len(re.findall(rf"\b{w}\b", text)) for w in RELATIONS[relation]) > 250


def test_the_vocabulary_is_small_and_without_rare_words(corpus: Corpus) -> None:
    counts = {
        split: Counter(word for d in corpus[split] for c in d.captions for word in words(c))
        for split in SPLITS
    }
    assert 70 <= len(counts["train"]) <= 90
    assert min(counts["train"].values()) > 100
    assert not set(counts["test"]) - set(counts["train"])
    # Each split has all of them; but hardly any caption of the test is one of training.
    assert set(counts["test"]) == set(counts["dev"]) == set(counts["train"])
    known = {caption for drawn in corpus["train"] for caption in drawn.captions}
    seen = [caption in known for drawn in corpus["test"] for caption in drawn.captions]
    assert np.mean(seen) < 0.1


def test_captions_of_a_picture_are_of_several_kinds(corpus: Corpus) -> None:
    lengths = [len(words(caption)) for d in everything(corpus) for caption in d.captions]
    assert min(lengths) >= 2
    assert max(lengths) <= 25
    assert 8 < np.mean(lengths) < 11
    for drawn in corpus["train"]:
        # Three of them at least tell how groups stand to each other, where there are several.
        if drawn.scene.arrangement is not Arrangement.ALONE:
            assert sum(bool(RELATED.search(caption)) for caption in drawn.captions) >= 3, drawn


RELATED = re.compile(
    r"\b(left|right|next|beside|above|below|under|front|behind|inside|surrounded|around|between"
    r"|from)\b"
)

# Neither the usual answer nor the most similar picture is enough.


def true_share(answers: list[str], scenes: list[Scene]) -> float:
    return float(np.mean([not check(*pair) for pair in zip(answers, scenes, strict=True)]))


def bleu(answers: list[str], asked: list[Drawn]) -> float:
    references = [[drawn.captions[number] for drawn in asked] for number in range(CAPTIONS)]
    return float(sacrebleu.corpus_bleu(answers, references).score)


def test_the_most_frequent_caption_is_not_enough(corpus: Corpus) -> None:
    counts = Counter(caption for drawn in corpus["train"] for caption in drawn.captions)
    answers = [counts.most_common(1)[0][0]] * SPLITS["test"]
    assert true_share(answers, [drawn.scene for drawn in corpus["test"]]) < 0.12
    assert bleu(answers, corpus["test"]) < 5


def thumbnail(drawn: Drawn) -> NDArray[np.float32]:
    """16 x 16 pixels against their median."""
    image = Image.fromarray(drawn.array()).resize((16, 16), Image.Resampling.BOX)
    pixels = np.asarray(image, np.float32).reshape(-1, 3)
    return np.asarray(pixels - np.median(pixels, axis=0), np.float32).ravel()


def test_the_caption_of_the_most_similar_picture_is_not_enough(corpus: Corpus) -> None:
    # A third of the training split and of the test split, to save time.
    train, asked = corpus["train"][::3], corpus["test"][::3]
    known, new = (np.stack([thumbnail(d) for d in part]) for part in (train, asked))
    nearest = ((known**2).sum(axis=1) - 2 * new @ known.T).argmin(axis=1)
    answers = [train[index].captions[0] for index in nearest]
    assert true_share(answers, [drawn.scene for drawn in asked]) < 0.1
    assert bleu(answers, asked) < 25
    # The other side: a caption of the picture itself is true, and near to the four others.
    assert true_share([d.captions[0] for d in asked], [d.scene for d in asked]) == 1
    others = [[drawn.captions[number] for drawn in asked] for number in range(1, CAPTIONS)]
    assert sacrebleu.corpus_bleu([d.captions[0] for d in asked], others).score > 35


def test_test_scenes_share_no_picture_with_training(corpus: Corpus) -> None:
    pictures = {split: {d.array().tobytes() for d in corpus[split][:100]} for split in SPLITS}
    for one, other in combinations(pictures.values(), 2):
        assert len(one) == len(other) == 100
        assert not one & other


# A sheet to look at.


def test_sheet_is_a_png(tmp_path: Path) -> None:
    file = tmp_path / "new" / "sheet.png"
    write_sheet(file, rows=1)
    with Image.open(file) as image:
        assert image.format == "PNG"
        assert image.width > 1000


def test_command_writes_a_sheet_and_names_it(tmp_path: Path) -> None:
    file = tmp_path / "sheet"
    result = CliRunner().invoke(main, [str(file), "--rows", "1"])
    assert (result.exit_code, result.output) == (0, f"{file}\n")
    assert file.exists()
    result = CliRunner().invoke(main, [str(file / "below" / "sheet.png")])
    assert result.exit_code == 2
    assert "choose another file" in result.output
