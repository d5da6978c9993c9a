"""Names planted over all VRs, at every depth and around the data set; none may be in the file that is written."""

from __future__ import annotations

from io import BytesIO

import pydicom
import pytest
from dicom_factory import compressed
from hypothesis import given
from hypothesis import strategies as st
from planted_names import (
    FAMILY,
    FULL_NAME,
    IDENTIFIER,
    add_private,
    everything,
    file_bytes,
    names_in,
    planted_image,
    text_for,
)
from pydicom.datadict import dictionary_VR
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import Tag
from pydicom.uid import ExplicitVRBigEndian, ImplicitVRLittleEndian

from ichviewer.dicom.deidentify.file import DeidentifiedFile, deidentify_file
from ichviewer.dicom.deidentify.key import Key
from ichviewer.dicom.deidentify.options import Options
from ichviewer.dicom.deidentify.walk import elements_of
from ichviewer.errors import ExportError, IchViewerError, ReadError

KEY = Key(bytes(range(32)))
ALL = Options(True, True, True)
OPTIONS = [
    Options(),
    Options(keep_longitudinal=True),
    Options(clean_descriptors=True),
    Options(keep_device=True),
    ALL,
]


def run(data: bytes, options: Options = Options()) -> DeidentifiedFile:  # noqa: B008 - immutable
    return deidentify_file(BytesIO(data), "file", options, KEY)


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_no_name_is_left_of_an_object_that_has_every_attribute_of_the_dictionary(options):
    ds = planted_image()
    everything(ds)
    add_private(ds)
    before = file_bytes(ds)
    assert FAMILY in names_in(before)
    left = names_in(run(before, options).data)
    # The UID of a device, which is what the option asks for.
    assert left == (["77339150"] if options.keep_device else [])


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRBigEndian])
def test_no_name_is_left_in_other_encodings(options, syntax):
    ds = compressed(planted_image(), syntax)
    for keyword in (
        "StudyDescription",
        "ImageComments",
        "InstitutionName",
        "CodeMeaning",
        "ConvolutionKernel",
    ):
        setattr(ds, keyword, text_for(dictionary_VR(Tag(keyword))))
    add_private(ds)
    assert names_in(run(file_bytes(ds), options).data) == []


def test_nothing_is_left_of_preamble_and_meta_information():
    done = run(file_bytes(planted_image()))
    written = pydicom.dcmread(BytesIO(done.data))
    assert written.preamble == b"\0" * 128
    assert "SourceApplicationEntityTitle" not in written.file_meta
    assert "PrivateInformation" not in written.file_meta
    assert written.file_meta.MediaStorageSOPInstanceUID == written.SOPInstanceUID
    assert {"preamble", "(0002,0016)", "(0002,0100)", "(0002,0102)", "(0002,0003)"} <= {
        removal.path for removal in done.removals
    }


@pytest.mark.parametrize(
    "behind",
    [
        FULL_NAME.encode(),
        b"\0" * 8 + FULL_NAME.encode(),
        b"\xfc\xff\xfc\xffOB\0\0\x0e\0\0\0" + b"Zwiebelkuchen ",
    ],
)
def test_bytes_behind_the_end_are_not_exported(behind):
    try:
        done = run(file_bytes(planted_image(), behind))
    except IchViewerError:
        return  # a file that goes on behind its end may be refused as damaged
    assert names_in(done.data) == []


def test_bytes_behind_the_last_pixel_are_cut_off():
    ds = planted_image()
    pixels = bytes(ds.PixelData)
    ds.PixelData = pixels + FULL_NAME.encode() + b"\0"
    done = run(file_bytes(ds))
    assert pydicom.dcmread(BytesIO(done.data)).PixelData == pixels
    assert "bytes behind the last pixel removed" in {removal.what for removal in done.removals}


@pytest.mark.parametrize(
    ("charset", "name", "encoding"),
    [
        ("ISO_IR 100", "Müller-Lüdenscheidt^Jürgen", "latin-1"),
        ("ISO_IR 144", "Люкceмбypг^Роза", "iso8859_5"),
        ("GB18030", "王曉東^小", "gb18030"),
        (["", "ISO 2022 IR 87"], "Yamada^Tarou=山田^太郎", "iso2022_jp"),
        (["", "ISO 2022 IR 149"], "Hong^Gildong=洪^吉洞=홍^길동", "euc_kr"),
    ],
)
def test_names_in_other_character_sets_are_found_in_texts(charset, name, encoding):
    ds = planted_image()
    ds.SpecificCharacterSet = charset
    ds.PatientName = name
    ds.SeriesDescription = "Schädel"[:3]
    word = name.replace("=", "^").split("^")[-2]
    ds.Manufacturer = f"made for {word}"
    done = run(file_bytes(ds), Options(clean_descriptors=True))
    written = pydicom.dcmread(BytesIO(done.data))
    assert str(written.PatientName) == done.patient
    assert written.Manufacturer == "REMOVED"
    assert word.encode(encoding) not in done.data


def test_a_name_within_a_text_without_spaces_is_found():
    ds = planted_image()
    ds.PatientName = "山田^太郎"
    ds.Manufacturer = "株式会社山田製"
    assert pydicom.dcmread(BytesIO(run(file_bytes(ds)).data)).Manufacturer == "REMOVED"


