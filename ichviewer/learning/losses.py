"""The losses that the model is trained on, and the one it is judged by.

Log loss: the RSNA 2019 challenge. Focal: Lin et al., "Focal Loss for Dense Object Detection", ICCV 2017. Asymmetric:
Ben-Baruch et al., "Asymmetric Loss For Multi-Label Classification", ICCV 2021. Dice with squares: Milletari et al.,
"V-Net", 3DV 2016. All work from logits, never overflow, and skip targets below 0, which stand for "unknown".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ichviewer.domain.labels import N_LABELS
from ichviewer.errors import LearningError

LABEL_WEIGHTS: tuple[float, ...] = (2 / 7,) + (1 / 7,) * (N_LABELS - 1)
"""Weights of the RSNA 2019 challenge: "any" counts twice."""

KINDS = ("log", "focal", "asymmetric")
"""Names that `label_loss` knows."""

POSITIVE_CELL_WEIGHT = 5.0
"""How much more a cell full of blood counts than one without, in `region_loss`."""

DICE_WEIGHT = 0.5
"""Share of the Dice term in `region_loss`."""

Loss = Callable[[Any, Any], Any]
"""From targets and logits to one value a sample."""


def weighted_log_loss_from_logits(labels: Any, logits: Any, label_smoothing: float = 0.0) -> Any:
    """Weighted multi-label log loss of the RSNA 2019 challenge on tensors, one value a sample.

    Parameters
    ----------
    labels : tensor, shape (n, 6), float32
        0..1; below 0 is unknown and adds nothing.
    logits : tensor, shape (n, 6), float32
    label_smoothing : float
        0 and 1 become this / 2 and 1 - this / 2.

    Returns
    -------
    tensor, shape (n,)
    """
    return label_loss("log", label_smoothing=label_smoothing)(labels, logits)


def label_loss(
    kind: str,
    *,
    label_smoothing: float = 0.0,
    gamma: float = 2.0,
    alpha: float | None = None,
    gamma_positive: float = 0.0,
    gamma_negative: float = 4.0,
    clip: float = 0.05,
) -> Loss:
    """A loss of the six labels, "any" counting twice, to be given to Keras.

    Parameters
    ----------
    kind : str
        ``log``, ``focal`` or ``asymmetric``.
    label_smoothing : float
        0 and 1 become this / 2 and 1 - this / 2; within 0..1.
    gamma : float
        Focal: the power of the distance to the truth that a sure answer is weighed down by; 0 is the log loss.
    alpha : float, optional
        Focal: weight of the positives, against 1 - alpha of the negatives; both 1 if not given.
    gamma_positive, gamma_negative : float
        Asymmetric: the power for positives and for negatives; the one for negatives is 0 or at least 1.
    clip : float
        Asymmetric: taken off the probability of negatives, so that those below it count nothing at all; in [0, 1).

    Returns
    -------
    callable
        Of targets (n, 6) in 0..1, or below 0 where unknown, and of logits (n, 6); gives a tensor (n,) of float32. An
        unknown label adds nothing, and the known ones keep their weights.

    Raises
    ------
    LearningError
        If there is no such loss, or a number is out of its range.
    """
    if kind not in KINDS:
        raise LearningError(f"there is no such loss; there are {', '.join(KINDS)}", "loss", repr(kind))
    in_range = {
        "label_smoothing": 0 <= label_smoothing < 1,
        "gamma": gamma >= 0,
        "alpha": alpha is None or 0 < alpha < 1,
        "gamma_positive": gamma_positive >= 0,
        "gamma_negative": gamma_negative == 0 or gamma_negative >= 1,
        "clip": 0 <= clip < 1,
    }
    wrong = [name for name, fits in in_range.items() if not fits]
    if wrong:
        raise LearningError("a number of the loss is out of its range", ", ".join(wrong))

    if kind == "log":
        terms = _log_terms
    elif kind == "focal":

        def terms(z: Any) -> tuple[Any, Any]:
            return _focal_terms(z, gamma, alpha)
    else:

        def terms(z: Any) -> tuple[Any, Any]:
            return _asymmetric_terms(z, gamma_positive, gamma_negative, clip)

    def loss(y_true: Any, y_pred: Any) -> Any:
        from keras import ops  # noqa: PLC0415

        y, z = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
        known = ops.cast(y >= 0.0, "float32")
        y = y * (1.0 - label_smoothing) + 0.5 * label_smoothing
        if_blood, if_none = terms(z)
        each = (y * if_blood + (1.0 - y) * if_none) * known
        return ops.sum(each * ops.convert_to_tensor(LABEL_WEIGHTS, "float32"), axis=-1)

    return loss


def region_loss(y_true: Any, y_pred: Any) -> Any:
    """Loss of the map of where each type of blood is, one value a sample.

    For each type the mean cross entropy over the cells, those full of blood counting `POSITIVE_CELL_WEIGHT` times;
    and where there is blood of the type, `DICE_WEIGHT` times one minus Dice, which weighs a small bleed like a large
    one. Blood of less than one cell in all has as much less of that, as its place hardly shows.

    Parameters
    ----------
    y_true : tensor, shape (n, rows, columns, 5)
        Share of each cell that is blood, 0..1; -1 where it is not known (all of a sample, or of one type).
    y_pred : tensor, shape (n, rows, columns, 5)
        Logits.

    Returns
    -------
    tensor of float32, shape (n,)
        Mean over the five types; a type that is unknown adds nothing.
    """
    from keras import ops  # noqa: PLC0415

    y, z = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
    known = ops.cast(y >= 0.0, "float32")
    y = ops.maximum(y, 0.0)
    if_blood, if_none = _log_terms(z)
    weight = known * (1.0 + (POSITIVE_CELL_WEIGHT - 1.0) * y)
    cells = (1, 2)
    entropy = ops.sum(weight * (y * if_blood + (1.0 - y) * if_none), axis=cells)
    entropy = entropy / ops.maximum(ops.sum(weight, axis=cells), 1.0)

    p = ops.sigmoid(z) * known
    # With squares the best answer is the truth itself, also where a cell is half full.
    overlap = 2.0 * ops.sum(p * y, axis=cells)
    total = ops.sum(p * p + y * y, axis=cells)
    blood_cells = ops.sum(y, axis=cells)
    dice = overlap / ops.maximum(total, 1e-6)
    return ops.mean(entropy + DICE_WEIGHT * ops.minimum(blood_cells, 1.0) * (1.0 - dice), axis=-1)


def _log_terms(z: Any) -> tuple[Any, Any]:
    """-log p and -log(1 - p) of logits."""
    from keras import ops  # noqa: PLC0415

    # log(1 + exp(-|z|)) never overflows.
    rest = ops.log1p(ops.exp(-ops.abs(z)))
    return ops.maximum(-z, 0.0) + rest, ops.maximum(z, 0.0) + rest


def _focal_terms(z: Any, gamma: float, alpha: float | None) -> tuple[Any, Any]:
    """The log terms times (1 - p) ** gamma and p ** gamma, and alpha and 1 - alpha."""
    from keras import ops  # noqa: PLC0415

    if_blood, if_none = _log_terms(z)
    weight = (1.0, 1.0) if alpha is None else (alpha, 1.0 - alpha)
    # The powers out of the logarithms, as 1 - p of a large logit is 0.
    return (
        weight[0] * ops.exp(-gamma * if_none) * if_blood,
        weight[1] * ops.exp(-gamma * if_blood) * if_none,
    )


def _asymmetric_terms(z: Any, gamma_positive: float, gamma_negative: float, clip: float) -> tuple[Any, Any]:
    """Focal terms with two powers, the probability of the negatives lowered by clip."""
    from keras import ops  # noqa: PLC0415

    if clip == 0:
        return _focal_terms(z, gamma_positive, None)[0], _focal_terms(z, gamma_negative, None)[1]
    lowered = ops.maximum(ops.sigmoid(z) - clip, 0.0)
    if_none = -ops.log1p(-lowered)
    # A power of 0 has no slope at 0, whatever the derivative of a power says.
    if gamma_negative > 0:
        if_none = if_none * ops.power(lowered, gamma_negative)
    return _focal_terms(z, gamma_positive, None)[0], if_none
