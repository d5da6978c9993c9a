from __future__ import annotations

import numpy as np
import pydicom
import pytest
from dicom_factory import make_enhanced, make_slice
from planted_names import ramp
from pydicom.uid import (
    ExplicitVRBigEndian,
    JPEG2000Lossless,
    SecondaryCaptureImageStorage,
    UltrasoundImageStorage,
)

from ichviewer.dicom.deidentify.burned_in import why_text_is_possible
from ichviewer.dicom.deidentify.mask import mask_pixels
from ichviewer.dicom.deidentify.options import MaskRectangle
from ichviewer.errors import ExportError


def changed(**attributes: object) -> pydicom.Dataset:
    ds = make_slice()
    for keyword, value in attributes.items():
        setattr(ds, keyword, value)
    return ds


@pytest.mark.parametrize(
    "ds",
    [
        changed(),
        changed(ImageType=["ORIGINAL", "PRIMARY", "AXIAL", "CT_SOM5 SPI"]),
        changed(SOPClassUID=SecondaryCaptureImageStorage, BurnedInAnnotation="NO"),
        changed(BurnedInAnnotation="NO", ImageType=["DERIVED", "SECONDARY"]),
        make_enhanced(2),
    ],
)
def test_original_ct_sections_and_what_says_so_of_itself_are_free_of_text(ds):
    assert why_text_is_possible(ds) is None


@pytest.mark.parametrize(
    ("ds", "why"),
    [
        (changed(BurnedInAnnotation="YES"), "burned"),
        (changed(SOPClassUID=SecondaryCaptureImageStorage), "secondary capture"),
        (changed(SOPClassUID=UltrasoundImageStorage, Modality="US"), "Ultrasound"),
        (changed(Modality="OT"), "not an original CT"),
        (changed(SOPClassUID="1.2.3"), "unknown class"),
        (changed(ImageType=["DERIVED", "SECONDARY", "AXIAL"]), "not marked ORIGINAL"),
        (changed(ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"]), "localizer"),
        (changed(ImageType=["ORIGINAL", "PRIMARY", "AXIAL", "SCREEN SAVE"]), "captured screen"),
        (changed(ImageType=["ORIGINAL", "PRIMARY"]), "not marked AXIAL"),
        (changed(ImageType=["ORIGINAL", "PRIMARY", "AXIAL", "CT_SOM5 PROT"]), "captured screen"),
        (changed(ImageType="ORIGINAL"), "not marked"),
        (changed(ImageType=None), "not marked"),
        (changed(SamplesPerPixel=3), "color"),
    ],
)
def test_everything_else_may_have_text_burned_in(ds, why):
    told = why_text_is_possible(ds)
    assert told is not None
    assert why in told


def stored(ds: pydicom.Dataset) -> np.ndarray:
    return np.frombuffer(ds.PixelData, ds_dtype(ds)).reshape(ds.Rows, ds.Columns)


def ds_dtype(ds: pydicom.Dataset) -> str:
    return ">u2" if ds.file_meta.TransferSyntaxUID == ExplicitVRBigEndian else "<u2"


def test_a_rectangle_is_blanked_and_nothing_else():
    ds = make_slice(stored=ramp(6, 8) + 10)
    before = stored(ds).copy()
    mask_pixels(ds, str(ds.file_meta.TransferSyntaxUID), (MaskRectangle(2, 1, 3, 2),), "x")
    after = stored(ds)
    # Columns 2 to 4 of rows 1 and 2 become the lowest value of the image, 10.
    assert (after[1:3, 2:5] == 10).all()
    outside = np.ones((6, 8), bool)
    outside[1:3, 2:5] = False
    np.testing.assert_array_equal(after[outside], before[outside])


def test_a_rectangle_is_blanked_in_all_frames():
    ds = make_enhanced(3)
    mask_pixels(ds, str(ds.file_meta.TransferSyntaxUID), (MaskRectangle(0, 0, 2, 2),), "x")
    pixels = np.frombuffer(ds.PixelData, "<u2").reshape(3, ds.Rows, ds.Columns)
    assert (pixels[:, :2, :2] == pixels.min()).all()


def test_color_pixels_become_black_in_both_orders_of_planes():
    for planar in (0, 1):
        ds = pydicom.Dataset()
        ds.Rows, ds.Columns, ds.SamplesPerPixel, ds.BitsAllocated = 4, 5, 3, 8
        ds.PhotometricInterpretation, ds.PlanarConfiguration = "RGB", planar
        ds.PixelData = bytes(range(1, 61))
        mask_pixels(ds, "1.2.840.10008.1.2.1", (MaskRectangle(1, 2, 2, 1),), "x")
        shape = (3, 4, 5) if planar else (4, 5, 3)
        pixels = np.frombuffer(ds.PixelData, "u1").reshape(shape)
        part = pixels[:, 2, 1:3] if planar else pixels[2, 1:3, :]
        assert (part == 0).all()
        assert np.count_nonzero(pixels) == 60 - 6


@pytest.mark.parametrize(
    ("syntax", "mask", "what"),
    [
        (JPEG2000Lossless, MaskRectangle(0, 0, 1, 1), "compressed"),
        (None, MaskRectangle(16, 0, 1, 1), "no rectangle"),
    ],
)
def test_what_cannot_be_masked_is_refused(syntax, mask, what):
    ds = make_slice()
    with pytest.raises(ExportError, match=what):
        mask_pixels(ds, str(syntax or ds.file_meta.TransferSyntaxUID), (mask,), "x")


@pytest.mark.parametrize("text", ["", "1,2,3", "1,2,3,4,5", "a,b,c,d", "-1,0,2,2", "0,0,0,2", "1.5,0,1,1"])
def test_what_is_no_rectangle_is_refused(text):
    with pytest.raises(ValueError, match="Received"):
        MaskRectangle.parse(text)


def test_a_rectangle_is_four_numbers():
    assert MaskRectangle.parse("1,2,3, 4") == MaskRectangle(1, 2, 3, 4)
