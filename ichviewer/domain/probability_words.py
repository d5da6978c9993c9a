"""A probability in words, the same wherever a person reads it."""

from __future__ import annotations


def two_digits(value: float) -> str:
    """A probability with two digits that never rounds to certainty."""
    if 0 < value < 0.005:
        return "<0.01"
    if 0.995 <= value < 1:
        return ">0.99"
    return f"{value:.2f}"
