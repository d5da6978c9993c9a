"""Presentation states: windows, graphics and words on the images that they are about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from dicom_factory import make_slice, write
from pydicom.dataset import FileDataset
from stored_factory import PRESENTATION, item, make_stored, reference, referenced_series

from ichviewer.dicom.catalog import read_catalog
from ichviewer.domain.series import Series, SliceSource
from ichviewer.domain.window import VoiFunction, VoiLut, Window
from ichviewer.errors import ReadError
from ichviewer.results.reading.graphics import DisplayedArea, Shape, SizeMode
from ichviewer.results.reading.presentation import (
    PresentationState,
    SlicePresentation,
    read_presentation_state,
)

ROWS, COLUMNS = 16, 24


@pytest.fixture
def images(tmp_path: Path) -> list[FileDataset]:
    made = [make_slice(rows=ROWS, columns=COLUMNS, z_mm=5.0 * n, instance_number=n + 1) for n in range(3)]
    for number, image in enumerate(made):
        write(tmp_path / "ct" / f"{number}.dcm", image)
    return made


@pytest.fixture
def series(tmp_path: Path, images: list[FileDataset]) -> Series:
    (found,) = read_catalog([tmp_path / "ct"]).series
    return found


def make_state(images: list[FileDataset], **elements: Any) -> FileDataset:
    listed = referenced_series(images, "ReferencedImageSequence")
    return make_stored(
        PRESENTATION,
        "PR",
        images[0],
        **{"ContentLabel": "STATE", "ReferencedSeriesSequence": listed, **elements},
    )


def read(folder: Path, ds: FileDataset) -> PresentationState:
    return read_presentation_state(SliceSource(write(folder / "pr.dcm", ds)))


def drawing(*objects: Any, texts: Any = (), on: Any = (), layer: str = "ONE") -> Any:
    made = item(GraphicLayer=layer)
    if objects:
        made.GraphicObjectSequence = list(objects)
    if texts:
        made.TextObjectSequence = list(texts)
    if on:
        made.ReferencedImageSequence = [reference(image) for image in on]
    return made


def graphic(kind: str, data: list[float], units: str = "PIXEL", filled: str = "N") -> Any:
    return item(
        GraphicAnnotationUnits=units,
        GraphicDimensions=2,
        NumberOfGraphicPoints=len(data) // 2,
        GraphicData=[float(v) for v in data],
        GraphicType=kind,
        GraphicFilled=filled,
    )


def points(presentation: SlicePresentation) -> list[tuple[tuple[float, float], ...]]:
    return [graphic.points for graphic, _ in presentation.graphics]


def test_windows_hold_for_the_images_they_name_and_others_for_all(tmp_path, images, series):
    lut = item(
        LUTDescriptor=[3, 100, 8], LUTData=np.array([0, 128, 255], "<u2").tobytes(), LUTExplanation="steps"
    )
    state = read(
        tmp_path,
        make_state(
            images,
            SoftcopyVOILUTSequence=[
                item(
                    ReferencedImageSequence=[reference(images[1])],
                    WindowCenter=[50, 600],
                    WindowWidth=[130, 2800],
                    WindowCenterWidthExplanation=["subdural", "bone"],
                    VOILUTFunction="LINEAR_EXACT",
                ),
                item(ReferencedImageSequence=[reference(images[2])], VOILUTSequence=[lut]),
                item(WindowCenter=40, WindowWidth=80),
            ],
        ),
    ).on(series)
    exact = VoiFunction.LINEAR_EXACT
    assert state[0].vois == (Window(40, 80),)
    assert state[1].vois == (Window(50, 130, exact, "subdural"), Window(600, 2800, exact, "bone"))
    (table,) = state[2].vois
    assert isinstance(table, VoiLut)
    assert (table.first_hu, table.bits, table.entries.tolist(), table.name) == (
        100,
        8,
        [0, 128, 255],
        "steps",
    )


def test_a_state_is_about_the_images_it_lists_only(tmp_path, images, series):
    assert list(read(tmp_path, make_state(images[1:2])).on(series)) == [1]
    other = make_slice(series="other")
    with pytest.raises(ReadError, match="about no slice of this series"):
        read(tmp_path, make_state([other])).on(series)


def test_points_in_pixels_count_from_the_corner_of_the_first_pixel(tmp_path, images, series):
    # Column 0.5, row 0.5 is the middle of the first pixel; column 10.5, row 3.5 that of row 3, column 10.
    ds = make_state(images, GraphicAnnotationSequence=[drawing(graphic("POLYLINE", [0.5, 0.5, 10.5, 3.5]))])
    state = read(tmp_path, ds).on(series)
    assert points(state[0]) == points(state[2]) == [((0.0, 0.0), (3.0, 10.0))]


# 16 rows, 24 columns. Shares (0, 0), (0.25, 0.5) and (1, 1) as (across, down) in the picture.
@pytest.mark.parametrize(
    "case",
    [
        (0, "N", ((-0.5, -0.5), (7.5, 5.5), (15.5, 23.5))),
        # Mirrored: across runs from the last column.
        (0, "Y", ((-0.5, 23.5), (7.5, 17.5), (15.5, -0.5))),
        # Turned clockwise: the bottom left comes to the top left; across runs up the rows, down along the columns.
        (90, "N", ((15.5, -0.5), (11.5, 11.5), (-0.5, 23.5))),
        (180, "N", ((15.5, 23.5), (7.5, 17.5), (-0.5, -0.5))),
        (270, "N", ((-0.5, 23.5), (3.5, 11.5), (15.5, -0.5))),
        # Turned, then mirrored.
        (90, "Y", ((-0.5, -0.5), (3.5, 11.5), (15.5, 23.5))),
    ],
)
def test_points_in_shares_of_the_display_follow_turns_and_flips(tmp_path, images, series, case):
    turn, flip, wanted = case
    ds = make_state(
        images,
        ImageRotation=turn,
        ImageHorizontalFlip=flip,
        GraphicAnnotationSequence=[drawing(graphic("POLYLINE", [0, 0, 0.25, 0.5, 1, 1], "DISPLAY"))],
    )
    presentation = read(tmp_path, ds).on(series)[1]
    np.testing.assert_allclose(points(presentation)[0], wanted)
    assert (presentation.display.quarter_turns, presentation.display.flipped) == (turn // 90, flip == "Y")


def test_shares_of_the_display_are_of_the_displayed_area(tmp_path, images, series):
    # Columns 5 to 12 and rows 3 to 6, counted from 1: 8 and 4 pixels.
    area = item(DisplayedAreaTopLeftHandCorner=[5, 3], DisplayedAreaBottomRightHandCorner=[12, 6])
    ds = make_state(
        images,
        DisplayedAreaSelectionSequence=[area],
        GraphicAnnotationSequence=[drawing(graphic("POINT", [0.5, 0.25], "DISPLAY"))],
    )
    # Across: 3.5 + 8 / 2; down: 1.5 + 4 / 4.
    assert points(read(tmp_path, ds).on(series)[0]) == [((2.5, 7.5),)]


def area_item(mode: str = "SCALE TO FIT", on: Any = (), **elements: Any) -> Any:
    made = item(
        DisplayedAreaTopLeftHandCorner=[5, 3],
        DisplayedAreaBottomRightHandCorner=[12, 6],
        PresentationSizeMode=mode,
        **elements,
    )
    if on:
        made.ReferencedImageSequence = [reference(image) for image in on]
    return made


CORNERS = ((5, 3), (12, 6))


def not_shown(state: PresentationState) -> list[str]:
    return [p.found for p in state.problems if p.code.value == "result_not_shown"]


@pytest.mark.parametrize(
    ("made", "wanted"),
    [
        (area_item(), DisplayedArea(*CORNERS)),
        (area_item(PresentationPixelAspectRatio=[2, 1]), DisplayedArea(*CORNERS, aspect=2.0)),
        (
            area_item("TRUE SIZE", PresentationPixelSpacing=[0.5, 0.25]),
            DisplayedArea(*CORNERS, SizeMode.TRUE, (0.5, 0.25), 2.0),
        ),
        (
            area_item("MAGNIFY", PresentationPixelMagnificationRatio=2.5),
            DisplayedArea(*CORNERS, SizeMode.MAGNIFY, magnification=2.5),
        ),
    ],
)
def test_the_displayed_area_has_its_corners_and_its_size(tmp_path, images, series, made, wanted):
    state = read(tmp_path, make_state(images, DisplayedAreaSelectionSequence=[made]))
    assert [shown.display.area for shown in state.on(series).values()] == [wanted] * 3
    assert not_shown(state) == []


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (area_item("TRUE SIZE"), "true size without pixel spacing"),
        (area_item("TRUE SIZE", PresentationPixelSpacing=[0, 0.5]), "true size without pixel spacing"),
        (area_item("TRUE SIZE", PresentationPixelAspectRatio=[1, 1]), "true size without pixel spacing"),
        (area_item("MAGNIFY"), "a magnification without its ratio"),
        (area_item("MAGNIFY", PresentationPixelMagnificationRatio=-1), "a magnification without its ratio"),
        (area_item("MAGNIFY", PresentationPixelMagnificationRatio=1e30), "a magnification without its ratio"),
    ],
)
def test_an_area_whose_size_cannot_be_told_is_fitted_and_that_is_said(tmp_path, images, series, made, told):
    state = read(tmp_path, make_state(images, DisplayedAreaSelectionSequence=[made]))
    area = state.on(series)[0].display.area
    assert area is not None
    assert (area.first, area.last, area.mode) == (*CORNERS, SizeMode.FIT)
    assert not_shown(state) == [told]


def test_an_unknown_size_mode_is_fitted_and_reported(tmp_path, images, series):
    state = read(tmp_path, make_state(images, DisplayedAreaSelectionSequence=[area_item("STRETCH")]))
    area = state.on(series)[0].display.area
    assert area == DisplayedArea(*CORNERS)
    assert [(p.code.value, p.found) for p in state.problems] == [
        ("broken_value", "PresentationSizeMode 'STRETCH'")
    ]


def test_each_image_has_the_area_that_names_it_and_one_that_names_nothing_known_is_for_none(
    tmp_path, images, series
):
    unknown = area_item("MAGNIFY", PresentationPixelMagnificationRatio=9.0)
    unknown.ReferencedImageSequence = [item(ReferencedSOPClassUID="1.2")]
    lost = item(DisplayedAreaTopLeftHandCorner=[1, 1], PresentationSizeMode="SCALE TO FIT")
    far = area_item()
    far.DisplayedAreaBottomRightHandCorner = [2**31 - 1, 6]
    items = [unknown, lost, far, area_item(on=[images[1]])]
    state = read(tmp_path, make_state(images, DisplayedAreaSelectionSequence=items))
    areas = [shown.display.area for shown in state.on(series).values()]
    assert areas == [None, DisplayedArea(*CORNERS), None]
    assert not_shown(state) == [
        "a displayed area without its corners",
        "a displayed area that reaches too far",
    ]


def test_windows_that_name_no_image_that_is_understood_are_for_none(tmp_path, images, series):
    window = item(ReferencedImageSequence=[item(ReferencedSOPClassUID="1.2")], WindowCenter=1, WindowWidth=2)
    assert read(tmp_path, make_state(images, SoftcopyVOILUTSequence=[window])).on(series)[0].vois == ()


def test_words_keep_their_places_and_layers_their_order_and_color(tmp_path, images, series):
    words = item(
        UnformattedTextValue="<b>clot</b>\r\n12 mm",
        AnchorPoint=[4.5, 3.5],
        AnchorPointAnnotationUnits="PIXEL",
        AnchorPointVisibility="Y",
        BoundingBoxTopLeftHandCorner=[0.0, 0.0],
        BoundingBoxBottomRightHandCorner=[0.5, 0.5],
        BoundingBoxAnnotationUnits="DISPLAY",
    )
    layers = [
        item(
            GraphicLayer="TOP",
            GraphicLayerOrder=2,
            GraphicLayerRecommendedDisplayCIELabValue=[65535, 32896, 32896],
        ),
        item(GraphicLayer="LOW", GraphicLayerOrder=1),
    ]
    ds = make_state(
        images,
        GraphicLayerSequence=layers,
        GraphicAnnotationSequence=[
            drawing(graphic("CIRCLE", [8, 8, 9, 8], filled="Y"), texts=[words], on=[images[1]], layer="TOP"),
            drawing(graphic("ELLIPSE", [1, 2, 5, 2, 3, 1, 3, 3]), layer="LOW"),
        ],
    )
    state = read(tmp_path, ds).on(series)
    assert [(g.shape, layer.name) for g, layer in state[0].graphics] == [(Shape.ELLIPSE, "LOW")]
    assert [(g.shape, g.filled, layer.color_rgb) for g, layer in state[1].graphics] == [
        (Shape.ELLIPSE, False, None),
        (Shape.CIRCLE, True, (255, 255, 255)),
    ]
    ((text, layer),) = state[1].words
    assert (text.text, text.anchor, text.anchor_shown, layer.name) == (
        "<b>clot</b>\n12 mm",
        (3.0, 4.0),
        True,
        "TOP",
    )
    assert text.box == ((-0.5, -0.5), (7.5, 11.5))


def test_what_is_not_shown_is_named(tmp_path, images, series):
    ds = make_state(
        images,
        ShutterShape="CIRCULAR",
        PresentationLUTShape="INVERSE",
        GraphicAnnotationSequence=[
            item(GraphicLayer="ONE", CompoundGraphicSequence=[item(CompoundGraphicType="RULER")]),
            drawing(
                graphic("POLYLINE", [1, 2, float("nan"), 4]),
                graphic("STAR", [1, 2]),
                graphic("CIRCLE", [1, 2]),
            ),
        ],
    )
    state = read(tmp_path, ds)
    assert state.on(series)[0].inverted
    assert points(state.on(series)[0]) == []
    assert [p.found for p in state.problems if p.code.value == "result_not_shown"] == [
        "a display shutter",
        "1 compound graphics",
    ]
    assert len([p for p in state.problems if p.code.value == "broken_value"]) >= 3


def test_a_drawing_on_an_image_that_cannot_be_understood_is_on_none(tmp_path, images, series):
    broken = drawing(graphic("POINT", [1, 2]))
    broken.ReferencedImageSequence = [item(ReferencedSOPClassUID="1.2")]
    state = read(tmp_path, make_state(images, GraphicAnnotationSequence=[broken]))
    assert points(state.on(series)[0]) == []
    assert "1 graphics or texts" in [p.found for p in state.problems]


def test_states_of_other_kinds_and_patients_are_refused_by_name(tmp_path, images, series):
    with pytest.raises(ReadError, match="Color Softcopy Presentation State"):
        read(tmp_path, make_state(images, SOPClassUID="1.2.840.10008.5.1.4.1.1.11.2"))
    with pytest.raises(ReadError, match="about no image"):
        read(tmp_path, make_state(images, ReferencedSeriesSequence=[]))
    with pytest.raises(ReadError, match="another patient"):
        read(tmp_path, make_state(images, PatientID="P2")).on(series)


def test_a_long_outline_is_read_to_its_last_point(tmp_path, images, series):
    outline = np.linspace(0, 15, 20_000).repeat(2).astype(np.float32)
    ds = make_state(images, GraphicAnnotationSequence=[drawing(graphic("POLYLINE", outline.tolist()))])
    (found,) = points(read(tmp_path, ds).on(series)[0])
    np.testing.assert_allclose(found, np.float64(outline).reshape(-1, 2) - 0.5)
