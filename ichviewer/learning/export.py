"""From a trained model to the folder that the product ships: the model, its fast form, its metadata.

The fast form is LiteRT, written by Keras itself. It is accepted only if it gives the same probabilities as the
model it came from.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.calibration import PlattCalibration, sigmoid
from ichviewer.domain.labels import LABELS
from ichviewer.errors import LearningError
from ichviewer.inference.model_card import sha256_of
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.network import LOGITS

if TYPE_CHECKING:
    import keras

FORMAT = 1
NAME = "ich-lite0"
KERAS_FILE = "ich.keras"
LITERT_FILE = "ich.tflite"
METADATA_FILE = "model.json"
PARITY = 1e-4
"""Largest difference in probability between the two forms of the model."""

OPERATING_POINT_RULES = {
    "balanced": "out-of-fold specificity of 0.95 over slices, for each label, and a probability of at least 0.10",
    "high_sensitivity": "out-of-fold sensitivity of 0.90 over slices, for each label; never above balanced",
}


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
    """

    sigma_mm: float
    calibration: PlattCalibration
    operating_points: dict[str, tuple[float, ...]]

    @classmethod
    def none(cls) -> Fit:
        """Nothing fitted: no smoothing, no calibration, thresholds of one half."""
        half = (0.5,) * len(LABELS)
        return cls(0.0, PlattCalibration.identity(), {"balanced": half, "high_sensitivity": half})


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


def export_model(
    source: Path, folder: Path, settings: PreprocessSettings, fit: Fit, provenance: Provenance
) -> float:
    """Write ``ich.keras``, ``ich.tflite`` and ``model.json``, all or none.

    Parameters
    ----------
    source : Path
        The trained ``.keras``.
    folder : Path
        Where to; files of these names there are replaced.
    settings, fit, provenance
        What goes into the metadata.

    Returns
    -------
    float
        Largest difference in probability between the two forms.

    Raises
    ------
    LearningError
        If the two forms differ by more than `PARITY`; nothing is written then.
    """
    import keras  # noqa: PLC0415

    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".export_") as scratch:
        work = Path(scratch)
        model = labels_only(keras.saving.load_model(source, compile=False))
        model.save(work / KERAS_FILE)
        model.export(str(work / LITERT_FILE), format="litert", verbose=False)
        difference = parity(model, work / LITERT_FILE, settings)
        if not difference <= PARITY:
            raise LearningError(
                f"the LiteRT export must agree with the model to {PARITY:g} in probability",
                str(source),
                f"{difference:g}",
            )
        metadata = _metadata(work, settings, fit, provenance)
        (work / METADATA_FILE).write_text(json.dumps(metadata, indent=1) + "\n", encoding="utf-8")
        # The metadata goes last: until then the old one names hashes that no longer fit, and nothing is trusted.
        for name in (KERAS_FILE, LITERT_FILE, METADATA_FILE):
            (work / name).replace(folder / name)
    return difference


def labels_only(model: keras.Model) -> keras.Model:
    """The part of a trained model that gives the logits; what only training needed is left out."""
    import keras  # noqa: PLC0415

    outputs = model.output
    return keras.Model(model.input, outputs[LOGITS], name="ich") if isinstance(outputs, dict) else model


def parity(model: keras.Model, litert: Path, settings: PreprocessSettings) -> float:
    """Largest difference in probability between a model and its LiteRT form over some made-up pictures."""
    pictures = parity_pictures(settings.size_px)
    reference = sigmoid(np.concatenate([np.asarray(model(p[None], training=False)) for p in pictures]))
    return float(np.abs(reference - sigmoid(run_litert(litert, pictures))).max())


def parity_pictures(size_px: int) -> NDArray[np.float32]:
    """Eight pictures of grey levels: flat, noise, and rings like skulls; shape (8, size, size, 3)."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:size_px, :size_px] - (size_px - 1) / 2
    radius = np.hypot(y / 1.2, x) / size_px
    pictures = [np.zeros((size_px, size_px, 3)), np.full((size_px, size_px, 3), 255.0)]
    pictures += [rng.uniform(0, 255, (size_px, size_px, 3)) for _ in range(2)]
    for inner in (0.18, 0.24, 0.28, 0.32):
        head = np.where(radius < inner, 110.0, np.where(radius < inner + 0.04, 255.0, 0.0))
        blood = 90.0 * (np.hypot(y - 10, x + 20) < rng.uniform(4, 20))
        picture = head[..., None] + rng.normal(0, 9, (size_px, size_px, 3)) + blood[..., None]
        pictures.append(np.floor(np.clip(picture, 0, 255)))
    return np.stack(pictures).astype(np.float32)


def run_litert(litert: Path, pictures: NDArray[np.float32]) -> NDArray[np.float32]:
    """Logits of pictures by the LiteRT form, one picture at a time."""
    from ai_edge_litert.interpreter import Interpreter  # noqa: PLC0415

    interpreter = Interpreter(str(litert), num_threads=1)
    interpreter.allocate_tensors()
    source = interpreter.get_input_details()[0]["index"]
    sink = interpreter.get_output_details()[0]["index"]
    logits = []
    for picture in pictures:
        interpreter.set_tensor(source, picture[None])
        interpreter.invoke()
        logits.append(interpreter.get_tensor(sink)[0])
    return np.stack(logits)


def _metadata(work: Path, settings: PreprocessSettings, fit: Fit, provenance: Provenance) -> dict[str, Any]:
    keras_sha256 = sha256_of(work / KERAS_FILE)
    return {
        "format": FORMAT,
        "name": NAME,
        "version": provenance.version,
        "labels": [label.value for label in LABELS],
        "outputs": "logits",
        "preprocessing": settings.to_json(),
        "smoothing": {"sigma_mm": fit.sigma_mm},
        "calibration": {
            "method": "platt",
            "slope": list(fit.calibration.slope),
            "intercept": list(fit.calibration.intercept),
        },
        "operating_points": {name: list(values) for name, values in fit.operating_points.items()},
        "default_operating_point": "balanced",
        "operating_point_rules": OPERATING_POINT_RULES,
        "training_data": provenance.training_data,
        "files": {
            KERAS_FILE: {"sha256": keras_sha256},
            LITERT_FILE: {"sha256": sha256_of(work / LITERT_FILE), "exported_from_sha256": keras_sha256},
        },
        "trained": provenance.trained,
    }
