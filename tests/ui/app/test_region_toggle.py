"""The switch "Show regions" in the whole window, and outlines as slices, models and files change under them."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from dicom_factory import write_series
from fake_backend import MAPS, InProcessReader, Script, card, scripted_backend
from pydicom import dcmread
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QToolBar, QToolButton
from pytestqt.qtbot import QtBot
from window_builders import MakeWindow, done, make_window  # noqa: F401 - a fixture

from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.labels import Hemorrhage
from ichviewer.domain.problems import ProblemCode
from ichviewer.domain.region_map import RegionMap
from ichviewer.domain.series import SliceInfo
from ichviewer.errors import ModelError
from ichviewer.inference.model_card import ModelCard
from ichviewer.ui.app.main_window import MainWindow
from ichviewer.ui.app.standard_commands import NO_MAPS, OUTLINE_TIP
from ichviewer.ui.session.backend import Backend
from ichviewer.ui.session.ui_settings import UiSettings

REGIONS = RegionMap.of(np.full((2, 2, 5), 0.9), (4.0, 4.0), (6.0, 6.0))
IPH = [Hemorrhage.INTRAPARENCHYMAL]


def with_maps(flagged: tuple[int, ...] = (1, 2, 3), **changes: Any) -> Backend:
    """A model that sees intraparenchymal blood in some slices, and has maps of all five types for every slice."""
    fields: dict[str, Any] = {"load_card": lambda folder: card(Path(folder), MAPS), **changes}
    return scripted_backend(Script(flagged=flagged, regions=REGIONS), **fields)


@pytest.fixture
def window(make_window: MakeWindow, ct_series: list[Path]) -> MainWindow:  # noqa: F811
    return make_window.opened(ct_series[0].parent, backend=with_maps())


def outlined(window: MainWindow) -> list[Hemorrhage]:
    window.image.flush()
    return [outline.kind for outline in window.image.regions.outlines]


def tip(window: MainWindow) -> str:
    return window.actions_["view.regions"].toolTip()


def test_is_on_at_first_and_shows_flagged_types_of_flagged_slices(window: MainWindow) -> None:
    action = window.actions_["view.regions"]
    assert action.isCheckable() and action.isEnabled() and action.isChecked()
    assert tip(window).startswith(OUTLINE_TIP)
    seen = []
    for index in range(5):
        window.viewing.go_to(index)
        seen.append(outlined(window))
    assert seen == [[], IPH, IPH, IPH, []]


def test_key_menu_and_toolbar_switch_it_and_it_is_remembered(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    window: MainWindow,
    ct_series: list[Path],
) -> None:
    bar = window.findChild(QToolBar)
    assert bar is not None
    button = bar.widgetForAction(window.actions_["view.regions"])
    assert isinstance(button, QToolButton)
    assert outlined(window) == IPH
    qtbot.keyClick(window.image, Qt.Key.Key_O)
    assert outlined(window) == [] and not button.isChecked()
    again = make_window.opened(ct_series[0].parent, backend=with_maps())
    assert outlined(again) == [] and not again.actions_["view.regions"].isChecked()
    again.actions_["view.regions"].trigger()
    assert outlined(again) == IPH
    assert make_window.opened(ct_series[0].parent, backend=with_maps()).actions_["view.regions"].isChecked()
    button.click()
    assert outlined(window) == IPH


def test_a_model_without_maps_cannot_show_any_and_forgets_no_choice(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    ct_series: list[Path],
) -> None:
    def load(folder: Path) -> ModelCard:
        if folder == Path("broken"):
            raise ModelError("no model here")
        return card(folder, MAPS if folder == Path("mapping") else None)

    window = make_window.opened(ct_series[0].parent, backend=with_maps(load_card=load))
    action = window.actions_["view.regions"]
    assert not action.isEnabled() and not action.isChecked()
    assert tip(window) == f"{NO_MAPS}  (O)"
    # Maps that a model without settings for them sends cannot be read.
    assert outlined(window) == []
    qtbot.keyClick(window.image, Qt.Key.Key_O)
    assert window.settings.show_regions
    window.open_model(Path("mapping"))
    qtbot.waitUntil(lambda: action.isEnabled() and done(window))
    assert action.isChecked() and tip(window).startswith(OUTLINE_TIP)
    assert outlined(window) == IPH
    window.open_model(Path("broken"))
    assert outlined(window) == []
    qtbot.waitUntil(lambda: window.session.model.failure is not None)
    assert not action.isEnabled() and not tip(window).startswith(NO_MAPS)
    assert outlined(window) == []


class _Gated(InProcessReader):
    """Reads no slice while the gate is shut."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()

    def read_slice(self, info: SliceInfo) -> DecodedSlice:
        self.gate.wait(20)
        return super().read_slice(info)


