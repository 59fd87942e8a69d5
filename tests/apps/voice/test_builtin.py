"""The builtin corpus of voices: what it promises, and that an average over a clip is not enough."""

import functools
import hashlib
import os
import subprocess
import sys
import wave
from collections import Counter
from itertools import combinations, pairwise
from pathlib import Path

import librosa
import numpy as np
import pytest
import soundfile
from click.testing import CliRunner
from numpy.typing import NDArray
from scipy.linalg import solve_toeplitz
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from apps.voice.builtin import LABELS, SAMPLE_RATE, SPEAKERS, SPLITS, Utterance, generate
from apps.voice.builtin.corpus import speaker, utterance
from apps.voice.builtin.sample import main, write_samples
from apps.voice.builtin.score import RATE, Score, compose
from apps.voice.builtin.speech import perform
from apps.voice.builtin.vowels import VOWELS, formants

Corpus = dict[str, list[Utterance]]
Array = NDArray[np.float64]

ROOT = Path(__file__).resolve().parents[3]
# Peterson and Barney's averages, typed once more: vowel -> F1, F2, F3 of men, then of women.
MEASURED = {
    "i": ((270, 2290, 3010), (310, 2790, 3310)),
    "ɪ": ((390, 1990, 2550), (430, 2480, 3070)),
    "ɛ": ((530, 1840, 2480), (610, 2330, 2990)),
    "æ": ((660, 1720, 2410), (860, 2050, 2850)),
    "ɑ": ((730, 1090, 2440), (850, 1220, 2810)),
    "ɔ": ((570, 840, 2410), (590, 920, 2710)),
    "ʊ": ((440, 1020, 2240), (470, 1160, 2680)),
    "u": ((300, 870, 2240), (370, 950, 2670)),
    "ʌ": ((640, 1190, 2390), (760, 1400, 2780)),
    "ɝ": ((490, 1350, 1690), (500, 1640, 1960)),
}


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return generate()


def digest(clips: list[Utterance]) -> str:
    whole = hashlib.sha256()
    for clip in clips:
        whole.update(clip.samples.tobytes() + f"{clip.label} {clip.speaker};".encode())
    return whole.hexdigest()


def sung(label: str, vowel: str, pitch: float, number: int = 0) -> Array:
    """A second of one vowel at one pitch, by a speaker of the class: no room, only breath."""
    who = speaker(0, "train", 2 * number + LABELS.index(label))
    targets = np.tile(formants(label)[VOWELS.index(vowel)], (RATE, 1))
    ones = np.ones(RATE)
    score = Score(pitch * ones, targets, voice=ones, hiss=0 * ones, place=3000 * ones)
    return np.asarray(perform(who, score, np.random.default_rng(number)), np.float64)


# What the corpus is.


