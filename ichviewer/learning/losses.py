"""The loss that the model is trained on and judged by."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ichviewer.domain.labels import N_LABELS

LABEL_WEIGHTS: tuple[float, ...] = (2 / 7,) + (1 / 7,) * (N_LABELS - 1)
"""Weights of the RSNA 2019 challenge: "any" counts twice."""

_EPSILON = 1e-15


def weighted_log_loss(labels: ArrayLike, probabilities: ArrayLike) -> float:
    """Weighted multi-label log loss of the RSNA 2019 challenge.

    Parameters
    ----------
    labels : array, shape (n, 6)
        0 or 1.
    probabilities : array, shape (n, 6)
        0..1; ends are moved in by 1e-15.
    """
    y = np.asarray(labels, np.float64)
    p = np.clip(np.asarray(probabilities, np.float64), _EPSILON, 1 - _EPSILON)
    each: NDArray[np.float64] = -(y * np.log(p) + (1 - y) * np.log1p(-p))
    return float((each @ np.asarray(LABEL_WEIGHTS)).mean())


def weighted_log_loss_from_logits(labels: Any, logits: Any, label_smoothing: float = 0.0) -> Any:
    """The same loss on tensors, from logits, one value a sample.

    Parameters
    ----------
    labels : tensor, shape (n, 6), float32
    logits : tensor, shape (n, 6), float32
    label_smoothing : float
        0 and 1 become this / 2 and 1 - this / 2.

    Returns
    -------
    tensor, shape (n,)
    """
    from keras import ops  # noqa: PLC0415

    y = labels * (1.0 - label_smoothing) + 0.5 * label_smoothing
    # max(z, 0) - z y + log(1 + exp(-|z|)) never overflows.
    each = ops.maximum(logits, 0.0) - logits * y + ops.log1p(ops.exp(-ops.abs(logits)))
    return ops.sum(each * ops.convert_to_tensor(LABEL_WEIGHTS, each.dtype), axis=-1)
