"""The tools of one reformat: as those of a slice, on the plane and slab in view."""

from __future__ import annotations

from ichviewer.domain.annotation.base import Annotation
from ichviewer.domain.annotation.measure import measure
from ichviewer.domain.annotation.measured import Measured
from ichviewer.domain.annotation.place import OnReformat
from ichviewer.ui.look.language import tr, words_of
from ichviewer.ui.panes.reformat_pane import ReformatPane
from ichviewer.ui.panes.shown_plane import ShownPlane
from ichviewer.ui.tools.annotation_store import AnnotationStore
from ichviewer.ui.tools.measurements import Measurements
from ichviewer.ui.tools.pane_tools import AskWords, PaneTools
from ichviewer.ui.tools.plane_surface import PLANE_KINDS, PlaneSurface, Relation
from ichviewer.ui.tools.surface import DrawingSurface, Surface
from ichviewer.ui.tools.tool import SELECT_TOOL, Tool, ToolTable

_COARSE = tr("Nothing can be drawn here yet: the picture of this plane is still being computed.")


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
            self._drop()
        self._plane = None if shown is None else PlaneSurface(shown)
        return self._plane

    def _refusal(self, tool: Tool | None) -> str:
        plane = self.plane()
        if plane is None or not plane.shown.in_full:
            return _COARSE
        if tool is not None and tool.kind not in PLANE_KINDS:
            return tr("{replace} is drawn on acquired slices, not on reformats.").format(
                replace=tool.words.replace("&", "")
            )
        if tool is None and self.image.state.tool != SELECT_TOOL:
            return tr("This tool is for acquired slices, not for reformats.")
        return ""

    def _here(self) -> tuple[list[Annotation], list[str]]:
        plane = self.plane()
        if plane is None:
            return [], []
        drawn = self._store.annotations.values()
        found = [(a, plane.relation(a)) for a in drawn if isinstance(a.drawn_on.place, OnReformat)]
        notes = []
        for other in (Relation.OTHER_PIXELS, Relation.OTHER_SLAB):
            n = sum(relation is other for _, relation in found)
            notes += [f"{n} {words_of(other.value)}"] if n else []
        return [a for a, relation in found if relation is Relation.HERE], notes

    def _measured(self, annotation: Annotation, surface: DrawingSurface) -> Measured:
        known = self._measurements.of(annotation)
        if known is not None or not isinstance(surface, PlaneSurface) or surface.measures(annotation):
            return known or self._measurements.on(annotation, surface)
        # Its HU are those of the plane that it was drawn on, which are cut out of the volume beside the window.
        self._measurements.want_on_plane(surface.series, annotation)
        return measure(annotation, surface.own_image(annotation))

    def _label(self, annotation: Annotation, measured: Measured) -> tuple[str, ...]:
        words = "" if self._plane is None else self._plane.apart_words(annotation)
        return (*super()._label(annotation, measured), *([words] if words else []))
