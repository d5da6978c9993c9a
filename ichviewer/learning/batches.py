"""Batches for training: slices of all sources in fixed shares, varied, made ahead in threads."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.labels import N_LABELS, TYPES
from ichviewer.inference.preprocess import PreprocessSettings, make_input
from ichviewer.learning.augment import augment
from ichviewer.learning.config import POOLS, TrainConfig
from ichviewer.learning.data.volumes import MADE_SOURCES, UNKNOWN, UNTYPED_BIT, Volume
from ichviewer.learning.network import LOGITS, REGION_STRIDE, REGIONS

Targets = dict[str, NDArray[np.float32]]
Batch = tuple[NDArray[np.float32], Targets]

_NO_BRAIN_WEIGHT = 0.4
"""Slices of neck and face count less among those without blood: there is little to learn from them."""
_FULL_CELL = 0.6
"""A cell of the region map counts as full of blood from this share on: thin blood never fills one."""


@dataclass(frozen=True, eq=False)
class TrainingSet:
    """Slices of the volumes trained on, in six pools.

    Parameters
    ----------
    settings : PreprocessSettings
        What the volumes were made with.
    volumes : tuple of Volume
    channels : tuple of list
        For each volume, which slices are the channels of each slice's input.
    volume, slice_ : ndarray of int, shape (n,)
        Where each slice lies.
    labels : ndarray of float32, shape (n, 6)
        0, 1, or -1 for unknown.
    pools : tuple of ndarray of int
        Indices of the slices in each of `config.POOLS`.
    weights : tuple of ndarray of float64
        How likely each of a pool is drawn; adds up to 1.
    twin : ndarray of int, shape (n,)
        Index of the same slice without its blood, -1 where there is none.
    """

    settings: PreprocessSettings
    volumes: tuple[Volume, ...]
    channels: tuple[list[tuple[int, ...]], ...]
    volume: NDArray[np.intp]
    slice_: NDArray[np.intp]
    labels: NDArray[np.float32]
    pools: tuple[NDArray[np.intp], ...]
    weights: tuple[NDArray[np.float64], ...]
    twin: NDArray[np.intp]

    @classmethod
    def of(
        cls, volumes: Iterable[Volume], settings: PreprocessSettings, *, unpaired: bool = True
    ) -> TrainingSet:
        """Pool the slices of some volumes; rare types of blood weigh more.

        Parameters
        ----------
        volumes : iterable of Volume
        settings : PreprocessSettings
            Tells which neighbors a slice's input has.
        unpaired : bool
            Use made volumes without blood that are nobody's twin.
        """
        kept = list(volumes)
        if not unpaired:
            twins = {v.twin for v in kept}
            kept = [v for v in kept if v.source not in MADE_SOURCES or v.twin or v.name in twins]
        place = {v.name: i for i, v in enumerate(kept)}
        first = np.cumsum([0, *(len(v.hu) for v in kept)])
        volume = np.repeat(np.arange(len(kept)), np.diff(first))
        slice_ = np.concatenate([np.arange(len(v.hu)) for v in kept])
        raw = np.concatenate([v.labels for v in kept])
        labels = np.where(raw == UNKNOWN, -1.0, raw).astype(np.float32)
        has_brain = np.concatenate([v.has_brain for v in kept])
        twin = np.full(len(volume), -1)
        for i, v in enumerate(kept):
            if v.twin in place and len(kept[place[v.twin]].hu) == len(v.hu):
                twin[first[i] : first[i + 1]] = np.arange(len(v.hu)) + first[place[v.twin]]
        kind = np.array([_KINDS.get(v.source, 0) for v in kept])[volume]
        pools, weights = [], []
        for k in range(len(POOLS)):
            blood = labels[:, 0] == 1 if k % 2 == 0 else (labels == 0).all(axis=1)
            chosen = np.flatnonzero((kind == k // 2) & blood)
            weight = (
                _rarity(labels[chosen]) if k % 2 == 0 else np.where(has_brain[chosen], 1.0, _NO_BRAIN_WEIGHT)
            )
            pools.append(chosen)
            weights.append(weight / max(weight.sum(), 1e-12))
        return cls(
            settings,
            tuple(kept),
            tuple(v.channels(settings) for v in kept),
            volume,
            slice_,
            labels,
            tuple(pools),
            tuple(weights),
            twin,
        )

    def draw(self, config: TrainConfig, rng: np.random.Generator) -> NDArray[np.intp]:
        """Indices of one batch."""
        shares = np.array(config.sampling.shares) * [pool.size > 0 for pool in self.pools]
        counts = np.bincount(
            rng.choice(len(POOLS), config.batch, p=shares / shares.sum()), minlength=len(POOLS)
        )
        chosen: list[int] = []
        twins: list[int] = []
        for k, count in enumerate(counts):
            drawn = rng.choice(self.pools[k], count, p=self.weights[k]) if count else self.pools[k][:0]
            if k % 2 == 0:
                twins = [int(t) for t in self.twin[drawn] if t >= 0]
            else:
                # A slice without blood that differs from one of this batch by nothing but the blood.
                for i in range(count):
                    if twins and rng.random() < config.sampling.pairs:
                        drawn[i] = twins.pop()
            chosen += [int(i) for i in drawn]
        return np.array(chosen)

    def input(
        self, index: int, far_neighbor: float, rng: np.random.Generator
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint8] | None]:
        """A slice's input, shape (size, size, channels), and its mask; None where it is not known."""
        volume, at = self.volumes[self.volume[index]], int(self.slice_[index])
        places = self.channels[self.volume[index]][at]
        if rng.random() < far_neighbor:
            last = len(volume.hu) - 1
            places = tuple(
                int(np.clip(at + np.sign(channel.offset_mm) * rng.integers(0, 3), 0, last))
                for channel in self.settings.channels
            )
        return make_input([volume.hu[j] for j in places], self.settings), volume.mask(at)

    def batch(self, config: TrainConfig, step: int, run_seed: int) -> Batch:
        """The batch of a step: always the same for the same seed, so that a resumed run goes on as it would have."""
        rng = np.random.default_rng([config.seed, run_seed, step, config.round])
        chosen = self.draw(config, rng)
        size = config.size_at(step)
        pictures, regions = [], []
        for i in chosen:
            grey, mask = self.input(int(i), config.augment.far_neighbor, rng)
            x, mask = augment(grey, mask, size, config.augment, rng)
            pictures.append(x)
            if config.segmentation:
                regions.append(region_shares(mask, size, self.labels[i]))
        targets: Targets = {LOGITS: self.labels[chosen].reshape(-1, N_LABELS)}
        if config.segmentation:
            targets[REGIONS] = np.stack(regions)
        return np.stack(pictures), targets


