"""Names of planes stand beside their lines and cover neither letters nor each other."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from pytestqt.qtbot import QtBot

from ichviewer.ui.panes.image_overlay import ImageOverlay
from ichviewer.ui.panes.overlay_text import EdgeLetters
from ichviewer.ui.panes.reformat_grips import ScreenLine
from ichviewer.ui.panes.reformat_lines import PaintedLines, ReformatLines
from ichviewer.ui.panes.reformat_state import Section

LETTERS = EdgeLetters("RA", "H", "LP", "F")


def names_of(width: int, height: int, lines: PaintedLines) -> tuple[list[QRectF], list[QRectF]]:
    overlay, painted = ImageOverlay(), ReformatLines()
    for widget in (overlay, painted):
        widget.resize(width, height)
    overlay.set_letters(LETTERS)
    letters = [place for _, place in overlay.letter_places()]
    painted.taken = lambda: letters
    painted.set_lines(lines)
    names = list(painted.names.values())
    assert all(QRectF(painted.rect()).contains(name) for name in names)
    return names, letters


@pytest.mark.parametrize("size", [(240, 200), (420, 330), (900, 700)])
@pytest.mark.parametrize("end", ["right", "left", "top", "bottom"])
def test_a_name_gives_way_to_the_letter_at_the_end_of_its_line(
    qtbot: QtBot, size: tuple[int, int], end: str
) -> None:
    width, height = size
    crosshair = width / 2, height / 2
    ends = {
        "right": (width - 44.0, height / 2),
        "left": (44.0, height / 2),
        "top": (width / 2, 44.0),
        "bottom": (width / 2, height - 44.0),
    }
    line = ScreenLine(crosshair, ends[end])
    names, letters = names_of(*size, PaintedLines(crosshair, ((Section.SAGITTAL, line),)))
    (name,) = names
    assert not any(name.intersects(letter) for letter in letters)
    # It stands at its line: no farther from it than it is large.
    assert line.distance_px((name.center().x(), name.center().y())) < name.width()


shares = st.floats(0.2, 0.8)


@pytest.mark.usefixtures("qapp")
@settings(max_examples=60, deadline=None)
@given(
    st.tuples(st.integers(260, 1200), st.integers(220, 900)),
    st.floats(0, 2 * math.pi),
    st.tuples(shares, shares),
)
def test_names_cover_nothing_wherever_lines_run(size, angle, share):
    width, height = size
    crosshair = width * share[0], height * share[1]
    lines = []
    for section, turned in ((Section.CORONAL, angle), (Section.SAGITTAL, angle + math.pi / 2)):
        way = math.cos(turned), math.sin(turned)
        # As far as the margin beside the letters.
        reach = min(
            ((width - 44 if w > 0 else 44) - c) / w if axis == 0 else ((height - 44 if w > 0 else 44) - c) / w
            for axis, (w, c) in enumerate(zip(way, crosshair, strict=True))
            if abs(w) > 1e-6
        )
        end = crosshair[0] + way[0] * reach, crosshair[1] + way[1] * reach
        lines.append((section, ScreenLine(crosshair, end)))
    names, letters = names_of(width, height, PaintedLines(crosshair, tuple(lines)))
    assert not names[0].intersects(names[1])
    assert not any(name.intersects(letter) for name in names for letter in letters)
