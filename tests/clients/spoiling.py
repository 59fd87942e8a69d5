"""Files that load and run and answer wrongly: what a comparison must notice."""

from __future__ import annotations

from ai_edge_litert import schema_py_generated as schema

_SMALLEST = 64
_WEIGHTS = (schema.TensorType.FLOAT32, schema.TensorType.FLOAT16, schema.TensorType.INT8)


def without_weights(model: bytes) -> bytes:
    """Returns a `.tflite` file with zeros for all of its weights.

    Args:
        model: the file.

    Raises:
        ValueError: it has no weights.
    """
    spoiled = bytearray(model)
    root = schema.Model.GetRootAs(spoiled)
    found = 0
    for graph in map(root.Subgraphs, range(root.SubgraphsLength())):
        for tensor in map(graph.Tensors, range(graph.TensorsLength())):
            data = root.Buffers(tensor.Buffer())
            if tensor.Type() in _WEIGHTS and data.DataLength() >= _SMALLEST:
                data.DataAsNumpy()[:] = 0  # a view of the bytes
                found += 1
    if not found:
        raise ValueError("the file has no weights")
    return bytes(spoiled)
