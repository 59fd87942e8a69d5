"""Read a TFLite file back: which operators it holds, in how many subgraphs, on what shapes."""

from __future__ import annotations

from collections import Counter
from functools import cache

from ai_edge_litert import schema_py_generated as schema

from common.export.errors import ExportError


@cache
def _builtin_names() -> dict[int, str]:
    operators = schema.BuiltinOperator
    return {value: name for name, value in vars(operators).items() if isinstance(value, int)}


def operator_name(code: schema.OperatorCode) -> str:
    """Returns the name of a builtin operator in capitals, or of a custom one as it calls itself."""
    # Old files keep the code in a byte-sized field, which newer ones fill up to its limit.
    builtin = max(code.BuiltinCode(), code.DeprecatedBuiltinCode())
    custom = code.CustomCode()
    return custom.decode() if custom else _builtin_names()[builtin]


def subgraph_operators(model: bytes) -> list[Counter[str]]:
    """Returns the operators of each subgraph with their number.

    Custom operators go by their own names (Flex operators begin with "Flex").
    """
    root = schema.Model.GetRootAs(model, 0)
    names = [operator_name(root.OperatorCodes(i)) for i in range(root.OperatorCodesLength())]
    return [
        Counter(
            names[subgraph.Operators(j).OpcodeIndex()] for j in range(subgraph.OperatorsLength())
        )
        for subgraph in (root.Subgraphs(i) for i in range(root.SubgraphsLength()))
    ]


def check_operators(model: bytes, artefact: str, single_subgraph: bool) -> None:
    """Refuses a file that small runtimes would not run.

    Args:
        model: the TFLite file.
        artefact: its name, for the message.
        single_subgraph: also refuse loops, which are subgraphs of their own (MediaPipe takes none).

    Raises:
        ExportError: there is a Flex or other custom operator, or a second subgraph.
    """
    subgraphs = subgraph_operators(model)
    builtin = set(_builtin_names().values())
    foreign = sorted({name for operators in subgraphs for name in operators} - builtin)
    if foreign:
        raise ExportError(
            f"{artefact}: the operators {', '.join(foreign)} are no TensorFlow Lite builtins and "
            "run on no small device; replace the layer that needs them"
        )
    if single_subgraph and len(subgraphs) > 1:
        raise ExportError(
            f"{artefact}: the file has {len(subgraphs)} subgraphs where one is wanted, so a loop "
            "was not unrolled; trace the model inside unfolded_as('unrolled') with a fixed length"
        )
