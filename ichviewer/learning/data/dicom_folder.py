"""Folders of DICOM files sorted into series: what the RSNA layout and a folder of studies have in common."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from ichviewer.learning.data.dicom_series import DicomTask
from ichviewer.learning.data.skim import Skimmed, skim_all
from ichviewer.learning.data.source import Labels, LeftOut, Runner, name_for_file
from ichviewer.progress import Progress

_FILES_A_CALL = 500

LabelOf = Callable[[Skimmed], Labels | None]
"""Labels of a file, None if the table does not name it."""


def files_below(folder: Path) -> list[str]:
    """All files below a folder, sorted by path; hidden ones are left out."""
    found = []
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [os.path.join(parent, name) for name in names if not name.startswith(".")]  # noqa: PTH118 - 750,000 times
    return sorted(found)


def skim_files(
    files: Sequence[str], runner: Runner, progress: Progress
) -> tuple[list[Skimmed], list[tuple[str, str]]]:
    """Skim files in parallel.

    Returns
    -------
    list of Skimmed
        In the order of `files`.
    list of (str, str)
        Path and reason of those that cannot be read.
    """
    found: list[Skimmed] = []
    bad: list[tuple[str, str]] = []
    calls = [tuple(files[i : i + _FILES_A_CALL]) for i in range(0, len(files), _FILES_A_CALL)]
    done = 0
    for answer in runner.run(skim_all, calls):
        call = calls[answer.index]
        if answer.failure:
            bad += [(path, answer.failure) for path in call]
        else:
            found += answer.value[0]
            bad += answer.value[1]
        done += len(call)
        progress(done, len(files), "sorting files into series")
    return sorted(found, key=lambda skimmed: skimmed.path), sorted(bad)


def group(found: Sequence[Skimmed]) -> Iterator[tuple[Skimmed, list[Skimmed]]]:
    """Files of each series in turn, by their UIDs; without a UID the folder holds a series together.

    Yields
    ------
    Skimmed
        The first file of the series.
    list of Skimmed
        All of them, in the order of their paths.
    """
    series: dict[tuple[str, str, str], list[Skimmed]] = {}
    for skimmed in found:
        uid = skimmed.series_uid or str(Path(skimmed.path).parent)
        series.setdefault((skimmed.patient_id, skimmed.study_uid, uid), []).append(skimmed)
    for key in sorted(series):
        yield series[key][0], series[key]


def make_tasks(
    found: Sequence[Skimmed],
    *,
    prefix: str,
    source: str,
    label_of: LabelOf,
    patients: Mapping[str, str] | None = None,
) -> tuple[list[DicomTask], int]:
    """One task for each series of which at least one file has a label.

    Parameters
    ----------
    found : sequence of Skimmed
    prefix : str
        Begins the names of volumes and patients, so that those of several data sets differ.
    source : str
    label_of : function of Skimmed to Labels or None
    patients : mapping of str to str, optional
        By file: whose head it is, where the table says so rather than the file.

    Returns
    -------
    list of DicomTask
        Sorted by name.
    int
        Series left out because no file of theirs has a label.
    """
    tasks: dict[str, DicomTask] = {}
    known = patients or {}
    unlabelled = 0
    for first, files in group(found):
        labels = {s.path: value for s in files if (value := label_of(s)) is not None}
        if not labels:
            unlabelled += 1
            continue
        uid = first.series_uid or Path(first.path).parent.name
        name = base = name_for_file(f"{prefix}-{uid}")
        for again in range(2, 2 + len(tasks)):
            if name not in tasks:
                break
            name = f"{base}-{again}"
        stated = next((known[s.path] for s in files if s.path in known), first.patient_id)
        patient = f"{prefix}-{stated or first.study_uid or uid}"
        tasks[name] = DicomTask(name, patient, source, tuple(s.path for s in files), labels)
    return [tasks[name] for name in sorted(tasks)], unlabelled


def problems_of(bad: Sequence[tuple[str, str]], labelled: Callable[[str], bool]) -> tuple[LeftOut, ...]:
    """Files that could not be read, as what is left out; an error only where someone took them for an image."""
    return tuple(LeftOut(path, reason, is_error=labelled(path)) for path, reason in bad)
