"""What a report lists of the annotations of a series: values of the pixels drawn on, and why there are none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from dicom_factory import pattern, write_series
from pytestqt.qtbot import QtBot

from ichviewer.dicom.pixel_cache import PixelCache
from ichviewer.domain.annotation.base import Annotation, Kind
from ichviewer.domain.series import Series
from ichviewer.errors import DecodeError
from ichviewer.progress import Cancelled, CancelToken
from ichviewer.services.annotations_db import AnnotationsDb
from ichviewer.services.open_study import open_study
from ichviewer.ui.report.measurements import Measurement
from ichviewer.ui.session.workers import Workers
from ichviewer.ui.tools.annotation_store import AnnotationStore
from ichviewer.ui.tools.measurements import Measurements
from ichviewer.ui.tools.report_annotations import ReportAnnotations
from ichviewer.ui.tools.surface import Surface

Draw = Callable[..., Annotation]


class Desk:
    """A series with its pixels, and what is drawn on it."""

    def __init__(self, workers: Workers, folder: Path, database: Path) -> None:
        self.pixels = PixelCache()
        self.store = AnnotationStore(workers, lambda: AnnotationsDb(database))
        self.measurements = Measurements(workers, lambda: self.pixels)
        self.series: Series = open_study([folder]).series[0]

    def surface(self, index: int) -> Surface:
        return Surface(self.series, index, self.pixels.get(self.series.slices[index]))

    def draw(self, index: int, kind: Kind, *places_px: tuple[float, float], label: str = "") -> Annotation:
        surface = self.surface(index)
        mm = surface.frame.row_mm
        drawn = surface.make(kind, tuple((x * mm, y * mm) for x, y in places_px), label)
        self.store.add(drawn)
        return drawn

    def taken(self) -> ReportAnnotations:
        return ReportAnnotations.of(self.series, self.store, self.measurements)

    def listed(self) -> tuple[Measurement, ...]:
        return self.taken().measured(self.pixels, CancelToken())


@pytest.fixture
def workers(qtbot: QtBot) -> Iterator[Workers]:
    made = Workers()
    yield made
    made.stop()
    assert made.join()


def desk(workers: Workers, tmp_path: Path, **options: object) -> Desk:
    write_series(tmp_path / "study", n=4, **options)  # type: ignore[arg-type]
    return Desk(workers, tmp_path / "study", tmp_path / "annotations.sqlite")


def test_annotations_are_listed_by_slice_with_their_values(workers: Workers, tmp_path: Path) -> None:
    made = desk(workers, tmp_path, PixelSpacing=[2, 2])
    made.draw(2, Kind.LENGTH, (1, 1), (4, 5), label="lens")
    made.draw(1, Kind.ANGLE, (6, 1), (1, 1), (1, 6))
    made.draw(3, Kind.KEY_IMAGE)
    angle, length, key = made.listed()
    # 3 and 4 pixels of 2 mm: 5 pixels, 10 mm.
    assert length == Measurement("Length", 2, ("10.0 mm",), "lens")
    assert angle == Measurement("Angle", 1, ("90.0°",))
    assert key == Measurement("Key image", 3)
    assert made.taken().key_images == {(3, made.surface(3).decoded.pixel_hash)}


def test_without_pixel_spacing_lengths_are_in_pixels_and_say_so(workers: Workers, tmp_path: Path) -> None:
    made = desk(workers, tmp_path, PixelSpacing=None)
    made.draw(0, Kind.LENGTH, (1, 1), (4, 5))
    (length,) = made.listed()
    assert length.values == ("5.0 pixels",)
    assert length.remarks == ("no pixel spacing: measured in pixels, as if they were square",)


def test_an_estimated_spacing_is_marked(workers: Workers, tmp_path: Path) -> None:
    made = desk(workers, tmp_path, PixelSpacing=[2, 2], ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"])
    made.draw(0, Kind.LENGTH, (1, 1), (4, 5))
    (length,) = made.listed()
    assert length.values == ("≈ 10.0 mm (estimated)",)
    assert length.remarks == ("the pixel spacing is an estimate, and so are lengths and areas",)


def test_what_was_drawn_on_other_pixels_has_no_value_even_if_it_was_measured_then(
    workers: Workers, tmp_path: Path
) -> None:
    made = desk(workers, tmp_path)
    length = made.draw(1, Kind.LENGTH, (1, 1), (4, 5))
    made.measurements.on(length, made.surface(1))
    # The same file name and UIDs, other pixels: what a scanner does that sends a corrected series.
    write_series(tmp_path / "study", n=4, hu=pattern(seed=9))
    made.series = open_study([tmp_path / "study"]).series[0]
    made.pixels = PixelCache()
    (listed,) = made.listed()
    assert listed.values == ("Drawn on other pixels: nothing is measured",)


def test_what_lies_on_a_slice_that_cannot_be_read_is_listed_without_a_value(
    workers: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = desk(workers, tmp_path)
    made.draw(1, Kind.LENGTH, (1, 1), (4, 5), label="lens")
    taken = made.taken()

    def refuse(info: object) -> object:
        raise DecodeError("the pixel data could not be decoded", "", "")

    monkeypatch.setattr(made.pixels, "get", refuse)
    (listed,) = taken.measured(made.pixels, CancelToken())
    assert listed == Measurement("Length", 1, ("Not measured: its pixels are not at hand",), "lens")


def test_annotations_of_another_series_are_not_listed(workers: Workers, tmp_path: Path) -> None:
    made = desk(workers, tmp_path)
    own = made.draw(1, Kind.LENGTH, (1, 1), (4, 5))
    place = replace(own.drawn_on.place, sop_uid="1.2.3")  # type: ignore[type-var]
    made.store.add(replace(own, id="another", drawn_on=replace(own.drawn_on, place=place)))
    assert len(made.listed()) == 1


def test_measuring_stops_when_the_report_is_not_wanted_any_more(workers: Workers, tmp_path: Path) -> None:
    made = desk(workers, tmp_path)
    made.draw(1, Kind.LENGTH, (1, 1), (4, 5))
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        made.taken().measured(made.pixels, cancel)
