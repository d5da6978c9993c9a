"""Batches for training: slices of all sources in fixed shares, read from stores, varied, made ahead in threads."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.labels import N_LABELS, TYPES
from ichviewer.errors import LearningError
from ichviewer.inference.preprocess import PreprocessSettings, channel_indices
from ichviewer.learning.augment import augment, grey_tables, window
from ichviewer.learning.config import POOLS, AugmentConfig, TrainConfig
from ichviewer.learning.data.slice_reader import Member, SliceReader, padded
from ichviewer.learning.data.volumes import MADE_SOURCES, UNKNOWN, UNTYPED_BIT
from ichviewer.learning.network import LOGITS, REGION_STRIDE, REGIONS, region_maps

Targets = dict[str, NDArray[np.float32]]
Batch = tuple[NDArray[np.float32], Targets]

_NO_BRAIN_WEIGHT = 0.4
"""Slices of neck and face count less among those without blood: there is little to learn from them."""
_FULL_CELL = 0.6
"""A cell of the region map counts as full of blood from this share on: thin blood never fills one."""


@dataclass(frozen=True, eq=False)
class TrainingSet:
    """Slices of the volumes trained on, in six pools. It holds where they lie, not the slices.

    Parameters
    ----------
    settings : PreprocessSettings
        The grid of the volumes, and what an input is made of.
    members : tuple of Member
    reader : SliceReader
        Reads the slices, from all threads.
    volume, slice_ : ndarray of int32, shape (n,)
        Where each slice lies.
    labels : ndarray of int8, shape (n, 6)
        0, 1, or -1 for unknown.
    pools : tuple of ndarray of int
        Indices of the slices in each of `config.POOLS`.
    weights : tuple of ndarray of float64
        How likely each of a pool is drawn, summed up over those before it; ends with 1.
    twin : ndarray of int32, shape (n,)
        Index of the same slice without its blood, -1 where there is none.
    """

    settings: PreprocessSettings
    members: tuple[Member, ...]
    reader: SliceReader
    volume: NDArray[np.int32]
    slice_: NDArray[np.int32]
    labels: NDArray[np.int8]
    pools: tuple[NDArray[np.intp], ...]
    weights: tuple[NDArray[np.float64], ...]
    twin: NDArray[np.int32]

    @classmethod
    def of(
        cls,
        members: Iterable[Member],
        settings: PreprocessSettings,
        *,
        unpaired: bool = True,
        reader: SliceReader | None = None,
    ) -> TrainingSet:
        """Pool the slices of some volumes; rare types of blood weigh more.

        Parameters
        ----------
        members : iterable of Member
            Of stores on one grid.
        settings : PreprocessSettings
            That grid, and the channels of an input.
        unpaired : bool
            Use made volumes without blood that are nobody's twin.
        reader : SliceReader, optional
            One of its own if not given.

        Raises
        ------
        LearningError
            If there is no slice of which it is known whether it shows blood.
        """
        kept = list(members)
        if not unpaired:
            twins = {m.entry.twin for m in kept}
            kept = [m for m in kept if m.entry.is_real or m.entry.twin or m.entry.name in twins]
        entries = [m.entry for m in kept]
        place = {entry.name: i for i, entry in enumerate(entries)}
        first = np.cumsum([0, *(entry.slices for entry in entries)])
        volume = np.repeat(np.arange(len(kept), dtype=np.int32), np.diff(first))
        slice_ = (np.arange(first[-1]) - first[volume]).astype(np.int32)
        raw = np.concatenate([entry.labels for entry in entries])
        labels = np.where(raw == UNKNOWN, -1, raw.astype(np.int8)).astype(np.int8)
        has_brain = np.concatenate([entry.has_brain for entry in entries])
        twin = np.full(len(volume), -1, np.int32)
        for i, entry in enumerate(entries):
            if entry.twin in place and entries[place[entry.twin]].slices == entry.slices:
                twin[first[i] : first[i + 1]] = np.arange(entry.slices) + first[place[entry.twin]]
        kind = np.array([_KINDS.get(entry.source, 0) for entry in entries])[volume]
        if not (labels[:, 0] >= 0).any():
            raise LearningError("the stores hold no slice to train on")
        pools, weights = [], []
        for k in range(len(POOLS)):
            blood = labels[:, 0] == 1 if k % 2 == 0 else (labels == 0).all(axis=1)
            chosen = np.flatnonzero((kind == k // 2) & blood)
            weight = (
                _rarity(labels[chosen]) if k % 2 == 0 else np.where(has_brain[chosen], 1.0, _NO_BRAIN_WEIGHT)
            )
            pools.append(chosen)
            total = np.cumsum(weight)
            weights.append(total / total[-1] if total.size else total)
        return cls(
            settings,
            tuple(kept),
            reader or SliceReader(),
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
            drawn = self.pools[k][np.searchsorted(self.weights[k], rng.random(count), side="right")]
            if k % 2 == 0:
                twins = [int(t) for t in self.twin[drawn] if t >= 0]
            else:
                # A slice without blood that differs from one of this batch by nothing but the blood.
                for i in range(count):
                    if twins and rng.random() < config.sampling.pairs:
                        drawn[i] = twins.pop()
            chosen += [int(i) for i in drawn]
        return np.array(chosen)

    def places(self, index: int, config: AugmentConfig, rng: np.random.Generator) -> tuple[int, ...]:
        """Which slices of its volume the channels of a slice's input show, varied as series are."""
        entry, at = self.members[self.volume[index]].entry, int(self.slice_[index])
        offsets = [channel.offset_mm for channel in self.settings.channels]
        if rng.random() < config.single_slice:
            return (at,) * len(offsets)
        if rng.random() < 0.5:  # head first or feet first
            offsets = [-mm for mm in offsets]
        if rng.random() < config.far_neighbor:
            # Neighbors lie none, one or two slices away on either side, those asked for farther away so much farther.
            far = {-1: int(rng.integers(0, 3)), 0: 0, 1: int(rng.integers(0, 3))}
            distances = sorted({abs(mm) for mm in offsets} | {0.0})
            steps = [int(np.sign(mm)) * far[int(np.sign(mm))] * distances.index(abs(mm)) for mm in offsets]
            return tuple(min(max(at + step, 0), entry.slices - 1) for step in steps)
        channels = tuple(
            replace(channel, offset_mm=mm)
            for channel, mm in zip(self.settings.channels, offsets, strict=True)
        )
        return channel_indices(entry.positions_mm, at, replace(self.settings, channels=channels))

    def sample(
        self, index: int, size_px: int, config: AugmentConfig, rng: np.random.Generator
    ) -> tuple[NDArray[np.float32], NDArray[np.uint8] | None]:
        """One slice, varied.

        Returns
        -------
        x : ndarray of float32, shape (size_px, size_px, channels)
        mask : ndarray of uint8, shape (size_px, size_px), or None
            None where nobody knows where the blood is.

        Raises
        ------
        LearningError
            If a file is missing or damaged.
        """
        settings, member, at = self.settings, self.members[self.volume[index]], int(self.slice_[index])
        places = self.places(index, config, rng)
        pictures = {j: self.reader.hu(member, j) for j in dict.fromkeys(places)}
        greys = []
        tables = grey_tables(settings.channels, settings.clip_hu, config, rng)
        for j, table in zip(places, tables, strict=True):
            cut = pictures[j]
            grey = window(cut.pixels, table, cut.outside)
            greys.append(padded(grey, cut.box, int(table[0]), settings.size_px))
        marked = self.reader.mask(member, at)
        mask = None
        if marked is not None:
            mask = marked.whole(settings.size_px)
        elif (self.labels[index] == 0).all():
            # Without blood the mask is known though nobody drew it.
            mask = np.zeros((settings.size_px, settings.size_px), np.uint8)
        x, mask = augment(greys, mask, size_px, config, rng, channels=settings.channels, slices=places)
        return x, mask

    def batch(self, config: TrainConfig, step: int, run_seed: int) -> Batch:
        """The batch of a step: always the same for the same seed, so that a resumed run goes on as it would have."""
        rng = np.random.default_rng([config.seed, run_seed, step, config.round])
        chosen = self.draw(config, rng)
        size = config.size_at(step)
        x = np.empty((len(chosen), size, size, len(self.settings.channels)), np.float32)
        regions = []
        for k, i in enumerate(chosen):
            x[k], mask = self.sample(int(i), size, config.augment, rng)
            if config.segmentation:
                maps = region_maps(mimics=config.mimic_maps)
                regions.append(region_shares(mask, size, self.labels[i], maps))
                if self.members[self.volume[i]].entry.is_real:
                    # Nobody has drawn what could be mistaken for blood in a real head.
                    regions[-1][..., len(TYPES) :] = -1.0
        targets: Targets = {LOGITS: self.labels[chosen].astype(np.float32).reshape(-1, N_LABELS)}
        if config.segmentation:
            targets[REGIONS] = np.stack(regions)
        return x, targets


