"""The cache that training reads: volumes from any source, one file each, and an index with checksums.

A store keeps HU, on one grid and cut off at one range; through which windows a network sees them is none of its
concern. A file holds the slices of a volume one after the other, each packed by itself, then their masks; all of them
only within the box outside of which every pixel has the lowest HU of the range. The index says where each lies, and
all that training must know of a slice before it reads it. Both together take one read of a few kB for a slice, so
that a store of any size can be drawn from at random.

The index is appended to, never rewritten, and a volume is in it only once its file is whole, so that whoever fills a
store can be killed at any moment and go on where it was.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.labels import N_LABELS
from ichviewer.errors import LearningError
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.data.slice_codec import pack_hu, pack_mask, unpack_hu, unpack_mask
from ichviewer.learning.data.volumes import MADE_SOURCES, UNKNOWN, Volume
from ichviewer.services.atomic_file import write_atomically

STORE_VERSION = 3
RECIPE_NAME = "recipe.json"
INDEX_NAME = "index.jsonl"
ENDING = ".slices"

Box = tuple[slice, slice]
"""Rows and columns of a picture."""

_LABEL_CODES = {0: "0", 1: "1", UNKNOWN: "?"}


@dataclass(frozen=True, eq=False)
class Entry:
    """What the index says of one volume; see `Volume` for the fields they share.

    Parameters
    ----------
    name, patient, source, twin : str
    traits, donors : tuple of str
    age_years : float
    sha256 : str
        Of the volume's file.
    positions_mm, labels, has_brain : ndarray
    mask_bits : ndarray of uint8, shape (n,)
        Which bits occur in the mask of each slice.
    box : tuple of int
        First and last row and column, the last ones not included, of what the file holds.
    sizes : ndarray of int32, shape (2, n)
        Bytes of each slice, and of its mask: 0 where that is empty, -1 where there is none.
    """

    name: str
    patient: str
    source: str
    twin: str
    traits: tuple[str, ...]
    sha256: str
    positions_mm: NDArray[np.float32]
    labels: NDArray[np.uint8]
    has_brain: NDArray[np.bool_]
    mask_bits: NDArray[np.uint8]
    box: tuple[int, int, int, int]
    sizes: NDArray[np.int32]
    donors: tuple[str, ...] = ()
    age_years: float = math.nan

    def __post_init__(self) -> None:
        n = len(self.positions_mm)
        shapes = (self.labels.shape, self.has_brain.shape, self.mask_bits.shape, self.sizes.shape)
        if n == 0 or shapes != ((n, N_LABELS), (n,), (n,), (2, n)):
            raise ValueError(f"{n} slices need labels, brain, masks and sizes. Received: {shapes}")

    @property
    def slices(self) -> int:
        """How many there are."""
        return len(self.positions_mm)

    @property
    def is_real(self) -> bool:
        """Whether its blood was found rather than made."""
        return self.source not in MADE_SOURCES

    @property
    def all_patients(self) -> frozenset[str]:
        """Everybody whose images are in it."""
        return frozenset((self.patient, *self.donors))

    @property
    def mask_known(self) -> NDArray[np.bool_]:
        """In which slices someone has drawn, or made, where the blood is; shape (n,)."""
        known: NDArray[np.bool_] = self.sizes[1] >= 0
        return known

    @property
    def cut(self) -> Box:
        """The part of a picture that the file holds."""
        return slice(*self.box[:2]), slice(*self.box[2:])

    @property
    def cut_shape(self) -> tuple[int, int]:
        """Rows and columns of that part."""
        return self.box[1] - self.box[0], self.box[3] - self.box[2]

    @property
    def end(self) -> int:
        """Bytes of the slices and masks; what is behind them is read with the whole volume only."""
        return int(np.maximum(self.sizes, 0).sum())

    def place(self, index: int, *, mask: bool) -> tuple[int, int]:
        """Where a slice, or its mask, lies in the file: first byte and number of bytes."""
        at = (self.slices if mask else 0) + index
        sizes = np.maximum(self.sizes.ravel(), 0)
        return int(sizes[:at].sum()), int(sizes[at])

    def to_line(self) -> bytes:
        """A line of the index."""
        fields = {
            "name": self.name,
            "patient": self.patient,
            "source": self.source,
            "twin": self.twin,
            "traits": self.traits,
            "sha256": self.sha256,
            # Their shortest text gives back the same 32 bits.
            "positions_mm": [float(str(mm)) for mm in self.positions_mm],
            "labels": " ".join("".join(_LABEL_CODES[int(y)] for y in row) for row in self.labels),
            "has_brain": "".join("1" if brain else "0" for brain in self.has_brain),
            "mask_bits": self.mask_bits.tolist(),
            "box": self.box,
            "sizes": self.sizes.tolist(),
            "donors": self.donors,
            "age_years": None if math.isnan(self.age_years) else self.age_years,
        }
        return json.dumps(fields).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> Entry:
        """What `to_line` wrote.

        Raises
        ------
        ValueError, KeyError, TypeError
            If it is something else.
        """
        fields = json.loads(line)
        codes = np.frombuffer(fields["labels"].replace(" ", "").encode(), np.uint8)
        labels = np.where(codes == ord("?"), UNKNOWN, codes - ord("0")).astype(np.uint8)
        first_row, row_end, first_column, column_end = map(int, fields["box"])
        return cls(
            name=fields["name"],
            patient=fields["patient"],
            source=fields["source"],
            twin=fields["twin"],
            traits=tuple(fields["traits"]),
            sha256=fields["sha256"],
            positions_mm=np.array(fields["positions_mm"], np.float32),
            labels=labels.reshape(-1, N_LABELS),
            has_brain=np.frombuffer(fields["has_brain"].encode(), np.uint8) == ord("1"),
            mask_bits=np.array(fields["mask_bits"], np.uint8),
            box=(first_row, row_end, first_column, column_end),
            sizes=np.array(fields["sizes"], np.int32),
            donors=tuple(fields["donors"]),
            age_years=math.nan if fields["age_years"] is None else float(fields["age_years"]),
        )


@dataclass(frozen=True, eq=False)
class PackedVolume:
    """The file of a volume, and what the index will say of it.

    Parameters
    ----------
    data : bytes
    entry : Entry
    """

    data: bytes
    entry: Entry


class Store:
    """A folder of volumes on one grid.

    Parameters
    ----------
    folder : Path
    settings : PreprocessSettings
        Size, scale and range of HU of the pictures; which channels are made of them a store does not say.
    recipe : dict
        How the volumes were made.
    """

    def __init__(self, folder: Path, settings: PreprocessSettings, recipe: dict[str, Any]) -> None:
        self.folder = folder
        self.settings = PreprocessSettings(settings.size_px, settings.mm_per_px, settings.clip_hu)
        self.recipe = recipe
        self._entries = {entry.name: entry for entry in self._read_index()}

    @classmethod
    def create(cls, folder: Path, settings: PreprocessSettings, recipe: dict[str, Any]) -> Store:
        """A new store, or the one that is there if it was begun with the same recipe.

        Raises
        ------
        LearningError
            If the folder holds a store made otherwise.
        """
        head = {"version": STORE_VERSION, "grid": _grid(settings), "recipe": recipe}
        path = folder / RECIPE_NAME
        if path.exists():
            found = _read_head(folder)
            if found != json.loads(json.dumps(head)):
                raise LearningError(
                    "the volumes there were made with other settings; choose another folder", str(folder)
                )
        else:
            folder.mkdir(parents=True, exist_ok=True)
            write_atomically(path, json.dumps(head, indent=1).encode())
        return cls(folder, settings, recipe)

    @classmethod
    def open(cls, folder: Path) -> Store:
        """The store in a folder.

        Raises
        ------
        LearningError
            If there is none, it is damaged, or another version of this program made it.
        """
        head = _read_head(folder)
        try:
            grid = head["grid"]
            low, high = grid["clip_hu"]
            settings = PreprocessSettings(int(grid["size_px"]), float(grid["mm_per_px"]), (low, high))
            return cls(folder, settings, head["recipe"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise LearningError("the prepared data cannot be read", str(folder), str(error)) from error

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The index, in the order of names."""
        return tuple(self._entries[name] for name in sorted(self._entries))

    @cached_property
    def low_hu(self) -> int:
        """HU of every pixel outside of a volume's box."""
        return _low_hu(self.settings)

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def add(self, volume: Volume) -> None:
        """Write a volume; see `add_packed`.

        Raises
        ------
        ValueError
            If its pictures are not of the store's size.
        """
        self.add_packed(pack_volume(volume, self.settings))

    def add_packed(self, packed: PackedVolume) -> None:
        """Write a volume packed for this store; it is in the index only once it is whole on the disk."""
        entry = packed.entry
        path = self.path(entry.name)
        part = path.with_name(path.name + ".part")
        part.write_bytes(packed.data)
        part.replace(path)
        with (self.folder / INDEX_NAME).open("ab") as index:
            index.write(entry.to_line())
        self._entries[entry.name] = entry

    def load(self, name: str, *, check: bool = False) -> Volume:
        """Read a whole volume, and check it against its checksum if told to.

        Raises
        ------
        LearningError
            If it is missing or damaged.
        """
        path = self.path(name)
        if name not in self._entries:
            raise LearningError("a prepared volume is missing; prepare it again", str(path))
        entry, size = self._entries[name], self.settings.size_px
        try:
            data = path.read_bytes()
            if check and hashlib.sha256(data).hexdigest() != entry.sha256:
                raise ValueError("its checksum is another one")
            hu = np.full((entry.slices, size, size), self.low_hu, np.int16)
            masks = np.zeros(hu.shape, np.uint8) if entry.mask_known.any() else None
            for i in range(entry.slices):
                hu[i][entry.cut] = unpack_hu(_part(data, *entry.place(i, mask=False)), entry.cut_shape)
                if masks is not None and entry.mask_bits[i]:
                    masks[i][entry.cut] = unpack_mask(
                        _part(data, *entry.place(i, mask=True)), entry.cut_shape
                    )
            slice_ids = tuple(json.loads(data[entry.end :]))
        except FileNotFoundError:
            raise LearningError("a prepared volume is missing; prepare it again", str(path)) from None
        except (OSError, ValueError, TypeError) as error:
            raise LearningError(
                "a prepared volume is damaged; prepare it again", str(path), str(error)
            ) from error
        return Volume(
            name=entry.name,
            patient=entry.patient,
            source=entry.source,
            hu=hu,
            positions_mm=entry.positions_mm,
            labels=entry.labels,
            has_brain=entry.has_brain,
            masks=masks,
            twin=entry.twin,
            traits=entry.traits,
            slice_ids=slice_ids,
            mask_known=None if masks is None or entry.mask_known.all() else entry.mask_known,
            donors=entry.donors,
            age_years=entry.age_years,
        )

    def path(self, name: str) -> Path:
        """Where a volume lies."""
        return self.folder / f"{name}{ENDING}"

    def _read_index(self) -> Iterator[Entry]:
        path = self.folder / INDEX_NAME
        if not path.exists():
            return
        data = path.read_bytes()
        whole = data[: data.rfind(b"\n") + 1]
        if len(whole) < len(data):  # killed in the middle of a line
            path.write_bytes(whole)
        for line in whole.splitlines():
            entry = Entry.from_line(line)
            if _is_whole(self.path(entry.name), entry):
                yield entry


