"""The modules of the demo page by value: the same tokens, pixels, samples and scores as Python."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from apps.translation.front_end import TextFrontEnd
from common.audio.sound import SoundFile, wav_bytes
from common.bundle import open_bundle
from common.image.decoding import decode
from common.image.picture import Picture
from common.image.resizing import resize
from common.text.normalization import normalize
from common.text.pieces import PieceVocabulary
from tests.clients.asked import application
from tests.clients.conftest import Bundles
from tests.clients.demo_page import Visit, visiting
from tests.common.text import awkward, awkward_sentences

SHORT = 2000  # characters; a page is given no longer texts than a visitor might paste

_MODEL = """
const load = async (app, artefact) => {
  const {Model} = await import('/page/runner.js');
  return Model.load(`/models/${app}/${artefact}.tflite`);
};
"""


@pytest.fixture(scope="module")
def visit(bundles: Path) -> Iterator[Visit]:
    with visiting(bundles) as visit:
        yield visit


def _front_end(trained: Bundles, app: str) -> Any:
    bundle, made = open_bundle(trained.path(app), app), application(app)
    if bundle.labels:
        return bundle.front_end(made)
    return made.load_front_end(bundle.front_end_files())


def _short(texts: Sequence[str]) -> list[str]:
    return [text for text in texts if len(text) <= SHORT]


def test_tokens_of_a_classifier(visit: Visit, trained: Bundles) -> None:
    vocabulary = _front_end(trained, "sentiment").vocabulary
    texts = [
        *awkward.TEXTS,
        *awkward.BROKEN_TEXTS,
        *awkward.random_texts(600, seed=5),
        *trained.asked("sentiment", "float32").raw,
    ]
    for artefact in ("float32", "step"):
        found = visit.call(
            f"""async (texts, artefact) => {{
              {_MODEL}
              const {{delimitersOf}} = await import('/page/packed.js');
              const {{Vocabulary}} = await import('/page/text/vocabulary.js');
              const model = await load('sentiment', artefact);
              const lines = model.lines('vocab.txt');
              const vocabulary = new Vocabulary(lines, delimitersOf(model.bytes));
              return texts.map((text) => vocabulary.encode(text));
            }}""",
            texts,
            artefact,
        )
        for text, ids in zip(texts, found, strict=True):
            assert ids == vocabulary.encode(text), text[:80]


def test_pieces_of_a_generator(visit: Visit, trained: Bundles) -> None:
    front_end = _front_end(trained, "translation")
    captions = _front_end(trained, "captioning").vocabulary
    vocabularies = {
        ("translation", "vocab_source.txt"): front_end.source,
        ("translation", "vocab_target.txt"): front_end.vocabulary,
        ("captioning", "vocab.txt"): captions,
    }
    texts = [
        *_short(awkward_sentences.SENTENCES),
        *awkward.BROKEN_TEXTS,
        *awkward_sentences.random_sentences(600, seed=5),
        *trained.asked("translation", "float32").raw,
        *trained.asked("translation", "float32").answers,
    ]
    for (app, name), vocabulary in vocabularies.items():
        assert isinstance(vocabulary, PieceVocabulary)
        numbers = random.Random(0)
        rows = [[numbers.randrange(len(vocabulary)) for _ in range(8)] for _ in range(300)]
        found = visit.call(
            f"""async (texts, rows, app, name) => {{
              {_MODEL}
              const {{PieceVocabulary}} = await import('/page/text/pieces.js');
              const vocabulary = new PieceVocabulary((await load(app, 'float32')).lines(name));
                            return [
                texts.map((text) => vocabulary.encode(text)),
                texts.map((text) => vocabulary.unknownWords(text)),
                rows.map((ids) => vocabulary.decode(ids)),
                rows.map((ids) => vocabulary.wordIndex(ids)),
              ];
            }}""",
            texts,
            rows,
            app,
            name,
        )
        encoded, unknown, decoded, words = found
        for i, text in enumerate(texts):
            assert encoded[i] == vocabulary.encode(text), text
            assert unknown[i] == vocabulary.unknown_words(text), text
        assert decoded == [vocabulary.decode(ids) for ids in rows]
        assert words == [vocabulary.word_index(ids) for ids in rows]


def test_every_character_is_normalised_alike(visit: Visit) -> None:
    size = 500
    every = awkward_sentences.CHARACTERS
    texts = ["a" + "a".join(every[at : at + size]) for at in range(0, len(every), size)]
    found = visit.call(
        """async (texts) => {
          const {normalize} = await import('/page/text/normalization.js');
          return texts.map(normalize);
        }""",
        texts,
    )
    for text, normalised in zip(texts, found, strict=True):
        assert normalised == normalize(text)


def test_long_texts_are_divided_alike(visit: Visit, trained: Bundles) -> None:
    front_end = _front_end(trained, "translation")
    assert isinstance(front_end, TextFrontEnd)
    texts = [
        "La mujer come. ¡El niño canta!" * 9,
        "El perro, que no come; canta: " * 20,
        "uno dos tres " * 60,
        "donde" * 200,
        "“¿Qué?” «No.» Sí… (¡Ya!) " * 20,
        *(text for text in awkward_sentences.SENTENCES if len(text) > 60 and len(text) <= SHORT),
    ]
    found = visit.call(
        f"""async (texts, most) => {{
          {_MODEL}
          const {{PieceVocabulary}} = await import('/page/text/pieces.js');
          const {{parts}} = await import('/apps/translation/parts.js');
          const lines = (await load('translation', 'float32')).lines('vocab_source.txt');
          const vocabulary = new PieceVocabulary(lines);
          return texts.map((text) => parts(text, vocabulary, most));
        }}""",
        texts,
        front_end.max_pieces,
    )
    assert max(map(len, found)) > 5
    for text, parts in zip(texts, found, strict=True):
        assert parts == front_end.parts(text), text[:80]


@pytest.mark.parametrize(
    ("height", "width", "size"),
    [
        (96, 96, 96),
        (200, 300, 96),
        (7, 5, 96),
        (1, 1, 4),
        (431, 64, 96),
        (1000, 3, 7),
        (97, 97, 96),
    ],
)
def test_pictures_are_resized_to_the_same_bytes(
    visit: Visit, height: int, width: int, size: int
) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (height, width, 4), np.uint8)
    found = visit.call(
        """async (bytes, width, height, size) => {
          const {resize} = await import('/page/image/resizing.js');
          const rows = (top, lines) => bytes.slice(top * width * 4, (top + lines) * width * 4);
          return [...resize(width, height, size, rows)];
        }""",
        pixels.tobytes(),
        width,
        height,
        size,
    )
    expected = resize(np.ascontiguousarray(pixels[..., :3]), size)
    np.testing.assert_array_equal(np.reshape(found, expected.shape), expected)


def _encoded(kind: str) -> bytes:
    """Returns a photograph of a kind, larger than the network's."""
    ramp = np.linspace(0, 255, 240 * 180 * 3).reshape(180, 240, 3)
    noise = np.random.default_rng(1).normal(0, 12, (180, 240, 1))
    image = Image.fromarray(np.clip(ramp[:, ::-1] + noise, 0, 255).astype(np.uint8))
    buffer = io.BytesIO()
    if kind == "turned JPEG":
        exif = Image.Exif()
        exif[0x0112] = 6
        image.save(buffer, "JPEG", quality=90, exif=exif)
    elif kind == "transparent PNG":
        image.putalpha(Image.linear_gradient("L").resize(image.size))
        image.save(buffer, "PNG")
    elif kind == "palette PNG":
        image.quantize(16).save(buffer, "PNG")
    else:
        image.save(buffer, kind)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("kind", "tolerance"),
    [("PNG", 0), ("palette PNG", 0), ("transparent PNG", 1), ("turned JPEG", 2), ("WebP", 3)],
)
def test_pictures_are_decoded_alike(visit: Visit, kind: str, tolerance: int) -> None:
    content = _encoded(kind)
    size = 96
    found = visit.call(
        """async (bytes, size) => {
          const {decoded, pixelsOf} = await import('/page/image/pixels.js');
          const picture = await decoded(new Blob([bytes]));
          return [...pixelsOf(picture, picture.width, picture.height, size)];
        }""",
        content,
        size,
    )
    expected = resize(decode(Picture("it", content)), size).astype(int)
    assert np.abs(np.reshape(found, expected.shape) - expected).max() <= tolerance


