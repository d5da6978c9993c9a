"""Which words stand on an image: gathers what is known of it and writes it into the overlay."""

from __future__ import annotations

from dataclasses import dataclass

from ichviewer.domain.findings import SliceFinding
from ichviewer.domain.problems import Problem
from ichviewer.domain.series import Series
from ichviewer.ui.look.language import tr
from ichviewer.ui.panes import overlay_text as words
from ichviewer.ui.panes.image_frame import Placement
from ichviewer.ui.panes.image_overlay import Corner, ImageOverlay
from ichviewer.ui.panes.region_overlay import MEANING
from ichviewer.ui.panes.shown_slice import ShownSlice
from ichviewer.ui.panes.view_state import ViewState
from ichviewer.ui.panes.word_detail import HIDDEN_WORDS, WordDetail
from ichviewer.ui.session.findings_state import FindingsView


@dataclass(frozen=True, eq=False)
class PaneContent:
    """What a pane shows at the moment.

    Parameters
    ----------
    series : Series or None
    findings : FindingsView or None
        What is known of the series.
    shown : ShownSlice or None
        None while there is no picture.
    placement : Placement or None
        Where the picture lies; None while there is none.
    state : ViewState
    muted : bool
        Whether the series lies outside what the model knows.
    detail : WordDetail
        How much is written.
    """

    series: Series | None
    findings: FindingsView | None
    shown: ShownSlice | None
    placement: Placement | None
    state: ViewState
    muted: bool
    detail: WordDetail = WordDetail.ALL

    @property
    def finding(self) -> SliceFinding | None:
        """What was found in the pixels on screen; nothing where it was found in others."""
        if self.shown is None or self.findings is None:
            return None
        found = words.finding_of(self.findings.slices, self.shown.index)
        fits = found is not None and found.pixel_hash in ("", self.shown.decoded.pixel_hash)
        return found if fits else None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was repaired, doubted or lost in the series and in the slice in view."""
        of_series = () if self.series is None else self.series.problems
        return of_series if self.shown is None else (*of_series, *self.shown.problems)


def write_words(overlay: ImageOverlay, content: PaneContent, outlined: str) -> str:
    """Write everything that does not follow the cursor.

    Parameters
    ----------
    overlay : ImageOverlay
    content : PaneContent
    outlined : str
        What is outlined, in words; empty if nothing is.

    Returns
    -------
    str
        What stands there about the slice, for a screen reader.
    """
    series, shown = content.series, content.shown
    if content.detail is WordDetail.NONE:
        return _write_nothing(overlay, content)
    with_patient = series is not None and content.detail is WordDetail.ALL
    overlay.set_lines(
        Corner.TOP_LEFT,
        ()
        if series is None
        else (words.patient_lines(series.patient, series.study) if with_patient else ())
        + words.badge_lines(content.problems),
    )
    overlay.set_lines(
        Corner.TOP_RIGHT, words.series_lines(series) if series is not None and with_patient else ()
    )
    if shown is None or content.placement is None:
        overlay.set_lines(Corner.BOTTOM_RIGHT, ())
        overlay.set_letters(words.EdgeLetters())
        overlay.set_scale(None)
        overlay.set_chips(())
        return ""
    overlay.set_scale(None if shown.frame.spacing is None else content.placement.px_per_mm)
    overlay.set_lines(Corner.BOTTOM_RIGHT, (*_window_lines(content), *((MEANING,) if outlined else ())))
    letters = words.edge_letters(shown.info.plane, content.state.orientation)
    overlay.set_letters(letters)
    point = None if content.findings is None else content.findings.point
    chips = words.finding_chips(content.finding, point, muted=content.muted)
    overlay.set_chips(chips)
    place = tr("Slice {index} of {series}").format(index=shown.index + 1, series=len(shown.series))
    said = (place, letters.words, *(chip.text for chip in chips), outlined)
    return ". ".join(text for text in said if text)


def write_cursor(
    overlay: ImageOverlay, content: PaneContent, pixel: tuple[int, int] | None, pixel_ratio: float
) -> None:
    """Write which slice it is, and the value under the cursor.

    Parameters
    ----------
    overlay : ImageOverlay
    content : PaneContent
    pixel : tuple of int or None
        Row and column under the cursor, None where it is beside the picture.
    pixel_ratio : float
        Pixels of the screen a device-independent px.
    """
    shown, placement = content.shown, content.placement
    if shown is None or placement is None or content.detail is WordDetail.NONE:
        overlay.set_lines(Corner.BOTTOM_LEFT, ())
        return
    zoom = placement.px_per_mm * shown.frame.column_mm * pixel_ratio
    lines = words.slice_lines(shown.series, shown.index, zoom)
    if pixel is not None:
        unit = "HU" if shown.series.modality in {"CT", ""} else ""
        lines = words.cursor_lines(shown.info, shown.decoded, pixel, unit) + lines
    overlay.set_lines(Corner.BOTTOM_LEFT, lines)


def _write_nothing(overlay: ImageOverlay, content: PaneContent) -> str:
    """Take all words away but the mark that they are hidden: no slice may look as if nothing was said of it."""
    for corner in Corner:
        overlay.set_lines(corner, ())
    overlay.set_letters(words.EdgeLetters())
    overlay.set_scale(None)
    overlay.set_chips(() if content.series is None else (words.Chip(HIDDEN_WORDS, tone=words.Tone.WARNING),))
    if content.shown is None:
        return ""
    return tr("Slice {index} of {series}. {hidden_words}").format(
        index=content.shown.index + 1, series=len(content.shown.series), hidden_words=HIDDEN_WORDS
    )


def _window_lines(content: PaneContent) -> tuple[words.Line, ...]:
    if content.shown is not None and content.shown.in_color:
        return words.COLOR_LINES
    window, name = content.state.window, content.state.window.name
    if content.detail is not WordDetail.ALL and content.shown is not None:
        # What a file calls its windows is free text.
        name = "" if name in {voi.name for voi in content.shown.info.vois} else name
    return words.window_lines(window.voi, name, inverted=content.state.inverted)
