"""Further models and their results as JSON."""

from __future__ import annotations

from typing import Any

from ichviewer.domain.model_result import ModelResult, NotMeasured, SliceValues
from ichviewer.domain.model_spec import ModelSpec, Output


def model_json(spec: ModelSpec) -> dict[str, Any]:
    """Which model, and what it gives."""
    return {
        "id": spec.id,
        "name": spec.name,
        "outputs": [
            {"name": o.name, "words": o.words, "scope": o.scope.value, "unit": o.unit.value}
            for o in spec.outputs
        ],
    }


def result_json(result: ModelResult) -> dict[str, Any]:
    """The values of a model by the name of the output, null with a reason where there is none."""
    return {
        "model": result.spec.id,
        "series": {output.name: _value_json(output, value) for output, value in result.series_values()},
        "slices": {
            output.name: _slices_json(result, output, value) for output, value in result.slice_values()
        },
    }


def _slices_json(result: ModelResult, output: Output, value: SliceValues | NotMeasured) -> Any:
    if isinstance(value, NotMeasured):
        return _value_json(output, value)
    return [
        {"slice_index": index + 1, "pixel_hash": pixel_hash, **_value_json(output, of_slice)}
        for index, (pixel_hash, of_slice) in enumerate(zip(result.pixel_hashes, value, strict=True))
    ]


def _value_json(output: Output, value: float | NotMeasured) -> dict[str, Any]:
    if isinstance(value, NotMeasured):
        return {"value": None, "reason": str(value)}
    return {"value": round(value, output.decimals), "reason": None}
