"""Regions, maps and drawings as DICOM objects: valid, the same again, on the right slices, read back equal."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from analysis_factory import analysis_of, finding, only_series, with_regions
from dicom_factory import make_enhanced, make_slice, uid_of, write
from pydicom import dcmread

from ichviewer.bundle import demo_dir
from ichviewer.dicom.catalog import read_catalog
from ichviewer.domain.annotation.base import Annotation
from ichviewer.domain.annotation.kinds import (
    Angle,
    Arrow,
    Bidirectional,
    Ellipse,
    Freehand,
    KeyImage,
    Length,
    MidlineShift,
    Probe,
    TextNote,
)
from ichviewer.domain.annotation.place import Coordinates, DrawnOn, OnSlice
from ichviewer.domain.identity import series_identity
from ichviewer.domain.labels import Hemorrhage
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import Series, SliceSource
from ichviewer.domain.stored_object import StoredKind
from ichviewer.domain.window import Window
from ichviewer.errors import ExportError
from ichviewer.results.analysis import SeriesAnalysis
from ichviewer.results.extras import Extras
from ichviewer.results.finish import file_bytes
from ichviewer.results.kinds import kinds_named
from ichviewer.results.painted import PaintedSegment
from ichviewer.results.reading.graphics import Shape, SizeMode
from ichviewer.results.reading.key_objects import read_key_objects
from ichviewer.results.reading.parametric_map import read_parametric_map
from ichviewer.results.reading.presentation import read_presentation_state
from ichviewer.results.reading.report_tree import read_report
from ichviewer.results.reading.segmentation import SegmentationKind, read_segmentation
from ichviewer.results.segmentation import MOST_SLICES
from ichviewer.results.write_results import ResultObject, make_results
from ichviewer.services.stored_results import stored_results

FRAME = uid_of("frame of reference")
NAMES = ("seg", "pr", "pm")
TILT = np.radians(20)


def analysis_with_regions(series: Series) -> SeriesAnalysis:
    """Slice 1 subdural and epidural, slice 3 subdural; 0 has a region and no flag, 2 was not analyzed."""
    flagged = {1: {"subdural": 0.9, "epidural": 0.7}, 3: {"subdural": 0.8}}
    return with_regions(analysis_of(series, flagged, {2: ProblemCode.NO_BRAIN_IN_SLICE}), 0, 1, 3)


def classic(folder: Path) -> Series:
    """Tilted by 20 degrees, unevenly spaced."""
    lean = (1, 0, 0, 0, float(np.cos(TILT)), float(np.sin(TILT)))
    for number, z in enumerate((0.0, 5.0, 10.0, 18.0, 23.0)):
        ds = make_slice(
            position_mm=(-4, -4, z), instance_number=number + 1, orientation=lean, FrameOfReferenceUID=FRAME
        )
        write(folder / "ct" / f"{number}.dcm", ds)
    return only_series(folder / "ct")


def multi_frame(folder: Path) -> Series:
    write(folder / "ct" / "a.dcm", make_enhanced(5, FrameOfReferenceUID=FRAME))
    return only_series(folder / "ct")


def demo(folder: Path) -> Series:
    """The series of slices of a bundled study."""
    return only_series(demo_dir() / "bleed" / "series-2")


SERIES = {"tilted": classic, "multi-frame": multi_frame, "demo": demo}


@pytest.fixture(params=[*SERIES, pytest.param("ge", marks=pytest.mark.realdata)])
def series(request: pytest.FixtureRequest, tmp_path: Path) -> Series:
    if request.param == "ge":
        return only_series(request.getfixturevalue("shared_data") / "ge-head-ct")
    return SERIES[request.param](tmp_path)


def objects(analysis: SeriesAnalysis, *names: str, extras: Extras | None = None) -> tuple[ResultObject, ...]:
    return make_results(analysis, kinds_named(names), extras=extras)


def saved(folder: Path, found: Sequence[ResultObject]) -> list[SliceSource]:
    paths = []
    for item in found:
        path = folder / item.file_name
        path.write_bytes(file_bytes(item.dataset))
        paths.append(SliceSource(path))
    return paths


def on_slice(series: Series, index: int, kind: str = "") -> DrawnOn:
    info = series.slices[index]
    made = finding(series, index)
    place = OnSlice(info.sop_uid, info.source.frame, Coordinates.SLICE_PX)
    return DrawnOn(place, series.key, made.pixel_hash)


def drawings(series: Series, index: int) -> tuple[Annotation, ...]:
    """One of each shape on a slice; points as row and column of pixels' middles."""
    at = datetime(2026, 1, 1, tzinfo=UTC)

    def make(kind: type[Annotation], *points: tuple[float, float], label: str = "") -> Annotation:
        return kind(f"{kind.__name__}", on_slice(series, index), points, at, at, label=label)

    return (
        make(Length, (2, 3), (2, 13), label="clot"),
        make(Angle, (1, 1), (5, 5), (1, 9)),
        make(Ellipse, (8, 8), (8, 12), (6, 8)),
        make(Freehand, (1, 1), (1, 5), (4, 5)),
        make(Probe, (3, 4)),
        make(Arrow, (4, 4), (8, 8)),
        make(TextNote, (10, 11), label="H\u00e4matom?"),
        make(KeyImage, label="shift"),
    )


