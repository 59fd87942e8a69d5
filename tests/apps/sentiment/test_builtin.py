"""The builtin sentiment corpus: what it promises, and that it asks for more than a bag of words."""

import hashlib
import os
import random
import re
import subprocess
import sys
import time
from collections import Counter, defaultdict
from itertools import pairwise, product
from pathlib import Path

import pytest
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from apps.sentiment.builtin import LABELS, SPLITS, generate
from apps.sentiment.builtin.slots import DOMAINS

Corpus = dict[str, list[tuple[str, str]]]

ROOT = Path(__file__).resolve().parents[3]
HELD_OUT = ("dev", "test")

# construct -> what a text must match (lower case) to count as an example of it
CONSTRUCTS = {
    "direct": r"^the [\w ]+ (is|was|are|were) (really |very |so )?\w+( and [\w ]+)?\.?$",
    "plain negation": r"(not|n't) \w+ (at all|in the slightest)",
    "negation by another word": r"anything but|far from|by no means|hardly|nobody could|nothing ",
    "neither … nor": r"\bneither\b.*\bnor\b",
    "negation that does not deny": r"(not|n't) (only|just)|nothing but|can(not|'t) believe how",
    "scope of a negation": r"(not|n't) \w+, just \w+|\w+, (not|never) \w+\b|rather than",
    "contrast, main clause last": r"but overall|^(although|even though|despite|in spite)|however",
    "contrast, main clause first": r"\w+ (although|even though|despite|in spite|apart from) ",
    "expectation denied": r"expected (the|to).*(but|wrong)|would be \w+\. (it|they|he|she|in fact)",
    "expectation met": r"and it was|just as i had heard|every bit as",
    "opinion of somebody else": r"(my|most|everyone|half|everybody|whole) .*\w+ed this \w+[.;,]",
    "somebody else is wrong": r"wrong|do(n't| not) believe|disagree|ignore the reviews",
    "comparison": r"\b(better|worse) than\b|\bcompared with\b|\binstead of\b|\bany day\b",
    "change over time": r"at first|used to|no longer|turned into|last year",
}


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return generate()


def words(text: str) -> list[str]:
    """The words of `text` as the project's tokenizer sees them: no case, no punctuation."""
    return re.findall(r"[^\W_]+(?:'[^\W_]+)*", text.lower())


def texts(corpus: Corpus, split: str) -> list[str]:
    return [text for text, _ in corpus[split]]


def labels(corpus: Corpus, split: str) -> list[str]:
    return [label for _, label in corpus[split]]


def digest(corpus: Corpus) -> str:
    return hashlib.sha256(repr(corpus).encode()).hexdigest()


# What the corpus is.


