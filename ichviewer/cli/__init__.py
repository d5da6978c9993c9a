"""The command line: `ichviewer [PATH...]` opens the viewer, `ichviewer COMMAND ...` does one thing and ends."""

from __future__ import annotations

from ichviewer.cli.main import cli

__all__ = ["cli"]
