"""Statuses of DIMSE responses (PS3.4 B.2.3, C.4.1 to C.4.3; PS3.7 annex C), in words."""

from __future__ import annotations

SUCCESS = 0x0000
CANCELLED = 0xFE00
PENDING = (0xFF00, 0xFF01)
SUBOPERATIONS_FAILED = 0xB000
"""Of a C-GET or C-MOVE: it ended, and some objects failed or came with warnings."""
CHANGED = (0xB000, 0xB006, 0xB007)
"""Of a C-STORE: stored, but elements were coerced or dropped."""

OUT_OF_RESOURCES = 0xA700
NO_MATCH = 0xA900
"""The data set does not match the SOP class, or is not the instance that was announced."""
CANNOT_UNDERSTAND = 0xC000
DUPLICATE = 0x0111
NOT_AUTHORIZED = 0x0124

_WORDS = {
    0x0105: "no such attribute",
    0x0106: "invalid attribute value",
    0x0110: "processing failure",
    0x0111: "duplicate SOP instance",
    0x0112: "no such SOP instance",
    0x0117: "invalid SOP instance",
    0x0118: "no such SOP class",
    0x0122: "SOP class not supported",
    0x0124: "not authorized",
    0x0210: "duplicate invocation",
    0x0211: "unrecognized operation",
    0x0212: "mistyped argument",
    0xA701: "out of resources, unable to count the matches",
    0xA702: "out of resources, unable to send the objects",
    0xA801: "unknown destination: the node does not know our AE title as a place to send to",
    0xB000: "some objects failed, or elements were coerced",
    0xB006: "elements were discarded",
    0xB007: "the data set does not match the SOP class",
    0xFE00: "cancelled",
}
_TRANSIENT = (0x0110, 0xA701, 0xA702)


def in_words(code: int, comment: str = "") -> str:
    """A status for a person: its meaning, its number, and what the peer wrote beside it.

    Parameters
    ----------
    code : int
        Status (0000,0900).
    comment : str
        Error Comment (0000,0902); empty where there is none.
    """
    if code in _WORDS:
        words = _WORDS[code]
    elif code >> 8 == 0xA7:
        words = "out of resources"
    elif code >> 8 == 0xA9:
        words = "the data set or identifier does not match the SOP class"
    elif code >> 12 == 0xC:
        words = "unable to process or understand it"
    else:
        words = "an unknown status"
    # A comment is an LO of 64 characters; longer ones are no help either.
    said = f": {' '.join(comment.split())[:200]}" if comment.strip() else ""
    return f"{words} (status {code:04X}){said}"


def may_pass(code: int) -> bool:
    """Whether the same request may succeed later: the peer is short of something."""
    return code in _TRANSIENT or code >> 8 == 0xA7
