"""Values and names of DICOM elements as printable text, whatever is in them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from pydicom.datadict import (
    dictionary_description,
    dictionary_has_tag,
    dictionary_keyword,
    dictionary_VR,
    private_dictionary_description,
    private_dictionary_VR,
)
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag
from pydicom.uid import UID

from ichviewer.dicom.boundary import foreign_code
from ichviewer.errors import ReadError
from ichviewer.printable import printable

MOST_CHARACTERS = 500
"""Of a value that are shown."""

_PADDING = " \0"
_LONGEST_CONVERTED = 1 << 14
"""Bytes of a value that is converted as a whole; texts have 64 characters, seldom thousands (PS3.5 section 6.2)."""
_SHOWN_BYTES = 16
_ESCAPE = b"\x1b"

_PLAIN_TEXT = frozenset({"AE", "AS", "CS", "DA", "DS", "DT", "IS", "TM", "UI", "UR"})
_TEXT_IN_A_CHARACTER_SET = frozenset({"LO", "LT", "PN", "SH", "ST", "UC", "UT"})
_NUMBERS = {
    "US": "u2",
    "SS": "i2",
    "UL": "u4",
    "SL": "i4",
    "UV": "u8",
    "SV": "i8",
    "FL": "f4",
    "FD": "f8",
}
_BULK = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "UN"})


@dataclass(frozen=True)
class Naming:
    """How an element is called."""

    vr: str
    name: str
    keyword: str = ""
    creator: str = ""


def naming(tag: BaseTag, vr: str, dataset: Dataset) -> Naming:
    """VR, name, keyword and private creator of an element.

    Parameters
    ----------
    tag : BaseTag
    vr : str
        As the file says; empty or UN where it does not know.
    dataset : pydicom Dataset
        The data set or item that it stands in, which names private creators.
    """
    if tag.is_private:
        if tag.is_private_creator:
            return Naming(_known(vr) or "LO", "Private Creator")
        creator = _creator_of(tag, dataset)
        try:
            name, private_vr = (
                private_dictionary_description(tag, creator),
                private_dictionary_VR(tag, creator),
            )
        except KeyError:
            name, private_vr = "Private element", ""
        return Naming(_known(vr) or private_vr or "UN", printable(name), "", creator)
    if dictionary_has_tag(tag) or tag.element == 0:
        if tag.element == 0:
            return Naming(_known(vr) or "UL", "Group Length")
        looked_up = _settled(dictionary_VR(tag), dataset)
        return Naming(_known(vr) or looked_up, dictionary_description(tag), dictionary_keyword(tag))
    try:  # groups that repeat, such as overlays (60xx)
        return Naming(_known(vr) or _settled(dictionary_VR(tag), dataset), dictionary_description(tag))
    except KeyError:
        return Naming(_known(vr) or "UN", "Unknown element")


def _known(vr: str) -> str:
    # What damage made of a VR is none, and may be unprintable.
    sound = len(vr) == 2 and vr.isascii() and vr.isupper() and vr.isalpha()
    return vr if sound and vr != "UN" else ""


def _settled(vr: str, dataset: Dataset) -> str:
    """One VR where the dictionary gives a choice (PS3.6): the sign is that of Pixel Representation (0028,0103)."""
    if " or " not in vr:
        return vr
    if "OW" in vr:
        return "OW"
    try:
        with foreign_code(ReadError, "the element could not be understood", ""):
            return "SS" if dataset.get("PixelRepresentation") == 1 else "US"
    except ReadError:
        return "US"


def _creator_of(tag: BaseTag, dataset: Dataset) -> str:
    """What the file names for a private element's block (PS3.5 section 7.8.1); empty where it does not."""
    raw = dataset.get_item(BaseTag((tag.group << 16) + (tag.element >> 8)), keep_deferred=True)
    value = None if raw is None else raw.value
    if isinstance(value, bytes):
        value = value[:_LONGEST_CONVERTED].decode("latin-1")
    return printable(str(value).strip(_PADDING))[:64] if value is not None else ""