def test_splits_have_their_sizes_and_both_classes_equally(corpus: Corpus) -> None:
    assert list(corpus) == ["train", "dev", "test"]
    for split, size in SPLITS.items():
        assert Counter(clip.label for clip in corpus[split]) == dict.fromkeys(LABELS, size // 2)
    assert SPLITS["train"] >= 1600
    assert min(SPLITS.values()) >= 300


def test_no_speaker_is_in_two_splits_or_has_two_labels(corpus: Corpus) -> None:
    heard = {split: {clip.speaker for clip in clips} for split, clips in corpus.items()}
    for one, other in combinations(heard.values(), 2):
        assert not one & other
    assert {split: len(names) for split, names in heard.items()} == SPEAKERS
    assert SPEAKERS["train"] >= 200
    assert min(SPEAKERS.values()) >= 40
    pairs = {(clip.speaker, clip.label) for clips in corpus.values() for clip in clips}
    assert len(pairs) == sum(SPEAKERS.values())


def test_every_clip_lasts_from_a_third_of_a_second_to_three(corpus: Corpus) -> None:
    for clips in corpus.values():
        seconds = np.array([len(clip.samples) for clip in clips]) / SAMPLE_RATE
        assert seconds.min() >= 0.3
        assert seconds.max() <= 3.0
        assert np.quantile(seconds, 0.1) < 0.5
        assert np.quantile(seconds, 0.9) > 2.0


def test_length_and_level_say_nothing_about_the_class(corpus: Corpus) -> None:
    for measure in (len, lambda samples: np.log(np.abs(samples.astype(float)).max())):
        by_class = {
            label: np.array([measure(c.samples) for c in corpus["train"] if c.label == label])
            for label in LABELS
        }
        women, men = (by_class[label] for label in LABELS)
        error = np.hypot(women.std(), men.std()) / np.sqrt(len(women))
        assert abs(women.mean() - men.mean()) < 4 * error


def test_nothing_is_clipped_or_silent(corpus: Corpus) -> None:
    for clips in corpus.values():
        for clip in clips:
            assert clip.samples.dtype == np.int16
            assert clip.samples.ndim == 1
            peak = np.abs(clip.samples.astype(int)).max()
            assert 32767 * 10 ** (-19 / 20) < peak < 32767 * 10 ** (-0.5 / 20)
            hops = clip.samples[: len(clip.samples) // 256 * 256].reshape(-1, 256)
            assert hops.any(axis=1).all()  # a hop of zeros would be passed over
            assert abs(clip.samples.mean()) < 0.01 * peak


def test_clips_are_in_random_order(corpus: Corpus) -> None:
    for clips in corpus.values():
        changes = sum(a.label != b.label for a, b in pairwise(clips))
        assert 0.4 < changes / len(clips) < 0.6


# The same seed, the same samples.


def test_a_clip_does_not_depend_on_what_was_made_before(corpus: Corpus) -> None:
    np.random.seed(1)  # the global generator is not to matter
    made = {(clip.speaker, clip.samples.tobytes()) for clip in corpus["dev"]}
    assert len(made) == SPLITS["dev"]
    for number in (299, 17, 150, 0):
        clip = utterance(0, "dev", number)
        assert (clip.speaker, clip.samples.tobytes()) in made
        other = utterance(1, "dev", number)
        assert other.samples.tobytes() != clip.samples.tobytes()


def test_another_process_makes_the_same_samples() -> None:
    program = (
        "import hashlib; from apps.voice.builtin.corpus import utterance; "
        "clips = [utterance(0, 'train', k).samples for k in reversed(range(20))]; "
        "print(hashlib.sha256(b''.join(s.tobytes() for s in reversed(clips))).hexdigest())"
    )
    environment = os.environ | {
        "PYTHONHASHSEED": "1",
        "PYTHONPATH": str(ROOT),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    run = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    clips = [utterance(0, "train", k).samples for k in range(20)]
    here = hashlib.sha256(b"".join(samples.tobytes() for samples in clips))
    assert run.stdout.strip() == here.hexdigest()


# A voice is a voice.


def pitch_of(sound: Array) -> float:
    """Pitch in hertz by the autocorrelation: its first peak about as high as the highest."""
    middle = sound[4000:12000]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle)), 32768)) ** 2
    correlation = np.fft.irfft(spectrum)
    lags = np.arange(SAMPLE_RATE // 400, SAMPLE_RATE // 60)
    before, at, after = (correlation[lags + shift] for shift in (-1, 0, 1))
    first = np.flatnonzero((at > before) & (at >= after) & (at > 0.93 * at.max()))[0]
    lag, before, at, after = lags[first], before[first], at[first], after[first]
    return SAMPLE_RATE / (lag + 0.5 * (before - after) / (before - 2 * at + after))


def formants_of(sound: Array) -> Array:
    """Formants in hertz by linear prediction: the angles of the sharp poles, lowest first."""
    order, size = 22, 800
    flat = np.append(sound[0], sound[1:] - 0.97 * sound[:-1])
    frames = np.lib.stride_tricks.sliding_window_view(flat, size)[1600 :: size // 2]
    power = np.abs(np.fft.rfft(frames * np.hanning(size), 4 * size)) ** 2
    correlation = np.fft.irfft(power.mean(axis=0))[: order + 1]
    prediction = solve_toeplitz(correlation[:order], correlation[1:])
    poles = np.roots(np.concatenate([[1.0], -prediction]))
    frequencies = np.angle(poles) * SAMPLE_RATE / (2 * np.pi)
    bandwidths = -np.log(np.abs(poles)) * SAMPLE_RATE / np.pi
    return np.sort(frequencies[(frequencies > 150) & (bandwidths < 400)])


@pytest.mark.parametrize("pitch", [90, 120, 150, 180, 210, 250])
@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("vowel", ["ɛ", "ɑ", "u"])
def test_pitch_is_what_the_score_says(label: str, vowel: str, pitch: int) -> None:
    assert pitch_of(sung(label, vowel, pitch)) == pytest.approx(pitch, rel=0.02)


@pytest.mark.parametrize("label", LABELS)
def test_pitch_of_a_whole_utterance_moves_around_the_speakers_mean(label: str) -> None:
    for number in range(20):
        who = speaker(0, "train", 2 * number + LABELS.index(label))
        pitch = compose(who, 3.0, np.random.default_rng(number)).pitch
        assert np.exp(np.log(pitch).mean()) == pytest.approx(who.pitch, rel=0.02)
        assert 1.05 < pitch.max() / pitch.min() < 2


def test_table_holds_the_published_averages() -> None:
    assert list(MEASURED) == list(VOWELS)
    for column, label in enumerate(("male", "female")):
        table = np.array([row[column] for row in MEASURED.values()])
        np.testing.assert_array_equal(formants(label)[:, :3], table)


@pytest.mark.parametrize("vowel", MEASURED)
@pytest.mark.parametrize("label", LABELS)
def test_formants_of_the_sound_are_those_of_the_table(label: str, vowel: str) -> None:
    # A low pitch for both, as its harmonics sample the envelope more densely.
    measured = formants_of(sung(label, vowel, pitch=100))
    table = MEASURED[vowel][label == "female"]
    assert len(measured) >= 5
    for got, wanted, tolerance in zip(measured, table, (0.06, 0.02, 0.02), strict=False):
        assert got == pytest.approx(wanted, rel=tolerance)


def test_breath_is_quieter_than_the_voice() -> None:
    # Were it not, all of this were whispered, with formants as before and no pitch.
    for number, label in enumerate(LABELS * 5):
        sound = sung(label, "ɛ", 125, number)[3200:12800]
        spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
        frequencies = np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE)
        harmonic = np.abs(frequencies / 125 - np.rint(frequencies / 125)) < 0.2
        assert spectrum[harmonic].sum() > 3 * spectrum[~harmonic].sum()


# What tells the classes apart.


def test_pitch_alone_does_not_decide() -> None:
    people = [speaker(0, "train", number) for number in range(SPEAKERS["train"])]
    pitch = np.array([who.pitch for who in people])
    female = np.array([who.label == "female" for who in people])
    assert 85 <= pitch[~female].min() < 95
    assert 240 < pitch[female].max() <= 255
    scores = [((pitch > threshold) == female).mean() for threshold in pitch]
    assert 0.75 < max(scores) < 0.87


def test_no_formant_alone_decides() -> None:
    people = [speaker(0, "train", number) for number in range(SPEAKERS["train"])]
    female = np.array([who.label == "female" for who in people])
    for formant in range(3):
        # Of any vowel, as nobody says which one it is.
        values = np.concatenate([who.formants[:, formant] for who in people])
        labels = np.repeat(female, len(VOWELS))
        thresholds = np.quantile(values, np.linspace(0, 1, 200))
        assert max(((values > t) == labels).mean() for t in thresholds) < 0.88


@functools.cache
def mel_bands() -> NDArray[np.float32]:
    return np.asarray(librosa.filters.mel(sr=SAMPLE_RATE, n_fft=512, n_mels=40, fmin=20))


def mfcc(samples: NDArray[np.int16]) -> Array:
    """MFCC `(steps, 20)` of a clip by librosa, with the project's parameters."""
    sound = np.pad(samples.astype(np.float32) / 32768, (256, -len(samples) % 256))
    power = np.abs(librosa.stft(sound, n_fft=512, hop_length=256, center=False)) ** 2
    decibels = librosa.power_to_db(mel_bands() @ power, ref=1.0, amin=1e-6, top_db=None)
    return np.asarray(librosa.feature.mfcc(S=decibels, n_mfcc=20).T)


def everything(steps: Array) -> Array:
    return steps.mean(axis=0)


def spread(steps: Array) -> Array:
    return np.concatenate([steps.mean(axis=0), steps.std(axis=0)])


def loudest(steps: Array) -> Array:
    """The mean of the loudest quarter of the steps."""
    return np.asarray(steps[np.argsort(steps[:, 0])[-max(1, len(steps) // 4) :]].mean(axis=0))


def test_an_average_over_the_clip_is_not_enough(corpus: Corpus) -> None:
    # A third of the training split, to save time; the rest adds a percent or so.
    train = [(mfcc(clip.samples), clip.label) for clip in corpus["train"][::3]]
    held_out = [(mfcc(c.samples), c.label) for split in ("dev", "test") for c in corpus[split]]

    def score(summary: object) -> float:
        assert callable(summary)
        model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
        model.fit([summary(steps) for steps, _ in train], [label for _, label in train])
        return float(
            model.score([summary(steps) for steps, _ in held_out], [label for _, label in held_out])
        )

    assert 0.7 < score(everything) < 0.85
    assert score(spread) < 0.87
    # The other side: were the labels drawn at random, an average would fail as well.
    assert score(loudest) > 0.9


# Clips to listen to.


def read(path: Path) -> tuple[NDArray[np.int16], int]:
    samples, rate = soundfile.read(path, dtype="int16")
    return samples, rate


def test_samples_are_wav_files_of_both_classes(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "voices"
    paths = write_samples(folder, count=6)
    assert sorted(paths) == sorted(folder.iterdir())
    assert Counter(path.name.split("-")[0] for path in paths) == dict.fromkeys(LABELS, 3)
    for number, path in enumerate(paths):
        clip = utterance(0, "test", number)
        samples, rate = read(path)
        assert path.name == f"{clip.label}-{clip.speaker}-{number}.wav"
        assert rate == SAMPLE_RATE
        np.testing.assert_array_equal(samples, clip.samples)
        with wave.open(str(path)) as file:
            assert (file.getnchannels(), file.getsampwidth()) == (1, 2)


@pytest.mark.parametrize("count", [0, 1, SPEAKERS["test"] + 1])
def test_samples_are_as_many_as_make_sense(tmp_path: Path, count: int) -> None:
    with pytest.raises(ValueError, match="count must be 2 to"):
        write_samples(tmp_path / "voices", count)
    assert not (tmp_path / "voices").exists()


def test_command_writes_samples_and_names_them(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, [str(tmp_path), "--count", "2"])
    assert result.exit_code == 0
    assert [Path(line) for line in result.output.splitlines()] == sorted(tmp_path.iterdir())
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    result = CliRunner().invoke(main, [str(in_the_way / "voices")])
    assert result.exit_code == 2
    assert "choose another folder" in result.output
