from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from analysis_factory import HALF, analysis_of, only_series
from dicom_factory import make_enhanced, make_rsna, make_slice, write, write_series

from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.problems import ProblemCode
from ichviewer.errors import ExportError, FileChangedError, ReadError
from ichviewer.results.kinds import KINDS
from ichviewer.results.source import Source

KIND = KINDS[0]


def source_of(*paths, **options) -> Source:
    return Source.of(analysis_of(only_series(*paths), **options))


def test_the_same_analysis_has_the_same_uids_and_anything_else_has_others(tmp_path):
    series = only_series(*write_series(tmp_path / "a", n=3))
    first = Source.of(analysis_of(series, {1: {"subdural": 0.9}}))
    again = Source.of(analysis_of(series, {1: {"subdural": 0.9}}, when=datetime(2027, 1, 1, tzinfo=UTC)))
    assert first.instance_uid(KIND) == again.instance_uid(KIND)
    assert first.series_uid(KIND) == again.series_uid(KIND)
    others = [
        analysis_of(series, point=OperatingPoint("balanced", (0.4, *HALF.thresholds[1:]))),
        analysis_of(series, point=OperatingPoint("high_sensitivity", HALF.thresholds)),
        analysis_of(series, without={2: ProblemCode.CANCELLED}),
        replace(analysis_of(series), engine="keras"),
        replace(analysis_of(series), card=replace(analysis_of(series).card, keras_sha256="0" * 64)),
        analysis_of(only_series(*write_series(tmp_path / "b", n=4))),
        analysis_of(only_series(*write_series(tmp_path / "c", n=3, hu=[[40] * 16] * 16))),
    ]
    uids = {Source.of(analysis).instance_uid(KIND) for analysis in [*others, first.analysis]}
    assert len(uids) == len(others) + 1
    assert first.instance_uid(KINDS[0]) != first.instance_uid(KINDS[1])
    assert first.instance_uid(KIND, "a") != first.instance_uid(KIND, "b")


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("SOPInstanceUID", None),
        ("SOPClassUID", None),
        ("SOPInstanceUID", "1.2.x"),
        ("SeriesInstanceUID", None),
    ],
)
def test_images_that_cannot_be_referenced_are_refused_by_name(tmp_path, keyword, value):
    path = write(tmp_path / "IM0", make_slice(**{keyword: value}))
    with pytest.raises(ExportError) as caught:
        source_of(path)
    assert keyword in caught.value.found
    assert str(path) == caught.value.where


def test_an_rsna_file_without_class_is_refused(tmp_path):
    with pytest.raises(ExportError, match="UID"):
        source_of(write(tmp_path / "a", make_rsna()))


def test_a_file_that_was_replaced_is_refused(tmp_path):
    path = write(tmp_path / "IM0", make_slice())
    analysis = analysis_of(only_series(path))
    write(path, make_slice(patient_id="P2"))
    with pytest.raises(FileChangedError):
        Source.of(analysis)
    path.unlink()
    with pytest.raises(ReadError):
        Source.of(analysis)


def test_times_are_told_in_the_zone_of_the_images(tmp_path):
    when = datetime(2026, 1, 2, 23, 30, 0, 5, tzinfo=UTC)
    paths = write_series(tmp_path / "a", n=1, TimezoneOffsetFromUTC="+0130")
    assert source_of(*paths, when=when).when.strftime("%Y%m%d %H%M%S") == "20260103 010000"
    own = when.astimezone(timezone(timedelta(hours=-2)))
    paths = write_series(tmp_path / "b", n=1)
    assert source_of(*paths, when=own).when.strftime("%Y%m%d %H%M%S") == "20260102 213000"
    paths = write_series(tmp_path / "c", n=1, TimezoneOffsetFromUTC="soon")
    assert source_of(*paths, when=when).when.hour == 23


def test_frames_are_numbered_from_one_and_single_images_have_none(tmp_path):
    source = source_of(write(tmp_path / "e", make_enhanced(3)))
    assert [source.frame_number(i) for i in range(3)] == [1, 2, 3]
    (image,) = source.evidence()
    assert image.NumberOfFrames == 3
    source = source_of(*write_series(tmp_path / "s", n=2))
    assert [source.frame_number(i) for i in range(2)] == [None, None]
    assert [image.SOPInstanceUID for image in source.evidence([1])] == [source.series.slices[1].sop_uid]
