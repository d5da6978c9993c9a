"""The words on a reformat."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ichviewer.domain.series import Series
from ichviewer.domain.slab import Projection
from ichviewer.domain.volume import Volume
from ichviewer.ui.look.language import tr, words_of
from ichviewer.ui.look.words import counted, number, sentence, signed
from ichviewer.ui.panes import overlay_text as words
from ichviewer.ui.panes.image_frame import Placement
from ichviewer.ui.panes.image_overlay import Corner, ImageOverlay
from ichviewer.ui.panes.overlay_text import Line, Tone
from ichviewer.ui.panes.reformat_picture import PlanePixels
from ichviewer.ui.panes.reformat_state import ReformatState, Section
from ichviewer.ui.panes.view_state import ViewState

ELSEWHERE = tr("Findings are shown on the acquired slices.")
"""No probability stands on a reformat: it was computed from a slice as it was acquired."""

NO_IMAGE = Line(tr("Blue stripes: no image"), Tone.MUTED)


@dataclass(frozen=True, eq=False)
class ReformatContent:
    """What a reformat shows at the moment.

    Parameters
    ----------
    series : Series
    volume : Volume
    section : Section
    planes : ReformatState
    pixels : PlanePixels or None
        What is on the screen; None while the first picture is on its way.
    placement : Placement
    state : ViewState
    """

    series: Series
    volume: Volume
    section: Section
    planes: ReformatState
    pixels: PlanePixels | None
    placement: Placement
    state: ViewState

    @property
    def current(self) -> PlanePixels | None:
        """What is on the screen, if it is the plane that the words are about."""
        fits = self.pixels is not None and self.pixels.is_of(self.planes.view(self.section), self.planes.slab)
        return self.pixels if fits else None


def slab_words(planes: ReformatState) -> str:
    """E.g. ``reformatted, mean 5 mm``."""
    if planes.slab is None:
        return tr("reformatted")
    return tr("reformatted, {projection} {thickness_mm:g} mm").format(
        projection=words_of(planes.projection), thickness_mm=planes.thickness_mm
    )


def section_words(planes: ReformatState, section: Section) -> str:
    """What the plane is, e.g. ``Coronal``, ``Axial, straightened``, ``Oblique, from sagittal``."""
    if planes.is_oblique(section):
        return tr("Oblique, from {section}").format(section=words_of(section))
    return (
        tr("{section}, straightened").format(section=sentence(words_of(section)))
        if planes.is_straightened
        else sentence(words_of(section))
    )


def write_reformat(overlay: ImageOverlay, content: ReformatContent) -> str:
    """Write everything that does not follow the cursor.

    Returns
    -------
    str
        What stands there about the plane, for a screen reader.
    """
    series, planes = content.series, content.planes
    overlay.set_lines(
        Corner.TOP_LEFT,
        words.patient_lines(series.patient, series.study)
        + words.badge_lines(series.problems)
        + undecoded_lines(content.volume),
    )
    overlay.set_lines(Corner.TOP_RIGHT, words.series_lines(series))
    window = content.state.window
    overlay.set_lines(
        Corner.BOTTOM_RIGHT,
        (
            *_picture_lines(content),
            *words.window_lines(window.voi, window.name, inverted=content.state.inverted),
        ),
    )
    letters = words.edge_letters(planes.plane(content.section), content.state.orientation)
    overlay.set_letters(letters)
    overlay.set_scale(content.placement.px_per_mm)
    overlay.set_chips(())
    said = section_words(planes, content.section), slab_words(planes), letters.words
    return ". ".join(text for text in said if text)


def write_reformat_cursor(
    overlay: ImageOverlay, content: ReformatContent, pixel: tuple[int, int] | None, pixel_ratio: float
) -> None:
    """Write the place of the plane, and the HU under the cursor.

    Parameters
    ----------
    overlay : ImageOverlay
    content : ReformatContent
    pixel : tuple of int or None
        Row and column of the plane under the cursor, None where it is beside the picture.
    pixel_ratio : float
        Pixels of the screen a device-independent px.
    """
    planes, view = content.planes, content.planes.view(content.section)
    lines: list[Line] = []
    if pixel is not None:
        lines += value_lines(content, pixel)
        where = view.mm_at(*pixel)
        lines.append(Line("  ".join(f"{a} {signed(v)}" for a, v in zip("xyz", where, strict=True)) + " mm"))
    lines.append(Line(section_words(planes, content.section), Tone.STRONG))
    along = float(np.dot(view.normal, planes.crosshair_mm))
    lines.append(Line(tr("Position {more} mm").format(more=signed(abs(along) if along == 0 else along))))
    zoom = content.placement.px_per_mm * view.pixel_mm * pixel_ratio
    lines.append(Line(tr("Zoom {zoom:.0f} %").format(zoom=zoom * 100), Tone.MUTED))
    overlay.set_lines(Corner.BOTTOM_LEFT, tuple(lines))


def value_lines(content: ReformatContent, pixel: tuple[int, int]) -> list[Line]:
    """The value at a pixel of the plane; nothing while the picture is still that of another plane."""
    current = content.current
    if current is None:
        return []
    value = current.hu_at(*pixel)
    if value is None:
        return [Line(tr("No image here"), Tone.MUTED)]
    unit = "HU" if content.series.modality in {"CT", ""} else ""
    kind = "" if content.planes.slab is None else f" {_SHORT[content.planes.projection]}"
    return [Line(f"{number(value)} {unit}".strip() + kind, Tone.STRONG)]


_SHORT = {Projection.MEAN: tr("mean"), Projection.MAXIMUM: tr("max"), Projection.MINIMUM: tr("min")}


def undecoded_lines(volume: Volume) -> tuple[Line, ...]:
    """Which slices are missing in the volume as a whole."""
    missing = volume.undecoded
    if not missing:
        return ()
    one = len(missing) == 1
    words = (
        tr("{slices} could not be read and is left out")
        if one
        else tr("{slices} could not be read and are left out")
    )
    return (Line(words.format(slices=counted("slice", "slices", len(missing))), Tone.DANGER),)


def _picture_lines(content: ReformatContent) -> list[Line]:
    lines = [Line(sentence(slab_words(content.planes)), Tone.STRONG)]
    # Of the last picture too: words that come and go with every step would cost more than the picture.
    if content.pixels is not None and content.pixels.lacks_image:
        lines.append(NO_IMAGE)
    return lines
