"""Attributes of a data set at every depth, broken ones left out."""

from __future__ import annotations

from collections.abc import Iterator

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag


def decoded(dataset: Dataset, tag: BaseTag) -> DataElement | None:
    """An attribute with its value; None where its bytes cannot be understood."""
    try:
        return dataset[tag]
    except Exception:  # noqa: BLE001 - a broken value makes the parser raise nearly anything
        return None


def elements_of(dataset: Dataset) -> Iterator[DataElement]:
    """All attributes that can be read, each before what lies in it."""
    for tag in list(dataset.keys()):
        element = decoded(dataset, tag)
        if element is None:
            continue
        yield element
        if element.VR == "SQ":
            for item in element.value or ():
                yield from elements_of(item)


def texts_of(element: DataElement) -> list[str]:
    """The values of an attribute as texts, without padding."""
    if element.value is None or element.VM == 0:
        return []
    found = element.value if element.VM > 1 else [element.value]
    return [("" if value is None else str(value)).strip(" \0") for value in found]
