"""From data and settings to a trained generator: seeds, pairs, batches, the weights kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import keras
import numpy as np

from common.errors import UserError
from common.generation.application import Array, FrontEnd, GenerationData, GeneratorApplication
from common.generation.artefacts import ModelScorer, Part
from common.generation.batches import SentenceBatches
from common.generation.evaluation import quoted_bleu
from common.generation.learning import (
    compile_rewarder,
    compile_teacher,
    watch,
    watch_rewards,
)
from common.generation.network import Generator
from common.generation.reward import InputBatches, sentence_rewards
from common.progress import Progress
from common.settings import to_json
from common.training import History, train

# Enough to tell epochs apart, few enough to be answered in a fraction of an epoch.
_SCORED_INPUTS = 500


@dataclass
class _Pairs:
    """What a split teaches.

    Attributes:
        inputs: encoded, each once.
        references: of each input, as text.
        owners: for each pair, the index of its input.
        sentences: for each pair, the ids of its sentence.
        left_out: number of pairs that are too long for one call.
    """

    inputs: list[Array] = field(default_factory=list)
    references: list[tuple[str, ...]] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)
    sentences: list[list[int]] = field(default_factory=list)
    left_out: int = 0

    def add(self, encoded: Array, references: tuple[str, ...], front_end: FrontEnd) -> None:
        """Adds an input: a pair for each of its sentences that one call can write."""
        for text in references:
            ids = front_end.vocabulary.encode(text)
            if len(ids) + 1 > front_end.max_tokens:
                self.left_out += 1
            else:
                self.owners.append(len(self.inputs))
                self.sentences.append(ids)
        self.inputs.append(encoded)
        self.references.append(references)

    def inputs_to_reward(
        self, front_end: FrontEnd, seed: int
    ) -> tuple[InputBatches, list[list[list[int]]]]:
        """Returns batches of the inputs that have sentences, and the ids of these for each."""
        sentences: dict[int, list[list[int]]] = {}
        for owner, ids in zip(self.owners, self.sentences, strict=True):
            sentences.setdefault(owner, []).append(ids)
        inputs = [self.inputs[owner] for owner in sentences]

        def pad(indices: Sequence[int], steps: int) -> Array:
            return front_end.pad([inputs[i] for i in indices], steps)

        lengths = [len(one) if front_end.max_timesteps else 0 for one in inputs]
        return InputBatches(lengths, pad, seed), list(sentences.values())

    @property
    def tokens(self) -> int:
        """Number of tokens of all sentences, END among them."""
        return sum(len(ids) + 1 for ids in self.sentences)

    def batches(self, front_end: FrontEnd, tokens: int, seed: int | None) -> SentenceBatches:
        """Returns the batches; arguments as of `SentenceBatches`."""
        of_one_shape = front_end.max_timesteps == 0

        def pad(indices: Sequence[int], steps: int) -> Array:
            return front_end.pad([self.inputs[self.owners[i]] for i in indices], steps)

        lengths = [0 if of_one_shape else len(self.inputs[i]) for i in self.owners]
        owners = self.owners if of_one_shape else None
        return SentenceBatches(lengths, pad, self.sentences, tokens, seed, owners)


def fit(
    application: GeneratorApplication,
    data: GenerationData,
    front_end: FrontEnd,
    settings: Any,
    checkpoint: Path,
    logs: Path | None,
    resume: bool,
    progress: Progress,
) -> tuple[Generator, History]:
    """Trains the network of an application on its data; arguments as in `training.train`.

    Raises:
        UserError: a split has no pair that is short enough; or the checkpoint is that of another
            run.
    """
    keras.utils.set_random_seed(settings.seed)
    model = application.build_network(settings, front_end)
    progress.say(f"{model.count_params():,} parameters")

    def pairs(split: str) -> _Pairs:
        inputs = application.training_inputs(model, front_end, data, split, settings, progress)
        return _pairs(data, split, inputs, front_end, progress)

    train_pairs, dev_pairs = pairs("train"), pairs("dev")
    batches = train_pairs.batches(front_end, settings.batch_tokens, settings.seed)
    score = _greedy_bleu(application, model, front_end, dev_pairs)
    run = partial(
        train,
        dev_batches=dev_pairs.batches(front_end, settings.batch_tokens, None),
        identity={
            "settings": to_json(settings),
            "data": _digest(front_end, train_pairs, dev_pairs),
        },
        resume=resume,
        progress=progress,
    )
    _, history = run(
        compile_teacher(model, settings, len(batches)),
        batches,
        settings=settings,
        watch=watch(score, train_pairs.tokens),
        checkpoint=checkpoint,
        logs=logs,
    )
    for epoch in history.epochs:
        epoch["tokens_per_second"] = train_pairs.tokens / epoch["seconds"]
    if settings.reward_epochs:
        progress.say("going on with rewards for the network's own sentences")
        history = _learn_from_rewards(
            model,
            history,
            train_pairs,
            front_end,
            settings,
            partial(
                run,
                settings=replace(settings, epochs=settings.reward_epochs),
                watch=watch_rewards(score),
                checkpoint=checkpoint / "rewards",
                logs=logs and logs / "rewards",
            ),
        )
    return model, history


def _learn_from_rewards(
    model: Generator,
    history: History,
    train_pairs: _Pairs,
    front_end: FrontEnd,
    settings: Any,
    go_on: Callable[..., tuple[Any, History]],
) -> History:
    """Goes on with a network that a teacher has trained.

    Args:
        go_on: runs `train` with a model, its batches and what else is given.

    Returns:
        What happened in all; the network has the weights of the best epoch of either kind.
    """
    batches, references = train_pairs.inputs_to_reward(front_end, settings.seed)
    rewards = sentence_rewards(references)
    taught = model.get_weights()
    _, more = go_on(
        compile_rewarder(model, settings, rewards, front_end.max_tokens, len(batches)), batches
    )
    both = History([*history.epochs, *more.epochs], history.best_epoch, more.stopped)
    if more.best["dev_bleu"] > history.best["dev_bleu"]:
        both.best_epoch = len(history.epochs) + more.best_epoch
    else:
        model.set_weights(taught)
    return both


def _greedy_bleu(
    application: GeneratorApplication, model: Generator, front_end: FrontEnd, dev: _Pairs
) -> Callable[[], dict[str, float]]:
    """Returns what scores the first inputs of dev with the weights that the network has then."""
    scorer = ModelScorer(model, front_end)
    parts = [Part(None, encoded) for encoded in dev.inputs[:_SCORED_INPUTS]]
    references = dev.references[:_SCORED_INPUTS]

    def score() -> dict[str, float]:
        answers = dict(scorer.answer_parts(parts))
        texts = [answers[index].text for index in range(len(parts))]
        return {"dev_bleu": quoted_bleu(application.metrics(texts, references)[0])}

    return score


def _pairs(
    data: GenerationData,
    split: str,
    inputs: Sequence[Array | None],
    front_end: FrontEnd,
    progress: Progress,
) -> _Pairs:
    pairs = _Pairs()
    for encoded, references in zip(inputs, data.references[split], strict=True):
        if encoded is None:
            pairs.left_out += len(references)
        else:
            pairs.add(encoded, references, front_end)
    if not pairs.sentences:
        raise UserError(
            f"{data.name}: no pair of the {split} split is short enough for one call; divide the "
            "inputs and their sentences"
        )
    if pairs.left_out:
        progress.say(
            f"note: {pairs.left_out:,} of {pairs.left_out + len(pairs.sentences):,} pairs of the "
            f"{split} split are too long for one call and are left out of training"
        )
    return pairs


def _digest(front_end: FrontEnd, *splits: _Pairs) -> str:
    digest = hashlib.sha256()
    for _, content in sorted(front_end.files().items()):
        digest.update(content)
    for pairs in splits:
        for one in pairs.inputs:
            digest.update(np.ascontiguousarray(one).tobytes())
        digest.update(repr((pairs.owners, pairs.sentences)).encode())
    return digest.hexdigest()
