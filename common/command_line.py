"""The command line of every application: train, evaluate and predict, with the same manners.

Answers go to standard output, everything else to standard error. Exit status: 0 done, 2 the user's
input was wrong (one sentence, no traceback), 1 our fault.
"""

from __future__ import annotations

import errno
import json
import os
import re
import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from common import given_texts, standard_input
from common.bundle import ARTEFACTS, TFLITE_ARTEFACTS, open_bundle
from common.classification.settings import LAYERS
from common.errors import UserError, one_line
from common.progress import Progress
from common.quiet import native_noise_hidden
from common.settings import click_options, from_options

_ARTEFACT = click.Choice([*ARTEFACTS, "all"])
_LINE_END, _NO_CHARACTER = re.compile(r"[\x85\u2028\u2029]"), re.compile(r"[\ud800-\udfff]")
_FULL = "the disk is full; free some room, what was there before is untouched"


class Command(click.Command):
    """A command whose errors are told as the module says."""

    def invoke(self, context: click.Context) -> Any:
        with native_noise_hidden(unless=context.params.pop("verbose", False)) as noise:
            try:
                return super().invoke(context)
            except KeyboardInterrupt:
                _report("interrupted")
                raise click.exceptions.Exit(130) from None
            except (click.exceptions.ClickException, click.exceptions.Exit, BrokenPipeError):
                raise
            except Exception as error:
                sentence = _sentence(error)
                if sentence is not None:
                    raise click.exceptions.Exit(_report(sentence)) from None
                traceback.print_exc()
                noise.show()
                _report(str(error) or type(error).__name__)
                raise click.exceptions.Exit(1) from None


def _report(sentence: str) -> int:
    print(f"error: {sentence}", file=sys.stderr)
    return 2


def _sentence(error: Exception) -> str | None:
    """Returns what to tell the user, or None where the error is no mistake of his."""
    if isinstance(error, UserError):
        return str(error)
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return f"{where}{_FULL}"
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            return f"{where}no permission; check the owner, or choose another folder"
    if os.strerror(errno.ENOSPC) in str(error):  # TensorFlow's errors carry no number
        return _FULL
    return None


VERBOSE = click.Option(
    ["--verbose"], is_flag=True, help="Also show what TensorFlow says while it works."
)
JSON = click.Option(
    ["--json", "as_json"], is_flag=True, help="One JSON object a line on standard output."
)

_INPUT_FILE = click.Option(
    ["--input-file"],
    type=click.Path(path_type=Path),
    help="Text file (UTF-8), an input a line, instead of arguments and standard input.",
)


_DATA_HELP = "builtin, a path, or tfds:NAME (any TensorFlow Datasets builder of this kind)."
DATA = click.Option(["--data"], default="builtin", show_default=True, help=_DATA_HELP)