def painted(series: Series, index: int) -> PaintedSegment:
    masks = {}
    for at in (index, index + 1):
        info = series.slices[at]
        mask = np.zeros((info.rows, info.columns), bool)
        mask[2 + at : 6 + at, 3:9] = True
        masks[at] = mask
    return PaintedSegment("left clot", Hemorrhage.SUBDURAL, series_identity(series), masks)


def all_extras(series: Series) -> Extras:
    return Extras(
        observer="Doe^Jane",
        painted=(painted(series, 1),),
        annotations=drawings(series, 3),
        windows=(Window(50, 130, name="Own"), Window(600, 2800, name="Bone")),
    )


def check(path: Path) -> list[str]:
    """What dciodvfy calls an error."""
    if shutil.which("dciodvfy") is None:
        pytest.skip("dciodvfy (Debian dicom3tools) is not installed")
    done = subprocess.run(["dciodvfy", str(path)], capture_output=True, check=False, text=True)
    return [line for line in (done.stdout + done.stderr).splitlines() if line.startswith("Error")]


def test_dciodvfy_finds_no_error_in_any_object(series, tmp_path):
    found = objects(analysis_with_regions(series), *NAMES, extras=all_extras(series))
    assert {item.kind for item in found} == set(NAMES)
    assert {source.path.name: check(source.path) for source in saved(tmp_path, found)} == {
        item.file_name: [] for item in found
    }


def test_dcmtk_reads_every_object(series, tmp_path):
    if shutil.which("dcmdump") is None:
        pytest.skip("dcmdump (Debian dcmtk) is not installed")
    for source in saved(tmp_path, objects(analysis_with_regions(series), *NAMES, extras=all_extras(series))):
        done = subprocess.run(["dcmdump", "+L", str(source.path)], capture_output=True, check=False)
        errors = [line for line in done.stderr.splitlines() if line.startswith(b"E:")]
        assert (done.returncode, errors) == (0, [])


def test_regions_read_back_to_the_probabilities_of_flagged_types_on_their_slices(series, tmp_path):
    analysis = analysis_with_regions(series)
    (source,) = saved(tmp_path, objects(analysis, "seg"))
    read = read_segmentation(source)
    assert read.kind is SegmentationKind.PROBABILITY
    assert [(s.number, s.label, s.type.text) for s in read.segments if s.type is not None] == [
        (1, "epidural hemorrhage", "Epidural intracranial hemorrhage"),
        (2, "subdural hemorrhage", "Subdural intracranial hemorrhage"),
    ]
    on = read.on(series)
    assert on.problems == ()
    expected = {1: (Hemorrhage.EPIDURAL, Hemorrhage.SUBDURAL), 3: (Hemorrhage.SUBDURAL,)}
    assert on.slices == (1, 3)
    for index in range(len(series)):
        masks = on.masks(index)
        assert [m.segment.label.split()[0] for m in masks] == [t.value for t in expected.get(index, ())]
        for mask, kind in zip(masks, expected.get(index, ()), strict=True):
            regions = analysis.findings.slices[index].regions
            assert regions is not None
            wanted = regions.on_slice(kind, mask.values.shape)
            # In steps of 1 / 255.
            np.testing.assert_allclose(mask.values, wanted, atol=0.5 / 255 + 1e-6)


