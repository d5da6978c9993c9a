from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ichviewer.domain.labels import LABELS
from ichviewer.ui.look.theme import DARK, LIGHT, THEMES, Theme, apply_theme, stylesheet, theme, theme_signals

both = pytest.mark.parametrize("colors", [DARK, LIGHT], ids=lambda t: t.name)


def luminance(color: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in QColor(color).getRgbF()[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(a: str, b: str) -> float:
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_by_hand() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)


@both
def test_words_can_be_read(colors: Theme) -> None:
    for ground in (colors.window, colors.panel, colors.raised, colors.hover, colors.selection):
        assert contrast(colors.text, ground) >= 7
        assert contrast(colors.muted, ground) >= 4.5
    for word in (colors.good, colors.warning, colors.danger):
        assert contrast(word, colors.panel) >= 4.5
    assert contrast(colors.on_accent, colors.accent) >= 4.5
    assert contrast(colors.overlay_text, colors.image_background) >= 7


@both
def test_labels_stand_out_from_the_panel(colors: Theme) -> None:
    assert set(colors.labels) == set(LABELS)
    assert len(set(colors.labels.values())) == len(LABELS)
    for label in LABELS:
        assert contrast(colors.label_color(label), colors.panel) >= 3


@both
@given(threshold=st.floats(0.01, 0.99), a=st.floats(0, 1), b=st.floats(0, 1))
def test_the_ramp_never_turns_back(colors: Theme, threshold: float, a: float, b: float) -> None:
    low, high = sorted((a, b))
    if (low < threshold) != (high < threshold):
        return
    change = luminance(colors.probability_color(high, threshold)) - luminance(
        colors.probability_color(low, threshold)
    )
    # Lighter on dark, darker on light; one step of an 8-bit channel is rounding.
    assert (change if colors.is_dark else -change) >= -0.01


@both
def test_the_threshold_is_a_jump(colors: Theme) -> None:
    below, at = colors.probability_color(0.4999, 0.5), colors.probability_color(0.5, 0.5)
    assert below == colors.ramp_high
    assert at == colors.flag_low
    assert colors.probability_color(1.0, 1.0) == colors.flag_high
    assert colors.probability_color(0.0, 0.5) == colors.ramp_low


@both
def test_stylesheet_has_no_token_left(colors: Theme) -> None:
    text = stylesheet(colors)
    assert not re.findall(r"\$(?!name)\w+", text)
    assert colors.accent in text


def test_apply_tells_and_colors(qapp: QApplication, qtbot: QtBot) -> None:
    with qtbot.waitSignal(theme_signals().changed):
        apply_theme(qapp, LIGHT)
    assert theme() is LIGHT
    assert qapp.palette().text().color() == QColor(LIGHT.text)


def test_names() -> None:
    assert {"dark": DARK, "light": LIGHT} == THEMES
    assert DARK.is_dark
    assert not LIGHT.is_dark
