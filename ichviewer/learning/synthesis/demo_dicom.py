"""Made heads as DICOM studies, a localizer and a CT series each, with the truth beside them: written and compared."""

from __future__ import annotations

import csv
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom import dcmread
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import UID, CTImageStorage, ExplicitVRLittleEndian, JPEG2000Lossless
from scipy import ndimage

from ichviewer.domain.labels import LABELS, TYPES
from ichviewer.learning.data.volumes import UNKNOWN, Volume

_NAMESPACE = uuid.UUID("6f3f9c4e-5a4b-5d0e-9c1d-1c7e5a0d7a11")
_INTERCEPT_HU, _STORED_MAX = -1024, 4095
_AIR_HU, _AIR_BELOW_HU = -1000, -970
_PADDING_STORED = 0
"""Stored value outside the circle that is reconstructed; image values begin at 1."""
_LOWEST_SLICE_MM = -70.0

TRUTH_FILE = "truth.csv"
TRUTH_COLUMNS = ("sop_uid", "file", "position_mm", *LABELS, *(f"{kind}_pixels" for kind in TYPES))
_NOTE = "SYNTHETIC IMAGE made by a computer program. It is no scan of a person. For demonstration only."


@dataclass(frozen=True)
class StudyNames:
    """Who and what the header says; `key` is the study's folder, and what its UIDs are derived from."""

    key: str
    patient_name: str
    patient_id: str
    patient_age: str

    def uid(self, part: str) -> UID:
        """A UID under the root 2.25 that is the same whenever it is asked for (DICOM PS3.5 B.2)."""
        return UID(f"2.25.{uuid.uuid5(_NAMESPACE, f'ichviewer demo 2/{self.key}/{part}').int}")

    def file(self, series: int, number: int) -> str:
        """Path of an image under the demo's folder; the lowest slice of a series is number 1."""
        return f"studies/{self.key}/series-{series}/IM{number:04d}.dcm"


def write_studies(studies: Mapping[StudyNames, Volume], mm_per_px: float, folder: Path) -> list[Path]:
    """Write heads in HU, with labels and masks, as studies; returns the files, relative to ``folder``."""
    written, rows = [], [list(TRUTH_COLUMNS)]
    for names, volume in studies.items():
        written.append(_write_localizer(volume, mm_per_px, names, folder))
        for k, stored in enumerate(_stored(volume.hu)):
            written.append(names.file(2, k + 1))
            ds = _axial(volume, k, mm_per_px, names)
            _write(ds, stored, folder / written[-1])
            seen = ["" if n == UNKNOWN else str(n) for n in volume.labels[k]]
            mask = np.zeros_like(stored, np.uint8) if volume.masks is None else volume.masks[k]
            pixels = [str(np.count_nonzero(mask >> bit & 1)) for bit in range(len(TYPES))]
            rows.append([ds.SOPInstanceUID, written[-1], f"{ds.SliceLocation:.2f}", *seen, *pixels])
    with (folder / TRUTH_FILE).open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)
    return [Path(name) for name in (*written, TRUTH_FILE)]


def differences(made: Path, bundled: Path) -> list[str]:
    """Say what differs between two folders of demo studies, a sentence for each file; texts about them do not count.

    Pixels and headers are compared before bytes: the same picture packed by another encoder is no other picture.
    """
    a, b = (
        {p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file() and p.suffix != ".txt"}
        for root in (made, bundled)
    )
    found = [f"{name}: missing from {bundled}" for name in sorted(a - b)]
    found += [f"{name}: not part of the studies" for name in sorted(b - a)]
    for name in sorted(a & b):
        if (made / name).read_bytes() != (bundled / name).read_bytes():
            how = _difference(made / name, bundled / name) if name.endswith(".dcm") else "other lines"
            found.append(f"{name}: {how}")
    return found


def _stored(hu: NDArray[np.int16]) -> NDArray[np.uint16]:
    """Stored values of slices: padding outside the circle that is reconstructed, and air without noise.

    That noise would be half of what is stored.
    """
    at = np.arange(hu.shape[1]) - (hu.shape[1] - 1) / 2
    outside = np.hypot(at[:, None], at[None, :]) > hu.shape[1] / 2
    quiet = np.where(hu < _AIR_BELOW_HU, _AIR_HU, hu)
    values = np.clip(quiet - _INTERCEPT_HU, _PADDING_STORED + 1, _STORED_MAX)
    values[:, outside] = _PADDING_STORED
    return np.asarray(values, np.uint16)


def _common(names: StudyNames, series: int, number: int, description: str) -> Dataset:
    """Attributes that every image of a study carries (DICOM PS3.3 A.3, CT Image IOD)."""
    ds = Dataset()
    ds.SpecificCharacterSet, ds.SOPClassUID, ds.Modality = "ISO_IR 192", CTImageStorage, "CT"
    ds.SOPInstanceUID = names.uid(f"series {series} image {number}")
    ds.SeriesInstanceUID, ds.StudyInstanceUID = names.uid(f"series {series}"), names.uid("study")
    ds.FrameOfReferenceUID, ds.PositionReferenceIndicator = names.uid("frame of reference"), "OM"
    ds.SeriesNumber, ds.InstanceNumber, ds.AcquisitionNumber, ds.StudyID = series, number, 1, "1"
    for stem in ("Study", "Series", "Acquisition", "Content", "InstanceCreation"):
        setattr(ds, f"{stem}Date", "20260105")
        setattr(ds, f"{stem}Time", "101500")
    ds.AccessionNumber = ds.InstitutionName = ds.ReferringPhysicianName = ds.PatientBirthDate = ""
    ds.Manufacturer, ds.ManufacturerModelName = "ichviewer (synthetic)", "Head rendered from a label map"
    ds.StudyDescription = "Head CT without contrast (synthetic)"
    ds.SeriesDescription, ds.ProtocolName = f"{description} (synthetic)", "Head routine"
    ds.PatientName, ds.PatientID = names.patient_name, names.patient_id
    ds.PatientSex, ds.PatientAge = "O", names.patient_age
    ds.PatientComments, ds.ImageComments = "Not a person: made by a computer program.", _NOTE
    ds.BodyPartExamined, ds.PatientPosition, ds.KVP = "HEAD", "HFS", "120"
    ds.SamplesPerPixel, ds.PhotometricInterpretation, ds.PixelRepresentation = 1, "MONOCHROME2", 0
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = 16, 12, 11
    ds.RescaleIntercept, ds.RescaleSlope, ds.RescaleType = str(_INTERCEPT_HU), "1", "HU"
    ds.LossyImageCompression = "00"
    return ds