def region_shares(
    mask: NDArray[np.uint8] | None, size_px: int, labels: NDArray[np.float32]
) -> NDArray[np.float32]:
    """How full of each type of blood the cells of the region map are, shape (size / 8, size / 8, 5).

    Parameters
    ----------
    mask : ndarray of uint8, shape (size, size), or None
        As in `Volume.masks`.
    size_px : int
    labels : ndarray of float32, shape (6,)
        Of the slice: 0, 1, or -1 for unknown.

    Returns
    -------
    ndarray of float32
        -1 where it is not known: everywhere without a mask; and in blood of which nobody told the type for each
        type that the labels do not exclude.
    """
    cells = size_px // REGION_STRIDE
    if mask is None:
        return np.full((cells, cells, len(TYPES)), -1.0, np.float32)
    if not mask.any():
        return np.zeros((cells, cells, len(TYPES)), np.float32)
    bits = (mask[..., None] >> np.array([*range(len(TYPES)), UNTYPED_BIT], np.uint8)) & 1
    blocks = bits.reshape(cells, REGION_STRIDE, cells, REGION_STRIDE, len(TYPES) + 1)
    shares = blocks.mean(axis=(1, 3), dtype=np.float32)
    untyped = shares[..., len(TYPES) :] > 0
    of_types: NDArray[np.float32] = np.minimum(shares[..., : len(TYPES)] / np.float32(_FULL_CELL), 1)
    of_types[untyped & (labels[1:] != 0)] = -1.0
    return of_types


def batches(data: TrainingSet, config: TrainConfig, start: int, stop: int, run_seed: int) -> Iterator[Batch]:
    """Batches of the steps from `start` to before `stop`, in order, made ahead by ``config.workers`` threads."""
    with ThreadPoolExecutor(config.workers, thread_name_prefix="batches") as pool:
        ahead: deque[Future[Batch]] = deque()
        try:
            for step in range(start, stop):
                ahead.append(pool.submit(data.batch, config, step, run_seed))
                if len(ahead) > config.workers + 1:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        finally:
            for future in ahead:
                future.cancel()


_KINDS = {source: kind for kind, source in enumerate(MADE_SOURCES, 1)}
"""Which pair of pools the slices of a source are in; found blood is in the first."""


def _rarity(labels: NDArray[np.float32]) -> NDArray[np.float64]:
    """Weight of slices with blood: each counts by its rarest type, by the root of the rarity."""
    has = labels[:, 1:] == 1
    counts = np.maximum(has.sum(axis=0), 1)
    weight = (has / np.sqrt(counts)).max(axis=1, initial=0.0)
    rarity: NDArray[np.float64] = np.maximum(weight, 1 / np.sqrt(counts.max()))
    return rarity
