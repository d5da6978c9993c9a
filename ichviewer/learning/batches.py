"""Batches for training: real and painted pictures in fixed shares, varied, made ahead in a thread."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.augment import augment
from ichviewer.learning.config import TrainConfig
from ichviewer.learning.data.cache import PatientPictures

_NO_BRAIN_WEIGHT = 0.4
"""Slices of neck and face count less among those without blood: there is little to learn from them."""


@dataclass(frozen=True, eq=False)
class TrainingSet:
    """Pictures of the patients trained on, in three pools.

    Parameters
    ----------
    grey : ndarray of uint8, shape (n, size, size, 3)
        Inputs of all pools.
    labels : ndarray of float32, shape (n, 6)
        Their truth.
    positive, negative, painted : ndarray of int
        Indices into them: real slices with blood, without, and painted ones.
    positive_weight, negative_weight : ndarray of float64
        How likely each of a pool is drawn; adds up to 1.
    """

    grey: NDArray[np.uint8]
    labels: NDArray[np.float32]
    positive: NDArray[np.intp]
    negative: NDArray[np.intp]
    painted: NDArray[np.intp]
    positive_weight: NDArray[np.float64]
    negative_weight: NDArray[np.float64]

    @classmethod
    def of(cls, patients: list[PatientPictures], settings: PreprocessSettings) -> TrainingSet:
        """Pool the pictures of some patients; rare kinds of blood weigh more."""
        real = np.concatenate([p.inputs(settings) for p in patients])
        real_labels = np.concatenate([p.labels for p in patients])
        has_brain = np.concatenate([p.has_brain for p in patients])
        painted = np.concatenate([p.painted for p in patients])
        painted_labels = np.concatenate([p.painted_labels for p in patients])
        blood = real_labels[:, 0] > 0
        positive, negative = np.flatnonzero(blood), np.flatnonzero(~blood)
        counts = np.maximum(real_labels[:, 1:].sum(axis=0), 1)
        # Each slice counts by its rarest kind, by the root of the rarity: few slices must not be drawn all the time.
        rarity = (
            (real_labels[positive, 1:] / np.sqrt(counts)).max(axis=1, initial=0)
            if positive.size
            else np.empty(0)
        )
        rarity = np.maximum(rarity, 1 / np.sqrt(counts.max()))
        without = np.where(has_brain[negative], 1.0, _NO_BRAIN_WEIGHT)
        return cls(
            np.concatenate([real, painted]),
            np.concatenate([real_labels, painted_labels]).astype(np.float32),
            positive,
            negative,
            np.arange(len(real), len(real) + len(painted)),
            rarity / max(rarity.sum(), 1e-12),
            without / max(without.sum(), 1e-12),
        )

    def draw(self, config: TrainConfig, rng: np.random.Generator) -> NDArray[np.intp]:
        """Indices of one batch."""
        shares = np.array([config.sampling.real_positive, config.sampling.painted])
        # A pool that is empty gives its share to the slices without blood.
        shares *= [self.positive.size > 0, self.painted.size > 0]
        pool = rng.choice(3, config.batch, p=[shares[0], shares[1], 1 - shares.sum()])
        n_positive, n_painted = int((pool == 0).sum()), int((pool == 1).sum())
        return np.concatenate(
            [
                rng.choice(self.positive, n_positive, p=self.positive_weight)
                if n_positive
                else self.positive[:0],
                rng.choice(self.painted, n_painted) if n_painted else self.painted[:0],
                rng.choice(self.negative, config.batch - n_positive - n_painted, p=self.negative_weight),
            ]
        )

    def batch(
        self, config: TrainConfig, step: int, run_seed: int
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The batch of a step: always the same for the same seed, so that a resumed run goes on as it would have."""
        rng = np.random.default_rng([config.seed, run_seed, step, config.round])
        chosen = self.draw(config, rng)
        size = config.size_px(step)
        x = np.stack([augment(self.grey[i], size, config.augment, rng) for i in chosen])
        return x, self.labels[chosen]


def batches(
    data: TrainingSet, config: TrainConfig, start: int, run_seed: int
) -> Iterator[tuple[int, NDArray[np.float32], NDArray[np.float32]]]:
    """Step number and batch from a step to the last, made ahead in one thread."""
    ready: queue.Queue[tuple[int, NDArray[np.float32], NDArray[np.float32]] | BaseException] = queue.Queue(4)
    stop = threading.Event()

    def put(item: tuple[int, NDArray[np.float32], NDArray[np.float32]] | BaseException) -> None:
        while not stop.is_set():
            try:
                ready.put(item, timeout=0.5)
                return
            except queue.Full:
                continue

    def work() -> None:
        try:
            for step in range(start, config.steps):
                if stop.is_set():
                    return
                put((step, *data.batch(config, step, run_seed)))
        except BaseException as error:  # noqa: BLE001 - handed over to the thread that waits, and raised there
            put(error)

    thread = threading.Thread(target=work, name="batches", daemon=True)
    thread.start()
    try:
        for _ in range(start, config.steps):
            item = ready.get()
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        stop.set()
        thread.join()