def _axial(volume: Volume, k: int, mm_per_px: float, names: StudyNames) -> Dataset:
    rows = volume.hu.shape[1]
    corner = f"{-(rows - 1) / 2 * mm_per_px:.6g}"
    position = f"{_LOWEST_SLICE_MM + float(volume.positions_mm[k]):g}"
    thickness = f"{_gap_mm(volume):g}"
    ds = _common(names, 2, k + 1, f"Head {thickness} mm brain")
    ds.ImageType, ds.ConvolutionKernel = ["ORIGINAL", "PRIMARY", "AXIAL"], "SMOOTH"
    ds.SliceThickness = ds.SpacingBetweenSlices = thickness
    ds.DataCollectionDiameter = ds.ReconstructionDiameter = f"{rows * mm_per_px:g}"
    ds.GantryDetectorTilt = "0"
    ds.ImagePositionPatient, ds.SliceLocation = [corner, corner, position], position
    ds.ImageOrientationPatient = ["1", "0", "0", "0", "1", "0"]
    ds.Rows = ds.Columns = rows
    ds.PixelSpacing = [f"{mm_per_px:.8g}"] * 2
    ds.PixelPaddingValue = _PADDING_STORED
    ds["PixelPaddingValue"].VR = "US"
    ds.WindowCenter, ds.WindowWidth = ["40", "80", "600"], ["80", "200", "2800"]
    ds.WindowCenterWidthExplanation = ["BRAIN", "SUBDURAL", "BONE"]
    return ds


def _write_localizer(volume: Volume, mm_per_px: float, names: StudyNames, folder: Path) -> str:
    """A lateral projection of the slices; its values are no HU, for scanners scale them so that air is low."""
    path_mm = np.clip(volume.hu + 1000.0, 0, None).sum(axis=2)[::-1] * (mm_per_px / 1000)
    scale = (_gap_mm(volume), mm_per_px)  # to 1 mm a pixel
    fine = ndimage.zoom(path_mm, scale, order=1, grid_mode=True, mode="nearest")
    values = np.clip(np.rint(6 * fine - 900 - _INTERCEPT_HU), 0, _STORED_MAX).astype(np.uint16)
    ds = _common(names, 1, 1, "Localizer")
    ds.ImageType, ds.RescaleType = ["ORIGINAL", "PRIMARY", "LOCALIZER"], "US"
    ds.SliceThickness = ""
    front = (1 - volume.hu.shape[1] * mm_per_px) / 2
    top = _LOWEST_SLICE_MM + float(volume.positions_mm[-1]) + (_gap_mm(volume) - 1) / 2
    ds.ImagePositionPatient = ["0", f"{front:g}", f"{top:g}"]
    ds.ImageOrientationPatient = ["0", "1", "0", "0", "0", "-1"]
    ds.Rows, ds.Columns = values.shape
    ds.PixelSpacing = ["1", "1"]
    ds.WindowCenter, ds.WindowWidth = "100", "1300"
    _write(ds, values, folder / names.file(1, 1))
    return names.file(1, 1)


def _gap_mm(volume: Volume) -> float:
    return float(volume.positions_mm[1] - volume.positions_mm[0])


def _write(header: Dataset, stored: NDArray[np.uint16], path: Path) -> None:
    """Compress without loss and write one file; nothing in it depends on when or where it is written."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = header.SOPClassUID
    meta.MediaStorageSOPInstanceUID = header.SOPInstanceUID
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = UID(f"2.25.{uuid.uuid5(_NAMESPACE, 'implementation').int}")
    meta.ImplementationVersionName = "ICHVIEWER"
    path.parent.mkdir(parents=True, exist_ok=True)
    ds = FileDataset(str(path), header, file_meta=meta, preamble=b"\0" * 128)
    ds.set_pixel_data(stored, "MONOCHROME2", 12, generate_instance_uid=False)
    ds.compress(JPEG2000Lossless, encoding_plugin="pylibjpeg", generate_instance_uid=False)
    ds.save_as(path, enforce_file_format=True)


def _difference(new: Path, old: Path) -> str:
    a, b = dcmread(new), dcmread(old)
    tags = sorted({e.tag for e in (*a, *b) if e.keyword != "PixelData"})
    parts = [f"header {tag} differs" for tag in tags if a.get(tag) != b.get(tag)]
    x, y = a.pixel_array.astype(np.int64), b.pixel_array.astype(np.int64)
    if x.shape != y.shape:
        parts.append(f"pixels of shape {x.shape} instead of {y.shape}")
    elif (x != y).any():
        parts.append(f"{int((x != y).sum())} pixels differ, by {int(np.abs(x - y).max())} at most")
    return "; ".join(parts) or "same header and pixels, in other bytes (another version of the encoder?)"
