"""Take out of a TFLite file what it does not need: copies of constants, names of inner tensors.

The int8 converter gives every operator its own copy of its weights. In an unrolled network that is
one copy of the recurrent matrix for each time step. And every inner tensor is named after the call
stack that made it, which together is more than the weights of a small network.
"""

from __future__ import annotations

from typing import Any

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema


def slim(model: bytes) -> bytes:
    """Returns the model with one buffer for each different content and no names of inner tensors.

    The names of inputs, outputs and signatures stay.
    """
    root: Any = schema.ModelT.InitFromObj(schema.Model.GetRootAs(model, 0))
    _share_equal_buffers(root)
    for subgraph in root.subgraphs:
        ends = {*subgraph.inputs, *subgraph.outputs}
        for index, tensor in enumerate(subgraph.tensors):
            if index not in ends:
                tensor.name = None
            if tensor.quantization is not None:  # statistics of the calibration, no part of it
                tensor.quantization.min = tensor.quantization.max = None
    builder = flatbuffers.Builder(len(model))
    builder.Finish(root.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def _share_equal_buffers(root: Any) -> None:
    kept: list[Any] = [root.buffers[0]]  # by convention the first buffer is the empty one
    first: dict[bytes, int] = {}
    moved = {0: 0}
    own = {entry.buffer for entry in root.metadata or []}
    for index, buffer in enumerate(root.buffers[1:], start=1):
        data = b"" if buffer.data is None else np.asarray(buffer.data, np.uint8).tobytes()
        sharable = data and index not in own
        if sharable and data in first:
            moved[index] = first[data]
            continue
        moved[index] = len(kept)
        if sharable:
            first[data] = len(kept)
        kept.append(buffer)
    root.buffers = kept
    for subgraph in root.subgraphs:
        for tensor in subgraph.tensors:
            tensor.buffer = moved[tensor.buffer]
    for entry in root.metadata or []:
        entry.buffer = moved[entry.buffer]
