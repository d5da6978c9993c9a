"""Table E.1-1 of DICOM PS3.15: which attribute is removed, emptied, replaced or kept."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache

from ichviewer.bundle import resources_dir
from ichviewer.dicom.deidentify.options import Options
from ichviewer.errors import SettingsError

EDITION = "2026c"
_FOLDER = "deidentify"
_TABLE = "ps3_15_e_1_1.csv"
_CODES = {
    **{"X": "X", "Z": "Z", "X/Z": "Z", "U": "U", "X/Z/U*": "U"},
    **{"D": "D", "X/D": "D", "X/Z/D": "D", "Z/D": "D"},
}
# Of several actions, the standard lets the type of the attribute choose (PS3.15 E.3.1). A dummy value is right for
# each type, an empty value for types 2 and 3.


class Action(Enum):
    """What is done to an attribute; the letters are those of the table."""

    REMOVE = "X"
    EMPTY = "Z"
    DUMMY = "D"
    UID = "U"
    KEEP = "K"
    SHIFT = "C dates"
    CLEAN = "C text"


@dataclass(frozen=True)
class Row:
    """What the table says of one attribute.

    Parameters
    ----------
    basic : str
        Letters of the basic profile.
    device, modified_dates, descriptors : str
        ``K``, ``C`` or nothing: of the options.

    Raises
    ------
    ValueError
        For letters that the table does not have.
    """

    basic: str
    device: str = ""
    modified_dates: str = ""
    descriptors: str = ""

    def __post_init__(self) -> None:
        if self.basic not in _CODES or not {self.device, self.modified_dates, self.descriptors} <= {
            "",
            "K",
            "C",
        }:
            raise ValueError(f"no such action in PS3.15 Table E.1-1. Received: {self}")

    def action(self, options: Options) -> Action:
        """What is done under some options; an option that keeps more goes before the basic profile."""
        if options.keep_longitudinal and self.modified_dates:
            return Action.SHIFT
        if options.keep_device and self.device == "K":
            return Action.KEEP
        cleans = (options.keep_device and self.device == "C") or (
            options.clean_descriptors and self.descriptors == "C"
        )
        return Action.CLEAN if cleans else self.basic_action

    @property
    def basic_action(self) -> Action:
        """What the profile without options does."""
        return Action(_CODES[self.basic])


@cache
def table() -> Mapping[int, Row]:
    """The rows by tag; repeating groups (curves, overlays) are not among them, since they are removed whole.

    Raises
    ------
    SettingsError
        If the resource is missing or damaged.
    """
    try:
        text = (resources_dir() / _FOLDER / _TABLE).read_text(encoding="utf-8")
        rows = list(csv.DictReader(text.splitlines()))
        found = {
            int(row["tag"].replace(",", ""), 16): Row(
                row["basic"], row["device"], row["modified_dates"], row["descriptors"]
            )
            for row in rows
            if "x" not in row["tag"]
        }
    except (OSError, ValueError, KeyError) as error:
        raise SettingsError("the table of de-identification cannot be used", _TABLE, str(error)) from error
    return found


@cache
def listed(name: str) -> frozenset[str]:
    """The words of a list among the resources, such as ``kept_texts``.

    Raises
    ------
    SettingsError
    """
    try:
        text = (resources_dir() / _FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    except OSError as error:
        raise SettingsError("a list of de-identification cannot be read", name, str(error)) from error
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word for line in lines for word in line.split())
