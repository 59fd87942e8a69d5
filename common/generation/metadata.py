"""Pack a generator's vocabularies into its TFLite file, so that the file alone is enough."""

from __future__ import annotations

from common.export.metadata import add_metadata
from common.export.metadata_flatbuffer import read_model
from common.export.metadata_schema import About, AssociatedFile, ModelDescription, TensorDescription
from common.generation.application import FrontEnd, GeneratorApplication

# Metadata describe the inputs and outputs of this subgraph only.
_DESCRIBED = 0


def pack(
    model: bytes, application: GeneratorApplication, front_end: FrontEnd, version: str
) -> bytes:
    """Returns a TFLite file with the files of its front end, for `read_associated_files`.

    Args:
        model: a TFLite file with signatures.
        application: whose file it is.
        front_end: of the network.
        version: of the model.

    Raises:
        ValueError: not a TFLite file, or its first subgraph has no signature.
    """
    inputs, outputs = (
        [TensorDescription(name) for name in names] for names in _names_at_ends(model)
    )
    files = tuple(AssociatedFile(name, content) for name, content in front_end.files().items())
    inputs[0] = TensorDescription(inputs[0].name, application.input_help, files=files)
    about = About(f"recur {application.name}", application.summary, version)
    return add_metadata(model, ModelDescription(about, tuple(inputs), tuple(outputs)))


def _names_at_ends(model: bytes) -> tuple[list[str], list[str]]:
    """Returns what the signature calls the inputs and outputs of the first subgraph, in order."""
    root = read_model(model)
    every = (root.SignatureDefs(i) for i in range(root.SignatureDefsLength()))
    signature = next((one for one in every if one.SubgraphIndex() == _DESCRIBED), None)
    if signature is None:
        raise ValueError("the first subgraph of the model has no signature")
    subgraph = root.Subgraphs(_DESCRIBED)
    names = []
    for count, entry, tensors in (
        (signature.InputsLength(), signature.Inputs, subgraph.InputsAsNumpy()),
        (signature.OutputsLength(), signature.Outputs, subgraph.OutputsAsNumpy()),
    ):
        by_tensor = {entry(i).TensorIndex(): entry(i).Name().decode() for i in range(count)}
        names.append([by_tensor[tensor] for tensor in tensors.tolist()])
    return names[0], names[1]
