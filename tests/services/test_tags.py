"""Tags read in another process are those read here."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from dicom_factory import write_series

from ichviewer.dicom.tag_rows import read_tag_rows
from ichviewer.domain.series import Series, SliceInfo
from ichviewer.domain.tags import TagList, series_paired
from ichviewer.errors import FileChangedError, ReadError
from ichviewer.progress import Cancelled, CancelToken
from ichviewer.services.open_study import open_study
from ichviewer.services.tags import TagReader, read_series_tags
from ichviewer.services.worker_serve import Asker, Staff


@pytest.fixture(scope="module")
def reader() -> Iterator[TagReader]:
    with TagReader() as made:
        yield made


@pytest.fixture
def series(ct_series: list[Path]) -> Series:
    return open_study([ct_series[0].parent]).series[0]


def test_the_same_tags_as_here(reader: TagReader, series: Series) -> None:
    info = series.slices[2]
    assert reader.read(info) == read_tag_rows(info.source, info)


def test_errors_come_back_as_they_are(reader: TagReader, series: Series) -> None:
    first, second, third = series.slices[:3]
    second.source.path.write_bytes(first.source.path.read_bytes())
    with pytest.raises(FileChangedError):
        reader.read(second)
    third.source.path.unlink()
    with pytest.raises(ReadError, match="could not be opened"):
        reader.read(third)
    assert reader.read(first).rows


def test_a_series_says_what_varies_within_it(reader: TagReader, series: Series) -> None:
    steps: list[int] = []
    tags = reader.read_series(series.slices, progress=lambda done, total, what: steps.append(done))
    assert tags.slices == 5
    assert steps[-1] == 5
    varying = {s.row.keyword for s in tags.spreads if s.varies}
    assert varying == {
        "ImagePositionPatient",
        "InstanceNumber",
        "MediaStorageSOPInstanceUID",
        "SOPInstanceUID",
    }


def test_two_series_say_in_what_they_differ(reader: TagReader, series: Series, tmp_path: Path) -> None:
    write_series(tmp_path / "b", n=5, series="other", description="Bone 1.0", ConvolutionKernel="H70")
    other = open_study([tmp_path / "b"]).series[0]
    pairs = series_paired(reader.read_series(series.slices), reader.read_series(other.slices))
    differing = {p.first.row.keyword if p.first else p.second.row.keyword for p in pairs if p.differs_between}  # type: ignore[union-attr]
    assert {"SeriesInstanceUID", "SeriesDescription", "ConvolutionKernel", "SOPInstanceUID"} <= differing
    assert not differing & {"PatientName", "InstanceNumber", "Rows"}


def test_a_slice_that_cannot_be_read_is_noted_and_the_others_count(reader: TagReader, series: Series) -> None:
    series.slices[1].source.path.unlink()
    tags = reader.read_series(series.slices)
    assert tags.slices == 4
    assert tags.notes[0].startswith("Slice 2 is not among them: the file could not be opened")


def test_where_no_slice_can_be_read_that_is_an_error(reader: TagReader, series: Series) -> None:
    for info in series.slices:
        info.source.path.unlink()
    with pytest.raises(ReadError, match="none of the slices"):
        reader.read_series(series.slices)


def test_gathering_stops_when_asked(series: Series) -> None:
    token, read = CancelToken(), []

    def once(info: SliceInfo) -> TagList:
        read.append(info)
        token.cancel()
        return read_tag_rows(info.source, info)

    with pytest.raises(Cancelled):
        read_series_tags(series.slices, once, cancel=token)
    assert len(read) == 1


def dies() -> Staff:
    def die(info: object, asker: Asker) -> None:
        os._exit(3)

    return Staff({"slice": die, "series": die})


def hangs() -> Staff:
    def hang(info: object, asker: Asker) -> None:
        time.sleep(60)

    return Staff({"slice": hang, "series": hang})


@pytest.mark.parametrize("staff", [dies, hangs])
def test_a_file_that_kills_or_hangs_the_reader_is_an_error_of_that_file(series: Series, staff) -> None:
    with TagReader(staff, timeout_s=1.0) as reader:
        for ask in (lambda: reader.read(series.slices[0]), lambda: reader.read_series(series.slices)):
            with pytest.raises(ReadError, match="the tags could not be read") as raised:
                ask()
            assert raised.value.where == str(series.slices[0].source)


def test_closed_means_cancelled(series: Series) -> None:
    reader = TagReader()
    reader.close()
    reader.close()
    with pytest.raises(Cancelled):
        reader.read(series.slices[0])
