"""What an application must say to be a classifier; everything else is common.

An application is a light object: nothing here imports TensorFlow until a method needs it, so that
`--help` answers at once and LiteRT files predict without it.
"""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from common.classification.settings import ClassifierSettings

Array = NDArray[Any]


@dataclass(frozen=True)
class ClassificationData:
    """Labelled inputs of a few splits.

    Attributes:
        name: as the user named the data.
        labels: the classes.
        inputs: the raw inputs of each split.
        targets: the index of each input's class, for each split.
        notes: what a reader of a score must know about the splits.
        groups: for each split what each input belongs to (its speaker, its recording); empty where
            that is not known.
    """

    name: str
    labels: tuple[str, ...]
    inputs: Mapping[str, Sequence[Any]]
    targets: Mapping[str, NDArray[np.int64]]
    notes: tuple[str, ...] = ()
    groups: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class TensorFunction:
    """A function to export.

    Attributes:
        function: takes tensors, returns tensors by name.
        inputs: a `tf.TensorSpec` with a name for each argument.
        resources: `tf.Module`s with lookup tables that it uses.
        front_end: a function whose outputs feed inputs of this one by name, and which stays in
            float whatever the precision of the rest, unless `looks_up`.
        looks_up: whether the front end is a table of weights, which in the quantised forms has 8
            bits like other weights, also where activations have 16.
    """

    function: Callable[..., Mapping[str, Any]]
    inputs: Sequence[Any]
    resources: Sequence[Any] = field(default=())
    front_end: TensorFunction | None = None
    looks_up: bool = False

    def whole(self) -> TensorFunction:
        """Returns front end and function as one: the inputs of both that nothing feeds.

        The front end's come first. Outputs are those of both that feed nothing.
        """
        front = self.front_end
        if front is None:
            return self
        import tensorflow as tf

        traced = tf.function(front.function, input_signature=list(front.inputs), autograph=False)
        given = set(traced.get_concrete_function().structured_outputs)
        wanted = [spec.name for spec in self.inputs]
        split = len(front.inputs)

        def run(*values: Any) -> Mapping[str, Any]:
            made = dict(front.function(*values[:split]))
            rest = iter(values[split:])
            arguments = [made.pop(name) if name in given else next(rest) for name in wanted]
            return {**self.function(*arguments), **made}

        rest = [spec for spec in self.inputs if spec.name not in given]
        return TensorFunction(run, [*front.inputs, *rest], self.resources)


class FrontEnd(ABC):
    """From raw inputs to what the network takes, as it was when the network was trained.

    Needs NumPy alone.
    """

    @abstractmethod
    def encode(self, raw: Any) -> Array:
        """Returns the network's input for one raw input: `(timesteps, ...)`, at least one step."""

    def remarks(self, raw: Any) -> list[str]:
        """Returns what a user must know of the answer to a raw input, in sentences."""
        return []

    def pieces(self, raw: Any) -> Iterator[tuple[Array, float]]:
        """Yields encoded pieces of a raw input with their weights.

        The scores of the input are the weighted mean of those of its pieces. One piece, unless an
        input can be too long for one call.
        """
        yield self.encode(raw), 1.0

    @abstractmethod
    def pad(self, encoded: Sequence[Array], timesteps: int) -> Array:
        """Returns a batch `(n, timesteps, ...)`; what was added is masked by the network."""

    @property
    @abstractmethod
    def max_timesteps(self) -> int:
        """The most steps that are read of one input, in training and in every artefact."""

    @abstractmethod
    def files(self) -> Mapping[str, bytes]:
        """Returns the files from which `ClassifierApplication.load_front_end` makes it again."""

    def describe(self, inputs: Sequence[Any]) -> list[str]:
        """Returns sentences about these training inputs for the log and the model card."""
        return []