def value_text(raw: RawDataElement, vr: str, dataset: Dataset) -> tuple[str, str]:
    """A value as text that is shown, and what names the whole of it.

    Parameters
    ----------
    raw : RawDataElement
        No sequence.
    vr : str
        See `naming`.
    dataset : pydicom Dataset
        That it stands in, which knows the character set.

    Returns
    -------
    tuple of str
        Printable text of at most about `MOST_CHARACTERS`, and a mark that is the same for the same value.
    """
    data = raw.value
    if not raw.length:
        return "", mark_of("")
    if data is None:
        # So long that the parser left it where it is.
        return f"{raw.length:,} bytes, not read", mark_of(f"{raw.length} bytes")
    if len(data) > _LONGEST_CONVERTED and vr not in _BULK:
        start = data[:MOST_CHARACTERS].decode("latin-1")
        return f"{printable(start)}… ({len(data):,} bytes)", mark_of(data)
    if vr in _NUMBERS or vr == "AT":
        numbers = _numbers(data, vr, little=raw.is_little_endian)
        if numbers is not None:
            return shown(numbers), mark_of(numbers)
    elif vr not in _BULK:
        text = _text(raw, vr, dataset)
        return shown(explained(text, vr)), mark_of(text)
    return _bytes_text(data), mark_of(data)


def shown(text: str) -> str:
    """The text in printable form, cut to `MOST_CHARACTERS`; how long it is if something was cut."""
    cut = text[:MOST_CHARACTERS]
    return printable(cut) if cut == text else f"{printable(cut)}… ({len(text):,} characters)"


def mark_of(value: str | bytes) -> str:
    """What names a value: 16 hexadecimal digits."""
    data = value if isinstance(value, bytes) else value.encode("utf-8", errors="surrogatepass")
    return hashlib.blake2b(data, digest_size=8).hexdigest()


def _text(raw: RawDataElement, vr: str, dataset: Dataset) -> str:
    data = raw.value or b""
    if vr in _TEXT_IN_A_CHARACTER_SET and (not data.isascii() or _ESCAPE in data):
        try:
            with foreign_code(ReadError, "the element could not be understood", ""):
                value = dataset[raw.tag].value
                values = value if isinstance(value, list) or type(value).__name__ == "MultiValue" else [value]
                return "\\".join(str(part) for part in values).strip(_PADDING)
        except ReadError:
            pass  # as it stands, below
    return data.decode("latin-1").strip(_PADDING)


def explained(text: str, vr: str) -> str:
    """A UID with what it stands for, where that is registered."""
    if vr != "UI" or not text:
        return text
    parts = []
    for part in text.split("\\"):
        name = UID(part.strip(_PADDING)).name
        parts.append(f"{part} ({name})" if name and name != part else part)
    return "\\".join(parts)


def _numbers(data: bytes, vr: str, *, little: bool) -> str | None:
    r"""Numbers with ``\`` between them; None where the length fits none."""
    order = "<" if little else ">"
    kind = np.dtype(order + ("u2" if vr == "AT" else _NUMBERS[vr]))
    if len(data) % (2 * kind.itemsize if vr == "AT" else kind.itemsize):
        return None
    values = np.frombuffer(data, kind)
    if vr == "AT":
        return "\\".join(f"({group:04X},{element:04X})" for group, element in values.reshape(-1, 2))
    return "\\".join(str(value) for value in values)


def _bytes_text(data: bytes) -> str:
    text = data.decode("latin-1").strip(_PADDING)
    if not data:
        return ""
    # Text that a writer knew no VR for; a value of numbers is seldom all letters and so long.
    if len(text) >= 4 and text.isascii() and text.isprintable():
        return shown(text)
    start = data[:_SHOWN_BYTES].hex(" ")
    more = " …" if len(data) > _SHOWN_BYTES else ""
    return f"{len(data):,} {'byte' if len(data) == 1 else 'bytes'}: {start}{more}"
