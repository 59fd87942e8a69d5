"""`python -m common.demo`: serve the demo page and open it in a browser."""

from __future__ import annotations

import sys
import webbrowser
from pathlib import Path

import click

from common.command_line import Command, bundles_option
from common.demo.server import DemoServer
from common.demo.site import Site


@click.command(cls=Command)
@bundles_option("Folder with a bundle for each application.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", default=8000, show_default=True, help="0 takes one that is free.")
@click.option("--open/--no-open", "opens", default=True, help="Open a browser.")
def main(bundles: Path, host: str, port: int, opens: bool) -> None:
    """Serve a page on which a visitor's own browser runs the models.

    Prints its address. Ends with Ctrl-C. A page from another machine has no microphone and no
    camera without https.
    """
    site = Site(bundles)
    site.check()
    with DemoServer(site, host, port) as server:
        print(server.address, flush=True)
        for panel in site.manifest()["panels"]:
            if not panel["artefacts"]:
                print(f"no model of {panel['app']}: {panel['command']}", file=sys.stderr)
        if opens:
            webbrowser.open(server.address)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print("ended", file=sys.stderr)


if __name__ == "__main__":
    main()
