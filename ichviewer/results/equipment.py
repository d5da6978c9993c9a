"""The program as equipment, and the model as an algorithm, under the names that DICOM objects carry."""

from __future__ import annotations

from dataclasses import dataclass

from ichviewer import __version__
from ichviewer.results.analysis import SeriesAnalysis
from ichviewer.results.uids import uid_of

MANUFACTURER = "ichviewer"
_MOST = 64


@dataclass(frozen=True)
class Equipment:
    """What the General Equipment and Enhanced General Equipment modules say (DICOM PS3.3 C.7.5.1 and C.7.5.2)."""

    manufacturer: str
    model_name: str
    software_version: str
    serial_number: str

    @property
    def uid(self) -> str:
        """Names this version of the program as an observer (TID 1004)."""
        return uid_of("device", self.manufacturer, self.model_name, self.software_version)


EQUIPMENT = Equipment(MANUFACTURER, "ichviewer", __version__, f"software {__version__}")
"""A program has no serial number; objects of which the standard demands one get the version."""


@dataclass(frozen=True)
class Algorithm:
    """What TID 4019 (PS3.16) and the Algorithm Identification macro (PS3.3 table 10-19) say of a model.

    Parameters
    ----------
    name, version : str
        Of the model, in ASCII, at most 64 characters.
    manufacturer : str
    parameters : tuple of (str, str)
        Name and value, in order.
    """

    name: str
    version: str
    manufacturer: str
    parameters: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, analysis: SeriesAnalysis) -> Algorithm:
        """The model of an analysis with the settings that its results depend on."""
        card, point = analysis.card, analysis.point
        thresholds = zip(card.spec.columns(), point.thresholds, strict=True)
        return cls(
            ascii_line(card.name) or "unnamed",
            ascii_line(card.version) or "unnamed",
            MANUFACTURER,
            (
                ("model_sha256", analysis.model_sha256),
                ("keras_sha256", card.keras_sha256),
                ("engine", ascii_line(analysis.engine) or "none"),
                ("operating_point", ascii_line(point.name)),
                *((f"threshold_{name}", f"{threshold:g}") for name, threshold in thresholds),
                ("smoothing_mm", f"{card.sigma_mm:g}"),
                ("software", f"{EQUIPMENT.manufacturer} {EQUIPMENT.software_version}"),
            ),
        )

    def parameter_texts(self) -> list[str]:
        """Each parameter as ``name=value``."""
        return [f"{name}={value}" for name, value in self.parameters]


def ascii_line(text: str, most: int = _MOST) -> str:
    r"""A text as every character set of DICOM can hold it: printable ASCII in one line, no backslash.

    Parameters
    ----------
    text : str
    most : int
        Characters to keep.
    """
    return "".join(c if c.isascii() and c.isprintable() and c != "\\" else "?" for c in text)[:most].strip()
