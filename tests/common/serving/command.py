"""Runs the commands about TF Serving in this process."""

from __future__ import annotations

from click.testing import CliRunner, Result


def serve(*arguments: object) -> Result:
    """Runs `python -m common.serving`."""
    from common.serving.__main__ import main

    return CliRunner().invoke(main, [str(a) for a in arguments])


def check(*arguments: object) -> Result:
    """Runs `python -m common.serving.check`."""
    from common.serving.check import main

    return CliRunner().invoke(main, [str(a) for a in arguments])
