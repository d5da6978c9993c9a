"""The form in which a search is entered."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QWidget

from ichviewer.network.query import StudyQuery
from ichviewer.ui.dialogs.choice import Choice
from ichviewer.ui.dialogs.settings_page import Field
from ichviewer.ui.look.language import tr, words_of
from ichviewer.ui.sources.query_draft import DateSpan, QueryDraft

_PLACES = (
    # key, label, what stands in it while it is empty, row, column
    ("patient_id", tr("Patient ID"), tr("any; * and ? are wildcards"), 0, 0),
    ("patient_name", tr("Name"), tr("such as Doe^J*"), 0, 1),
    ("accession_number", tr("Accession"), tr("any", "text that is searched for"), 1, 0),
    ("modality", tr("Modality"), tr("such as CT"), 1, 1),
    ("limit", tr("At most"), "", 2, 1),
)


class QueryForm(QWidget):
    """Fields of a search, checked as one types.

    Signals
    -------
    submitted()
        Enter was pressed in a field.
    """

    submitted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, QLineEdit] = {}
        self.fields: dict[str, Field] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        start = QueryDraft()
        for key, words, hint, row, column in _PLACES:
            line = self._line(key, hint)
            line.setText(getattr(start, key) if key == "limit" else "")
            self._place(grid, Field(words, line), key, row, column)
        self.lines["modality"].setText("CT")
        self.span: Choice[DateSpan] = Choice(tr("Date"), {span: words_of(span.value) for span in DateSpan})
        self.span.currentIndexChanged.connect(lambda _: self._refresh())
        first, last = self._line("first", tr("from 2024-01-31")), self._line("last", tr("to"))
        first.setAccessibleName(tr("First date"))
        last.setAccessibleName(tr("Last date"))
        across = QWidget()
        row_layout = QHBoxLayout(across)
        row_layout.setContentsMargins(0, 0, 0, 0)
        row_layout.addWidget(self.span, 2)
        row_layout.addWidget(first, 1)
        row_layout.addWidget(last, 1)
        self._place(grid, Field(tr("Date"), self.span, across), tr("dates"), 2, 0)
        for column in (1, 3):
            grid.setColumnStretch(column, 1)
        self._refresh()

    @property
    def draft(self) -> QueryDraft:
        """What stands in the fields."""
        texts = {key: line.text() for key, line in self.lines.items()}
        return QueryDraft(**texts, span=self.span.value())

    def query(self) -> StudyQuery | None:
        """What is to be searched; None if a field cannot be used, which has the keyboard then."""
        today = date.today()
        wrong = self.draft.complaints(today)
        self._refresh()
        if wrong:
            self.lines[next(iter(wrong))].setFocus(Qt.FocusReason.OtherFocusReason)
            return None
        return self.draft.query(today)

    def _line(self, key: str, hint: str) -> QLineEdit:
        line = QLineEdit()
        line.setPlaceholderText(hint)
        line.textEdited.connect(lambda _: self._refresh())
        line.returnPressed.connect(self.submitted.emit)
        self.lines[key] = line
        return line

    def _place(self, grid: QGridLayout, field: Field, key: str, row: int, column: int) -> None:
        self.fields[key] = field
        top = Qt.AlignmentFlag.AlignTop
        field.label.setContentsMargins(0, 6, 0, 0)
        grid.addWidget(field.label, row, 2 * column, top)
        grid.addWidget(field.box, row, 2 * column + 1, top)

    def _refresh(self) -> None:
        between = self.span.value() is DateSpan.BETWEEN
        for key in ("first", "last"):
            self.lines[key].setVisible(between)
        wrong = self.draft.complaints(date.today())
        wrong["dates"] = " ".join(wrong[key] for key in ("first", "last") if key in wrong)
        for key, field in self.fields.items():
            field.complain(wrong.get(key, ""))
