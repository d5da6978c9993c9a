"""What was measured: numbers with their units, and what has to be said beside them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from ichviewer.domain.annotation.base import Kind


class Unit(StrEnum):
    """Units; the value is what is shown and exported."""

    MM = "mm"
    PX = "px"
    MM2 = "mm2"
    PX2 = "px2"
    DEGREES = "deg"
    ML = "mL"
    HU = "HU"
    STORED = "stored value"
    """Of images that are not CT."""
    PIXELS = "pixels"
    SLICES = "slices"


class Name(StrEnum):
    """What was measured."""

    LENGTH = "length"
    LONG_AXIS = "long_axis"
    SHORT_AXIS = "short_axis"
    ANGLE = "angle"
    SHIFT = "shift"
    A = "a"
    B = "b"
    C = "c"
    VOLUME = "volume"
    AREA = "area"
    MEAN = "mean"
    SD = "sd"
    MIN = "min"
    MAX = "max"
    N_PIXELS = "n_pixels"
    VALUE = "value"


class Side(StrEnum):
    """The patient's right or left."""

    RIGHT = "R"
    LEFT = "L"


class Note(StrEnum):
    """What has to be said beside the numbers, or why there are none."""

    NO_SPACING = "no_spacing"
    ESTIMATED_SPACING = "estimated_spacing"
    OTHER_PIXELS = "other_pixels"
    OUTSIDE_PLANE = "outside_plane"
    SIDE_UNKNOWN = "side_unknown"
    B_LONGER_THAN_A = "b_longer_than_a"
    NOT_PERPENDICULAR = "not_perpendicular"
    CROSSES_ITSELF = "crosses_itself"
    PADDING_LEFT_OUT = "padding_left_out"
    PARTLY_OUTSIDE_IMAGE = "partly_outside_image"
    NO_PIXELS = "no_pixels"

    @property
    def text(self) -> str:
        """The note in words."""
        return _TEXTS[self]


_TEXTS = {
    Note.NO_SPACING: "no pixel spacing: measured in pixels, as if they were square",
    Note.ESTIMATED_SPACING: "the pixel spacing is an estimate, and so are lengths and areas",
    Note.OTHER_PIXELS: "drawn on other pixels: nothing is measured",
    Note.OUTSIDE_PLANE: "the points do not lie in this slice: nothing is measured",
    Note.SIDE_UNKNOWN: "the image does not tell right from left along the shift",
    Note.B_LONGER_THAN_A: "the second axis is longer than the first",
    Note.NOT_PERPENDICULAR: "the axes are not at right angles",
    Note.CROSSES_ITSELF: "the outline crosses itself: its area is that of the pixels counted",
    Note.PADDING_LEFT_OUT: "pixels without an image are left out",
    Note.PARTLY_OUTSIDE_IMAGE: "a part lies outside the image",
    Note.NO_PIXELS: "no pixel of the image has its center inside",
}


@dataclass(frozen=True)
class Quantity:
    """One number with its unit."""

    name: Name
    value: float
    unit: Unit

    def __post_init__(self) -> None:
        if not math.isfinite(self.value):
            raise ValueError(f"what is measured is a finite number. Received: {self.value}")

    @property
    def digits(self) -> str:
        """The number as it is shown: whole where it is of single pixels or counts them, else with one digit.

        There is no minus zero.
        """
        of_pixels = self.unit in (Unit.HU, Unit.STORED, Unit.PIXELS) and self.name not in (Name.MEAN, Name.SD)
        text = f"{self.value:.0f}" if of_pixels else f"{self.value:.1f}"
        return text.removeprefix("-") if text in ("-0", "-0.0") else text

    @property
    def rests_on_spacing(self) -> bool:
        """Whether it is as good as the pixel spacing."""
        return self.unit in (Unit.MM, Unit.MM2, Unit.ML)


@dataclass(frozen=True)
class Measured:
    """What was measured from one annotation.

    Parameters
    ----------
    annotation_id : str
    kind : Kind
    pixel_hash : str
        The pixels it was measured on; it is shown beside these only.
    quantities : tuple of Quantity
        Each name at most once.
    side : Side or None
        Where the midline is shifted to.
    notes : tuple of Note
    """

    annotation_id: str
    kind: Kind
    pixel_hash: str
    quantities: tuple[Quantity, ...] = ()
    side: Side | None = None
    notes: tuple[Note, ...] = ()

    def __post_init__(self) -> None:
        names = [q.name for q in self.quantities]
        if len(set(names)) != len(names):
            raise ValueError(f"each quantity is measured once. Received: {names}")

    def find(self, name: Name) -> Quantity | None:
        """A quantity by its name, None where it was not measured."""
        return next((q for q in self.quantities if q.name is name), None)
