"""A data set without what names the patient: the Basic Profile of PS3.15 Annex E, and more where it is silent."""

from __future__ import annotations

from dataclasses import dataclass

from pydicom.charset import convert_encodings
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset
from pydicom.uid import UID

from ichviewer import __version__
from ichviewer.dicom.boundary import foreign_code
from ichviewer.dicom.deidentify.burned_in import has_pixels, overlay_in_pixels, why_text_is_possible
from ichviewer.dicom.deidentify.elements import Cleaner, patient_of
from ichviewer.dicom.deidentify.key import Key
from ichviewer.dicom.deidentify.mask import mask_pixels
from ichviewer.dicom.deidentify.options import Code, Options
from ichviewer.dicom.deidentify.pixels import cut_behind_pixels
from ichviewer.dicom.deidentify.removal import Removal
from ichviewer.dicom.deidentify.table import EDITION
from ichviewer.dicom.deidentify.words import Identity
from ichviewer.errors import ExportError, ReadError

_FEWEST_IN_PIXELS = 6
_PIXELS = (0x7FE00008, 0x7FE00009, 0x7FE00010)
_REFUSED = (
    ("EncapsulatedDocument", "an encapsulated document cannot be cleaned"),
    ("DirectoryRecordSequence", "a DICOMDIR names patients and files; make a new one of the result"),
    ("WaveformSequence", "waveforms are not cleaned"),
    ("SpectroscopyData", "spectroscopy is not cleaned"),
)


@dataclass(frozen=True, eq=False)
class Deidentified:
    """A data set that was de-identified.

    Parameters
    ----------
    dataset : pydicom Dataset
        Without file meta information.
    removals : tuple of Removal
        Every change, in the order of the attributes.
    notes : tuple of str
        What was taken on trust, in words.
    """

    dataset: Dataset
    removals: tuple[Removal, ...]
    notes: tuple[str, ...]


def deidentify(
    source: Dataset, options: Options, key: Key, *, syntax: str = "1.2.840.10008.1.2.1", where: str = ""
) -> Deidentified:
    """De-identify one object. The same object, options and key give the same again.

    Parameters
    ----------
    source : pydicom Dataset
        As it was read. It is changed: what is returned is made of it.
    options : Options
    key : Key
    syntax : str
        Transfer syntax of the pixels.
    where : str
        Names the object in errors; not part of the result.

    Returns
    -------
    Deidentified

    Raises
    ------
    ExportError
        If text may be burned into the pixels and no rectangle masks it, if the object is of a kind that cannot be
        cleaned, or if a name is found in the result after all.
    ReadError
        If values cannot be understood.

    Notes
    -----
    PS3.15 E.1 and Table E.1-1. Beyond the table: private attributes go; so do attributes that the dictionary does not
    know, values that do not have the form of their VR, binary values other than pixels and look-up tables, and free
    text outside of a list of attributes that an image needs; every person's name goes wherever it stands.
    """
    with foreign_code(ReadError, "the values cannot be understood", where):
        return _deidentify(source, options, key, syntax, where)


def _deidentify(source: Dataset, options: Options, key: Key, syntax: str, where: str) -> Deidentified:
    for keyword, why in _REFUSED:
        if keyword in source:
            raise ExportError(why, where)
    if not source.get("SOPInstanceUID") or not source.get("SOPClassUID"):
        raise ExportError("the object has no SOP class or instance UID, by which others refer to it", where)
    if not str(source.SOPClassUID).startswith("1.2.840.10008."):
        raise ExportError("an object of a private class: what it holds is not known", where)
    if overlay_in_pixels(source):
        raise ExportError("an overlay lies in the pixels themselves, from which it is not removed", where)
    notes: list[str] = []
    changed: list[Removal] = []
    doubt = why_text_is_possible(source)
    masked = doubt is not None
    if doubt is not None:
        if not options.masks:
            raise ExportError(f"text may be burned into the pixels: {doubt}. Mask it, or leave it out", where)
        mask_pixels(source, syntax, options.masks, where)
        changed.append(Removal("(7FE0,0010)", "PixelData", "rectangles masked", doubt))
    elif has_pixels(source) and str(source.get("BurnedInAnnotation") or "").strip().upper() == "NO":
        notes.append("that no text is burned in was taken from the header (Burned In Annotation is NO)")
    changed += cut_behind_pixels(source, syntax)
    identity = Identity.of(source)
    encodings = convert_encodings(source.get("SpecificCharacterSet"))
    cleaner = Cleaner(options, key, identity, patient_of(source))
    cleaner.clean(source)
    _refuse_leftovers(source, identity, encodings, syntax, where)
    has_tree, has_graphics = "ContentSequence" in source, "GraphicAnnotationSequence" in source
    codes = options.codes(has_tree=has_tree, has_graphics=has_graphics, masked=masked)
    _declare(source, options, codes, masked=masked)
    return Deidentified(source, (*changed, *cleaner.removals), tuple(notes))


def _declare(dataset: Dataset, options: Options, codes: tuple[Code, ...], *, masked: bool) -> None:
    """Say in the object what was done (PS3.15 E.1.1 steps 7 and 8; PS3.3 C.7.1.1, C.12.1)."""
    dataset.PatientIdentityRemoved = "YES"
    dataset.DeidentificationMethod = [f"ichviewer {__version__}"[:64], f"PS3.15 {EDITION} Annex E"]
    items = []
    for value, meaning in codes:
        item = Dataset()
        item.CodeValue = value
        item.CodingSchemeDesignator = "DCM"
        item.CodeMeaning = meaning
        items.append(item)
    dataset.DeidentificationMethodCodeSequence = items
    dataset.LongitudinalTemporalInformationModified = "MODIFIED" if options.keep_longitudinal else "REMOVED"
    if masked:
        dataset.BurnedInAnnotation = "NO"


def _refuse_leftovers(
    dataset: Dataset, identity: Identity, encodings: list[str], syntax: str, where: str
) -> None:
    """Look for the names and identifiers once more, in the bytes that will be written.

    Raises
    ------
    ExportError
        Rather than to write them. Says not which.
    """
    pixels = dataset.get_item("PixelData")
    data = pixels.value if pixels is not None and isinstance(pixels.value, bytes) else b""
    compressed = _is_encapsulated(syntax)
    if compressed and identity.is_in_bytes(data, encodings, _FEWEST_IN_PIXELS):
        raise ExportError("a name or identifier of the patient stands among the compressed pixels", where)
    tags = list(dataset.keys())
    rest = Dataset(
        {tag: item for tag in tags if tag not in _PIXELS and (item := dataset.get_item(tag)) is not None}
    )
    implicit, little = dataset.original_encoding
    rest.set_original_encoding(implicit, little, dataset.original_character_set)
    buffer = DicomBytesIO()
    buffer.is_implicit_VR, buffer.is_little_endian = bool(implicit), little is not False
    write_dataset(buffer, rest)
    if identity.is_in_bytes(buffer.getvalue(), encodings):
        raise ExportError("a name or identifier of the patient would still stand in the result", where)


def _is_encapsulated(syntax: str) -> bool:
    """Whether pixels of a transfer syntax are compressed frames."""
    uid = UID(syntax)
    return uid.is_transfer_syntax and uid.is_encapsulated
