from __future__ import annotations

from io import BytesIO

import pydicom
import pytest
from dicom_factory import compressed, make_slice, set_raw, to_bytes
from planted_names import FULL_NAME, IDENTIFIER, add_private, file_bytes, planted_image
from pydicom.dataset import Dataset
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    EncapsulatedPDFStorage,
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLosslessSV1,
    RLELossless,
    SecondaryCaptureImageStorage,
)

from ichviewer.dicom.deidentify.file import DeidentifiedFile, deidentify_file
from ichviewer.dicom.deidentify.key import Key
from ichviewer.dicom.deidentify.options import MaskRectangle, Options
from ichviewer.dicom.deidentify.walk import elements_of
from ichviewer.errors import ExportError, ReadError

KEY = Key(bytes(range(32)))


def run(ds: pydicom.FileDataset, options: Options = Options()) -> DeidentifiedFile:  # noqa: B008 - immutable
    return deidentify_file(BytesIO(file_bytes(ds)), "file", options, KEY)


def read(done: DeidentifiedFile) -> pydicom.FileDataset:
    return pydicom.dcmread(BytesIO(done.data))


@pytest.mark.parametrize(
    "syntax",
    [
        ImplicitVRLittleEndian,
        ExplicitVRBigEndian,
        DeflatedExplicitVRLittleEndian,
        JPEG2000Lossless,
        JPEGLosslessSV1,
        RLELossless,
    ],
)
def test_pixels_keep_their_bytes_and_transfer_syntax(syntax):
    data = to_bytes(compressed(make_slice(), syntax))
    written = read(deidentify_file(BytesIO(data), "file", Options(), KEY))
    assert written.file_meta.TransferSyntaxUID == syntax
    assert written.PixelData == pydicom.dcmread(BytesIO(data)).PixelData


def test_the_same_file_options_and_key_give_the_same_bytes():
    assert run(planted_image()).data == run(planted_image()).data
    other = deidentify_file(BytesIO(file_bytes(planted_image())), "file", Options(), Key(bytes(range(1, 33))))
    assert other.sop_uid != run(planted_image()).sop_uid


def test_uids_are_replaced_in_the_same_way_at_every_depth():
    ds = planted_image()
    item = Dataset()
    item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = ds.SOPClassUID, ds.SOPInstanceUID
    ds.ReferencedImageSequence = [item]
    ds.SourceImageSequence = [item]
    written = read(run(ds))
    for keyword in ("ReferencedImageSequence", "SourceImageSequence"):
        assert written[keyword][0].ReferencedSOPInstanceUID == written.SOPInstanceUID
        assert written[keyword][0].ReferencedSOPClassUID == ds.SOPClassUID
    assert written.SOPInstanceUID != ds.SOPInstanceUID


def test_the_object_says_what_was_done_to_it():
    ds = planted_image()
    ds.PatientIdentityRemoved, ds.DeidentificationMethod = "NO", FULL_NAME
    written = read(run(ds, Options(True, True, True)))
    assert written.PatientIdentityRemoved == "YES"
    assert written.LongitudinalTemporalInformationModified == "MODIFIED"
    codes = [item.CodeValue for item in written.DeidentificationMethodCodeSequence]
    # PS3.16 CID 7050: basic profile, clean descriptors, modified dates, device.
    assert codes == ["113100", "113105", "113107", "113109"]
    assert read(run(planted_image())).LongitudinalTemporalInformationModified == "REMOVED"


def test_dates_of_a_patient_move_together_and_times_stay():
    ds = planted_image()
    ds.StudyDate, ds.StudyTime, ds.AcquisitionDateTime = "20240301", "101112", "20240302101112.5"
    written = read(run(ds, Options(keep_longitudinal=True)))
    days = KEY.days(IDENTIFIER)
    from datetime import date, timedelta

    study = date(2024, 3, 1) - timedelta(days=days)
    assert written.StudyDate == study.strftime("%Y%m%d")
    assert written.StudyTime == "101112"
    assert str(written.AcquisitionDateTime) == (study + timedelta(days=1)).strftime("%Y%m%d") + "101112.5"
    assert written.PatientBirthDate in ("", None)


