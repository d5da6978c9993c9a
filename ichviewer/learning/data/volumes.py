"""The cache that training reads: preprocessed series from any source, one file each, and an index with checksums.

A real patient, a patient with painted lesions and a made head look the same here: a stack of pictures in HU with
labels and, where a lesion was made rather than found, its mask. The index is appended to, never rewritten, so that
whoever fills a store can be killed at any moment and go on where it was.
"""

from __future__ import annotations

import hashlib
import json
import math
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.labels import N_LABELS
from ichviewer.errors import LearningError
from ichviewer.inference.preprocess import PreprocessSettings, channel_indices, make_input
from ichviewer.services.atomic_file import write_atomically

STORE_VERSION = 4
RECIPE_NAME = "recipe.json"
INDEX_NAME = "index.jsonl"
MADE_SOURCES = ("painted", "phantom", "map")
"""Sources whose blood was made rather than found."""
UNKNOWN = 255
"""Label of a slice about which nothing is taught: blood too faint or too thin to say yes or no."""
UNTYPED_BIT = 6
"""Bit of a mask where a pixel is blood and nobody told of which type."""


@dataclass(frozen=True, eq=False)
class Volume:
    """The preprocessed slices of one series, lowest first.

    Parameters
    ----------
    name : str
        Unique in a store; becomes the file's name.
    patient : str
        Whose head it is. Volumes made from one head, painted ones included, share it, and splits go by it.
    source : str
        ``ct-ich``, ``rsna``, ``folder``, ``painted``, ``phantom`` or ``map``.
    hu : ndarray of int16, shape (n, size, size)
        As `preprocess.resample_head` gives them, rounded.
    positions_mm : ndarray of float32, shape (n,)
        Ascending positions along the normal.
    labels : ndarray of uint8, shape (n, 6)
        0, 1 or `UNKNOWN` for each of `domain.labels.LABELS`.
    has_brain : ndarray of bool, shape (n,)
        Whether a skull with brain inside was found in the slice.
    masks : ndarray of uint8, shape (n, size, size), or None
        Bit k is set where a pixel is blood of ``domain.labels.TYPES[k]``; None where no one has drawn them.
        Bit `UNTYPED_BIT` is set where it is blood of one of the types that the slice's labels do not exclude.
    twin : str
        Name of the same head in the same scanner without the blood; empty if there is none.
    traits : tuple of str
        What was put in that is not blood, by name: hard negatives, ways of scanning.
    slice_ids : tuple of str
        What the data set calls each slice; empty if it does not.
    mask_known : ndarray of bool, shape (n,), or None
        Slices whose mask counts; None if all of `masks` do.
    donors : tuple of str
        Patients other than `patient` whose images are in it: whoever is left out must be none of `all_patients`.
    age_years : float
        Of the patient; NaN where it is not known.
    """

    name: str
    patient: str
    source: str
    hu: NDArray[np.int16]
    positions_mm: NDArray[np.float32]
    labels: NDArray[np.uint8]
    has_brain: NDArray[np.bool_]
    masks: NDArray[np.uint8] | None = None
    twin: str = ""
    traits: tuple[str, ...] = ()
    slice_ids: tuple[str, ...] = ()
    mask_known: NDArray[np.bool_] | None = None
    donors: tuple[str, ...] = ()
    age_years: float = math.nan

    def __post_init__(self) -> None:
        n = len(self.hu)
        if self.hu.ndim != 3 or self.hu.shape[1] != self.hu.shape[2] or n == 0:
            raise ValueError(f"a volume is a stack of square pictures. Received: {self.hu.shape}")
        if self.hu.dtype != np.int16:
            raise ValueError(f"pictures are HU in 16 bit. Received: {self.hu.dtype}")
        if not self.name or not self.patient or {"/", "\\", "\0"} & set(self.name):
            raise ValueError(
                f"a volume needs a patient, and a name that can name a file. Received: {self.name!r}"
            )
        shapes = (self.positions_mm.shape, self.labels.shape, self.has_brain.shape)
        if shapes != ((n,), (n, N_LABELS), (n,)):
            raise ValueError(f"{n} slices need positions, labels and has_brain. Received: {shapes}")
        if self.masks is not None and self.masks.shape != self.hu.shape:
            raise ValueError(f"masks must have the shape of the pictures. Received: {self.masks.shape}")
        if self.mask_known is not None and (self.masks is None or self.mask_known.shape != (n,)):
            raise ValueError(f"mask_known tells of {n} masks. Received: {self.mask_known.shape}")
        if self.slice_ids and len(self.slice_ids) != n:
            raise ValueError(f"{n} slices need as many names. Received: {len(self.slice_ids)}")
        if np.any(np.diff(self.positions_mm) < 0):
            raise ValueError("slices must be sorted by position")

    @property
    def all_patients(self) -> frozenset[str]:
        """Everybody whose images are in it."""
        return frozenset((self.patient, *self.donors))

    def mask(self, index: int) -> NDArray[np.uint8] | None:
        """The mask of a slice; None where it shows blood, or may, that nobody has drawn."""
        if self.masks is not None and (self.mask_known is None or self.mask_known[index]):
            mask: NDArray[np.uint8] = self.masks[index]
            return mask
        # Without blood the mask is known though nobody drew it.
        return None if self.labels[index].any() else np.zeros(self.hu.shape[1:], np.uint8)

    def channels(self, settings: PreprocessSettings) -> list[tuple[int, ...]]:
        """For each slice, which slices are the channels of its input."""
        positions = self.positions_mm.astype(np.float64).tolist()
        return [channel_indices(positions, i, settings) for i in range(len(positions))]

    def inputs(self, settings: PreprocessSettings) -> NDArray[np.uint8]:
        """Inputs of the network for every slice, shape (n, size, size, channels)."""
        return np.stack([make_input([self.hu[j] for j in its], settings) for its in self.channels(settings)])

    def grey(self, index: int, settings: PreprocessSettings) -> NDArray[np.uint8]:
        """A slice through the window of the network's main channel, shape (size, size)."""
        return settings.channels[settings.main].grey(self.hu[index])


