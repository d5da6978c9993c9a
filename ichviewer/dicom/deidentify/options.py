"""What a person may ask of de-identification, with the codes under which the standard knows it."""

from __future__ import annotations

from dataclasses import dataclass

Code = tuple[str, str]
"""Code value of the scheme DCM, and its meaning."""

BASIC: Code = ("113100", "Basic Application Confidentiality Profile")
CLEAN_PIXELS: Code = ("113101", "Clean Pixel Data Option")
CLEAN_GRAPHICS: Code = ("113103", "Clean Graphics Option")
CLEAN_STRUCTURED: Code = ("113104", "Clean Structured Content Option")
CLEAN_DESCRIPTORS: Code = ("113105", "Clean Descriptors Option")
MODIFIED_DATES: Code = (
    "113107",
    "Retain Longitudinal Temporal Information Modified Dates Option",
)
KEEP_DEVICE: Code = ("113109", "Retain Device Identity Option")
"""Codes of PS3.16 CID 7050."""


@dataclass(frozen=True)
class MaskRectangle:
    """Pixels that are made blank.

    Parameters
    ----------
    x_px, y_px : int
        Column and row of the left upper pixel, from 0.
    width_px, height_px : int

    Raises
    ------
    ValueError
        If it is empty or begins outside of every image.
    """

    x_px: int
    y_px: int
    width_px: int
    height_px: int

    def __post_init__(self) -> None:
        if min(self.x_px, self.y_px) < 0 or min(self.width_px, self.height_px) < 1:
            raise ValueError(
                f"a rectangle begins at 0 or more and is 1 or more wide and high. Received: {self}"
            )

    @classmethod
    def parse(cls, text: str) -> MaskRectangle:
        """A rectangle of ``x,y,w,h``.

        Raises
        ------
        ValueError
        """
        parts = text.split(",")
        if len(parts) != 4 or not all(part.strip().isascii() and part.strip().isdigit() for part in parts):
            raise ValueError(f"a rectangle is four whole numbers: x,y,w,h. Received: {text!r}")
        return cls(*(int(part) for part in parts))


@dataclass(frozen=True)
class Options:
    """Options of the profile (PS3.15 E.3), and what to mask.

    Parameters
    ----------
    keep_longitudinal : bool
        Keep dates and times, shifted by a number of days that depends on patient and key.
    clean_descriptors : bool
        Keep the words of descriptions that are known to name nobody.
    keep_device : bool
        Keep what tells one scanner from another.
    masks : tuple of MaskRectangle
        Blanked in images that may show text, and in no others.
    """

    keep_longitudinal: bool = False
    clean_descriptors: bool = False
    keep_device: bool = False
    masks: tuple[MaskRectangle, ...] = ()

    def codes(self, *, has_tree: bool, has_graphics: bool, masked: bool) -> tuple[Code, ...]:
        """What was applied to one object, by the codes of CID 7050."""
        chosen = (
            (True, BASIC),
            (masked, CLEAN_PIXELS),
            (has_graphics, CLEAN_GRAPHICS),
            (has_tree, CLEAN_STRUCTURED),
            (self.clean_descriptors, CLEAN_DESCRIPTORS),
            (self.keep_longitudinal, MODIFIED_DATES),
            (self.keep_device, KEEP_DEVICE),
        )
        return tuple(code for wanted, code in chosen if wanted)