def test_splits_have_their_sizes_and_both_labels_equally(corpus: Corpus) -> None:
    assert list(corpus) == ["train", "dev", "test"]
    for split, size in SPLITS.items():
        assert Counter(labels(corpus, split)) == dict.fromkeys(LABELS, size // 2)
    assert SPLITS["train"] >= 5000
    assert min(SPLITS.values()) >= 1000


def test_same_seed_same_corpus(corpus: Corpus) -> None:
    random.seed(1)  # the global generator is not to matter
    assert generate(0) == corpus
    assert generate(1) != corpus


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_corpus_does_not_depend_on_pythons_hash_seed(corpus: Corpus, hash_seed: str) -> None:
    program = (
        "import hashlib; from apps.sentiment.builtin import generate; "
        "print(hashlib.sha256(repr(generate()).encode()).hexdigest())"
    )
    environment = os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == digest(corpus)


def test_generating_takes_little_time() -> None:
    start = time.process_time()
    generate(2)
    assert time.process_time() - start < 2


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_no_text_occurs_twice(seed: int) -> None:
    # Compared as a network sees them, which also covers equal texts in different case.
    seen = [" ".join(words(text)) for split in generate(seed).values() for text, _ in split]
    assert len(seen) == len(set(seen))


def test_labels_are_in_random_order(corpus: Corpus) -> None:
    for split in SPLITS:
        got = labels(corpus, split)
        changes = sum(a != b for a, b in pairwise(got))
        assert 0.4 < changes / len(got) < 0.6


def test_texts_are_short_and_fit_one_line_of_a_table(corpus: Corpus) -> None:
    for split in SPLITS:
        lengths = [len(words(text)) for text in texts(corpus, split)]
        assert max(lengths) <= 60
        assert sum(5 <= length <= 40 for length in lengths) / len(lengths) > 0.9
        assert not [
            text for text in texts(corpus, split) if re.search(r"[\t\r\n{}]|  |^ | $", text)
        ]


@pytest.mark.parametrize(
    "mistake",
    [
        r"\ba [aeio]\w",
        r"\ban [^aeiou\W]",
        r"\b(\w+) \1\b",
        r"\b(it|he|she) (are|were)\b",
        r"\bthey (is|was)\b",
        # Not "nothing about the seats was hard".
        r"(?<!about )the (staff|crew|signs|seats|graphics|lyrics|menus|pockets) (is|was)",
        r"(^|[.!?] )the (plot|food|room|battery|fabric|delivery|cabin) (are|were)",
        r"\w [.,;!?]",
    ],
)
def test_english_is_put_together_well(corpus: Corpus, mistake: str) -> None:
    pattern = re.compile(mistake, re.IGNORECASE)
    for split in SPLITS:
        assert not [text for text in texts(corpus, split) if pattern.search(text)]


def test_every_sentence_of_a_capitalised_text_begins_with_a_capital(corpus: Corpus) -> None:
    for split in SPLITS:
        capitalised = [text for text in texts(corpus, split) if re.match("[A-Z][a-z' ]", text)]
        assert len(capitalised) > 0.5 * len(corpus[split])
        assert not [text for text in capitalised if re.search(r"[.!?] [a-z]", text)]


# Genres.


@pytest.mark.parametrize(
    ("kind", "pattern", "share"),
    [
        ("hashtag", r"#\w+", 0.05),
        ("handle", r"@\w+", 0.05),
        ("emoji", r"[\U0001F300-\U0001FAFF☕]", 0.05),
        ("upper-case word", r"\b[A-Z]{4,}\b", 0.03),
        ("elongated word", r"(\w)\1{2,}", 0.01),
        ("lower-case typing", r"^[^A-Z]+$", 0.1),
        ("contraction", r"n't\b", 0.1),
        ("two to four sentences", r"\w\. [A-Z].*\.$", 0.2),
        ("one plain sentence", r"^[A-Z][^.!?#@]+\.$", 0.15),
        ("sentence of two clauses", r"^[A-Z][^.!?#@]+, and [^.!?#@]+\.$", 0.01),
    ],
)
def test_every_manner_of_writing_is_there_with_both_labels(
    corpus: Corpus, kind: str, pattern: str, share: float
) -> None:
    for split in SPLITS:
        found = Counter(label for text, label in corpus[split] if re.search(pattern, text))
        for label in LABELS:
            assert found[label] / len(corpus[split]) > share / 2, (kind, split, found)


def test_emoji_handles_and_tags_say_nothing_about_the_label(corpus: Corpus) -> None:
    decorations: dict[str, Counter[str]] = defaultdict(Counter)
    for text, label in corpus["train"]:
        for mark in re.findall(r"[@#]?[\U0001F300-\U0001FAFF☕]|#\w+|[@]\w+", text):
            decorations[mark][label] += 1
    assert len(decorations) > 50
    for mark, counts in decorations.items():
        assert counts["negative"] == counts["positive"], mark


# Word order decides.


@pytest.mark.parametrize("construct", CONSTRUCTS)
def test_every_construct_is_there_with_both_labels(corpus: Corpus, construct: str) -> None:
    pattern = re.compile(CONSTRUCTS[construct])
    for split, size in SPLITS.items():
        found = Counter(label for text, label in corpus[split] if pattern.search(text.lower()))
        for label in LABELS:
            assert found[label] >= size // 500, (split, found)


def test_same_words_in_another_order_change_the_label(corpus: Corpus) -> None:
    for split in SPLITS:
        bags: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for text, label in corpus[split]:
            bags[tuple(sorted(words(text)))].add(label)
        both = sum(len(bags[tuple(sorted(words(text)))]) == 2 for text in texts(corpus, split))
        assert both / len(corpus[split]) > 0.15


def test_one_other_word_changes_the_label(corpus: Corpus) -> None:
    def frames(text: str) -> list[tuple[str, ...]]:
        tokens = words(text)
        return [(*tokens[:i], "…", *tokens[i + 1 :]) for i in range(len(tokens))]

    for split in SPLITS:
        found: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for text, label in corpus[split]:
            for frame in frames(text):
                found[frame].add(label)
        paired = sum(any(len(found[f]) == 2 for f in frames(text)) for text in texts(corpus, split))
        assert paired / len(corpus[split]) > 0.3


def test_every_common_word_is_at_home_in_both_classes(corpus: Corpus) -> None:
    counts: dict[str, Counter[str]] = {label: Counter() for label in LABELS}
    for text, label in corpus["train"]:
        counts[label].update(set(words(text)))
    common = [w for w in counts["positive"] if counts["positive"][w] + counts["negative"][w] >= 100]
    assert len(common) > 100
    for word in common:
        share = counts["positive"][word] / (counts["positive"][word] + counts["negative"][word])
        assert 0.15 < share < 0.85, word


@pytest.mark.parametrize("vectorizer", [CountVectorizer, TfidfVectorizer])
@pytest.mark.parametrize("strength", [0.1, 1, 10])
def test_a_bag_of_words_is_not_enough(
    corpus: Corpus, vectorizer: type[CountVectorizer], strength: float
) -> None:
    model = make_pipeline(vectorizer(), LogisticRegression(C=strength, solver="liblinear"))
    model.fit(texts(corpus, "train"), labels(corpus, "train"))
    for split in HELD_OUT:
        assert model.score(texts(corpus, split), labels(corpus, split)) < 0.80


def test_word_order_is_enough_to_find_the_labels(corpus: Corpus) -> None:
    # The other side: were the labels drawn at random, a bag of words would fail as well.
    ngrams = CountVectorizer(ngram_range=(1, 3), token_pattern=r"[\w']+", binary=True)
    model = make_pipeline(ngrams, LogisticRegression(C=1, solver="liblinear"))
    model.fit(texts(corpus, "train"), labels(corpus, "train"))
    for split in HELD_OUT:
        assert model.score(texts(corpus, split), labels(corpus, split)) > 0.80


# What training cannot have seen.


def test_held_out_words_are_known_except_a_few_names(corpus: Corpus) -> None:
    known = Counter(word for text in texts(corpus, "train") for word in words(text))
    for split in HELD_OUT:
        held_out = [word for text in texts(corpus, split) for word in words(text)]
        unknown = sum(word not in known for word in held_out) / len(held_out)
        rare = sum(known[word] < 5 for word in held_out) / len(held_out)
        assert 0 < unknown < 0.02
        assert rare < 0.04


def test_held_out_texts_say_of_things_what_training_says_of_others(corpus: Corpus) -> None:
    aspects = {part.name for domain in DOMAINS for part in domain.aspects}
    descriptions = {
        word
        for domain in DOMAINS
        for part in domain.aspects
        for pair in part.opposites
        for word in pair
    }

    def combinations(text: str) -> set[tuple[str, str]]:
        """(aspect, description) of every sentence about one aspect, as in "the plot was dull"."""
        found = set()
        for sentence in re.split(r"[.!?] ", text.lower()):
            inside = set(words(sentence))
            if len(inside & aspects) == 1:
                found |= set(product(inside & aspects, inside & descriptions))
        return found

    seen = set().union(*(combinations(text) for text in texts(corpus, "train")))
    known = {word for text in texts(corpus, "train") for word in words(text)}
    for split in HELD_OUT:
        asked = [found for text in texts(corpus, split) if (found := combinations(text))]
        assert len(asked) > len(corpus[split]) / 4
        assert sum(not found <= seen for found in asked) / len(asked) > 0.4
        assert (
            descriptions & {word for text in texts(corpus, split) for word in words(text)} <= known
        )
