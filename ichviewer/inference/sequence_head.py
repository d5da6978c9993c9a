"""The sequence head: what the slices of a series tell about each other, in numpy only.

Slices lie at any distance, so their logits are brought onto a grid of 5 mm, three small convolutions along the grid
say how much each label should rise or fall, and that goes back to the slices on top of a share of Gaussian smoothing.
A slice without neighbors keeps its logits exactly, by construction: whatever is added fades out with them.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ichviewer.domain.aggregation import REACH_SIGMA
from ichviewer.domain.labels import N_LABELS
from ichviewer.errors import ModelError
from ichviewer.inference.model_card import ModelCard, verify_file

FILE_NAME = "sequence.npz"
"""Name of the head's file in a model's folder; `model.json` carries its hash as that of any other file."""

GRID_MM = 5.0
SIGMA_MM = 10.0
"""Width of the smoothing that the head may take a share of."""

LARGEST_CHANGE = 3.0
"""No logit is moved further than this by the convolutions."""

LARGEST_FEATURE = 4.0
"""Logits further than so many standard deviations from their mean look alike to the convolutions."""

_FULL_NEIGHBOR_MM = 5.0
_NO_NEIGHBOR_MM = 12.5
_SAME_PLACE_MM = 0.1


@dataclass(frozen=True, eq=False)
class Neighborhood:
    """How slices and grid relate; each array may have leading axes, one series each.

    Parameters
    ----------
    to_grid : ndarray of float32, shape (..., t, n)
        Rows add up to one where a slice is near, else they are zero.
    present : ndarray of float32, shape (..., t, 1)
        0..1: how near the nearest slices of each node are.
    to_slices : ndarray of float32, shape (..., n, t)
        Linear interpolation back.
    smoothing : ndarray of float32, shape (..., n, n)
        Gaussian weights, rows add up to one.
    gate : ndarray of float32, shape (..., n, 1)
        0 for a slice without neighbors to 1 for one with.
    """

    to_grid: NDArray[np.float32]
    present: NDArray[np.float32]
    to_slices: NDArray[np.float32]
    smoothing: NDArray[np.float32]
    gate: NDArray[np.float32]

    @classmethod
    def of(
        cls, positions_mm: NDArray[np.float64], nodes_mm: NDArray[np.float64], known: NDArray[np.bool_]
    ) -> Neighborhood:
        """Relate slices at some positions (..., n) to nodes (..., t); slices that are not known have no say."""
        near = np.abs(nodes_mm[..., :, None] - positions_mm[..., None, :])
        weight = np.maximum(0.0, 1.0 - near / GRID_MM) * known[..., None, :]
        apart = np.abs(positions_mm[..., :, None] - positions_mm[..., None, :])
        pair = known[..., :, None] & known[..., None, :]
        reach = REACH_SIGMA * SIGMA_MM
        gauss = np.exp(-0.5 * (np.minimum(apart, reach) / SIGMA_MM) ** 2) * (apart <= reach) * pair
        share = np.clip((_NO_NEIGHBOR_MM - apart) / (_NO_NEIGHBOR_MM - _FULL_NEIGHBOR_MM), 0.0, 1.0)
        neighbors = (share * (pair & (apart > _SAME_PLACE_MM))).sum(axis=-1)[..., None]
        return cls(
            _rows_to_one(weight),
            np.minimum(weight.sum(axis=-1), 1.0)[..., None].astype(np.float32),
            _rows_to_one(np.swapaxes(weight, -1, -2)),
            _rows_to_one(gauss),
            np.minimum(neighbors, 1.0).astype(np.float32),
        )


@dataclass(frozen=True, eq=False)
class SequenceHead:
    """The trained head.

    Parameters
    ----------
    center, scale : ndarray of float32, shape (6,)
        Mean and standard deviation of each logit, to bring them to one measure.
    mix : ndarray of float32, shape (6,)
        Share of the smoothing that each label takes.
    kernels : tuple of ndarray of float32, shape (width, channels in, channels out)
        Of the convolutions; the first has seven channels in (six logits and whether a slice is near), the last six
        out, and widths are odd.
    biases : tuple of ndarray of float32, shape (channels out,)
    """

    center: NDArray[np.float32]
    scale: NDArray[np.float32]
    mix: NDArray[np.float32]
    kernels: tuple[NDArray[np.float32], ...]
    biases: tuple[NDArray[np.float32], ...]

    def __post_init__(self) -> None:
        vectors = [self.center, self.scale, self.mix]
        if any(v.shape != (N_LABELS,) for v in vectors):
            raise ValueError(f"center, scale and mix need six values. Received: {[v.shape for v in vectors]}")
        channels = N_LABELS + 1
        if not self.kernels or len(self.kernels) != len(self.biases):
            raise ValueError(
                f"every kernel needs a bias. Received: {len(self.kernels)} kernels, {len(self.biases)} biases"
            )
        for kernel, bias in zip(self.kernels, self.biases, strict=True):
            if kernel.ndim != 3 or kernel.shape[0] % 2 == 0 or kernel.shape[1] != channels:
                raise ValueError(f"a kernel does not fit what is before it. Received: {kernel.shape}")
            channels = kernel.shape[2]
            if bias.shape != (channels,):
                raise ValueError(f"a bias does not fit its kernel. Received: {bias.shape}, {kernel.shape}")
        if channels != N_LABELS:
            raise ValueError(f"six channels must come out. Received: {channels}")
        if not all(np.isfinite(a).all() for a in (*vectors, *self.kernels, *self.biases)) or np.any(
            self.scale <= 0
        ):
            raise ValueError("weights must be finite and the scale positive")

    def apply(self, logits: ArrayLike, positions_mm: ArrayLike) -> NDArray[np.float64]:
        """Logits of the slices of one series, told what their neighbors are.

        Parameters
        ----------
        logits : array, shape (n, 6)
            Rows with NaN (slices that were not analysed) have no say and stay NaN.
        positions_mm : array, shape (n,)
            Position of each slice along the normal, feet to head, in any order, finite.

        Returns
        -------
        ndarray of float64, shape (n, 6)
        """
        x = np.asarray(logits, np.float64)
        z = np.asarray(positions_mm, np.float64)
        if x.ndim != 2 or x.shape[1] != N_LABELS or z.shape != x.shape[:1]:
            raise ValueError(f"needs logits (n, 6) and positions (n,). Received: {x.shape}, {z.shape}")
        if not np.all(np.isfinite(z)):
            raise ValueError(f"positions must be finite. Received: {z}")
        out = np.full_like(x, np.nan)
        known = np.flatnonzero(np.isfinite(x).all(axis=1))
        # Runs of slices that are further apart than any reach know nothing of each other, and need no grid between.
        order = known[np.argsort(z[known], kind="stable")]
        reach = max(REACH_SIGMA * SIGMA_MM, GRID_MM * (2 + sum(k.shape[0] // 2 for k in self.kernels)))
        for run in np.split(order, np.flatnonzero(np.diff(z[order]) > reach) + 1):
            if run.size:
                out[run] = self._apply_run(x[run], z[run])
        return out

    def _apply_run(self, x: NDArray[np.float64], z: NDArray[np.float64]) -> NDArray[np.float64]:
        near = Neighborhood.of(z, nodes_mm(z), np.ones(z.shape, bool))
        features = np.clip((x - self.center) / self.scale, -LARGEST_FEATURE, LARGEST_FEATURE)
        h = np.concatenate([near.to_grid @ features, near.present], axis=-1)
        inside = near.present > 0
        h = h * inside
        for number, (kernel, bias) in enumerate(zip(self.kernels, self.biases, strict=True), 1):
            h = _convolved(h, kernel) + bias
            if number < len(self.kernels):
                h = np.maximum(h, 0.0) * inside
        change = near.to_slices @ (LARGEST_CHANGE * np.tanh(h / LARGEST_CHANGE))
        # Where no change is due none is made, not even by rounding.
        return np.where(near.gate > 0, x + near.gate * (self.mix * (near.smoothing @ x - x) + change), x)

    def save(self, path: Path) -> None:
        """Write the head to an ``.npz``."""
        layers: dict[str, Any] = {f"kernel{i}": k for i, k in enumerate(self.kernels)}
        layers |= {f"bias{i}": b for i, b in enumerate(self.biases)}
        with path.open("wb") as file:
            np.savez(file, center=self.center, scale=self.scale, mix=self.mix, **layers)

    @classmethod
    def load(cls, path: Path) -> SequenceHead:
        """Read a head.

        Raises
        ------
        ModelError
            If the file is missing or holds no head.
        """
        try:
            # Opened here, as numpy leaves a damaged file open.
            with path.open("rb") as file, np.load(file, allow_pickle=False) as saved:
                arrays: dict[str, Any] = {name: saved[name].astype(np.float32) for name in saved.files}
            depth = sum(name.startswith("kernel") for name in arrays)
            return cls(
                arrays["center"],
                arrays["scale"],
                arrays["mix"],
                tuple(arrays[f"kernel{i}"] for i in range(depth)),
                tuple(arrays[f"bias{i}"] for i in range(depth)),
            )
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise ModelError("the sequence head cannot be read", str(path), str(error)) from error


def load_sequence_head(card: ModelCard) -> SequenceHead | None:
    """The head that belongs to a model, None if it has none.

    Raises
    ------
    ModelError
        If the file is missing, damaged, or not the one that `model.json` was written for.
    """
    entry = card.raw.get("files", {}).get(FILE_NAME)
    if entry is None:
        return None
    expected = entry.get("sha256") if isinstance(entry, dict) else None
    if not isinstance(expected, str):
        raise ModelError(f"'files.{FILE_NAME}.sha256' is missing", str(card.path), repr(entry))
    path = card.folder / FILE_NAME
    verify_file(path, expected.lower())
    return SequenceHead.load(path)


def nodes_mm(positions_mm: NDArray[np.floating], before_mm: float = 0.0) -> NDArray[np.float64]:
    """Grid nodes from so far before the first slice to the last or beyond."""
    start = float(positions_mm.min()) - before_mm
    steps = int(np.ceil((float(positions_mm.max()) - start) / GRID_MM - 1e-9))
    return (start + GRID_MM * np.arange(max(steps, 0) + 1)).astype(np.float64)


def _rows_to_one(weight: NDArray[np.float64]) -> NDArray[np.float32]:
    total = weight.sum(axis=-1, keepdims=True)
    shares: NDArray[np.float64] = np.divide(weight, total, out=np.zeros_like(weight), where=total > 1e-9)
    return shares.astype(np.float32)


def _convolved(h: NDArray[Any], kernel: NDArray[np.float32]) -> NDArray[Any]:
    """Correlation along the first axis with zeros around, shape (t, channels out)."""
    half = kernel.shape[0] // 2
    padded = np.pad(h, ((half, half), (0, 0)))
    out: NDArray[Any] = sum(padded[i : i + len(h)] @ tap for i, tap in enumerate(kernel))
    return out
