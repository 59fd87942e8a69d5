"""WAV files in a graph: the samples that were written, whatever the batch."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import tensorflow as tf

from common.audio.wav_in_graph import decode_wavs
from common.export.saved_model import run_in_session, save_signatures

rng = np.random.default_rng(3)


def _wav(samples: Any, rate: int = 16000, subtype: str = "PCM_16") -> bytes:
    stream = io.BytesIO()
    soundfile.write(stream, samples, rate, format="WAV", subtype=subtype)
    return stream.getvalue()


def _noise(*shape: int) -> Any:
    return rng.integers(-32768, 32768, shape).astype(np.int16)


def test_a_batch_of_different_lengths_is_filled_up_with_zeros() -> None:
    clips = [_noise(n) for n in (5, 1, 3000)]
    found = decode_wavs(tf.constant([_wav(c) for c in clips]), 16000).numpy()
    assert found.shape == (3, 3000)
    for row, clip in zip(found, clips, strict=True):
        np.testing.assert_array_equal(row[: len(clip)] * 32768, clip)
        assert not row[len(clip) :].any()


def test_stereo_is_the_mean_on_the_grid() -> None:
    clip = _noise(500, 2)
    found = decode_wavs(tf.constant([_wav(clip)]), 16000).numpy()[0]
    np.testing.assert_array_equal(found * 32768, np.round(clip.astype(float).mean(axis=1)))


@pytest.mark.parametrize(
    "content, reason",
    [
        (_wav(_noise(100), 8000), "resample"),
        (_wav(_noise(100, 6)), "mix it down"),
        (_wav(_noise(100), subtype="PCM_24"), "16"),
        (b"no sound at all", "WAV|header|Header"),
    ],
)
def test_what_cannot_be_heard_is_said(content: bytes, reason: str) -> None:
    with pytest.raises(tf.errors.InvalidArgumentError, match=reason):
        decode_wavs(tf.constant([content]), 16000)


def test_it_runs_in_the_server_s_loader(tmp_path: Path) -> None:
    spec = tf.TensorSpec([None], tf.string, name="wav")
    decode = {"decode": (lambda wav: {"waveforms": decode_wavs(wav, 16000)}, [spec])}
    save_signatures(tmp_path / "1", decode, [])
    clip = _noise(700)
    request = {"wav": np.array([_wav(clip), _wav(clip[:10])], object)}
    (found,) = run_in_session(tmp_path / "1", [("decode", request)])
    np.testing.assert_array_equal(found["waveforms"][0] * 32768, clip)
