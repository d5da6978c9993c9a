"""What a painted region measures, in the words that stand in the panel and on the image."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ichviewer.domain.annotation.abc2 import Abc2
from ichviewer.domain.annotation.base import Annotation
from ichviewer.domain.annotation.image_grid import ImageGrid, MeasuredImage, SpacingTrust, spacing_trust
from ichviewer.domain.annotation.measure import measure
from ichviewer.domain.annotation.measured import Name
from ichviewer.domain.annotation.place import OnReformat, OnSlice
from ichviewer.domain.painted_region import PaintedRegion
from ichviewer.domain.region_numbers import RegionNumbers
from ichviewer.domain.series import Series
from ichviewer.ui.look.language import tr, words_of
from ichviewer.ui.look.plain_text import one_line
from ichviewer.ui.look.words import WORDS_HIDDEN, counted
from ichviewer.ui.tools.plane_abc import Compared, NotCompared
from ichviewer.ui.tools.region_boxes import NotPlaced
from ichviewer.ui.tools.surface import same_series


def region_name(region: PaintedRegion, number: int, *, words_shown: bool = True) -> str:
    """What a region is called: what a person typed, else its number.

    Parameters
    ----------
    region : PaintedRegion
    number : int
        Its place among the regions of the series, from 1.
    words_shown : bool
        Whether what was typed may be seen: it is free text, which may name the patient.
    """
    own = one_line(region.name).strip()
    if own and not words_shown:
        return words_of(WORDS_HIDDEN)
    return own or tr("Region {number}").format(number=number)


def drawn_lines(
    region: PaintedRegion, number: int, numbers: RegionNumbers | None, *, words_shown: bool
) -> tuple[str, ...]:
    """What stands beside a region on an image: its name as of `region_name`, and its volume where it is known."""
    name = region_name(region, number, words_shown=words_shown)
    return (name,) if numbers is None else (name, volume_words(numbers))


def hidden_lines(hidden: int) -> tuple[str, ...]:
    """What an image says of regions that it would show, were they not hidden; nothing for none."""
    if not hidden:
        return ()
    return (tr("{regions} hidden").format(regions=counted("painted region", "painted regions", hidden)),)


def volume_words(numbers: RegionNumbers | None) -> str:
    """The volume in a few words: with bounds, or what there is in its place."""
    if numbers is None:
        return tr("not measured yet")
    volume = numbers.volume
    if volume is None:
        return counted("pixel", "pixels", numbers.n_pixels)
    words = tr("{ml:.1f} mL ({low_ml:.1f} to {high_ml:.1f})").format(
        ml=volume.ml, low_ml=volume.low_ml, high_ml=volume.high_ml
    )
    return tr("≈ {words}, estimated").format(words=words) if numbers.estimated else words


def number_lines(numbers: RegionNumbers) -> tuple[str, ...]:
    """All that a region measures, a line each."""
    size = tr("{pixels} on {slices}").format(
        pixels=counted("pixel", "pixels", numbers.n_pixels),
        slices=counted("slice", "slices", numbers.n_slices),
    )
    if numbers.volume is None:
        why = "" if numbers.no_ml is None else words_of(numbers.no_ml.text)
        return size, tr("No mL: {why}").format(why=why)
    lines = [volume_words(numbers), size]
    if numbers.estimated:
        lines.append(tr("The pixel spacing was estimated, and so is the volume"))
    if numbers.has_gap:
        lines.append(tr("Slices are missing here; the bounds hold what may be on them"))
    return tuple(lines)


def abc2_lines(
    region: PaintedRegion,
    numbers: RegionNumbers,
    series: Series,
    annotations: Iterable[Annotation],
    on_plane: Callable[[Abc2, PaintedRegion, Series], Compared],
) -> tuple[str, ...]:
    """ABC/2 beside a volume: of the region's own voxels, and as a person drew it through the region.

    An ABC/2 that was drawn on a slice counts where the region has pixels on it, the very ones that it was drawn on;
    one on a reformat as ``on_plane`` says (`ichviewer.ui.tools.plane_abc.PlaneAbc.of`), or a line says why not.
    """
    volume = numbers.volume
    if volume is None or volume.ml <= 0:
        return ()
    found = [(tr("ABC/2 of these voxels"), numbers.abc2_ml)]
    drawn = [a for a in annotations if isinstance(a, Abc2) and a.steps_done == 3 and same_series(a, series)]
    newest = sorted(drawn, key=lambda a: a.modified, reverse=True)
    on_slices = (_drawn_ml(annotation, region, series) for annotation in newest)
    found.append((tr("ABC/2 as drawn"), next((ml for ml in on_slices if ml is not None), None)))
    on_planes = [on_plane(a, region, series) for a in newest if isinstance(a.drawn_on.place, OnReformat)]
    on_planes.sort(key=lambda one: not isinstance(one, float))
    why: tuple[str, ...] = ()
    if on_planes and isinstance(on_planes[0], float):
        found.append((tr("ABC/2 as drawn on a reformat"), on_planes[0]))
    elif on_planes:
        why = (tr("ABC/2 on a reformat: {why}").format(why=_why(on_planes[0])),)
    mark = "≈ " if numbers.estimated else ""
    lines = tuple(
        tr("{what} {mark}{ml:.1f} mL, {ml_2:.2f} times the volume").format(
            what=what, mark=mark, ml=ml, ml_2=ml / volume.ml
        )
        for what, ml in found
        if ml is not None
    )
    return (*lines, *why)


def _why(compared: Compared) -> str:
    if isinstance(compared, NotPlaced):
        return tr("the region is {why}").format(why=words_of(compared.value))
    return words_of(compared.value) if isinstance(compared, NotCompared) else ""


def _drawn_ml(annotation: Abc2, region: PaintedRegion, series: Series) -> float | None:
    place = annotation.drawn_on.place
    if not isinstance(place, OnSlice):
        return None
    mask = region.by_place.get((place.sop_uid, place.frame))
    if mask is None or mask.pixel_hash != annotation.drawn_on.pixel_hash:
        return None
    for index, info in enumerate(series.slices):
        if (info.sop_uid, info.source.frame) == mask.place:
            trust: SpacingTrust = spacing_trust(series, index)
            image = MeasuredImage(mask.pixel_hash, ImageGrid(info.plane, info.spacing, trust))
            found = measure(annotation, image).find(Name.VOLUME)
            return None if found is None else found.value
    return None
