"""Backbones by name: their maps, their scaling, and where their weights come from."""

from __future__ import annotations

import numpy as np
import pytest

from ichviewer.errors import LearningError
from ichviewer.learning import backbones

pytestmark = [
    pytest.mark.tensorflow,
    # Keras reads its variables in a way that numpy 2 is about to drop.
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]

TORCH = ([-0.485 / 0.229, -0.456 / 0.224, -0.406 / 0.225], [0.515 / 0.229, 0.544 / 0.224, 0.594 / 0.225])
CAFFE = ([-103.939, -116.779, -123.68], [151.061, 138.221, 131.32])
TF = ([-1.0] * 3, [1.0] * 3)
LITE = ([-127 / 128] * 3, [1.0] * 3)

# Channels at stride 8, 16 and 32, and what black and white become in front of the first layer.
NETWORKS = {
    "efficientnet-lite0": ((40, 112, 1280), LITE),
    "efficientnet-lite1": ((40, 112, 1280), LITE),
    "efficientnet-lite2": ((48, 120, 1280), LITE),
    "ResNet50": ((512, 1024, 2048), CAFFE),
    "DenseNet121": ((512, 1024, 1024), TORCH),
    "EfficientNetV2B0": ((48, 112, 1280), TORCH),
    "EfficientNet-B0": ((40, 112, 1280), TORCH),
    "MobileNetV3Large": ((40, 112, 960), TF),
    "vgg16": ((512, 512, 512), CAFFE),
}


def built(name, size=(None, None), channels=3):
    import keras

    inputs = keras.Input((*size, channels), name="grey")
    taps = backbones.build(name, inputs)
    return keras.Model(inputs, [taps.stride8, taps.stride16, taps.deep])


@pytest.fixture(scope="module")
def mobilenet():
    return built("mobilenet")


@pytest.fixture(scope="module")
def lite0():
    return built("efficientnet-lite0")


def randomize(model, seed):
    rng = np.random.default_rng(seed)
    for layer in model.layers:
        layer.set_weights([rng.uniform(0.5, 1, w.shape) for w in layer.weights])


@pytest.mark.parametrize("name", NETWORKS)
def test_maps_of_three_strides_from_a_flat_model_with_the_right_scaling(name):
    import keras

    channels, scaled = NETWORKS[name]
    model = built(name)
    maps = model(np.full((1, 96, 64, 3), 128, np.float32), training=False)
    shapes = [(1, 96 // stride, 64 // stride, n) for stride, n in zip((8, 16, 32), channels, strict=True)]
    assert [tuple(m.shape) for m in maps] == shapes
    assert all(np.isfinite(m).all() for m in maps)
    assert not any(isinstance(layer, keras.Model) for layer in model.layers)
    # One plain layer scales, and no other behind it.
    kinds = [type(layer) for layer in model.layers]
    assert kinds.count(keras.layers.Rescaling) == 1
    assert keras.layers.Normalization not in kinds
    ends = np.asarray(model.get_layer("grey_to_unit")(np.array([[[[0.0] * 3, [255.0] * 3]]])))
    np.testing.assert_allclose(ends[0, 0], scaled, rtol=1e-5)


@pytest.mark.parametrize("name", ["efficientnet-lite0", "DenseNet121", "ResNet50", "MobileNetV3Large"])
@pytest.mark.parametrize("channels", [1, 2, 4, 5])
def test_weights_of_three_channels_answer_equal_channels_alike_in_any_number(tmp_path, name, channels):
    three, other = built(name), built(name, channels=channels)
    rng = np.random.default_rng(0)
    first = next(layer for layer in three.layers if layer.weights)
    first.set_weights([rng.normal(size=w.shape) for w in first.weights])
    three.save(tmp_path / "three.keras")
    backbones.load_weights(other, name, str(tmp_path / "three.keras"))
    grey = rng.uniform(0, 255, (1, 64, 64, 1)).astype(np.float32)
    expected = three(np.repeat(grey, 3, axis=-1), training=False)
    found = other(np.repeat(grey, channels, axis=-1), training=False)
    for one, two in zip(expected, found, strict=True):
        np.testing.assert_allclose(one, two, rtol=1e-3, atol=1e-4 * float(np.abs(one).max()))


def test_an_unknown_backbone_names_those_there_are():
    import keras

    with pytest.raises(LearningError, match=r"efficientnet-lite0, .*densenet121, .*resnet50"):
        backbones.build("resnext", keras.Input((64, 64, 3)))
    with pytest.raises(LearningError, match="there is no backbone"):
        backbones.early_layers("", 1)


def test_early_layers_of_a_network_of_keras():
    early = backbones.early_layers("mobilenet", 2)
    assert early == (
        *("conv1", "conv1_bn", "conv_dw_1", "conv_dw_1_bn", "conv_pw_1", "conv_pw_1_bn"),
        *("conv_dw_2", "conv_dw_2_bn", "conv_pw_2", "conv_pw_2_bn"),
    )
    assert backbones.early_layers("mobilenet", 0) == ()


@pytest.mark.parametrize("name", ["efficientnet-lite0", "mobilenet"])
@pytest.mark.parametrize("ending", [".keras", ".weights.h5"])
def test_weights_of_a_saved_network_are_found_again(tmp_path, request, name, ending):
    model = request.getfixturevalue({"efficientnet-lite0": "lite0"}.get(name, name))
    randomize(model, 1)
    saved = model.get_weights()
    path = tmp_path / f"saved{ending}"
    if ending == ".keras":
        model.save(path)
    else:
        model.save_weights(path)
    randomize(model, 2)
    assert not np.array_equal(model.get_weights()[0], saved[0])
    backbones.load_weights(model, name, str(path))
    for ours, theirs in zip(model.get_weights(), saved, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_weights_of_the_network_as_keras_ships_it_without_its_top(tmp_path, mobilenet):
    from keras import applications

    shipped = applications.MobileNet(include_top=False, weights=None, input_shape=(224, 224, 3))
    path = tmp_path / "shipped.weights.h5"
    shipped.save_weights(path)
    backbones.load_weights(mobilenet, "mobilenet", str(path))
    grey = np.random.default_rng(0).uniform(0, 255, (1, 96, 96, 3)).astype(np.float32)
    free = applications.MobileNet(include_top=False, weights=None)
    free.set_weights(shipped.get_weights())
    expected = free(applications.mobilenet.preprocess_input(grey.copy()), training=False)
    np.testing.assert_allclose(mobilenet(grey, training=False)[-1], expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("file", "what"),
    [
        ("other.keras", "not weights of mobilenet"),
        ("other.weights.h5", "not weights of mobilenet"),
        ("broken.keras", "could not be read"),
        ("broken.weights.h5", "not weights of mobilenet"),
        ("weights.txt", "weights are read from"),
        ("nowhere.keras", "no such file"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_and_changes_nothing(tmp_path, lite0, mobilenet, file, what):
    path = tmp_path / file
    if file == "other.keras":
        lite0.save(path)
    elif file == "other.weights.h5":
        lite0.save_weights(path)
    elif file != "nowhere.keras":
        path.write_bytes(b"no weights")
    before = mobilenet.get_weights()
    with pytest.raises(LearningError, match=what):
        backbones.load_weights(mobilenet, "mobilenet", str(path))
    for now, then in zip(mobilenet.get_weights(), before, strict=True):
        np.testing.assert_array_equal(now, then)


def test_random_weights_stay_as_they_are(mobilenet):
    before = mobilenet.get_weights()
    backbones.load_weights(mobilenet, "mobilenet", "random")
    np.testing.assert_array_equal(mobilenet.get_weights()[0], before[0])
