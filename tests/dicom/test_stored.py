"""Results are told from images by their SOP class, and by their modality where they name none."""

from __future__ import annotations

import pytest
from pydicom import uid

from ichviewer.dicom.stored import stored_kind
from ichviewer.domain.stored_object import ImageReference, StoredKind


@pytest.mark.parametrize(
    ("sop_class", "kind"),
    [
        (uid.Comprehensive3DSRStorage, StoredKind.REPORT),
        (uid.EnhancedSRStorage, StoredKind.REPORT),
        (uid.KeyObjectSelectionDocumentStorage, StoredKind.KEY_OBJECTS),
        (uid.SegmentationStorage, StoredKind.SEGMENTATION),
        ("1.2.840.10008.5.1.4.1.1.66.7", StoredKind.SEGMENTATION),
        (uid.GrayscaleSoftcopyPresentationStateStorage, StoredKind.PRESENTATION),
        (uid.EncapsulatedPDFStorage, StoredKind.DOCUMENT),
        (uid.ParametricMapStorage, StoredKind.PARAMETRIC_MAP),
        (uid.SecondaryCaptureImageStorage, StoredKind.CAPTURE),
        (uid.MultiFrameTrueColorSecondaryCaptureImageStorage, StoredKind.CAPTURE),
        (uid.CTImageStorage, None),
        (uid.EnhancedCTImageStorage, None),
        (uid.RawDataStorage, None),
        (uid.SpatialRegistrationStorage, None),
        (uid.RTStructureSetStorage, None),
        ("1.2.840.10008.5.1.4.1.1.7777", None),
    ],
)
def test_the_kind_by_the_sop_class(sop_class, kind):
    # The modality does not count where a class is named.
    assert stored_kind(sop_class, "CT") is kind


@pytest.mark.parametrize(
    ("modality", "kind"),
    [("sr", StoredKind.REPORT), ("SEG", StoredKind.SEGMENTATION), ("CT", None), ("SC", None)],
)
def test_the_kind_by_the_modality_of_files_without_a_class(modality, kind):
    assert stored_kind("", modality) is kind


def test_a_reference_means_all_frames_unless_it_names_some():
    assert ImageReference("1.2").means("1.2", 7)
    assert ImageReference("1.2", (3, 7)).means("1.2", 7)
    assert not ImageReference("1.2", (3,)).means("1.2", 7)
    assert not ImageReference("1.2").means("1.3", 0)
    with pytest.raises(ValueError, match="Received"):
        ImageReference("")
