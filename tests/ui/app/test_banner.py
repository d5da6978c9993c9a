"""The strip above the image: seen when there is something to say, and only then."""

from __future__ import annotations

from pathlib import Path

import pytest
from dicom_factory import write_series
from golden import pixels
from image_builders import SUBDURAL, OneSeries, analysed, make_series, settle
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot
from window_builders import MakeWindow, make_window  # noqa: F401 - a fixture

from ichviewer.ui.app.banner import Banner
from ichviewer.ui.findings.findings_panel import FindingsPanel
from ichviewer.ui.look.contrast import READABLE, VISIBLE, contrast, ink_on
from ichviewer.ui.look.theme import DARK, LIGHT, THEMES, Theme, apply_theme

LINES = ["contrast medium (bright vessels)", "slices of 10 mm"]


def test_hidden_while_there_is_nothing_to_say(qtbot: QtBot) -> None:
    banner = Banner()
    qtbot.addWidget(banner)
    assert banner.isHidden()
    banner.set_lines(LINES)
    assert banner.isVisible() and banner.lines == tuple(LINES)
    assert banner.accessibleDescription() == "contrast medium (bright vessels). slices of 10 mm"
    banner.set_lines(["", "  "])
    assert banner.isHidden() and banner.lines == () and banner.accessibleDescription() == ""


def test_it_is_plain_text(qtbot: QtBot) -> None:
    banner = Banner()
    qtbot.addWidget(banner)
    banner.set_lines(["<h1>x</h1>\nsecond"])
    assert banner.lines == ("<h1>x</h1> second",)
    assert all(
        label.textFormat().name == "PlainText" for label in banner.findChildren(QLabel) if label.text()
    )


@pytest.mark.parametrize("width", [300, 1200])
def test_long_lines_wrap(qtbot: QtBot, width: int) -> None:
    banner = Banner()
    qtbot.addWidget(banner)
    banner.set_lines(["word " * 60])
    banner.resize(width, banner.heightForWidth(width))
    settle()
    text = next(label for label in banner.findChildren(QLabel) if label.text())
    assert text.height() >= text.heightForWidth(text.width())
    assert banner.rect().contains(text.geometry())


@pytest.mark.parametrize("colors", THEMES.values(), ids=lambda t: t.name)
def test_readable_in_both_themes(qtbot: QtBot, qapp: QApplication, colors: Theme) -> None:
    apply_theme(qapp, colors)
    banner = Banner()
    qtbot.addWidget(banner)
    banner.set_lines(LINES)
    banner.resize(500, 60)
    settle()
    ground = pixels(banner.grab().toImage())[30, 400]
    assert contrast(colors.text, "#{:02x}{:02x}{:02x}".format(*ground)) >= READABLE


def test_in_the_window_it_stands_above_the_image_and_mutes(
    make_window: MakeWindow,  # noqa: F811
    ct_series: list[Path],
) -> None:
    window = make_window.opened(ct_series[0].parent)
    assert window.banner.isHidden()
    window.show_doubts(LINES)
    settle()
    assert window.banner.isVisible()
    assert (
        window.banner.mapTo(window, window.banner.rect().bottomLeft()).y()
        <= window.image.mapTo(window, window.image.rect().topLeft()).y()
    )
    assert "outside what the model knows" in window.image.accessibleDescription().lower()
    assert window.strip.accessibleDescription().count("outside what the model knows") == 1
    window.show_doubts(())
    settle()
    assert window.banner.isHidden()
    assert "outside" not in window.image.accessibleDescription()
    window.show_doubts(LINES)
    window.session.close_study()
    assert window.banner.isHidden() and window.banner.lines == ()


def test_what_is_said_of_one_series_never_stands_above_another(
    make_window: MakeWindow,  # noqa: F811
    tmp_path: Path,
) -> None:
    write_series(tmp_path / "a", n=5, SeriesInstanceUID="1.2.3", SeriesNumber=1)
    write_series(tmp_path / "b", n=4, SeriesInstanceUID="1.2.4", SeriesNumber=2)
    window = make_window.opened(tmp_path)
    window.show_doubts(LINES)
    window.actions_["go.next_series"].trigger()
    settle()
    assert window.banner.isHidden()
    assert "outside" not in window.image.accessibleDescription()
    assert "outside" not in window.strip.accessibleDescription()
    assert "outside" not in window.findings._bars.words


@pytest.mark.parametrize("colors", [DARK, LIGHT], ids=lambda t: t.name)
def test_muted_colors_stay_apart_and_readable(colors: Theme) -> None:
    muted = colors.muted_values()
    assert muted.text == colors.text
    for p, threshold in ((0.5, 0.4), (1.0, 0.4), (0.41, 0.4)):
        loud, quiet = colors.probability_color(p, threshold), muted.probability_color(p, threshold)
        assert saturation(quiet) < 0.35 * saturation(loud)
        assert contrast(quiet, colors.panel) >= VISIBLE
    # A flag still shows against what is below its threshold.
    below, over = muted.probability_color(0.39, 0.4), muted.probability_color(0.4, 0.4)
    assert contrast(below, over) > 1.8
    # Words on a flag's chip.
    assert contrast(ink_on(over), over) >= READABLE


def saturation(color: str) -> float:
    channels = [int(color[i : i + 2], 16) for i in (1, 3, 5)]
    return (max(channels) - min(channels)) / 255


def test_nothing_in_the_panel_stays_loud(qtbot: QtBot) -> None:
    held = OneSeries(make_series(6))
    panel = FindingsPanel(held.store)
    qtbot.addWidget(panel)
    panel.resize(340, 800)
    panel.show_series(held.series)
    for index in range(6):
        held.put(index, analysed(SUBDURAL))
    panel.show()
    loudest = []
    for muted in (False, True, False):
        panel.set_muted(muted)
        settle()
        colors = pixels(panel._area.viewport().grab().toImage()).astype(int)
        loudest.append(int((colors.max(axis=2) - colors.min(axis=2)).max()))
    assert loudest[0] == loudest[2] > 130
    assert loudest[1] < 60
