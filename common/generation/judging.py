"""Score every artefact of a bundle on the same examples, against one network."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from common.bundle import Bundle, artefact_path
from common.files import file_bytes
from common.generation.application import Answer, FrontEnd, GenerationData, GeneratorApplication
from common.generation.artefacts import (
    GREEDY_ONLY,
    STEP,
    Scorer,
    StepScorer,
    artefacts,
    open_artefact,
)
from common.generation.evaluation import BEAM, GREEDY, Search, compare, title_of
from common.generation.scores import by_length
from common.progress import Progress

DEFAULT_ARTEFACT = "float32"


class Judge:
    """Scores artefacts of a bundle on the same examples, against one network.

    Args:
        application: whose bundle.
        bundle: whose artefacts.
        data: the examples.
        split: of the data.
        opened: opens an artefact for a search.
        network: opens the network that artefacts are compared with, for a search.
        progress: told about every artefact.
    """

    def __init__(
        self,
        application: GeneratorApplication,
        bundle: Bundle,
        data: GenerationData,
        split: str,
        opened: Callable[[str, Search], Scorer],
        network: Callable[[Search], Scorer],
        progress: Progress,
    ) -> None:
        self.application, self.bundle, self.progress = application, bundle, progress
        self.data, self.split = data, split
        self.opened, self.network = opened, network
        self.inputs, self.references = data.inputs[split], data.references[split]
        self._reference: dict[Search, list[Answer]] = {}

    def reference(self, search: Search) -> list[Answer]:
        """Returns the answers of the network that artefacts are compared with."""
        if search not in self._reference:
            network = self.network(search)
            if not self._reference:
                self._say_what_is_divided(network.front_end)
            self._reference[search] = self._answers(network, f"network {search}")
        return self._reference[search]

    def _say_what_is_divided(self, front_end: FrontEnd) -> None:
        divided = sum(len(front_end.parts(raw)) > 1 for raw in self.inputs)
        if divided:
            self.progress.say(
                f"note: {divided:,} of {len(self.inputs):,} inputs of the {self.split} split are "
                "too long for one call and are answered in parts, by every artefact"
            )

    def rows(self, artefact: str) -> Iterator[dict[str, Any]]:
        """Yields the row of an artefact with each of its searches."""
        for search in searches(self.bundle, artefact):
            yield self._row(artefact, search)

    def _row(self, artefact: str, search: Search) -> dict[str, Any]:
        scorer = self.opened(artefact, search)
        # First, because the first calls trace and are no measure of speed.
        latency = scorer.latency_ms(self.inputs[:50])
        start = time.perf_counter()
        answers = self._answers(scorer, f"{artefact} {search}")
        seconds = time.perf_counter() - start
        texts = [answer.text for answer in answers]
        row: dict[str, Any] = {
            "app": self.application.name,
            "artefact": artefact,
            "search": search,
            "data": self.data.name,
            "split": self.split,
            "examples": len(self.inputs),
            "metrics": {
                **self._metrics(texts)[0],
                **self.application.observations(texts, self.data, self.split),
            },
            "bytes": file_bytes(_file(self.bundle, artefact)),
            "latency_ms": latency,
            "sentences_per_second": len(self.inputs) / seconds,
            **compare(answers, self.reference(search)),
        }
        if isinstance(scorer, StepScorer):
            row["encode_ms"] = scorer.encode_ms(self.inputs[:50])
        self.progress.say(_line(row))
        return row

    def _answers(self, scorer: Scorer, what: str) -> list[Answer]:
        found: dict[int, Answer] = {}
        self.progress.start(what, len(self.inputs))
        for index, answer in scorer.answers(self.inputs):
            found[index] = answer
            self.progress.advance()
        self.progress.close()
        return [found[index] for index in range(len(self.inputs))]

    def _metrics(self, answers: Sequence[str]) -> tuple[dict[str, float], dict[str, str]]:
        return self.application.metrics(answers, self.references)

    def about_the_network(self, front_end: FrontEnd) -> dict[str, Any]:
        """Returns signatures of the metrics, scores by length, and those of the baseline."""
        answers = [answer.text for answer in self.reference(searches(self.bundle)[-1])]
        bands = []
        if front_end.max_timesteps:
            lengths = [
                sum(len(front_end.encode(part)) for part in front_end.parts(raw))
                for raw in self.inputs
            ]
            bands = by_length(answers, self.references, lengths)
        return {
            "signatures": self._metrics(answers)[1],
            "by_length": bands,
            "baseline": self._baseline(),
        }

    def _baseline(self) -> dict[str, Any] | None:
        found = self.application.baseline(self.data, self.split)
        if found is None:
            return None
        name, answers = found
        metrics = self._metrics(answers)[0]
        self.progress.say(f"for comparison, {name}: {_shown(metrics)}")
        return {"name": name, "metrics": metrics}


def searches(bundle: Bundle, artefact: str = DEFAULT_ARTEFACT) -> tuple[Search, ...]:
    """Returns the searches of an artefact, its best one last."""
    has_beam = bundle.config["settings"]["beam"] > 1 and artefact not in GREEDY_ONLY
    return (GREEDY, BEAM) if has_beam else (GREEDY,)


def _file(bundle: Bundle, artefact: str) -> Path:
    return artefact_path(bundle.path, DEFAULT_ARTEFACT if artefact == STEP else artefact)


def _shown(metrics: Mapping[str, float]) -> str:
    return "  ".join(f"{title_of(name)} {value:.2f}" for name, value in metrics.items())


def _line(row: Mapping[str, Any]) -> str:
    return (
        f"{row['artefact']:12} {row['search']:6}  {_shown(row['metrics'])}  "
        f"equal answers {row['equal_answers']:.2%}  {row['latency_ms']:.2f} ms  "
        f"{row['sentences_per_second']:,.0f} sentences/s  {row['bytes']:,} bytes"
    )


def require(bundle: Bundle, artefact: str) -> None:
    """Refuses an artefact that is not there; `step` lives in the file of another."""
    if artefact not in artefacts(bundle):
        bundle.require(artefact)


def open_given(
    application: GeneratorApplication, bundle: Bundle, artefact: str, search: Search
) -> Scorer:
    """Opens an artefact that came from outside."""
    file = DEFAULT_ARTEFACT if artefact == STEP else artefact  # the one to name if it is damaged
    return bundle.opened(file, lambda: open_artefact(application, bundle, artefact, search))