def test_a_map_reads_back_to_the_highest_probability_and_holds_flagged_slices_only(series, tmp_path):
    analysis = analysis_with_regions(series)
    (source,) = saved(tmp_path, objects(analysis, "pm"))
    read = read_parametric_map(source)
    assert read.description == "Research use: regions that influenced the score"
    on = read.on(series)
    assert tuple(on.placement.by_slice) == (1, 3)
    flagged = {1: (Hemorrhage.EPIDURAL, Hemorrhage.SUBDURAL), 3: (Hemorrhage.SUBDURAL,)}
    for index, kinds in flagged.items():
        ((mapping, numbers),) = on.numbers(index)
        regions = analysis.findings.slices[index].regions
        assert regions is not None
        wanted = np.max([regions.on_slice(kind, numbers.shape) for kind in kinds], axis=0)
        np.testing.assert_allclose(numbers, wanted.astype(np.float32), rtol=0, atol=0)
        assert mapping.quantity is not None and mapping.quantity.same_as("122157", "DCM")
        assert mapping.unit is not None and mapping.unit.same_as("1", "UCUM")


def test_what_a_reader_painted_reads_back_to_the_same_voxels(series, tmp_path):
    region = painted(series, 1)
    found = objects(analysis_with_regions(series), "seg", extras=Extras(painted=(region,)))
    read = read_segmentation(saved(tmp_path, found)[1])
    assert read.kind is SegmentationKind.BINARY
    (segment,) = read.segments
    assert (segment.label, segment.algorithm) == ("left clot", "manual")
    on = read.on(series)
    for index in range(len(series)):
        masks = [mask.values for mask in on.masks(index)]
        assert len(masks) == (index in region.masks)
        for mask in masks:
            np.testing.assert_array_equal(mask, region.masks[index])


def test_windows_and_drawings_read_back_on_their_slice_only(series, tmp_path):
    extras = all_extras(series)
    states = [
        read_presentation_state(s)
        for s in saved(tmp_path, objects(analysis_with_regions(series), "pr", extras=extras))
    ]
    assert [state.label for state in states] == ["OWN", "BONE"]
    presentations = states[0].on(series)
    assert set(presentations) == set(range(len(series)))
    assert all(p.vois == (Window(50, 130, name="Own"),) for p in presentations.values())
    assert [index for index, p in presentations.items() if p.graphics or p.words] == [3]
    graphics = [graphic for graphic, _ in presentations[3].graphics]
    assert [(g.shape, g.points) for g in graphics[:5]] == [
        (Shape.POLYLINE, ((2, 3), (2, 13))),
        (Shape.POLYLINE, ((1, 1), (5, 5), (1, 9))),
        (Shape.ELLIPSE, ((8, 4), (8, 12), (10, 8), (6, 8))),
        (Shape.POLYLINE, ((1, 1), (1, 5), (4, 5), (1, 1))),
        (Shape.POINT, ((3, 4),)),
    ]
    # The arrow from its tail to its tip, then its head.
    assert graphics[5].points == ((8, 8), (4, 4))
    assert graphics[6].points[1] == (4, 4)
    words = [text for text, _ in presentations[3].words]
    spacing = series.slices[3].spacing
    assert spacing is not None
    assert words[0].text == f"clot\n{10 * spacing.column_mm:.1f} mm"
    assert words[0].anchor == (2, 3)
    # Arms (-4, -4) and (-4, 4): a right angle on square pixels.
    assert words[1].text == "90.0 deg"
    assert [text.text for text in words[-2:]] == ["H\u00e4matom?", "Key image\nshift"]


