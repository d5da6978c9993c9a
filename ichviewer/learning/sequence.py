"""Training of the sequence head on out-of-fold logits, where series are few: hence small, noisy and held back.

The head starts as the identity. Its loss is taken behind a calibration fitted beforehand on the plain logits, so that
it learns what neighbors tell and not calibration, which a slice on its own would then go without.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.labels import N_LABELS
from ichviewer.errors import LearningError
from ichviewer.inference.sequence_head import (
    GRID_MM,
    LARGEST_CHANGE,
    LARGEST_FEATURE,
    Neighborhood,
    SequenceHead,
    nodes_mm,
)
from ichviewer.learning.data.volumes import UNKNOWN
from ichviewer.learning.fit import fit_platt
from ichviewer.learning.losses import label_loss

if TYPE_CHECKING:
    import keras

_MIX_SPEED = 10.0
"""The share of smoothing has far to go in few steps; the convolutions should not."""

_FAR_MM = 1e6
"""Where the slices and nodes lie that only fill up a batch."""


@dataclass(frozen=True, eq=False)
class SeriesLogits:
    """What a network, that never saw the patient, said of one series, and what is true.

    Parameters
    ----------
    logits : ndarray of float, shape (n, 6)
    positions_mm : ndarray of float, shape (n,)
        Along the normal, feet to head, in any order.
    labels : ndarray of int, shape (n, 6)
        0, 1 or `UNKNOWN`.
    """

    logits: NDArray[np.floating]
    positions_mm: NDArray[np.floating]
    labels: NDArray[np.integer]

    def __post_init__(self) -> None:
        n = len(self.logits)
        shapes = (self.logits.shape, self.positions_mm.shape, self.labels.shape)
        if n == 0 or shapes != ((n, N_LABELS), (n,), (n, N_LABELS)):
            raise ValueError(f"slices need six logits, a position and six labels. Received: {shapes}")
        if not (np.isfinite(self.logits).all() and np.isfinite(self.positions_mm).all()):
            raise ValueError("logits and positions must be finite")


@dataclass(frozen=True)
class SequenceRecipe:
    """How the head is trained.

    Parameters
    ----------
    filters, width : int
        Channels and reach of the convolutions.
    layers : int
        How many of them before the last.
    steps, batch : int
        Updates, and series in each.
    learning_rate, weight_decay, dropout : float
        Peak of a cosine, decoupled decay, share of the channels dropped.
    shrinkage : float
        Price of every square of a change that the convolutions ask for.
    noise : float
        Standard deviation of what is added to logits, in units of their own.
    dropped, cut, reversed : float
        Share of the series that lose slices at random, that are cut short, and that are turned upside down.
    """

    filters: int = 8
    width: int = 3
    layers: int = 1
    steps: int = 150
    batch: int = 32
    learning_rate: float = 3e-3
    weight_decay: float = 0.3
    dropout: float = 0.2
    shrinkage: float = 2e-3
    noise: float = 0.3
    dropped: float = 0.3
    cut: float = 0.3
    reversed: float = 0.5

    def __post_init__(self) -> None:
        if min(self.filters, self.steps, self.batch) < 1 or self.layers < 0 or self.width % 2 == 0:
            raise ValueError(f"sizes must be positive and the width odd. Received: {self}")
        if (
            self.learning_rate <= 0
            or min(self.weight_decay, self.noise, self.shrinkage) < 0
            or not 0 <= self.dropout < 1
        ):
            raise ValueError(f"rates must not be negative. Received: {self}")
        if not all(0 <= share <= 1 for share in (self.dropped, self.cut, self.reversed)):
            raise ValueError(f"shares must lie within 0..1. Received: {self}")


def train_sequence(
    series: Sequence[SeriesLogits], seed: int, recipe: SequenceRecipe | None = None
) -> SequenceHead:
    """Train a head on the series of some patients.

    Parameters
    ----------
    series : sequence of SeriesLogits
        Of patients that the network behind the logits was not trained on.
    seed : int
        The same gives the same head on the same machine.
    recipe : SequenceRecipe, optional

    Raises
    ------
    LearningError
        If there is no series of two slices or more, or a label has no positive or no negative at all among all.
    """
    import keras  # noqa: PLC0415

    recipe = recipe or SequenceRecipe()
    usable = [one for one in series if len(one.logits) > 1]
    if not usable:
        raise LearningError(
            "the sequence head needs series of two slices or more", "sequence", str(len(series))
        )
    logits = np.concatenate([one.logits for one in usable]).astype(np.float64)
    labels = np.concatenate([one.labels for one in usable])
    calibration = fit_platt(logits, labels)
    center, scale = logits.mean(axis=0), np.maximum(logits.std(axis=0), 0.1)

    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng([seed, 0x5E9])
    slices = max(len(one.logits) for one in usable)
    nodes = max(len(nodes_mm(one.positions_mm, GRID_MM)) for one in usable)
    model = _model(slices, nodes, recipe, (center, scale))
    optimizer = keras.optimizers.AdamW(
        keras.optimizers.schedules.CosineDecay(recipe.learning_rate, recipe.steps, alpha=0.02),
        weight_decay=recipe.weight_decay,
        global_clipnorm=1.0,
    )
    optimizer.exclude_from_weight_decay(var_list=model.get_layer("mix").trainable_variables)
    model.compile(optimizer, _calibrated_loss(calibration.slope, calibration.intercept))
    for _ in range(recipe.steps):
        chosen = rng.integers(len(usable), size=recipe.batch)
        varied = [_varied(usable[i], scale, recipe, rng) for i in chosen]
        inputs, truth = _batch(varied, slices, nodes, rng)
        model.train_on_batch(inputs, truth)
    return _head(model, center, scale)


def _varied(
    one: SeriesLogits, scale: NDArray[np.float64], recipe: SequenceRecipe, rng: np.random.Generator
) -> SeriesLogits:
    """The series with noise, and maybe fewer slices or turned upside down; at least one slice is left."""
    n = len(one.logits)
    kept = np.argsort(one.positions_mm, kind="stable")
    if rng.random() < recipe.cut:
        length = int(rng.integers(1, n + 1))
        start = int(rng.integers(0, n - length + 1))
        kept = kept[start : start + length]
    if rng.random() < recipe.dropped:
        stays = rng.random(kept.size) >= rng.uniform(0.1, 0.6)
        stays[rng.integers(kept.size)] = True
        kept = kept[stays]
    upside_down = -1.0 if rng.random() < recipe.reversed else 1.0
    # Some of the noise is of the whole series, as that of a scanner is.
    noise = rng.normal(0, recipe.noise, (kept.size, N_LABELS)) + rng.normal(0, recipe.noise, (1, N_LABELS))
    return SeriesLogits(
        one.logits[kept] + noise * scale, upside_down * one.positions_mm[kept], one.labels[kept]
    )


def _batch(
    series: list[SeriesLogits], slices: int, nodes: int, rng: np.random.Generator
) -> tuple[dict[str, NDArray[np.float32]], NDArray[np.float32]]:
    """Inputs and truth, padded to one size, each on a grid that starts anywhere."""
    n = len(series)
    x = np.zeros((n, slices, N_LABELS), np.float32)
    y = np.full((n, slices, N_LABELS), -1.0, np.float32)
    z = np.full((n, slices), _FAR_MM)
    grid = np.full((n, nodes), -_FAR_MM)
    known = np.zeros((n, slices), bool)
    for i, one in enumerate(series):
        size = len(one.logits)
        x[i, :size], z[i, :size], known[i, :size] = one.logits, one.positions_mm, True
        y[i, :size] = np.where(one.labels == UNKNOWN, -1.0, one.labels)
        own = nodes_mm(one.positions_mm, rng.uniform(0, GRID_MM))
        grid[i, : own.size] = own
    near = Neighborhood.of(z, grid, known)
    inputs = {"logits": x, **{name: getattr(near, name) for name in Neighborhood.__dataclass_fields__}}
    return inputs, y


def _model(
    slices: int,
    nodes: int,
    recipe: SequenceRecipe,
    standard: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> keras.Model:
    """What `SequenceHead.apply` does, in Keras; convolutions and the mix are its only weights."""
    import keras  # noqa: PLC0415
    from keras import layers, ops  # noqa: PLC0415

    shapes = {
        "logits": (slices, N_LABELS),
        "to_grid": (nodes, slices),
        "present": (nodes, 1),
        "to_slices": (slices, nodes),
        "smoothing": (slices, slices),
        "gate": (slices, 1),
    }
    given = {name: keras.Input(shape, name=name) for name, shape in shapes.items()}
    x, present = given["logits"], given["present"]
    center, scale = (a.astype(np.float32) for a in standard)
    features = ops.clip((x - center) / scale, -LARGEST_FEATURE, LARGEST_FEATURE)
    inside = ops.cast(present > 0, "float32")
    h = ops.concatenate([ops.matmul(given["to_grid"], features), present], axis=-1) * inside
    for number in range(recipe.layers):
        h = layers.Conv1D(
            recipe.filters, recipe.width, padding="same", activation="relu", name=f"conv{number}"
        )(h)
        h = layers.SpatialDropout1D(recipe.dropout)(h) * inside
    h = layers.Conv1D(
        N_LABELS,
        recipe.width,
        padding="same",
        kernel_initializer="zeros",
        activity_regularizer=keras.regularizers.L2(recipe.shrinkage),
        name=f"conv{recipe.layers}",
    )(h)
    change = ops.matmul(given["to_slices"], LARGEST_CHANGE * ops.tanh(h / LARGEST_CHANGE))
    mix = layers.DepthwiseConv1D(
        1,
        use_bias=False,
        depthwise_initializer="zeros",
        # More than all of the smoothing would be a calibration in disguise.
        depthwise_constraint=lambda share: ops.clip(share, 0.0, 1.0 / _MIX_SPEED),
        name="mix",
    )
    smoothed = mix(_MIX_SPEED * (ops.matmul(given["smoothing"], x) - x))
    return keras.Model(given, x + given["gate"] * (smoothed + change))


def _calibrated_loss(slope: Sequence[float], intercept: Sequence[float]) -> Any:
    """The weighted log loss of calibrated logits, as a mean over the slices that are there."""
    each = label_loss("log")

    def loss(y_true: Any, y_pred: Any) -> Any:
        from keras import ops  # noqa: PLC0415

        a, b = (ops.convert_to_tensor(v, "float32") for v in (slope, intercept))
        there = ops.cast(ops.max(y_true, axis=-1) >= 0, "float32")
        return ops.sum(each(y_true, a * y_pred + b)) / ops.maximum(ops.sum(there), 1.0)

    return loss


def _head(model: keras.Model, center: NDArray[np.float64], scale: NDArray[np.float64]) -> SequenceHead:
    convolutions = sorted(
        (layer for layer in model.layers if layer.name.startswith("conv")), key=lambda layer: layer.name
    )
    weights = [layer.get_weights() for layer in convolutions]
    return SequenceHead(
        center.astype(np.float32),
        scale.astype(np.float32),
        _MIX_SPEED * model.get_layer("mix").get_weights()[0].reshape(N_LABELS),
        tuple(kernel for kernel, _ in weights),
        tuple(bias for _, bias in weights),
    )
