"""The builtin translation corpus: what it promises, and that it asks for more than a dictionary."""

import hashlib
import os
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import sacrebleu
from sklearn.feature_extraction.text import CountVectorizer

from apps.translation.baseline import word_by_word
from apps.translation.builtin import SPLITS, generate, writer
from apps.translation.builtin.combinations import combinations, held_out
from apps.translation.builtin.lexicon.nouns import NOUNS
from apps.translation.builtin.lexicon.qualities import LASTING
from apps.translation.builtin.meaning import Det, Phrase
from apps.translation.builtin.spanish import phrases, words
from apps.translation.builtin.spanish.sentence import sentence as spanish
from apps.translation.builtin.traversal import Contents, contents

Corpus = dict[str, list[tuple[str, str]]]

ROOT = Path(__file__).resolve().parents[3]
HELD_OUT = ("dev", "test")
SIDES = (0, 1)

# What Spanish sentences must have, and how often in ten thousand at least.
PHENOMENA = {
    "future": (r"\w+(ré|rás|rá|remos|réis|rán)\b", 500),
    "imperfect": (r"\w+(aba|ábamos|aban|ía|íamos|ían)\b", 500),
    "present perfect": (r"\b(he|has|ha|hemos|habéis|han) \w+(do|to|cho|so)\b", 400),
    "estar + gerund": (r"\b(est\w+) \w+(ando|iendo|yendo)\b", 200),
    "ir a + infinitive": (r"\b(voy|vas|va|vamos|vais|van) a \w+r\w*\b", 200),
    "acabar de": (r"\bacab\w+ de\b", 30),
    "tener que": (r"\bt\w+ que \w+r", 30),
    "hay que": (r"\b(hay|habrá) que\b", 20),
    "llevar + gerund": (r"\bllev\w+ \w+ (\w+ )?\w+(ando|iendo|yendo)", 10),
    "haber": (r"\b(hay|había|habrá)\b", 60),
    "gustar": (r"\b(me|te|le|nos|os|les) (gusta|encanta|interesa)n?\b", 200),
    "tener hambre": (r"\bt\w+ (much\w )?(hambre|sed|frío|calor|sueño|miedo|prisa)", 200),
    "age": (r"\bt\w+ [\w ]+ años", 20),
    "weather": (r"\bh\w+ (mucho )?(frío|calor|sol|viento)|\bllov\w+|\bnev\w+", 100),
    "clitic before the verb": (r"\b(lo|la|los|las) (h\w+|\w+(ó|é|aron|ieron))\b", 100),
    "clitic at the end": (r"\w+(ár|ér|ír|ar|er|ir|ándo|iéndo)(l[oa]s?|me|te|se|nos)\b", 100),
    "se lo": (r"\bse (lo|la|los|las)\b", 100),
    "never, nothing, nobody": (r"\b(nunca|nada|nadie)\b", 100),
    "question": (r"¿", 500),
    "question word": (r"¿(por |a |de |con |des)?(qué|quién|dónde|cuándo|cómo|cuán)", 200),
    "command": (r"\bpor favor\b", 20),
    "digits": (r"\d", 50),
    "time of day": (r"\ba las? \w+ (y|menos)\b", 30),
    "possession with de": (r"\b(el|la|los|las) \w+ de [A-Z]\w+", 200),
    "comparative": (r"\b(más|menos|tan) \w+ (que|como)\b", 100),
    "superlative": (r"\b(el|la|los|las) \w+ más \w+ de(l)?\b", 20),
    "passive": (r"\bfu(e|eron) \w+(do|da|dos|das|to|ta|tos|tas)\b", 50),
    "relative clause": (r"\b(\w+) (que|donde|con quien|a quien) \w+", 300),
    "because": (r"\bporque\b", 200),
    "but": (r", pero\b", 100),
    "when": (r"\bcuando\b", 200),
    "if": (r"\bsi\b", 150),
    "although": (r"\baunque\b", 100),
    "while": (r"\bmientras\b", 40),
    "so that": (r"\bpara \w+r", 40),
    "reported speech": (r"\b(dice|dijo|cree|piensa|sabe)\w* que\b", 100),
    "subjunctive": (r"\b(quier|quer|pid|pid|dij|espera)\w* .*que\b", 100),
    "leading adjective": (r"\b(gran|buen|buena|pobre|viej[oa]|nuev[oa]|pequeñ[oa]) \w+", 100),
}  # fmt: skip


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return generate()


