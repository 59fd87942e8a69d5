"""From a bundle to C files."""

from __future__ import annotations

from pathlib import Path

from common.bundle import open_bundle
from common.errors import UserError, listed
from common.files import write_texts
from common.micro.arena import estimate_arena
from common.micro.c_array import Source, c_files
from common.micro.golden import first_steps, read_step, walk
from common.micro.operators import missing_operators, resolver_methods


def write_c(
    app: str, bundle_path: Path, artefact: str, folder: Path, steps: int
) -> tuple[Source, list[Path]]:
    """Writes a one-step artefact as C source.

    Args:
        app: name of the application.
        bundle_path: its bundle.
        artefact: `step` or `step_int8`.
        folder: for the files; made if it is not there.
        steps: golden steps, at most.

    Returns:
        What was written, and the paths.

    Raises:
        UserError: there is no such bundle or artefact, the artefact is no one-step file, TensorFlow
            Lite Micro lacks one of its operators, or the folder cannot be had.
    """
    bundle = open_bundle(bundle_path, app)
    path = bundle.require(artefact)
    model = path.read_bytes()
    step = bundle.opened(artefact, lambda: read_step(model))
    missing = missing_operators(model)
    if missing:
        raise UserError(
            f"{path}: TensorFlow Lite Micro lacks {listed(missing)}; train again, or take the file "
            "to a device with LiteRT"
        )
    fed = first_steps(bundle, step, steps)
    source = Source(
        app,
        artefact,
        model,
        step,
        bundle.labels,
        resolver_methods(model),
        estimate_arena(model),
        fed,
        walk(model, step, fed),
    )
    return source, write_texts(folder, c_files(source))
