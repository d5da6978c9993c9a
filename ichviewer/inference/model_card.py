"""What a model says about itself: `model.json` beside its `.keras` file, checked before anything runs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ichviewer.domain.calibration import PlattCalibration
from ichviewer.domain.labels import N_LABELS, TYPES
from ichviewer.domain.model_spec import HEMORRHAGE_OUTPUTS, MOST_WORDS, ModelSpec, Output, hemorrhage_spec
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.series_rule import SHARES, SeriesRule
from ichviewer.errors import ModelError
from ichviewer.inference.preprocess import PREPROCESSING_VERSION, PreprocessSettings
from ichviewer.inference.regions import RegionSettings
from ichviewer.small_text import read_small_text

FORMAT = 1
"""Version of `model.json` that this program reads."""

LARGEST_CARD_BYTES = 1 << 24
"""A `model.json` holds some kilobytes; what is larger is something else and is not read into memory."""

CARD_NAME = "model.json"
LITERT_NAME = "ich.tflite"

SERIES_RULE_KEY = "series_rule"
SERIES_RULE_METHOD = "top_means"
"""Where `model.json` holds a `SeriesRule`, and the name of its features; without it the maximum is the answer."""
NO_QUANTIZATION = "none"
INT8 = "int8"
"""Weights and activations of the LiteRT form are 8-bit integers: close to the model, but not the same."""


@dataclass(frozen=True)
class TrainingData:
    """A data set or a set of weights that went into the model, and the terms it came under."""

    name: str
    licence: str = ""
    citation: str = ""
    slices: int | None = None
    patients: int | None = None


@dataclass(frozen=True)
class ModelCard:
    """A model's metadata, and where its files lie.

    Parameters
    ----------
    folder : Path
        Where the files lie.
    name, version : str
    preprocessing : PreprocessSettings
        How a slice becomes the network's input.
    sigma_mm : float
        Width of the smoothing over neighbouring slices, in mm.
    calibration : PlattCalibration
        From smoothed logits to probabilities.
    operating_points : dict of str to OperatingPoint
    default_point : str
        Name of the operating point to use unless a person chooses another.
    keras_file : Path
        The network itself; may be absent in a packaged program, which carries only the fast form of it.
    keras_sha256 : str
        Its hash, 64 hexadecimal digits.
    litert_sha256 : str or None
        Hash of the LiteRT form, None if there is none.
    litert_exported_from : str or None
        Hash of the `.keras` file that the LiteRT form was made from.
    quantization : str
        What the LiteRT form computes with: ``none`` (float32, as the `.keras` file) or ``int8``.
    regions : RegionSettings or None
        How to read the maps of where blood is; None if the model gives none.
    training_data : tuple of TrainingData
    series_rule : SeriesRule or None
        From the probabilities of the slices to those of the series; None where their maximum is the answer.
    raw : mapping
        The whole of `model.json`.
    outputs : tuple of Output
        What ``labels`` of `model.json` names, in its order.
    """

    folder: Path
    name: str
    version: str
    preprocessing: PreprocessSettings
    sigma_mm: float
    calibration: PlattCalibration
    operating_points: dict[str, OperatingPoint]
    default_point: str
    keras_file: Path
    keras_sha256: str
    litert_sha256: str | None = None
    litert_exported_from: str | None = None
    quantization: str = NO_QUANTIZATION
    regions: RegionSettings | None = None
    training_data: tuple[TrainingData, ...] = ()
    series_rule: SeriesRule | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    outputs: tuple[Output, ...] = HEMORRHAGE_OUTPUTS

    def __post_init__(self) -> None:
        if self.default_point not in self.operating_points:
            raise ValueError(
                f"the default operating point must be one of {sorted(self.operating_points)}. "
                f"Received: {self.default_point!r}"
            )
        if not 0 <= self.sigma_mm < 1000:
            raise ValueError(f"sigma must lie within 0..1000 mm. Received: {self.sigma_mm}")
        if self.quantization not in (NO_QUANTIZATION, INT8):
            raise ValueError(
                f"the quantization must be {NO_QUANTIZATION!r} or {INT8!r}. Received: {self.quantization!r}"
            )
        if self.regions is not None and self.preprocessing.size_px % self.regions.stride_px:
            raise ValueError(
                f"the stride of the regions must divide the size of {self.preprocessing.size_px}. "
                f"Received: {self.regions.stride_px}"
            )

    @property
    def spec(self) -> ModelSpec:
        """What the model gives, under as much of its name and version as one line holds."""
        name = "".join(c for c in f"{self.name} {self.version}" if c.isprintable())
        return hemorrhage_spec(name[:MOST_WORDS].strip() or "unnamed", self.outputs)

    @property
    def input_shape(self) -> tuple[int, int, int]:
        """Shape of the network's input for one slice: rows, columns, channels."""
        size_px = self.preprocessing.size_px
        return size_px, size_px, len(self.preprocessing.channels)

    @property
    def region_shape(self) -> tuple[int, int, int] | None:
        """Shape of the maps of one slice: rows, columns, types; None if the model gives none."""
        if self.regions is None:
            return None
        cells = self.preprocessing.size_px // self.regions.stride_px
        return cells, cells, len(TYPES)

    @property
    def path(self) -> Path:
        """The `model.json` itself."""
        return self.folder / CARD_NAME

    @property
    def litert_file(self) -> Path:
        """Where the LiteRT form lies, if there is one."""
        return self.folder / LITERT_NAME

    @property
    def point(self) -> OperatingPoint:
        """The default operating point."""
        return self.operating_points[self.default_point]

    def operating_point(self, name: str | None) -> OperatingPoint:
        """An operating point by name, the default one for None.

        Raises
        ------
        ModelError
            If the model has none of that name.
        """
        if name is None:
            return self.point
        if name not in self.operating_points:
            raise ModelError(
                f"the model has no operating point {name!r}; it has {', '.join(self.operating_points)}",
                str(self.path),
            )
        return self.operating_points[name]


