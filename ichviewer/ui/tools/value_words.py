"""What was measured, in the words that stand beside an annotation."""

from __future__ import annotations

from ichviewer.domain.annotation.base import Annotation, Kind
from ichviewer.domain.annotation.measured import Measured, Name, Note, Quantity, Unit
from ichviewer.domain.annotation.place import OnReformat
from ichviewer.domain.slab import Slab
from ichviewer.ui.look.language import marked, tr, words_of
from ichviewer.ui.look.plain_text import one_line
from ichviewer.ui.look.words import WORDS_HIDDEN

KIND_WORDS = {
    Kind.LENGTH: marked("Length"),
    Kind.BIDIRECTIONAL: marked("Bidirectional"),
    Kind.ANGLE: marked("Angle"),
    Kind.MIDLINE_SHIFT: marked("Midline shift"),
    Kind.ABC2: "ABC/2",
    Kind.ELLIPSE: marked("Ellipse"),
    Kind.RECTANGLE: marked("Rectangle"),
    Kind.FREEHAND: marked("Freehand"),
    Kind.PROBE: marked("Probe"),
    Kind.ARROW: marked("Arrow"),
    Kind.TEXT: marked("Text"),
    Kind.KEY_IMAGE: marked("Key image"),
}

_UNITS = {
    Unit.PX: marked("pixels"),
    Unit.MM2: "mm²",
    Unit.PX2: marked("square pixels"),
    Unit.DEGREES: "°",
}
# Said by the values themselves.
_IN_VALUES = (Note.NO_SPACING, Note.ESTIMATED_SPACING)
_OF_PIXELS = frozenset({Unit.HU, Unit.STORED})


def label_lines(annotation: Annotation, measured: Measured, *, words_shown: bool = True) -> tuple[str, ...]:
    """The label of an annotation: its own words, what was measured, and what has to be said beside that.

    Parameters
    ----------
    annotation : Annotation
    measured : Measured
    words_shown : bool
        Whether its own words may be seen: they are free text, which may name the patient.
    """
    own = one_line(annotation.label).strip()
    words = (own if words_shown or not own else words_of(WORDS_HIDDEN),)
    lines = (*words, *value_lines(measured), *_plane_lines(annotation, measured), *_note_lines(measured))
    return tuple(line for line in lines if line)


def list_lines(annotation: Annotation, measured: Measured) -> tuple[str, ...]:
    """As `label_lines`; what was drawn on a slab says so in any case, for it is only seen on that slab."""
    lines, place = label_lines(annotation, measured), annotation.drawn_on.place
    if not isinstance(place, OnReformat) or place.slab is None or _has_values(measured):
        return lines
    return (*lines, tr("on {slab_words}").format(slab_words=slab_words(place.slab)))


def measured_lines(measured: Measured) -> tuple[str, ...]:
    """What was measured, and what has to be said beside that."""
    return (*value_lines(measured), *_note_lines(measured))


def value_lines(measured: Measured) -> tuple[str, ...]:
    """What was measured, a line for what belongs together."""
    said = _Values(measured)
    kind = measured.kind
    if kind is Kind.LENGTH:
        return said.each("{length}")
    if kind is Kind.ANGLE:
        return said.each("{angle}")
    if kind is Kind.PROBE:
        return said.each("{value}")
    if kind is Kind.BIDIRECTIONAL:
        return said.each("{long_axis} × {short_axis}")
    if kind is Kind.MIDLINE_SHIFT:
        side = (
            ""
            if measured.side is None
            else tr(" to the patient's {sides}").format(sides=words_of(_SIDES[measured.side.value]))
        )
        return tuple(line + side for line in said.each("{shift}"))
    if kind is Kind.ABC2:
        lines = said.each("A {a}", "B {b}", "C {c}", tr("ABC/2 {volume}"))
        counted = measured.find(Name.C) is not None
        return (*lines, *(() if counted or not lines else (tr("C is still to be counted"),)))
    if kind in (Kind.ELLIPSE, Kind.RECTANGLE, Kind.FREEHAND):
        # A single pixel has no SD.
        mean = tr("Mean {mean}") if measured.find(Name.SD) is None else tr("Mean {mean}, SD {sd}")
        return said.each(tr("Area {area}"), mean, tr("{min} to {max}, {n_pixels}"))
    return ()


def slab_words(slab: Slab | None) -> str:
    """What of the HU around a plane is shown, e.g. ``5 mm mean``."""
    return tr("plane alone") if slab is None else f"{slab.thickness_mm:g} mm {words_of(slab.projection)}"


def plane_name(place: OnReformat) -> str:
    """What a plane is in the patient: ``Coronal``, or ``Oblique`` where it was turned."""
    from ichviewer.ui.panes.reformat_state import TURNED_COSINE  # noqa: PLC0415 - with the first reformat

    along = max(range(3), key=lambda axis: abs(place.normal[axis]))
    return words_of(_PLANES[along]) if abs(place.normal[along]) >= TURNED_COSINE else tr("Oblique")


_PLANES = (marked("Sagittal"), marked("Coronal"), marked("Axial"))


def _has_values(measured: Measured) -> bool:
    return any(q.unit in _OF_PIXELS for q in measured.quantities)


def _plane_lines(annotation: Annotation, measured: Measured) -> tuple[str, ...]:
    """What HU of a reformat are those of."""
    place = annotation.drawn_on.place
    if not isinstance(place, OnReformat) or not _has_values(measured):
        return ()
    return (tr("Reformatted, {slab_words}").format(slab_words=slab_words(place.slab)),)


def _note_lines(measured: Measured) -> tuple[str, ...]:
    return tuple(_sentence(words_of(note.text)) for note in measured.notes if note not in _IN_VALUES)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


_SIDES = {"R": marked("right"), "L": marked("left")}


class _Values:
    """Puts values into lines; a line whose value was not measured is left out."""

    def __init__(self, measured: Measured) -> None:
        estimated = Note.ESTIMATED_SPACING in measured.notes
        self._words = {q.name.value: _said(q, estimated) for q in measured.quantities}

    def each(self, *lines: str) -> tuple[str, ...]:
        found = []
        for line in lines:
            try:
                found.append(line.format_map(self._words))
            except KeyError:
                continue
        return tuple(found)


def _said(quantity: Quantity, estimated: bool) -> str:
    unit = words_of(_UNITS.get(quantity.unit, quantity.unit.value))
    words = f"{quantity.digits}{unit}" if unit == "°" else f"{quantity.digits} {unit}"
    return (
        tr("≈ {words} (estimated)").format(words=words) if estimated and quantity.rests_on_spacing else words
    )
