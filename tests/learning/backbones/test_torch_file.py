"""Reading PyTorch weight files without PyTorch."""

from __future__ import annotations

import collections
import os
import pickle

import numpy as np
import pytest

from ichviewer.learning.backbones.efficientnet_lite import imagenet_weights_path
from ichviewer.learning.backbones.torch_file import read_state_dict


class Evil:
    def __reduce__(self):
        return os.getcwd, ()


def write_legacy(path, payload):
    """The rows of pickles of the legacy format with any object in place of the state dict."""
    with path.open("wb") as file:
        for item in (0x1950A86A20F9469CFC6C, 1001, {"little_endian": True}, payload, []):
            pickle.dump(item, file, protocol=2)


def test_the_imagenet_weights_are_read_in_full():
    state = read_state_dict(imagenet_weights_path())
    assert state["_conv_stem.weight"].shape == (32, 3, 3, 3)
    assert state["_blocks.1._depthwise_conv.weight"].shape == (96, 1, 3, 3)
    assert state["_fc.weight"].shape == (1000, 1280)
    assert state["_fc.weight"].dtype == np.float32
    assert all(np.isfinite(values).all() for values in state.values())
    assert (state["_bn0.running_var"] >= 0).all()


def test_a_file_with_code_in_it_is_refused(tmp_path):
    path = tmp_path / "evil.pth"
    write_legacy(path, {"weight": Evil()})
    with pytest.raises(pickle.UnpicklingError, match="only hold tensors"):
        read_state_dict(path)


def test_an_empty_state_dict_is_read(tmp_path):
    path = tmp_path / "empty.pth"
    write_legacy(path, collections.OrderedDict())
    assert read_state_dict(path) == {}


def test_another_format_is_refused(tmp_path):
    path = tmp_path / "other.pth"
    path.write_bytes(pickle.dumps(7))
    with pytest.raises(ValueError, match="legacy format"):
        read_state_dict(path)


def test_a_file_that_was_cut_short_is_refused(tmp_path):
    path = tmp_path / "short.pth"
    path.write_bytes(imagenet_weights_path().read_bytes()[:-1000])
    with pytest.raises(ValueError, match="ends before"):
        read_state_dict(path)
