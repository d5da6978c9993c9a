"""ichviewer: a desktop DICOM viewer that finds intracranial hemorrhage on head CT, and the same from Python.

What scripts and notebooks may rely on is listed in ``__all__`` and explained in ``docs/api.md``. It is loaded when it
is first used, and without the window.
"""

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

__all__ = [
    "LABELS",
    "CancelToken",
    "Cancelled",
    "Catalog",
    "Findings",
    "Hemorrhage",
    "Series",
    "SeriesFindings",
    "SliceFinding",
    "Status",
    "Study",
    "Volume",
    "__version__",
    "annotate",
    "demo_dir",
    "errors",
    "open_study",
    "read_volume",
    "render",
    "write_csv",
    "write_results",
]

if TYPE_CHECKING:
    from ichviewer import errors
    from ichviewer.api.annotating import annotate
    from ichviewer.api.findings import Findings
    from ichviewer.api.opening import open_study
    from ichviewer.api.pictures import read_volume, render
    from ichviewer.api.writing import write_csv, write_results
    from ichviewer.bundle import demo_dir
    from ichviewer.domain.findings import SeriesFindings, SliceFinding, Status
    from ichviewer.domain.labels import LABELS, Hemorrhage
    from ichviewer.domain.series import Catalog, Series, Study
    from ichviewer.domain.volume import Volume
    from ichviewer.progress import Cancelled, CancelToken
else:
    _HOME = {
        "annotate": "ichviewer.api.annotating",
        "Findings": "ichviewer.api.findings",
        "open_study": "ichviewer.api.opening",
        "read_volume": "ichviewer.api.pictures",
        "render": "ichviewer.api.pictures",
        "write_csv": "ichviewer.api.writing",
        "write_results": "ichviewer.api.writing",
        "demo_dir": "ichviewer.bundle",
        "SeriesFindings": "ichviewer.domain.findings",
        "SliceFinding": "ichviewer.domain.findings",
        "Status": "ichviewer.domain.findings",
        "LABELS": "ichviewer.domain.labels",
        "Hemorrhage": "ichviewer.domain.labels",
        "Catalog": "ichviewer.domain.series",
        "Series": "ichviewer.domain.series",
        "Study": "ichviewer.domain.series",
        "Volume": "ichviewer.domain.volume",
        "Cancelled": "ichviewer.progress",
        "CancelToken": "ichviewer.progress",
    }
    """The module of each public name, which is loaded with the first use of it."""

    def __getattr__(name):
        if name == "errors":
            return import_module("ichviewer.errors")
        if name not in _HOME:
            raise AttributeError(f"module 'ichviewer' has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(_HOME[name]), name)
        return value

    def __dir__():
        return sorted({*globals(), *__all__})