def region_shares(
    mask: NDArray[np.uint8] | None, size_px: int, labels: NDArray[np.integer], maps: int = len(TYPES)
) -> NDArray[np.float32]:
    """How full of what each map shows the cells of the region map are, shape (size / 8, size / 8, maps).

    Parameters
    ----------
    mask : ndarray of uint8, shape (size_px, size_px), or None
        As in `Volume.masks`: bit k is set where a pixel belongs to map k.
    size_px : int
    labels : ndarray of int, shape (6,)
        Of the slice: 0, 1, or -1 for unknown.
    maps : int
        How many: the types of blood and, with one more, what is mistaken for blood.

    Returns
    -------
    ndarray of float32
        -1 where it is not known: everywhere without a mask; and in blood of which nobody told the type for each
        type that the labels do not exclude.
    """
    cells = size_px // REGION_STRIDE
    if mask is None:
        return np.full((cells, cells, maps), -1.0, np.float32)
    if not mask.any():
        return np.zeros((cells, cells, maps), np.float32)
    full = np.zeros((cells, cells, maps + 1), np.float32)
    there = int(np.bitwise_or.reduce(mask, axis=None))
    for i, bit in enumerate((*range(maps), UNTYPED_BIT)):
        if there >> bit & 1:  # few are
            blocks = ((mask >> bit) & 1).reshape(cells, REGION_STRIDE, cells, REGION_STRIDE)
            full[..., i] = blocks.mean(axis=(1, 3), dtype=np.float32)
    shares: NDArray[np.float32] = np.minimum(full[..., :maps] / np.float32(_FULL_CELL), 1)
    possible = np.zeros(maps, bool)
    possible[: len(TYPES)] = labels[1:] != 0
    shares[(full[..., maps:] > 0) & possible] = -1.0
    return shares


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


def _rarity(labels: NDArray[np.int8]) -> NDArray[np.float64]:
    """Weight of slices with blood: each counts by its rarest type, by the root of the rarity."""
    has = labels[:, 1:] == 1
    counts = np.maximum(has.sum(axis=0), 1)
    weight = (has / np.sqrt(counts)).max(axis=1, initial=0.0)
    rarity: NDArray[np.float64] = np.maximum(weight, 1 / np.sqrt(counts.max()))
    return rarity
