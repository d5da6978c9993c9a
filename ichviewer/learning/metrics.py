"""Metrics followed while training."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ichviewer.learning.losses import weighted_log_loss_from_logits

if TYPE_CHECKING:
    import keras


def weighted_log_loss_metric(name: str = "weighted_log_loss") -> keras.metrics.Mean:
    """A Keras metric: mean of the RSNA weighted log loss over samples, from labels (n, 6) and logits (n, 6)."""
    import keras  # noqa: PLC0415

    class WeightedLogLoss(keras.metrics.Mean):  # type: ignore[misc]
        def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
            y = keras.ops.convert_to_tensor(y_true, self.dtype)
            z = keras.ops.convert_to_tensor(y_pred, self.dtype)
            super().update_state(weighted_log_loss_from_logits(y, z), sample_weight=sample_weight)

    return WeightedLogLoss(name=name)
