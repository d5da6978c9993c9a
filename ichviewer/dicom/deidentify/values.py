"""Values by their VR (DICOM PS3.5 section 6.2): whether they have its form, stand-ins for them, shifted dates."""

from __future__ import annotations

import re
from datetime import date, timedelta

REMOVED = "REMOVED"

TEXT_VRS = frozenset({"AE", "LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT"})
"""What holds words of a person's choice."""
DATE_VRS = frozenset({"DA", "DT", "TM"})
FORMED_VRS = frozenset({"AS", "CS", "DS", "IS", "UI"})
"""What is text of a form that leaves little room for words."""
BINARY_VRS = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "UN"})

_FORMS = {
    "AS": re.compile(r"\d{3}[DWMY]"),
    "CS": re.compile(r"[A-Z0-9_ ]{0,16}"),
    "DS": re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?"),
    "IS": re.compile(r"[+-]?\d{1,12}"),
    "UI": re.compile(r"[0-9]+(\.[0-9]+)*"),
}
_LONGEST = {"CS": 16, "DS": 40, "IS": 16, "UI": 64, "AS": 4}
_DUMMIES: dict[str, object] = {
    **dict.fromkeys(("AE", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UT"), REMOVED),
    **{"UR": "urn:removed", "AS": "000Y", "DS": "0", "IS": "0"},
    **{"DA": "19000101", "TM": "000000", "DT": "19000101000000"},
    **dict.fromkeys(("US", "SS", "UL", "SL", "UV", "SV", "AT"), 0),
    **{"FL": 0.0, "FD": 0.0},
}
_ZONE = re.compile(r"[+-](0\d|1[0-4])[0-5]\d")
_DA = re.compile(r"(\d{4})(\d{2})(\d{2})|(\d{4})\.(\d{2})\.(\d{2})")
_TM = re.compile(r"([01]\d|2[0-3])(([0-5]\d)(([0-5]\d|60)(\.\d{1,6})?)?)?|\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?")
_DT = re.compile(
    r"(?P<date>\d{4}(\d{2}(\d{2})?)?)(?P<time>\d{2}(\d{2}(\d{2}(\.\d{1,6})?)?)?)?(?P<zone>[+-]\d{4})?"
)


def has_form(vr: str, value: str) -> bool:
    """Whether a value of a formed VR is what it has to be; an empty one is.

    Parameters
    ----------
    vr : str
        One of `FORMED_VRS`.
    value : str
        One value, without padding.
    """
    return not value or (len(value) <= _LONGEST[vr] and _FORMS[vr].fullmatch(value) is not None)


def dummy(vr: str) -> object | None:
    """What stands in for a value of a VR; None where nothing can (binary values, UIDs, sequences)."""
    return _DUMMIES.get(vr)


def shifted(vr: str, value: str, days: int) -> str | None:
    """A date or time that lies a number of days earlier; times of a day stay.

    Parameters
    ----------
    vr : str
        ``DA``, ``DT``, ``TM``, or ``SH`` for an offset from UTC.
    value : str
        One value, without padding.
    days : int
        How far it goes back.

    Returns
    -------
    str or None
        None for what is no date or time, or would lie before the year 1. Of a date and time that names no day, year
        and month are those of the shifted first day.
    """
    if vr == "SH":
        return value if _ZONE.fullmatch(value) else None
    if vr == "TM":
        return value if _TM.fullmatch(value) else None
    if vr == "DA":
        found = _DA.fullmatch(value)
        if found is None:
            return None
        return _earlier("".join(part for part in found.groups() if part is not None), days)
    found = _DT.fullmatch(value)
    if found is None:
        return None
    day = found["date"]
    moved = _earlier((day + "0101")[:8] if len(day) == 4 else (day + "01")[:8], days)
    if moved is None:
        return None
    return moved[: len(day)] + (found["time"] or "") + (found["zone"] or "")


def _earlier(day: str, days: int) -> str | None:
    try:
        moved = date(int(day[:4]), int(day[4:6]), int(day[6:8])) - timedelta(days=days)
    except (ValueError, OverflowError):
        return None
    return f"{moved.year:04d}{moved.month:02d}{moved.day:02d}"
