"""How much memory a large array may take on this computer."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

_MEMINFO = Path("/proc/meminfo")


def free_memory_bytes() -> int | None:
    """Memory that can be taken without swapping, in bytes; None where the system does not say.

    On Linux what the kernel calls available, on Windows the available physical memory. Elsewhere half of what is
    built in, because macOS fills unused memory with files that it gives up at any time.
    """
    if sys.platform == "win32":
        return _on_windows()
    if _MEMINFO.is_file():
        return available_in(_MEMINFO.read_text(encoding="ascii", errors="replace"))
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    except (ValueError, OSError):
        return None


def available_in(meminfo: str) -> int | None:
    """MemAvailable of Linux's ``/proc/meminfo`` in bytes; None where it is missing (kernels before 3.14)."""
    for line in meminfo.splitlines():
        name, _, value = line.partition(":")
        words = value.split()
        if name == "MemAvailable" and words and words[0].isdigit():
            return int(words[0]) * 1024
    return None


class _MemoryStatus(ctypes.Structure):
    """MEMORYSTATUSEX of the Windows API."""

    _fields_ = (
        ("dwLength", ctypes.c_ulong),
        ("dwMemoryLoad", ctypes.c_ulong),
        ("ullTotalPhys", ctypes.c_ulonglong),
        ("ullAvailPhys", ctypes.c_ulonglong),
        ("ullTotalPageFile", ctypes.c_ulonglong),
        ("ullAvailPageFile", ctypes.c_ulonglong),
        ("ullTotalVirtual", ctypes.c_ulonglong),
        ("ullAvailVirtual", ctypes.c_ulonglong),
        ("ullAvailExtendedVirtual", ctypes.c_ulonglong),
    )


def _on_windows() -> int | None:
    status = _MemoryStatus()
    status.dwLength = ctypes.sizeof(status)
    told = ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))  # type: ignore[attr-defined,unused-ignore]
    return int(status.ullAvailPhys) if told else None
