"""The six answers the product gives for a slice.

The names and their order are those of the RSNA 2019 challenge (Flanders et al., "Construction of a Machine
Learning Dataset through Collaboration: The RSNA 2019 Brain CT Hemorrhage Challenge", Radiology: AI 2(3), 2020),
with "any" first as everywhere in this product.
"""

from __future__ import annotations

from enum import StrEnum


class Hemorrhage(StrEnum):
    """A type of intracranial hemorrhage, or any of them."""

    ANY = "any"
    EPIDURAL = "epidural"
    INTRAPARENCHYMAL = "intraparenchymal"
    INTRAVENTRICULAR = "intraventricular"
    SUBARACHNOID = "subarachnoid"
    SUBDURAL = "subdural"


LABELS: tuple[Hemorrhage, ...] = tuple(Hemorrhage)
"""All six, in the order of every probability vector, CSV and model output."""

TYPES: tuple[Hemorrhage, ...] = LABELS[1:]
"""The five types, without "any"."""

ANY_INDEX = LABELS.index(Hemorrhage.ANY)
"""Where "any" stands in them."""

N_LABELS = len(LABELS)
