"""OpenVINO, on files for phones by LiteRT's methods for signatures, and on SavedModels."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema
from numpy.typing import NDArray


def compiled(path: Path) -> Any:
    """Returns a model that OpenVINO read and compiled, in float32 on every processor.

    Raises:
        RuntimeError: it cannot read the model; the message says why.
    """
    import openvino
    import openvino_tokenizers  # noqa: F401  adds operators for strings

    core = openvino.Core()
    return core.compile_model(core.read_model(path), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})


def lacks_names(path: Path) -> bool:
    """Returns whether a `.tflite` file has tensors without a name: OpenVINO refuses these."""
    return any(tensor.name is None for graph in _root(path).subgraphs for tensor in graph.tensors)


def with_names(path: Path, folder: Path) -> Path:
    """Writes a copy of a `.tflite` file in which every tensor has a name."""
    root = _root(path)
    for subgraph in root.subgraphs:
        for index, tensor in enumerate(subgraph.tensors):
            tensor.name = tensor.name or f"t{index}"
    builder = flatbuffers.Builder(path.stat().st_size)
    builder.Finish(root.Pack(builder), b"TFL3")
    copy = folder / path.name
    copy.write_bytes(bytes(builder.Output()))
    with zipfile.ZipFile(path) as packed, zipfile.ZipFile(copy, "a") as packing:
        for name in packed.namelist():
            packing.writestr(name, packed.read(name))
    return copy


def _root(path: Path) -> Any:
    return schema.ModelT.InitFromObj(schema.Model.GetRootAs(path.read_bytes(), 0))


class FirstSubgraph:
    """The first subgraph of a `.tflite` file, with the one signature that it has.

    Args:
        path: of the file.
    """

    def __init__(self, path: Path) -> None:
        self._compiled = compiled(path)
        root = _root(path)
        (self._signature,) = (one for one in root.signatureDefs if one.subgraphIndex == 0)
        self._tensors = root.subgraphs[0].tensors

    def get_signature_list(self) -> list[str]:
        return [self._signature.signatureKey.decode()]

    def get_signature_runner(self, signature: str) -> FirstSubgraph:
        assert [signature] == self.get_signature_list()
        return self

    def get_input_details(self) -> dict[str, dict[str, Any]]:
        return {
            one.name.decode(): {"shape": np.array(self._tensors[one.tensorIndex].shape)}
            for one in self._signature.inputs
        }

    def __call__(self, **inputs: NDArray[Any]) -> dict[str, NDArray[Any]]:
        given = {self._name(one): inputs[one.name.decode()] for one in self._signature.inputs}
        found = self._compiled(given)
        return {one.name.decode(): found[self._name(one)] for one in self._signature.outputs}

    def _name(self, one: Any) -> str:
        return str(self._tensors[one.tensorIndex].name.decode())


def only(path: Path, signature: str, folder: Path) -> Path:
    """Writes a SavedModel with one signature of another, as its default: OpenVINO takes that.

    Args:
        path: the folder of one version.
        signature: its name.
        folder: where the new one is made; graph, variables and assets stay what they are.
    """
    from tensorflow.core.protobuf import saved_model_pb2

    model = saved_model_pb2.SavedModel.FromString((path / "saved_model.pb").read_bytes())
    (graph,) = model.meta_graphs
    chosen = graph.signature_def[signature].SerializeToString()
    graph.signature_def.clear()
    graph.signature_def["serving_default"].ParseFromString(chosen)
    new = folder / f"{path.parents[1].name}-{signature}"
    new.mkdir()
    (new / "saved_model.pb").write_bytes(model.SerializeToString())
    for name in ("variables", "assets"):
        if (path / name).is_dir():
            (new / name).symlink_to((path / name).resolve())
    return new


def run(model: Any, inputs: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Returns the outputs of a SavedModel by name."""
    found = model(dict(inputs))
    named = {min(output.get_names()): value for output, value in found.items()}
    # An output with the name of an input gets a number behind it.
    return {re.sub(r"_\d+$", "", name): _as_bytes(value) for name, value in named.items()}


def _as_bytes(value: NDArray[Any]) -> NDArray[Any]:
    """Returns strings as TensorFlow has them, and everything else as it is."""
    return np.char.encode(value, "utf-8").astype(object) if value.dtype.kind == "U" else value
