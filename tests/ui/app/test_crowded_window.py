"""On small screens and with large words, every control of the window can be reached, with all panels open."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from crowding import out_of_reach
from dicom_factory import write_series
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QMainWindow, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot
from window_builders import MakeWindow, make_window  # noqa: F401 - a fixture

WALKER = Path(__file__).parents[1] / "crowded_window.py"


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_control_can_be_reached(tmp_path: Path, language: str) -> None:
    write_series(tmp_path / "study", n=4, hu=np.full((64, 64), 40, dtype=np.int16))
    run = subprocess.run(
        [sys.executable, WALKER, language, tmp_path], capture_output=True, text=True, timeout=300, check=False
    )
    assert run.returncode == 0, run.stderr[-2000:]
    found = json.loads(run.stdout)
    assert len(found) == 7
    assert {size: wrong for size, wrong in found.items() if wrong} == {}


def test_what_is_cut_or_covered_is_found(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    area, panel = QScrollArea(), QWidget()
    panel.resize(200, 400)
    one, two = QPushButton("one", panel), QPushButton("two", panel)
    one.setGeometry(0, 300, 100, 30)
    two.setGeometry(0, 335, 100, 30)
    area.setWidget(panel)
    window.setCentralWidget(area)
    window.resize(240, 200)
    window.show()
    # Below the edge, but it scrolls.
    assert out_of_reach(window, QSize(240, 200)) == []
    two.move(0, 320)
    assert len(out_of_reach(window, QSize(240, 200))) == 1
    two.move(150, 330)
    window.resize(140, 200)
    assert len(out_of_reach(window, QSize(140, 200))) == 1
    assert out_of_reach(window, QSize(20, 20))[0].startswith("needs")


def test_panels_stand_beside_the_findings_or_behind_tabs(
    make_window: MakeWindow,  # noqa: F811
    qtbot: QtBot,
    ct_series: list[Path],
) -> None:
    window = make_window.opened(ct_series[0].parent)
    side = window.layout_.side
    window.resize(1700, 950)
    qtbot.wait(50)
    alone = side.width()
    window.actions_["measure.list"].trigger()
    window.actions_["measure.volume"].trigger()
    qtbot.wait(50)
    assert not side.tabbed
    assert (
        window.findings.isVisible()
        and window.tools.part.isVisible()
        and window.tools.regions.part.isVisible()
    )
    window.resize(1024, 600)
    qtbot.waitUntil(lambda: side.tabbed)
    assert window.tools.regions.part.isVisible()
    assert not window.findings.isVisible() and not window.tools.part.isVisible()
    # A panel behind another one is not on screen: its key brings it to the front.
    assert not window.actions_["measure.list"].isChecked()
    window.actions_["measure.list"].trigger()
    assert window.tools.part.isVisible() and not window.tools.regions.part.isVisible()
    assert window.actions_["measure.list"].isChecked()
    side.tabs.setCurrentIndex(0)
    assert window.findings.isVisible() and not side.close_button.isVisible()
    side.tabs.setCurrentIndex(2)
    side.close_button.click()
    assert side.tabs.count() == 2 and not window.tools.regions.part.is_open
    window.tools.part.close_part()
    assert not side.tabbed and window.findings.isVisible()
    window.resize(1700, 950)
    qtbot.waitUntil(lambda: abs(side.width() - alone) <= 1)


def test_findings_and_panels_go_their_own_ways(
    make_window: MakeWindow,  # noqa: F811
    qtbot: QtBot,
    ct_series: list[Path],
) -> None:
    window = make_window.opened(ct_series[0].parent)
    window.resize(1024, 600)
    window.actions_["measure.list"].trigger()
    qtbot.waitUntil(lambda: window.layout_.side.tabbed)
    window.actions_["view.panels"].trigger()
    assert (
        not window.layout_.side.tabbed and window.tools.part.isVisible() and not window.findings.isVisible()
    )
    window.actions_["view.panels"].trigger()
    assert window.layout_.side.tabbed
    window.session.close_study()
    assert not window.layout_.side.isVisible()


def test_the_width_of_the_findings_is_remembered_without_the_panels(
    make_window: MakeWindow,  # noqa: F811
    qtbot: QtBot,
    ct_series: list[Path],
) -> None:
    window = make_window.opened(ct_series[0].parent)
    window.resize(1700, 950)
    qtbot.wait(50)
    width = window.layout_.side.width()
    window.actions_["measure.list"].trigger()
    qtbot.wait(50)
    assert window.layout_.side.width() > width + 200
    window.close()
    again = make_window.opened(ct_series[0].parent)
    again.resize(1700, 950)
    qtbot.wait(50)
    assert abs(again.layout_.side.width() - width) <= 1
