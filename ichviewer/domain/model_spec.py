"""What a model says it gives: its outputs by name, scope and unit, so that no table or panel has to know a model."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import StrEnum

from ichviewer.domain.labels import LABELS, Hemorrhage

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
MOST_WORDS = 80
"""Characters of what is shown of an output or a model in one line."""
_MOST_ABBREVIATION = 8
_MOST_DECIMALS = 6


def _check_line(what: str, text: str, most: int) -> None:
    if not text.strip() or len(text) > most or not text.isprintable():
        raise ValueError(f"{what} are 1 to {most} printable characters in one line. Received: {text!r}")


class Scope(StrEnum):
    """What one value is about."""

    SLICE = "slice"
    SERIES = "series"


class Unit(StrEnum):
    """Unit of a value; the text is what stands behind the number on screen, where anything does."""

    PROBABILITY = "probability"
    ML = "mL"
    MM = "mm"
    HU = "HU"
    YEARS = "years"
    COUNT = "count"

    @property
    def symbol(self) -> str:
        """What is written behind the number; empty for plain numbers."""
        return "" if self in (Unit.PROBABILITY, Unit.COUNT) else self.value

    @property
    def suffix(self) -> str:
        """What the name of a column ends with; empty for plain numbers."""
        return f"_{self.symbol.lower()}" if self.symbol else ""


@dataclass(frozen=True)
class Output:
    """One thing that a model gives.

    Parameters
    ----------
    name : str
        Lower case letters, digits and single underscores, without the unit.
    words : str
        What it is called on screen, at most 80 characters in one line.
    abbreviation : str
        At most 8 characters.
    scope : Scope
    unit : Unit
    decimals : int
        Digits behind the point, 0 to 6; 0 for a count.
    """

    name: str
    words: str
    abbreviation: str
    scope: Scope
    unit: Unit
    decimals: int

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(
                f"an output's name is lower case letters, digits and underscores. Received: {self.name!r}"
            )
        _check_line("an output's words", self.words, MOST_WORDS)
        _check_line("an output's abbreviation", self.abbreviation, _MOST_ABBREVIATION)
        if not isinstance(self.scope, Scope) or not isinstance(self.unit, Unit):
            raise ValueError(f"an output has a scope and a unit. Received: {self.scope!r}, {self.unit!r}")
        most = 0 if self.unit is Unit.COUNT else _MOST_DECIMALS
        if not 0 <= self.decimals <= most:
            raise ValueError(f"a {self.unit} has 0 to {most} decimals. Received: {self.decimals}")

    @property
    def column(self) -> str:
        """The name with its unit: ``volume_ml``."""
        return self.name + self.unit.suffix

    def check(self, value: float) -> None:
        """Refuse a value that this output cannot have.

        Raises
        ------
        ValueError
            If it is not finite, not a probability where it must be, below zero where only HU can be, or a count that
            is no whole number.
        """
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise ValueError(f"{self.column} needs a finite number. Received: {value!r}")
        if self.unit is Unit.PROBABILITY and not 0 <= value <= 1:
            raise ValueError(f"{self.column} is a probability within 0..1. Received: {value}")
        if self.unit is not Unit.HU and value < 0:
            raise ValueError(f"{self.column} in {self.unit} cannot be below zero. Received: {value}")
        if self.unit is Unit.COUNT and value != int(value):
            raise ValueError(f"{self.column} is a whole number. Received: {value}")

    def number(self, value: float) -> str:
        """A value with its decimals and a plain point, as a table has it; no minus zero."""
        return f"{round(value, self.decimals) + 0.0:.{self.decimals}f}"


@dataclass(frozen=True)
class ModelSpec:
    """A model's outputs, under its own name.

    Parameters
    ----------
    id : str
        Names the model in columns and files; formed as an output's name.
    name : str
        What it is called on screen, version included where there is one.
    outputs : tuple of Output
        At least one, no two with the same column.
    """

    id: str
    name: str
    outputs: tuple[Output, ...]

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.id):
            raise ValueError(
                f"a model's id is lower case letters, digits and underscores. Received: {self.id!r}"
            )
        _check_line("a model's name", self.name, MOST_WORDS)
        columns = [output.column for output in self.outputs]
        names = [output.name for output in self.outputs]
        if not names or len(set(names)) != len(names) or len(set(columns)) != len(columns):
            raise ValueError(f"a model has outputs, each of another name. Received: {names}")

    def of_scope(self, scope: Scope) -> tuple[Output, ...]:
        """The outputs about a slice, or those about a series, in order."""
        return tuple(output for output in self.outputs if output.scope is scope)

    def column(self, output: Output) -> str:
        """The column of a further model's output: ``model_id.volume_ml``, which no other model can have."""
        if output not in self.outputs:
            raise ValueError(f"{self.id} has the outputs {self.columns()}. Received: {output.column}")
        return f"{self.id}.{output.column}"

    def columns(self) -> tuple[str, ...]:
        """The outputs' columns without the model's id, in order."""
        return tuple(output.column for output in self.outputs)


HEMORRHAGE_ID = "hemorrhage"
"""The model whose findings are `ichviewer.domain.findings.SeriesFindings`; no further model can have this id."""

_ABBREVIATIONS: dict[Hemorrhage, str] = {
    Hemorrhage.ANY: "ICH",
    Hemorrhage.EPIDURAL: "EDH",
    Hemorrhage.INTRAPARENCHYMAL: "IPH",
    Hemorrhage.INTRAVENTRICULAR: "IVH",
    Hemorrhage.SUBARACHNOID: "SAH",
    Hemorrhage.SUBDURAL: "SDH",
}
"""What radiologists write."""

HEMORRHAGE_OUTPUTS: tuple[Output, ...] = tuple(
    Output(label.value, label.value, _ABBREVIATIONS[label], Scope.SLICE, Unit.PROBABILITY, 6)
    for label in LABELS
)
"""The six labels as outputs, in the order of `ichviewer.domain.labels.LABELS`."""


def hemorrhage_spec(name: str, outputs: tuple[Output, ...] = HEMORRHAGE_OUTPUTS) -> ModelSpec:
    """The spec of a hemorrhage model of this name."""
    return ModelSpec(HEMORRHAGE_ID, name, outputs)
