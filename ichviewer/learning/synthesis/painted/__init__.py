"""Paints hemorrhages in 3-D into real heads without blood."""

from __future__ import annotations

from ichviewer.learning.synthesis.painted.volume import paint_volume

__all__ = ["paint_volume"]
