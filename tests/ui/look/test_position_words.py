"""All parts of the window tell the same position of a slice."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import pytest
from image_builders import SUBDURAL, OneSeries, analysed, make_decoded, make_series, settle
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from ichviewer.domain.series import Series
from ichviewer.ui.findings.findings_panel import FindingsPanel
from ichviewer.ui.findings.slice_strip import SliceStrip
from ichviewer.ui.look.words import position_tip, position_words
from ichviewer.ui.panes.image_overlay import Corner
from ichviewer.ui.panes.image_pane import ImagePane

SIN, COS = math.sin(math.radians(18.5)), math.cos(math.radians(18.5))


def tilted(locations: bool) -> Series:
    """Five slices tilted by 18.5 degrees; z is 0, 5, 10 and so on, Slice Location 100 less."""
    series = make_series(column_direction=(0.0, COS, -SIN))
    slices = tuple(
        replace(info, slice_location_mm=5.0 * i - 100 if locations else None)
        for i, info in enumerate(series.slices)
    )
    return replace(series, slices=slices)


@pytest.fixture(params=[True, False], ids=["location", "z"])
def series(request: pytest.FixtureRequest) -> Iterator[Series]:
    yield tilted(request.param)
    QToolTip.hideText()


def wanted(series: Series) -> str:
    return "−85.0 mm" if series.slices[0].slice_location_mm is not None else "15.0 mm"


def test_the_same_number_everywhere(qtbot: QtBot, series: Series) -> None:
    number = wanted(series)
    assert position_words(series, 3) == number
    held = OneSeries(series)
    held.put(3, analysed(SUBDURAL))
    image, strip, panel = ImagePane(held.store), SliceStrip(held.store), FindingsPanel(held.store)
    for widget in (image, strip, panel):
        qtbot.addWidget(widget)
        widget.resize(700, 500)
        widget.show()
    image.show_series(series)
    image.show_slice(3, make_decoded())
    strip.show_series(series)
    strip.set_current(3)
    panel.show_series(series)
    settle()
    assert f"Position {number}" in [line.text for line in image._overlay.lines(Corner.BOTTOM_LEFT)]
    assert f"slice 4 at {number}," in strip.accessibleDescription()
    (row,) = panel._list.flagged.rows
    assert row.words.startswith(f"Slice 4 at {number}:")
    tip = panel._list.flagged.data(panel._list.flagged.index(0), Qt.ItemDataRole.ToolTipRole)
    assert number in tip and "along the normal" in tip


def test_the_tip_tells_the_source_and_the_distance_along_the_normal(series: Series) -> None:
    source = "Slice Location" if series.tells_location else "Image Position"
    first, second = position_tip(series, 3).splitlines()
    assert first.startswith(wanted(series)) and source in first
    # y is -16, z 15.
    assert second == f"{-16 * SIN + 15 * COS:.1f} mm along the normal of the slices"


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_the_tip_shows_over_the_words_only(qtbot: QtBot, series: Series) -> None:
    image = ImagePane()
    qtbot.addWidget(image)
    image.resize(700, 500)
    image.show_series(series)
    image.show_slice(3, make_decoded())
    image.show()
    settle()
    place = image._overlay.place(Corner.BOTTOM_LEFT)
    for where, shown in ((place.center(), True), (QPoint(350, 250), False)):
        QApplication.sendEvent(image, QHelpEvent(QHelpEvent.Type.ToolTip, where, image.mapToGlobal(where)))
        qtbot.waitUntil(lambda shown=shown: QToolTip.isVisible() == shown)
    QApplication.sendEvent(
        image, QHelpEvent(QHelpEvent.Type.ToolTip, place.center(), image.mapToGlobal(place.center()))
    )
    assert "along the normal" in QToolTip.text()