def stored(hu: NDArray[np.floating[Any]]) -> NDArray[np.int16]:
    """HU rounded to what a volume holds, same shape."""
    rounded: NDArray[np.int16] = np.rint(hu).astype(np.int16)
    return rounded


@dataclass(frozen=True)
class Entry:
    """What the index says of one volume."""

    name: str
    patient: str
    source: str
    slices: int
    sha256: str
    twin: str = ""
    traits: tuple[str, ...] = ()
    donors: tuple[str, ...] = ()


class Store:
    """A folder of volumes that were all made with the same preprocessing.

    Parameters
    ----------
    folder : Path
    settings : PreprocessSettings
    recipe : dict
        How the volumes were made.
    """

    def __init__(self, folder: Path, settings: PreprocessSettings, recipe: dict[str, Any]) -> None:
        self.folder = folder
        self.settings = settings
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
        head = {"version": STORE_VERSION, "preprocessing": settings.to_json(), "recipe": recipe}
        path = folder / RECIPE_NAME
        if path.exists():
            found = json.loads(path.read_text(encoding="utf-8"))
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
            If there is none, or another version of this program made it.
        """
        try:
            head = json.loads((folder / RECIPE_NAME).read_text(encoding="utf-8"))
            version = head["version"]
            if version != STORE_VERSION:
                raise ValueError(f"version {version!r}, expected {STORE_VERSION}")
            return cls(folder, PreprocessSettings.from_json(head["preprocessing"]), head["recipe"])
        except FileNotFoundError:
            raise LearningError(
                "there are no prepared data; make them with `ichviewer learn prepare` or `synthesise`",
                str(folder),
            ) from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise LearningError("the prepared data cannot be read", str(folder), str(error)) from error

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The index, in the order of names."""
        return tuple(self._entries[name] for name in sorted(self._entries))

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def add(self, volume: Volume) -> None:
        """Write a volume; it is in the index only once it is whole on the disk."""
        path = self.path(volume.name)
        part = path.with_name(path.name + ".part")
        with part.open("wb") as file:
            _write(file, volume)
        entry = Entry(
            volume.name,
            volume.patient,
            volume.source,
            len(volume.hu),
            _sha256(part),
            volume.twin,
            volume.traits,
            volume.donors,
        )
        part.replace(path)
        with (self.folder / INDEX_NAME).open("a", encoding="utf-8") as index:
            index.write(json.dumps(entry.__dict__) + "\n")
        self._entries[entry.name] = entry

    def load(self, name: str, *, check: bool = False) -> Volume:
        """Read a volume, and check it against its checksum if told to.

        Raises
        ------
        LearningError
            If it is missing or damaged.
        """
        path = self.path(name)
        if name not in self._entries or not path.is_file():
            raise LearningError("a prepared volume is missing; prepare it again", str(path))
        if check and _sha256(path) != self._entries[name].sha256:
            raise LearningError("a prepared volume is damaged; prepare it again", str(path))
        try:
            return _read(path)
        except (OSError, ValueError, KeyError) as error:
            raise LearningError("a prepared volume is damaged", str(path), str(error)) from error

    def volumes(self, *, check: bool = False) -> Iterator[Volume]:
        """Every volume in the order of names."""
        for entry in self.entries:
            yield self.load(entry.name, check=check)

    def path(self, name: str) -> Path:
        """Where a volume lies."""
        return self.folder / f"{name}.npz"

    def _read_index(self) -> Iterator[Entry]:
        path = self.folder / INDEX_NAME
        if not path.exists():
            return
        data = path.read_bytes()
        whole = data[: data.rfind(b"\n") + 1]
        if len(whole) < len(data):  # killed in the middle of a line
            path.write_bytes(whole)
        for line in whole.splitlines():
            fields = json.loads(line)
            fields |= {key: tuple(fields[key]) for key in ("traits", "donors") if key in fields}
            entry = Entry(**fields)
            if self.path(entry.name).is_file():
                yield entry


