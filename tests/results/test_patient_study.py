from __future__ import annotations

from io import BytesIO

import pydicom
import pytest
from analysis_factory import analysis_of, only_series
from dicom_factory import make_slice, set_raw, to_bytes, write
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRBigEndian, ImplicitVRLittleEndian

from ichviewer.results.extras import Extras
from ichviewer.results.finish import file_bytes
from ichviewer.results.kinds import kinds_named
from ichviewer.results.patient_study import COPIED, REQUIRED
from ichviewer.results.write_results import make_results


def written(path, names=("sr",), **extras) -> list[pydicom.FileDataset]:
    series = only_series(path)
    analysis = analysis_of(series, {0: {"subdural": 0.9}})
    objects = make_results(analysis, kinds_named(names), extras=Extras(**extras))
    return [pydicom.dcmread(BytesIO(file_bytes(item.dataset))) for item in objects]


def raw(dataset: Dataset, keyword: str) -> bytes | None:
    element = dataset.get_item(keyword)
    return None if element is None else (element.value or b"")


# Names as PS3.3 C.12.1.1.2 and PS3.5 annexes H to K encode them.
NAMES = {
    "latin 1": ("ISO_IR 100", "Müller^Jürgen".encode("latin-1")),
    "GB 18030": ("GB18030", "Wang^XiaoDong=王^小东".encode("gb18030")),
    "Japanese": (
        "\\ISO 2022 IR 87",
        b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B",
    ),
    "no character set, but latin 1 all the same": (None, b"M\xfcller^J\xfcrgen"),
    "UTF-8": ("ISO_IR 192", "Ψ^Διονυσιος".encode()),
    "an unknown character set": ("ISO_IR 999", b"Doe^J\xe5n"),
    "broken for its character set": ("ISO_IR 192", b"Doe^\xff\xfe"),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_keeps_its_bytes_and_its_character_set(tmp_path, name):
    charset, data = NAMES[name]
    ds = make_slice()
    if charset is None:
        del ds.SpecificCharacterSet
    else:
        set_raw(ds, "SpecificCharacterSet", charset)
    # Put into the file afterwards: the writer would convert it, and mend what is broken.
    even = data + b" " * (len(data) % 2)
    set_raw(ds, "PatientName", b"X" * len(even))
    path = tmp_path / "IM0"
    path.write_bytes(to_bytes(ds).replace(b"X" * len(even), even))
    for result in written(path, ["sr", "ko", "sc", "csv"]):
        assert raw(result, "PatientName").rstrip(b" ") == data
        found = result.get("SpecificCharacterSet")
        assert (
            "\\".join([found] if isinstance(found, str) else found) if found is not None else None
        ) == charset


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRBigEndian])
def test_values_come_through_from_every_encoding(tmp_path, syntax):
    ds = make_slice(
        PatientWeight="71.5", LongitudinalTemporalOffsetFromEvent=2.5, PatientComments="long " * 300
    )
    ds.file_meta.TransferSyntaxUID = syntax
    if syntax == ExplicitVRBigEndian:
        ds.PixelData = ds.pixel_array.astype(">u2").tobytes()
    path = tmp_path / "IM0"
    path.write_bytes(to_bytes(ds))
    (result,) = written(path)
    assert raw(result, "PatientWeight") == b"71.5"
    assert result.LongitudinalTemporalOffsetFromEvent == 2.5
    assert result.PatientComments.strip() == ("long " * 300).strip()


CHARACTER_SETS = [
    *(b"", b"ISO_IR 100", b"ISO_IR 192", b"GB18030", b"\\ISO 2022 IR 87", b"ISO 2022 IR 6\\ISO 2022 IR 149"),
    *(b"ISO_IR 13", b"\\\\", b"\xff\xfe", b"ISO_IR 192\\ISO 2022 IR 87", b"utf-8", b"ISO IR 100"),
]


@settings(max_examples=25)
@given(st.sampled_from(CHARACTER_SETS), st.binary(min_size=3, max_size=20), st.sampled_from(["", "Doe^Jane"]))
def test_whatever_the_bytes_of_a_name_and_its_character_set_they_are_copied(
    tmp_path_factory, charset, data, observer
):
    charset, data = (value + b" " * (len(value) % 2) for value in (charset, data))
    ds = make_slice()
    set_raw(ds, "PatientName", b"\1" * len(data))
    content = to_bytes(ds).replace(b"\1" * len(data), data)
    at = content.index(b"ISO_IR 192") - 2
    content = (
        content[:at] + len(charset).to_bytes(2, "little") + charset + content[at + 2 + len("ISO_IR 192") :]
    )
    path = tmp_path_factory.mktemp("ct") / "IM0"
    path.write_bytes(content)
    for result in written(path, ["sr", "sc"], observer=observer):
        assert raw(result, "PatientName") == data


