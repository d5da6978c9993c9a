"""Coded words: a code, the scheme it is of, and what it means in words (DICOM PS3.3 section 8)."""

from __future__ import annotations

from dataclasses import dataclass

from ichviewer.dicom.values import Elements


@dataclass(frozen=True)
class Coded:
    """A coded word as a file has it.

    Parameters
    ----------
    value, scheme, meaning : str
        E.g. ``"50960005"``, ``"SCT"``, ``"Hemorrhage"``; empty where missing.
    """

    value: str
    scheme: str
    meaning: str

    @property
    def text(self) -> str:
        """The meaning; where the file has none, the code and its scheme."""
        return self.meaning or " ".join(filter(None, (self.value, self.scheme)))

    def same_as(self, value: str, scheme: str) -> bool:
        """Whether it is this code, whatever the words for it."""
        return (self.value, self.scheme) == (value, scheme)


def read_coded(parent: Elements, keyword: str) -> Coded | None:
    """The first item of a code sequence; None where there is none or it says nothing."""
    items = parent.datasets(keyword)
    found = coded_of(parent.inside(items[0])) if items else None
    return found if found is not None and found.text else None


def coded_of(item: Elements) -> Coded:
    """What an item of a code sequence says."""
    values = (item.text(name) for name in ("CodeValue", "LongCodeValue", "URNCodeValue"))
    return Coded(
        next(filter(None, values), ""), item.text("CodingSchemeDesignator"), item.text("CodeMeaning")
    )
