"""Metrics followed while training, as Keras metrics; targets below 0 are unknown and do not count.

Ranks are counted in bins of the logit, not of the probability: the rare types have most of their probabilities close
to 0, where the even thresholds of Keras' own AUC would not tell them apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ichviewer.domain.labels import LABELS
from ichviewer.learning.losses import LABEL_WEIGHTS, weighted_log_loss_from_logits

if TYPE_CHECKING:
    import keras

SPECIFICITY = 0.9
"""The specificity that sensitivity is given at, if nothing else is asked for."""

LARGEST_LOGIT = 16.0
BINS = 2048
"""Logits within -16..16 that are less than 1/64 apart may count as equal; those beyond count as at the end."""


def keras_metrics(specificity: float = SPECIFICITY) -> list[keras.metrics.Metric]:
    """All metrics of the six labels, to be given to Keras.

    Parameters
    ----------
    specificity : float
        Share of negatives that must be called negative, for the sensitivity; in (0, 1).

    Returns
    -------
    list of keras.metrics.Metric
        ``weighted_log_loss``, and for each label ``accuracy_LABEL`` (called at a probability of one half),
        ``auc_LABEL``, ``average_precision_LABEL`` and ``sensitivity_LABEL``. Each takes targets (n, 6) and logits
        (n, 6), optionally weights (n,). Ranks are NaN where there was no positive, or no negative where that is
        needed.
    """
    if not 0 < specificity < 1:
        raise ValueError(f"specificity must lie between 0 and 1. Received: {specificity}")
    accuracy, ranks = _accuracy_class(), _rank_classes()
    found: list[keras.metrics.Metric] = [weighted_log_loss_metric()]
    for k, label in enumerate(LABELS):
        found += [
            accuracy(k, name=f"accuracy_{label}"),
            ranks["auc"](k, name=f"auc_{label}"),
            ranks["average_precision"](k, name=f"average_precision_{label}"),
            ranks["sensitivity"](k, specificity, name=f"sensitivity_{label}"),
        ]
    return found


def weighted_log_loss_metric(name: str = "weighted_log_loss") -> keras.metrics.Mean:
    """A Keras metric: mean of the RSNA weighted log loss, from labels (n, 6) and logits (n, 6).

    The weights of what is known add up to 1 again, so that unknown labels do not look like a smaller loss.
    """
    import keras  # noqa: PLC0415
    from keras import ops  # noqa: PLC0415

    class WeightedLogLoss(keras.metrics.Mean):  # type: ignore[misc]
        def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
            y, z = ops.convert_to_tensor(y_true, "float32"), ops.convert_to_tensor(y_pred, "float32")
            weights = ops.convert_to_tensor(LABEL_WEIGHTS, "float32")
            known = ops.sum(ops.cast(y >= 0, "float32") * weights, axis=-1)
            each = weighted_log_loss_from_logits(y, z) / ops.maximum(known, 1e-6)
            if sample_weight is not None:
                known = known * ops.convert_to_tensor(sample_weight, "float32")
            super().update_state(each, sample_weight=known)

    return WeightedLogLoss(name=name)


def _known(y_true: Any, label: int, sample_weight: Any) -> tuple[Any, Any]:
    """Whether each sample has blood of a kind, as 0 or 1, and how much it counts: not at all where unknown."""
    from keras import ops  # noqa: PLC0415

    y = ops.convert_to_tensor(y_true, "float32")[:, label]
    weight = ops.cast(y >= 0, "float32")
    if sample_weight is not None:
        weight = weight * ops.convert_to_tensor(sample_weight, "float32")
    return ops.cast(y > 0.5, "float32"), weight


def _accuracy_class() -> Any:
    import keras  # noqa: PLC0415
    from keras import ops  # noqa: PLC0415

    class LabelAccuracy(keras.metrics.Mean):  # type: ignore[misc]
        def __init__(self, label: int, name: str) -> None:
            super().__init__(name=name)
            self.label = label

        def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
            y, weight = _known(y_true, self.label, sample_weight)
            called = ops.cast(ops.convert_to_tensor(y_pred, "float32")[:, self.label] > 0, "float32")
            super().update_state(ops.cast(called == y, "float32"), sample_weight=weight)

    return LabelAccuracy


def _rank_classes() -> dict[str, Any]:
    """Metrics that look at the order of the logits, by name."""
    import keras  # noqa: PLC0415
    from keras import ops  # noqa: PLC0415

    class Ranks(keras.metrics.Metric):  # type: ignore[misc]
        """Counts the negatives (row 0) and positives (row 1) in each bin of the logit, ascending."""

        def __init__(self, label: int, name: str) -> None:
            super().__init__(name=name)
            self.label = label
            self.counts = self.add_variable((2, BINS), "zeros", name="counts")

        def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
            y, weight = _known(y_true, self.label, sample_weight)
            z = ops.convert_to_tensor(y_pred, "float32")[:, self.label]
            inside = ops.floor((z + LARGEST_LOGIT) * (BINS / (2 * LARGEST_LOGIT)))
            bins = ops.cast(ops.clip(inside, 0, BINS - 1), "int32")
            new = [ops.segment_sum(weight * side, bins, num_segments=BINS) for side in (1 - y, y)]
            self.counts.assign_add(ops.stack(new))

        def result(self) -> Any:
            negative, positive = self.counts[0], self.counts[1]
            return self.figure(negative, positive, ops.sum(negative), ops.sum(positive))

        def figure(self, negative: Any, positive: Any, negatives: Any, positives: Any) -> Any:
            raise NotImplementedError

    class Auc(Ranks):
        def figure(self, negative: Any, positive: Any, negatives: Any, positives: Any) -> Any:
            # How often a positive lies above a negative; half where both lie in one bin.
            beaten = ops.sum(positive * (ops.cumsum(negative) - negative / 2))
            return _ratio(beaten, positives * negatives)

    class AveragePrecision(Ranks):
        def figure(self, negative: Any, positive: Any, negatives: Any, positives: Any) -> Any:
            called_right = positives - ops.cumsum(positive) + positive
            called_wrong = negatives - ops.cumsum(negative) + negative
            precision = called_right / ops.maximum(called_right + called_wrong, 1e-6)
            return _ratio(ops.sum(positive * precision), positives)

    class SensitivityAtSpecificity(Ranks):
        def __init__(self, label: int, specificity: float, name: str) -> None:
            super().__init__(label, name)
            self.specificity = specificity

        def figure(self, negative: Any, positive: Any, negatives: Any, positives: Any) -> Any:
            # Calling everything above a bin leaves the negatives up to it right; calling nothing is always allowed.
            right = ops.cumsum(negative) >= (self.specificity - 1e-6) * negatives
            above = positives - ops.cumsum(positive)
            best = ops.max(ops.where(right, above, 0.0))
            return _ratio(ops.where(negatives > 0, best, float("nan")), positives)

    return {"auc": Auc, "average_precision": AveragePrecision, "sensitivity": SensitivityAtSpecificity}


def _ratio(part: Any, whole: Any) -> Any:
    """One over the other, NaN where there is nothing to divide by."""
    from keras import ops  # noqa: PLC0415

    return ops.where(whole > 0, part / ops.maximum(whole, 1e-6), float("nan"))
