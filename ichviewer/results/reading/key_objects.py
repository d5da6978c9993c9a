"""Key Object Selections (DICOM PS3.3 A.35.4, PS3.16 TID 2010): marked images, and why they were marked."""

from __future__ import annotations

from dataclasses import dataclass

from ichviewer.dicom.references import read_references
from ichviewer.domain.problems import Problem
from ichviewer.domain.series import Series, SliceSource
from ichviewer.domain.stored_object import ImageReference, StoredKind
from ichviewer.errors import ReadError
from ichviewer.results.reading.coded import Coded, read_coded
from ichviewer.results.reading.report_tree import Node, report_of
from ichviewer.results.reading.result_file import ResultFile, open_result

_DESCRIPTION = ("113012", "DCM")
_TITLE_MODIFIER = ("113011", "DCM")


@dataclass(frozen=True, eq=False)
class KeyObjects:
    """Marked images.

    Parameters
    ----------
    file : ResultFile
    title : Coded or None
        Why they were marked, e.g. "For Referring Provider".
    modifiers : tuple of str
        What narrows the title down.
    description : str
        Words of whoever marked them.
    observers : tuple of str
        Who marked them: persons and devices.
    references : tuple of ImageReference
        What is marked, in the order of the content.
    problems : tuple of Problem
    """

    file: ResultFile
    title: Coded | None
    modifiers: tuple[str, ...]
    description: str
    observers: tuple[str, ...]
    references: tuple[ImageReference, ...]
    problems: tuple[Problem, ...]

    def slices_of(self, series: Series) -> tuple[int, ...]:
        """Indices of the slices of a series that are marked, to show these only.

        Raises
        ------
        ReadError
            When it is of another patient.
        """
        self.file.check_patient(series)
        by_uid: dict[str, list[ImageReference]] = {}
        for reference in self.references:
            by_uid.setdefault(reference.sop_uid, []).append(reference)
        return tuple(
            index
            for index, info in enumerate(series.slices)
            if any(r.means(info.sop_uid, info.source.frame) for r in by_uid.get(info.sop_uid, ()))
        )


def read_key_objects(source: SliceSource) -> KeyObjects:
    """Read a Key Object Selection.

    Parameters
    ----------
    source : SliceSource

    Raises
    ------
    ReadError
        When it is none, is damaged, or marks nothing.
    """
    file = open_result(source, (StoredKind.KEY_OBJECTS,), "key object selection")
    report = report_of(file)
    nodes = tuple(report.walk())
    marked = tuple(dict.fromkeys(r for node in nodes if node.is_image for r in node.references))
    # Some writers list what is marked as evidence only.
    references = marked or read_references(file.root)
    if not references:
        raise ReadError("the selection marks no images", file.where)
    return KeyObjects(
        file,
        read_coded(file.root, "ConceptNameCodeSequence"),
        tuple(node.value for node in nodes if _is_named(node, _TITLE_MODIFIER)),
        "\n".join(node.value for node in nodes if _is_named(node, _DESCRIPTION)),
        tuple(
            dict.fromkeys(
                node.value for node in nodes if node.relationship == "HAS OBS CONTEXT" and node.says_who
            )
        ),
        references,
        report.problems,
    )


def _is_named(node: Node, code: tuple[str, str]) -> bool:
    return node.name is not None and node.name.same_as(*code)