def test_the_same_analysis_makes_the_same_bytes_and_other_drawings_another_uid(tmp_path):
    series = classic(tmp_path)
    analysis, extras = analysis_with_regions(series), all_extras(series)
    once, again = (
        [file_bytes(item.dataset) for item in objects(analysis, *NAMES, extras=extras)] for _ in range(2)
    )
    assert once == again
    fewer = replace(extras, annotations=extras.annotations[:-1])
    uids = [{item.sop_uid for item in objects(analysis, "pr", extras=e)} for e in (extras, fewer)]
    assert not uids[0] & uids[1]


def test_every_object_has_a_uid_of_its_own(tmp_path):
    series = classic(tmp_path)
    extras = replace(all_extras(series), painted=(painted(series, 1), painted(series, 2)))
    found = objects(analysis_with_regions(series), *NAMES, extras=extras)
    assert len({item.sop_uid for item in found}) == len({item.file_name for item in found}) == len(found) == 6


def test_highdicom_reads_what_is_written(tmp_path):
    import highdicom as hd

    series = classic(tmp_path)
    (source,) = saved(tmp_path, objects(analysis_with_regions(series), "seg"))
    read = hd.seg.segread(source.path)
    assert read.number_of_segments == 2
    pixels = read.get_pixels_by_source_instance(
        [series.slices[i].sop_uid for i in (1, 3)], assert_missing_frames_are_empty=True
    )
    ours = read_segmentation(source).on(series)
    np.testing.assert_allclose(pixels[0, ..., 1], ours.masks(1)[1].values, atol=1e-6)
    assert not pixels[1, ..., 0].any()


def test_a_model_without_regions_or_slices_without_a_place_make_no_object(tmp_path):
    series = classic(tmp_path)
    analysis = analysis_with_regions(series)
    bare = replace(
        analysis,
        findings=replace(
            analysis.findings, slices=tuple(replace(f, regions=None) for f in analysis.findings.slices)
        ),
    )
    assert objects(bare, "seg", "pm") == ()
    for number in range(5):
        write(tmp_path / "lost" / f"{number}.dcm", make_slice(z_mm=5.0 * number, instance_number=number + 1))
    lost = only_series(tmp_path / "lost")
    assert objects(analysis_with_regions(lost), "seg", "pm") == ()
    with pytest.raises(ExportError, match="do not say where in the patient they lie"):
        objects(analysis_with_regions(lost), "seg", extras=Extras(painted=(painted(lost, 1),)))


def test_what_was_painted_on_another_series_is_refused(tmp_path):
    series = classic(tmp_path)
    other = replace(painted(series, 1), series="another")
    with pytest.raises(ExportError, match="another series"):
        objects(analysis_with_regions(series), "seg", extras=Extras(painted=(other,)))


def test_drawings_on_other_pixels_are_left_out_and_counted(tmp_path):
    series = classic(tmp_path)
    one = drawings(series, 3)[0]
    other_pixels = replace(one, drawn_on=replace(one.drawn_on, pixel_hash="0" * 32))
    outside = replace(one, points=((2.0, 3.0), (2.0, 99.0)))
    (item,) = objects(
        analysis_with_regions(series),
        "pr",
        extras=Extras(annotations=(one, other_pixels, outside), windows=(Window(40, 80, name="Brain"),)),
    )
    assert item.dataset.ContentDescription == "Research use: Brain, 1 drawn by a reader, 2 not shown"
    assert len(item.dataset.GraphicAnnotationSequence) == 1


def test_private_elements_and_other_patients_are_nowhere(tmp_path):
    series = classic(tmp_path)
    for source in saved(tmp_path, objects(analysis_with_regions(series), *NAMES, extras=all_extras(series))):
        ds = dcmread(source.path)
        assert str(ds.PatientName) == "Doe^John"
        assert ds.SeriesDescription.startswith("Research use")
        assert not [element for element in ds.iterall() if element.tag.is_private]


