"""By what rule thresholds are chosen: as numbers for who fits them, and in the words that go with a model."""

from __future__ import annotations

BALANCED_SPECIFICITY = 0.97
"""Of the slices of the one hospital there is to fit on; on others it is lower, as every scanner differs."""
LEAST_BALANCED_PROBABILITY = 0.10
"""Without it a rare type would be flagged at a chance of one in a hundred: the price of specificity alone."""
HIGH_SENSITIVITY = 0.90

OPERATING_POINT_RULES = {
    "balanced": (
        f"out-of-fold specificity of {BALANCED_SPECIFICITY:.2f} over slices, for each label, and a probability of at "
        f"least {LEAST_BALANCED_PROBABILITY:.2f}"
    ),
    "high_sensitivity": (
        f"out-of-fold sensitivity of {HIGH_SENSITIVITY:.2f} over slices, for each label; never above balanced"
    ),
}
"""For the metadata of a model and its card."""
