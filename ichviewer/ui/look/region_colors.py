"""Colors of painted regions, wherever they are drawn."""

from __future__ import annotations

from PySide6.QtGui import QColor

REGION_COLOR = QColor("#4de1ff")
REGION_RIM = QColor(0, 0, 0, 200)
"""Darkens both sides of a line, so that it reads on bone and on air."""