def load_model_card(path: Path) -> ModelCard:
    """Read and check a model's metadata.

    Parameters
    ----------
    path : Path
        The model's folder, its `model.json`, or a `.keras` file with a `model.json` beside it.

    Returns
    -------
    ModelCard

    Raises
    ------
    ModelError
        If there is no model, `model.json` is malformed, or the model does not fit this version of the program:
        another format, other labels or another order of them, another preprocessing.
    """
    try:
        folder = path if path.is_dir() else path.parent
    except (OSError, ValueError) as error:
        raise ModelError(
            "the model cannot be opened", str(path), getattr(error, "strerror", None) or str(error)
        ) from error
    card_path = folder / CARD_NAME
    try:
        raw = json.loads(read_small_text(card_path, LARGEST_CARD_BYTES))
        if not isinstance(raw, dict):
            raise ValueError("not a JSON object")
    except FileNotFoundError:
        raise ModelError(f"there is no model here: {CARD_NAME} is missing", str(folder)) from None
    except RecursionError:
        raise ModelError("the model's metadata cannot be read", str(card_path), "too deeply nested") from None
    except (OSError, ValueError) as error:
        raise ModelError("the model's metadata cannot be read", str(card_path), str(error)) from error
    reader = _Reader(raw, card_path)
    _check_fit(reader)
    try:
        return _build(reader, folder, path if path.suffix == ".keras" else None)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
        # The value objects refuse what is impossible; a person must hear which file said it.
        raise ModelError("the model's metadata is malformed", str(card_path), str(error)) from error


class _Reader:
    """Reads fields by path ("calibration.slope") and names the one that is missing or of the wrong kind."""

    def __init__(self, raw: dict[str, Any], where: Path) -> None:
        self.raw = raw
        self._where = where

    def get(self, name: str, kind: type | tuple[type, ...], *, optional: bool = False) -> Any:
        value: Any = self.raw
        for part in name.split("."):
            if not isinstance(value, dict) or part not in value:
                if optional:
                    return None
                raise self.error(name, "is missing", "nothing")
            value = value[part]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            if optional and value is None:
                return None
            raise self.error(name, "is of the wrong kind", repr(value)[:80])
        return value

    def numbers(self, name: str, count: int = N_LABELS) -> tuple[float, ...]:
        value = self.get(name, list)
        if len(value) != count or not all(
            isinstance(v, int | float) and not isinstance(v, bool) for v in value
        ):
            raise self.error(name, f"must be {count} numbers", repr(value)[:80])
        return tuple(float(v) for v in value)

    def error(self, name: str, what: str, found: str) -> ModelError:
        return ModelError(f"{name!r} {what}", str(self._where), found)


def _check_fit(reader: _Reader) -> None:
    """Refuse a model that this program would run but misread."""
    expected: Sequence[tuple[str, object]] = (
        ("format", FORMAT),
        ("labels", [output.name for output in HEMORRHAGE_OUTPUTS]),
        ("outputs", "logits"),
    )
    for name, value in expected:
        found = reader.get(name, type(value))
        if found != value:
            raise reader.error(name, f"must be {value!r} for this version of the program", repr(found))
    version = reader.get("preprocessing.version", int)
    if version not in (1, PREPROCESSING_VERSION):
        raise reader.error(
            "preprocessing.version",
            f"must be 1 or {PREPROCESSING_VERSION} for this version of the program",
            repr(version),
        )


