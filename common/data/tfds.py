"""TensorFlow Datasets: opening a builder, choosing its features, reading its splits.

Neither TensorFlow nor tensorflow_datasets is imported before a function here is called.
"""

from __future__ import annotations

import contextlib
import difflib
import functools
import logging
import operator
import os
import sys
import urllib.error
import urllib.parse
from collections.abc import Iterator, Sequence
from typing import Any

from common.data.splits import split_name
from common.errors import UserError, listed, one_line

PREFIX = "tfds:"

_CATALOG = "https://www.tensorflow.org/datasets/catalog/overview"
# A download is tried again this often, and a connection may take this many seconds: without a
# network the user hears of it in seconds rather than in the minutes that TFDS would take.
_RETRIES = 3
_CONNECT_SECONDS = 5.0
_READ_SECONDS = 60.0
_BATCH = 1024
_AHEAD = 16  # examples that are decoded while others are used


def open_builder(name: str) -> Any:
    """Opens a builder, which tells its features; nothing is downloaded yet.

    Prepared data are looked for where the environment variable `TFDS_DATA_DIR` points
    (`~/tensorflow_datasets` by default). What TFDS prints goes to standard error.

    Args:
        name: as in `tfds.load`: `imdb_reviews`, `glue/sst2`, `my_dataset/config:1.0.0`.

    Returns:
        The `tfds.core.DatasetBuilder`.

    Raises:
        UserError: TFDS or a package that the builder needs is not installed, or there is no such
            builder, configuration or version.
    """
    tfds = _import_tfds()
    data_dir = os.environ.get("TFDS_DATA_DIR") or None
    try:
        # TFDS prints about missing packages, and standard output belongs to the command.
        with contextlib.redirect_stdout(sys.stderr):
            return tfds.builder(name, data_dir=data_dir, try_gcs=False)
    except tfds.core.DatasetNotFoundError:
        raise _unknown_builder(tfds, name) from None
    except ImportError as error:
        raise _missing_package(name, error) from error
    except Exception as error:
        raise UserError(
            f"{PREFIX}{name}: TensorFlow Datasets cannot open this ({_said(error)}); check the "
            f"name, the configuration and the version at {_CATALOG}"
        ) from error


def prepare(name: str, builder: Any) -> None:
    """Prepares a builder's data for reading, downloading them if that was never done.

    Args:
        name: the builder's name as the user gave it.
        builder: an opened builder.

    Raises:
        UserError: the data can be neither found nor downloaded, or a package is missing.
    """
    tfds = _import_tfds()
    try:
        with _impatient_downloads(), _quiet(tfds):
            builder.download_and_prepare(
                download_config=tfds.download.DownloadConfig(try_download_gcs=False)
            )
    except ImportError as error:
        raise _missing_package(name, error) from error
    except Exception as error:
        if _is_network(error):
            raise UserError(
                f"{PREFIX}{name}: the data are not prepared in {builder.data_dir} and cannot be "
                f"downloaded ({_unreached(error)}); check the network, or copy that folder from a "
                "machine that has it (TFDS_DATA_DIR chooses another place)"
            ) from error
        raise UserError(
            f"{PREFIX}{name}: the data cannot be prepared in {builder.data_dir} "
            f"({_said(error)}); follow what it says, or see {_CATALOG}"
        ) from error


def labelled_splits(builder: Any) -> tuple[dict[str, str], list[str]]:
    """Finds the splits of a builder that are `train`, `dev` or `test` by their name.

    Args:
        builder: a prepared builder.

    Returns:
        The builder's own name of each split that is there, and a note about the others.
    """
    splits: dict[str, str] = {}
    ignored: list[str] = []
    for own in sorted(builder.info.splits):
        split = split_name(own)
        if split is None or split in splits:
            ignored.append(own)
        else:
            splits[split] = own
    return splits, ([f"ignored the splits {listed(ignored)}"] if ignored else [])


def string_features(builder: Any) -> list[str]:
    """Returns the features that hold one text per example."""
    tfds = _import_tfds()
    return [
        name
        for name, feature in _named_features(builder).items()
        if isinstance(feature, tfds.features.Tensor)
        and feature.shape == ()
        and feature.np_dtype in (object,)
    ]


def scalar_features(builder: Any) -> list[str]:
    """Returns the features that hold one value per example: a text, a number or a class."""
    tfds = _import_tfds()
    return [
        name
        for name, feature in _named_features(builder).items()
        if isinstance(feature, tfds.features.Tensor) and feature.shape == ()
    ]


