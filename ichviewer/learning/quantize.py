"""The model's LiteRT form in 8-bit integers: half the time and a third of the size, if it stays as good.

Static quantization after training: weights in int8 with a scale for each channel, activations in int8 with ranges
found on real inputs; inputs and outputs stay float32 (Jacob et al., "Quantization and Training of Neural Networks for
Efficient Integer-Arithmetic-Only Inference", CVPR 2018). Its logits are close to the model's, not the same, so it is
judged by what it is worth on slices whose labels are known.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata

from ichviewer.domain.calibration import PlattCalibration
from ichviewer.errors import LearningError
from ichviewer.inference.chatter import without_chatter
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.inference.regions import RegionSettings
from ichviewer.learning.data.store import Store
from ichviewer.learning.data.volumes import Volume
from ichviewer.learning.evaluation.reliability import known_weighted_log_loss
from ichviewer.learning.predict import inputs_of

if TYPE_CHECKING:
    import keras

LARGEST_LOSS_RISE = 0.01
"""The weighted log loss may be higher by this share of it."""
LARGEST_AUC_DROP = 0.003
"""The area under the ROC curve of "any" may be lower by this."""

RANGE_INPUTS = 256
"""Inputs on which the ranges of activations are found; of more, the ranges are the same to a few percent."""
JUDGED_INPUTS = 768

MOST_STEPS = 0.5
"""A layer whose error is larger than so many steps of its 8-bit output stays in float32; rounding alone is 0.29."""

_TRIED_INPUTS = 16
"""Inputs on which the error of each layer is found."""

_OF_A_VOLUME = 4
"""Slices drawn from one volume, half of them with blood where there are any."""


@dataclass(frozen=True, eq=False)
class LabelledInputs:
    """Inputs of the network and what is true of them.

    Parameters
    ----------
    inputs : ndarray of uint8, shape (n, size, size, channels)
    labels : ndarray of uint8, shape (n, 6)
        0, 1 or `UNKNOWN`.
    """

    inputs: NDArray[np.uint8]
    labels: NDArray[np.uint8]

    def __post_init__(self) -> None:
        if len(self.inputs) != len(self.labels) or self.inputs.dtype != np.uint8:
            raise ValueError(
                f"as many uint8 inputs as labels are needed. "
                f"Received: {self.inputs.dtype} {self.inputs.shape}, {self.labels.shape}"
            )

    def part(self, start: int, stop: int | None) -> LabelledInputs:
        """Some of them."""
        return LabelledInputs(self.inputs[start:stop], self.labels[start:stop])


@dataclass(frozen=True)
class QuantizationLoss:
    """What quantization costs, on labelled slices.

    Parameters
    ----------
    slices : int
    largest_logit_difference, mean_logit_difference : float
        Over all slices and labels, absolute.
    log_loss, quantized_log_loss : float
        Weighted log loss of calibrated probabilities, of the model and of its quantized form.
    auc, quantized_auc : float
        Area under the ROC curve of "any".
    outline_overlap : float or None
        Dice of what the two outline, over all types; None if the model has no maps. Nothing is refused for it.
    """

    slices: int
    largest_logit_difference: float
    mean_logit_difference: float
    log_loss: float
    quantized_log_loss: float
    auc: float
    quantized_auc: float
    outline_overlap: float | None = None

    @property
    def refusal(self) -> str:
        """Why the quantized form must not be shipped; empty if it may."""
        reasons = []
        rise = self.quantized_log_loss / self.log_loss - 1
        # Written so that NaN is refused.
        if not rise <= LARGEST_LOSS_RISE:
            reasons.append(
                f"its weighted log loss is {rise:+.1%}, at most {LARGEST_LOSS_RISE:.0%} is allowed"
            )
        drop = self.auc - self.quantized_auc
        if not drop <= LARGEST_AUC_DROP:
            reasons.append(
                f'its AUC of "any" is lower by {drop:.4f}, at most {LARGEST_AUC_DROP:g} is allowed'
            )
        return "; ".join(reasons)

    @property
    def in_words(self) -> str:
        """What became of the quantized form, and why."""
        figures = (
            f"logits differ by {self.mean_logit_difference:.3f} on average and {self.largest_logit_difference:.3f} "
            f"at most, weighted log loss {self.quantized_log_loss:.4f} against {self.log_loss:.4f}, "
            f'AUC of "any" {self.quantized_auc:.4f} against {self.auc:.4f}, on {self.slices} slices'
        )
        if self.outline_overlap is not None:
            figures += f"; what they outline overlaps with a Dice of {self.outline_overlap:.3f}"
        if self.refusal:
            return f"the fast form stays in float32, as in 8-bit integers {self.refusal} ({figures})."
        return f"the fast form computes in 8-bit integers: {figures}."


def quantization_loss(
    labels: ArrayLike, logits: ArrayLike, quantized: ArrayLike, calibration: PlattCalibration
) -> QuantizationLoss:
    """Compare the logits of a model with those of its quantized form.

    Parameters
    ----------
    labels : array, shape (n, 6)
        0, 1 or `UNKNOWN`.
    logits, quantized : array, shape (n, 6)
    calibration : PlattCalibration
        Of the model; both are judged with it, as both will be used with it.

    Raises
    ------
    LearningError
        If no slice is known to show blood, or none to show none.
    ValueError
        If the shapes do not fit.
    """
    y = np.asarray(labels)
    of_model, of_quantized = np.asarray(logits, np.float64), np.asarray(quantized, np.float64)
    if not y.shape == of_model.shape == of_quantized.shape:
        raise ValueError(
            f"labels and logits must have one shape. "
            f"Received: {y.shape}, {of_model.shape}, {of_quantized.shape}"
        )
    if not (y[:, 0] == 1).any() or not (y[:, 0] == 0).any():
        raise LearningError(
            "slices with and without blood are needed to judge a quantized model",
            found=f"{int((y[:, 0] == 1).sum())} and {int((y[:, 0] == 0).sum())}",
        )
    apart = np.abs(of_model - of_quantized)
    p, p_quantized = calibration.probabilities(of_model), calibration.probabilities(of_quantized)
    return QuantizationLoss(
        slices=len(y),
        largest_logit_difference=float(apart.max()),
        mean_logit_difference=float(apart.mean()),
        log_loss=known_weighted_log_loss(y, p),
        quantized_log_loss=known_weighted_log_loss(y, p_quantized),
        auc=_auc(y[:, 0], p[:, 0]),
        quantized_auc=_auc(y[:, 0], p_quantized[:, 0]),
    )


def outline_overlap(
    regions: NDArray[np.float32], quantized: NDArray[np.float32], settings: RegionSettings
) -> float:
    """Dice of the cells that two forms of a model outline: 2 of both / (of one + of the other); 1 if there are none.

    Parameters
    ----------
    regions, quantized : ndarray of float32, shape (n, rows, columns, 5)
        Region logits.
    settings : RegionSettings
    """
    one, other = (settings.probabilities(logits) >= settings.threshold for logits in (regions, quantized))
    total = int(one.sum() + other.sum())
    return 2 * int((one & other).sum()) / total if total else 1.0


def _auc(labels: NDArray[np.generic], scores: NDArray[np.float64]) -> float:
    """Share of pairs of a positive and a negative that are in order, ties counting half (Mann and Whitney, 1947)."""
    positive, negative = scores[labels == 1], scores[labels == 0]
    ranks = rankdata(np.concatenate([positive, negative]))[: positive.size]
    wins = ranks.sum() - positive.size * (positive.size + 1) / 2
    return float(wins / (positive.size * negative.size))


def export_int8(model: keras.Model, inputs: NDArray[np.uint8], path: Path) -> None:
    """Write a model's LiteRT form in 8-bit integers, but for layers that lose too much by them.

    Those whose output is off by more than `MOST_STEPS` in the root mean square stay in float32. The first layers may
    need it: they sum up much that cancels out.

    Parameters
    ----------
    model : keras.Model
    inputs : ndarray of uint8, shape (n, size, size, channels)
        Real inputs that show the range of every activation.
    path : Path
        Where to.
    """
    import tensorflow as tf  # noqa: PLC0415

    def pictures(most: int | None = None) -> Iterator[list[NDArray[np.float32]]]:
        for one in inputs[:most]:
            yield [one[None].astype(np.float32)]

    with TemporaryDirectory() as work, without_chatter():
        model.export(work, format="tf_saved_model", verbose=False)

        def converter() -> Any:
            made = tf.lite.TFLiteConverter.from_saved_model(work)
            made.optimizations = [tf.lite.Optimize.DEFAULT]
            made.representative_dataset = pictures
            return made

        debug = tf.lite.experimental
        trial = debug.QuantizationDebugger(
            converter=converter(), debug_dataset=lambda: pictures(_TRIED_INPUTS)
        )
        trial.run()
        told = StringIO()
        trial.layer_statistics_dump(told)
        options = debug.QuantizationDebugOptions(denylisted_nodes=lossy_layers(told.getvalue()))
        mixed = debug.QuantizationDebugger(
            converter=converter(), debug_dataset=pictures, debug_options=options
        )
        path.write_bytes(mixed.get_nondebug_quantized_model())


def lossy_layers(statistics: str) -> list[str]:
    """Layers that lose too much by 8-bit integers.

    Parameters
    ----------
    statistics : str
        The table of LiteRT's quantization debugger, as CSV: a row a layer with its name, the size of a step of its
        output, and the mean of the squares of its errors.

    Returns
    -------
    list of str
        Names of those off by more than `MOST_STEPS`.
    """
    rows = csv.DictReader(StringIO(statistics))
    return [
        row["tensor_name"]
        for row in rows
        if float(row["mean_squared_error"]) ** 0.5 > MOST_STEPS * float(row["scale"])
    ]


def draw_inputs(
    stores: Sequence[Store], settings: PreprocessSettings, n: int, seed: int = 0
) -> LabelledInputs:
    """Inputs drawn from all stores alike, with blood and without.

    Parameters
    ----------
    stores : sequence of Store
    settings : PreprocessSettings
        Of the model.
    n : int
        How many at most.
    seed : int
        Tells which.

    Raises
    ------
    LearningError
        If the stores hold no slices.
    """
    rng = np.random.default_rng(seed)
    names = [[(store, e.name) for e in rng.permutation(np.array(store.entries, object))] for store in stores]
    inputs: list[NDArray[np.uint8]] = []
    labels: list[NDArray[np.uint8]] = []
    for turn in range(max(map(len, names), default=0)):
        for store, name in (of_store[turn] for of_store in names if turn < len(of_store)):
            volume = store.load(name)
            chosen = _slices_of(volume, rng)
            pictures = inputs_of(volume, settings, settings.size_px)[chosen]
            inputs += list(np.rint(pictures).astype(np.uint8))
            labels += list(volume.labels[chosen])
        if len(inputs) >= n:
            break
    if not inputs:
        raise LearningError("the stores hold no slices to quantize the model with")
    # Mixed, so that any part is drawn from all stores.
    order = rng.permutation(len(inputs))[:n]
    return LabelledInputs(np.stack([inputs[i] for i in order]), np.stack([labels[i] for i in order]))


def _slices_of(volume: Volume, rng: np.random.Generator) -> list[int]:
    blood = rng.permutation(np.flatnonzero(volume.labels[:, 0] == 1))[: _OF_A_VOLUME // 2]
    others = volume.has_brain & (volume.labels[:, 0] != 1)
    rest = rng.permutation(np.flatnonzero(others))[: _OF_A_VOLUME - len(blood)]
    return [int(i) for i in (*blood, *rest)]
