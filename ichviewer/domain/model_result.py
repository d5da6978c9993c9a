"""What a further model says of a series: a value for each of its outputs, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ichviewer.domain.model_spec import ModelSpec, Output, Scope
from ichviewer.domain.problems import ProblemCode
from ichviewer.domain.series import SeriesKey


@dataclass(frozen=True)
class NotMeasured:
    """There is no value; never zero, never negative.

    Parameters
    ----------
    why : str
        In words, one line, without "not measured".
    """

    why: str

    def __post_init__(self) -> None:
        if not self.why.strip() or "\n" in self.why:
            raise ValueError(f"what was not measured has a reason in one line. Received: {self.why!r}")

    @property
    def code(self) -> ProblemCode:
        """What the note of a CSV says."""
        return ProblemCode.NOT_MEASURED

    def __str__(self) -> str:
        return f"not measured: {self.why}"


SliceValues = tuple[float | NotMeasured, ...]
"""A value for every slice, in slice order."""

Value = float | SliceValues | NotMeasured


@dataclass(frozen=True)
class ModelResult:
    """The results of one model for one series.

    Parameters
    ----------
    key : SeriesKey
    series : str
        `ichviewer.domain.identity.series_identity` of the series that was measured.
    spec : ModelSpec
        Whose results; a result is never without the model's name and units.
    values : tuple
        One for each output of ``spec``, in order: a float for one about the series, a tuple with an entry for every
        slice for one about slices, or `NotMeasured`.
    pixel_hashes : tuple of str
        For every slice, `ichviewer.domain.decoded.pixel_hash` of the pixels that the model saw; empty where it saw
        none.
    """

    key: SeriesKey
    series: str
    spec: ModelSpec
    values: tuple[Value, ...]
    pixel_hashes: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.series:
            raise ValueError("results are about a series that has an identity. Received: none")
        if len(self.values) != len(self.spec.outputs):
            raise ValueError(f"{len(self.spec.outputs)} values are needed. Received: {len(self.values)}")
        for output, value in zip(self.spec.outputs, self.values, strict=True):
            check_value(output, value, self.pixel_hashes)

    @classmethod
    def none(
        cls, key: SeriesKey, series: str, spec: ModelSpec, reason: NotMeasured, slices: int
    ) -> ModelResult:
        """Results that say of every output why there is none."""
        return cls(key, series, spec, (reason,) * len(spec.outputs), ("",) * slices)

    @property
    def id(self) -> tuple[SeriesKey, str]:
        """Series and model."""
        return self.key, self.spec.id

    def series_values(self) -> tuple[tuple[Output, float | NotMeasured], ...]:
        """The outputs about the series with their values, in order."""
        return tuple(
            (output, value)
            for output, value in zip(self.spec.outputs, self.values, strict=True)
            if output.scope is Scope.SERIES and not isinstance(value, tuple)
        )

    def slice_values(self) -> tuple[tuple[Output, SliceValues | NotMeasured], ...]:
        """The outputs about slices with their values, in order."""
        return tuple(
            (output, value)
            for output, value in zip(self.spec.outputs, self.values, strict=True)
            if output.scope is Scope.SLICE and isinstance(value, tuple | NotMeasured)
        )

    def saw_other(self, index: int, pixel_hash: str) -> bool:
        """Whether it was computed from other pixels of a slice than these."""
        return self.pixel_hashes[index] not in ("", pixel_hash)

    def without(self, reason: NotMeasured) -> ModelResult:
        """The same model's results for the same series with no value."""
        return replace(self, values=(reason,) * len(self.values), pixel_hashes=("",) * len(self.pixel_hashes))


def check_value(output: Output, value: Value, pixel_hashes: tuple[str, ...]) -> None:
    """Refuse a value that an output cannot have.

    Parameters
    ----------
    output : Output
    value : Value
    pixel_hashes : tuple of str
        As in `ModelResult`.

    Raises
    ------
    ValueError
        If it is of the wrong scope, outside what the unit can have, or of a slice whose pixels were not looked at.
    """
    if isinstance(value, NotMeasured):
        return
    if output.scope is Scope.SERIES:
        if isinstance(value, tuple):
            raise ValueError(f"{output.column} is one value for the series. Received: {len(value)}")
        output.check(value)
        return
    if not isinstance(value, tuple) or len(value) != len(pixel_hashes):
        raise ValueError(f"{output.column} has a value for every slice. Received: {value!r}")
    for pixel_hash, of_slice in zip(pixel_hashes, value, strict=True):
        if isinstance(of_slice, NotMeasured):
            continue
        output.check(of_slice)
        if not pixel_hash:
            raise ValueError(f"{output.column} is of a slice that was not looked at. Received: {of_slice}")


def check_results(key: SeriesKey, series: str, results: Iterable[ModelResult]) -> None:
    """Refuse results that are about another series, or two of one model.

    Raises
    ------
    ValueError
    """
    seen: set[str] = set()
    for result in results:
        if result.key != key or result.series != series:
            raise ValueError(f"results of series {key} are needed. Received: {result.key}")
        if result.spec.id in seen:
            raise ValueError(f"each model answers once. Received: {result.spec.id} twice")
        seen.add(result.spec.id)
