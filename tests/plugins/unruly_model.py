"""A further model that ends its process, or has a bug, on series with a certain description."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping

from ichviewer.domain.model_result import Value
from ichviewer.domain.model_spec import ModelSpec, Output, Scope, Unit
from ichviewer.progress import CancelToken, Progress
from ichviewer.services.series_slices import SeriesSlices

DEADLY = "ends the process"


class UnrulyModel:
    """Counts slices, unless it is given a series that it does not survive."""

    spec = ModelSpec(
        "unruly", "Unruly 1.0", (Output("count", "Number of slices", "n", Scope.SERIES, Unit.ML, 1),)
    )

    def measure(self, slices: SeriesSlices, cancel: CancelToken, progress: Progress) -> Mapping[str, Value]:
        if slices.series.description == DEADLY:
            os.kill(os.getpid(), signal.SIGKILL)
        return {"count": float(len(slices))}
