"""Writing a synthetic scan as DICOM: a CT series, a localizer series, and the truth beside them."""

from __future__ import annotations

import csv
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import UID, CTImageStorage, ExplicitVRLittleEndian, JPEG2000Lossless

from ichviewer.domain.labels import LABELS, TYPES, Hemorrhage
from ichviewer.learning.synthesis.phantom.acquisition import INTERCEPT_HU, PADDING_STORED, Scan
from ichviewer.learning.synthesis.phantom.localizer import Projection

_NAMESPACE = uuid.UUID("6f3f9c4e-5a4b-5d0e-9c1d-1c7e5a0d7a11")
_DATE, _TIME = "20260105", "101500"
_NOTE = "SYNTHETIC IMAGE made by a computer program. It shows no person. For demonstration only."

LOCALIZER_FILE = "study/series-1/IM0001.dcm"
TRUTH_FILE = "truth.csv"
BLOOD_SHARE = 0.5
"""A pixel counts as blood of a type where at least this share of its volume is."""
LEAST_PIXELS = 25
"""A slice carries a label when at least this many of its pixels count."""

TRUTH_COLUMNS = ("sop_uid", "file", "position_mm", *LABELS, *(f"{kind}_pixels" for kind in TYPES))


@dataclass(frozen=True)
class StudyNames:
    """Who and what the header says.

    Parameters
    ----------
    key : str
        What the UIDs are derived from; another key, another study.
    patient_name, patient_id, study_description : str
    """

    key: str = "ichviewer demo study 1"
    patient_name: str = "Demo^Phantom"
    patient_id: str = "ICHV-DEMO"
    study_description: str = "Head CT without contrast (synthetic)"

    def uid(self, part: str) -> UID:
        """A UID under the root 2.25 that is the same whenever it is asked for (DICOM PS3.5 B.2)."""
        return UID(f"2.25.{uuid.uuid5(_NAMESPACE, f'{self.key}/{part}').int}")


def slice_file(number: int) -> str:
    """Path of a slice under the study's folder; the lowest slice is number 1."""
    return f"study/series-2/IM{number:04d}.dcm"


def write_study(
    scan: Scan, localizer: Projection, folder: Path, names: StudyNames | None = None
) -> list[Path]:
    """Write the whole study and its truth.

    Parameters
    ----------
    scan : Scan
    localizer : Projection
    folder : Path
        Made if it is not there. Files of the same names are replaced.
    names : StudyNames or None

    Returns
    -------
    list of Path
        What was written, relative to ``folder``.
    """
    names = names or StudyNames()
    written = [_write(_localizer(localizer, names), localizer.stored, folder, LOCALIZER_FILE)]
    for index in range(scan.acquisition.slices):
        header = _axial(scan, index, names)
        written.append(_write(header, scan.stored[index], folder, slice_file(index + 1)))
    _write_truth(scan, folder / TRUTH_FILE, names)
    return [*written, Path(TRUTH_FILE)]


def pixel_counts(blood: Mapping[Hemorrhage, NDArray[np.float32]], index: int) -> dict[Hemorrhage, int]:
    """How many pixels of a slice count as blood of each type."""
    return {kind: int(np.count_nonzero(blood[kind][index] >= BLOOD_SHARE)) for kind in TYPES}


def labels_of(pixels: Mapping[Hemorrhage, int]) -> dict[Hemorrhage, int]:
    """The six labels, 0 or 1, that pixel counts make."""
    labels = {kind: int(pixels[kind] >= LEAST_PIXELS) for kind in TYPES}
    return {Hemorrhage.ANY: max(labels.values()), **labels}


def _write_truth(scan: Scan, path: Path, names: StudyNames) -> None:
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(TRUTH_COLUMNS)
        for index, position in enumerate(scan.positions_mm()):
            pixels = pixel_counts(scan.blood, index)
            labels = labels_of(pixels)
            writer.writerow(
                [
                    names.uid(f"slice {index + 1}"),
                    slice_file(index + 1),
                    f"{position:.2f}",
                    *(labels[kind] for kind in LABELS),
                    *(pixels[kind] for kind in TYPES),
                ]
            )


