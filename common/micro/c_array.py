"""A one-step TFLite file as C source: its bytes, what it takes and gives, and golden steps.

Three files, which any compiler of C99 or C++11 takes: a header with everything that a program asks
for, the file as an array, and golden steps with which a board checks itself. Only the array belongs
into a product.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from common.micro.arena import Arena
from common.micro.golden import Array, End, Step

C_TYPES = {
    "BOOL": "bool",
    "FLOAT32": "float",
    "INT8": "int8_t",
    "INT16": "int16_t",
    "INT32": "int32_t",
    "INT64": "int64_t",
    "UINT8": "uint8_t",
}
_BYTES_A_LINE = 16
_VALUES_A_LINE = 8


@dataclass(frozen=True)
class Source:
    """What the files are written from.

    Attributes:
        app: name of the application.
        artefact: name of the file in the bundle.
        model: the TFLite file.
        step: its ends.
        labels: the classes, in the order of the scores.
        operators: methods of a resolver, without their `Add`.
        arena: estimated.
        fed: inputs of the golden steps, `(steps, ...)`.
        answers: all outputs after each of them.
    """

    app: str
    artefact: str
    model: bytes
    step: Step
    labels: Sequence[str]
    operators: Sequence[str]
    arena: Arena
    fed: Array
    answers: Sequence[Mapping[str, Array]]

    @property
    def name(self) -> str:
        """What every name in the files begins with."""
        return f"recur_{self.app}"

    @property
    def macro(self) -> str:
        """The same in capitals."""
        return self.name.upper()


def c_files(source: Source) -> dict[str, str]:
    """Returns the text of each file by its name."""
    name = source.name
    return {
        f"{name}.h": _header(source),
        f"{name}_model.c": _model(source),
        f"{name}_golden.c": _golden(source),
    }


def _header(source: Source) -> str:
    name, macro, step = source.name, source.macro, source.step
    arena, states = source.arena, _states(step)
    lines = [
        f"/* {source.app}, {source.artefact}.tflite: one time step. Written by make export-c.",
        "",
        "   Before every step set every input, for the arena is used again in between: the next",
        f"   {step.fed.name}, and each state from the output of its name after the step before",
        "   (zeros before the first step). After the last step `scores` are those of the whole. */",
        "",
        f"#ifndef {macro}_H",
        f"#define {macro}_H",
        "",
        "#include <stdbool.h>",
        "#include <stdint.h>",
        "",
        "#ifdef __cplusplus",
        'extern "C" {',
        "#endif",
        "",
        f"/* The file, aligned to 16 bytes. SHA-256 {hashlib.sha256(source.model).hexdigest()} */",
        f"#define {macro}_MODEL_SIZE {len(source.model)}",
        f"extern const unsigned char {name}_model[{macro}_MODEL_SIZE];",
        f"extern const unsigned int {name}_model_len;",
        "",
        f"/* Bytes of the arena: {arena.tensors} of tensors, planned as the runtime does, and its",
        "   records, estimated from above for a 64-bit machine; a 32-bit one needs less. Optimised",
        "   kernels may want more, so lower it by what arena_used_bytes() says on the board. */",
        f"#define {macro}_ARENA_SIZE {arena.total}",
        "",
        f"/* For tflite::MicroMutableOpResolver<{macro}_OPERATOR_COUNT> resolver:",
        "     #define ADD(name) resolver.Add##name();",
        f"     {macro}_OPERATORS(ADD) */",
        f"#define {macro}_OPERATOR_COUNT {len(source.operators)}",
        f"#define {macro}_OPERATORS(add) \\",
        *_continued(f"add({operator})" for operator in source.operators),
        "",
        "/* Inputs and outputs by their index, with the number of their values. */",
    ]
    for role, ends in (("INPUT", step.inputs), ("OUTPUT", step.outputs)):
        for end in ends:
            lines += _end(f"{macro}_{role}_{_word(end.name)}", role, end)
    lines += [
        "",
        "/* Of each state the index of its output and that of the input it goes to, and the bytes",
        "   of all. Keep them elsewhere in between: inputs may lie where outputs are. */",
        f"#define {macro}_STATE_COUNT {len(states)}",
        f"#define {macro}_STATE_BYTES {sum(end.bytes for end, _ in states)}",
        f"extern const int {name}_states[{macro}_STATE_COUNT][2];",
        "",
        "/* The classes, in the order of the scores. */",
        f"#define {macro}_LABEL_COUNT {len(source.labels)}",
        f"extern const char *const {name}_labels[{macro}_LABEL_COUNT];",
        "",
        "/* Golden steps, from states of zeros: what goes in, and every output after each step by",
        "   LiteRT's reference kernels. Floats come out equal but for rounding; where an output",
        "   has a QUANTUM, a few of it. */",
        f"#define {macro}_GOLDEN_STEPS {len(source.fed)}",
        *(f"extern {declaration};" for declaration, _ in _golden_arrays(source)),
        "",
        "#ifdef __cplusplus",
        "}",
        "#endif",
        "",
        "#endif",
    ]
    return _text(lines)


def _end(macro: str, role: str, end: End) -> Iterator[str]:
    shape = ", ".join(map(str, end.shape))
    stored = f", value = {end.scale!r} * (stored - {end.zero_point})" if end.scale else ""
    yield f"#define {macro} {end.index} /* {C_TYPES[end.kind]} [{shape}]{stored} */"
    yield f"#define {macro}_SIZE {end.size}"
    if end.scale:
        yield f"#define {macro}_SCALE {_c_float(end.scale)}"
        yield f"#define {macro}_ZERO_POINT {end.zero_point}"
    if role == "OUTPUT" and end.quantum:
        yield f"#define {macro}_QUANTUM {_c_float(end.quantum)}"


def _model(source: Source) -> str:
    name, macro = source.name, source.macro
    values = [f"0x{byte:02x}" for byte in source.model]
    labels = [f"{_c_string(label)}," for label in source.labels]
    return _text(
        [
            f"/* {source.artefact}.tflite, {source.app}. Written by make export-c. */",
            "",
            f'#include "{name}.h"',
            "",
            "#if defined(__cplusplus)",
            "#define ALIGNED alignas(16)",
            "#elif defined(__GNUC__)",
            "#define ALIGNED __attribute__((aligned(16)))",
            "#else",
            "#define ALIGNED _Alignas(16)",
            "#endif",
            "",
            f"ALIGNED const unsigned char {name}_model[{macro}_MODEL_SIZE] = {{",
            *_rows(values, _BYTES_A_LINE),
            "};",
            f"const unsigned int {name}_model_len = {macro}_MODEL_SIZE;",
            "",
            f"const int {name}_states[{macro}_STATE_COUNT][2] = {{",
            *(f"    {{{output.index}, {input.index}}}," for output, input in _states(source.step)),
            "};",
            "",
            f"const char *const {name}_labels[{macro}_LABEL_COUNT] = {{",
            *(f"    {label}" for label in labels),
            "};",
        ]
    )


def _golden(source: Source) -> str:
    lines = [
        f"/* Golden steps of {source.artefact}.tflite, {source.app}. Written by make export-c. */",
        "",
        f'#include "{source.name}.h"',
    ]
    for declaration, values in _golden_arrays(source):
        lines += ["", f"{declaration} = {{"]
        for row in values.reshape(len(values), -1):
            lines += ["    {", *_rows([_c_value(v) for v in row], _VALUES_A_LINE), "    },"]
        lines += ["};"]
    return _text(lines)


def _golden_arrays(source: Source) -> Iterator[tuple[str, Array]]:
    """Yields the declaration of each array of the golden steps with its values."""
    fed = source.step.fed
    yield _declaration(source, "INPUT", fed), source.fed
    for end in source.step.outputs:
        values = np.array([answer[end.name] for answer in source.answers])
        yield _declaration(source, "OUTPUT", end), values


def _declaration(source: Source, role: str, end: End) -> str:
    macro = source.macro
    word = _word(end.name)
    size = f"[{macro}_GOLDEN_STEPS][{macro}_{role}_{word}_SIZE]"
    return f"const {C_TYPES[end.kind]} {source.name}_golden_{word.lower()}{size}"


def _states(step: Step) -> list[tuple[End, End]]:
    """Returns output and input of each state."""
    inputs = {end.name: end for end in step.inputs}
    return [(end, inputs[end.name]) for end in step.outputs if end.name in inputs]


def _word(name: str) -> str:
    """Returns a name as part of a macro's."""
    return "".join(c if c.isascii() and c.isalnum() else "_" for c in name).upper()