def _wav(rate: int, channels: int, path: Path) -> Path:
    import soundfile

    time = np.arange(rate) / rate
    sound = [np.sin(2 * np.pi * pitch * time) * 0.4 for pitch in (220, 330)][:channels]
    soundfile.write(path, np.stack(sound, axis=1), rate, subtype="PCM_16")
    return path


_SAMPLES = """async (bytes, rate) => {
  const {decoded} = await import('/page/sound/samples.js');
  return [...await decoded(new File([bytes], 'it'), rate)];
}"""


def test_samples_of_the_right_rate_are_the_very_same(visit: Visit) -> None:
    samples = np.random.default_rng(0).integers(-32768, 32768, 3000).astype(np.int16)
    samples[:2] = -32768, 32767
    found = visit.call(_SAMPLES, wav_bytes(samples, 16000), 16000)
    np.testing.assert_array_equal(np.array(found) * 32768, samples)


@pytest.mark.parametrize(("rate", "channels"), [(44100, 1), (48000, 2), (8000, 1), (16000, 2)])
def test_other_sounds_are_brought_to_the_rate(
    visit: Visit, tmp_path: Path, rate: int, channels: int
) -> None:
    path = _wav(rate, channels, tmp_path / "it.wav")
    found = np.array(visit.call(_SAMPLES, path.read_bytes(), 16000)) * 32768
    expected = SoundFile(path).read(16000)
    assert len(found) == pytest.approx(len(expected), abs=2)
    np.testing.assert_array_equal(found, np.rint(found))
    # Resamplers differ at the ends of a sound.
    inside = slice(400, min(len(found), len(expected)) - 400)
    difference = np.abs(found[inside] - expected[inside])
    assert difference.max() < (2 if rate == 16000 else 400)


