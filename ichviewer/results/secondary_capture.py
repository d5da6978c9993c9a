"""A summary page as a picture, for viewers that show nothing else (Secondary Capture, DICOM PS3.3 A.8.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from ichviewer.domain.labels import Hemorrhage
from ichviewer.domain.model_spec import HEMORRHAGE_OUTPUTS
from ichviewer.domain.probability_words import two_digits
from ichviewer.domain.window import Window
from ichviewer.errors import IchViewerError
from ichviewer.results.finish import finish
from ichviewer.results.page_words import body, headline
from ichviewer.services.caption_strip import make_strip, with_strip
from ichviewer.services.render import render_slice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydicom.dataset import Dataset

    from ichviewer.results.extras import Extras
    from ichviewer.results.result_kind import ResultKind
    from ichviewer.results.source import Source

_WIDTH_PX = 1024
_BODY_PX = 22
_CAPTION_PX = 18
_PICTURES, _ACROSS = 6, 3
_BRAIN = Window(40.0, 80.0, name="brain")
_ABBREVIATIONS = {output.name: output.abbreviation for output in HEMORRHAGE_OUTPUTS}


def build(source: Source, kind: ResultKind, extras: Extras) -> Sequence[Dataset]:
    """One grey page: words, and pictures of the slices flagged most strongly.

    Parameters
    ----------
    source : Source
    kind : ResultKind
    extras : Extras
        With ``read_slice`` there are pictures, drawn only from the very pixels that were analyzed.
    """
    from highdicom.sc import SCImage  # noqa: PLC0415

    page = np.asarray(draw_page(source, extras))
    common = source.common(kind, "pictures" if extras.read_slice is not None else "words")
    image = SCImage(
        pixel_array=page,
        photometric_interpretation="MONOCHROME2",
        bits_allocated=8,
        coordinate_system="PATIENT",
        patient_orientation=("L", "P"),
        study_instance_uid=source.series.key.study_uid,
        **common,
    )
    # A page has no direction in the patient; the attribute may be empty (type 2C; PS3.3 C.7.6.1).
    image["PatientOrientation"].value = None
    # Not of one side of a paired organ, as far as it is known (type 2C; PS3.3 C.7.3.1).
    image.add_new("Laterality", "CS", None)
    image.ConversionType = "WSD"
    image.BurnedInAnnotation = "NO"
    image.LossyImageCompression = "00"
    image.DerivationDescription = "Summary of the output of a model for research use"
    return [finish(image, source)]


def draw_page(source: Source, extras: Extras) -> Image.Image:
    """The page, 8-bit grey; see `build`."""
    head, words = headline(source.analysis), body(source.analysis)
    parts = [_words(head, None), _words(words, _BODY_PX)]
    pictures = [] if extras.read_slice is None else _pictures(source, extras)
    for start in range(0, len(pictures), _ACROSS):
        parts.append(_row(pictures[start : start + _ACROSS]))
    page = Image.new("L", (_WIDTH_PX, sum(part.height for part in parts)), 0)
    top = 0
    for part in parts:
        page.paste(part, (0, top))
        top += part.height
    return page


def _words(lines: Sequence[str], font_px: int | None) -> Image.Image:
    strip = make_strip(lines, _WIDTH_PX, font_px)
    return with_strip(Image.new("L", (_WIDTH_PX, 1), 0), strip, (_WIDTH_PX, strip.height_px + 1))


def _pictures(source: Source, extras: Extras) -> list[Image.Image]:
    """Pictures of the slices flagged most strongly, in slice order, with what they are flagged for."""
    findings, point = source.analysis.findings, source.analysis.point
    flagged = sorted(
        findings.flagged_slices(point),
        key=lambda i: (-(findings.slices[i].probability(Hemorrhage.ANY) or 0), i),
    )
    return [_picture(source, extras, index) for index in sorted(flagged[:_PICTURES])]


def _picture(source: Source, extras: Extras, index: int) -> Image.Image:
    info, finding = source.series.slices[index], source.analysis.findings.slices[index]
    side = _WIDTH_PX // _ACROSS
    flags = [
        f"{_ABBREVIATIONS[label.value]} {two_digits(finding.probability(label) or 0.0)}"
        for label in finding.flagged(source.analysis.point)
    ]
    caption = f"Slice {index + 1}: {', '.join(flags)}"
    ground = Image.new("L", (side, side), 0)
    assert extras.read_slice is not None
    try:
        decoded = extras.read_slice(info)
    except IchViewerError:
        caption = f"Slice {index + 1}: no picture, it cannot be read any more"
    else:
        if decoded.pixel_hash == finding.pixel_hash:
            picture = render_slice(info, decoded.image, _BRAIN)
            picture.thumbnail((side - 8, side - 8), Image.Resampling.BICUBIC)
            ground.paste(picture, ((side - picture.width) // 2, (side - picture.height) // 2))
        else:
            caption = f"Slice {index + 1}: no picture, its pixels are not those that were analyzed"
    strip = make_strip([caption], side, _CAPTION_PX)
    return with_strip(ground, strip, (side, side + strip.height_px))


def _row(pictures: Sequence[Image.Image]) -> Image.Image:
    row = Image.new("L", (_WIDTH_PX, max(picture.height for picture in pictures)), 0)
    for place, picture in enumerate(pictures):
        row.paste(picture, (place * (_WIDTH_PX // _ACROSS), 0))
    return row
