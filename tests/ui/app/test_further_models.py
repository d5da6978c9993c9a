"""A second model, added from outside, in a real window with the real analysis, and in what the window exports."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest
from dicom_factory import make_slice, write
from fake_backend import scripted_backend
from plugins.intracranial_volume import IntracranialVolume
from pytestqt.qtbot import QtBot
from synthetic_head import SPACING_MM, head_hu
from window_builders import MakeWindow, make_window  # noqa: F401 - a fixture

from ichviewer.inference.model_card import load_model_card
from ichviewer.services.analysis_process import AnalysisProcess
from ichviewer.services.series_models import registered
from ichviewer.ui.app.exporting import Exporter
from ichviewer.ui.findings.further_values import FurtherValues

TINY = Path(__file__).parents[2] / "inference" / "tiny_model"

# Brain of the synthetic head: half axes of 65 and 80 mm; four slices of 5 mm.
VOLUME_ML = math.pi * 65 * 80 * 4 * 5 / 1000


def test_its_value_is_in_the_panel_and_in_the_export(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    for i in range(4):
        spacing = (SPACING_MM, SPACING_MM)
        ds = make_slice(hu=head_hu(30 + i), z_mm=5.0 * i, instance_number=i, pixel_spacing_mm=spacing)
        write(tmp_path / "head" / str(i), ds)
    backend = scripted_backend(
        load_card=lambda _: load_model_card(TINY),
        open_analyser=lambda card, _, *, cancel: AnalysisProcess(card, "litert", cancel=cancel),
    )
    with registered(IntracranialVolume()):
        window = make_window(backend)
        window.open_paths([tmp_path / "head"])
        shown = window.findChild(FurtherValues)
        assert shown is not None
        qtbot.waitUntil(lambda: len(shown.lines()) == 2, timeout=60_000)  # two processes start
    name, line = shown.lines()
    assert name == "Intracranial volume 1.0"
    words, number, unit = line.rsplit(" ", 2)
    assert (words, unit) == ("Intracranial volume estimate:", "mL")
    assert float(number) == pytest.approx(VOLUME_ML, rel=0.01)
    assert shown.isVisible()

    exporter = Exporter(window.session)
    with qtbot.waitSignal(exporter.done):
        exporter.export(tmp_path / "f.csv")
    with (tmp_path / "f.csv").open(encoding="utf-8", newline="") as file:
        assert {row["intracranial.volume_ml"] for row in csv.DictReader(file)} == {number}

    window.session.close_study()
    qtbot.waitUntil(lambda: shown.lines() == [])