_ARRAYS = ("hu", "positions_mm", "labels", "has_brain")
_NO_MASKS = np.empty(0, np.uint8)
_ALL_KNOWN = np.empty(0, np.bool_)


def _write(file: Any, volume: Volume) -> None:
    np.savez(
        file,
        **{name: getattr(volume, name) for name in _ARRAYS},
        # Masks are nearly empty: packed they take a hundredth.
        masks=_NO_MASKS if volume.masks is None else _packed(volume.masks),
        text=np.array([volume.name, volume.patient, volume.source, volume.twin]),
        traits=np.array(volume.traits, dtype=np.str_),
        slice_ids=np.array(volume.slice_ids, dtype=np.str_),
        mask_known=_ALL_KNOWN if volume.mask_known is None else volume.mask_known,
        donors=np.array(volume.donors, dtype=np.str_),
        age_years=np.array(volume.age_years),
    )


def _read(path: Path) -> Volume:
    with np.load(path, allow_pickle=False) as data:
        name, patient, source, twin = (str(text) for text in data["text"])
        arrays = {key: data[key] for key in _ARRAYS}
        packed = data["masks"]
        return Volume(
            name=name,
            patient=patient,
            source=source,
            twin=twin,
            masks=None if packed.size == 0 else _unpacked(packed, arrays["hu"].shape),
            traits=tuple(str(t) for t in data["traits"]),
            slice_ids=tuple(str(s) for s in data["slice_ids"]),
            mask_known=data["mask_known"] if data["mask_known"].size else None,
            donors=tuple(str(d) for d in data["donors"]),
            age_years=float(data["age_years"]),
            **arrays,
        )


def _packed(masks: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.frombuffer(zlib.compress(masks.tobytes(), 1), np.uint8)


def _unpacked(packed: NDArray[np.uint8], shape: tuple[int, ...]) -> NDArray[np.uint8]:
    return np.frombuffer(zlib.decompress(packed.tobytes()), np.uint8).reshape(shape)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