def audio_features(builder: Any) -> dict[str, int | None]:
    """Returns the features that hold a sound, with their sample rate where the builder says it."""
    tfds = _import_tfds()
    return {
        name: feature.sample_rate or None  # 0 where the builder is read from its files
        for name, feature in _named_features(builder).items()
        if isinstance(feature, tfds.features.Audio)
    }


def class_features(builder: Any) -> dict[str, tuple[str, ...]]:
    """Returns the features that are a `ClassLabel`, with the names of their classes."""
    tfds = _import_tfds()
    return {
        name: tuple(feature.names)
        for name, feature in _named_features(builder).items()
        if isinstance(feature, tfds.features.ClassLabel) and feature.num_classes
    }


def choose_feature(
    name: str,
    builder: Any,
    candidates: Sequence[str],
    *,
    kind: str,
    wanted: str,
    preferred: Sequence[str],
    option: str,
) -> str:
    """Chooses the feature to read.

    Args:
        name: the builder's name as the user gave it.
        builder: an opened builder.
        candidates: its features of the right kind.
        kind: what to call that kind in a message.
        wanted: the name the user gave.
        preferred: names to choose from several candidates, the best first; the first is the
            option's default, so it binds only where it exists.
        option: the command-line option behind `wanted`, for messages.

    Returns:
        `wanted` if it is a candidate, else the only candidate or the first preferred one.

    Raises:
        UserError: there is no candidate, the wanted one is not there, or several are and none is
            preferred.
    """
    if wanted in candidates:
        return wanted
    every = listed(_named_features(builder))
    if not candidates:
        raise UserError(
            f"{PREFIX}{name}: none of its features is {kind} ({every}); choose other data"
        )
    if wanted != preferred[0]:
        raise UserError(
            f"{PREFIX}{name}: '{one_line(wanted, 40)}' is not {kind} of it; choose one of "
            f"{listed(candidates)} with {option}"
        )
    best = [feature for feature in preferred if feature in candidates]
    if len(candidates) > 1 and not best:
        raise UserError(
            f"{PREFIX}{name}: several features are {kind}; choose one of {listed(candidates)} with "
            f"{option}"
        )
    return best[0] if best else candidates[0]


def read_split(
    name: str, builder: Any, split: str, columns: Sequence[str]
) -> Iterator[tuple[Any, ...]]:
    """Reads some features of all examples of a split, always in the same order.

    Args:
        name: the builder's name as the user gave it.
        builder: a prepared builder.
        split: the builder's own name of the split.
        columns: the features to decode; the others are not.

    Yields:
        For each example the values of `columns`, as NumPy gives them (a text is `bytes`). They may
        be of another shape in each example, as sounds are.

    Raises:
        UserError: the prepared data cannot be read.
    """
    tfds = _import_tfds()
    features = _features(builder)
    path_of = {"/".join(path): path for path in features}
    paths = [path_of[column] for column in columns]
    # Only by the names at the top, because TFDS decodes no part of a Translation.
    chosen = tfds.decode.PartialDecoding(dict.fromkeys((path[0] for path in paths), True))
    whole = type(builder.info.features) is not tfds.features.FeaturesDict
    try:
        data = builder.as_dataset(
            split=split,
            shuffle_files=False,
            read_config=tfds.ReadConfig(try_autocache=False),  # everything is read only once
            decoders=None if whole else chosen,
        )
        data = data.map(
            lambda example: tuple(
                functools.reduce(operator.getitem, path, example) for path in paths
            )
        )
        if any(None in features[path].shape for path in paths):
            # A batch has one shape, and one filled up would not tell how long its examples were.
            yield from tfds.as_numpy(data.prefetch(_AHEAD))
            return
        for batch in tfds.as_numpy(data.batch(_BATCH)):
            yield from zip(*batch, strict=True)
    except Exception as error:
        raise UserError(
            f"{PREFIX}{name}: the prepared data in {builder.data_dir} cannot be read "
            f"({_said(error)}); delete that folder and run again"
        ) from error


def _import_tfds() -> Any:
    try:
        import tensorflow_datasets
    except ImportError as error:
        raise UserError(
            f"data named {PREFIX}… need TensorFlow Datasets ({_said(error)}); install it with "
            "pip install tensorflow-datasets"
        ) from error
    return tensorflow_datasets


