"""How much memory TensorFlow Lite Micro needs for a file: its arena.

An arena holds the tensors that operators hand on, which share memory where their lifetimes allow,
and records of every tensor and operator. The first part is planned here as the runtime plans it;
the second is estimated from above.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from ai_edge_litert import schema_py_generated as schema

from common.micro.operators import type_name

_ALIGNMENT = 16
_ITEM_BYTES = {
    "BOOL": 1,
    "INT8": 1,
    "UINT8": 1,
    "INT16": 2,
    "UINT16": 2,
    "FLOAT16": 2,
    "INT32": 4,
    "UINT32": 4,
    "FLOAT32": 4,
    "INT64": 8,
    "FLOAT64": 8,
    "COMPLEX64": 8,
}

# Bytes of records on a 64-bit machine, from above; measured on the runtime's Python package with
# float, int8 and int16 files. On a 32-bit board pointers are half as long.
_PER_TENSOR = 24
_PER_OPERATOR = 160
_PER_INPUT_OR_OUTPUT = 64
_PER_CHANNEL = 8
_ALWAYS = 1024
# While the plan is made, in the room of the tensors.
_PLANNING_PER_TENSOR = 64


@dataclass(frozen=True)
class Buffer:
    """Memory that a tensor needs from one operator to another, both included.

    Attributes:
        size: in bytes.
        first, last: the operators, counted from 0.
    """

    size: int
    first: int
    last: int


@dataclass(frozen=True)
class Arena:
    """An estimate, in bytes.

    Attributes:
        tensors: what is handed on between operators, planned.
        records: what the runtime keeps of the file, from above.
        total: what to give it.
    """

    tensors: int
    records: int
    total: int


def estimate_arena(model: bytes) -> Arena:
    """Estimates the arena of a TFLite file of one subgraph, for kernels without scratch memory.

    Raises:
        ValueError: it has several subgraphs, or a tensor without a known size.
    """
    root = schema.Model.GetRootAs(model, 0)
    if root.SubgraphsLength() != 1:
        raise ValueError(f"the file has {root.SubgraphsLength()} subgraphs, one can be planned")
    graph = root.Subgraphs(0)
    tensors = planned_bytes(_buffers(root, graph))
    count = graph.TensorsLength()
    records = (
        _ALWAYS
        + _PER_TENSOR * count
        + _PER_OPERATOR * graph.OperatorsLength()
        + _PER_INPUT_OR_OUTPUT * (graph.InputsLength() + graph.OutputsLength())
        + _PER_CHANNEL * _channels(graph)
    )
    needed = records + max(tensors, _PLANNING_PER_TENSOR * count)
    return Arena(tensors, records, -(-needed // 1024) * 1024)


def planned_bytes(buffers: Iterable[Buffer]) -> int:
    """Returns how much memory buffers take that may share it where their lifetimes do not overlap.

    Large ones first, of equal ones the last first, each into the lowest gap that is long enough, as
    the runtime's greedy planner does.
    """
    placed: list[tuple[int, Buffer]] = []
    last_first = list(buffers)[::-1]
    for buffer in sorted(last_first, key=lambda buffer: -buffer.size):
        start = 0
        for other_start, other in sorted(placed, key=lambda pair: pair[0]):
            if other.first > buffer.last or buffer.first > other.last:
                continue
            if other_start - start >= buffer.size:
                break
            start = max(start, other_start + other.size)
        placed.append((start, buffer))
    return max((start + buffer.size for start, buffer in placed), default=0)


def tensor_bytes(tensor: schema.Tensor) -> int:
    """Returns the size of a tensor's values.

    Raises:
        ValueError: its type or an axis has no known size.
    """
    shape = [tensor.Shape(i) for i in range(tensor.ShapeLength())]
    kind = type_name(tensor)
    if kind not in _ITEM_BYTES or any(size < 0 for size in shape):
        raise ValueError(f"a tensor of {kind} {shape} has no known size")
    return math.prod(shape) * _ITEM_BYTES[kind]


def _buffers(root: schema.Model, graph: schema.SubGraph) -> list[Buffer]:
    """Returns a buffer for each tensor that is no constant, in the order of the tensors."""
    operators = [graph.Operators(i) for i in range(graph.OperatorsLength())]
    # Moment 0 is before the first operator, when inputs are written.
    used: dict[int, list[int]] = {}
    for i in range(graph.InputsLength()):
        used.setdefault(graph.Inputs(i), []).append(0)
    for moment, operator in enumerate(operators, 1):
        ends = [operator.Inputs(i) for i in range(operator.InputsLength())]
        ends += [operator.Outputs(i) for i in range(operator.OutputsLength())]
        for tensor in ends:
            used.setdefault(tensor, []).append(moment)
    for i in range(graph.OutputsLength()):
        used.setdefault(graph.Outputs(i), []).append(len(operators))
    buffers = []
    for index in range(graph.TensorsLength()):
        tensor = graph.Tensors(index)
        constant = root.Buffers(tensor.Buffer()).DataLength() > 0
        if index in used and not constant and not tensor.IsVariable():
            size = -(-tensor_bytes(tensor) // _ALIGNMENT) * _ALIGNMENT
            buffers.append(Buffer(size, min(used[index]), max(used[index])))
    return buffers


def _channels(graph: schema.SubGraph) -> int:
    """Returns the number of scales of weights that have one for each channel."""
    counts = []
    for index in range(graph.TensorsLength()):
        quantization = graph.Tensors(index).Quantization()
        counts.append(quantization.ScaleLength() if quantization else 0)
    return sum(count for count in counts if count > 1)
