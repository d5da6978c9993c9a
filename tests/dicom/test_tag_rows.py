"""All tags of a file as rows, whatever is in the file."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest
from dicom_factory import compressed, make_enhanced, make_slice, set_raw, to_bytes, write, write_zip
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset, FileDataset
from pydicom.sequence import Sequence
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    RLELossless,
)

from ichviewer.dicom.tag_rows import MOST_ROWS, read_tag_rows
from ichviewer.dicom.tag_text import MOST_CHARACTERS
from ichviewer.domain.series import SliceSource
from ichviewer.domain.tags import TagList, TagRow, paired
from ichviewer.errors import FileChangedError, ReadError
from ichviewer.printable import printable
from ichviewer.services.open_study import open_study


def tags_of(folder: Path, ds: FileDataset, *, frame: int = 0) -> TagList:
    return read_tag_rows(SliceSource(write(folder / "a.dcm", ds), frame=frame))


def by_keyword(tags: TagList) -> dict[str, TagRow]:
    return {row.keyword: row for row in tags.rows if row.depth == 0}


def value_of(tags: TagList, keyword: str) -> str:
    return by_keyword(tags)[keyword].value


SYNTAXES = [
    ImplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    DeflatedExplicitVRLittleEndian,
    RLELossless,
    JPEG2000Lossless,
]


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_every_transfer_syntax_says_the_same_of_the_image(tmp_path: Path, syntax: str) -> None:
    tags = tags_of(tmp_path, compressed(make_slice(), syntax))
    rows = by_keyword(tags)
    assert (rows["Rows"].vr, rows["Rows"].value) == ("US", "16")
    assert rows["PixelSpacing"].value == r"0.5\0.5"
    assert rows["PatientName"].value == "Doe^John"
    assert rows["TransferSyntaxUID"].value.startswith(syntax)
    assert rows["SOPClassUID"].value == "1.2.840.10008.5.1.4.1.1.2 (CT Image Storage)"
    assert rows["Modality"].name == "Modality"
    assert rows["Modality"].tag_text == "(0008,0060)"
    assert "not read" in rows["PixelData"].value


def test_rows_come_in_the_order_of_tags(tmp_path: Path) -> None:
    paths = [row.path for row in tags_of(tmp_path, make_slice()).rows]
    assert paths == sorted(paths)


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ExplicitVRBigEndian, RLELossless])
def test_what_stands_behind_the_pixels_is_listed(tmp_path: Path, syntax: str) -> None:
    ds = make_slice()
    ds.DataSetTrailingPadding = b"\1\2\3\4"
    tags = tags_of(tmp_path, compressed(ds, syntax))
    assert value_of(tags, "DataSetTrailingPadding") == "4 bytes: 01 02 03 04"
    assert tags.notes == ()


def test_behind_deflated_pixels_nothing_is_listed_and_that_is_said(tmp_path: Path) -> None:
    tags = tags_of(tmp_path, compressed(make_slice(), DeflatedExplicitVRLittleEndian))
    assert tags.notes == ("What stands behind the pixels of a deflated file is not listed",)


def test_an_archive_member_says_the_same_as_the_file(tmp_path: Path) -> None:
    path = write(tmp_path / "in" / "a.dcm", make_slice())
    archive = write_zip(tmp_path / "a.zip", [path], tmp_path)
    assert read_tag_rows(SliceSource(archive, "in/a.dcm")) == read_tag_rows(SliceSource(path))
    with zipfile.ZipFile(archive) as found:
        assert found.namelist() == ["in/a.dcm"]


def test_private_elements_are_named_by_the_dictionary_else_by_who_made_them(tmp_path: Path) -> None:
    ds = make_slice()
    known = ds.private_block(0x0043, "GEMS_PARM_01", create=True)
    known.add_new(0x12, "SS", [7, 8])
    unknown = ds.private_block(0x0099, "Somebody\u202e", create=True)
    unknown.add_new(0x01, "UN", b"readable text ")
    unknown.add_new(0x02, "UN", b"\0\1\2\3")
    ds.add(DataElement(0x00AB1001, "UN", b"orphan"))
    rows = {row.tag: row for row in tags_of(tmp_path, ds).rows}
    assert rows[0x00430010].name == "Private Creator"
    assert (rows[0x00431012].creator, rows[0x00431012].value) == ("GEMS_PARM_01", r"7\8")
    assert rows[0x00431012].name == "X-ray chain"
    assert rows[0x00991001].name == "Private element"
    assert rows[0x00991001].creator.startswith("Somebody")
    assert "\u202e" not in rows[0x00991001].creator
    assert rows[0x00991001].value == "readable text"
    assert rows[0x00991002].value == "4 bytes: 00 01 02 03"
    assert (rows[0x00AB1001].name, rows[0x00AB1001].creator) == ("Private element", "")


def test_private_elements_without_a_vr_get_that_of_the_dictionary(tmp_path: Path) -> None:
    ds = make_slice()
    ds.private_block(0x0043, "GEMS_PARM_01", create=True).add_new(0x12, "SS", [7, 8])
    rows = {row.tag: row for row in tags_of(tmp_path, compressed(ds, ImplicitVRLittleEndian)).rows}
    assert (rows[0x00431012].vr, rows[0x00431012].value) == ("SS", r"7\8")


@pytest.mark.parametrize(
    ("charset", "name", "raw"),
    [
        ("ISO_IR 100", "Müller^Jürgen", "Müller^Jürgen".encode("latin-1")),
        ("ISO_IR 192", "山田^太郎", "山田^太郎".encode()),
        ("ISO_IR 144", "Люкceмбypг", "Люкceмбypг".encode("iso8859_5")),
        (r"\ISO 2022 IR 87", "Yamada^Tarou=山田^太郎", b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B"),
    ],
)
def test_names_are_read_in_the_files_character_set_at_any_depth(
    tmp_path: Path, charset: str, name: str, raw: bytes
) -> None:
    ds = make_slice()
    item = Dataset()
    item.PatientName = name
    ds.OtherPatientIDsSequence = Sequence([item])
    ds.SpecificCharacterSet = charset.split("\\")
    set_raw(ds, "PatientName", raw)
    rows = [row for row in tags_of(tmp_path, ds).rows if row.keyword == "PatientName"]
    assert [(row.depth, row.value) for row in rows] == [(0, name), (1, name)]


def test_a_character_set_that_does_not_exist_hides_nothing(tmp_path: Path) -> None:
    ds = make_slice()
    set_raw(ds, "SpecificCharacterSet", "ISO_IR 999")
    set_raw(ds, "PatientName", b"M\xfcller")
    assert "ller" in value_of(tags_of(tmp_path, ds), "PatientName")


def test_values_are_printable_and_of_bounded_length(tmp_path: Path) -> None:
    ds = make_slice()
    set_raw(ds, "PatientComments", "line\r\nline\x1b[2J")
    set_raw(ds, "StudyComments", "x" * 2000)
    set_raw(ds, "ImageComments", "y" * 40_000)
    tags = tags_of(tmp_path, ds)
    assert value_of(tags, "PatientComments") == r"line\r\nline\u001b[2J"
    assert value_of(tags, "StudyComments") == "x" * MOST_CHARACTERS + "… (2,000 characters)"
    assert value_of(tags, "ImageComments") == "y" * MOST_CHARACTERS + "… (40,000 bytes)"
    assert all(printable(row.value) == row.value for row in tags.rows)


def test_a_difference_behind_what_is_shown_is_found(tmp_path: Path) -> None:
    a, b = make_slice(), make_slice()
    set_raw(a, "ImageComments", "y" * 40_000)
    set_raw(b, "ImageComments", "y" * 39_999 + "z")
    pairs = paired(tags_of(tmp_path / "a", a), tags_of(tmp_path / "b", b))
    assert [pair.row.keyword for pair in pairs if pair.differs] == ["ImageComments"]


@pytest.mark.parametrize(
    ("keyword", "raw", "shown"),
    [
        ("SliceThickness", "five", "five"),
        ("PatientAge", "7 years", "7 years"),
        ("StudyDate", "yesterday", "yesterday"),
        ("InstanceNumber", "1.5.2", "1.5.2"),
        ("StudyID", "", ""),
    ],
)
def test_malformed_values_are_shown_as_they_stand(tmp_path: Path, keyword: str, raw: str, shown: str) -> None:
    ds = make_slice()
    set_raw(ds, keyword, raw)
    assert value_of(tags_of(tmp_path, ds), keyword) == shown


def test_a_number_of_an_odd_length_is_shown_as_bytes(tmp_path: Path) -> None:
    ds = make_slice()
    ds.RegionFlags = [0x04030201, 0x08070605]
    path = write(tmp_path / "a.dcm", ds)
    # UL takes four bytes a value; here are six.
    whole = b"\x18\x00\x16\x60UL\x08\x00\1\2\3\4\5\6\7\x08"
    cut = b"\x18\x00\x16\x60UL\x06\x00\1\2\3\4\5\6"
    assert whole in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(whole, cut))
    assert value_of(read_tag_rows(SliceSource(path)), "RegionFlags") == "6 bytes: 01 02 03 04 05 06"


def test_the_sign_of_a_number_is_that_of_the_pixels(tmp_path: Path) -> None:
    stored = np.full((16, 16), -3, np.int16)
    ds = make_slice(stored=stored, SmallestImagePixelValue=None)
    ds.add_new("SmallestImagePixelValue", "SS", -3)
    ds = compressed(ds, ImplicitVRLittleEndian)
    row = by_keyword(tags_of(tmp_path, ds))["SmallestImagePixelValue"]
    assert (row.vr, row.value) == ("SS", "-3")


def test_sequences_are_listed_with_their_items(tmp_path: Path) -> None:
    ds = make_slice()
    items = []
    for uid in ("1.2.3", "1.2.4"):
        item = Dataset()
        item.ReferencedSOPInstanceUID = uid
        items.append(item)
    ds.ReferencedImageSequence = Sequence(items)
    rows = [row for row in tags_of(tmp_path, ds).rows if row.path[0] == 0x00081140]
    assert [(row.depth, row.value, row.path_text) for row in rows] == [
        (0, "2 items", "(0008,1140)"),
        (1, "1.2.3", "(0008,1140) item 1 > (0008,1155)"),
        (1, "1.2.4", "(0008,1140) item 2 > (0008,1155)"),
    ]


def test_of_many_frames_the_groups_of_one_are_listed_and_can_be_compared(tmp_path: Path) -> None:
    ds = make_enhanced(n=3)
    first, last = (tags_of(tmp_path, ds, frame=frame) for frame in (0, 2))
    assert value_of(last, "PerFrameFunctionalGroupsSequence") == "3 items, that of frame 3 is listed"
    positions = [row.value for row in last.rows if row.keyword == "ImagePositionPatient"]
    assert positions == [r"-4.0\-4.0\10.0"]
    differing = [pair.row.keyword for pair in paired(first, last) if pair.differs]
    assert differing == ["ImagePositionPatient"]


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian, RLELossless])
def test_a_file_cut_anywhere_shows_what_is_left_and_says_so(tmp_path: Path, syntax: str) -> None:
    data = to_bytes(compressed(make_slice(), syntax))
    path = tmp_path / "cut.dcm"
    path.write_bytes(data)
    whole = read_tag_rows(SliceSource(path))
    assert whole.notes == ()

    @given(st.integers(0, len(data) - 1))
    def cut(length: int) -> None:
        path.write_bytes(data[:length])
        try:
            tags = read_tag_rows(SliceSource(path))
        except ReadError:
            # Nothing left: the meta information itself is cut.
            assert length < 400
            return
        assert len(tags.rows) <= len(whole.rows)
        # The last row may be cut; those before it are as they were.
        assert tags.rows[:-1] == whole.rows[: max(0, len(tags.rows) - 1)]

    cut()
    path.write_bytes(data[:-10])
    assert "ends inside the pixel data" in read_tag_rows(SliceSource(path)).notes[0]


@given(st.data())
def test_damaged_bytes_never_raise_anything_but_a_read_error(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    good = bytearray(to_bytes(make_slice()))
    for _ in range(data.draw(st.integers(1, 8))):
        good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "damaged.dcm"
    path.write_bytes(good)
    try:
        tags = read_tag_rows(SliceSource(path))
    except ReadError:
        return
    for row in tags.rows:
        for words in (row.value, row.name, row.creator, row.vr):
            assert printable(words) == words


def test_a_vr_that_damage_left_unprintable_is_that_of_the_dictionary(tmp_path: Path) -> None:
    data = to_bytes(make_slice())
    good = b"\x20\x00\x13\x00IS"  # Instance Number
    assert good in data
    (tmp_path / "a.dcm").write_bytes(data.replace(good, b"\x20\x00\x13\x00I\0"))
    rows = read_tag_rows(SliceSource(tmp_path / "a.dcm")).rows
    assert all(row.vr.isalpha() for row in rows)


def test_a_file_whose_syntax_lies_is_read_as_it_is(tmp_path: Path) -> None:
    ds = make_slice()
    data = to_bytes(ds).replace(b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.1.2\0\0\0")
    (tmp_path / "a.dcm").write_bytes(data)
    tags = read_tag_rows(SliceSource(tmp_path / "a.dcm"))
    assert value_of(tags, "PatientName") == "Doe^John"


def test_sequences_in_sequences_have_an_end(tmp_path: Path) -> None:
    ds = make_slice()
    inner = Dataset()
    for _ in range(60):
        outer = Dataset()
        outer.ReferencedSeriesSequence = Sequence([inner])
        inner = outer
    ds.ReferencedStudySequence = Sequence([inner])
    tags = tags_of(tmp_path, ds)
    assert any("deeper" in note for note in tags.notes)
    assert value_of(tags, "PatientName") == "Doe^John"


def test_no_more_rows_are_listed_than_anybody_reads(tmp_path: Path) -> None:
    ds = make_slice()
    item = Dataset()
    item.ReferencedSOPInstanceUID = "1.2"
    ds.ReferencedImageSequence = Sequence([item] * (MOST_ROWS + 10))
    tags = tags_of(tmp_path, ds)
    assert len(tags.rows) == MOST_ROWS
    assert f"{MOST_ROWS:,} rows" in tags.notes[0]


def test_another_file_in_the_place_of_the_listed_one_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.dcm", make_slice(patient_name="Müller^Anna"))
    info = open_study([path]).series[0].slices[0]
    assert value_of(read_tag_rows(info.source, info), "PatientName") == "Müller^Anna"
    write(path, make_slice(patient_name="Roe^Jane"))
    with pytest.raises(FileChangedError):
        read_tag_rows(info.source, info)


def test_what_is_no_file_or_no_dicom_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    for path in (tmp_path / "empty", tmp_path / "missing", tmp_path):
        with pytest.raises(ReadError) as raised:
            read_tag_rows(SliceSource(path))
        assert raised.value.where == str(path)
