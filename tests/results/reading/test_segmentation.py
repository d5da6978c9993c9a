"""Segmentations of ours and of others land on the right slices with equal values, or are refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from dicom_factory import compressed, make_enhanced, make_slice, to_bytes, uid_of, write
from pydicom.dataset import FileDataset
from pydicom.uid import JPEG2000Lossless, RLELossless
from stored_factory import (
    code,
    frame_group,
    item,
    make_segmentation,
    masks_of,
    nested_bytes,
    reference,
    segment,
    shared_group,
)

from ichviewer.dicom.catalog import read_catalog
from ichviewer.dicom.decode import read_slice
from ichviewer.domain.series import Series, SliceSource
from ichviewer.errors import DecodeError, IchViewerError, ReadError
from ichviewer.results.reading.segmentation import Segmentation, SegmentationKind, read_segmentation

FRAME = uid_of("frame of reference")
Z_MM = (0.0, 5.0, 10.0, 18.0, 23.0)


class Study:
    """A CT series on disk, unevenly spaced, and what lies beside it."""

    def __init__(self, folder: Path, images: list[FileDataset]) -> None:
        self.folder = folder
        self.images = images
        for number, image in enumerate(images):
            write(folder / "ct" / f"{number}.dcm", image)

    @property
    def series(self) -> Series:
        (series,) = read_catalog([self.folder / "ct"]).series
        return series

    def saved(self, ds: FileDataset, **options: int) -> SliceSource:
        return SliceSource(write(self.folder / "seg.dcm", ds, **options))

    def read(self, ds: FileDataset) -> Segmentation:
        return read_segmentation(self.saved(ds))

    def position(self, index: int) -> list[float]:
        return list(self.images[index].ImagePositionPatient)


def make_study(folder: Path, **options: object) -> Study:
    options = {"FrameOfReferenceUID": FRAME, **options}
    return Study(
        folder,
        [make_slice(z_mm=z, instance_number=n + 1, **options) for n, z in enumerate(Z_MM)],  # type: ignore[arg-type]
    )


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return make_study(tmp_path)


def lit(segmentation: Segmentation, series: Series) -> set[tuple[int, int, int, int]]:
    """(slice, segment, row, column) of all pixels that belong to a segment."""
    on = segmentation.on(series)
    return {
        (index, mask.segment.number, int(r), int(c))
        for index in range(len(series))
        for mask in on.masks(index)
        for r, c in np.argwhere(mask.values)
    }


def test_frames_that_refer_to_images_lie_on_those_images_whatever_their_order(study):
    order = [3, 0, 4]
    groups = [
        frame_group(1, position_mm=study.position(i), sources=[reference(study.images[i])]) for i in order
    ]
    ds = make_segmentation(study.images[0], masks_of((0, 2, 3), (1, 4, 5), (2, 15, 0), n=3), groups)
    assert lit(study.read(ds), study.series) == {(3, 1, 2, 3), (0, 1, 4, 5), (4, 1, 15, 0)}


def test_frames_without_references_lie_where_their_position_is(study):
    # As TotalSegmentator and dcmqi may write them.
    groups = [frame_group(1, position_mm=study.position(i)) for i in (4, 1)]
    ds = make_segmentation(study.images[0], masks_of((0, 1, 2), (1, 3, 4), n=2), groups)
    assert lit(study.read(ds), study.series) == {(4, 1, 1, 2), (1, 1, 3, 4)}


def test_frames_with_references_and_no_position_lie_on_those_images(study):
    groups = [frame_group(1, sources=[reference(study.images[2])])]
    ds = make_segmentation(
        study.images[0], masks_of((0, 7, 8), n=1), groups, shared=shared_group(orientation=None)
    )
    assert lit(study.read(ds), study.series) == {(2, 1, 7, 8)}


def test_positions_in_another_frame_of_reference_are_not_used(study):
    groups = [frame_group(1, position_mm=study.position(1))]
    ds = make_segmentation(study.images[0], masks_of((0, 7, 8), n=1), groups)
    ds.FrameOfReferenceUID = uid_of("elsewhere")
    with pytest.raises(ReadError, match="1 x another frame of reference"):
        study.read(ds).on(study.series)


def test_a_frame_whose_reference_and_position_contradict_each_other_is_shown_nowhere(study):
    groups = [
        frame_group(1, position_mm=study.position(0), sources=[reference(study.images[3])]),
        frame_group(1, position_mm=study.position(1), sources=[reference(study.images[1])]),
    ]
    ds = make_segmentation(study.images[0], masks_of((0, 2, 3), (1, 4, 5), n=2), groups)
    segmentation = study.read(ds)
    assert lit(segmentation, study.series) == {(1, 1, 4, 5)}
    (problem,) = segmentation.on(study.series).problems
    assert problem.found == "1 x it refers to a slice that lies elsewhere"


def test_a_frame_derived_from_several_images_lies_where_its_position_is(study):
    sources = [reference(image) for image in study.images]
    groups = [frame_group(1, position_mm=study.position(3), sources=sources)]
    ds = make_segmentation(study.images[0], masks_of((0, 2, 3), n=1), groups)
    assert lit(study.read(ds), study.series) == {(3, 1, 2, 3)}


def test_segments_carry_their_name_code_side_and_color(study):
    # Red of sRGB is L 54.29, a 80.81, b 69.89 under D50; encoded are L / 100, (a + 128) / 255 and (b + 128) / 255
    # of 65535.
    lab = [35579, 53664, 50858]
    ds = make_segmentation(
        study.images[0],
        masks_of((0, 2, 3), n=1),
        [frame_group(7, sources=[reference(study.images[0])])],
        segments=[
            segment(
                7,
                "Left SDH",
                RecommendedDisplayCIELabValue=lab,
                SegmentedPropertyTypeCodeSequence=[
                    item(
                        CodeValue="35486000",
                        CodingSchemeDesignator="SCT",
                        CodeMeaning="Subdural hemorrhage",
                        SegmentedPropertyTypeModifierCodeSequence=code("7771000", "SCT", "Left"),
                    )
                ],
            )
        ],
    )
    (found,) = study.read(ds).segments
    assert (found.number, found.name, found.algorithm) == (7, "Left SDH", "automatic test")
    assert found.category is not None and found.category.text == "Morphologically Abnormal Structure"
    assert found.type is not None and found.type.same_as("35486000", "SCT")
    assert [m.text for m in found.modifiers] == ["Left"]
    assert found.color_rgb is not None
    assert np.abs(np.subtract(found.color_rgb, (255, 0, 0))).max() <= 1


def test_a_long_code_of_a_modifier_is_read_as_one_of_a_type_is(study):
    long = item(LongCodeValue="7771000-of-more-than-16", CodingSchemeDesignator="99X", CodeMeaning="Left")
    kind = item(
        LongCodeValue="35486000-of-more-than-16",
        CodingSchemeDesignator="99X",
        CodeMeaning="Subdural hemorrhage",
        SegmentedPropertyTypeModifierCodeSequence=[long],
    )
    ds = make_segmentation(
        study.images[0],
        masks_of((0, 2, 3), n=1),
        [frame_group(1, sources=[reference(study.images[0])])],
        segments=[segment(1, "SDH", SegmentedPropertyTypeCodeSequence=[kind])],
    )
    (found,) = study.read(ds).segments
    assert found.type is not None and found.type.same_as("35486000-of-more-than-16", "99X")
    (modifier,) = found.modifiers
    assert modifier.same_as("7771000-of-more-than-16", "99X")


def test_fractions_are_shares_of_the_largest_value(study):
    masks = np.zeros((1, 16, 16), np.uint8)
    masks[0, 3, 4], masks[0, 5, 6] = 255, 51
    ds = make_segmentation(
        study.images[0], masks, [frame_group(1, sources=[reference(study.images[2])])], kind="FRACTIONAL"
    )
    segmentation = study.read(ds)
    (mask,) = segmentation.on(study.series).masks(2)
    assert segmentation.kind is SegmentationKind.PROBABILITY
    assert mask.values.dtype == np.float32
    assert (mask.values[3, 4], mask.values[5, 6]) == (1, np.float32(0.2))
    assert np.count_nonzero(mask.values) == 2


def test_values_of_a_label_map_are_segments_and_its_background_is_none(study):
    masks = np.zeros((1, 16, 16), np.uint16)
    masks[0, 3, 4], masks[0, 5, 6] = 1, 300
    ds = make_segmentation(
        study.images[0],
        masks,
        [frame_group(sources=[reference(study.images[2])])],
        kind="LABELMAP",
        segments=[segment(0, "background"), segment(1, "a"), segment(300, "b")],
    )
    segmentation = study.read(ds)
    assert lit(segmentation, study.series) == {(2, 1, 3, 4), (2, 300, 5, 6)}
    assert [s.label for s in segmentation.segments] == ["a", "b"]


def test_a_label_map_of_noise_is_refused_before_it_takes_all_memory(tmp_path):
    size = 700
    study = Study(tmp_path, [make_slice(rows=size, columns=size, FrameOfReferenceUID=FRAME)])
    noise = np.arange(size * size, dtype=np.uint16).reshape(1, size, size)
    ds = make_segmentation(
        study.images[0], noise, [frame_group(sources=[reference(study.images[0])])], kind="LABELMAP"
    )
    # 2 ** 28 bytes are 547 masks of 700 x 700.
    with pytest.raises(ReadError, match=r"too much memory\. Found: 548 segments"):
        study.read(ds).on(study.series).masks(0)


def test_frames_of_a_multi_frame_image_are_told_apart_by_their_number(tmp_path):
    study = Study(tmp_path, [make_enhanced(4, FrameOfReferenceUID=FRAME)])
    groups = [frame_group(1, sources=[reference(study.images[0], number)]) for number in (4, 2)]
    ds = make_segmentation(
        study.images[0], masks_of((0, 1, 1), (1, 2, 2), n=2), groups, shared=shared_group(orientation=None)
    )
    assert lit(study.read(ds), study.series) == {(3, 1, 1, 1), (1, 1, 2, 2)}


def test_a_tilted_series_is_met_by_position(tmp_path):
    # 20 degrees of gantry tilt: rows along x, columns lean in y and z; the table moves along z.
    tilt = np.radians(20)
    lean = (1, 0, 0, 0, np.cos(tilt), np.sin(tilt))
    images = [
        make_slice(
            position_mm=(-4, -4, 5.0 * n),
            instance_number=n + 1,
            orientation=lean,
            FrameOfReferenceUID=FRAME,
        )
        for n in range(5)
    ]
    study = Study(tmp_path, images)
    groups = [frame_group(1, position_mm=study.position(i)) for i in (2, 0)]
    ds = make_segmentation(
        study.images[0],
        masks_of((0, 1, 1), (1, 2, 2), n=2),
        groups,
        shared=shared_group(orientation=lean),
    )
    assert lit(study.read(ds), study.series) == {(2, 1, 1, 1), (0, 1, 2, 2)}


def test_frames_on_another_grid_are_laid_on_the_pixels_by_position(study):
    # Twice as fine, mirrored along the rows, and starting elsewhere: column c of the frame lies at x = 3.5 - c / 4.
    shared = shared_group(spacing_mm=(0.25, 0.25), orientation=(-1, 0, 0, 0, 1, 0))
    mask = np.zeros((1, 32, 32), np.uint8)
    # Row 8, column 12 of the frame: x = 3.5 - 3 = 0.5, y = -4 + 2 = -2. Of the slice: column 9, row 4.
    mask[0, 8, 12] = 1
    groups = [frame_group(1, position_mm=(3.5, -4.0, 10.0))]
    ds = make_segmentation(study.images[0], mask, groups, shared=shared)
    assert lit(study.read(ds), study.series) == {(2, 1, 4, 9)}


def test_of_frames_thinner_than_slices_the_nearest_is_shown(study):
    # Frames every 2.5 mm; slices at 5 and 10 mm.
    groups = [frame_group(1, position_mm=(-4, -4, z)) for z in (5.0, 7.5, 10.0)]
    ds = make_segmentation(
        study.images[0],
        masks_of((0, 1, 1), (1, 2, 2), (2, 3, 3), n=3),
        groups,
        shared=shared_group(thickness_mm=2.5),
    )
    assert lit(study.read(ds), study.series) == {(1, 1, 1, 1), (2, 1, 3, 3)}


def test_frames_across_the_slices_are_refused_by_name(study):
    shared = shared_group(orientation=(1, 0, 0, 0, 0, -1))
    groups = [frame_group(1, position_mm=(-4, 0, 20))]
    ds = make_segmentation(study.images[0], masks_of((0, 1, 1), n=1), groups, shared=shared)
    with pytest.raises(ReadError, match="it lies across the slices"):
        study.read(ds).on(study.series)


@pytest.mark.parametrize(
    "change",
    [{"PatientID": "P2"}, {"PatientName": "Roe^Jane"}, {"PatientBirthDate": "19500216"}, {"PatientID": ""}],
)
def test_a_segmentation_of_another_patient_is_refused(study, change):
    ds = make_segmentation(
        study.images[0],
        masks_of((0, 1, 1), n=1),
        [frame_group(1, sources=[reference(study.images[0])])],
        **change,
    )
    with pytest.raises(ReadError, match="of another patient"):
        study.read(ds).on(study.series)


def test_a_name_written_in_another_way_is_the_same_patient(study):
    ds = make_segmentation(
        study.images[0],
        masks_of((0, 1, 1), n=1),
        [frame_group(1, sources=[reference(study.images[0])])],
        PatientName="DOE^JOHN^^^",
    )
    assert lit(study.read(ds), study.series) == {(0, 1, 1, 1)}


def test_a_segmentation_that_refers_to_other_images_only_is_refused(study):
    other = make_slice(series="other", z_mm=5)
    groups = [frame_group(1, sources=[reference(other)])]
    ds = make_segmentation(
        study.images[0], masks_of((0, 1, 1), n=1), groups, shared=shared_group(orientation=None)
    )
    with pytest.raises(ReadError, match="no slice at its place"):
        study.read(ds).on(study.series)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.66.5"}, "a surface segmentation"),
        ({"SegmentationType": "ROUGH"}, "ROUGH"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.2"}, "CT Image Storage"),
        ({"NumberOfFrames": 2_000_000_000}, None),
        ({"Rows": 65535, "Columns": 65535}, None),
        ({"SegmentationType": "FRACTIONAL"}, "which value stands for 1"),
    ],
)
def test_what_cannot_be_shown_is_refused_by_name(study, change, words):
    ds = make_segmentation(
        study.images[0],
        masks_of((0, 1, 1), n=1),
        [frame_group(1, sources=[reference(study.images[0])])],
        **change,
    )
    with pytest.raises(IchViewerError, match=words):
        on = study.read(ds).on(study.series)
        if "NumberOfFrames" in change:
            assert len(on.segmentation.frames) == 1  # what the file can hold
            raise ReadError("shown as far as the file goes")
        on.masks(0)


@pytest.mark.parametrize("kept", [100, 400, 900, 1500, -40])
def test_a_file_that_is_cut_gives_an_error_and_no_mask(study, kept):
    masks = np.ones((5, 16, 16), np.uint8)
    groups = [frame_group(1, sources=[reference(image)]) for image in study.images]
    source = study.saved(make_segmentation(study.images[0], masks, groups), keep_bytes=kept)
    with pytest.raises(IchViewerError):
        read_segmentation(source).on(study.series).masks(4)


def test_a_file_that_was_replaced_is_refused(study):
    ds = make_segmentation(
        study.images[0], masks_of((0, 1, 1), n=1), [frame_group(1, sources=[reference(study.images[0])])]
    )
    on = study.read(ds).on(study.series)
    ds.PixelData += b"\0" * 64
    study.saved(ds)
    with pytest.raises(ReadError, match="not the one that was opened"):
        on.masks(0)


def test_frames_without_a_segment_number_are_left_out_and_counted(study):
    groups = [
        frame_group(None, sources=[reference(study.images[0])]),
        frame_group(2, sources=[reference(study.images[1])]),
    ]
    ds = make_segmentation(
        study.images[0],
        masks_of((0, 1, 1), (1, 2, 2), n=2),
        groups,
        segments=[segment(1, "a"), segment(2, "b")],
    )
    segmentation = study.read(ds)
    assert lit(segmentation, study.series) == {(1, 2, 2, 2)}
    assert [p.found for p in segmentation.problems] == ["1 frames without a segment number"]


@pytest.mark.parametrize("sized", [True, False])
def test_sequences_nested_without_end_are_no_trouble(study, sized):
    ds = make_segmentation(study.images[0], masks_of(n=1), [frame_group(1)])
    del ds.SegmentSequence, ds.PerFrameFunctionalGroupsSequence, ds.PixelData
    nested = nested_bytes(b"\x62\x00\x02\x00", 3_000, sized=sized)
    pixels = b"\xe0\x7f\x10\x00OB\0\0\x20\0\0\0" + b"\0" * 32
    path = study.folder / "seg.dcm"
    path.write_bytes(to_bytes(ds) + nested + pixels)
    with pytest.raises(IchViewerError, match=r"deep|recursion|no frame"):
        read_segmentation(SliceSource(path)).on(study.series)


def test_compressed_frames_are_read_only_where_a_decoder_is_at_hand(study):
    masks = np.zeros((1, 16, 16), np.uint8)
    masks[0, 3, 4] = 200
    for syntax in (RLELossless, JPEG2000Lossless):
        ds = make_segmentation(
            study.images[0], masks, [frame_group(1, sources=[reference(study.images[2])])], kind="FRACTIONAL"
        )
        ds.MaximumFractionalValue = 200
        source = study.saved(compressed(ds, syntax))
        if syntax == JPEG2000Lossless:
            with pytest.raises(DecodeError, match="JPEG 2000"):
                read_segmentation(source).on(study.series).masks(2)
        (mask,) = read_segmentation(source, read_slice).on(study.series).masks(2)
        assert np.argwhere(mask.values == 1).tolist() == [[3, 4]]


@pytest.mark.parametrize("kind", ["BINARY", "FRACTIONAL", "LABELMAP"])
def test_what_highdicom_writes_reads_back_to_equal_values(study, kind):
    import highdicom as hd

    generator = np.random.default_rng(3)
    wanted = (generator.random((5, 16, 16, 2)) < 0.3).astype(bool)
    if kind == "LABELMAP":
        wanted[..., 1] &= ~wanted[..., 0]
    pixels = wanted.astype(np.float32 if kind == "FRACTIONAL" else np.uint8)
    if kind == "FRACTIONAL":
        pixels *= np.float32(0.6)
    descriptions = [
        hd.seg.SegmentDescription(
            number,
            f"s{number}",
            hd.sr.CodedConcept("49755003", "SCT", "Morphologically Abnormal Structure"),
            hd.sr.CodedConcept("50960005", "SCT", "Hemorrhage"),
            "MANUAL",
        )
        for number in (1, 2)
    ]
    images = [_with_type_2(image) for image in study.images]
    ds = hd.seg.Segmentation(
        images,
        pixels,
        kind,
        descriptions,
        series_instance_uid=uid_of("hd", kind),
        series_number=5,
        sop_instance_uid=uid_of("hd instance", kind),
        instance_number=1,
        manufacturer="m",
        manufacturer_model_name="m",
        software_versions="1",
        device_serial_number="1",
    )
    ds.PatientName, ds.PatientBirthDate = "Doe^John", "19500215"
    path = study.folder / "hd.dcm"
    ds.save_as(path)
    on = read_segmentation(SliceSource(path)).on(study.series)
    for index in range(5):
        found = {mask.segment.number: mask.values for mask in on.masks(index)}
        for number in (1, 2):
            expected = wanted[index, ..., number - 1] * (np.float32(153 / 255) if kind == "FRACTIONAL" else 1)
            np.testing.assert_array_equal(found.get(number, np.zeros((16, 16))), expected)


def _with_type_2(image: FileDataset) -> FileDataset:
    for keyword in ("AccessionNumber", "ReferringPhysicianName", "StudyID"):
        setattr(image, keyword, None)
    return image
