"""Take out of a TFLite file what it does not need.

- Copies of constants: the int8 converter gives every operator its own copy of its weights. In an
  unrolled network that is one copy of the recurrent matrix for each time step.
- Names of inner tensors: each is named after the call stack that made it, and together they are
  more than the weights of a small network.
- Counters of loops that nothing reads: TensorFlow counts the turns of every loop.
- Reshapes: where a matrix product is not said to keep the rank of its input, XNNPACK puts a
  reshape in front of it, even of a matrix.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema


def slim(model: bytes) -> bytes:
    """Returns a model that computes the same with less.

    The names of inputs, outputs and signatures stay.
    """
    root: Any = schema.ModelT.InitFromObj(schema.Model.GetRootAs(model, 0))
    _drop_counters(root)
    _share_equal_buffers(root)
    for subgraph in root.subgraphs:
        _keep_ranks(subgraph)
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


def _keep_ranks(subgraph: Any) -> None:
    """Says of every product of two matrices that its result has the rank of its input."""
    for operator in subgraph.operators:
        options = operator.builtinOptions
        if isinstance(options, schema.FullyConnectedOptionsT):
            ends = (subgraph.tensors[i] for i in (operator.inputs[0], operator.outputs[0]))
            if all(tensor.shape is not None and len(tensor.shape) == 2 for tensor in ends):
                options.keepNumDims = True


def _drop_counters(root: Any) -> None:
    """Drops what a loop carries on only to add to it."""
    loops = [
        (subgraph, operator)
        for subgraph in root.subgraphs
        for operator in subgraph.operators
        if isinstance(operator.builtinOptions, schema.WhileOptionsT)
    ]
    parts = Counter(part for _, loop in loops for part in _parts(loop))
    for subgraph, loop in loops:
        if any(parts[part] > 1 for part in _parts(loop)):  # another loop has a say, too
            continue
        condition, body = (root.subgraphs[part] for part in _parts(loop))
        for place in reversed(range(len(loop.inputs))):
            if _readings(subgraph, loop.outputs[place]) or _readings(
                condition, condition.inputs[place]
            ):
                continue
            before, after = body.inputs[place], body.outputs[place]
            # Read once by what makes the next one, which is read by nothing but the next turn.
            steps = [o for o in body.operators if before in o.inputs and list(o.outputs) == [after]]
            if len(steps) != 1 or _readings(body, before) != 1 or _readings(body, after) != 1:
                continue
            body.operators.remove(steps[0])
            for holder in (loop, body):
                holder.outputs = np.delete(holder.outputs, place)
            for holder in (loop, body, condition):
                holder.inputs = np.delete(holder.inputs, place)


def _parts(loop: Any) -> tuple[int, int]:
    """Returns the numbers of the subgraphs of a loop: its condition and its body."""
    return loop.builtinOptions.condSubgraphIndex, loop.builtinOptions.bodySubgraphIndex


def _readings(subgraph: Any, tensor: int) -> int:
    """Returns how many operators read a tensor, and whoever is behind the subgraph."""
    readers = [operator.inputs for operator in subgraph.operators]
    return sum(tensor in inputs for inputs in readers) + list(subgraph.outputs).count(tensor)