@pytest.mark.parametrize("keyword", ["SliceThickness", "InstanceNumber", "PatientPosition"])
def test_a_name_in_a_value_of_another_form_is_removed(keyword):
    ds = planted_image()
    tag = Tag(keyword)
    raw = RawDataElement(tag, dictionary_VR(tag), 14, b"Zwiebelkuchen ", 0, False, True)
    ds._dict[tag] = raw
    assert names_in(run(file_bytes(ds)).data) == []


def test_an_attribute_of_another_vr_than_that_of_the_dictionary_goes():
    ds = planted_image()
    tag = Tag("SliceThickness")
    ds._dict[tag] = RawDataElement(tag, "LT", 14, b"no names here ", 0, False, True)
    assert "SliceThickness" not in pydicom.dcmread(BytesIO(run(file_bytes(ds)).data))


def test_an_attribute_that_the_dictionary_does_not_know_goes():
    ds = planted_image()
    ds.add(DataElement(Tag(0x0018, 0xFFFE), "LO", "harmless"))
    assert (0x0018, 0xFFFE) not in pydicom.dcmread(BytesIO(run(file_bytes(ds)).data))


def test_curves_and_overlays_go():
    ds = planted_image()
    ds.add(DataElement(Tag(0x5002, 0x3000), "OB", FULL_NAME.encode() + b"\0"))
    for element, vr, value in (
        (0x10, "US", 16),
        (0x11, "US", 16),
        (0x3000, "OB", FULL_NAME.encode() + b"\0"),
    ):
        ds.add(DataElement(Tag(0x6000, element), vr, value))
    ds.add(DataElement(Tag(0x6000, 0x22), "LO", FULL_NAME))
    written = pydicom.dcmread(BytesIO(run(file_bytes(ds)).data))
    assert not [tag for tag in written.keys() if 0x5000 <= tag.group < 0x7000]  # noqa: SIM118 - the tags


def test_an_overlay_within_the_pixels_is_refused():
    ds = planted_image()
    ds.add(DataElement(Tag(0x6000, 0x10), "US", 16))
    ds.add(DataElement(Tag(0x6000, 0x0102), "US", 12))
    with pytest.raises(ExportError, match="overlay"):
        run(file_bytes(ds))


@given(
    keyword=st.sampled_from(
        [
            "Manufacturer",
            "ConvolutionKernel",
            "CodeMeaning",
            "ImageComments",
            "SeriesDescription",
            "FilterType",
        ]
    ),
    around=st.tuples(*[st.text(alphabet=" abc123-_/()^=", max_size=8)] * 2),
    depth=st.integers(0, 4),
    options=st.sampled_from(OPTIONS),
    name=st.sampled_from([FAMILY, FAMILY.upper(), FAMILY.lower(), IDENTIFIER, f"{FULL_NAME}"]),
)
def test_no_name_is_left_wherever_it_is_planted(keyword, around, depth, options, name):
    ds = planted_image()
    item: Dataset = ds
    for level in range(depth):
        inner = Dataset()
        setattr(item, ("AnatomicRegionSequence", "ReferencedImageSequence")[level % 2], [inner])
        item = inner
    setattr(
        item,
        keyword,
        f"{around[0]} {name} {around[1]}"[: 16 if keyword in ("ConvolutionKernel", "FilterType") else 60],
    )
    try:
        done = run(file_bytes(ds), options)
    except (ExportError, ReadError):
        return  # refused rather than exported with a name
    assert not [found for found in names_in(done.data) if found in (FAMILY, IDENTIFIER)]


@given(
    st.lists(st.tuples(st.integers(132, 1 << 12), st.integers(0, 255)), min_size=1, max_size=6),
    st.one_of(st.none(), st.integers(132, 1 << 12)),
)
def test_damaged_files_are_refused_or_cleaned(damage, cut):
    ds = planted_image()
    add_private(ds)
    data = bytearray(file_bytes(ds))
    for place, byte in damage:
        data[place % len(data)] = byte
    try:
        done = run(bytes(data[:cut]))
    except (ExportError, ReadError):
        return
    written = pydicom.dcmread(BytesIO(done.data))
    assert written.PatientIdentityRemoved == "YES"
    # Whatever became of the tags: private ones, preamble and meta information are gone.
    assert written.preamble == b"\0" * 128
    assert not [element for element in elements_of(written) if element.tag.is_private]


def test_a_patient_who_is_called_like_a_term_of_the_pixels_is_refused_rather_than_the_term_changed():
    ds = planted_image()
    ds.PatientName = "Monochrome2^X"
    with pytest.raises(ExportError, match="would still stand"):
        run(file_bytes(ds))


@pytest.mark.parametrize("name", ["Axial^Original", "Hu^No", "Primary", "Ct^Head", "Lee^Ann", ""])
def test_a_patient_who_is_called_like_a_term_loses_none(name):
    ds = planted_image()
    ds.PatientName, ds.RescaleType = name, "HU"
    written = pydicom.dcmread(BytesIO(run(file_bytes(ds), ALL).data))
    assert list(written.ImageType) == ["ORIGINAL", "PRIMARY", "AXIAL"]
    assert written.RescaleType == "HU"
    assert str(written.PatientName).startswith("P")
