"""Makes `tests/inference/tiny_model`, a whole model of a few kilobytes.

Run as `python tests/inference/make_tiny_model.py`; needs TensorFlow.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

FOLDER = Path(__file__).parent / "tiny_model"
SIZE_PX = 32


def main() -> None:
    """Write the network, its LiteRT form and its metadata."""
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import keras
    from keras import layers

    keras.utils.set_random_seed(7)
    inputs = keras.Input((SIZE_PX, SIZE_PX, 3), name="grey")
    x = layers.Rescaling(1 / 128, offset=-127 / 128)(inputs)
    x = layers.Conv2D(8, 3, strides=2, activation="relu")(x)
    x = layers.GlobalAveragePooling2D()(x)
    outputs = layers.Dense(6, name="logits")(x)
    model = keras.Model(inputs, outputs)
    FOLDER.mkdir(exist_ok=True)
    model.save(FOLDER / "ich.keras")
    model.export(FOLDER / "ich.tflite", format="litert")
    digest = {n: hashlib.sha256((FOLDER / n).read_bytes()).hexdigest() for n in ("ich.keras", "ich.tflite")}
    card = {
        "format": 1,
        "name": "tiny",
        "version": "1.0",
        "labels": ["any", "epidural", "intraparenchymal", "intraventricular", "subarachnoid", "subdural"],
        "outputs": "logits",
        "preprocessing": {
            "version": 1,
            "size_px": SIZE_PX,
            "mm_per_px": 7.0,
            "window_center_hu": 40.0,
            "window_width_hu": 120.0,
            "slice_offsets_mm": [-5.0, 0.0, 5.0],
        },
        "smoothing": {"sigma_mm": 2.5},
        "calibration": {"method": "platt", "slope": [1.0] * 6, "intercept": [0.0] * 6},
        "operating_points": {"balanced": [0.5] * 6, "high_sensitivity": [0.2] * 6},
        "default_operating_point": "balanced",
        "training_data": [{"name": "nothing: random weights"}],
        "files": {
            "ich.keras": {"sha256": digest["ich.keras"]},
            "ich.tflite": {"sha256": digest["ich.tflite"], "exported_from_sha256": digest["ich.keras"]},
        },
    }
    (FOLDER / "model.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
