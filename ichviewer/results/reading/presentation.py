"""Grayscale Softcopy Presentation States (DICOM PS3.3 A.33.1): windows, graphics and words over referenced images."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeVar

from pydicom.dataset import Dataset
from pydicom.uid import UID

from ichviewer.dicom.references import read_reference
from ichviewer.dicom.values import Elements, readable_name
from ichviewer.dicom.voi import read_vois
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import Series, SliceInfo, SliceSource
from ichviewer.domain.stored_object import ImageReference, StoredKind
from ichviewer.domain.window import Voi
from ichviewer.errors import ReadError
from ichviewer.results.reading.color import rgb_of_lab
from ichviewer.results.reading.graphics import (
    Display,
    DisplayedArea,
    Graphic,
    Words,
    read_area,
    read_graphic,
    read_words,
)
from ichviewer.results.reading.result_file import ResultFile, open_result

_T = TypeVar("_T")

_GRAYSCALE = "1.2.840.10008.5.1.4.1.1.11.1"
MOST_GRAPHICS = 20_000
"""Graphics and texts of a state; what comes behind is left out and said."""

# What changes the picture in ways that are not shown here, by the element that says so.
_NOT_SHOWN = {
    "ShutterShape": "a display shutter",
    "MaskSubtractionSequence": "mask subtraction",
    "ModalityLUTSequence": "a modality LUT of its own",
}


@dataclass(frozen=True)
class Layer:
    """A graphic layer.

    Parameters
    ----------
    name : str
    order : int
        Higher ones are drawn over lower ones.
    description : str
    color_rgb : tuple of 3 int, or None
        Recommended color, 0..255.
    """

    name: str
    order: int = 0
    description: str = ""
    color_rgb: tuple[int, int, int] | None = None


@dataclass(frozen=True, eq=False)
class Drawing:
    """Graphics and words of one layer on some images.

    Parameters
    ----------
    references : tuple of ImageReference
        Empty for all images of the state.
    layer : str
    graphics : tuple of Graphic
    words : tuple of Words
    """

    references: tuple[ImageReference, ...]
    layer: str
    graphics: tuple[Graphic, ...]
    words: tuple[Words, ...]


@dataclass(frozen=True, eq=False)
class SlicePresentation:
    """What a state says of one slice.

    Parameters
    ----------
    vois : tuple of Voi
        Windows and VOI LUTs, the first of which is meant to be used; empty for those of the image.
    inverted : bool
        Whether grey is shown the other way round.
    display : Display
    graphics : tuple of (Graphic, Layer)
        With points in the stored pixels of the slice; what cannot be placed in them is left out.
    words : tuple of (Words, Layer)
    """

    vois: tuple[Voi, ...] = ()
    inverted: bool = False
    display: Display = field(default_factory=Display)
    graphics: tuple[tuple[Graphic, Layer], ...] = ()
    words: tuple[tuple[Words, Layer], ...] = ()


@dataclass(frozen=True, eq=False)
class PresentationState:
    """A presentation state.

    Parameters
    ----------
    file : ResultFile
    label, description, creator : str
    references : tuple of ImageReference
        All images that it is about.
    vois : tuple of (references, vois)
        Without references: for all images.
    areas : tuple of (references, DisplayedArea)
    drawings : tuple of Drawing
    layers : tuple of Layer
    inverted, flipped : bool
    quarter_turns : int
    problems : tuple of Problem
        What was malformed, and what is not shown.
    """

    file: ResultFile
    label: str
    description: str
    creator: str
    references: tuple[ImageReference, ...]
    vois: tuple[tuple[tuple[ImageReference, ...], tuple[Voi, ...]], ...] = ()
    areas: tuple[tuple[tuple[ImageReference, ...], DisplayedArea], ...] = ()
    drawings: tuple[Drawing, ...] = field(default=(), repr=False)
    layers: tuple[Layer, ...] = ()
    inverted: bool = False
    flipped: bool = False
    quarter_turns: int = 0
    problems: tuple[Problem, ...] = ()

    def on(self, series: Series) -> dict[int, SlicePresentation]:
        """What it says of the slices of a series, by their index; without those it is not about.

        Raises
        ------
        ReadError
            When it is of another patient, or about no slice of the series.
        """
        self.file.check_patient(series)
        uids = {reference.sop_uid for reference in self.references}
        found = {
            index: self._of_slice(info)
            for index, info in enumerate(series.slices)
            if info.sop_uid in uids and _mean(self.references, info)
        }
        if not found:
            raise ReadError("the presentation state is about no slice of this series", self.file.where)
        return found

    def _of_slice(self, info: SliceInfo) -> SlicePresentation:
        vois = next((vois for references, vois in self.vois if _mean(references, info)), ())
        area = next((area for references, area in self.areas if _mean(references, info)), None)
        display = Display(area, self.quarter_turns, self.flipped)
        layers = {layer.name: layer for layer in self.layers}
        graphics: list[tuple[Graphic, Layer]] = []
        words: list[tuple[Words, Layer]] = []
        for drawing in self.drawings:
            if not _mean(drawing.references, info):
                continue
            layer = layers.get(drawing.layer, Layer(drawing.layer))
            for graphic in drawing.graphics:
                placed = graphic.in_pixels(info, display)
                if placed is not None:
                    graphics.append((placed, layer))
            for text in drawing.words:
                at = text.in_pixels(info, display)
                if at is not None:
                    words.append((at, layer))
        graphics.sort(key=lambda one: one[1].order)
        words.sort(key=lambda one: one[1].order)
        return SlicePresentation(vois, self.inverted, display, tuple(graphics), tuple(words))


def _mean(references: tuple[ImageReference, ...], info: SliceInfo) -> bool:
    """Whether some of the references mean a slice; none at all mean every one."""
    return not references or any(r.means(info.sop_uid, info.source.frame) for r in references)


def read_presentation_state(source: SliceSource) -> PresentationState:
    """Read a Grayscale Softcopy Presentation State.

    Parameters
    ----------
    source : SliceSource

    Raises
    ------
    ReadError
        When it is none, is damaged, is of a kind that is not shown, or is about no image.
    """
    file = open_result(source, (StoredKind.PRESENTATION,), "presentation state")
    root = file.root
    sop_class = root.text("SOPClassUID")
    if sop_class not in ("", _GRAYSCALE):
        raise ReadError(
            "of presentation states only grayscale softcopy ones are shown", file.where, UID(sop_class).name
        )
    references = tuple(
        dict.fromkeys(
            reference
            for series in root.items("ReferencedSeriesSequence")
            for reference in _references(series, series.text("SeriesInstanceUID"))
        )
    )
    if not references:
        raise ReadError("the presentation state is about no image", file.where)
    drawings, left_out = _drawings(root)
    areas = []
    for item in root.items("DisplayedAreaSelectionSequence"):
        area, not_so = read_area(item)
        meant = _meant(item)
        if area is not None and meant is not None:
            areas.append((meant, area))
        if not_so and not_so not in left_out:
            left_out.append(not_so)
    rotation = root.integer("ImageRotation") or 0
    if rotation % 90:
        root.broken("ImageRotation", rotation)
        rotation = 0
    not_shown = [
        words for keyword, words in _NOT_SHOWN.items() if keyword in root and root.dataset[keyword].VM
    ]
    state = PresentationState(
        file,
        root.text("ContentLabel"),
        root.text("ContentDescription"),
        readable_name(root.name("ContentCreatorName")),
        references,
        tuple(
            (meant, vois)
            for item in root.items("SoftcopyVOILUTSequence")
            if (meant := _meant(item)) is not None and (vois := read_vois(item, signed=True))
        ),
        tuple(areas),
        tuple(drawings),
        tuple(_layer(item) for item in root.items("GraphicLayerSequence")),
        root.text("PresentationLUTShape").upper() == "INVERSE",
        root.text("ImageHorizontalFlip").upper() == "Y",
        rotation // 90 % 4,
    )
    told = [Problem(ProblemCode.RESULT_NOT_SHOWN, file.where, words) for words in (*not_shown, *left_out)]
    # Reading on may have found more that is malformed.
    return replace(state, problems=(*file.problems, *told))


def _references(parent: Elements, series_uid: str = "") -> tuple[ImageReference, ...]:
    found = (
        read_reference(parent.inside(item), series_uid) for item in parent.datasets("ReferencedImageSequence")
    )
    return tuple(reference for reference in found if reference is not None)


def _meant(item: Elements) -> tuple[ImageReference, ...] | None:
    """The images that an item is about, none for all; None where it names some that cannot be understood."""
    references = _references(item)
    return None if not references and item.datasets("ReferencedImageSequence") else references


def _layer(item: Elements) -> Layer:
    lab = [v for v in item.numbers("GraphicLayerRecommendedDisplayCIELabValue") if v is not None]
    return Layer(
        item.text("GraphicLayer"),
        item.integer("GraphicLayerOrder") or 0,
        item.text("GraphicLayerDescription"),
        rgb_of_lab(lab) if len(lab) == 3 else None,
    )


def _drawings(root: Elements) -> tuple[list[Drawing], list[str]]:
    """Drawings, and in words what is left out of them."""
    found = []
    left = MOST_GRAPHICS
    dropped = compound = 0
    for item in root.items("GraphicAnnotationSequence"):
        graphics_data = item.datasets("GraphicObjectSequence")
        words_data = item.datasets("TextObjectSequence")
        compound += len(item.datasets("CompoundGraphicSequence"))
        dropped += max(0, len(graphics_data) + len(words_data) - left)
        graphics = tuple(_read(item, graphics_data[:left], read_graphic))
        left = max(0, left - len(graphics_data))
        words = tuple(_read(item, words_data[:left], read_words))
        left = max(0, left - len(words_data))
        references = _meant(item)
        if references is None:
            dropped += len(graphics) + len(words)
            continue
        found.append(Drawing(references, item.text("GraphicLayer"), graphics, words))
    left_out = []
    if dropped:
        left_out.append(f"{dropped} graphics or texts")
    if compound:
        left_out.append(f"{compound} compound graphics")
    return found, left_out


def _read(parent: Elements, items: Iterable[Dataset], read: Callable[[Elements], _T | None]) -> Iterator[_T]:
    for item in items:
        value = read(parent.inside(item))
        if value is not None:
            yield value