def _build(reader: _Reader, folder: Path, keras_file: Path | None) -> ModelCard:
    files = reader.get("files", dict)
    keras_name = keras_file.name if keras_file else _only_keras(files, reader)
    litert = files.get(LITERT_NAME)
    points = {
        name: OperatingPoint(name, reader.numbers(f"operating_points.{name}"))
        for name in reader.get("operating_points", dict)
    }
    return ModelCard(
        folder=folder,
        name=reader.get("name", str),
        version=reader.get("version", str),
        preprocessing=PreprocessSettings.from_json(reader.get("preprocessing", dict)),
        sigma_mm=float(reader.get("smoothing.sigma_mm", (int, float))),
        calibration=_calibration(reader),
        operating_points=points,
        default_point=reader.get("default_operating_point", str),
        keras_file=folder / keras_name,
        keras_sha256=_sha256_field(files.get(keras_name), "sha256", f"files.{keras_name}", reader),
        litert_sha256=litert and _sha256_field(litert, "sha256", f"files.{LITERT_NAME}", reader),
        litert_exported_from=litert
        and _sha256_field(litert, "exported_from_sha256", f"files.{LITERT_NAME}", reader),
        quantization=_quantization(litert, reader),
        regions=_regions(reader),
        training_data=tuple(
            TrainingData(
                d["name"], d.get("licence", ""), d.get("citation", ""), d.get("slices"), d.get("patients")
            )
            for d in reader.get("training_data", list, optional=True) or ()
        ),
        series_rule=_series_rule(reader),
        raw=reader.raw,
        outputs=_outputs(reader),
    )


def _outputs(reader: _Reader) -> tuple[Output, ...]:
    known = {output.name: output for output in HEMORRHAGE_OUTPUTS}
    return tuple(known[name] for name in reader.get("labels", list))


def _quantization(litert: object, reader: _Reader) -> str:
    value = litert.get("quantization", NO_QUANTIZATION) if isinstance(litert, dict) else NO_QUANTIZATION
    if not isinstance(value, str):
        raise reader.error(f"files.{LITERT_NAME}.quantization", "is of the wrong kind", repr(value)[:80])
    return value


def _regions(reader: _Reader) -> RegionSettings | None:
    data = reader.get("regions", dict, optional=True)
    return None if data is None else RegionSettings.from_json(data)


def _calibration(reader: _Reader) -> PlattCalibration:
    method = reader.get("calibration.method", str)
    if method != "platt":
        raise reader.error(
            "calibration.method", "must be 'platt' for this version of the program", repr(method)
        )
    return PlattCalibration(reader.numbers("calibration.slope"), reader.numbers("calibration.intercept"))


def _series_rule(reader: _Reader) -> SeriesRule | None:
    if reader.raw.get(SERIES_RULE_KEY) is None:
        return None
    name = f"{SERIES_RULE_KEY}.method"
    method = reader.get(name, str)
    if method != SERIES_RULE_METHOD:
        raise reader.error(
            name, f"must be {SERIES_RULE_METHOD!r} for this version of the program", repr(method)
        )
    return SeriesRule(
        reader.numbers(f"{SERIES_RULE_KEY}.weights", len(SHARES)),
        reader.numbers(f"{SERIES_RULE_KEY}.intercept"),
    )


def _only_keras(files: Mapping[str, object], reader: _Reader) -> str:
    names = [name for name in files if name.endswith(".keras")]
    if len(names) != 1:
        raise reader.error("files", "must name exactly one .keras file", ", ".join(names) or "none")
    return names[0]


def _sha256_field(entry: object, key: str, where: str, reader: _Reader) -> str:
    value = entry.get(key) if isinstance(entry, dict) else None
    if not isinstance(value, str) or len(value) != 64 or not set(value.lower()) <= set("0123456789abcdef"):
        raise reader.error(f"{where}.{key}", "must be a SHA-256 of 64 hexadecimal digits", repr(value))
    return value.lower()


def sha256_of(path: Path) -> str:
    """SHA-256 of a file as 64 hexadecimal digits.

    Raises
    ------
    ModelError
        If the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(
            "a file of the model cannot be read", str(path), error.strerror or str(error)
        ) from error


def verify_file(path: Path, expected_sha256: str) -> None:
    """Refuse a model file that is missing or is not the one its metadata was written for.

    Raises
    ------
    ModelError
    """
    try:
        there = path.is_file()
    except (OSError, ValueError) as error:
        raise ModelError("a file of the model cannot be read", str(path), str(error)) from error
    if not there:
        raise ModelError("a file of the model is missing", str(path))
    found = sha256_of(path)
    if found != expected_sha256:
        raise ModelError(
            f"this file is not the one {CARD_NAME} was written for (SHA-256 {expected_sha256[:12]}... expected)",
            str(path),
            f"SHA-256 {found[:12]}...",
        )