def test_without_the_option_no_date_is_left():
    ds = planted_image()
    ds.StudyDate = ds.ContentDate = ds.SeriesDate = ds.AcquisitionDate = "20240301"
    written = read(run(ds))
    left = {str(e.value) for e in elements_of(written) if e.VR in ("DA", "DT") and e.value}
    assert left <= {"19000101", "19000101000000"}


def test_what_an_image_needs_is_kept_to_the_digit():
    ds = planted_image()
    written = read(run(ds))
    for keyword in (
        *(
            "Rows",
            "Columns",
            "PixelSpacing",
            "ImagePositionPatient",
            "ImageOrientationPatient",
            "RescaleSlope",
        ),
        *("RescaleIntercept", "SliceThickness", "ImageType", "BitsStored", "PixelRepresentation", "Modality"),
    ):
        assert written.get(keyword) == ds.get(keyword), keyword


def test_what_stays_keeps_its_bytes():
    ds = planted_image()
    for keyword, text in (("SliceThickness", "5.000"), ("RescaleSlope", "1.0 "), ("InstanceNumber", " 007")):
        set_raw(ds, keyword, text)
    data = file_bytes(ds)
    done = deidentify_file(BytesIO(data), "file", Options(True, True, True), KEY)
    changed = {removal.path for removal in done.removals}
    before, after = pydicom.dcmread(BytesIO(data)), read(done)
    both = set(after.keys()) & set(before.keys())
    kept = {tag for tag in both if f"({tag.group:04X},{tag.element:04X})" not in changed}
    assert {0x00180050, 0x00281053, 0x00200013, 0x00200032, 0x7FE00010} <= kept
    for tag in kept:
        one, other = before.get_item(tag), after.get_item(tag)
        assert one.value == other.value, tag


def test_every_difference_is_in_the_report_and_no_value_of_it():
    ds = planted_image()
    add_private(ds)
    ds.InstitutionName, ds.StudyDescription = "Somewhere", "for somebody"
    data = file_bytes(ds)
    done = deidentify_file(BytesIO(data), "file", Options(), KEY)
    before, after = pydicom.dcmread(BytesIO(data)), read(done)
    told = {removal.path.split(".")[0].split("[")[0] for removal in done.removals}
    written_anew = {0x00120062, 0x00120063, 0x00120064, 0x00280303}
    for tag in {*before.keys(), *after.keys()} - written_anew:
        same = tag in before and tag in after and before[tag] == after[tag]
        assert same != (f"({tag.group:04X},{tag.element:04X})" in told), tag
    values = {removal.value for removal in done.removals}
    assert FULL_NAME in values
    assert not [r for r in done.removals if FULL_NAME in (r.path, r.name, r.what, r.why)]


def test_text_that_may_be_burned_in_is_refused_or_masked():
    ds = planted_image()
    ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = SecondaryCaptureImageStorage
    with pytest.raises(ExportError, match="secondary capture"):
        run(ds)
    written = read(run(ds, Options(masks=(MaskRectangle(0, 0, 16, 2),))))
    assert written.BurnedInAnnotation == "NO"
    assert "113101" in [item.CodeValue for item in written.DeidentificationMethodCodeSequence]
    row = ds.Columns * 2
    assert (
        len(set(zip(written.PixelData[0 : 2 * row : 2], written.PixelData[1 : 2 * row : 2], strict=True)))
        == 1
    )
    assert written.PixelData[2 * row :] == ds.PixelData[2 * row :]


def test_original_sections_are_not_masked():
    ds = planted_image()
    assert read(run(ds, Options(masks=(MaskRectangle(0, 0, 16, 16),)))).PixelData == ds.PixelData


def test_that_the_header_was_believed_is_noted():
    ds = planted_image()
    ds.BurnedInAnnotation = "NO"
    assert any("Burned In Annotation is NO" in note for note in run(ds).notes)


def test_documents_and_private_classes_are_refused():
    ds = planted_image()
    del ds.PixelData
    ds.SOPClassUID = EncapsulatedPDFStorage
    ds.EncapsulatedDocument = b"%PDF"
    with pytest.raises(ExportError, match="document"):
        run(ds)
    ds = planted_image()
    ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = "1.3.12.2.1107.5.9.1"
    with pytest.raises(ExportError, match="private class"):
        run(ds)


