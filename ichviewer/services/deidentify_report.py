"""The report of a de-identification: every change, and what was not exported."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ichviewer import __version__
from ichviewer.dicom.deidentify.options import Options
from ichviewer.dicom.deidentify.table import EDITION
from ichviewer.services.deidentify_export import Export, Refused, Written
from ichviewer.services.write_findings import json_bytes

REPORT_FORMAT = 1

LIMITS = (
    "Faces can be reconstructed from thin CT sections of the head; pixels are not altered for that.",
    "Text in the pixels is not looked for; whether there may be some is told from the header.",
    "Comments inside compressed frames, and bits of the pixels beyond Bits Stored, are not removed.",
    "A name that no attribute of the object gives as a person's is not known in words of the vocabulary.",
)
"""What the profile does not do."""


def report_bytes(export: Export, folder: Path, options: Options, *, with_values: bool = False) -> bytes:
    """The report as JSON.

    Parameters
    ----------
    export : Export
    folder : Path
        The output folder, to which paths are relative.
    options : Options
    with_values : bool
        Whether it names the original values and files; it identifies patients then.

    Returns
    -------
    bytes
    """
    return json_bytes(
        {
            "format": REPORT_FORMAT,
            "app": {"name": "ichviewer", "version": __version__},
            "profile": f"DICOM PS3.15 {EDITION} Annex E, Basic Profile",
            "identifies_patients": with_values,
            "options": [
                {"code": value, "meaning": meaning}
                for value, meaning in options.codes(
                    has_tree=True, has_graphics=True, masked=bool(options.masks)
                )
            ],
            "files": [_file(item, folder, with_values) for item in export.written],
            "not_exported": [_refused(n, item, with_values) for n, item in enumerate(export.refused, 1)],
            "ignored": export.ignored,
            "doubles": export.doubles,
            "limits": list(LIMITS),
        }
    )


def _file(item: Written, folder: Path, with_values: bool) -> dict[str, Any]:
    return {
        "file": item.path.relative_to(folder).as_posix(),
        **({"source": item.source} if with_values else {}),
        "notes": list(item.notes),
        "changes": [
            {
                "where": removal.path,
                "name": removal.name,
                "what": removal.what,
                "why": removal.why,
                **({"was": removal.value} if with_values else {}),
            }
            for removal in item.removals
        ],
    }


def _refused(number: int, item: Refused, with_values: bool) -> dict[str, Any]:
    more = {"source": item.source, "found": item.found} if with_values else {}
    return {"number": number, "why": item.why, **more}
