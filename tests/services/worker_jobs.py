"""Jobs for the tests of worker processes; they run in a process of their own, which imports this module."""

from __future__ import annotations

import os
import signal
import time
from typing import Any

from ichviewer.errors import DecodeError, ModelError
from ichviewer.services.worker_serve import Asker, Staff


def open_staff(about: str = "ready to work") -> Staff:
    return Staff(
        {"count": count, "fail": fail, "bug": bug, "die": die, "hang": hang, "deaf": deaf}, about=about
    )


def open_broken() -> Staff:
    raise ModelError("the staff cannot be had", "here")


def count(argument: Any, asker: Asker) -> list[str]:
    """Tells ``word 0`` to ``word n-1``, then all of them."""
    word, n = argument
    found = []
    for i in range(n):
        asker.progress(i, n, word)
        asker.cancel.check()
        found.append(f"{word} {i}")
        asker.item(found[-1])
    return found


def fail(argument: Any, asker: Asker) -> None:
    raise DecodeError("nothing to decode", str(argument))


def bug(argument: Any, asker: Asker) -> None:
    raise KeyError(argument)


def die(argument: Any, asker: Asker) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def hang(argument: Any, asker: Asker) -> None:
    time.sleep(60)


def deaf(argument: Any, asker: Asker) -> str:
    """Goes on telling for a while, whatever is asked of it."""
    until = time.monotonic() + argument
    while time.monotonic() < until:
        asker.item("deaf")
        time.sleep(0.01)
    return "deaf"


def open_fragile_decoder() -> Staff:
    """Decodes, but dies of files called ``crash`` and never ends with files called ``hang``."""
    from ichviewer.dicom.decode import read_slice
    from ichviewer.domain.series import SliceInfo

    def decode(info: Any, asker: Asker) -> object:
        assert isinstance(info, SliceInfo)
        if info.source.path.stem.startswith("crash"):
            os.kill(os.getpid(), signal.SIGSEGV)
        if info.source.path.stem.startswith("hang"):
            time.sleep(60)
        return read_slice(info)

    return Staff({"decode": decode})