def test_a_name_among_compressed_frames_is_refused():
    ds = compressed(planted_image(), JPEG2000Lossless)
    ds.PixelData = (
        ds.PixelData[:-8]
        + b"\xfe\xff\x00\xe0\x1a\x00\x00\x00"
        + b" Zwiebelkuchen^Quirinius  "
        + ds.PixelData[-8:]
    )
    with pytest.raises(ExportError, match="compressed pixels"):
        run(ds)


@pytest.mark.parametrize("data", [b"", b"Zwiebelkuchen", b"\0" * 128 + b"DICM", b"\0" * 400])
def test_what_is_no_dicom_file_is_refused(data):
    with pytest.raises((ReadError, ExportError)):
        deidentify_file(BytesIO(data), "file", Options(), KEY)


def test_a_file_that_is_cut_is_refused():
    data = file_bytes(planted_image())
    with pytest.raises(ReadError):
        deidentify_file(BytesIO(data[:600]), "file", Options(), KEY)
    with pytest.raises((ReadError, ExportError)):
        deidentify_file(BytesIO(data[:-100]), "file", Options(), KEY)


def text_item(value: str, scheme: str, text: str) -> Dataset:
    name = Dataset()
    name.CodeValue, name.CodingSchemeDesignator, name.CodeMeaning = value, scheme, "name of the item"
    item = Dataset()
    item.RelationshipType, item.ValueType, item.ConceptNameCodeSequence = "CONTAINS", "TEXT", [name]
    item.TextValue = text
    return item


@pytest.mark.parametrize(
    ("value", "scheme", "text", "expected"),
    [
        ("121106", "DCM", "Mrs. Doe fell", "REMOVED"),
        ("121106", "DCM", "head", "REMOVED"),
        ("111001", "DCM", "efficientnet", "efficientnet"),
        ("111001", "DCM", f"model of {FULL_NAME}", "REMOVED"),
        ("PIXEL_HASH", "99ICHVIEWER", "0123abcd", "0123abcd"),
        ("112039", "DCM", "Slice 12, subdural", "Slice 12, subdural"),
        ("112039", "DCM", "Slice 12, subdural of Doe", "REMOVED"),
        ("112039", "DCM", "Series", "Series"),
    ],
)
def test_texts_of_reports_are_kept_only_where_a_program_says_them(value, scheme, text, expected):
    ds = planted_image()
    ds.ContentSequence = [text_item(value, scheme, text)]
    written = read(run(ds))
    assert written.ContentSequence[0].TextValue == expected
    assert "113104" in [item.CodeValue for item in written.DeidentificationMethodCodeSequence]


def test_texts_of_graphics_are_replaced_and_their_places_kept():
    text = Dataset()
    text.UnformattedTextValue, text.AnchorPoint = "Mrs. Doe", [1.0, 2.0]
    annotation = Dataset()
    annotation.GraphicLayer, annotation.TextObjectSequence = "LAYER", [text]
    ds = planted_image()
    ds.GraphicAnnotationSequence = [annotation]
    (only,) = read(run(ds)).GraphicAnnotationSequence[0].TextObjectSequence
    assert only.UnformattedTextValue == "REMOVED"
    assert list(only.AnchorPoint) == [1.0, 2.0]


def test_codes_of_persons_become_dummy_codes():
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = "4711", "99STAFF", "Jane Doe"
    person = Dataset()
    person.PersonIdentificationCodeSequence = [code]
    ds = planted_image()
    ds.ContentCreatorIdentificationCodeSequence = [code]
    ds.ReferencedImageSequence = [person]
    written = read(run(ds))
    (only,) = written.ReferencedImageSequence[0].PersonIdentificationCodeSequence
    assert (only.CodeValue, only.CodingSchemeDesignator, only.CodeMeaning) == (
        "REMOVED",
        "99REMOVED",
        "Removed",
    )
    assert "ContentCreatorIdentificationCodeSequence" not in written
