"""What a classifier reaches that counts words and knows nothing of their order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from common.classification.application import Array

NAME = "bag of words with logistic regression"


def bag_of_words_scores(
    encoded: Sequence[Array], targets: NDArray[np.int64], scored: Sequence[Array], words: int
) -> Array:
    """Trains logistic regression on which words occur and returns its scores.

    Args:
        encoded, targets: ids and class of each training text.
        scored: ids of the texts to score.
        words: size of the vocabulary.

    Returns:
        Scores `(n, classes)`.
    """
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    def occurrences(texts: Sequence[Array]) -> csr_matrix:
        ids = [np.unique(text) for text in texts]
        ends = np.cumsum([0, *(len(i) for i in ids)])
        values = np.ones(ends[-1], np.float32)
        return csr_matrix((values, np.concatenate(ids), ends), shape=(len(texts), words))

    model = LogisticRegression(C=0.1, max_iter=200).fit(occurrences(encoded), targets)
    return np.asarray(model.predict_proba(occurrences(scored)))
