"""Tiny DICOM files built in code, for the tests of every package.

Everything is deterministic: the same call makes the same bytes, UIDs included. A typical use::

    write_series(tmp_path, n=5, spacing_mm=5.0)           # five axial CT slices of 16 x 16 pixels
    ds = make_slice(hu=np.full((32, 32), 40), z_mm=12.5)   # one slice in memory
    write(tmp_path / "a.dcm", compressed(ds, JPEG2000Lossless))
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydicom import config, dcmwrite
from pydicom.datadict import dictionary_VR
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence as DicomSequence
from pydicom.tag import Tag
from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    UID,
    CTImageStorage,
    DeflatedExplicitVRLittleEndian,
    EnhancedCTImageStorage,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGExtended12Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    MediaStorageDirectoryStorage,
    RLELossless,
    generate_uid,
)

AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)


def uid_of(*words: object) -> str:
    """A valid UID that is the same every time for the same words."""
    return str(generate_uid(entropy_srcs=[str(w) for w in words]))


def pattern(rows: int = 16, columns: int = 16, seed: int = 0) -> NDArray[np.int16]:
    """HU of a soft-tissue disk in air with a little texture, int16, shape (rows, columns)."""
    y, x = np.mgrid[:rows, :columns]
    inside = ((y - (rows - 1) / 2) / (rows / 2.2)) ** 2 + ((x - (columns - 1) / 2) / (columns / 2.2)) ** 2 < 1
    texture = (3 * y + 5 * x + 7 * seed) % 23
    return np.where(inside, 25 + texture, -1000 + texture // 4).astype(np.int16)


def make_slice(
    *,
    hu: ArrayLike | None = None,
    stored: NDArray[Any] | None = None,
    rows: int = 16,
    columns: int = 16,
    z_mm: float = 0.0,
    position_mm: Sequence[float] | None = None,
    orientation: Sequence[float] | None = AXIAL,
    pixel_spacing_mm: Sequence[float] | None = (0.5, 0.5),
    thickness_mm: float | None = 5.0,
    instance_number: int | None = 1,
    slope: float | None = 1.0,
    intercept: float | None = -1024.0,
    bits_stored: int | None = None,
    windows: Sequence[tuple[float, float]] = ((40.0, 80.0),),
    patient_id: str = "P1",
    patient_name: str = "Doe^John",
    study: str = "study",
    series: str = "series",
    sop: str | None = None,
    series_number: int | None = 1,
    description: str = "Head 5.0",
    modality: str | None = "CT",
    image_type: Sequence[str] = ("ORIGINAL", "PRIMARY", "AXIAL"),
    sop_class: str | None = CTImageStorage,
    **attributes: Any,
) -> FileDataset:
    """One CT slice (or a classic multi-frame one when ``stored`` has three dimensions), uncompressed.

    Parameters
    ----------
    hu, stored : array, optional
        Pixels as HU or as stored values (then of an integer dtype, which sets bits and sign); `pattern` unless given.
    z_mm, position_mm : position of the first pixel; ``position_mm`` wins.
    study, series, sop : str
        Words that make the UIDs; ``sop`` depends on series, position and instance number unless given.
    **attributes
        Any DICOM keyword; None takes the element away.
    """
    if stored is None:
        wanted = pattern(rows, columns, instance_number or 0) if hu is None else np.asarray(hu)
        values = np.round((wanted - (intercept or 0.0)) / (slope or 1.0))
        stored = values.astype(np.int16 if values.min() < 0 else np.uint16)
    stored = np.ascontiguousarray(stored)
    position = tuple(position_mm) if position_mm is not None else (-4.0, -4.0, z_mm)
    series_uid = uid_of("series", study, series)

    ds = FileDataset("", Dataset(), preamble=b"\0" * 128)
    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.ImageType = list(image_type)
    if sop_class is not None:
        ds.SOPClassUID = sop_class
    ds.SOPInstanceUID = uid_of("sop", series_uid, sop or "", position, instance_number)
    ds.StudyDate, ds.StudyTime = "20240131", "101500"
    ds.StudyDescription = "CT head"
    ds.SeriesDescription = description
    if modality is not None:
        ds.Modality = modality
    ds.PatientName, ds.PatientID = patient_name, patient_id
    ds.PatientBirthDate, ds.PatientSex = "19500215", "F"
    ds.StudyInstanceUID, ds.SeriesInstanceUID = uid_of("study", study), series_uid
    if series_number is not None:
        ds.SeriesNumber = series_number
    if instance_number is not None:
        ds.InstanceNumber = instance_number
    if orientation is not None:
        ds.ImageOrientationPatient = [round(float(v), 7) for v in orientation]
        ds.ImagePositionPatient = [round(float(v), 7) for v in position]
    if pixel_spacing_mm is not None:
        ds.PixelSpacing = [float(v) for v in pixel_spacing_mm]
    if thickness_mm is not None:
        ds.SliceThickness = thickness_mm
    if slope is not None:
        ds.RescaleSlope = slope
    if intercept is not None:
        ds.RescaleIntercept = intercept
    if windows:
        ds.WindowCenter = [center for center, _ in windows]
        ds.WindowWidth = [width for _, width in windows]
    set_pixels(ds, stored, bits_stored)
    with config.disable_value_validation():
        _set_attributes(ds, attributes)
    ds.file_meta = meta_of(ds, ExplicitVRLittleEndian)
    return ds


def _set_attributes(ds: Dataset, attributes: dict[str, Any]) -> None:
    for keyword, value in attributes.items():
        if value is None:
            if keyword in ds:
                del ds[keyword]
        else:
            setattr(ds, keyword, value)


def set_raw(ds: Dataset, keyword: str, text: str | bytes) -> None:
    """Give an element the bytes as they are, however malformed for its VR."""
    value = text.encode("latin-1") if isinstance(text, str) else text
    value += b" " * (len(value) % 2)
    tag = Tag(keyword)
    ds[tag] = RawDataElement(tag, dictionary_VR(tag), len(value), value, 0, False, True)


def set_pixels(ds: Dataset, stored: NDArray[Any], bits_stored: int | None = None) -> None:
    """Put an integer array (rows, columns), (frames, rows, columns) or (rows, columns, 3) into a data set."""
    color = stored.ndim == 3 and stored.shape[-1] == 3 and stored.dtype == np.uint8
    bits = stored.dtype.itemsize * 8
    ds.SamplesPerPixel = 3 if color else 1
    ds.PhotometricInterpretation = "RGB" if color else "MONOCHROME2"
    if color:
        ds.PlanarConfiguration = 0
    elif stored.ndim == 3:
        ds.NumberOfFrames = stored.shape[0]
    ds.Rows, ds.Columns = stored.shape[:2] if color else stored.shape[-2:]
    ds.BitsAllocated = bits
    ds.BitsStored = bits if bits_stored is None else bits_stored
    ds.HighBit = ds.BitsStored - 1
    ds.PixelRepresentation = int(stored.dtype.kind == "i")
    data = stored.astype(stored.dtype.newbyteorder("<")).tobytes()
    ds.PixelData = data + b"\0" * (len(data) % 2)
    ds["PixelData"].VR = "OB" if bits == 8 else "OW"


def meta_of(ds: Dataset, syntax: str) -> FileMetaDataset:
    """The file meta information that goes with a data set."""
    meta = FileMetaDataset()
    meta.FileMetaInformationVersion = b"\0\1"
    meta.MediaStorageSOPClassUID = ds.get("SOPClassUID", CTImageStorage)
    meta.MediaStorageSOPInstanceUID = ds.get("SOPInstanceUID", uid_of("no instance"))
    meta.TransferSyntaxUID = UID(syntax)
    meta.ImplementationClassUID = UID(uid_of("ichviewer tests"))
    return meta


def make_enhanced(
    n: int = 3,
    *,
    spacing_mm: float = 5.0,
    slopes: Sequence[float] | None = None,
    intercepts: Sequence[float] | None = None,
    windows: Sequence[tuple[float, float]] | None = None,
    shared: Iterable[str] = ("orientation", "spacing"),
    **attributes: Any,
) -> FileDataset:
    """An enhanced CT with ``n`` frames and functional groups.

    ``shared`` says which of orientation, spacing, rescale, window stand in the shared functional groups (with the
    first frame's value); the others stand in the per-frame ones. Positions always do.
    """
    hu = np.stack([pattern(seed=i) for i in range(n)])
    slopes = [1.0] * n if slopes is None else slopes
    intercepts = [-1024.0] * n if intercepts is None else intercepts
    windows = [(40.0, 80.0)] * n if windows is None else windows
    stored = np.stack(
        [np.round((h - b) / a).astype(np.uint16) for h, a, b in zip(hu, slopes, intercepts, strict=True)]
    )
    ds = make_slice(
        stored=stored,
        orientation=None,
        pixel_spacing_mm=None,
        thickness_mm=None,
        slope=None,
        intercept=None,
        windows=(),
        sop_class=EnhancedCTImageStorage,
        sop="enhanced",
        **attributes,
    )

    def group(name: str, frame: int) -> tuple[str, Dataset]:
        item = Dataset()
        if name == "orientation":
            item.ImageOrientationPatient = list(AXIAL)
            return "PlaneOrientationSequence", item
        if name == "spacing":
            item.PixelSpacing, item.SliceThickness = [0.5, 0.5], spacing_mm
            return "PixelMeasuresSequence", item
        if name == "rescale":
            item.RescaleSlope, item.RescaleIntercept = slopes[frame], intercepts[frame]
            item.RescaleType = "HU"
            return "PixelValueTransformationSequence", item
        if name == "window":
            item.WindowCenter, item.WindowWidth = windows[frame]
            return "FrameVOILUTSequence", item
        item.ImagePositionPatient = [-4.0, -4.0, frame * spacing_mm]
        return "PlanePositionSequence", item

    def groups(names: Iterable[str], frame: int) -> Dataset:
        out = Dataset()
        for name in names:
            keyword, item = group(name, frame)
            setattr(out, keyword, DicomSequence([item]))
        return out

    together = set(shared)
    apart = [g for g in ("orientation", "spacing", "rescale", "window") if g not in together]
    ds.SharedFunctionalGroupsSequence = DicomSequence([groups(sorted(together), 0)])
    ds.PerFrameFunctionalGroupsSequence = DicomSequence([groups(["position", *apart], i) for i in range(n)])
    return ds


def _encode_frame(frame: NDArray[Any], syntax: str, bits: int) -> bytes:
    if syntax == JPEGExtended12Bit:
        # Level 100 divides by 1 everywhere: lossy by rounding only.
        return bytes(imagecodecs.jpeg_encode(frame, level=100, bitspersample=12))
    if syntax == JPEGLosslessSV1:
        return bytes(imagecodecs.ljpeg_encode(frame, bitspersample=bits))
    if syntax == JPEGLSLossless:
        return bytes(imagecodecs.jpegls_encode(frame))
    if syntax == JPEGLSNearLossless:
        return bytes(imagecodecs.jpegls_encode(frame, level=2))
    if syntax in (JPEG2000Lossless, JPEG2000):
        return bytes(imagecodecs.jpeg2k_encode(frame, codecformat="j2k", resolutions=1, bitspersample=bits))
    if syntax in (HTJ2KLossless, HTJ2KLosslessRPCL, HTJ2K):
        return bytes(imagecodecs.htj2k_encode(frame, reversible=True, resolutions=1))
    raise AssertionError(f"no encoder for {syntax}")


def compressed(ds: FileDataset, syntax: str) -> FileDataset:
    """The same data set in another transfer syntax (changed in place and returned)."""
    syntax = UID(syntax)
    if not syntax.is_compressed or syntax == DeflatedExplicitVRLittleEndian:
        if syntax == ExplicitVRBigEndian and ds.BitsAllocated == 16:
            ds.PixelData = np.frombuffer(ds.PixelData, "<u2").astype(">u2").tobytes()
        ds.file_meta.TransferSyntaxUID = syntax
        return ds
    if syntax == RLELossless:
        ds.compress(syntax, generate_instance_uid=False)
        return ds
    dtype = np.dtype(f"u{ds.BitsAllocated // 8}")
    frames = np.frombuffer(ds.PixelData, dtype).reshape(-1, ds.Rows, ds.Columns)
    ds.PixelData = encapsulate([_encode_frame(frame, syntax, ds.BitsStored) for frame in frames])
    ds["PixelData"].is_undefined_length = True
    ds.file_meta.TransferSyntaxUID = syntax
    return ds


def to_bytes(ds: FileDataset) -> bytes:
    """The file's bytes, whatever is broken in the data set."""
    with io.BytesIO() as buffer, config.disable_value_validation():
        syntax = ds.file_meta.TransferSyntaxUID
        dcmwrite(
            buffer,
            ds,
            implicit_vr=syntax == ImplicitVRLittleEndian,
            little_endian=syntax != ExplicitVRBigEndian,
            enforce_file_format=False,
        )
        return buffer.getvalue()


def write(path: Path, ds: FileDataset, *, keep_bytes: int | None = None) -> Path:
    """Write a data set to a file, only its first ``keep_bytes`` if told so, and return the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(to_bytes(ds)[:keep_bytes])
    return path


def write_series(
    folder: Path,
    n: int = 5,
    *,
    spacing_mm: float = 5.0,
    positions_mm: Sequence[float] | None = None,
    name: str = "IM{:04d}",
    instance_numbers: Sequence[int | None] | None = None,
    syntax: str = ExplicitVRLittleEndian,
    **slice_options: Any,
) -> list[Path]:
    """An axial series of ``n`` slices, one file each; the paths, in order of position from feet to head.

    ``slice_options`` go to `make_slice`, the same for every slice.
    """
    zs = [i * spacing_mm for i in range(n)] if positions_mm is None else list(positions_mm)
    numbers = list(range(1, len(zs) + 1)) if instance_numbers is None else list(instance_numbers)
    paths = []
    for i, (z, number) in enumerate(zip(zs, numbers, strict=True)):
        ds = make_slice(z_mm=z, instance_number=number, **slice_options)
        paths.append(write(folder / name.format(i), compressed(ds, syntax)))
    return paths


_NOT_IN_RSNA = [
    "SpecificCharacterSet",
    "ImageType",
    "StudyDate",
    "StudyTime",
    "StudyDescription",
    "SeriesDescription",
    "PatientName",
    "PatientBirthDate",
    "PatientSex",
    "SeriesNumber",
    "SliceThickness",
]


def make_rsna(sop: str = "ID_0a1b2c3d4", z_mm: float = 100.0, **options: Any) -> FileDataset:
    """A slice as the RSNA 2019 files have it: few elements, no SOP class, no instance number, UIDs ``ID_...``."""
    options = {"windows": ((30.0, 80.0),), "intercept": -1024.0, **options}
    ds = make_slice(z_mm=z_mm, instance_number=None, sop_class=None, **options)
    for keyword in _NOT_IN_RSNA:
        if keyword in ds:
            del ds[keyword]
    # Replaced, not changed: an element keeps the validation it was born with.
    del ds.SOPInstanceUID, ds.StudyInstanceUID, ds.SeriesInstanceUID
    with config.disable_value_validation():
        ds.SOPInstanceUID, ds.PatientID, ds.StudyID = sop, "ID_18f2d431", ""
        ds.StudyInstanceUID, ds.SeriesInstanceUID = "ID_ce8ec31f46", f"ID_{sop[3:]}ee"
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return ds


def write_zip(path: Path, files: Iterable[Path], root: Path, compression: int = zipfile.ZIP_DEFLATED) -> Path:
    """A ZIP of files, named inside by their path below ``root``."""
    with zipfile.ZipFile(path, "w", compression) as archive:
        for file in files:
            archive.write(file, file.relative_to(root).as_posix())
    return path


def write_dicomdir(folder: Path, entries: Iterable[str]) -> Path:
    """A DICOMDIR that names the files ``entries`` (paths below ``folder`` with ``/``), there or not."""
    records = []
    for kind, extra in (("PATIENT", {}), ("STUDY", {}), ("SERIES", {})):
        record = Dataset()
        record.DirectoryRecordType = kind
        for keyword, value in extra.items():
            setattr(record, keyword, value)
        records.append(record)
    for entry in entries:
        record = Dataset()
        record.DirectoryRecordType = "IMAGE"
        record.ReferencedFileID = entry.split("/")
        records.append(record)
    for record in records:
        record.OffsetOfTheNextDirectoryRecord = 0
        record.RecordInUseFlag = 0xFFFF
        record.OffsetOfReferencedLowerLevelDirectoryEntity = 0
    ds = FileDataset("", Dataset(), preamble=b"\0" * 128)
    ds.SOPInstanceUID = uid_of("dicomdir", folder.name)
    ds.SOPClassUID = MediaStorageDirectoryStorage
    ds.FileSetID = "TEST"
    ds.OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity = 0
    ds.OffsetOfTheLastDirectoryRecordOfTheRootDirectoryEntity = 0
    ds.FileSetConsistencyFlag = 0
    ds.DirectoryRecordSequence = DicomSequence(records)
    ds.file_meta = meta_of(ds, ExplicitVRLittleEndian)
    del ds.SOPClassUID, ds.SOPInstanceUID
    folder.mkdir(parents=True, exist_ok=True)
    return write(folder / "DICOMDIR", ds)
