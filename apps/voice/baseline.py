"""What a classifier that knows no order makes of the same MFCC."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from common.classification.application import Array

NAME = "mean and deviation of the MFCC with logistic regression"


def mean_mfcc_scores(
    train: Sequence[Array], targets: NDArray[np.int64], scored: Sequence[Array]
) -> Array:
    """Returns scores `(n, classes)` from MFCC `(steps, n_mfcc)` of clips."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    def summary(clips: Sequence[Array]) -> Array:
        return np.array([np.concatenate([clip.mean(axis=0), clip.std(axis=0)]) for clip in clips])

    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
    model.fit(summary(train), targets)
    return np.asarray(model.predict_proba(summary(scored)))