def test_many_flagged_slices_go_into_several_objects_that_hold_each_slice_once(tmp_path):
    paths = [
        write(
            tmp_path / "ct" / f"{n}.dcm",
            make_slice(z_mm=2.0 * n, instance_number=n + 1, FrameOfReferenceUID=FRAME),
        )
        for n in range(MOST_SLICES + 5)
    ]
    series = only_series(*paths)
    every = range(len(series))
    analysis = with_regions(analysis_of(series, {i: {"subdural": 0.9} for i in every}), *every)
    found = objects(analysis, "seg")
    assert [int(item.dataset.InstanceNumber) for item in found] == [1, 2]
    slices = [read_segmentation(source).on(series).slices for source in saved(tmp_path, found)]
    assert sorted(slices[0] + slices[1]) == list(every)
    assert not set(slices[0]) & set(slices[1])


def test_slices_at_one_place_go_into_objects_of_their_own(tmp_path):
    paths = [
        write(
            tmp_path / "ct" / f"{n}.dcm",
            make_slice(z_mm=z, instance_number=n + 1, FrameOfReferenceUID=FRAME),
        )
        for n, z in enumerate((0.0, 5.0, 5.0, 10.0))
    ]
    series = only_series(*paths)
    analysis = with_regions(analysis_of(series, {1: {"subdural": 0.9}, 2: {"subdural": 0.9}}), 1, 2)
    slices = [read_segmentation(s).on(series).slices for s in saved(tmp_path, objects(analysis, "seg"))]
    assert slices == [(1,), (2,)]


def test_images_of_other_transformations_have_states_of_their_own_and_repaired_ones_none(tmp_path):
    intercepts = (-1024.0, -1024.0, -1000.0, -1024.0)
    paths = [
        write(tmp_path / "ct" / f"{n}.dcm", make_slice(z_mm=5.0 * n, instance_number=n + 1, intercept=b))
        for n, b in enumerate(intercepts)
    ]
    series = only_series(*paths)
    analysis = analysis_of(series)
    repaired = replace(
        analysis.findings.slices[3], problems=(Problem(ProblemCode.REPAIRED_12_BIT, "slice", "4096"),)
    )
    analysis = replace(
        analysis, findings=replace(analysis.findings, slices=(*analysis.findings.slices[:3], repaired))
    )
    found = objects(analysis, "pr", extras=Extras(windows=(Window(40, 80, name="Brain"),)))
    states = [read_presentation_state(source) for source in saved(tmp_path, found)]
    assert [list(state.on(series)) for state in states] == [[0, 1], [2]]
    assert [float(item.dataset.RescaleIntercept) for item in found] == [-1024, -1000]


def test_the_displayed_area_is_the_whole_of_every_image_with_its_pixel_size(series, tmp_path):
    for source in saved(tmp_path, objects(analysis_with_regions(series), "pr", extras=all_extras(series))):
        for index, shown in read_presentation_state(source).on(series).items():
            info = series.slices[index]
            area = shown.display.area
            assert area is not None
            assert (area.first, area.last, area.mode) == ((1, 1), (info.columns, info.rows), SizeMode.FIT)
            assert info.spacing is not None
            assert area.spacing_mm == pytest.approx((info.spacing.row_mm, info.spacing.column_mm))


def test_regions_of_two_multi_frame_files_land_on_their_own_frames(tmp_path):
    for name, first in (("a", 0.0), ("b", 100.0)):
        ds = make_enhanced(3, FrameOfReferenceUID=FRAME)
        ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = uid_of("file", name)
        for frame, group in enumerate(ds.PerFrameFunctionalGroupsSequence):
            group.PlanePositionSequence[0].ImagePositionPatient = [-4.0, -4.0, first + 5.0 * frame]
        write(tmp_path / "ct" / name, ds)
    series = only_series(tmp_path / "ct")
    assert len(series) == 6
    analysis = with_regions(analysis_of(series, {1: {"subdural": 0.9}, 5: {"epidural": 0.9}}), 1, 5)
    (item,) = objects(analysis, "seg")
    listed = item.dataset.ReferencedSeriesSequence[0].ReferencedInstanceSequence
    assert {i.ReferencedSOPInstanceUID for i in listed} == {uid_of("file", "a"), uid_of("file", "b")}
    on = read_segmentation(saved(tmp_path, [item])[0]).on(series)
    assert {i: [m.segment.label for m in on.masks(i)] for i in on.slices} == {
        1: ["subdural hemorrhage"],
        5: ["epidural hemorrhage"],
    }


