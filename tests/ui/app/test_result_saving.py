"""Saving the results of the series in view as DICOM: what is asked, refused, written, and stopped with the study."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from dicom_factory import uid_of, write_series
from fake_backend import Script, scripted_backend
from image_builders import settle
from pytestqt.qtbot import QtBot
from window_builders import MakeWindow, make_window  # noqa: F401 - a fixture

from ichviewer.domain.annotation.base import Kind, new_id
from ichviewer.domain.findings import SeriesState
from ichviewer.domain.painted_region import PaintedRegion, RegionStep, SliceMask
from ichviewer.ui.app.main_window import MainWindow
from ichviewer.ui.app.result_making import NOT_ENDED
from ichviewer.ui.dialogs.results_options import ResultsOptions, ResultsOptionsDialog
from ichviewer.ui.look.language import set_lookup, tr
from ichviewer.ui.report.content import ReportContent
from ichviewer.ui.report.pdf import pdf_bytes
from ichviewer.ui.tools.surface import Surface


@pytest.fixture
def window(make_window: MakeWindow, ct_series: list[Path]) -> MainWindow:  # noqa: F811
    return make_window.opened(ct_series[0].parent)


def save(qtbot: QtBot, window: MainWindow, folder: Path, *kinds: str, observer: str = "") -> dict[str, Any]:
    """Write kinds into a folder; what was written, by kind."""
    series = window.viewing.series
    assert series is not None
    window.saving.write(series, ResultsOptions(kinds, folder, observer))
    qtbot.waitUntil(lambda: not window.saving.running, timeout=20_000)
    settle()
    return {path.name.partition("_")[0]: pydicom.dcmread(path) for path in sorted(folder.glob("*.dcm"))}


def dialog(qtbot: QtBot, window: MainWindow) -> ResultsOptionsDialog:
    def found() -> list[ResultsOptionsDialog]:
        return [d for d in window.findChildren(ResultsOptionsDialog) if d.isVisible()]

    qtbot.waitUntil(lambda: bool(found()))
    return found()[0]


def test_the_dialog_offers_every_kind_and_proposes_report_key_objects_and_page(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.actions_["file.save_results"].trigger()
    asked = dialog(qtbot, window)
    assert list(asked.boxes) == ["sc", "sr", "ko", "pr", "seg", "pm", "csv", "pdf"]
    assert {name for name, box in asked.boxes.items() if box.isChecked()} == {"sc", "sr", "ko"}
    assert asked.folder is not None
    assert asked.folder.name.startswith("dicom-results-")
    assert asked.options().observer == ""
    window.session.close_study()
    settle()
    assert not [d for d in window.findChildren(ResultsOptionsDialog) if d.isVisible()]


def test_what_was_chosen_is_written_and_read_back(
    qtbot: QtBot,
    window: MainWindow,
    make_window: MakeWindow,  # noqa: F811
    tmp_path: Path,
    ct_series: list[Path],
) -> None:
    window.actions_["file.save_results"].trigger()
    asked = dialog(qtbot, window)
    asked.set_folder(tmp_path / "results")
    asked.accept()
    qtbot.waitUntil(lambda: "written" in window.notice.text, timeout=20_000)
    files = sorted((tmp_path / "results").iterdir())
    assert [path.name.partition("_")[0] for path in files] == ["ko", "sc", "sr"]
    again = make_window.opened(ct_series[0].parent, tmp_path / "results")
    qtbot.waitUntil(lambda: len(again.results.list.entries) == 2)
    selection = next(one for one in again.results.list.entries if one.stored.kind.value == "KO")
    again.results.toggle(selection)
    qtbot.waitUntil(lambda: again.results.shown.shows(selection.stored))
    # The scripted model flags the third slice only.
    assert again.results.shown.marked(selection.anchor) == (2,) or again.strip.marked == (2,)


def test_the_objects_are_dated_when_the_analysis_ended_and_written_twice_are_the_same(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    key = window.viewing.key
    assert key is not None
    work = window.session.findings.work(key)
    assert work is not None
    work.ended_at = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    first = save(qtbot, window, tmp_path / "r", "sr")
    before = [path.read_bytes() for path in sorted((tmp_path / "r").iterdir())]
    save(qtbot, window, tmp_path / "r", "sr")
    assert [path.read_bytes() for path in sorted((tmp_path / "r").iterdir())] == before
    assert first["sr"].ContentDate in ("20260102", "20260101", "20260103")


def test_a_report_names_the_earlier_one_that_was_opened_with_the_images(
    qtbot: QtBot,
    window: MainWindow,
    make_window: MakeWindow,  # noqa: F811
    tmp_path: Path,
    ct_series: list[Path],
) -> None:
    first = save(qtbot, window, tmp_path / "first", "sr")["sr"]
    again = make_window.opened(ct_series[0].parent, tmp_path / "first")
    qtbot.waitUntil(lambda: len(again.results.list.entries) == 1)
    report = save(qtbot, again, tmp_path / "second", "sr", observer="Doe^Jane")["sr"]
    (study,) = report.PredecessorDocumentsSequence
    (series,) = study.ReferencedSeriesSequence
    (item,) = series.ReferencedSOPSequence
    assert item.ReferencedSOPInstanceUID == first.SOPInstanceUID


def test_slices_that_wait_are_refused_in_words(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    ct_series: list[Path],
    tmp_path: Path,
) -> None:
    gate = threading.Event()
    window = make_window(scripted_backend(Script(gate=gate)))
    window.open_paths([ct_series[0].parent])
    qtbot.waitUntil(lambda: window.viewing.series is not None and window.session.model.model is not None)
    window.actions_["file.save_results"].trigger()
    assert NOT_ENDED in window.notice.text
    assert not [d for d in window.findChildren(ResultsOptionsDialog) if d.isVisible()]
    assert save(qtbot, window, tmp_path / "r", "sr") == {}
    gate.set()
    qtbot.waitUntil(lambda: window.session.analysis.complete)
    assert set(save(qtbot, window, tmp_path / "r", "sr")) == {"sr"}


def test_findings_that_are_being_made_again_are_refused(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    ct_series: list[Path],
    tmp_path: Path,
) -> None:
    gate = threading.Event()
    gate.set()
    window = make_window.opened(ct_series[0].parent, backend=scripted_backend(Script(gate=gate)))
    gate.clear()
    window.session.analyze_again()
    # All slices have their findings of before, and yet more are to come.
    assert save(qtbot, window, tmp_path / "r", "sr") == {}
    assert NOT_ENDED in window.notice.text
    gate.set()
    make_window.wait(window)


def test_a_cancelled_analysis_is_written_as_partial(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    ct_series: list[Path],
    tmp_path: Path,
) -> None:
    gate = threading.Event()
    window = make_window(scripted_backend(Script(gate=gate)))
    window.open_paths([ct_series[0].parent])
    qtbot.waitUntil(lambda: window.session.analysis.running)
    window.session.analysis.cancel()
    key = window.viewing.key
    assert key is not None

    def state() -> SeriesState | None:
        work = window.session.findings.work(key)
        return None if work is None else work.state

    qtbot.waitUntil(lambda: state() is SeriesState.CANCELLED)
    gate.set()
    made = save(qtbot, window, tmp_path / "r", "sr", "ko")
    assert made["sr"].CompletionFlag == "PARTIAL"
    assert "ko" not in made
    assert "Nothing to write as KO" in window.notice.text


def test_the_reader_is_named_only_if_asked_for(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    save(qtbot, window, tmp_path / "without", "sr")
    save(qtbot, window, tmp_path / "with", "sr", observer="Doe^Jane")
    texts = {
        name: next((tmp_path / name).glob("sr_*.dcm")).read_bytes().count(b"Doe^Jane")
        for name in ("without", "with")
    }
    assert texts["without"] == 0
    assert texts["with"] > 0


def test_the_dialog_takes_no_name_that_dicom_cannot_hold(qtbot: QtBot, window: MainWindow) -> None:
    window.actions_["file.save_results"].trigger()
    asked = dialog(qtbot, window)
    asked.named.setChecked(True)
    for bad in ("", "  ", "a=b", "a\\b", "^^", "a^b^c^d^e^f"):
        asked.name.setText(bad)
        assert asked.complaint
        assert not asked.buttons.button(asked.buttons.StandardButton.Ok).isEnabled()
    asked.name.setText("Doe^Jane")
    assert asked.complaint == ""
    for box in asked.boxes.values():
        box.setChecked(False)
    assert asked.complaint == "Choose at least one kind."
    asked.reject()


def test_what_the_reader_drew_and_painted_goes_along(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    tmp_path: Path,
) -> None:
    write_series(tmp_path / "ct", positions_mm=[0, 5, 10], FrameOfReferenceUID=uid_of("frame"))
    window = make_window.opened(tmp_path / "ct")
    series, shown = window.viewing.series, window.image.shown
    assert series is not None
    assert shown is not None
    surface = Surface(series, shown.index, shown.decoded)
    window.tools.store.add(surface.make(Kind.LENGTH, ((2.0, 2.0), (2.0, 8.0))))
    mask = np.zeros(shown.decoded.image.shape, np.bool_)
    mask[3:5, 4:7] = True
    now = datetime.now(UTC)
    place = (shown.info.sop_uid, shown.info.source.frame)
    region = PaintedRegion(
        new_id(), series.key, (SliceMask.of(place, shown.decoded.pixel_hash, mask),), now, now, "Left \\ one"
    )
    window.tools.regions.store.do(RegionStep(None, region, "paint"))
    made = save(qtbot, window, tmp_path / "r", "seg", "pr")
    assert made["seg"].SegmentationType == "BINARY"
    assert made["seg"].SegmentSequence[0].SegmentLabel == "Left one"
    assert int(made["seg"].pixel_array.sum()) == 6
    assert "GraphicAnnotationSequence" in made["pr"]


def test_a_region_of_other_pixels_is_left_out_and_said(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    series, shown = window.viewing.series, window.image.shown
    assert series is not None
    assert shown is not None
    mask = np.ones(shown.decoded.image.shape, np.bool_)
    now = datetime.now(UTC)
    place = (shown.info.sop_uid, shown.info.source.frame)
    region = PaintedRegion(new_id(), series.key, (SliceMask.of(place, "0" * 32, mask),), now, now, "Old")
    window.tools.regions.store.do(RegionStep(None, region, "paint"))
    assert save(qtbot, window, tmp_path / "r", "seg") == {}
    assert "Old is left out on 1 slice" in window.notice.text


def test_the_report_goes_along_as_pdf(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    made = save(qtbot, window, tmp_path / "r", "pdf")
    assert made["pdf"].EncapsulatedDocument.startswith(b"%PDF-")


def test_the_report_in_a_dicom_object_is_english_whatever_the_window_speaks(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    def painted(content: ReportContent) -> bytes:
        told.append(content.text() + tr("Page"))
        return pdf_bytes(content)

    monkeypatch.setattr("ichviewer.ui.app.result_making.pdf_bytes", painted)
    before = set_lookup(lambda words, _apart, _number: f"⟦{words}⟧")
    try:
        made = save(qtbot, window, tmp_path / "r", "sr", "ko", "pdf")
    finally:
        set_lookup(before)
    assert told
    assert "Research and education only. Not a medical device." in told[0]
    assert "⟦" not in told[0] + "".join(str(dataset) for dataset in made.values())
    assert window.notice.text.startswith("⟦")


def test_nothing_is_written_over_what_was_opened(
    qtbot: QtBot, window: MainWindow, ct_series: list[Path]
) -> None:
    before = {path: path.read_bytes() for path in ct_series}
    series = window.viewing.series
    assert series is not None
    window.saving.write(series, ResultsOptions(("sr",), ct_series[0]))
    qtbot.waitUntil(lambda: not window.saving.running, timeout=20_000)
    settle()
    assert "No results were written" in window.notice.text
    assert {path: path.read_bytes() for path in ct_series} == before


@pytest.mark.parametrize("stop", ["close", "cancel"])
def test_stopped_while_it_writes_nothing_is_left(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: str
) -> None:
    inside, gate = threading.Event(), threading.Event()

    def slow(*args: Any, cancel: Any, **rest: Any) -> Any:
        inside.set()
        assert gate.wait(5)
        cancel.check()
        raise AssertionError("it went on")

    monkeypatch.setattr("ichviewer.results.write_results.write_results", slow)
    series = window.viewing.series
    assert series is not None
    window.saving.write(series, ResultsOptions(("sr",), tmp_path / "r"))
    assert inside.wait(10)
    if stop == "close":
        window.session.close_study()
    else:
        window.notice._button.click()
    gate.set()
    qtbot.wait(100)
    assert not window.saving.running
    assert not (tmp_path / "r").exists()
    assert ("cancelled" in window.notice.text) is (stop == "cancel")