def _rows(values: Sequence[str], count: int) -> Iterator[str]:
    for start in range(0, len(values), count):
        yield f"    {', '.join(values[start : start + count])},"


def _continued(items: Iterable[str]) -> list[str]:
    """Returns lines of a macro; the last one ends it."""
    lines = [f"    {item}" for item in items] or ["    /* none */"]
    return [*(f"{line} \\" for line in lines[:-1]), lines[-1]]


def _c_value(value: np.generic) -> str:
    if isinstance(value, np.floating):
        return _c_float(float(value))
    return str(int(value))


def _c_float(value: float) -> str:
    """Returns a literal that is read as the same 32 bits."""
    if not np.isfinite(value):
        raise ValueError(f"{value} cannot be written in C")
    digits = f"{value:.9g}"
    return f"{digits if set(digits) & set('.e') else digits + '.0'}f"


def _c_string(text: str) -> str:
    """Returns a literal in ASCII; other bytes of UTF-8 as three octal digits, which end there."""
    plain = set(map(chr, range(32, 127))) - set('"\\?')  # ? could begin a trigraph
    return '"' + "".join(c if c in plain else _octal(c) for c in text) + '"'


def _octal(character: str) -> str:
    return "".join(f"\\{byte:03o}" for byte in character.encode())


def _text(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"
