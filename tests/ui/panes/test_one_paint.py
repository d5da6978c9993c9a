"""What a slice changes is painted at once and alone: words never beside another picture, and no more than changed."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from golden import pixels
from image_builders import make_decoded, make_series, settle
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPointF
from PySide6.QtWidgets import QApplication, QGraphicsView, QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ichviewer.domain.annotation.base import Kind
from ichviewer.domain.window import Window
from ichviewer.ui.panes.image_pane import ImagePane
from ichviewer.ui.panes.message_card import MessageKind
from ichviewer.ui.panes.reference_lines import ReferenceLine
from ichviewer.ui.tools.drawing_layer import Drawing, DrawingLayer, DrawnAnnotation
from ichviewer.ui.tools.figure import figure

SLICES = 6
SIDE = 360
ROUNDING = 4
"""Levels by which the edge of a line may differ where Qt cuts it at a region to paint."""


class Passes(QObject):
    """Notes, for each time that a window paints, what of some widgets it paints."""

    def __init__(self, window: QWidget, watched: dict[QObject, str]) -> None:
        super().__init__(window)
        self.seen: list[list[str]] = []
        self._window, self._watched = window, watched
        QApplication.instance().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.UpdateRequest and watched is self._window:
            self.seen.append([])
        if event.type() is QEvent.Type.Paint and watched in self._watched:
            self.seen[-1].append(self._watched[watched])
        return False


def shown_pane(parent: QWidget | None = None) -> ImagePane:
    pane = ImagePane(None, parent)
    pane.resize(SIDE, SIDE)
    pane.show_series(make_series(SLICES))
    pane.show_slice(2, make_decoded())
    return pane


def test_pictures_of_all_panes_come_in_one_paint_with_their_words(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    row = QHBoxLayout(window)
    panes = [shown_pane(window) for _ in range(4)]
    for pane in panes:
        row.addWidget(pane)
    window.show()
    settle()
    parts = {
        f"{name} {number}": part
        for number, pane in enumerate(panes)
        for name, part in (
            ("picture", pane.findChild(QGraphicsView).viewport()),
            ("words", pane.layers[-1]),
        )
    }
    passes = Passes(window, {part: name for name, part in parts.items()})
    for index in (3, 4):
        # As in a window where a strip is asked to paint before the panes are.
        window.update(0, 0, 1, 1)
        for pane in panes:
            pane.show_slice(index, make_decoded())
        settle()
    QApplication.instance().removeEventFilter(passes)
    painted = [sorted(set(one)) for one in passes.seen if one]
    assert painted == [sorted(parts)] * 2
    assert all(one.count(name) == 1 for one in passes.seen for name in set(one))


def on_screen(pane: ImagePane) -> NDArray[np.uint8]:
    """What the window has painted so far."""
    return pixels(pane.screen().grabWindow(pane.winId()).toImage())


class Reader:
    """A pane with all that is drawn on it, and what somebody does to it."""

    def __init__(self, pane: ImagePane, seed: int) -> None:
        self.pane, self.random = pane, random.Random(seed)
        self.drawn: tuple[DrawnAnnotation, ...] = ()
        self.notes: tuple[str, ...] = ()
        self.layer = DrawingLayer(self._drawing)
        pane.add_layer(self.layer)
        self.line = ReferenceLine(pane)

    def _drawing(self) -> Drawing | None:
        placement = self.pane.placement()
        return None if placement is None else Drawing(placement, self.drawn, notes=self.notes)

    def _place(self) -> tuple[float, float]:
        return self.random.uniform(-4, 36), self.random.uniform(-4, 36)

    def act(self) -> str:
        """Do something, and say what."""
        name = self.random.choice([name for name in dir(self) if name.startswith("do_")])
        getattr(self, name)()
        return name

    def do_turn_over(self) -> None:
        self.pane.show_slice(self.random.randrange(SLICES), make_decoded())

    def do_wait_for_a_slice(self) -> None:
        self.pane.expect_slice()

    def do_window(self) -> None:
        self.pane.set_voi(Window(self.random.uniform(-50, 50), self.random.uniform(1, 90)), "Other")

    def do_invert(self) -> None:
        self.pane.toggle_inverted()

    def do_zoom(self) -> None:
        self.pane.zoom_by(self.random.choice([0.4, 0.8, 1.3, 3.0]))

    def do_fit(self) -> None:
        self.pane.fit()

    def do_turn(self) -> None:
        self.pane.rotate(self.random.choice([90, 180, 270]))

    def do_mirror(self) -> None:
        self.pane.flip_horizontal()

    def do_point(self) -> None:
        here = QPointF(self.random.uniform(0, SIDE), self.random.uniform(0, SIDE))
        self.pane.interaction.hovered.emit(self.random.choice([here, None]))

    def do_say_something_instead(self) -> None:
        self.pane.show_message("Reading", "", MessageKind.LOADING)

    def do_resize(self) -> None:
        self.pane.resize(SIDE + self.random.randrange(40), SIDE + self.random.randrange(40))

    def do_draw(self) -> None:
        kind, n = self.random.choice(
            [(Kind.LENGTH, 2), (Kind.ARROW, 2), (Kind.ANGLE, 3), (Kind.PROBE, 1), (Kind.BIDIRECTIONAL, 4)]
        )
        drawn = figure(kind, tuple(self._place() for _ in range(n)))
        words = ("12.3 mm",) * self.random.randrange(3)
        self.drawn = (*self.drawn[-4:], DrawnAnnotation(str(self.random.random()), drawn, words))
        self.layer.follow()

    def do_move(self) -> None:
        if self.drawn:
            at = self.random.randrange(len(self.drawn))
            other = figure(Kind.LENGTH, (self._place(), self._place()))
            self.drawn = (*self.drawn[:at], replace(self.drawn[at], figure=other), *self.drawn[at + 1 :])
        self.layer.follow()

    def do_select(self) -> None:
        self.drawn = tuple(replace(one, selected=self.random.random() < 0.5) for one in self.drawn)
        self.layer.say()

    def do_remove(self) -> None:
        self.drawn = self.drawn[1:]
        self.layer.say()

    def do_note(self) -> None:
        self.notes = ("A note", "and another")[: self.random.randrange(3)]
        self.layer.say()

    def do_change_in_silence(self) -> None:
        # Painted for another reason, what changed without a word is seen whole all the same.
        self.drawn = self.drawn[:-1]
        self.layer.update(0, 0, 3, 3)

    def do_line(self) -> None:
        self.line.set_line(self.random.choice([None, (self._place(), self._place())]))


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_done_the_screen_shows_what_painting_all_of_it_would(qtbot: QtBot, seed: int) -> None:
    pane = shown_pane()
    qtbot.addWidget(pane)
    reader = Reader(pane, seed)
    pane.show()
    settle()
    done = []
    for _ in range(120):
        done.append(reader.act())
        if reader.random.random() < 0.4:
            # Several at once, as events come while a picture is painted.
            done.append(reader.act())
        settle()
        apart = np.abs(on_screen(pane).astype(int) - pixels(pane.grab().toImage())).max(axis=2)
        assert apart.max() <= ROUNDING, (done[-4:], np.argwhere(apart > ROUNDING)[[0, -1]])
