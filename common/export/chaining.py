"""Join two TFLite files into one: a front end that stays in float, and a network of any precision.

The converter quantises a graph as a whole. Samples of sound, the window and the mel bands would
become 8-bit with the network, which costs far more than it saves; so the two are converted each
for itself, and the outputs of the first become the inputs of the second.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import flatbuffers
from ai_edge_litert import schema_py_generated as schema

from common.export.errors import ExportError

_MIN_RUNTIME = b"min_runtime_version"


def chain(front: bytes, network: bytes) -> bytes:
    """Returns one file that runs `front` and then `network`.

    Outputs of `front` that have the name of an input of `network` feed it and vanish. Inputs are
    those of `front` and the rest of `network`'s; outputs are those of `network` and the rest of
    `front`'s. The signature is called as that of `network`.

    Args:
        front: a file with one subgraph and one signature.
        network: a file with one signature; it may hold loops.

    Raises:
        ExportError: nothing is joined, a joined pair differs in type or shape, or a name would
            stand twice.
    """
    a, b = _read(front), _read(network)
    if len(a.subgraphs) != 1:
        raise ExportError("a front end must have one subgraph; it holds a loop")
    (first,), second = a.subgraphs, b.subgraphs[0]
    a_signature, b_signature = a.signatureDefs[0], b.signatureDefs[0]
    given = {_name(t): t.tensorIndex for t in a_signature.outputs}
    wanted = {_name(t): t.tensorIndex for t in b_signature.inputs}
    joined = sorted(given.keys() & wanted.keys())
    if not joined:
        raise ExportError(f"no output of the front end {list(given)} is an input {list(wanted)}")
    for name in joined:
        _check_equal(name, first.tensors[given[name]], second.tensors[wanted[name]])

    _append_buffers(a, b)
    codes = len(a.operatorCodes)
    a.operatorCodes = [*a.operatorCodes, *b.operatorCodes]
    for subgraph in b.subgraphs:
        for operator in subgraph.operators:
            operator.opcodeIndex += codes
    offset = len(first.tensors)
    place = [offset + i for i in range(len(second.tensors))]
    for name in joined:
        place[wanted[name]] = given[name]
    for operator in second.operators:
        for field in ("inputs", "outputs", "intermediates"):
            indices = getattr(operator, field)
            if indices is not None:
                setattr(operator, field, [place[i] if i >= 0 else i for i in indices])
    first.tensors = [*first.tensors, *second.tensors]
    first.operators = [*first.operators, *second.operators]
    for entry in (*b_signature.inputs, *b_signature.outputs):
        entry.tensorIndex = place[entry.tensorIndex]
    signature = b_signature
    signature.inputs = [
        *a_signature.inputs,
        *(t for t in b_signature.inputs if _name(t) not in joined),
    ]
    signature.outputs = [
        *b_signature.outputs,
        *(t for t in a_signature.outputs if _name(t) not in joined),
    ]
    for role, tensors in (("inputs", signature.inputs), ("outputs", signature.outputs)):
        names = [_name(t) for t in tensors]
        if len(set(names)) != len(names):
            raise ExportError(f"front end and network have {role} of the same name: {names}")
    _tell_apart(first.tensors, [*signature.inputs, *signature.outputs])
    first.inputs = [t.tensorIndex for t in signature.inputs]
    first.outputs = [t.tensorIndex for t in signature.outputs]
    # A loop's body keeps its index, because only the first subgraphs became one.
    a.subgraphs = [first, *b.subgraphs[1:]]
    a.signatureDefs = [signature]
    builder = flatbuffers.Builder(len(front) + len(network))
    builder.Finish(a.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def _read(model: bytes) -> Any:
    root: Any = schema.ModelT.InitFromObj(schema.Model.GetRootAs(model, 0))
    if len(root.signatureDefs or []) != 1:
        raise ExportError(f"need one signature, the file has {len(root.signatureDefs or [])}")
    return root


def _name(entry: Any) -> str:
    name = entry.name
    return name.decode() if isinstance(name, bytes) else str(name)


def _tell_apart(tensors: list[Any], ends: list[Any]) -> None:
    """Calls tensors that are ends of both files and have one name as the signature does.

    The converter numbers outputs from 0 in either file, and some runtimes know no other names.
    """
    named = {end.tensorIndex: end.name for end in ends}
    count = Counter(_name(tensors[index]) for index in named)
    for index, name in named.items():
        if count[_name(tensors[index])] > 1:
            tensors[index].name = name


def _check_equal(name: str, given: Any, wanted: Any) -> None:
    facts = [(tensor.type, list(tensor.shape)) for tensor in (given, wanted)]
    if facts[0] != facts[1]:
        raise ExportError(
            f"the front end gives {name!r} as type and shape {facts[0]}, the network wants "
            f"{facts[1]}"
        )


def _append_buffers(a: Any, b: Any) -> None:
    """Moves the buffers of b behind those of a, and keeps of its metadata what runtimes read."""
    offset = len(a.buffers) - 1  # the first of b is the empty one, as is that of a
    for subgraph in b.subgraphs:
        for tensor in subgraph.tensors:
            tensor.buffer += offset if tensor.buffer else 0
    versions = [_version(a), _version(b)]
    a.buffers = [*a.buffers, *b.buffers[1:]]
    for entry in b.metadata or []:
        entry.buffer += offset if entry.buffer else 0
    newest = a if versions[0] >= versions[1] else b
    a.metadata = [e for e in newest.metadata or [] if _name(e).encode() == _MIN_RUNTIME]


def _version(root: Any) -> tuple[int, ...]:
    """Returns the oldest runtime that can run a file; empty where it does not say."""
    for entry in root.metadata or []:
        if _name(entry).encode() == _MIN_RUNTIME:
            text = bytes(root.buffers[entry.buffer].data).rstrip(b"\0").decode()
            return tuple(int(part) for part in text.split("."))
    return ()
