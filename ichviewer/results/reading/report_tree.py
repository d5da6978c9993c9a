"""Structured reports as a tree of words: any report, of any template, however odd (DICOM PS3.3 C.17.3).

Nothing of a report is acted on: references are named, not followed, and texts are plain words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ichviewer.dicom.references import read_reference
from ichviewer.dicom.values import Elements, parse_date, parse_time, readable_name
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import SliceSource
from ichviewer.domain.stored_object import ImageReference, StoredKind
from ichviewer.errors import ReadError
from ichviewer.results.reading.coded import Coded, read_coded
from ichviewer.results.reading.result_file import ResultFile, floats, open_result

MOST_DEPTH = 48
"""Levels of a tree; reports of real templates have about ten."""
MOST_NODES = 20_000
"""Items of a report; a CAD report of a chest CT has some thousand."""
_LONGEST_TEXT = 20_000
_SHOWN_POINTS = 8
_WHO = {("121008", "DCM"), ("121013", "DCM"), ("121015", "DCM")}
_IMAGES = ("IMAGE", "COMPOSITE", "WAVEFORM")


@dataclass(frozen=True)
class Node:
    """One content item.

    Parameters
    ----------
    relationship : str
        To its parent, e.g. ``CONTAINS``; empty for the root.
    value_type : str
        E.g. ``NUM``.
    name : Coded or None
        What it is about.
    value : str
        In words, a number with its unit; empty for containers.
    references : tuple of ImageReference
        Objects that it names.
    children : tuple of Node
    """

    relationship: str
    value_type: str
    name: Coded | None
    value: str = ""
    references: tuple[ImageReference, ...] = ()
    children: tuple[Node, ...] = field(default=(), repr=False)

    @property
    def text(self) -> str:
        """Name and value on one line, or several where the value has several."""
        name = "" if self.name is None else self.name.text
        return ": ".join(filter(None, (name, self.value))) or self.value_type.lower()

    @property
    def is_image(self) -> bool:
        """Whether it stands for an image or another object."""
        return self.value_type in _IMAGES

    @property
    def says_who(self) -> bool:
        """Whether it names the observer: a person, a device, or the model of one (TID 1003 and 1004)."""
        return self.name is not None and (self.name.value, self.name.scheme) in _WHO


@dataclass(frozen=True, eq=False)
class Report:
    """A structured report.

    Parameters
    ----------
    file : ResultFile
    root : Node
        The document's title and all below.
    completion, verification : str
        Completion Flag and Verification Flag, e.g. ``PARTIAL`` and ``UNVERIFIED``; empty where missing.
    template : str
        Template Identifier, empty where missing.
    problems : tuple of Problem
        What was malformed or left out.
    """

    file: ResultFile
    root: Node
    completion: str
    verification: str
    template: str
    problems: tuple[Problem, ...]

    def walk(self) -> Iterator[Node]:
        """Every node, parents before their children, in the order of the report."""
        waiting = [self.root]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.children))

    def lines(self) -> Iterator[tuple[int, str]]:
        """Depth from 0 and text of every node in order, for an indented list."""
        waiting = [(0, self.root)]
        while waiting:
            depth, node = waiting.pop()
            yield depth, node.text
            waiting.extend((depth + 1, child) for child in reversed(node.children))


def read_report(source: SliceSource) -> Report:
    """Read a structured report or a Key Object Selection as a tree.

    Parameters
    ----------
    source : SliceSource

    Raises
    ------
    ReadError
        When it is none, or is damaged or too deeply nested to be read.
    """
    return report_of(open_result(source, (StoredKind.REPORT, StoredKind.KEY_OBJECTS), "structured report"))


def report_of(file: ResultFile) -> Report:
    """The tree of an opened report.

    Raises
    ------
    ReadError
        When it has no content.
    """
    root = file.root
    if "ContentSequence" not in root and "ValueType" not in root:
        raise ReadError("the report has no content", file.where)
    templates = root.items("ContentTemplateSequence")
    tree, left_out = _tree(root)
    return Report(
        file,
        tree,
        root.text("CompletionFlag"),
        root.text("VerificationFlag"),
        templates[0].text("TemplateIdentifier") if templates else "",
        (*file.problems, *left_out),
    )


@dataclass(eq=False)
class _Growing:
    """A node whose children are not all read."""

    elements: Elements
    relationship: str
    depth: int
    children: list[_Growing] = field(default_factory=list)
    node: Node | None = None


def _tree(root: Elements) -> tuple[Node, list[Problem]]:
    """The tree, without recursion: a report may be nested as deep as it likes."""
    problems = []
    top = _Growing(root, "", 0)
    order, waiting = [], [top]
    too_deep = too_many = 0
    while waiting:
        growing = waiting.pop()
        order.append(growing)
        content = growing.elements.datasets("ContentSequence")
        if content and growing.depth >= MOST_DEPTH:
            too_deep += 1
            continue
        room = max(0, MOST_NODES - len(order) - len(waiting))
        too_many += max(0, len(content) - room)
        for data in content[:room]:
            child = growing.elements.inside(data)
            growing.children.append(_Growing(child, child.text("RelationshipType"), growing.depth + 1))
        waiting.extend(growing.children)
    for growing in reversed(order):
        growing.node = _node(growing)
    if too_deep:
        problems.append(
            Problem(
                ProblemCode.RESULT_NOT_SHOWN, root.where, f"{too_deep} items deeper than {MOST_DEPTH} levels"
            )
        )
    if too_many:
        problems.append(
            Problem(ProblemCode.RESULT_NOT_SHOWN, root.where, f"{too_many} items beyond {MOST_NODES:,}")
        )
    assert top.node is not None
    return top.node, problems


def _node(growing: _Growing) -> Node:
    item = growing.elements
    children = tuple(child.node for child in growing.children if child.node is not None)
    by_reference = item.numbers("ReferencedContentItemIdentifier")
    if by_reference:
        at = ".".join(f"{n:g}" for n in by_reference if n is not None)
        return Node(growing.relationship, "REFERENCE", None, f"see item {at}", (), children)
    value_type = item.text("ValueType").upper()
    references = tuple(
        found
        for data in item.datasets("ReferencedSOPSequence")
        if (found := read_reference(item.inside(data))) is not None
    )
    value = _value(item, value_type, references)
    if len(value) > _LONGEST_TEXT:
        value = f"{value[:_LONGEST_TEXT]} ... ({len(value):,} characters)"
    name = read_coded(item, "ConceptNameCodeSequence")
    return Node(growing.relationship, value_type, name, value, references, children)


def _value(item: Elements, value_type: str, references: tuple[ImageReference, ...]) -> str:
    """The value of a content item in words (PS3.3 table C.17.3-7)."""
    if value_type == "CONTAINER":
        return ""
    if value_type == "CODE":
        code = read_coded(item, "ConceptCodeSequence")
        return "" if code is None else code.text
    if value_type == "NUM":
        return _number(item)
    if value_type == "PNAME":
        return readable_name(item.name("PersonName"))
    if value_type == "DATETIME":
        return _moment(item.text("DateTime"))
    if value_type in ("DATE", "TIME"):
        told = item.text("Date" if value_type == "DATE" else "Time")
        return (parse_date(told) if value_type == "DATE" else parse_time(told)) or told
    if value_type == "UIDREF":
        return item.text("UID")
    if value_type == "TEXT":
        return item.text("TextValue")
    if value_type in _IMAGES:
        return "; ".join(_reference(reference) for reference in references) or "no reference"
    if value_type in ("SCOORD", "SCOORD3D"):
        return _coordinates(item, 2 if value_type == "SCOORD" else 3)
    if value_type == "TCOORD":
        return item.text("TemporalRangeType").lower()
    return f"of an unknown kind: {value_type}" if value_type else ""


def _number(item: Elements) -> str:
    values = item.items("MeasuredValueSequence")
    if not values:
        qualifier = read_coded(item, "NumericValueQualifierCodeSequence")
        return "no value" if qualifier is None else f"no value: {qualifier.text}"
    number = values[0].text("NumericValue")
    unit = read_coded(values[0], "MeasurementUnitsCodeSequence")
    if unit is None or unit.same_as("1", "UCUM") or unit.same_as("{ratio}", "UCUM"):
        return number
    # UCUM codes are how people write units; the meaning spells them out.
    shown = unit.value if unit.scheme == "UCUM" and "{" not in unit.value else unit.text
    return f"{number} {shown}"


def _moment(told: str) -> str:
    day, clock = parse_date(told[:8]), parse_time(told[8:14]) if told[8:14] else ""
    return " ".join(filter(None, (day, clock))) if day else told


def _reference(reference: ImageReference) -> str:
    frames = ", ".join(str(frame + 1) for frame in reference.frames)
    return f"{reference.sop_uid} frame {frames}" if frames else reference.sop_uid


def _coordinates(item: Elements, dimensions: int) -> str:
    values = floats(item, "GraphicData")
    points = [values[i : i + dimensions] for i in range(0, len(values) - dimensions + 1, dimensions)]
    shown = ", ".join("(" + ", ".join(f"{v:g}" for v in point) + ")" for point in points[:_SHOWN_POINTS])
    more = f" and {len(points) - _SHOWN_POINTS} more" if len(points) > _SHOWN_POINTS else ""
    unit = " mm" if dimensions == 3 else " px"
    return f"{item.text('GraphicType').lower()} {shown}{more}{unit if points else ''}".strip()
