from __future__ import annotations

import pytest
from dicom_factory import make_enhanced, make_slice, to_bytes, write
from pydicom.dataelem import RawDataElement
from pydicom.tag import Tag

from ichviewer.dicom.catalog import read_catalog
from ichviewer.dicom.whole_header import read_whole_header
from ichviewer.domain.series import SliceInfo
from ichviewer.errors import FileChangedError, ReadError


def listed(path) -> tuple[SliceInfo, ...]:
    (series,) = read_catalog([path]).series
    return series.slices


def test_every_element_in_front_of_the_pixels_is_there_as_it_stands_in_the_file(tmp_path):
    ds = make_slice(InstitutionName="hospital", patient_name="Doe^John")
    ds.add_new(0x00090010, "LO", "ACME")
    path = write(tmp_path / "IM0", ds)
    header = read_whole_header(listed(path)[0])
    assert set(header.keys()) == {element.tag for element in ds} - {Tag("PixelData")}
    raw = header.get_item("PatientName")
    assert isinstance(raw, RawDataElement)  # not even the check of the patient converted it
    assert raw.value == b"Doe^John"


def test_frames_of_one_file_have_one_header_with_the_groups_of_all(tmp_path):
    path = write(tmp_path / "e", make_enhanced(3))
    for info in listed(path):
        assert len(read_whole_header(info).PerFrameFunctionalGroupsSequence) == 3


def test_a_file_that_is_gone_or_another_one_is_refused(tmp_path):
    path = write(tmp_path / "IM0", make_slice())
    (info,) = listed(path)
    write(path, make_slice(patient_id="P2"))
    with pytest.raises(FileChangedError):
        read_whole_header(info)
    path.write_bytes(to_bytes(make_slice())[:200])
    with pytest.raises(ReadError):
        read_whole_header(info)
    path.unlink()
    with pytest.raises(ReadError):
        read_whole_header(info)
