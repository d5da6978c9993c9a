"""Colors that read on each other, in both themes."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor

from ichviewer.domain.labels import LABELS
from ichviewer.ui.look.contrast import BLACK, READABLE, VISIBLE, WHITE, contrast, ink_on, luminances
from ichviewer.ui.look.theme import DARK, LIGHT, Theme

themes = pytest.mark.parametrize("colors", [DARK, LIGHT], ids=["dark", "light"])


def test_known_ratios() -> None:
    assert contrast(BLACK, WHITE) == pytest.approx(21)
    assert contrast("#777777", "#777777") == pytest.approx(1)
    # The grey that is known to just fail on white.
    assert contrast("#777777", WHITE) == pytest.approx(4.48, abs=0.01)


def test_luminance_weighs_green_most() -> None:
    found = luminances(np.array([0xFFFF0000, 0xFF00FF00, 0xFF0000FF], dtype=np.uint32))
    assert found == pytest.approx([0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize(
    ("ground", "ink"), [(WHITE, BLACK), (BLACK, WHITE), ("#ffd75e", BLACK), ("#a81f16", WHITE)]
)
def test_ink(ground: str, ink: str) -> None:
    assert ink_on(ground) == ink


@pytest.mark.parametrize("grey", range(0, 256, 5))
def test_ink_is_the_better_one(grey: int) -> None:
    ground = QColor(grey, grey, grey).name()
    ink = ink_on(ground)
    assert contrast(ink, ground) >= contrast(WHITE if ink == BLACK else BLACK, ground)


@themes
def test_numbers_read_on_every_color_of_a_flag(colors: Theme) -> None:
    for p in np.linspace(0.4, 1, 61):
        color = colors.probability_color(float(p), 0.4)
        assert contrast(ink_on(color), color) >= READABLE


@themes
def test_words_read_on_their_panels(colors: Theme) -> None:
    for word in (colors.text, colors.muted):
        for ground in (colors.panel, colors.window):
            assert contrast(word, ground) >= READABLE
    assert contrast(colors.on_accent, colors.accent) >= READABLE


@themes
def test_type_colors_are_visible(colors: Theme) -> None:
    for label in LABELS:
        assert contrast(colors.label_color(label), colors.panel) >= VISIBLE
    assert contrast(colors.accent, colors.window) >= VISIBLE


def test_words_on_the_image_read_on_black() -> None:
    for word in (DARK.overlay_text, DARK.overlay_muted, DARK.warning, DARK.danger):
        assert contrast(word, DARK.image_background) >= READABLE