def _named_features(builder: Any) -> dict[str, Any]:
    """Returns all features; one inside another, as in a Translation, is `outer/inner`."""
    return {"/".join(path): feature for path, feature in _features(builder).items()}


def _features(builder: Any) -> dict[tuple[str, ...], Any]:
    kind = _import_tfds().features.FeaturesDict  # a mapping in all but its class

    def inside(feature: Any, path: tuple[str, ...]) -> dict[tuple[str, ...], Any]:
        if not isinstance(feature, kind):
            return {path: feature}
        found: dict[tuple[str, ...], Any] = {}
        # Sorted, because features that were read from files come in another order each time.
        for name, inner in sorted(feature.items()):
            found |= inside(inner, (*path, name))
        return found

    features = builder.info.features
    return inside(features, ()) if isinstance(features, kind) else {}


@contextlib.contextmanager
def _impatient_downloads() -> Iterator[None]:
    """Lets downloads give up soon when there is no network.

    TFDS has no option for this: it tries ten times with doubling pauses (204 s where names do not
    resolve) and waits for a connection without limit. The two names that it looks up at each
    download are replaced meanwhile; where a version of TFDS has other names, its own patience
    applies.
    """
    from tensorflow_datasets.core.download import downloader

    limits: dict[str, Any] = {"MAX_RETRIES": _RETRIES}
    if hasattr(downloader, "_open_with_requests"):
        limits["_open_with_requests"] = functools.partial(
            downloader._open_with_requests, timeout=(_CONNECT_SECONDS, _READ_SECONDS)
        )
    before = {name: getattr(downloader, name) for name in limits if hasattr(downloader, name)}
    try:
        for name in before:
            setattr(downloader, name, limits[name])
        yield
    finally:
        for name, value in before.items():
            setattr(downloader, name, value)


@contextlib.contextmanager
def _quiet(tfds: Any) -> Iterator[None]:
    """Keeps standard output clean, retries unmentioned, and bars to where someone sees them."""
    retries = logging.getLogger("urllib3.connectionpool")
    level = retries.level
    seen = sys.stderr.isatty()
    try:
        retries.setLevel(logging.ERROR)
        if not seen:
            tfds.disable_progress_bar()
        with contextlib.redirect_stdout(sys.stderr):
            yield
    finally:
        retries.setLevel(level)
        if not seen:
            tfds.enable_progress_bar()


def _said(error: BaseException) -> str:
    return one_line(f"{type(error).__name__}: {error}".removesuffix(": "))


def _unknown_builder(tfds: Any, name: str) -> UserError:
    try:
        close = difflib.get_close_matches(
            name.split("/")[0].split(":")[0],
            sorted(set(tfds.list_builders(with_community_datasets=False))),
            cutoff=0.7,
        )
    except Exception:  # a suggestion is not worth another error
        close = []
    hint = f"perhaps {' or '.join(close)}; " if close else ""
    return UserError(
        f"{PREFIX}{one_line(name, 80)}: TensorFlow Datasets has no builder of this name, and no "
        f"prepared data of this name are in its data folder; {hint}find names at {_CATALOG} or "
        'with python -c "import tensorflow_datasets as tfds; print(*tfds.list_builders())"'
    )


def _missing_package(name: str, error: ImportError) -> UserError:
    # TFDS raises an error anew with the example that it was at; only the first one has a name.
    while not error.name and isinstance(first := error.__cause__ or error.__context__, ImportError):
        error = first
    package = (error.name or "").partition(".")[0]
    advice = f"install {package} with pip" if package else "install what it names with pip"
    return UserError(f"{PREFIX}{name}: it needs a missing package ({_said(error)}); {advice}")


def _unreached(error: Exception) -> str:
    """Names the host rather than quoting the nested message of the HTTP library."""
    url = getattr(getattr(error, "request", None), "url", None)
    host = urllib.parse.urlsplit(url).hostname if url else None
    return f"no answer from {host}" if host else _said(error)


def _is_network(error: Exception) -> bool:
    import requests

    kinds = (requests.RequestException, urllib.error.URLError, ConnectionError, TimeoutError)
    # TensorFlow's own file system (gs://…) reports a lost network with these classes.
    of_tensorflow = ("FailedPreconditionError", "UnavailableError", "AbortedError")
    return isinstance(error, kinds) or (
        type(error).__name__ in (*of_tensorflow, "DownloadError", "gaierror")
    )