class ClassifierApplication(ABC):
    """One application: its data, its network, the forms in which it is exported."""

    name: str
    summary: str
    input_help: str
    # Whether inputs are texts, so that `predict` reads lines of a file.
    reads_texts: bool = False
    settings: type[ClassifierSettings] = ClassifierSettings
    data_options: Sequence[Any] = ()
    # What "auto" stands for among the settings' `step_activations`.
    step_activations: str = "int8"

    @abstractmethod
    def load_data(
        self,
        data: str,
        splits: Collection[str] | None,
        labels: Sequence[str] | None,
        options: Mapping[str, Any],
    ) -> ClassificationData:
        """Loads data: `builtin`, a path or `tfds:NAME`.

        Args:
            data: what the user gave.
            splits: the splits wanted; None for all that training needs.
            labels: the classes of a trained network, or None.
            options: values of `data_options` and the seed.

        Raises:
            UserError: the data cannot be used.
        """

    def sized(self, settings: Any, layer: str, units: int, rank: int) -> Any:
        """Returns the settings of a network with a layer of another kind or size."""
        return dataclasses.replace(settings, layer=layer, units=units, rank=rank)

    def settle(self, settings: Any, data: ClassificationData) -> Any:
        """Returns the settings with a value in the place of each that depends on the data."""
        direction = "causal" if settings.direction == "auto" else settings.direction
        return dataclasses.replace(settings, direction=direction)

    def step_precision(self, settings: ClassifierSettings) -> str:
        """Returns the precision of the quantised one-step form, as in `common.export.tflite`."""
        wanted = settings.step_activations
        activations = self.step_activations if wanted == "auto" else wanted
        return {"int8": "int8", "int16": "int16x8"}[activations]

    @abstractmethod
    def make_front_end(self, data: ClassificationData, settings: Any) -> FrontEnd:
        """Makes the front end from the training split."""

    @abstractmethod
    def load_front_end(self, files: Mapping[str, bytes], max_timesteps: int) -> FrontEnd:
        """Makes the front end again, from the files of a bundle or those packed in a TFLite file.

        Args:
            files: content by file name.
            max_timesteps: the most steps read of one input.
        """

    @abstractmethod
    def build_network(
        self,
        settings: Any,
        front_end: FrontEnd,
        classes: int,
        encoded: Sequence[Array],
        targets: NDArray[np.int64],
    ) -> Any:
        """Builds the Keras model: padded batch `(n, timesteps, ...)` to scores `(n, classes)`.

        Args:
            settings: of the run.
            front_end: what feeds the network.
            classes: number of classes.
            encoded: the inputs of the training split, from which first weights may be made.
            targets: their classes.
        """

    def augment(
        self, settings: Any, front_end: FrontEnd
    ) -> Callable[[Array, np.random.Generator], Array] | None:
        """Returns what changes an encoded input each time it is trained on; None for nothing."""
        return None

    def mix(
        self, settings: Any, front_end: FrontEnd
    ) -> Callable[[Array, Array, np.random.Generator], tuple[Array, float]] | None:
        """Returns what makes one encoded input of two, to be trained on; None for nothing.

        It returns the mixed input and the share of the label that the first one keeps.
        """
        return None

    def measure(self, front_end: FrontEnd, inputs: Sequence[Any]) -> Mapping[str, float]:
        """Returns measured facts about the front end, by name, for `metrics.json` and the card."""
        return {}

    def import_layers(self) -> None:
        """Imports the Keras layers of the network, so that `model.keras` can be loaded."""
        from common.classification import learning, network  # noqa: F401

    @abstractmethod
    def server_functions(
        self, model: Any, front_end: FrontEnd, labels: Sequence[str]
    ) -> Mapping[str, TensorFunction]:
        """Returns the signatures of the SavedModel; `serving_default` takes raw inputs.

        `serving_default` returns `label`, `score` and `scores`.
        """

    @abstractmethod
    def server_request(self, signature: str, front_end: FrontEnd, raw: Sequence[Any]) -> Any:
        """Returns the inputs by name with which a client asks about some raw inputs."""

    @abstractmethod
    def phone_function(self, model: Any, front_end: FrontEnd) -> TensorFunction:
        """Returns the function of one call on the phone: batch 1, fixed length, `scores` out."""

    @abstractmethod
    def step_function(self, model: Any, front_end: FrontEnd) -> TensorFunction | None:
        """Returns the function of one time step; None if the network has none.

        Its first input is that of the step; the others are states, named as the outputs that
        replace them; `scores` is what the answer would be if the step were the last.
        """

    @abstractmethod
    def steps(self, encoded: Array) -> Iterator[Array]:
        """Yields the first input of the step function, one step after the other."""

    @abstractmethod
    def add_metadata(
        self, model: bytes, artefact: str, front_end: FrontEnd, labels: Sequence[str], version: str
    ) -> bytes:
        """Packs labels and what the front end needs into a TFLite file."""

    @abstractmethod
    def read_inputs(self, arguments: Sequence[str]) -> Iterator[tuple[str, Any]]:
        """Yields what `predict` is asked about: what to call it, and the raw input.

        Args:
            arguments: what the user gave; nothing means standard input.
        """

    def listen(self, bundle: Any, artefact: str | None) -> Iterator[dict[str, Any]] | None:
        """Answers a live stream on standard input, for as long as it lasts.

        Args:
            bundle: `common.bundle.Bundle`.
            artefact: the name that the user gave, or None.

        Returns:
            Answers as `commands.predict` yields them; None where standard input holds lines.
        """
        return None

    @abstractmethod
    def show(self, raw: Any) -> str:
        """Returns one line about a raw input, for lists of right and wrong answers."""

    def baseline(
        self,
        encoded: Sequence[Array],
        targets: NDArray[np.int64],
        scored: Sequence[Array],
        front_end: FrontEnd,
    ) -> tuple[str, Array] | None:
        """Returns the name of a simple method that knows no order, and its scores.

        It stands in the model card beside the network, so that a reader sees what order is worth.

        Args:
            encoded, targets: the training split.
            scored: inputs to score.
            front_end: that encoded them.
        """
        return None

    def draw(self, scorer: Any, inputs: Sequence[Any], folder: Path) -> list[tuple[str, str]]:
        """Draws pictures of the application's own for the model card.

        Args:
            scorer: `artefacts.ModelScorer` of the network.
            inputs: raw inputs of the scored split.
            folder: to write PNG files to.

        Returns:
            Title and file name of each.
        """
        return []

    def commands(self) -> Any:
        """Returns the module with `train`, `evaluate`, `predict` and `format_rows`."""
        from common.classification import commands

        return commands

    def comparison(self) -> Any:
        """Returns the module with `compare_layers` and `format_comparison`."""
        from common.classification import comparison

        return comparison

    def more_commands(self) -> Sequence[click.Command]:
        """Returns commands beside those that every application has."""
        from common.classification.curve_command import curve_command

        return [curve_command(self)]

    def usage(self, labels: Sequence[str], front_end: FrontEnd) -> str:
        """Returns a section in Markdown for the model card: how to call each artefact."""
        return ""
