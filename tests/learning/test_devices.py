"""What the machine is said to be, and that a run says on which one it was trained."""

import os
import platform

import pytest

from ichviewer.learning import devices
from ichviewer.learning.ship import machine_of

pytestmark = pytest.mark.tensorflow


def test_the_machine_is_told_in_words_with_its_backend():
    import keras

    told = devices.machine()
    assert told.startswith(f"{platform.system()}, {platform.machine()}, {os.cpu_count()} CPU cores")
    assert told.endswith(f"(Keras on {keras.backend.backend()})")
    # A processor's name stands there only where there is an accelerator.
    assert (told.count(", ") == 2) == (not devices.has_gpu())


def test_the_card_names_the_machine_of_the_run_rather_than_this_one(tmp_path):
    assert machine_of(tmp_path) == devices.machine()
    (tmp_path / "machine.txt").write_text("a large computer\n", encoding="utf-8")
    assert machine_of(tmp_path) == "a large computer"