def test_absent_stays_absent_and_empty_stays_empty(tmp_path):
    ds = make_slice(
        PatientAge="", IssuerOfPatientID=None, PatientName=None, StudyID=None, OtherPatientNames=""
    )
    (result,) = written(write(tmp_path / "IM0", ds))
    assert raw(result, "PatientAge") == b""
    assert raw(result, "OtherPatientNames") == b""
    assert "IssuerOfPatientID" not in result
    for keyword in REQUIRED:
        assert keyword in result  # type 2: empty where it is not known
    assert raw(result, "PatientName") == raw(result, "StudyID") == b""


def test_what_must_have_a_value_is_left_out_where_the_image_has_none(tmp_path):
    ds = make_slice(PatientIdentityRemoved="YES", DeidentificationMethod="", ClinicalTrialProtocolID="")
    (result,) = written(write(tmp_path / "IM0", ds))
    assert "ClinicalTrialProtocolID" not in result
    assert result.DeidentificationMethod == "Not told by the images"
    ds = make_slice(PatientIdentityRemoved="NO", DeidentificationMethod="")
    (result,) = written(write(tmp_path / "IM1", ds))
    assert "DeidentificationMethod" not in result


def test_malformed_values_are_copied_as_they_are(tmp_path):
    ds = make_slice()
    for keyword, value in (
        ("PatientBirthDate", "1950-02-15"),
        ("PatientSex", "female"),
        ("StudyTime", "noon"),
        ("PatientAge", "seventy"),
    ):
        set_raw(ds, keyword, value)
    for result in written(write(tmp_path / "IM0", ds), ["sr", "ko", "sc", "csv"]):
        assert raw(result, "PatientBirthDate") == b"1950-02-15"
        assert raw(result, "PatientSex") == b"female"
        assert raw(result, "StudyTime") == b"noon"
        assert raw(result, "PatientAge").strip() == b"seventy"


def test_private_elements_are_copied_at_no_depth_and_nothing_of_the_image_is(tmp_path):
    item, inner = Dataset(), Dataset()
    inner.add_new(0x00090010, "LO", "ACME")
    inner.add_new(0x00091001, "LO", "secret")
    inner.CodeValue, inner.CodingSchemeDesignator, inner.CodeMeaning = "1", "99X", "kept"
    item.PatientID, item.TypeOfPatientID = "other", "TEXT"
    item.IssuerOfPatientIDQualifiersSequence = [inner]
    item.add_new(0x00090010, "LO", "ACME")
    item.add_new(0x00091001, "LO", "secret")
    ds = make_slice(OtherPatientIDsSequence=[item], DeviceSerialNumber="scanner", InstitutionName="hospital")
    ds.add_new(0x00110010, "LO", "ACME")
    ds.add_new(0x00111001, "LO", "secret")
    for result in written(write(tmp_path / "IM0", ds), ["sr", "ko", "sc", "csv"]):
        assert not [e for e in result.iterall() if e.tag.is_private]
        (copied,) = result.OtherPatientIDsSequence
        assert (copied.PatientID, copied.IssuerOfPatientIDQualifiersSequence[0].CodeMeaning) == (
            "other",
            "kept",
        )
        assert b"secret" not in to_bytes_of(result)
        assert "InstitutionName" not in result
        assert result.DeviceSerialNumber != "scanner"


def to_bytes_of(dataset: pydicom.FileDataset) -> bytes:
    buffer = BytesIO()
    dataset.save_as(buffer)
    return buffer.getvalue()


def test_an_observers_name_that_the_character_set_cannot_hold_takes_the_object_to_utf_8(tmp_path):
    ds = make_slice()
    set_raw(ds, "SpecificCharacterSet", "ISO_IR 100")
    set_raw(ds, "PatientName", "Müller^Jürgen".encode("latin-1"))
    path = write(tmp_path / "IM0", ds)
    (same,) = written(path, observer="Höß^Änne")
    assert same.SpecificCharacterSet == "ISO_IR 100"
    (other,) = written(path, observer="王^小东")
    assert other.SpecificCharacterSet == "ISO_IR 192"
    for result, name in ((same, "Höß^Änne"), (other, "王^小东")):
        assert str(result.PatientName) == "Müller^Jürgen"
        persons = [i for i in result.ContentSequence if i.ValueType == "PNAME"]
        assert [str(item.PersonName) for item in persons] == [name]


def test_every_keyword_that_is_copied_is_one():
    assert len(set(COPIED)) == len(COPIED)
    assert all(pydicom.datadict.tag_for_keyword(keyword) for keyword in COPIED)


def test_values_that_are_too_long_are_copied_whole(tmp_path):
    ds = make_slice(StudyDescription="x" * 300, AccessionNumber="z" * 40, PatientComments="y" * 70_000)
    ds.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    path = tmp_path / "IM0"
    path.write_bytes(to_bytes(ds))
    for result in written(path, ["sr", "ko", "sc"]):
        assert result.StudyDescription == "x" * 300
        assert result.AccessionNumber == "z" * 40
        assert raw(result, "PatientComments") in (b"y" * 70_000, "y" * 70_000)