def test_all_that_is_written_is_listed_beside_its_images_and_read(series, tmp_path):
    analysis = analysis_with_regions(series)
    names = (*NAMES, "sr", "ko", "sc")
    sources = saved(tmp_path, objects(analysis, *names, extras=all_extras(series)))
    images = sorted({info.source.path for info in series.slices})
    catalog = read_catalog([*images, *(source.path for source in sources)])
    (results,) = stored_results(catalog)
    assert {stored.source for stored in results.objects} == set(sources)
    assert all(
        stored.label.startswith(("Research use", "Imaging", "Of Interest")) for stored in results.objects
    )
    (same,) = (s for s in catalog.series if s.key == series.key)
    assert {o.kind for o in results.about(same)} == set(StoredKind) - {
        StoredKind.DOCUMENT,
        StoredKind.CAPTURE,
    }
    (ko,) = results.of_kind(StoredKind.KEY_OBJECTS)
    assert read_key_objects(ko.source).slices_of(same) == analysis.findings.flagged_slices(analysis.point)
    (sr,) = results.of_kind(StoredKind.REPORT)
    report = read_report(sr.source)
    assert (report.verification, report.template) == ("UNVERIFIED", "1500")
    lines = [text for _, text in report.lines()]
    assert "Finding: Subdural intracranial hemorrhage" in lines
    assert "Probability: 0.9" in lines


def test_shifts_axes_and_skew_ellipses_are_drawn_as_their_points_mean(tmp_path):
    series = classic(tmp_path)
    at = datetime(2026, 1, 1, tzinfo=UTC)
    place = on_slice(series, 3)
    drawn = (
        MidlineShift("a", place, ((0.0, 8.0), (14.0, 8.0), (7.0, 11.0)), at, at),
        Bidirectional("b", place, ((2.0, 2.0), (2.0, 10.0), (1.0, 5.0), (4.0, 5.0)), at, at),
        Ellipse("c", place, ((8.0, 8.0), (8.0, 12.0), (5.0, 9.0)), at, at),
    )
    (source,) = saved(
        tmp_path,
        objects(
            analysis_with_regions(series),
            "pr",
            extras=Extras(annotations=drawn, windows=(Window(40, 80, name="Brain"),)),
        ),
    )
    presentation = read_presentation_state(source).on(series)[3]
    points = [np.array(graphic.points) for graphic, _ in presentation.graphics]
    # The falx, then from its nearest point to the septum; 3 pixels of 0.5 mm.
    np.testing.assert_allclose(points[0], [[0, 8], [14, 8]])
    np.testing.assert_allclose(points[1], [[7, 8], [7, 11]])
    np.testing.assert_allclose(points[2], [[2, 2], [2, 10]])
    np.testing.assert_allclose(points[3], [[1, 5], [4, 5]])
    # Center + u cos t + v sin t, u and v from the center to the two points: closed, through both and their opposites.
    for wanted in ([8, 12], [5, 9], [8, 4], [11, 7]):
        assert np.abs(points[4] - wanted).max(axis=1).min() < 1e-5
    np.testing.assert_allclose(points[4][0], points[4][-1], atol=1e-5)
    # In x the slice runs along the patient's left: columns grow to the left.
    assert [text.text for text, _ in presentation.words][:2] == [
        "shift 1.5 mm to the patient's left",
        "long 4.0 mm, short 1.5 mm",
    ]
