"""From a trained model to the folder that the product ships: the model, its fast form, its metadata.

The fast form is LiteRT, written by Keras itself. It is accepted only if it gives the same probabilities as the
model it came from. In 8-bit integers it does not; that form takes its place only if it is as good on labelled slices
(`ichviewer.learning.quantize`).
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.calibration import PlattCalibration, sigmoid
from ichviewer.domain.labels import LABELS
from ichviewer.domain.series_rule import SeriesRule
from ichviewer.errors import LearningError
from ichviewer.inference.chatter import without_chatter
from ichviewer.inference.model_card import (
    INT8,
    NO_QUANTIZATION,
    SERIES_RULE_KEY,
    SERIES_RULE_METHOD,
    sha256_of,
)
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.inference.regions import RegionSettings
from ichviewer.learning.network import LOGITS, REGIONS
from ichviewer.learning.operating_rules import OPERATING_POINT_RULES
from ichviewer.learning.quantize import (
    RANGE_INPUTS,
    LabelledInputs,
    QuantizationLoss,
    export_int8,
    outline_overlap,
    quantization_loss,
)

if TYPE_CHECKING:
    import keras

FORMAT = 1
NAME = "ich"
KERAS_FILE = "ich.keras"
LITERT_FILE = "ich.tflite"
METADATA_FILE = "model.json"
PARITY = 1e-4
"""Largest difference in probability between the two forms of the model, in the labels and in the regions."""


@dataclass(frozen=True)
class Fit:
    """What was fitted on out-of-fold logits and goes with the model.

    Parameters
    ----------
    sigma_mm : float
        Smoothing over neighboring slices.
    calibration : PlattCalibration
        From smoothed logits to probabilities.
    operating_points : dict of str to tuple of float
        Thresholds on calibrated probabilities by name.
    regions : RegionSettings or None
        How to read the maps of where blood is; None if they are not to be shipped.
    series_rule : SeriesRule or None
        Fitted on probabilities of that calibration; None if the maximum answers for a series.
    """

    sigma_mm: float
    calibration: PlattCalibration
    operating_points: dict[str, tuple[float, ...]]
    regions: RegionSettings | None = None
    series_rule: SeriesRule | None = None

    @classmethod
    def none(cls) -> Fit:
        """Nothing fitted: no smoothing, no calibration, thresholds of one half."""
        half = (0.5,) * len(LABELS)
        return cls(0.0, PlattCalibration.identity(), {"balanced": half, "high_sensitivity": half})

    def to_json(self) -> dict[str, Any]:
        """All of it as it stands in ``model.json``."""
        rule = self.series_rule
        return {
            "smoothing": {"sigma_mm": self.sigma_mm},
            "calibration": {
                "method": "platt",
                "slope": list(self.calibration.slope),
                "intercept": list(self.calibration.intercept),
            },
            "operating_points": {name: list(values) for name, values in self.operating_points.items()},
            **({} if self.regions is None else {"regions": self.regions.to_json()}),
            SERIES_RULE_KEY: None if rule is None else {"method": SERIES_RULE_METHOD, **asdict(rule)},
        }


@dataclass(frozen=True)
class Provenance:
    """Where a model comes from, for its metadata.

    Parameters
    ----------
    version : str
        Of the model.
    training_data : list of dict
        Name, licence, citation, and numbers of slices and patients.
    trained : dict
        Date, Keras version, command, minutes, machine.
    """

    version: str
    training_data: list[dict[str, Any]]
    trained: dict[str, Any]


@dataclass(frozen=True)
class Exported:
    """What came of an export.

    Parameters
    ----------
    difference : float
        Largest difference in probability between the model and its LiteRT form in float32.
    quantization : QuantizationLoss or None
        What 8-bit integers would cost or do cost; None if they were not asked for.
    """

    difference: float
    quantization: QuantizationLoss | None = None

    @property
    def int8(self) -> bool:
        """Whether the LiteRT form that was written is in 8-bit integers."""
        return self.quantization is not None and not self.quantization.refusal


def export_model(
    source: Path,
    folder: Path,
    settings: PreprocessSettings,
    fit: Fit,
    provenance: Provenance,
    *,
    int8: LabelledInputs | None = None,
) -> Exported:
    """Write ``ich.keras``, ``ich.tflite`` and ``model.json``, all or none.

    Parameters
    ----------
    source : Path
        The trained ``.keras``.
    folder : Path
        Where to; files of these names there are replaced.
    settings, fit, provenance
        What goes into the metadata.
    int8 : LabelledInputs, optional
        Ask for a LiteRT form in 8-bit integers: some of these show the ranges of its activations, the others tell
        whether it is good enough. If it is not, the form in float32 is written.

    Returns
    -------
    Exported

    Raises
    ------
    LearningError
        If the two forms differ by more than `PARITY`, the model gives no maps though `fit` has settings for them, or
        the labels cannot tell whether 8-bit integers are good enough; nothing is written then.
    """
    import keras  # noqa: PLC0415

    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".export_") as scratch:
        work = Path(scratch)
        model = shipped_part(keras.saving.load_model(source, compile=False), fit.regions, source)
        model.save(work / KERAS_FILE)
        with without_chatter():
            model.export(str(work / LITERT_FILE), format="litert", verbose=False)
        difference = parity(model, work / LITERT_FILE, settings, fit.regions)
        if not difference <= PARITY:
            raise LearningError(
                f"the LiteRT export must agree with the model to {PARITY:g} in probability",
                str(source),
                f"{difference:g}",
            )
        exported = Exported(difference, None if int8 is None else _quantize(model, work, int8, fit))
        metadata = _metadata(work, settings, fit, provenance, exported)
        (work / METADATA_FILE).write_text(json.dumps(metadata, indent=1) + "\n", encoding="utf-8")
        # The metadata goes last: until then the old one names hashes that no longer fit, and nothing is trusted.
        for name in (KERAS_FILE, LITERT_FILE, METADATA_FILE):
            (work / name).replace(folder / name)
    return exported


def _quantize(model: keras.Model, work: Path, given: LabelledInputs, fit: Fit) -> QuantizationLoss:
    """Put a LiteRT form in 8-bit integers in the place of that in float32, if it is good enough."""
    cut = min(RANGE_INPUTS, len(given.labels) // 4)
    quantized, judged = work / "int8.tflite", given.part(cut, None)
    export_int8(model, given.inputs[:cut], quantized)
    of_model, of_quantized = (run_litert(path, judged.inputs) for path in (work / LITERT_FILE, quantized))
    loss = quantization_loss(judged.labels, of_model[LOGITS], of_quantized[LOGITS], fit.calibration)
    if fit.regions is not None:
        overlap = outline_overlap(of_model[REGIONS], of_quantized[REGIONS], fit.regions)
        loss = replace(loss, outline_overlap=overlap)
    if not loss.refusal:
        quantized.replace(work / LITERT_FILE)
    return loss


def shipped_part(model: keras.Model, regions: RegionSettings | None, source: Path) -> keras.Model:
    """The part of a trained model that is shipped: its logits, and its maps where they can be read.

    Raises
    ------
    LearningError
        If it gives no maps though there are settings for them.
    """
    import keras  # noqa: PLC0415

    outputs = model.output if isinstance(model.output, dict) else {LOGITS: model.output}
    if regions is None:
        return keras.Model(model.input, outputs[LOGITS], name="ich")
    if REGIONS not in outputs:
        raise LearningError("the model gives no maps of where blood is", str(source), ", ".join(outputs))
    return keras.Model(model.input, {name: outputs[name] for name in (LOGITS, REGIONS)}, name="ich")


def parity(
    model: keras.Model, litert: Path, settings: PreprocessSettings, regions: RegionSettings | None = None
) -> float:
    """Largest difference in probability between a model and its LiteRT form over some made-up pictures."""
    pictures = parity_pictures(settings.size_px, len(settings.channels))
    found = run_litert(litert, pictures)
    parts = [model(picture[None], training=False) for picture in pictures]
    reference = {
        name: np.concatenate([np.asarray(part[name] if isinstance(part, dict) else part) for part in parts])
        for name in found
    }
    apart = [sigmoid(reference[LOGITS]) - sigmoid(found[LOGITS])]
    if regions is not None:
        apart.append(regions.probabilities(reference[REGIONS]) - regions.probabilities(found[REGIONS]))
    return max(float(np.abs(difference).max()) for difference in apart)


def parity_pictures(size_px: int, channels: int) -> NDArray[np.float32]:
    """Eight pictures of grey levels: flat, noise, and rings like skulls; shape (8, size, size, channels)."""
    rng = np.random.default_rng(0)
    shape = (size_px, size_px, channels)
    y, x = np.mgrid[:size_px, :size_px] - (size_px - 1) / 2
    radius = np.hypot(y / 1.2, x) / size_px
    pictures = [np.zeros(shape), np.full(shape, 255.0)]
    pictures += [rng.uniform(0, 255, shape) for _ in range(2)]
    for inner in (0.18, 0.24, 0.28, 0.32):
        head = np.where(radius < inner, 110.0, np.where(radius < inner + 0.04, 255.0, 0.0))
        blood = 90.0 * (np.hypot(y - 10, x + 20) < rng.uniform(4, 20))
        picture = head[..., None] + rng.normal(0, 9, shape) + blood[..., None]
        pictures.append(np.floor(np.clip(picture, 0, 255)))
    return np.stack(pictures).astype(np.float32)


def run_litert(litert: Path, pictures: NDArray[Any]) -> dict[str, NDArray[np.float32]]:
    """Outputs of the LiteRT form by name, told apart by their shapes, one picture at a time."""
    from ai_edge_litert.interpreter import Interpreter  # noqa: PLC0415

    with without_chatter():
        interpreter = Interpreter(str(litert), num_threads=1)
        interpreter.allocate_tensors()
    source = interpreter.get_input_details()[0]["index"]
    # Logits are (1, 6), regions (1, rows, columns, 5).
    sinks = {
        LOGITS if len(output["shape"]) == 2 else REGIONS: output["index"]
        for output in interpreter.get_output_details()
    }
    found: dict[str, list[NDArray[np.float32]]] = {name: [] for name in sinks}
    for picture in pictures:
        interpreter.set_tensor(source, picture[None].astype(np.float32))
        interpreter.invoke()
        for name, index in sinks.items():
            found[name].append(interpreter.get_tensor(index)[0])
    return {name: np.stack(parts) for name, parts in found.items()}


def _metadata(
    work: Path, settings: PreprocessSettings, fit: Fit, provenance: Provenance, exported: Exported
) -> dict[str, Any]:
    quantization: dict[str, Any] = {"quantization": INT8 if exported.int8 else NO_QUANTIZATION}
    if exported.quantization is not None and exported.int8:
        figures = asdict(exported.quantization).items()
        quantization |= {name: round(value, 6) for name, value in figures if value is not None}
    keras_sha256 = sha256_of(work / KERAS_FILE)
    return {
        "format": FORMAT,
        "name": NAME,
        "version": provenance.version,
        "labels": [label.value for label in LABELS],
        "outputs": "logits",
        "preprocessing": settings.to_json(),
        **fit.to_json(),
        "default_operating_point": "balanced",
        "operating_point_rules": OPERATING_POINT_RULES,
        "training_data": provenance.training_data,
        "files": {
            KERAS_FILE: {"sha256": keras_sha256},
            LITERT_FILE: {
                "sha256": sha256_of(work / LITERT_FILE),
                "exported_from_sha256": keras_sha256,
                **quantization,
            },
        },
        "trained": provenance.trained,
    }