def _common(names: StudyNames, series: str, instance: str) -> Dataset:
    """Attributes that every image of the study carries (DICOM PS3.3 A.3, CT Image IOD)."""
    ds = Dataset()
    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.SOPClassUID = CTImageStorage
    ds.SOPInstanceUID = names.uid(instance)
    for stem in ("Study", "Series", "Acquisition", "Content"):
        setattr(ds, f"{stem}Date", _DATE)
        setattr(ds, f"{stem}Time", _TIME)
    ds.InstanceCreationDate, ds.InstanceCreationTime = _DATE, _TIME
    ds.AccessionNumber = ""
    ds.Modality = "CT"
    ds.Manufacturer = "ichviewer (synthetic)"
    ds.ManufacturerModelName = "Procedural head phantom"
    ds.InstitutionName = ""
    ds.ReferringPhysicianName = ""
    ds.StudyDescription = names.study_description
    ds.PatientName = names.patient_name
    ds.PatientID = names.patient_id
    ds.PatientBirthDate = ""
    ds.PatientSex = "O"
    ds.PatientAge = "058Y"
    ds.PatientComments = "Not a person: made by a computer program."
    ds.BodyPartExamined = "HEAD"
    ds.KVP = "120"
    ds.PatientPosition = "HFS"
    ds.StudyInstanceUID = names.uid("study")
    ds.SeriesInstanceUID = names.uid(series)
    ds.StudyID = "1"
    ds.AcquisitionNumber = 1
    ds.FrameOfReferenceUID = names.uid("frame of reference")
    ds.PositionReferenceIndicator = "OM"
    ds.ImageComments = _NOTE
    ds.SamplesPerPixel = 1
    ds.PhotometricInterpretation = "MONOCHROME2"
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = 16, 12, 11
    ds.PixelRepresentation = 0
    ds.RescaleIntercept, ds.RescaleSlope, ds.RescaleType = str(INTERCEPT_HU), "1", "HU"
    ds.LossyImageCompression = "00"
    return ds


def _axial(scan: Scan, index: int, names: StudyNames) -> Dataset:
    acquisition = scan.acquisition
    rows, pixel = acquisition.rows, acquisition.pixel_mm
    corner = -(rows - 1) / 2 * pixel
    position = scan.positions_mm()[index]
    ds = _common(names, "series 2", f"slice {index + 1}")
    ds.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    ds.SeriesDescription = "Head 5.0 mm brain (synthetic)"
    ds.ProtocolName = "Head routine"
    ds.SeriesNumber = 2
    ds.InstanceNumber = index + 1
    ds.SliceThickness = f"{acquisition.thickness_mm:g}"
    ds.SpacingBetweenSlices = f"{acquisition.thickness_mm:g}"
    ds.DataCollectionDiameter = f"{rows * pixel:g}"
    ds.ReconstructionDiameter = f"{rows * pixel:g}"
    ds.GantryDetectorTilt = "0"
    ds.ConvolutionKernel = "SMOOTH"
    ds.ImagePositionPatient = [f"{corner:.6g}", f"{corner:.6g}", f"{position:g}"]
    ds.ImageOrientationPatient = ["1", "0", "0", "0", "1", "0"]
    ds.SliceLocation = f"{position:g}"
    ds.Rows = ds.Columns = rows
    ds.PixelSpacing = [f"{pixel:.8g}", f"{pixel:.8g}"]
    ds.PixelPaddingValue = PADDING_STORED
    ds["PixelPaddingValue"].VR = "US"
    ds.WindowCenter, ds.WindowWidth = ["40", "80", "600"], ["80", "200", "2800"]
    ds.WindowCenterWidthExplanation = ["BRAIN", "SUBDURAL", "BONE"]
    return ds


def _localizer(projection: Projection, names: StudyNames) -> Dataset:
    ds = _common(names, "series 1", "localizer")
    ds.ImageType = ["ORIGINAL", "PRIMARY", "LOCALIZER"]
    ds.SeriesDescription = "Localizer (synthetic)"
    ds.ProtocolName = "Head routine"
    ds.SeriesNumber = 1
    ds.InstanceNumber = 1
    ds.SliceThickness = ""
    ds.ImagePositionPatient = ["0", f"{projection.first_y_mm:g}", f"{projection.first_z_mm:g}"]
    ds.ImageOrientationPatient = ["0", "1", "0", "0", "0", "-1"]
    ds.Rows, ds.Columns = projection.stored.shape
    ds.PixelSpacing = [f"{projection.pixel_mm:g}", f"{projection.pixel_mm:g}"]
    ds.RescaleType = "US"
    ds.WindowCenter, ds.WindowWidth = "100", "1300"
    return ds


def _write(header: Dataset, stored: NDArray[np.uint16], folder: Path, name: str) -> Path:
    """Compress without loss and write one file; nothing in it depends on when or where it is written."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = header.SOPClassUID
    meta.MediaStorageSOPInstanceUID = header.SOPInstanceUID
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = UID(f"2.25.{uuid.uuid5(_NAMESPACE, 'implementation').int}")
    meta.ImplementationVersionName = "ICHVIEWER"
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    ds = FileDataset(str(path), header, file_meta=meta, preamble=b"\0" * 128)
    ds.set_pixel_data(stored, "MONOCHROME2", 12, generate_instance_uid=False)
    ds.compress(JPEG2000Lossless, encoding_plugin="pylibjpeg", generate_instance_uid=False)
    ds.save_as(path, enforce_file_format=True)
    return Path(name)
