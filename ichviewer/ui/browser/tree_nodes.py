"""The nodes of the tree of what is open, and how they are made, sorted and filtered."""

from __future__ import annotations

from collections.abc import Hashable

from ichviewer.domain.series import PatientInfo, Series, Study
from ichviewer.ui.browser.study_order import Show, Summary, of_series, total
from ichviewer.ui.browser.tree_rows import PatientRow, Row, SeriesRow, StudyRow
from ichviewer.ui.look.words import patient_name, study_title


class Node:
    """A row and what is below it.

    ``known`` is all there is in the order found, ``results`` stand below that; ``shown`` is what is listed.
    """

    __slots__ = ("key", "known", "parent", "place", "results", "row", "shown", "summary")

    def __init__(self, key: Hashable, row: Row | None, parent: Node | None) -> None:
        self.key = key
        self.row = row
        self.parent = parent
        self.known: list[Node] = []
        self.results: list[Node] = []
        self.shown: list[Node] = []
        self.place = -1
        """Among the ``shown`` of its parent; -1 where it is not listed."""
        self.summary: Summary | None = None
        """None after something below has changed."""

    def summarized(self) -> Summary:
        """What everything below amounts to."""
        if self.summary is None:
            row = self.row
            if isinstance(row, SeriesRow):
                self.summary = of_series(row.result)
            else:
                self.summary = total([node.summarized() for node in self.known])
                if isinstance(row, (PatientRow, StudyRow)):
                    row.summary = self.summary
        return self.summary


def new_node(key: Hashable, value: PatientInfo | Study | Series, parent: Node) -> Node:
    """A node for a patient, a study or a series."""
    if isinstance(value, Series):
        return Node(key, SeriesRow(value), parent)
    return Node(key, StudyRow(value) if isinstance(value, Study) else PatientRow(value), parent)


def update_node(node: Node, value: PatientInfo | Study | Series) -> None:
    """Take over what changed without losing what was added to the row."""
    row = node.row
    if isinstance(row, SeriesRow) and isinstance(value, Series):
        row.series = value
    elif isinstance(row, StudyRow) and isinstance(value, Study):
        row.study = value
    elif isinstance(row, PatientRow) and isinstance(value, PatientInfo):
        row.patient = value


def unlist(node: Node) -> None:
    """What is not listed has no place, and no open row."""
    node.shown = []
    if isinstance(node.row, (PatientRow, StudyRow)):
        node.row.is_open = False
    for child in (*node.known, *node.results):
        child.place = -1
        unlist(child)


def fits(node: Node, show: Show) -> bool:
    """Whether a filter lets a node through, or anything below it."""
    if isinstance(node.row, SeriesRow):
        return node.row.result.fits(show)
    return show is Show.ALL or any(fits(child, show) for child in node.known)


def name_key(row: Row | None) -> tuple[str, int]:
    """What nodes are sorted by in the order of their names."""
    if isinstance(row, PatientRow):
        return patient_name(row.patient).casefold(), 0
    if isinstance(row, StudyRow):
        return study_title(row.study.info).casefold(), 0
    assert isinstance(row, SeriesRow)
    return row.series.description.casefold(), row.series.number or 0


def newest_date(node: Node) -> str:
    """Date and time of the newest study below, or of the study itself; empty for a series, which keeps its place."""
    if isinstance(node.row, StudyRow):
        info = node.row.study.info
        return f"{info.date} {info.time}" if info.date else ""
    return max((newest_date(child) for child in node.known), default="")