def test_nothing_is_outlined_while_the_next_picture_is_on_its_way(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    tmp_path: Path,
) -> None:
    write_series(tmp_path, n=60)
    reader = _Gated()
    window = make_window.opened(tmp_path, backend=with_maps((30, 50), open_reader=lambda: reader))
    assert (window.viewing.shown, outlined(window)) == (30, IPH)
    try:
        reader.gate.clear()
        qtbot.waitUntil(lambda: not window.session.pixels.ready(window.session.catalog.series[0].slices[50]))
        window.viewing.go_to(50)
        assert window.image.regions.outlines == ()
        qtbot.wait(20)
        assert (window.viewing.shown, window.viewing.index) == (30, 50)
        assert outlined(window) == []
        window.model_choice.choose_point("high_sensitivity")
        assert outlined(window) == []
    finally:
        reader.gate.set()
    window.model_choice.choose_point("balanced")
    qtbot.waitUntil(lambda: window.viewing.shown == 50)
    assert outlined(window) == IPH
    window.viewing.go_to(30)
    qtbot.waitUntil(lambda: window.viewing.shown == 30)
    assert outlined(window) == IPH


def test_nothing_is_outlined_beside_pixels_that_have_changed(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    tmp_path: Path,
) -> None:
    write_series(tmp_path, n=3)
    window = make_window.opened(tmp_path, backend=with_maps((1,)))
    assert outlined(window) == IPH
    assert window.viewing.key is not None
    work = window.session.findings.work(window.viewing.key)
    assert work is not None
    at = work.series.slices[1].source.path
    ds = dcmread(at)
    ds.PixelData = bytes(len(ds.PixelData))
    ds.save_as(at)
    window.open_model(None)  # everything is analyzed once more, but the picture is not read again
    assert outlined(window) == []
    qtbot.waitUntil(lambda: not done(window))
    qtbot.waitUntil(lambda: done(window))
    reason = work.slices[1].reason
    assert reason is not None and reason.code is ProblemCode.FILE_CHANGED
    assert outlined(window) == []
    window.actions_["analysis.restart"].trigger()
    qtbot.waitUntil(lambda: done(window) and outlined(window) == IPH)


def test_another_operating_point_changes_what_is_outlined(window: MainWindow) -> None:
    assert outlined(window) == IPH
    window.model_choice.choose_point("high_sensitivity")
    # Subarachnoid has 0.12 there, and the threshold is 0.1.
    assert outlined(window) == [*IPH, Hemorrhage.SUBARACHNOID]


def test_muted_findings_have_muted_outlines(window: MainWindow) -> None:
    window.show_doubts(["Contrast medium"])
    assert outlined(window) == IPH
    assert window.image.regions._muted
    window.show_doubts(())
    assert not window.image.regions._muted


def test_nothing_is_outlined_after_closing(window: MainWindow) -> None:
    window.session.close_study()
    assert window.image.regions.outlines == ()


@pytest.mark.parametrize(("stored", "shown"), [("false", False), ("true", True), ("x", True), (0, False)])
def test_what_is_remembered(tmp_path: Path, stored: object, shown: bool) -> None:
    store = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    assert UiSettings(store).show_regions
    store.setValue("show_regions", stored)
    assert UiSettings(store).show_regions is shown
