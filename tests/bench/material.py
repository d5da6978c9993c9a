"""Series of any length and transfer syntax, made from the demo study."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path

import pydicom
from dicom_factory import compressed, write
from pydicom.dataset import FileDataset
from pydicom.uid import UID

_DEMO = Path(__file__).parents[2] / "resources" / "demo"
SPACING_MM = 1.0


def make_series(folder: Path, n: int) -> Path:
    """A series of ``n`` slices of 512 x 512 px, 1 mm apart, 0.5 MB each: those of the demo study, over and over.

    A folder that is there already is left as it is.
    """
    if folder.is_dir():
        return folder
    folder.mkdir(parents=True)
    for i, ds in enumerate(_slices(n)):
        ds.save_as(folder / f"{i:05}.dcm")
    return folder


def make_archive(folder: Path, n: int, a_study: int = 100) -> Path:
    """``n`` such slices in studies of ``a_study`` each, every study in a folder of its own."""
    for number, start in enumerate(range(0, n, a_study)):
        study = folder / f"{number:04}"
        study.mkdir(parents=True)
        for i, ds in enumerate(_slices(min(a_study, n - start))):
            for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"):
                setattr(ds, keyword, UID(f"{ds[keyword].value}.{number + 1}"))
            ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
            ds.save_as(study / f"{i:05}.dcm")
            ds.StudyInstanceUID = UID(ds.StudyInstanceUID.rpartition(".")[0])
    return folder


def make_series_in(folder: Path, n: int, syntax: UID) -> Path:
    """A series of ``n`` such slices in a transfer syntax."""
    folder.mkdir(parents=True)
    for i, ds in enumerate(_slices(n)):
        write(folder / f"{i:05}.dcm", compressed(copy.deepcopy(ds), syntax))
    return folder


def _slices(n: int) -> Iterator[FileDataset]:
    found = [pydicom.dcmread(f) for f in sorted(_DEMO.rglob("*.dcm"))]
    uids = [ds.SeriesInstanceUID for ds in found]
    longest = max(set(uids), key=uids.count)
    slices = sorted(
        (ds for ds in found if ds.SeriesInstanceUID == longest), key=lambda ds: ds.ImagePositionPatient[2]
    )
    for ds in slices:
        if ds.file_meta.TransferSyntaxUID.is_compressed:
            ds.decompress()
    for i in range(n):
        ds = slices[i % len(slices)]
        ds.ImagePositionPatient = [*ds.ImagePositionPatient[:2], f"{i * SPACING_MM:.4f}"]
        uid = f"1.2.826.0.1.3680043.8.498.9.{n}.{i + 1}"
        ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = uid
        ds.SeriesInstanceUID = f"1.2.826.0.1.3680043.8.498.8.{n}"
        ds.InstanceNumber = i + 1
        ds.SliceThickness = f"{SPACING_MM:g}"
        if "SliceLocation" in ds:
            ds.SliceLocation = ds.ImagePositionPatient[2]
        yield ds
