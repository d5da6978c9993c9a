"""Keys that no command of the program has, for commands and tools that tests add."""

from __future__ import annotations

from pathlib import Path

from ichviewer.services.windows import load_presets
from ichviewer.ui.app.standard_commands import standard_table


def free_keys(number: int) -> list[str]:
    """Keys that are free, whatever commands the program has got since."""
    taken = {key for command in standard_table(load_presets(Path("none"))).commands for key in command.keys}
    keys = [f"Ctrl+{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"]
    return [key for key in (*keys, *(f"Ctrl+Alt+F{n}" for n in range(1, 36))) if key not in taken][:number]
