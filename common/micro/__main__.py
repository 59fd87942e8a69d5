"""`python -m common.micro`: write a one-step file as C source, for a microcontroller."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from common.command_line import Command

_ARTEFACTS = ("step_int8", "step")


@click.command(
    cls=Command,
    epilog="Compile the files with TensorFlow Lite Micro: the header says how much memory it "
    "needs, which operators to register, and how a step is called. The golden steps are a test: "
    "a board must answer them as LiteRT does.",
)
@click.argument("app")
@click.option(
    "--bundle",
    type=click.Path(path_type=Path),
    help="Folder that train wrote.  [default: exported/APP]",
)
@click.option(
    "--artefact",
    type=click.Choice(_ARTEFACTS),
    default=_ARTEFACTS[0],
    show_default=True,
    help="The file to write.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="Folder for the C files; others in it are left alone.  [default: that of the bundle with "
    "-c behind its name]",
)
@click.option(
    "--steps",
    type=click.IntRange(1),
    default=4,
    show_default=True,
    help="Golden steps, at most.",
)
def main(app: str, bundle: Path | None, artefact: str, output: Path | None, steps: int) -> None:
    """Write the one-step file of application APP as C source for a microcontroller."""
    from common.micro.writing import write_c

    bundle = Path("exported") / app if bundle is None else bundle
    folder = bundle.with_name(f"{bundle.resolve().name}-c") if output is None else output
    source, paths = write_c(app, bundle, artefact, folder, steps)
    arena = source.arena
    print(f"{artefact}.tflite of {app}: {len(source.model):,} bytes of constants")
    print(
        f"arena: {arena.total:,} bytes at most; {arena.tensors:,} of it are tensors, planned as "
        "the runtime does, the rest is estimated from above from the numbers of tensors and "
        "operators"
    )
    print(f"operators: {', '.join(source.operators)}")
    if len(source.fed) < steps:
        print(f"note: the golden example has {len(source.fed)} steps", file=sys.stderr)
    for path in paths:
        print(path)


if __name__ == "__main__":
    main(prog_name="python -m common.micro")
