"""Add a named entry to a TFLite file's metadata and leave everything else as it is, to the byte.

Unpacking a model into objects and packing it again takes long, drops fields that the schema classes
do not know, and loses the 16-byte alignment of the weights. So the old file is kept in one piece. A
flatbuffer's references only point forward: a new root table in front of the old file can refer to
all that was there, and to the new entry.

    [new root, new lists of buffers and entries, new entry][old file, whose root is now unused]
"""

from __future__ import annotations

import flatbuffers
from ai_edge_litert import schema_py_generated as schema

from common.export.metadata_schema import vector

_IDENTIFIER = b"TFL3"
_ALIGNMENT = 16  # of weights and of metadata, as the schema demands

# Slots of the schema's table Model, its root.
_VERSION, _BUFFERS, _METADATA, _SLOTS = 0, 4, 6, 10


def put_entry(model: bytes, name: str, content: bytes) -> bytes:
    """Returns the model with an entry in its metadata; one of the same name is replaced.

    Args:
        model: a TFLite flatbuffer, with nothing appended to it.
        name: name of the entry.
        content: its bytes, aligned to 16 in the result.

    Raises:
        ValueError: not a TFLite file; it keeps weights or options outside the flatbuffer (their
            positions in the file would change); or it has fields newer than the schema classes.
    """
    root = read_model(model)
    _check_self_contained(root)
    padded = model + bytes(-len(model) % _ALIGNMENT)
    builder = flatbuffers.Builder(len(padded) + len(content) + 4 * root.BuffersLength() + 4096)

    # The builder counts offsets from the end of the file, where the old file will be.
    builder.Prep(_ALIGNMENT, 0)
    builder.CreateByteVector(padded)

    def old(position: int) -> int:
        return len(padded) - position

    builder.Prep(_ALIGNMENT, len(content))
    data = builder.CreateByteVector(content)
    schema.BufferStart(builder)
    schema.BufferAddData(builder, data)
    buffer = schema.BufferEnd(builder)

    buffers = [old(root.Buffers(i)._tab.Pos) for i in range(root.BuffersLength())]
    entries = [root.Metadata(i) for i in range(root.MetadataLength())]
    offsets = [old(entry._tab.Pos) for entry in entries]
    index = next((entry.Buffer() for entry in entries if entry.Name() == name.encode()), None)
    if index is None:
        label = builder.CreateString(name)
        schema.MetadataStart(builder)
        schema.MetadataAddName(builder, label)
        schema.MetadataAddBuffer(builder, len(buffers))
        offsets.append(schema.MetadataEnd(builder))
        buffers.append(buffer)
    else:
        buffers[index] = buffer

    fields = {slot: old(position) for slot, position in _references(root).items()}
    fields[_BUFFERS] = vector(builder, buffers)
    fields[_METADATA] = vector(builder, offsets)
    builder.StartObject(_SLOTS)
    builder.PrependUint32Slot(_VERSION, root.Version(), 0)
    for slot, offset in fields.items():
        builder.PrependUOffsetTRelativeSlot(slot, offset, 0)
    builder.Finish(builder.EndObject(), file_identifier=_IDENTIFIER)
    return bytes(builder.Output())


def read_model(model: bytes) -> schema.Model:
    """Returns the root table of a TFLite file.

    Raises:
        ValueError: not a TFLite file.
    """
    if len(model) < 8 or model[4:8] != _IDENTIFIER:
        raise ValueError(f"not a TFLite file: identifier {model[4:8]!r}, expected {_IDENTIFIER!r}")
    return schema.Model.GetRootAs(model, 0)


def _references(root: schema.Model) -> dict[int, int]:
    """Returns where in the file the root's fields are, by slot; all but the version refer."""
    table = root._tab
    vtable = table.Pos - table.Get(flatbuffers.number_types.SOffsetTFlags, table.Pos)
    length = table.Get(flatbuffers.number_types.VOffsetTFlags, vtable)
    references = {}
    for slot in range(_VERSION + 1, (length - 4) // 2):
        if field := table.Offset(4 + 2 * slot):
            if slot >= _SLOTS:
                raise ValueError(f"the TFLite file's root has an unknown field in slot {slot}")
            references[slot] = table.Indirect(table.Pos + field)
    return references


def _check_self_contained(root: schema.Model) -> None:
    for i in range(root.BuffersLength()):
        if root.Buffers(i).Offset() > 1:  # 0 and 1 mean that there is none
            raise ValueError(f"buffer {i} is outside the flatbuffer: metadata cannot be added")
    for i in range(root.SubgraphsLength()):
        subgraph = root.Subgraphs(i)
        for j in range(subgraph.OperatorsLength()):
            if subgraph.Operators(j).LargeCustomOptionsOffset() > 1:
                raise ValueError(
                    f"options of operator {j} in subgraph {i} are outside the flatbuffer: "
                    "metadata cannot be added"
                )
