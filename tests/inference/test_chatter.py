from __future__ import annotations

import os

from ichviewer.inference.chatter import without_chatter


def test_holds_back_chatter_and_nothing_else(capfd):
    with without_chatter():
        os.write(2, b"INFO: Created TensorFlow Lite XNNPACK delegate for CPU.\nERROR: no memory\n")
        assert capfd.readouterr().err == ""
    assert capfd.readouterr().err == "ERROR: no memory\n"
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "after\n"


def test_passes_on_what_was_said_before_an_error(capfd):
    try:
        with without_chatter():
            os.write(2, b"why\n")
            raise RuntimeError
    except RuntimeError:
        pass
    assert capfd.readouterr().err == "why\n"
