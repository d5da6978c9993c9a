"""DICOM objects with names planted wherever a value can stand, for the tests of de-identification."""

from __future__ import annotations

import numpy as np
from dicom_factory import make_slice, to_bytes
from pydicom import config
from pydicom.datadict import DicomDictionary, keyword_for_tag
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset, FileDataset
from pydicom.tag import Tag

FAMILY, GIVEN, DOCTOR, IDENTIFIER = "Zwiebelkuchen", "Quirinius", "Xylander", "MRN7733915"
PLANTED = (FAMILY, GIVEN, DOCTOR, IDENTIFIER)
FULL_NAME = f"{FAMILY}^{GIVEN}"

_TEXT_VRS = ("AE", "LO", "LT", "PN", "SH", "ST", "UC", "UT", "UR")
_LONGEST = {"AE": 16, "SH": 16}
# What the object is made of; a name here would make it another object or none.
_STRUCTURE = {
    *("SpecificCharacterSet", "SOPClassUID", "Modality", "ImageType", "PhotometricInterpretation"),
    *("BurnedInAnnotation", "PixelData", "FloatPixelData", "DoubleFloatPixelData", "EncapsulatedDocument"),
    *("DirectoryRecordSequence", "WaveformSequence", "SpectroscopyData", "NumberOfFrames"),
    *("ExtendedOffsetTable", "ExtendedOffsetTableLengths"),
}


def text_for(vr: str) -> str:
    """A text with a planted name that fits a VR of texts."""
    text = {"PN": f"{FULL_NAME}=山田^太郎", "UR": f"http://x/{FAMILY}"}.get(vr, f"for {FAMILY} {GIVEN}")
    return text[: _LONGEST.get(vr, 64)] if vr != "AE" else FAMILY


def value_for(vr: str) -> object:
    """A value with a planted name, or one that can be told from others, for any VR."""
    if vr in _TEXT_VRS:
        return text_for(vr)
    if vr in ("OB", "OW", "UN"):
        return f"{FAMILY}{GIVEN}  ".encode()[:22]
    if vr in ("OF", "OL"):
        return f"{FAMILY}   ".encode()[:16]
    if vr in ("OD", "OV"):
        return f"{FAMILY}   ".encode()[:16]
    fixed = {
        **{"CS": FAMILY[:8].upper(), "AS": "061Y", "DA": "19560307", "TM": "070707", "DT": "19560307070707"},
        **{"DS": "7", "IS": "7", "UI": "1.2.826.77339150", "AT": 0x00100010},
    }
    return fixed.get(vr, 7)


def planted_image(**options: object) -> FileDataset:
    """A CT section whose patient and physicians have the planted names."""
    ds = make_slice(**options)
    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.PatientName, ds.PatientID = FULL_NAME, IDENTIFIER
    ds.ReferringPhysicianName = f"{DOCTOR}^Dr"
    ds.PatientBirthDate = "19560307"
    return ds


def everything(ds: Dataset) -> None:
    """Give a data set every attribute of the dictionary that it lacks, each with a planted value."""
    for number, (vrs, *_rest) in DicomDictionary.items():
        tag = Tag(number)
        keyword = keyword_for_tag(tag)
        vr = vrs.split(" or ")[0]
        if tag in ds or tag.group < 0x0008 or keyword in _STRUCTURE or tag.group == 0x7FE0:
            continue
        if tag.group == 0x0028 and vr not in _TEXT_VRS:
            continue
        if vr == "SQ":
            item = Dataset()
            for each in (*_TEXT_VRS, "CS", "OB", "UI", "DA"):
                add_known(item, each)
            ds.add(DataElement(tag, "SQ", [item]))
        elif vr not in ("NONE", ""):
            ds.add(DataElement(tag, vr, value_for(vr), validation_mode=config.IGNORE))


_ONE_OF = {
    **{"AE": "RetrieveAETitle", "LO": "InstitutionName", "LT": "ImageComments", "PN": "OperatorsName"},
    **{"SH": "StationName", "ST": "InstitutionAddress", "UC": "StrainDescription", "UT": "TextValue"},
    **{
        "UR": "RetrieveURL",
        "CS": "LateralityX",
        "OB": "CertificateOfSigner",
        "UI": "ReferencedSOPInstanceUID",
    },
    **{"DA": "ContentDate"},
}


def add_known(ds: Dataset, vr: str) -> None:
    """One attribute of a VR, with a planted value."""
    keyword = _ONE_OF[vr]
    tag = Tag("Laterality" if keyword == "LateralityX" else keyword)
    ds.add(DataElement(tag, vr, value_for(vr), validation_mode=config.IGNORE))


def add_private(ds: Dataset) -> None:
    """A private block whose creator and values bear names, one within a sequence of the standard too."""
    block = ds.private_block(0x0029, f"{FAMILY} Inc", create=True)
    block.add_new(0x10, "LO", FULL_NAME)
    block.add_new(0x11, "OB", FULL_NAME.encode() + b"\0")
    item = Dataset()
    inner = item.private_block(0x0019, "SIEMENS", create=True)
    inner.add_new(0x20, "PN", FULL_NAME)
    item.CodeMeaning = "harmless"
    block.add_new(0x12, "SQ", [item])
    other = Dataset()
    other.private_block(0x0019, "SIEMENS", create=True).add_new(0x20, "PN", FULL_NAME)
    other.CodeMeaning = "head"
    ds.ProcedureCodeSequence = [other]
    ds.AnatomicRegionSequence = [Dataset()]
    ds.AnatomicRegionSequence[0].private_block(0x0019, "X", create=True).add_new(0x20, "UT", FULL_NAME)


def file_bytes(ds: FileDataset, behind: bytes = b"") -> bytes:
    """The file, with a preamble and meta information that bear names, and bytes behind its end."""
    ds.preamble = FULL_NAME.encode().ljust(128, b" ")
    ds.file_meta.SourceApplicationEntityTitle = FAMILY
    ds.file_meta.PrivateInformationCreatorUID = "1.2.826.77339150"
    ds.file_meta.PrivateInformation = FULL_NAME.encode()
    return to_bytes(ds) + behind


def names_in(data: bytes) -> list[str]:
    """Planted names that stand in some bytes, in UTF-8 or UTF-16, letters of either case."""
    small = data.lower()
    found = []
    for name in (*PLANTED, "山田", "太郎", "77339150"):
        word = name.lower()
        if word.encode() in small or word.encode("utf-16-le") in small:
            found.append(name)
    return found


def ramp(rows: int, columns: int) -> np.ndarray:
    """Stored values that differ in each pixel, uint16."""
    return np.arange(rows * columns, dtype=np.uint16).reshape(rows, columns)
