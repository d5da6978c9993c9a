"""The lines of further models in the findings panel."""

from __future__ import annotations

import pytest
from image_builders import POINT, OneSeries, analysed, make_series, settle
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ichviewer.domain.findings import SeriesFindings
from ichviewer.domain.identity import series_identity
from ichviewer.domain.model_result import ModelResult, NotMeasured
from ichviewer.domain.model_spec import ModelSpec, Output, Scope, Unit
from ichviewer.ui.findings.findings_panel import FindingsPanel
from ichviewer.ui.findings.further_values import FurtherValues, value_line
from ichviewer.ui.look.plain_widgets import PlainLabel

VOLUME = Output("volume", "Hematoma volume", "Vol", Scope.SERIES, Unit.ML, 1)
RISK = Output("risk", "Risk of <b>growth</b>", "Risk", Scope.SERIES, Unit.PROBABILITY, 3)
SHIFT = Output("shift", "Midline shift", "MLS", Scope.SLICE, Unit.MM, 1)
SPEC = ModelSpec("hematoma", "Hematoma <i>2.1</i>", (VOLUME, RISK, SHIFT))
TOO_FEW = NotMeasured("too few slices")


def result(*values, spec: ModelSpec = SPEC) -> ModelResult:
    series = make_series(2)
    return ModelResult(series.key, series_identity(series), spec, values, ("", ""))


@pytest.fixture
def widget(qtbot: QtBot) -> FurtherValues:
    made = FurtherValues()
    qtbot.addWidget(made)
    return made


@pytest.mark.parametrize(
    ("output", "value", "line"),
    [
        (VOLUME, 1234.56, "Hematoma volume: 1,234.6 mL"),
        (VOLUME, 0.0, "Hematoma volume: 0.0 mL"),
        (VOLUME, TOO_FEW, "Hematoma volume: not measured: too few slices"),
        (RISK, 0.999, "Risk of <b>growth</b>: >0.99"),
        (Output("hu", "Density", "HU", Scope.SERIES, Unit.HU, 0), -12.0, "Density: −12 HU"),
        (Output("lesions", "Lesions", "L", Scope.SERIES, Unit.COUNT, 0), 3, "Lesions: 3"),
    ],
)
def test_a_line_is_words_value_and_unit_or_the_reason(output, value, line):
    assert value_line(output, value) == line


def test_every_value_of_the_series_stands_under_its_models_name(widget: FurtherValues) -> None:
    other = ModelSpec("age", "Brain age", (Output("age", "Age", "Age", Scope.SERIES, Unit.YEARS, 0),))
    widget.set_results((result(12.0, 0.5, TOO_FEW), result(71.2, spec=other)))
    assert widget.lines() == [
        *("Hematoma <i>2.1</i>", "Hematoma volume: 12.0 mL", "Risk of <b>growth</b>: 0.50"),
        *("Brain age", "Age: 71 years"),
    ]
    formats = {label.textFormat() for label in widget.findChildren(PlainLabel)}
    assert formats == {Qt.TextFormat.PlainText}


def test_nothing_is_left_of_the_results_before(widget: FurtherValues) -> None:
    widget.set_results((result(12.0, 0.5, TOO_FEW),))
    widget.set_results((result(TOO_FEW, TOO_FEW, TOO_FEW),))
    assert len(widget.lines()) == len(widget.findChildren(PlainLabel)) == 3
    widget.set_results(())
    assert widget.lines() == []
    assert widget.findChildren(PlainLabel) == []
    assert not widget.isVisibleTo(None)


def test_a_model_of_slices_alone_has_no_lines(widget: FurtherValues) -> None:
    widget.set_results((result(TOO_FEW, spec=ModelSpec("shift", "Shift", (SHIFT,))),))
    assert widget.lines() == []


def test_the_panel_shows_them_with_the_series_that_they_are_about(qtbot: QtBot) -> None:
    held = OneSeries(make_series(2), POINT)
    panel = FindingsPanel(held.store)
    qtbot.addWidget(panel)
    panel.resize(320, 700)
    panel.show_series(held.series)
    panel.show()
    settle()
    shown = panel.findChild(FurtherValues)
    assert shown is not None
    assert shown.lines() == []
    work = held.store.work(held.series.key)
    assert work is not None
    slices = (analysed(),) * 2
    further = (result(12.0, 0.5, TOO_FEW),)
    held.store.finish(work, SeriesFindings(held.series.key, slices, series_identity(held.series), further))
    held.store.flush()
    panel.flush()
    assert shown.isVisible()
    assert shown.lines()[1] == "Hematoma volume: 12.0 mL"
    panel.show_series(None)
    panel.flush()
    assert shown.lines() == []
