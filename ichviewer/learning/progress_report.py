"""What a training run tells of itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

WATCHED = "weighted_log_loss"
"""The metric that decides when training stops early."""


@dataclass(frozen=True)
class StepReport:
    """Where a run stands.

    Parameters
    ----------
    run : str
        ``fold_0`` ... or ``final``.
    step, steps : int
        Steps done, and all of them.
    loss : float
        Mean training loss since the last report.
    ms_per_sample, seconds_left : float
        Speed since the last report, and what it means for the rest of the run.
    cpu_cores : float
        Mean number of cores in use since the last report.
    metrics : dict of str to (float or None)
        All of `metrics.keras_metrics` on the patients kept back, empty without any; None where a figure cannot be
        told.
    """

    run: str
    step: int
    steps: int
    loss: float
    ms_per_sample: float
    seconds_left: float
    cpu_cores: float
    metrics: dict[str, float | None] = field(default_factory=dict)

    @property
    def validation(self) -> float | None:
        """Weighted log loss on the patients kept back, where there are any."""
        return self.metrics.get(WATCHED)


Report = Callable[[StepReport], None]
