"""What a one-step file takes and gives, and what it answers over a few steps of a known input."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from ai_edge_litert import schema_py_generated as schema
from numpy.typing import NDArray

from common.bundle import Bundle
from common.errors import UserError
from common.export.operators import operator_name
from common.golden import FILE, damaged, read_examples
from common.micro.operators import type_name

Array = NDArray[Any]


@dataclass(frozen=True)
class End:
    """An input or output of a file.

    Attributes:
        name: in the signature `step`.
        index: among the inputs or outputs of an interpreter.
        kind: type of its values, such as `FLOAT32`.
        shape: of its values.
        scale, zero_point: `value = scale * (stored - zero_point)`; scale 0 where it is stored as it
            is.
        quantum: difference of neighbouring values: the scale, or that of the integers from which
            floats are made at the end; 0 for floats.
    """

    name: str
    index: int
    kind: str
    shape: tuple[int, ...]
    scale: float
    zero_point: int
    quantum: float

    @property
    def size(self) -> int:
        """Number of values."""
        return int(np.prod(self.shape))

    @property
    def bytes(self) -> int:
        """Their size."""
        return self.size * np.dtype(self.kind.lower()).itemsize


@dataclass(frozen=True)
class Step:
    """The ends of a one-step file, in the order of an interpreter's."""

    inputs: tuple[End, ...]
    outputs: tuple[End, ...]

    @property
    def states(self) -> tuple[str, ...]:
        """Names that are inputs and outputs."""
        names = {end.name for end in self.inputs}
        return tuple(end.name for end in self.outputs if end.name in names)

    @property
    def fed(self) -> End:
        """The input that is no state.

        Raises:
            ValueError: there is not exactly one.
        """
        (end,) = (end for end in self.inputs if end.name not in self.states)
        return end


def read_step(model: bytes) -> Step:
    """Reads the ends of a one-step TFLite file.

    Raises:
        ValueError: it has no signature `step`.
    """
    root = schema.Model.GetRootAs(model, 0)
    signatures = [root.SignatureDefs(i) for i in range(root.SignatureDefsLength())]
    found = [s for s in signatures if s.SignatureKey() == b"step" and s.SubgraphIndex() == 0]
    if len(found) != 1:
        raise ValueError("the file has no signature step")
    graph = root.Subgraphs(0)
    made_of = _before_dequantizing(root, graph)

    def ends(entries: Sequence[schema.TensorMap], order: Sequence[int]) -> tuple[End, ...]:
        names = {entry.TensorIndex(): entry.Name().decode() for entry in entries}
        return tuple(_end(graph, names[t], i, t, made_of) for i, t in enumerate(order))

    signature = found[0]
    return Step(
        ends(
            [signature.Inputs(i) for i in range(signature.InputsLength())],
            [graph.Inputs(i) for i in range(graph.InputsLength())],
        ),
        ends(
            [signature.Outputs(i) for i in range(signature.OutputsLength())],
            [graph.Outputs(i) for i in range(graph.OutputsLength())],
        ),
    )


def first_steps(bundle: Bundle, step: Step, count: int) -> Array:
    """Returns the first inputs of the first golden example, `(count, ...)`.

    Raises:
        UserError: the bundle has no golden examples, or no such inputs.
    """
    arrays = read_examples(bundle.path)
    try:
        example = arrays["inputs"][0]
    except (KeyError, IndexError) as error:
        raise damaged(bundle.path, error) from error
    if example.size % step.fed.size:
        raise UserError(
            f"{bundle.path / FILE}: its inputs of {example.size} values are no whole steps of "
            f"{step.fed.size}; the file and the artefact are of different networks, so train again"
        )
    steps = example.reshape(-1, *step.fed.shape)
    return steps[:count].astype(step.fed.kind.lower())


def walk(model: bytes, step: Step, fed: Array) -> list[Mapping[str, Array]]:
    """Returns all outputs after each step, by name, from states of zeros.

    LiteRT runs its reference kernels here, which microcontrollers have; the faster ones of phones
    round now and then otherwise.

    Args:
        model: the file.
        step: its ends.
        fed: inputs `(steps, ...)`.
    """
    from ai_edge_litert.interpreter import Interpreter, OpResolverType

    interpreter = Interpreter(
        model_content=model,
        num_threads=1,
        experimental_op_resolver_type=OpResolverType.BUILTIN_REF,
    )
    run = interpreter.get_signature_runner("step")
    states = {
        end.name: np.full(end.shape, end.zero_point, end.kind.lower())
        for end in step.inputs
        if end.name in step.states
    }
    answers: list[Mapping[str, Array]] = []
    for one in fed:
        outputs = {name: np.array(v) for name, v in run(**{step.fed.name: one}, **states).items()}
        answers.append(outputs)
        states = {name: outputs[name] for name in states}
    return answers


def _end(
    graph: schema.SubGraph, name: str, index: int, tensor: int, made_of: Mapping[int, int]
) -> End:
    values = graph.Tensors(tensor)
    scale, zero_point = _quantization(values)
    quantum, _ = _quantization(graph.Tensors(made_of.get(tensor, tensor)))
    shape = tuple(values.Shape(i) for i in range(values.ShapeLength()))
    return End(name, index, type_name(values), shape, scale, zero_point, quantum)


def _quantization(tensor: schema.Tensor) -> tuple[float, int]:
    """Returns scale and zero point of a tensor with one scale; 0 and 0 without."""
    quantization = tensor.Quantization()
    if quantization is None or quantization.ScaleLength() != 1:
        return 0.0, 0
    return float(quantization.Scale(0)), int(quantization.ZeroPoint(0))


def _before_dequantizing(root: schema.Model, graph: schema.SubGraph) -> dict[int, int]:
    """Returns for each tensor of floats made of integers the tensor of these."""
    found = {}
    for i in range(graph.OperatorsLength()):
        operator = graph.Operators(i)
        if operator_name(root.OperatorCodes(operator.OpcodeIndex())) == "DEQUANTIZE":
            found[operator.Outputs(0)] = operator.Inputs(0)
    return found