def _is_whole(path: Path, entry: Entry) -> bool:
    """Whether a volume's file is there with all its bytes; after a loss of power it may have a name and none."""
    try:
        return path.stat().st_size > entry.end
    except FileNotFoundError:
        return False


def _grid(settings: PreprocessSettings) -> dict[str, Any]:
    return {
        "size_px": settings.size_px,
        "mm_per_px": settings.mm_per_px,
        "clip_hu": list(settings.clip_hu),
    }


def _read_head(folder: Path) -> dict[str, Any]:
    """What a store says of itself, if it is of this version."""
    try:
        head = json.loads((folder / RECIPE_NAME).read_text(encoding="utf-8"))
        version = head["version"]
    except FileNotFoundError:
        raise LearningError(
            "there are no prepared data; make them with `ichviewer learn prepare` or `synthesise`",
            str(folder),
        ) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LearningError("the prepared data cannot be read", str(folder), str(error)) from error
    if version != STORE_VERSION:
        raise LearningError(
            "the data there were prepared by another version of this program; prepare them again",
            str(folder),
            f"version {version!r} of the format, expected {STORE_VERSION}",
        )
    return dict(head)


def pack_volume(volume: Volume, settings: PreprocessSettings) -> PackedVolume:
    """What a store on the grid of some settings keeps of a volume.

    It takes a third of the time of preparing a slice and a fifth of its size, so whoever made a volume in another
    process packs it there.

    Raises
    ------
    ValueError
        If its pictures are not of that size.
    """
    if volume.hu.shape[1] != settings.size_px:
        raise ValueError(f"pictures of {settings.size_px} pixels are kept here. Received: {volume.hu.shape}")
    n, box = len(volume.hu), _box(volume, _low_hu(settings))
    cut = slice(*box[:2]), slice(*box[2:])
    slices = [pack_hu(picture[cut]) for picture in volume.hu]
    none = np.zeros(volume.hu.shape[1:], np.uint8)
    known = np.full(n, volume.masks is not None) if volume.mask_known is None else volume.mask_known
    shown = [volume.masks[i] if volume.masks is not None and known[i] else none for i in range(n)]
    masks = [pack_mask(mask[cut]) for mask in shown]
    data = b"".join([*slices, *masks, json.dumps(volume.slice_ids).encode()])
    bits = np.array([np.bitwise_or.reduce(mask.ravel()) for mask in shown], np.uint8)
    mask_sizes = [len(mask) if is_known else -1 for mask, is_known in zip(masks, known, strict=True)]
    entry = Entry(
        name=volume.name,
        patient=volume.patient,
        source=volume.source,
        twin=volume.twin,
        traits=volume.traits,
        sha256=hashlib.sha256(data).hexdigest(),
        positions_mm=volume.positions_mm,
        labels=volume.labels,
        has_brain=volume.has_brain,
        mask_bits=bits,
        box=box,
        sizes=np.array([[len(s) for s in slices], mask_sizes], np.int32),
        donors=volume.donors,
        age_years=volume.age_years,
    )
    return PackedVolume(data, entry)


def _low_hu(settings: PreprocessSettings) -> int:
    return round(settings.clip_hu[0])


def _box(volume: Volume, low_hu: int) -> tuple[int, int, int, int]:
    """First and last row and column, the last ones not included, of what is not low; at least one pixel."""
    shown = (volume.hu != low_hu).any(axis=0)
    if volume.masks is not None:
        shown |= volume.masks.any(axis=0)
    ends: list[int] = []
    for axis in (1, 0):
        at = np.flatnonzero(shown.any(axis=axis))
        ends += [int(at[0]), int(at[-1]) + 1] if at.size else [0, 1]
    return ends[0], ends[1], ends[2], ends[3]


def _part(data: bytes, start: int, length: int) -> bytes:
    return data[start : start + length]
