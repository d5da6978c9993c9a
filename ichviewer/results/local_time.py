"""Dates and times as DICOM writes them, in the time zone that an image names."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

_OFFSET = re.compile(r"([+-])([01][0-9])([0-5][0-9])")


def in_zone(moment: datetime, offset: str) -> datetime:
    """A moment in the zone of Timezone Offset From UTC (0008,0201; DICOM PS3.3 C.12.1.1).

    Parameters
    ----------
    moment : datetime
        With a time zone.
    offset : str
        ``+0100``; anything else leaves the moment in its own zone.

    Returns
    -------
    datetime
        To the second.
    """
    match = _OFFSET.fullmatch(offset)
    if match is not None:
        sign, hours, minutes = match.groups()
        shift = timedelta(hours=int(hours), minutes=int(minutes))
        moment = moment.astimezone(timezone(-shift if sign == "-" else shift))
    return moment.replace(microsecond=0)


def date_text(moment: datetime) -> str:
    """``YYYYMMDD`` (PS3.5 section 6.2)."""
    return moment.strftime("%Y%m%d")


def time_text(moment: datetime) -> str:
    """``HHMMSS`` (PS3.5 section 6.2)."""
    return moment.strftime("%H%M%S")