@pytest.mark.parametrize(("artefact", "reference"), [("float32", "keras"), ("int8", "int8")])
def test_scores_by_value(visit: Visit, trained: Bundles, artefact: str, reference: str) -> None:
    asked = trained.asked("sentiment", reference)
    found = visit.call(
        f"""async (texts, artefact) => {{
          {_MODEL}
          const {{reader}} = await import('/apps/sentiment/panel.js');
          const panel = {{artefacts: {{}}, model: (name) => load('sentiment', name)}};
          const one = await reader(panel, artefact);
          const all = [];
          for (const text of texts) {{
            all.push([...await one.scores(one.vocabulary.encode(text))]);
          }}
          return all;
        }}""",
        asked.raw,
        artefact,
    )
    expected = [[*scores.values()] for scores in asked.scores if isinstance(scores, dict)]
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-4)


def test_the_course_of_a_text_ends_at_its_scores(visit: Visit, trained: Bundles) -> None:
    asked = trained.asked("sentiment")
    found = visit.call(
        f"""async (texts) => {{
          {_MODEL}
          const {{reader}} = await import('/apps/sentiment/panel.js');
          const panel = {{artefacts: {{step: true}}, model: (name) => load('sentiment', name)}};
          const one = await reader(panel, 'float32');
          const all = [];
          for (const text of texts) {{
            const course = await one.course(one.vocabulary.encode(text));
            all.push([course.length, [...course.at(-1)]]);
          }}
          return all;
        }}""",
        asked.raw,
    )
    front_end = _front_end(trained, "sentiment")
    for raw, scores, (count, last) in zip(asked.raw, asked.scores, found, strict=True):
        assert isinstance(scores, dict)
        assert count == len(front_end.encode(raw))
        np.testing.assert_allclose(last, [*scores.values()], rtol=0, atol=1e-4)
    assert found[0][1] != pytest.approx(found[1][1], abs=1e-4)
