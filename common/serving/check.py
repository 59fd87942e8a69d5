"""`python -m common.serving.check`: does a running server answer what was evaluated?"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from common.command_line import Command, bundles_option
from common.errors import UserError
from common.serving.client import TIMEOUT, Client, GrpcClient, Refused, RestClient
from common.serving.configuration import GRPC_PORT, REST_PORT
from common.serving.golden import TOLERANCE, Golden, read_golden
from common.serving.models import Model, find_models


@dataclass(frozen=True)
class Checked:
    """What a server says of a model.

    Attributes:
        model: its name.
        version: that is served; empty where none is.
        protocol: by which it was asked; empty where it was not asked.
        signature: that was asked; empty likewise.
        agrees: whether all answers are the golden ones.
        remark: what was compared, or what the server says.
    """

    model: str
    version: str
    protocol: str
    signature: str
    agrees: bool
    remark: str


def check_model(model: Model, rest: RestClient, others: Sequence[Client]) -> list[Checked]:
    """Asks a server the golden examples of a bundle.

    Args:
        model: the bundle and its name.
        rest: a client; it tells the version as well.
        others: more clients.

    Raises:
        UserError: no server answers.
    """
    try:
        version = rest.version(model.name)
    except Refused as error:
        return [Checked(model.name, "", rest.protocol, "", False, f"not served: {error}")]
    try:
        golden = read_golden(model.bundle)
    except UserError as error:
        return [Checked(model.name, version, "", "", False, f"nothing to ask: {error}")]
    checked = []
    for client in (rest, *others):
        agrees, remark = _compared(client, model.name, golden)
        checked.append(
            Checked(model.name, version, client.protocol, golden.signature, agrees, remark)
        )
    return checked


def _compared(client: Client, name: str, golden: Golden) -> tuple[bool, str]:
    try:
        outputs = client.predict(name, golden.signature, golden.raw)
    except Refused as error:
        return False, f"refused: {error}"
    others, apart = golden.differences(outputs)
    remark = (
        f"{len(golden.raw)} inputs, {others} with another {golden.text_output}, "
        f"largest difference of a score {apart:.1e}"
    )
    return others == 0 and apart <= TOLERANCE, remark


def format_table(checked: Iterable[Checked]) -> list[str]:
    """Returns the lines of a table."""
    rows = [["model", "version", "protocol", "signature", "verdict"]]
    for one in checked:
        word = "agrees" if one.agrees else "DIFFERS"
        cells = [one.model, one.version, one.protocol, one.signature, f"{word}: {one.remark}"]
        rows.append([cell or "-" for cell in cells])
    widths = [max(map(len, column)) for column in list(zip(*rows, strict=True))[:-1]]
    return [
        "  ".join([*(cell.ljust(w) for cell, w in zip(row, widths, strict=False)), row[-1]])
        for row in rows
    ]


@click.command(cls=Command)
@click.option("--host", default="localhost", show_default=True, help="Where the server runs.")
@click.option("--rest-port", type=click.IntRange(1, 65535), default=REST_PORT, show_default=True)
@click.option("--grpc-port", type=click.IntRange(1, 65535), default=GRPC_PORT, show_default=True)
@click.option("--grpc/--no-grpc", default=True, show_default=True, help="Ask by gRPC as well.")
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    default=TIMEOUT,
    show_default=True,
    help="Seconds to wait for an answer.",
)
@bundles_option("Folder with the bundles that are served.")
def main(
    host: str, rest_port: int, grpc_port: int, grpc: bool, timeout: float, bundles: Path
) -> None:
    """Ask a running server the golden examples of every bundle and compare its answers.

    A class, a text must be the same, a score within 1e-4. Exit status: 0 all agree, 1 something
    differs, 2 there is no server or no bundle.
    """
    models, notes = find_models(bundles)
    for note in notes:
        print(note, file=sys.stderr)
    if not models:
        raise UserError(f"{bundles}: holds no bundle that can be served; give --bundles another")
    rest = RestClient(host, rest_port, timeout)
    with contextlib.suppress(Refused):
        rest.version(models[0].name)  # no server, no TensorFlow
    with contextlib.ExitStack() as stack:
        others: list[Client] = []
        if grpc:
            try:
                others.append(stack.enter_context(GrpcClient(host, grpc_port, timeout)))
            except ImportError as error:
                print(f"gRPC is left out: {error}; install it, or --no-grpc", file=sys.stderr)
        checked = [one for model in models for one in check_model(model, rest, others)]
    print("\n".join(format_table(checked)))
    if not all(one.agrees for one in checked):
        raise click.exceptions.Exit(1)


if __name__ == "__main__":
    main()
