"""Which earlier series of the patient stands beside the one in view. It knows no Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from ichviewer.domain.series import Series
from ichviewer.ui.panes.links import SAME_WAY_COSINE


def prior_of(current: Series, among: Iterable[Series], is_head: Callable[[Series], bool]) -> Series | None:
    """The longest head series of like orientation in the newest older study of the same patient.

    Parameters
    ----------
    current : Series
    among : iterable of Series
        What is open.
    is_head : callable
        Whether a series is one of a head, asked of few.

    Returns
    -------
    Series or None
        None where there is none. A patient is the same where the id, which must be there, and the name are; a study
        is older where both have dates and its date is earlier: times of one day are not trusted.
    """
    who, when = current.patient, current.study.date
    if not who.id or not when:
        return None
    older = [
        series
        for series in among
        if (series.patient.id, series.patient.name) == (who.id, who.name)
        and series.key.study_uid != current.key.study_uid
        and series.study.date
        and series.study.date < when
        and _alike(current, series)
    ]
    for date in sorted({series.study.date for series in older}, reverse=True):
        heads = [series for series in older if series.study.date == date and is_head(series)]
        if heads:
            return max(heads, key=len)
    return None


def _alike(one: Series, other: Series) -> bool:
    a, b = one.normal, other.normal
    return a is not None and b is not None and float(np.dot(a, b)) >= SAME_WAY_COSINE
