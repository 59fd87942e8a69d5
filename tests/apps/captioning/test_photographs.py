"""Real photographs and a network that was trained on others: the way that most users go."""

from __future__ import annotations

import csv
import os
import shutil
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter, OpResolverType
from numpy.typing import NDArray

from apps.captioning.application import APPLICATION
from common.bundle import artefact_path
from common.image.picture import Picture
from tests.apps.captioning.artefacts import EVERY, front_end
from tests.apps.captioning.command import rows, run
from tests.apps.command import ROOT

DATA = Path(os.environ.get("RECUR_DATA", ROOT.parent / "shared" / "data"))
PHOTOGRAPHS, ENCODER = DATA / "captions", DATA / "encoder"
SPLITS = {"train": 160, "dev": 20, "test": 20}
FEATURES = (1, 5, 5, 1280)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (PHOTOGRAPHS.is_dir() and ENCODER.is_dir()),
        reason=f"{DATA} lacks captions/ or encoder/; point RECUR_DATA at a folder that holds them",
    ),
]


def some_photographs(folder: Path) -> None:
    """Copies a few with their captions, divided anew."""
    (folder / "images").mkdir(parents=True)
    with (PHOTOGRAPHS / "captions.tsv").open(encoding="utf-8", newline="") as file:
        said: dict[str, list[str]] = {}
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            said.setdefault(row["image"], []).append(row["caption"])
    names = iter(said)
    lines = ["image\tcaption\tsplit\n"]
    for split, size in SPLITS.items():
        for _ in range(size):
            name = next(names)
            shutil.copy(PHOTOGRAPHS / "images" / name, folder / "images" / name)
            lines += [f"{name}\t{caption}\t{split}\n" for caption in said[name]]
    (folder / "captions.tsv").write_text("".join(lines), encoding="utf-8")


def features_inside(path: Path, pixels: NDArray[Any]) -> NDArray[Any]:
    """Returns the feature map that an int8 file made of a picture, on its way to the answer."""
    interpreter = Interpreter(
        model_path=str(path),
        experimental_preserve_all_tensors=True,
        # The delegate keeps to itself what flows through it.
        experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
    )
    interpreter.get_signature_runner("caption")(image=pixels)
    of_this_shape = [d for d in interpreter.get_tensor_details() if tuple(d["shape"]) == FEATURES]
    last = max((d for d in of_this_shape if d["dtype"] == np.int8), key=lambda d: d["index"])
    scale, zero = last["quantization"]
    return (interpreter.get_tensor(last["index"]).astype(np.float32) - zero) * scale


def test_a_bundle_of_photographs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("common.latency._SECONDS", 0.05)
    (weights,) = ENCODER.glob("*.weights.h5")
    data, bundle, kept = tmp_path / "data", tmp_path / "exported", tmp_path / "features"
    some_photographs(data)
    result = run(
        *("train", "--data", data, "--output", bundle, "--features", kept, "--json"),
        *("--encoder", "MobileNetV2", "--encoder-weights", weights, "--epochs", 1),
        *("--units", 64, "--embedding", 64, "--vocabulary-size", 500, "--beam", 2),
    )
    # Little is learned in one epoch; it counts that all artefacts say the same.
    assert result.exit_code == 0, result.output
    assert {row["artefact"] for row in rows(result.stdout)} == {*EVERY}
    assert len(list(kept.glob("*.npy"))) == 2
    sizes = {row["artefact"]: row["bytes"] for row in rows(result.stdout)}
    assert sizes["int8"] < sizes["float32"] / 2.5

    APPLICATION.import_layers()
    encoder = keras.saving.load_model(bundle / "model.keras", compile=False).encoder
    reader = front_end(bundle)
    differences, float_maps = [], []
    test = [row.split("\t")[0] for row in (data / "captions.tsv").read_text().splitlines()[-100:]]
    for name in list(dict.fromkeys(test))[:8]:
        pixels = reader.encode(Picture.of_file(data / "images" / name))[None]
        expected = np.asarray(encoder.features(pixels))
        assert expected.shape == FEATURES
        found = features_inside(artefact_path(bundle, "int8"), pixels)
        differences.append(np.abs(found - expected))
        float_maps.append(expected)
    # Of what features differ by, half a standard deviation is little.
    assert np.mean(np.array(differences) < np.std(float_maps) / 2) > 0.9
    # Negative control: another photograph's.
    other = np.abs(float_maps[0] - float_maps[1])
    assert np.mean(other) > 2 * np.mean(differences)
