"""Single slices of stores, read as they are needed; those read last are kept, up to so many bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ichviewer.errors import LearningError
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.data.slice_codec import unpack_hu, unpack_mask
from ichviewer.learning.data.store import Box, Entry, Store
from ichviewer.learning.data.volumes import Volume

CACHE_BYTES = 1_500_000_000


@dataclass(frozen=True, eq=False)
class Member:
    """A volume of a store that is not read yet.

    Parameters
    ----------
    store : Store
    entry : Entry
    """

    store: Store
    entry: Entry

    @property
    def all_patients(self) -> frozenset[str]:
        """Everybody whose images are in it."""
        return self.entry.all_patients

    def load(self) -> Volume:
        """The whole volume."""
        return self.store.load(self.entry.name)


def members_of(folders: Sequence[str | Path]) -> tuple[PreprocessSettings, list[Member]]:
    """All volumes of some stores, by their indexes alone.

    Returns
    -------
    settings : PreprocessSettings
        The grid of the pictures, with channels as they are by default.
    members : list of Member
        Store by store, in the order of names.

    Raises
    ------
    LearningError
        If a store is missing, its index damaged, or its grid another than that of the others.
    """
    settings: PreprocessSettings | None = None
    members: list[Member] = []
    for folder in folders:
        store = Store.open(Path(folder))
        if settings is not None and store.settings != settings:
            raise LearningError(
                "the stores were made with different preprocessing", str(folder), str(store.settings)
            )
        settings = store.settings
        members += [Member(store, entry) for entry in store.entries]
    return settings or PreprocessSettings(), members


@dataclass(frozen=True, eq=False)
class CutPicture:
    """The part of a slice, or of its mask, that its file holds.

    Parameters
    ----------
    pixels : ndarray
        HU in int16, or the bits of a mask in uint8; read-only.
    box : tuple of slice
        Its rows and columns in the picture.
    outside : int
        What every pixel outside of the box is.
    """

    pixels: NDArray[Any]
    box: Box
    outside: int

    def whole(self, size_px: int) -> NDArray[Any]:
        """The whole picture, shape (size_px, size_px)."""
        return padded(self.pixels, self.box, self.outside, size_px)


def padded(pixels: NDArray[Any], box: Box, outside: int, size_px: int) -> NDArray[Any]:
    """A picture of one value with some pixels in its box, shape (size_px, size_px)."""
    picture = np.full((size_px, size_px), outside, pixels.dtype)
    picture[box] = pixels
    return picture


class SliceReader:
    """Reads single slices; threads may share it.

    Parameters
    ----------
    cache_bytes : int
        So many bytes of unpacked slices are kept, those used last.
    """

    def __init__(self, cache_bytes: int = CACHE_BYTES) -> None:
        self._most_bytes = cache_bytes
        self._bytes = 0
        self._kept: OrderedDict[tuple[Path, int, bool], NDArray[Any]] = OrderedDict()
        self._lock = Lock()

    @property
    def cached_bytes(self) -> int:
        """Bytes of the slices kept now."""
        return self._bytes

    def hu(self, member: Member, index: int) -> CutPicture:
        """HU of a slice, as stored.

        Raises
        ------
        LearningError
            If its file is missing or damaged.
        """
        return CutPicture(self._pixels(member, index, mask=False), member.entry.cut, member.store.low_hu)

    def mask(self, member: Member, index: int) -> CutPicture | None:
        """Mask of a slice; None where there is none.

        Raises
        ------
        LearningError
            If its file is missing or damaged.
        """
        entry = member.entry
        if entry.sizes[1, index] < 0:
            return None
        if entry.mask_bits[index] == 0:  # most are empty, and need no file
            return CutPicture(np.zeros((0, 0), np.uint8), (slice(0, 0), slice(0, 0)), 0)
        return CutPicture(self._pixels(member, index, mask=True), entry.cut, 0)

    def _pixels(self, member: Member, index: int, *, mask: bool) -> NDArray[Any]:
        path = member.store.path(member.entry.name)
        key = (path, index, mask)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        # Two threads may read the same slice at the same time; that is cheaper than to have one wait.
        pixels = _read(path, member.entry, index, mask=mask)
        pixels.setflags(write=False)
        with self._lock:
            if key not in self._kept:
                self._kept[key] = pixels
                self._bytes += pixels.nbytes
                while self._bytes > self._most_bytes:
                    _, dropped = self._kept.popitem(last=False)
                    self._bytes -= dropped.nbytes
        return pixels


def _read(path: Path, entry: Entry, index: int, *, mask: bool) -> NDArray[Any]:
    start, length = entry.place(index, mask=mask)
    try:
        with path.open("rb", buffering=0) as file:
            file.seek(start)
            packed = file.read(length)
        if mask:
            return unpack_mask(packed, entry.cut_shape)
        return unpack_hu(packed, entry.cut_shape)
    except FileNotFoundError:
        raise LearningError("a prepared volume is missing; prepare it again", str(path)) from None
    except (OSError, ValueError) as error:
        raise LearningError(
            "a prepared volume is damaged; prepare it again", str(path), str(error)
        ) from error
