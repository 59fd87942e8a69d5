"""The command `curve` of every classifier: accuracy of the smallest file against its bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from common.errors import UserError
from common.files import write_texts
from common.settings import read_json
from common.version import code_digest

# Sizes whose files are about as large.
UNITS = {
    "recur": (8, 16, 24, 32, 48, 64, 96),
    "gru": (4, 8, 16, 24, 32, 48),
    "lstm": (4, 8, 16, 24, 32, 48),
}
RANKS = ((24, 8), (32, 8), (48, 8), (64, 8), (64, 16), (96, 16))
_FIGURES = "curve.json"
_ROOT = Path(__file__).parents[2]
_KEYS = ("layer", "units", "rank", "seed")


def curve_command(application: Any) -> click.Command:
    """Returns the command of an application."""
    from common.command_line import DATA, JSON, VERBOSE, Command
    from common.settings import click_options

    replaced = ("layer", "units", "rank")
    return Command(
        "curve",
        help="Accuracy of the one-step file in few bits against its bytes, for networks of many "
        "sizes: our layer, whole and of low rank, and Keras's GRU and LSTM. Writes curve.json, "
        "curve.md and curve.png; an interrupted run goes on where it was.",
        callback=_curve(application),
        params=[
            DATA,
            click.Option(
                ["--output"],
                type=click.Path(path_type=Path),
                default=f"exported/curve-{application.name}",
                show_default=True,
                help="Folder for table and picture.",
            ),
            click.Option(
                ["--units"],
                type=click.IntRange(1),
                multiple=True,
                help="Size of the state, the same for all layers; may be given several times.  "
                "[default: sizes whose files are about as large]",
            ),
            click.Option(
                ["--seeds"],
                type=click.IntRange(1),
                default=1,
                show_default=True,
                help="Runs with each size.",
            ),
            *application.data_options,
            *(o for o in click_options(application.settings) if o.name not in replaced),
            JSON,
            VERBOSE,
        ],
    )


def _curve(application: Any) -> Callable[..., None]:
    def run(
        data: str,
        output: Path,
        units: tuple[int, ...],
        seeds: int,
        as_json: bool,
        **options: Any,
    ) -> None:
        from common.classification import curve
        from common.progress import Progress
        from common.settings import from_options, to_json

        settings, progress = from_options(application.settings, options), Progress()
        sizes = [curve.Size(layer, n) for layer, some in UNITS.items() for n in (units or some)]
        if not units:
            sizes += [curve.Size("recur", n, rank) for n, rank in RANKS]
        about = {
            "data": data,
            "settings": to_json(settings),
            "options": {o.name: options[o.name] for o in application.data_options},
            "code": code_digest([_ROOT / "common", _ROOT / "apps" / application.name]),
        }
        rows = _done(output / _FIGURES, about)
        if rows:
            progress.say(f"{len(rows)} runs are there already, in {output / _FIGURES}")
        known = {tuple(row[key] for key in _KEYS) for row in rows}
        wanted = [
            (size, seed)
            for size in sizes
            for seed in range(settings.seed, settings.seed + seeds)
            if (size.layer, size.units, size.rank, seed) not in known
        ]
        for row in curve.measure(application, data, settings, options, wanted, progress):
            rows.append(row)
            figures = json.dumps({**about, "rows": rows}, indent=1)
            write_texts(output, {_FIGURES: figures + "\n"})
            progress.say(
                f"{curve.name_of(row['layer'], row['rank'])}, {row['units']} units: "
                f"{row['bytes'] - row['front_end']:,} bytes, accuracy {row['accuracy']:.4f}"
            )
        table = curve.format_curve(rows)
        title = f"{application.name}, {rows[0]['data']}, {rows[0]['split']} split"
        curve.draw(rows, title, output / "curve.png")
        write_texts(output, {"curve.md": "\n".join([f"# {title}", "", *table, ""])})
        print("\n".join(json.dumps(row) for row in rows) if as_json else "\n".join(table))

    return run


def _done(path: Path, about: dict[str, Any]) -> list[dict[str, Any]]:
    """Returns the runs of an earlier, interrupted command with the same settings and code."""
    if not path.exists():
        return []
    stored = read_json(path)
    rows = stored.pop("rows", None)
    if not isinstance(rows, list):
        raise UserError(f"{path}: is no curve; delete it or give --output")
    return rows if stored == json.loads(json.dumps(about)) else []
