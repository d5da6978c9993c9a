"""What watches a training run."""

from __future__ import annotations

import numpy as np
import pytest

from ichviewer.errors import LearningError
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.checkpoint import Checkpoint, Watch
from ichviewer.learning.config import TrainConfig
from ichviewer.learning.data.slice_reader import members_of
from ichviewer.learning.data.store import Store
from ichviewer.learning.data.volumes import UNKNOWN, Volume

SETTINGS = PreprocessSettings(size_px=64, mm_per_px=4.0)


def test_patients_kept_back_of_whom_nothing_is_known_are_told(tmp_path):
    store = Store.create(tmp_path / "store", SETTINGS, {})
    hu, positions = np.zeros((3, 64, 64), np.int16), np.arange(3, dtype=np.float32) * 5
    labels = np.full((3, 6), UNKNOWN, np.uint8)
    store.add(Volume("a", "a", "folder", hu, positions, labels, np.ones(3, bool)))
    _, members = members_of([store.folder])
    with pytest.raises(LearningError, match="no slice has all its labels"):
        Watch(
            TrainConfig(size_px=64),
            tmp_path,
            Checkpoint(tmp_path / "checkpoint.npz"),
            optimizer=None,
            start=0,
            report=lambda told: None,
            validation=members,
            settings=SETTINGS,
        )