@pytest.fixture(scope="module")
def meanings(corpus: Corpus) -> dict[str, tuple[str, Contents]]:
    """The construction and the contents of every sentence, drawn again, by its Spanish."""
    wanted = {es for split in SPLITS for es, _ in corpus[split]}
    rng, found = random.Random(0), {}
    while wanted:
        sentence = writer.draw(rng)
        inside = contents(sentence)
        if writer.is_sound(inside) and (text := spanish(sentence)) in wanted:
            wanted.remove(text)
            found[text] = (sentence.name, inside)
    return found


def tokens(text: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", text.lower())


def texts(corpus: Corpus, side: int) -> list[str]:
    return [pair[side] for split in SPLITS for pair in corpus[split]]


def digest(corpus: Corpus) -> str:
    return hashlib.sha256(repr(corpus).encode()).hexdigest()


# What the corpus is.


def test_splits_have_their_sizes(corpus: Corpus) -> None:
    assert {split: len(pairs) for split, pairs in corpus.items()} == SPLITS
    assert list(corpus) == ["train", "dev", "test"]


def test_another_seed_gives_another_corpus_of_the_same_size(corpus: Corpus) -> None:
    other = generate(1)
    assert {split: len(pairs) for split, pairs in other.items()} == SPLITS
    assert len({*other["test"]} & {*corpus["test"]}) < 100


def test_corpus_does_not_depend_on_pythons_hash_seed(corpus: Corpus) -> None:
    program = (
        "import hashlib; from apps.translation.builtin import generate; "
        "print(hashlib.sha256(repr(generate()).encode()).hexdigest())"
    )
    environment = os.environ | {"PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == digest(corpus)


@pytest.mark.parametrize("side", SIDES)
def test_no_sentence_occurs_twice(corpus: Corpus, side: int) -> None:
    # Compared without case and punctuation. So a source has one translation, too.
    seen = [" ".join(tokens(text)) for text in texts(corpus, side)]
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize("side", SIDES)
def test_sentences_are_of_all_lengths(corpus: Corpus, side: int) -> None:
    for split in SPLITS:
        lengths = [len(tokens(pair[side])) for pair in corpus[split]]
        assert min(lengths) >= 3
        assert max(lengths) <= 20
        assert np.mean(lengths) > 7.5
        assert np.mean([length >= 10 for length in lengths]) > 0.25
        assert np.mean([length <= 5 for length in lengths]) > 0.05


@pytest.mark.parametrize(("side", "least", "most"), [(0, 2000, 3000), (1, 1200, 2000)])
def test_the_vocabulary_is_small_and_without_rare_words(
    corpus: Corpus, side: int, least: int, most: int
) -> None:
    counts = Counter(word for pair in corpus["train"] for word in tokens(pair[side]))
    assert least < len(counts) < most
    assert np.mean([count >= 4 for count in counts.values()]) > 0.98


def test_held_out_sentences_have_known_words_only(corpus: Corpus) -> None:
    for side in SIDES:
        known = Counter(word for pair in corpus["train"] for word in tokens(pair[side]))
        for split in HELD_OUT:
            asked = {word for pair in corpus[split] for word in tokens(pair[side])}
            assert not [word for word in asked if known[word] < 3]


# How it is written.


@pytest.mark.parametrize("side", SIDES)
def test_sentences_begin_with_capitals_and_end_with_marks(corpus: Corpus, side: int) -> None:
    sentence = r"[¿¡]?[A-ZÁÉÍÓÚÑ][^.?!¿¡]*[.?!]"
    pattern = re.compile(rf"{sentence}(?: {sentence})*")
    assert not [text for text in texts(corpus, side) if not pattern.fullmatch(text)]


def test_spanish_questions_and_exclamations_have_two_marks(corpus: Corpus) -> None:
    for text in texts(corpus, 0):
        for part in re.findall(r"[^.?!]+[.?!]", text):
            assert ("¿" in part) is part.endswith("?"), text
            assert ("¡" in part) is part.endswith("!"), text


def test_english_asks_where_spanish_asks(corpus: Corpus) -> None:
    for es, en in (pair for split in SPLITS for pair in corpus[split]):
        assert (es.count("?"), es.count("!")) == (en.count("?"), en.count("!")), es
        assert not re.search("[¿¡]", en)


@pytest.mark.parametrize(
    ("side", "mistake"),
    [
        (0, r"\b(a|de) el\b"),
        (0, r"\by (h?i(?![aeo]))|\bo h?o"),
        (0, r"\bla agua\b|\bun agua \w+o\b"),
        (0, r"\b(el|un|este|ese) (casa|niña|mujer|mesa|puerta|llave|radio)\b"),
        (0, r"\b(la|una|esta|esa) (libro|problema|mapa|coche|hombre|día|sofá)\b"),
        (0, r"\b(buen|gran) (?!\w+o\b)\w+as?\b(?<!a)"),
        (0, r"\b(le|les) (lo|la|los|las)\b"),
        (0, r"\bcon (mí|ti)\b"),
        (0, r"\b(tú|yo|usted) \1\b"),
        (1, r"\ba (?!uni|us|eu|one)[aeiouAEIOU]"),
        (1, r"\ban (?!hour|honest)[^aeiouAEIOU]"),
        (1, r"(^|[.?!] )(He|She|It) (am|are|were|have|do|don't|go)\b"),
        (1, r"(^|[.?!] )(They|We|You) (am|is|was|has|does)\b"),
        (1, r"(^|[.?!] )I (is|are|were|has|does)\b"),
        (1, r"\b(didn't|doesn't|don't|won't|will|would) (went|was|were|bought|had|saw|gave)\b"),
        (1, r"\b(did|does|do) \w+ (\w+ )?(went|bought|had|was|saw)\b"),
        (1, r"\bto (me|him|us|them) to\b"),
        (0, r"\b(\w+) \1\b"),
        (1, r"\b(?!had |that |on )(\w+) \1\b"),
        (0, r"[_{}@|=+]|\bNone\b"),
        (1, r"[_{}@|=+]|\bNone\b"),
        (0, r"  |^ | $| [.,;!?]"),
        (1, r"  |^ | $| [.,;!?]"),
    ],
)
def test_sentences_are_put_together_well(corpus: Corpus, side: int, mistake: str) -> None:
    pattern = re.compile(mistake)
    assert not [text for text in texts(corpus, side) if pattern.search(text)]


@pytest.mark.parametrize("phenomenon", PHENOMENA)
def test_every_phenomenon_is_there_often(corpus: Corpus, phenomenon: str) -> None:
    pattern, share = PHENOMENA[phenomenon]
    for split, size in SPLITS.items():
        found = sum(bool(re.search(pattern, es, re.IGNORECASE)) for es, _ in corpus[split])
        least = share if split == "train" else share / 4
        assert found >= least * size / 10_000, split


# Agreement, from the meanings.

MASCULINE = {"el", "los", "un", "este", "estos", "ese", "esos", "aquel", "aquellos"}
FEMININE = {"la", "las", "una", "esta", "estas", "esa", "esas", "aquella", "aquellas"}
PLURAL = {"los", "las", "estos", "estas", "esos", "esas", "aquellos", "aquellas"}


def phrases_of(meanings: dict[str, tuple[str, Contents]]) -> Iterator[Phrase]:
    for _, inside in meanings.values():
        for _, nominals in inside:
            yield from (nominal for nominal in nominals if isinstance(nominal, Phrase))


def test_determiners_agree_with_their_nouns(meanings: dict[str, tuple[str, Contents]]) -> None:
    checked = 0
    for phrase in phrases_of(meanings):
        first = phrases.noun_phrase(phrase).split()[0]
        if first in MASCULINE | FEMININE and phrase.det not in (Det.COUNT, Det.SOME):
            of = phrase.agreement
            assert (first in FEMININE) is (of.feminine and phrase.noun.es.split()[0] != "agua")
            assert (first in PLURAL) is of.plural
            checked += 1
    assert checked > 10_000


def test_adjectives_agree_with_their_nouns(meanings: dict[str, tuple[str, Contents]]) -> None:
    checked = 0
    for phrase in phrases_of(meanings):
        of = phrase.agreement
        for adjective in phrase.adjectives:
            if adjective.es[-1] != "o" or " " in adjective.es:
                continue
            stem = adjective.es[:-1]
            form = f"{stem}{'a' if of.feminine else 'o'}{'s' if of.plural else ''}"
            short = adjective.first and not (of.feminine or of.plural)
            expected = {form, stem} if short else {form}
            assert expected & set(phrases.noun_phrase(phrase).split()), phrase
            checked += 1
    assert checked > 2_000


# What training cannot have seen.


def test_no_held_out_combination_is_in_training(
    corpus: Corpus, meanings: dict[str, tuple[str, Contents]]
) -> None:
    for es, _ in corpus["train"]:
        assert not [found for found in combinations(*meanings[es]) if held_out(found)], es


@pytest.mark.parametrize("split", HELD_OUT)
def test_every_held_out_sentence_has_a_combination_of_its_own(
    corpus: Corpus, meanings: dict[str, tuple[str, Contents]], split: str
) -> None:
    kinds: Counter[str] = Counter()
    for es, _ in corpus[split]:
        new = [found for found in combinations(*meanings[es]) if held_out(found)]
        assert new, es
        kinds.update(mark for found in new for mark in "+><…:" if f"{mark} " in found)
    assert min(kinds[mark] for mark in "+><…:") > 15, kinds


def neighbours(corpus: Corpus, *splits: str) -> Counter[tuple[str, str]]:
    """Words that stand beside each other."""
    sentences = (es.lower() for split in splits for es, _ in corpus[split])
    return Counter(pair for es in sentences for pair in pairwise(re.findall(r"\w+", es)))


def test_training_never_says_a_held_out_adjective_of_its_noun(corpus: Corpus) -> None:
    # The same from outside: by the words alone.
    train, asked = neighbours(corpus, "train"), neighbours(corpus, *HELD_OUT)
    seen = new = 0
    for noun in {noun for nouns in NOUNS.values() for noun in nouns}:
        for adjective in LASTING.get(noun.kind, ()):
            if held_out(f"{noun.es} + {adjective.es}"):
                one = noun.es, words.agree(adjective.es, noun.feminine, False)
                many = words.plural(noun.es), words.agree(adjective.es, noun.feminine, True)
                seen += train[one] + train[many]
                new += asked[one] + asked[many]
    assert seen == 0
    assert new > 50


# Neither a dictionary nor a memory is enough.


def test_word_by_word_substitution_is_not_enough(corpus: Corpus) -> None:
    sources, references = zip(*corpus["test"], strict=True)
    found = word_by_word(corpus["train"], sources)
    assert 15 < sacrebleu.corpus_bleu(found, [references]).score < 36


def test_the_translation_of_the_most_similar_sentence_is_not_enough(corpus: Corpus) -> None:
    vectorizer = CountVectorizer(token_pattern=r"\w+", binary=True, dtype=np.float32)
    train = vectorizer.fit_transform([es for es, _ in corpus["train"]])
    asked = vectorizer.transform([es for es, _ in corpus["test"]])
    shared = (asked @ train.T).toarray()
    sizes = [np.asarray(matrix.sum(axis=1)).ravel() for matrix in (asked, train)]
    nearest = (shared / (sizes[0][:, None] + sizes[1] - shared)).argmax(axis=1)
    found = [corpus["train"][index][1] for index in nearest]
    references = [en for _, en in corpus["test"]]
    assert sacrebleu.corpus_bleu(found, [references]).score < 32