def bundles_option(help: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Returns what gives a command an option for the folder with all bundles."""
    return click.option(
        "--bundles",
        type=click.Path(path_type=Path),
        default="exported",
        show_default=True,
        help=help,
    )


def _bundle_option(name: str) -> click.Option:
    default = f"exported/{name}"
    return click.Option(
        ["--bundle"],
        type=click.Path(path_type=Path),
        default=default,
        show_default=True,
        help="Folder that train wrote.",
    )


def make_commands(application: Any) -> click.Group:
    """Returns the command line of an application.

    Args:
        application: with `name`, `summary`, `input_help`, `settings`, `data_options`, and the
            functions `train`, `evaluate` and `predict` in the module that `commands()` returns;
            its inputs are texts where `reads_texts` is true; `more_commands()` are its own.
    """
    group = click.Group(application.name, help=application.summary)
    group.add_command(
        Command(
            "train",
            help="Train, export and score every artefact; the bundle in --output is replaced at "
            "the very end, so a failed run leaves the last one alone.",
            callback=_train(application),
            params=[
                DATA,
                click.Option(
                    ["--output"],
                    type=click.Path(path_type=Path),
                    default=f"exported/{application.name}",
                    show_default=True,
                    help="Folder for the bundle.",
                ),
                click.Option(["--resume"], is_flag=True, help="Go on after an interrupt."),
                click.Option(
                    ["--without"],
                    multiple=True,
                    type=click.Choice(TFLITE_ARTEFACTS),
                    help="Leave out a TFLite artefact; may be given several times.",
                ),
                *application.data_options,
                *click_options(application.settings),
                JSON,
                VERBOSE,
            ],
        )
    )
    group.add_command(
        Command(
            "evaluate",
            help="Score artefacts of a bundle again, on its own data or on others.",
            callback=_evaluate(application),
            params=[
                _bundle_option(application.name),
                click.Option(
                    ["--artefact"],
                    type=_ARTEFACT,
                    default="all",
                    show_default=True,
                    help="The one to score.",
                ),
                click.Option(["--data"], help=_DATA_HELP + "  [default: that of training]"),
                click.Option(
                    ["--split"], help="train, dev, test or all.  [default: as after training]"
                ),
                *application.data_options,
                JSON,
                VERBOSE,
            ],
        )
    )
    group.add_command(
        Command(
            "predict",
            help="Answer with one artefact of a bundle, or with all of them.",
            callback=_predict(application),
            params=[
                click.Argument(["inputs"], nargs=-1, metavar="[INPUT]..."),
                _bundle_option(application.name),
                click.Option(
                    ["--artefact"],
                    type=_ARTEFACT,
                    help="The one that answers.  [default: float32; step for a live stream]",
                ),
                *([_INPUT_FILE] if application.reads_texts else []),
                JSON,
                VERBOSE,
            ],
            epilog=application.input_help,
        )
    )
    group.add_command(
        Command(
            "compare",
            help="Train the same network with our layer and with Keras's GRU and LSTM.",
            callback=_compare(application),
            params=[
                DATA,
                click.Option(
                    ["--seeds"],
                    type=click.IntRange(1),
                    default=3,
                    show_default=True,
                    help="Runs with each layer.",
                ),
                click.Option(
                    ["--layers"],
                    multiple=True,
                    type=click.Choice(LAYERS),
                    default=LAYERS,
                    show_default=True,
                    help="Layer to train with; may be given several times.",
                ),
                *application.data_options,
                *(o for o in click_options(application.settings) if o.name != "layer"),
                JSON,
                VERBOSE,
            ],
        )
    )
    for command in application.more_commands():
        group.add_command(command)
    return group


def _train(application: Any) -> Callable[..., None]:
    def run(
        data: str,
        output: Path,
        resume: bool,
        without: tuple[str, ...],
        as_json: bool,
        **options: Any,
    ) -> None:
        settings = from_options(application.settings, options)
        commands, progress = application.commands(), Progress()
        # Resolved, because a link or the working directory cannot be replaced as such.
        folder = output.resolve()
        rows = commands.train(
            application, data, folder, settings, options, resume, progress, without
        )
        if as_json:
            _print_json(rows)
        else:
            print("\n".join(commands.format_rows(rows)))
        progress.say(f"the bundle is in {output}; its model card is {output / 'README.md'}")

    return run


def _evaluate(application: Any) -> Callable[..., None]:
    def run(
        bundle: Path,
        artefact: str,
        data: str | None,
        split: str | None,
        as_json: bool,
        **options: Any,
    ) -> None:
        artefacts = _artefacts(application, bundle, artefact)
        commands = application.commands()
        rows = []
        for row in commands.evaluate(
            application, bundle, artefacts, data, split, _said(options), Progress()
        ):
            rows.append(row)
            if as_json:
                _print_json([row])
        if not as_json:
            print("\n".join(commands.format_rows(rows)))

    return run


def _said(options: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the options with None for those that the user did not give."""
    source = click.get_current_context().get_parameter_source
    default = click.core.ParameterSource.DEFAULT
    return {name: None if source(name) == default else v for name, v in options.items()}


def _compare(application: Any) -> Callable[..., None]:
    def run(data: str, seeds: int, layers: tuple[str, ...], as_json: bool, **options: Any) -> None:
        settings = from_options(application.settings, options)
        comparison = application.comparison()
        rows = []
        for row in comparison.compare_layers(
            application, data, settings, options, layers, seeds, Progress()
        ):
            rows.append(row)
            if as_json:
                _print_json([row])
        if not as_json:
            print("\n".join(comparison.format_comparison(rows)))

    return run


def _predict(application: Any) -> Callable[..., None]:
    def run(
        inputs: tuple[str, ...],
        bundle: Path,
        artefact: str | None,
        as_json: bool,
        input_file: Path | None = None,
    ) -> None:
        artefacts = [None] if artefact is None else _artefacts(application, bundle, artefact)
        if input_file is not None:
            if inputs:
                raise UserError(f"--input-file {input_file}: give a file or texts, not both")
            inputs = given_texts.lines_of(input_file)
        if len(artefacts) > 1 and not inputs:
            inputs = tuple(standard_input.lines())
        for name in artefacts:
            for answer in application.commands().predict(application, bundle, name, inputs):
                if len(artefacts) > 1:
                    answer = {"artefact": name, **answer}
                if as_json:
                    _print_json([answer])
                else:
                    first = f"{name}\t" if len(artefacts) > 1 else ""
                    shown = _writable(one_line(answer["input"], 400))
                    print(f"{first}{answer['answer']}\t{answer['score']:.4f}\t{shown}")
                    for note in answer.get("notes", ()):
                        print(f"note: {one_line(answer['input'], 40)}: {note}", file=sys.stderr)
                sys.stdout.flush()

    return run


def _artefacts(application: Any, bundle: Path, artefact: str) -> list[str]:
    if artefact != "all":
        return [artefact]
    found = application.commands().artefacts(open_bundle(bundle, application.name))
    if not found:
        raise UserError(f"{bundle}: holds no artefact; train it again")
    return found


def _print_json(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        line = json.dumps(row, ensure_ascii=False)
        # JSON leaves some characters as they are that many a reader takes for the end of the line.
        print(_writable(_LINE_END.sub(_escape, line)), flush=True)


def _writable(text: str) -> str:
    """Returns a text with the bytes escaped that were no UTF-8, as a file's name may have some."""
    return _NO_CHARACTER.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def run(application: Any) -> None:
    """Runs the command line of an application and exits."""
    make_commands(application)(prog_name=f"python -m apps.{application.name}")
