"""Painted regions on paper: what is told of them, where their outline stands, and what is kept back."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from image_builders import make_head
from PySide6.QtGui import QColor
from region_factory import mask_of
from report_builders import NOW, whole_source

from ichviewer.domain.decoded import pixel_hash
from ichviewer.domain.painted_region import SliceMask
from ichviewer.ui.look.region_colors import REGION_COLOR
from ichviewer.ui.report.assembling import report_content
from ichviewer.ui.report.content import KeyImage, Paragraph, ReportContent, Section, Table
from ichviewer.ui.report.layout import PlacedPicture, pages
from ichviewer.ui.report.painting import page_image
from ichviewer.ui.report.regions import RegionPicture, ReportedRegion
from ichviewer.ui.report.source import ReportSource

HEAD = dataclasses.replace(make_head(), pixel_hash=pixel_hash(make_head().image))
NO_WORDS = "it was painted on other pixels"


def mask(index: int = 4) -> SliceMask:
    """Rows 24 to 47 and columns 48 to 71 of 96 x 96 pixels."""
    inside = np.zeros((96, 96), dtype=bool)
    inside[24:48, 48:72] = True
    info = whole_source().series.slices[index]
    return mask_of(info.sop_uid, inside, frame=info.source.frame, pixel_hash=HEAD.pixel_hash)


def region(number: int = 1, name: str = "", **changes: object) -> ReportedRegion:
    fields: dict[str, object] = {
        "hu": "62.0 (50 to 80) HU",
        "picture": RegionPicture(4, HEAD, mask()),
    } | changes
    return ReportedRegion(number, name, 3, "12.3 mL (10.0 to 14.0)", **fields)  # type: ignore[arg-type]


def refused(number: int = 1, name: str = "") -> ReportedRegion:
    return ReportedRegion(number, name, 3, "", refused=NO_WORDS)


def made(*regions: ReportedRegion, patient_data: bool = True) -> ReportContent:
    source: ReportSource = whole_source(regions=regions)
    return report_content(source, patient_data=patient_data, now=NOW)


def section(content: ReportContent) -> Section:
    return next(s for s in content.sections if s.heading == "Painted regions")


def test_without_regions_there_is_no_section() -> None:
    assert all(s.heading != "Painted regions" for s in made().sections)


def test_name_volume_values_and_how_it_was_measured_are_told() -> None:
    found = section(made(region(name="left frontal")))
    (table,) = (block for block in found.blocks if isinstance(block, Table))
    assert table.rows == (
        ("left frontal", "3, largest on 5", "12.3 mL (10.0 to 14.0)", "62.0 (50 to 80) HU"),
    )
    (picture,) = (block for block in found.blocks if isinstance(block, KeyImage))
    assert picture.lines[0] == "left frontal" and picture.lines[1].startswith("Slice 5 of 10")
    # The sides of the square, on the edges of its pixels.
    assert picture.outline.tolist() == [
        [48, 24, 72, 24],
        [48, 48, 72, 48],
        [48, 24, 48, 48],
        [72, 24, 72, 48],
    ]
    texts = [block.text for block in found.blocks if isinstance(block, Paragraph)]
    assert any(text.startswith("Volumes count the pixels of a region on each slice") for text in texts)


def test_without_patient_data_a_region_goes_by_its_number() -> None:
    text = made(region(2, "DOE JANE"), refused(3, "JANE DOE"), patient_data=False).text()
    assert "DOE" not in text
    assert "Region 2 (words hidden)" in text and "Region 3 (words hidden)" in text


def test_a_region_on_other_pixels_is_told_without_values_or_a_picture() -> None:
    found = section(made(refused()))
    assert not any(isinstance(block, KeyImage) for block in found.blocks)
    (words,) = (block.text for block in found.blocks if isinstance(block, Paragraph))
    assert words == f"Region 1 is not measured and not shown: {NO_WORDS}."
    assert "mL" not in "".join(block.rows[0][2] for block in found.blocks if isinstance(block, Table))


def test_a_picture_of_other_pixels_or_another_slice_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="the pixels that it was painted on"):
        RegionPicture(4, HEAD, dataclasses.replace(mask(), pixel_hash="other"))
    with pytest.raises(ValueError, match="regions lie on slices of the series"):
        whole_source(regions=(region(picture=RegionPicture(5, HEAD, mask(4))),))
    with pytest.raises(ValueError, match="a region that is not valid has no values"):
        ReportedRegion(1, "", 3, "12 mL", refused=NO_WORDS)


@pytest.mark.usefixtures("qapp")
def test_pictures_of_twelve_regions_stand_in_rows_within_the_paper() -> None:
    found = pages(made(*(region(i) for i in range(1, 13))))
    pictures = [item for page in found for item in page.items if isinstance(item, PlacedPicture)]
    assert len(pictures) == 13
    assert all(p.x_pt >= 36 and p.x_pt + p.width_pt <= found[0].width_pt - 35 for p in pictures)


@pytest.mark.usefixtures("qapp")
def test_the_outline_is_painted_where_the_region_lies() -> None:
    (page,) = (p for p in pages(made(region())) if any(isinstance(i, PlacedPicture) for i in p.items[-40:]))
    place = [item for item in page.items if isinstance(item, PlacedPicture)][-1]
    dpi = 288.0
    image, scale = page_image(page, dpi), dpi / 72

    def color(row: float, column: float) -> QColor:
        x, y = place.x_pt + column / 96 * place.width_pt, place.y_pt + row / 96 * place.height_pt
        return image.pixelColor(int(x * scale), int(y * scale))

    def near(one: QColor) -> bool:
        return abs(one.red() - REGION_COLOR.red()) + abs(one.blue() - REGION_COLOR.blue()) < 80

    assert all(near(color(*at)) for at in ((24, 60), (48, 60), (36, 48), (36, 72)))
    # Neither the middle nor the mirrored place.
    assert not near(color(36, 60)) and not near(color(60, 24))
