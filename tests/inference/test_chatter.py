from __future__ import annotations

import os
import threading

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


def test_two_threads_leave_stderr_where_it_was(capfd):
    first_is_in, second_waits = threading.Event(), threading.Event()

    def first():
        with without_chatter():
            first_is_in.set()
            # The second is let in only after the first has ended.
            second_waits.wait(0.3)
            os.write(2, b"first\n")

    def second():
        first_is_in.wait()
        with without_chatter():
            second_waits.set()
            os.write(2, b"second\n")

    threads = [threading.Thread(target=target) for target in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "first\nsecond\nafter\n"
