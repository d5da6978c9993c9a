"""The tools of one pane: what the left button draws and moves on its picture, and what is painted over it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent

from ichviewer.domain.annotation.base import Annotation, Kind
from ichviewer.domain.annotation.measured import Measured
from ichviewer.ui.look.language import tr
from ichviewer.ui.panes.image_frame import Point as Place
from ichviewer.ui.panes.image_interaction import CLICK_PX
from ichviewer.ui.panes.image_pane import ImagePane
from ichviewer.ui.panes.shown_slice import ShownSlice
from ichviewer.ui.panes.view_state import WINDOW_TOOL
from ichviewer.ui.panes.word_detail import WordDetail
from ichviewer.ui.tools.annotation_store import AnnotationStore
from ichviewer.ui.tools.drawing_layer import Drawing, DrawingLayer, DrawnAnnotation
from ichviewer.ui.tools.editing import Held, dragged, held_at
from ichviewer.ui.tools.figure import figure
from ichviewer.ui.tools.measurements import Measurements
from ichviewer.ui.tools.stroke import Stroke
from ichviewer.ui.tools.surface import DrawingSurface, Places, Surface, same_series
from ichviewer.ui.tools.tool import SELECT_TOOL, Tool, ToolCursor, ToolTable
from ichviewer.ui.tools.value_words import label_lines

if TYPE_CHECKING:
    from ichviewer.ui.panes.reformat_pane import ReformatPane


_CURSORS = {
    ToolCursor.CROSS: Qt.CursorShape.CrossCursor,
    ToolCursor.ARROW: Qt.CursorShape.ArrowCursor,
    ToolCursor.TEXT: Qt.CursorShape.IBeamCursor,
}

_NOTHING = tr("Nothing can be drawn here: these pixels are not read yet, or have no name.")

AskWords = Callable[[Callable[[str], None]], None]
"""Asks for words and hands them on, at once or later."""


@dataclass(frozen=True)
class _Grab:
    """What is being moved."""

    held: Held
    annotation: Annotation
    places: Places
    start: Place
    moved: Annotation | None = None


class PaneTools(QObject):
    """The `Pointer` of one pane, and its drawing layer.

    Parameters
    ----------
    image : ImagePane or ReformatPane
    store : AnnotationStore
    measurements : Measurements
    tools : ToolTable
    ask_words : callable
        Asks for the words of a text.

    Signals
    -------
    refused(str)
        Why nothing can be drawn.
    """

    refused = Signal(str)

    def __init__(
        self,
        image: ImagePane | ReformatPane,
        store: AnnotationStore,
        measurements: Measurements,
        tools: ToolTable,
        ask_words: AskWords,
    ) -> None:
        super().__init__(image)
        self.image = image
        self._store = store
        self._measurements = measurements
        self._tools = tools
        self._ask_words = ask_words
        self._surface: Surface | None = None
        self._stroke: Stroke | None = None
        self._grab: _Grab | None = None
        self._pressed: QPointF | None = None
        self.layer = DrawingLayer(self.drawing)
        image.add_layer(self.layer)
        image.pointer = self
        image.drawn.connect(self._drawn)
        for told in (store.changed, store.selectedChanged):
            told.connect(self.layer.say)

    # The slice and the tool

    def surface(self) -> Surface | None:
        """The slice on screen as something to draw on, None where there is none."""
        shown, known = self.image.shown, self._surface
        if not isinstance(shown, ShownSlice) or not shown.decoded.pixel_hash:
            self._surface = None
        elif (
            known is None
            or known.decoded is not shown.decoded
            or (known.series, known.index) != (shown.series, shown.index)
        ):
            self._surface = Surface(shown.series, shown.index, shown.decoded)
        if self._surface is not known:
            # What was begun on other pixels is not ended on these.
            self._drop()
        return self._surface

    def on_screen(self) -> DrawingSurface | None:
        """What is on screen as something to draw on, None where there is nothing."""
        return self.surface()

    @property
    def tool(self) -> Tool | None:
        """The active tool, if it draws."""
        return self._tools.find(self.image.state.tool)

    def use(self, name: str) -> None:
        """Make a tool the active one, `SELECT_TOOL` or that of the window; what is half drawn is left."""
        tool = self._tools.find(name)
        cursor = (
            ToolCursor.ARROW if name == SELECT_TOOL else tool.cursor if tool is not None else ToolCursor.CROSS
        )
        self.leave()
        self.image.set_tool(name, _CURSORS[cursor])
        self.layer.say()

    @property
    def half_drawn(self) -> bool:
        """Whether an annotation is being drawn or moved."""
        return self._stroke is not None or self._grab is not None

    def leave(self) -> None:
        """Leave what is half drawn."""
        self._drop()
        self.layer.follow()

    def _drop(self) -> None:
        self._stroke, self._grab, self._pressed = None, None, None

    # What is drawn

    def drawing(self) -> Drawing | None:
        """Everything to be painted over the picture now."""
        surface, placement = self.on_screen(), self.image.placement()
        if surface is None or placement is None:
            return None
        here, notes = self._here()
        # Where words are hidden, a mark of the image says so.
        notes = [] if self.image.detail is WordDetail.NONE else notes
        drawn = [self._drawn_annotation(a, surface) for a in here if a.points]
        stroke, tool = (None, None) if self.image.posing else (self._stroke, self.tool)
        sketch: tuple[Places, ...] = ()
        if stroke is not None:
            preview = self._preview(stroke, surface)
            if preview is None:
                sketch = stroke.lines()
            else:
                drawn.append(self._drawn_new(preview, surface))
        if tool is not None:
            notes.append(_hint(tool, stroke))
        clicks = () if stroke is None else stroke.clicks
        return Drawing(placement, tuple(drawn), sketch, clicks, tuple(notes))

    def figures(self) -> list[tuple[Annotation, Places]]:
        """The annotations on screen that have points, with their places on the picture."""
        surface = self.on_screen()
        return [] if surface is None else [(a, surface.places(a)) for a in self._here()[0] if a.points]

    def shows(self, annotation: Annotation) -> bool:
        """Whether an annotation is on screen, so that a person sees what is done to it."""
        surface = self.on_screen()
        return surface is not None and self.image.isVisible() and surface.is_of_pixels(annotation)

    def _here(self) -> tuple[list[Annotation], list[str]]:
        """The annotations of what is on screen, and what has to be said of it and of others."""
        surface = self.surface()
        if surface is None:
            return [], []
        here, notes = [], []
        other_pixels, other_series, key_image = 0, 0, False
        for annotation in self._store.of_slice(surface.info, surface.series, surface.decoded.pixel_hash):
            if surface.is_of_pixels(annotation):
                key_image |= annotation.kind is Kind.KEY_IMAGE
                here.append(annotation)
            elif same_series(annotation, surface.series):
                other_pixels += 1
            else:
                other_series += 1
        notes += [tr("Key image")] if key_image else []
        notes += (
            [tr("{other_pixels} drawn on other pixels").format(other_pixels=other_pixels)]
            if other_pixels
            else []
        )
        notes += (
            [tr("{other_series} drawn in another series").format(other_series=other_series)]
            if other_series
            else []
        )
        return here, notes

    def _drawn_annotation(self, annotation: Annotation, surface: DrawingSurface) -> DrawnAnnotation:
        grab, chosen = (None, None) if self.image.posing else (self._grab, self._store.selected)
        if grab is not None and grab.held.annotation_id == annotation.id and grab.moved is not None:
            return self._drawn_new(grab.moved, surface)
        drawn = figure(annotation.kind, surface.places(annotation))
        label = self._label(annotation, self._measured(annotation, surface))
        selected = chosen is not None and chosen.id == annotation.id
        return DrawnAnnotation(annotation.id, drawn, label, selected)

    def _measured(self, annotation: Annotation, surface: DrawingSurface) -> Measured:
        return self._measurements.on(annotation, surface)

    def _drawn_new(self, annotation: Annotation, surface: DrawingSurface) -> DrawnAnnotation:
        label = self._label(annotation, self._measurements.once(annotation, surface))
        return DrawnAnnotation(
            annotation.id, figure(annotation.kind, surface.places(annotation)), label, True
        )

    def _label(self, annotation: Annotation, measured: Measured) -> tuple[str, ...]:
        if self.image.detail is WordDetail.NONE:
            return ()
        return label_lines(annotation, measured, words_shown=self.image.detail is WordDetail.ALL)

    def _preview(self, stroke: Stroke, surface: DrawingSurface) -> Annotation | None:
        places = stroke.preview()
        if places is None or stroke.tool.asks_words:
            return None
        return _made(surface, stroke.tool, places)

    # Mouse and keys

    def press(self, event: QMouseEvent) -> bool:
        """Begin or go on with a drawing, or take hold of one."""
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        name = self.image.state.tool
        if event.button() != Qt.MouseButton.LeftButton or shift or name == WINDOW_TOOL:
            return False
        surface, at, tool = self.on_screen(), self._place(event.position()), self.tool
        refusal = self._refusal(tool)
        if surface is None or at is None or refusal:
            self.refused.emit(refusal or _NOTHING)
            return True
        self._pressed = event.position()
        if tool is None:
            self._take_hold(event.position(), at)
        else:
            self._stroke = (self._stroke or Stroke(tool)).pressed(at)
            self._end_if_complete(surface)
        self.layer.follow()
        return True

    def move(self, event: QMouseEvent) -> None:
        """Go on with what was begun."""
        at = self._place(event.position())
        if at is None or self.on_screen() is None:
            return
        if self._stroke is not None:
            self._stroke = self._stroke.moved(at, self._pressed is not None)
            self.layer.follow()
        elif self._grab is not None and self._is_drag(event.position()):
            self._grab = self._moved(self._grab, at)
            self.layer.follow()

    def release(self, event: QMouseEvent) -> None:
        """End a drag."""
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        surface, at = self.on_screen(), self._place(event.position())
        is_drag = self._is_drag(event.position())
        self._pressed = None
        if surface is None or at is None:
            return
        if self._stroke is not None:
            self._stroke = self._stroke.released(at, is_drag)
            if self._stroke.tool.traces:
                self._end_trace(surface)
            else:
                self._end_if_complete(surface)
        grab, self._grab = self._grab, None
        if grab is not None and grab.moved is not None:
            self._store.change(grab.annotation, grab.moved)
        self.layer.follow()

    def wants_key(self, event: QKeyEvent) -> bool:
        """Escape, while something is half drawn or a tool is active: it is not for the analysis then."""
        return bool(
            event.key() == Qt.Key.Key_Escape
            and event.modifiers() == Qt.KeyboardModifier.NoModifier
            and (self.half_drawn or self.image.state.tool != WINDOW_TOOL)
        )

    def key(self, event: QKeyEvent) -> bool:
        """Escape leaves what is half drawn, and then the tool."""
        if not self.wants_key(event):
            return False
        if self.half_drawn:
            self.leave()
        else:
            self.use(WINDOW_TOOL)
        return True

    # Parts

    def _refusal(self, tool: Tool | None) -> str:
        """Why nothing can be drawn or moved on what is on screen; empty where it can."""
        shown = self.image.shown
        leaving = isinstance(shown, ShownSlice) and shown.leaving
        return _NOTHING if shown is None or leaving else ""

    def _drawn(self) -> None:
        self.on_screen()
        self.layer.say()

    def _place(self, screen: QPointF) -> Place | None:
        placement = self.image.placement()
        if placement is None:
            return None
        return placement.to_picture((screen.x(), screen.y()), self._size_px)

    @property
    def _size_px(self) -> Place:
        return float(self.image.width()), float(self.image.height())

    def _is_drag(self, screen: QPointF) -> bool:
        pressed = self._pressed
        return pressed is not None and math.dist(pressed.toTuple(), screen.toTuple()) >= CLICK_PX

    def _end_if_complete(self, surface: DrawingSurface) -> None:
        stroke = self._stroke
        if stroke is None or not stroke.complete:
            return
        places = stroke.tool.places(stroke.clicks)
        if stroke.tool.asks_words:
            self._stroke = None
            self._ask_words(lambda words: self._add_words(surface, stroke.tool, places, words))
            return
        made = _made(surface, stroke.tool, places)
        self._stroke = stroke.back() if made is None else None
        if made is not None:
            self._store.add(made)

    def _end_trace(self, surface: DrawingSurface) -> None:
        stroke, self._stroke = self._stroke, None
        places = None if stroke is None else stroke.preview()
        made = None if stroke is None or places is None else _made(surface, stroke.tool, places)
        if made is not None:
            self._store.add(made)

    def _add_words(self, surface: DrawingSurface, tool: Tool, places: Places, words: str) -> None:
        if words.strip():
            self._store.add(surface.make(tool.kind, places, words.strip()))

    def _take_hold(self, screen: QPointF, at: Place) -> None:
        placement = self.image.placement()
        if placement is None:
            return
        on_screen = {a.id: (a, places) for a, places in self.figures()}
        held = held_at(
            (screen.x(), screen.y()),
            [(name, figure(a.kind, places)) for name, (a, places) in on_screen.items()],
            lambda place: placement.to_screen(place, self._size_px),
        )
        self._store.select("" if held is None else held.annotation_id)
        if held is not None:
            annotation, places = on_screen[held.annotation_id]
            self._grab = _Grab(held, annotation, places, at)

    def _moved(self, grab: _Grab, at: Place) -> _Grab:
        surface = self.on_screen()
        places = dragged(grab.annotation.kind, grab.places, grab.held.handle, grab.start, at)
        try:
            moved = None if surface is None else surface.moved(grab.annotation, places)
        except ValueError:
            # Ends that came together make no annotation: it stays as it was a moment ago.
            return grab
        return _Grab(grab.held, grab.annotation, grab.places, grab.start, moved)


def _made(surface: DrawingSurface, tool: Tool, places: Places) -> Annotation | None:
    """The annotation of a tool, None where the places make none, as two equal ends of a line."""
    try:
        return surface.make(tool.kind, places)
    except ValueError:
        return None


def _hint(tool: Tool, stroke: Stroke | None) -> str:
    words = tool.words.replace("&", "")
    return f"{words}: {(stroke or Stroke(tool)).step}"
