"""What an application must say to be a generator of sentences; everything else is common.

An application is a light object: nothing here imports TensorFlow until a method needs it, so that
`--help` answers at once and LiteRT files predict without it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from numpy.typing import NDArray

from common.errors import UserError
from common.generation.settings import GeneratorSettings
from common.progress import Progress

if TYPE_CHECKING:
    from common.generation.evaluation import Tolerance
    from common.generation.network import Generator
    from common.text.pieces import PieceVocabulary

Array = NDArray[Any]


@dataclass(frozen=True)
class GenerationData:
    """Inputs and the sentences that go with them, in a few splits.

    Attributes:
        name: as the user named the data.
        inputs: the raw inputs of each split, each of them once.
        references: for each input of a split every right sentence, one at least.
        notes: what a reader of a score must know about the splits.
        cache: folder in which what is computed of the inputs may be kept, or None.
    """

    name: str
    inputs: Mapping[str, Sequence[Any]]
    references: Mapping[str, Sequence[tuple[str, ...]]]
    notes: tuple[str, ...] = ()
    cache: Path | None = None


@dataclass(frozen=True)
class Answer:
    """What an artefact says of a raw input.

    Attributes:
        text: the sentence.
        score: geometric mean of the probabilities of its tokens, 0 to 1.
        ids: its tokens, before they were made text: END and padding are not among them.
    """

    text: str
    score: float
    ids: tuple[int, ...] = field(default=())


@dataclass(frozen=True)
class QuantisedEncoder:
    """How the first part of an encoder becomes int8, in front of the rest, which stays in float.

    What normalises its own values, as layer normalisation, belongs to the rest: in 8 bits it was
    wrong by as much as there was.

    Attributes:
        function: from the network's input to what the network takes as well; has no loop.
        calibration: gives the network's inputs, batch 1, on which ranges are measured.
    """

    function: Callable[[Any], Any]
    calibration: Callable[[], Iterable[Array]]


class FrontEnd(ABC):
    """From raw inputs to what the network takes, and from its tokens to text.

    Needs NumPy alone.

    Attributes:
        vocabulary: of the sentences.
    """

    vocabulary: PieceVocabulary

    @abstractmethod
    def encode(self, raw: Any) -> Array:
        """Returns the network's input for one raw input: ids `(timesteps,)`, pixels, ….

        Raises:
            UserError: it is too long for one call; the message says what to do.
        """

    @abstractmethod
    def pad(self, encoded: Sequence[Array], timesteps: int) -> Array:
        """Returns a batch; what was added is masked by the network.

        Args:
            encoded: of `encode`.
            timesteps: of the batch, where inputs have different lengths.
        """

    @property
    @abstractmethod
    def max_timesteps(self) -> int:
        """The most steps of an input that one call takes; 0 where all inputs have one shape."""

    @abstractmethod
    def limit(self, encoded: Array) -> int:
        """Returns the most tokens of the answer to an input, END among them."""

    @property
    @abstractmethod
    def max_tokens(self) -> int:
        """The largest `limit` there is."""

    def parts(self, raw: Any) -> list[Any]:
        """Divides a raw input into those that are answered by themselves, in order."""
        return [raw]

    def remarks(self, raw: Any) -> list[str]:
        """Returns what a user must know of the answer to a raw input, in sentences."""
        return []

    def join(self, texts: Sequence[str]) -> str:
        """Makes one answer of those to the parts."""
        return " ".join(texts)

    @abstractmethod
    def files(self) -> Mapping[str, bytes]:
        """Returns the files from which `GeneratorApplication.load_front_end` makes it again."""

    def describe(self, data: GenerationData) -> list[str]:
        """Returns sentences about the training split for the log and the model card."""
        return []


class GeneratorApplication(ABC):
    """One application: its data, its network, the forms in which it is exported."""

    name: str
    summary: str
    input_help: str
    # The signature of the whole search in a TFLite file, and the name of its input.
    signature: str
    input_name: str
    # Whether inputs are texts, so that `predict` reads lines of a file.
    reads_texts: bool = False
    settings: type[GeneratorSettings] = GeneratorSettings
    data_options: Sequence[Any] = ()
    # What figures in the table of scores mean, by name, for the model card.
    meanings: Mapping[str, str] = {}
    # What the parity gate allows artefacts of this application in the place of what it allows all.
    tolerances: Mapping[str, Tolerance] = {}

    @abstractmethod
    def load_data(
        self, data: str, splits: Collection[str] | None, options: Mapping[str, Any]
    ) -> GenerationData:
        """Loads data: `builtin`, a path or `tfds:NAME`.

        Args:
            data: what the user gave.
            splits: the splits wanted; None for all that training needs.
            options: values of `data_options` and the seed.

        Raises:
            UserError: the data cannot be used.
        """

    def settle(self, settings: Any, data: GenerationData) -> Any:
        """Returns the settings with those decided that were left to the data."""
        return settings

    def usable(self, data: GenerationData, progress: Progress) -> GenerationData:
        """Returns the data without inputs that cannot be read, which its notes name and count.

        Raises:
            UserError: nothing is left of a split.
        """
        return data

    @abstractmethod
    def make_front_end(self, data: GenerationData, settings: Any) -> FrontEnd:
        """Makes the front end from the training split."""

    @abstractmethod
    def load_front_end(self, files: Mapping[str, bytes]) -> FrontEnd:
        """Makes the front end again, from the files of a bundle or of a TFLite file."""

    @abstractmethod
    def build_network(self, settings: Any, front_end: FrontEnd) -> Generator:
        """Builds the network, with its weights."""

    def training_inputs(
        self,
        model: Generator,
        front_end: FrontEnd,
        data: GenerationData,
        split: str,
        settings: Any,
        progress: Progress,
    ) -> Sequence[Array | None]:
        """Returns what the network takes for each input of a split in training.

        That is `FrontEnd.encode` of it, or what the encoder's fixed layers make of that, which
        the network takes as well; None for one that is too long for one call.
        """
        found: list[Array | None] = []
        for one in data.inputs[split]:
            try:
                found.append(front_end.encode(one))
            except UserError:
                found.append(None)
        return found

    @abstractmethod
    def import_layers(self) -> None:
        """Imports the Keras layers of the network, so that `model.keras` can be loaded."""

    @abstractmethod
    def input_spec(self, front_end: FrontEnd, batch: int | None) -> Any:
        """Returns the `tf.TensorSpec`, named `input_name`, of the network's input.

        Args:
            front_end: of the network.
            batch: number of rows; None for any number, of any length.
        """

    @abstractmethod
    def limits_in_graph(self, front_end: FrontEnd, given: Any) -> Any:
        """Returns `FrontEnd.limit` of each row of a batch, int32 `(batch,)`, as a tensor."""

    def other_inputs(self, front_end: FrontEnd) -> Mapping[str, tuple[Any, Callable[[Any], Any]]]:
        """Returns other forms in which a TFLite file takes the network's input, batch 1.

        Returns:
            For the end of a signature's name a `tf.TensorSpec`, named `input_name`, and what makes
            the network's input of such a tensor.
        """
        return {}

    def quantised_encoder(
        self, model: Generator, front_end: FrontEnd, examples: Sequence[Any]
    ) -> QuantisedEncoder | None:
        """Returns how a part of the encoder is converted to int8, or None where none can be."""
        return None

    @abstractmethod
    def from_raw_in_graph(self, front_end: FrontEnd) -> tuple[Any, Any]:
        """Returns how a server takes raw inputs.

        Returns:
            The `tf.TensorSpec` of raw inputs, and a function of them, a `tf.Module` perhaps, to the
            network's input.
        """

    @abstractmethod
    def request(self, front_end: FrontEnd, raw: Sequence[Any]) -> Array:
        """Returns raw inputs as a client of the server sends them."""

    @abstractmethod
    def read_inputs(self, arguments: Sequence[str]) -> Iterator[tuple[str, Any]]:
        """Yields what `predict` is asked about: what to call it, and the raw input.

        Args:
            arguments: what the user gave; nothing means standard input.
        """

    @abstractmethod
    def show(self, raw: Any) -> str:
        """Returns one line about a raw input, for lists of good and bad answers."""

    @abstractmethod
    def metrics(
        self, answers: Sequence[str], references: Sequence[tuple[str, ...]]
    ) -> tuple[dict[str, float], dict[str, str]]:
        """Scores answers as people quote it; returns scores by name, and their signatures."""

    def observations(
        self, answers: Sequence[str], data: GenerationData, split: str
    ) -> dict[str, float]:
        """Returns figures about the answers to a split beside `metrics`, by name."""
        return {}

    def baseline(self, data: GenerationData, split: str) -> tuple[str, list[str]] | None:
        """Returns the name of a simple method, and its answers to a split."""
        return None

    def draw(
        self,
        model: Generator,
        front_end: FrontEnd,
        data: GenerationData,
        split: str,
        answers: Sequence[Answer],
        folder: Path,
    ) -> list[tuple[str, str]]:
        """Draws pictures for the model card; returns title and file name of each."""
        return []

    def usage(self, front_end: FrontEnd) -> str:
        """Returns a section in Markdown for the model card: how to call each artefact."""
        return ""

    def commands(self) -> Any:
        """Returns the module with `train`, `evaluate`, `predict` and `format_rows`."""
        from common.generation import commands

        return commands

    def more_commands(self) -> Sequence[click.Command]:
        """Returns commands beside those that every application has."""
        return []

    def comparison(self) -> Any:
        """Returns the module with `compare_layers` and `format_comparison`."""
        from common.generation import comparison

        return comparison
