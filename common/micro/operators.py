"""Which operators TensorFlow Lite Micro has, and how a resolver is told about them.

Names and types are those of its sources at commit 90b983c2b3f1480642e040bbd2ddb37b998f3424:
`micro_mutable_op_resolver.h`, and for the types the kernels in `tensorflow/lite/micro/kernels`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from ai_edge_litert import schema_py_generated as schema

from common.export.operators import operator_name

OPERATORS = frozenset(
    """
    ABS ADD ADD_N ARG_MAX ARG_MIN ASSIGN_VARIABLE AVERAGE_POOL_2D BATCH_MATMUL BATCH_TO_SPACE_ND
    BROADCAST_ARGS BROADCAST_TO CALL_ONCE CAST CEIL CONCATENATION CONV_2D COS CUMSUM
    DEPTHWISE_CONV_2D DEPTH_TO_SPACE DEQUANTIZE DIV DYNAMIC_UPDATE_SLICE ELU EMBEDDING_LOOKUP EQUAL
    EXP EXPAND_DIMS FILL FLOOR FLOOR_DIV FLOOR_MOD FULLY_CONNECTED GATHER GATHER_ND GREATER
    GREATER_EQUAL HARD_SWISH IF L2_NORMALIZATION L2_POOL_2D LEAKY_RELU LESS LESS_EQUAL LOG
    LOGICAL_AND LOGICAL_NOT LOGICAL_OR LOGISTIC LOG_SOFTMAX MAXIMUM MAX_POOL_2D MEAN MINIMUM
    MIRROR_PAD MUL NEG NOT_EQUAL PACK PAD PADV2 PRELU QUANTIZE READ_VARIABLE REDUCE_ALL REDUCE_MAX
    REDUCE_MIN RELU RELU6 RESHAPE RESIZE_BILINEAR RESIZE_NEAREST_NEIGHBOR REVERSE_V2 ROUND RSQRT
    SELECT_V2 SHAPE SIN SLICE SOFTMAX SPACE_TO_BATCH_ND SPACE_TO_DEPTH SPLIT SPLIT_V SQRT SQUARE
    SQUARED_DIFFERENCE SQUEEZE STRIDED_SLICE SUB SUM SVDF TANH TRANSPOSE TRANSPOSE_CONV
    UNIDIRECTIONAL_SEQUENCE_LSTM UNPACK VAR_HANDLE WHILE ZEROS_LIKE
    """.split()
)

# Methods of a resolver that are not the operator's name in capitals and small letters.
_METHODS = {
    "AVERAGE_POOL_2D": "AveragePool2D",
    "BATCH_MATMUL": "BatchMatMul",
    "CONV_2D": "Conv2D",
    "CUMSUM": "CumSum",
    "DEPTHWISE_CONV_2D": "DepthwiseConv2D",
    "L2_POOL_2D": "L2Pool2D",
    "MAX_POOL_2D": "MaxPool2D",
    "PADV2": "PadV2",
    "UNIDIRECTIONAL_SEQUENCE_LSTM": "UnidirectionalSequenceLSTM",
}

# Types of the operand, of operators that our files use or that lack one which TensorFlow Lite has.
# An operator that is not here has not been looked up.
TYPES = {
    name: frozenset(types.split())
    for types, names in {
        "FLOAT32": "COS EXP LOG NEG SIN SQRT SQUARE",
        "FLOAT32 INT8": "GATHER REDUCE_MAX REDUCE_MIN",
        "FLOAT32 INT8 INT16": "ABS FULLY_CONNECTED LOGISTIC SELECT_V2 SOFTMAX TANH TRANSPOSE",
        "FLOAT32 INT8 INT16 INT32": "ADD MUL SPLIT SQUARED_DIFFERENCE SUB",
        "FLOAT32 INT8 INT32 INT64": "GREATER_EQUAL LESS LESS_EQUAL",
        "FLOAT32 INT8 INT16 INT32 INT64": "GREATER MAXIMUM MINIMUM",
        "BOOL FLOAT32 INT8 INT32 INT64": "EQUAL NOT_EQUAL",
        "BOOL FLOAT32 INT8 INT16 INT32": "STRIDED_SLICE",
        "BOOL FLOAT32 INT8 INT16 INT32 INT64": "CONCATENATION",
        "BOOL FLOAT32 INT8 INT16 INT32 UINT32": "CAST",
        "FLOAT32 INT8 INT16 INT32 UINT8": "QUANTIZE",
        "INT8 INT16 UINT8": "DEQUANTIZE",
    }.items()
    for name in names.split()
}
# Which input is the operand, where it is not the first.
_OPERAND = {"SELECT_V2": 1, "SPLIT": 1}
# Operators with weights behind the operand, which must not be integers beside floats.
_WEIGHTED = {"BATCH_MATMUL", "CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED"}


def missing_operators(model: bytes) -> list[str]:
    """Returns what a TFLite file needs and TensorFlow Lite Micro lacks, sorted.

    Each is the name of an operator, with the type behind it where only that is missing, such as
    `LOG of INT8`, or with two, such as `FULLY_CONNECTED of FLOAT32 and INT8`.
    """
    missing = set()
    for name, operand, weights in _operators(model):
        if name not in OPERATORS:
            missing.add(name)
        elif operand not in TYPES.get(name, {operand}):
            missing.add(f"{name} of {operand}")
        elif name in _WEIGHTED and operand == "FLOAT32" != weights:
            missing.add(f"{name} of {operand} and {weights}")
    return sorted(missing)


def resolver_methods(model: bytes) -> list[str]:
    """Returns the methods that tell a resolver about a file's operators, without their `Add`."""
    names = {name for name, _, _ in _operators(model)}
    return sorted(
        _METHODS.get(name, "".join(part.capitalize() for part in name.split("_"))) for name in names
    )


@cache
def _type_names() -> dict[int, str]:
    return {v: name for name, v in vars(schema.TensorType).items() if isinstance(v, int)}


def type_name(tensor: schema.Tensor) -> str:
    """Returns the type of a tensor, such as `FLOAT32`."""
    return _type_names()[tensor.Type()]


def _operators(model: bytes) -> Iterator[tuple[str, str, str]]:
    """Yields each operator of each subgraph with the types of its operand and of the next input.

    A type is empty where there is no such input.
    """
    root = schema.Model.GetRootAs(model, 0)
    for subgraph in map(root.Subgraphs, range(root.SubgraphsLength())):
        for operator in map(subgraph.Operators, range(subgraph.OperatorsLength())):
            name = operator_name(root.OperatorCodes(operator.OpcodeIndex()))
            inputs = [operator.Inputs(i) for i in range(operator.InputsLength())]
            types = ["" if i < 0 else type_name(subgraph.Tensors(i)) for i in inputs]
            operand, weights = [*types[_OPERAND.get(name, 0) :], "", ""][:2]
            yield name, operand, weights
