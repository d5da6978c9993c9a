"""The tools of one reformat: as those of a slice, on the plane and slab in view."""

from __future__ import annotations

from ichviewer.domain.annotation.base import Annotation
from ichviewer.domain.annotation.measure import measure
from ichviewer.domain.annotation.measured import Measured
from ichviewer.domain.annotation.place import OnReformat
from ichviewer.ui.panes.reformat_pane import ReformatPane
from ichviewer.ui.panes.shown_plane import ShownPlane
from ichviewer.ui.tools.annotation_store import AnnotationStore
from ichviewer.ui.tools.measurements import Measurements
from ichviewer.ui.tools.pane_tools import AskWords, PaneTools
from ichviewer.ui.tools.plane_surface import PLANE_KINDS, PlaneSurface
from ichviewer.ui.tools.surface import DrawingSurface, Surface
from ichviewer.ui.tools.tool import Tool, ToolTable

_COARSE = "Nothing can be drawn here yet: the picture of this plane is still being computed."


class PlaneTools(PaneTools):
    """The `Pointer` of one reformat, and its drawing layer.

    Parameters
    ----------
    pane : ReformatPane
    store, measurements, tools, ask_words
        As of `PaneTools`.
    """

    def __init__(
        self,
        pane: ReformatPane,
        store: AnnotationStore,
        measurements: Measurements,
        tools: ToolTable,
        ask_words: AskWords,
    ) -> None:
        super().__init__(pane, store, measurements, tools, ask_words)
        self._plane: PlaneSurface | None = None
        measurements.changed.connect(self.layer.say)

    def surface(self) -> Surface | None:
        """None: no acquired slice is on screen."""
        return None

    def on_screen(self) -> DrawingSurface | None:
        """The plane on screen, None while the picture is still that of another one."""
        return self.plane()

    def plane(self) -> PlaneSurface | None:
        """As `on_screen`."""
        shown, known = self.image.shown, self._plane
        if not isinstance(shown, ShownPlane):
            shown = None
        if known is not None and shown is not None and known.shown.pixels is shown.pixels:
            return known
        if known is None or shown is None or not known.shown.is_same(shown):
            # What was begun on another plane is not ended on this one.
            self._stroke, self._grab, self._pressed = None, None, None
        self._plane = None if shown is None else PlaneSurface(shown)
        return self._plane

    def _refusal(self, tool: Tool | None) -> str:
        plane = self.plane()
        if plane is None or not plane.shown.in_full:
            return _COARSE
        if tool is not None and tool.kind not in PLANE_KINDS:
            return f"{tool.words.replace('&', '')} is drawn on acquired slices, not on reformats."
        return ""

    def _here(self) -> tuple[list[Annotation], list[str]]:
        plane = self.plane()
        if plane is None:
            return [], []
        here: list[Annotation] = []
        other_pixels, other_slab = 0, 0
        for annotation in self._store.of_series(plane.series):
            if not isinstance(annotation.drawn_on.place, OnReformat):
                continue
            if plane.is_of_pixels(annotation):
                here.append(annotation)
            elif plane.is_of_plane(annotation):
                other_pixels += 1
            elif plane.is_of_plane(annotation, any_slab=True):
                other_slab += 1
        notes = [f"{other_pixels} drawn on other pixels"] if other_pixels else []
        return here, [*notes, *([f"{other_slab} drawn with another slab"] if other_slab else [])]

    def _measured(self, annotation: Annotation, surface: DrawingSurface) -> Measured:
        plane = self.plane()
        known = self._measurements.of(annotation)
        if plane is None or known is not None:
            return known or self._measurements.on(annotation, surface)
        if plane.measures(annotation):
            return self._measurements.on(annotation, plane)
        # Its HU are those of the plane that it was drawn on, which are cut out of the volume beside the window.
        self._measurements.want_on_plane(plane.series, annotation)
        return measure(annotation, plane.own_image(annotation))

    def _label(self, annotation: Annotation, measured: Measured) -> tuple[str, ...]:
        plane = self.plane()
        words = "" if plane is None else plane.apart_words(annotation)
        return (*super()._label(annotation, measured), *([words] if words else []))
