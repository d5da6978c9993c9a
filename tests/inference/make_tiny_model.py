"""Makes the models of a few kilobytes that tests run: `tiny_model`, and `tiny_maps_model` with maps of blood.

Run as `python tests/inference/make_tiny_model.py FOLDER`, with the name of one of the two; needs TensorFlow.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
SIZE_PX = 32
REGIONS = {"stride_px": 8, "slope": [1.5] * 5, "intercept": [0.25] * 5, "threshold": [0.5] * 5}


def main() -> None:
    """Write the network, its LiteRT form and its metadata."""
    folder = HERE / sys.argv[1]
    maps = {"tiny_model": False, "tiny_maps_model": True}[folder.name]
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import keras
    from keras import layers

    keras.utils.set_random_seed(7)
    inputs = keras.Input((SIZE_PX, SIZE_PX, 3), name="grey")
    x = layers.Rescaling(1 / 128, offset=-127 / 128)(inputs)
    x = layers.Conv2D(8, 3, strides=2, activation="relu")(x)
    pooled = layers.GlobalAveragePooling2D()(x)
    outputs = layers.Dense(6, name="logits")(pooled)
    if maps:
        fine = layers.Conv2D(5, 3, strides=4, padding="same", name="regions")(x)
        outputs = {"logits": outputs, "regions": fine}
    model = keras.Model(inputs, outputs)
    folder.mkdir(exist_ok=True)
    model.save(folder / "ich.keras")
    model.export(folder / "ich.tflite", format="litert")
    digest = {n: hashlib.sha256((folder / n).read_bytes()).hexdigest() for n in ("ich.keras", "ich.tflite")}
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
        **({"regions": REGIONS} if maps else {}),
        "training_data": [{"name": "nothing: random weights"}],
        "files": {
            "ich.keras": {"sha256": digest["ich.keras"]},
            "ich.tflite": {"sha256": digest["ich.tflite"], "exported_from_sha256": digest["ich.keras"]},
        },
    }
    (folder / "model.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
