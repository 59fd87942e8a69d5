"""Let tensors of a TFLite file with the same constant share one copy of it.

The int8 converter gives every operator its own copy of its weights. In an unrolled network that is
one copy of the recurrent matrix for each time step, most of the file.
"""

from __future__ import annotations

from typing import Any

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema


def share_equal_buffers(model: bytes) -> bytes:
    """Returns the model with one buffer for each different content; names and order stay."""
    root: Any = schema.ModelT.InitFromObj(schema.Model.GetRootAs(model, 0))
    kept: list[Any] = [root.buffers[0]]  # by convention the first buffer is the empty one
    first: dict[bytes, int] = {}
    moved = {0: 0}
    # Variables of the model and metadata are told apart by their buffer, so they keep their own.
    own = {entry.buffer for entry in root.metadata or []}
    for index, buffer in enumerate(root.buffers[1:], start=1):
        data = b"" if buffer.data is None else np.asarray(buffer.data, np.uint8).tobytes()
        if data and index not in own and data in first:
            moved[index] = first[data]
            continue
        moved[index] = len(kept)
        if data and index not in own:
            first[data] = len(kept)
        kept.append(buffer)
    if len(kept) == len(root.buffers):
        return model
    root.buffers = kept
    for subgraph in root.subgraphs:
        for tensor in subgraph.tensors:
            tensor.buffer = moved[tensor.buffer]
    for entry in root.metadata or []:
        entry.buffer = moved[entry.buffer]
    builder = flatbuffers.Builder(len(model))
    builder.Finish(root.Pack(builder), b"TFL3")
    return bytes(builder.Output())
