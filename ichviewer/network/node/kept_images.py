"""The images of a study in a node's worklist, for who wants to look at them; nothing is changed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ichviewer.errors import ReadError
from ichviewer.network.node.entry import Entry, StudyState
from ichviewer.network.node.inbox import INBOX, OBJECTS, study_key
from ichviewer.network.node.worklist import worklist_file
from ichviewer.network.node.worklist_file import told


@dataclass(frozen=True)
class KeptImages:
    """Images that are there.

    Parameters
    ----------
    folder : Path
        Those of one study, and of no other.
    notes : tuple of str
        What must be said with them, in sentences; empty if all that came is there and nothing more comes.
    """

    folder: Path
    notes: tuple[str, ...] = ()


def find_images(path: Path, entry: Entry) -> KeptImages:
    """Where the images of a study lie.

    Parameters
    ----------
    path : Path
        The worklist's file, or the folder of the node.
    entry : Entry
        The study, as the worklist has it.

    Raises
    ------
    ReadError
        If they were deleted, are gone, or may not be looked at.
    """
    folder = worklist_file(path).parent / INBOX / study_key(entry.study_uid)
    with told(folder, ReadError):
        there = len(list(folder.glob(OBJECTS))) if folder.is_dir() else 0
    if not there:
        if not entry.n_objects:
            raise ReadError("the node deleted the images of this study when their time was over")
        raise ReadError("the images of this study are gone", str(folder), "no folder with images")
    notes = []
    if entry.state is StudyState.ARRIVING:
        notes.append("it was still arriving; images that come later are not shown until it is opened again.")
    elif there < entry.n_objects:
        notes.append(f"only {there:,} of {entry.n_objects:,} images are there.")
    return KeptImages(folder, tuple(notes))
