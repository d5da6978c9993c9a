"""The list of everything that was repaired, doubted or left out, to read and to copy."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTableView,
    QWidget,
)

from ichviewer.domain.problems import Severity
from ichviewer.ui.dialogs.frame import DialogFrame, wrapped
from ichviewer.ui.icons import icon
from ichviewer.ui.input_problems import ProblemRow
from ichviewer.ui.words import count

_COLUMNS = ("", "What", "Series", "Where")
_ICONS = {
    Severity.ERROR: ("error", "danger"),
    Severity.WARNING: ("warning", "warning"),
    Severity.INFO: ("info", "muted"),
}


class ProblemTable(QAbstractTableModel):
    """Problems as rows."""

    def __init__(self, rows: list[ProblemRow]) -> None:
        super().__init__()
        self.rows = rows
        self._icons = {severity: icon(*look) for severity, look in _ICONS.items()}

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Number of problems."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Severity, what, series, where."""
        return 0 if parent.isValid() else len(_COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:
        """Names of the columns."""
        wanted = orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return _COLUMNS[section] if wanted else None

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
        """Words, and the icon of the severity."""
        row = self.rows[index.row()]
        texts = ("", row.what, row.series, row.problem.where)
        if role == Qt.ItemDataRole.DisplayRole:
            return texts[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return texts[index.column()] or row.problem.severity.value
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0:
            return self._icons[row.problem.severity]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return texts[index.column()] or row.problem.severity.value
        return None


class ProblemsDialog(DialogFrame):
    """Shows all problems, filters them by a word, copies them."""

    def __init__(self, rows: list[ProblemRow], parent: QWidget | None = None) -> None:
        super().__init__("Problems of the input", "Problems of the input", parent)
        self.resize(920, 520)
        self._rows = rows
        numbers = {s: sum(row.problem.severity is s for row in rows) for s in Severity}
        self.content.addWidget(
            wrapped(
                ", ".join(
                    (
                        count(numbers[Severity.ERROR], "error"),
                        count(numbers[Severity.WARNING], "warning"),
                        count(numbers[Severity.INFO], "remark"),
                    )
                )
                + ". The CSV names the same problems in its column “note”.",
                "muted",
            )
        )
        self._filter = QLineEdit()
        self._filter.setPlaceholderText("Filter by a word")
        self._filter.setClearButtonEnabled(True)
        self._table = ProblemTable(rows)
        self._shown = QSortFilterProxyModel(self)
        self._shown.setSourceModel(self._table)
        self._shown.setFilterKeyColumn(-1)
        self._shown.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._filter.textChanged.connect(self._shown.setFilterFixedString)
        self.content.addWidget(self._filter)
        self.content.addWidget(
            self._view() if rows else QLabel("Nothing was repaired, doubted or left out."), 1
        )
        copy = self.buttons.addButton("Copy all", QDialogButtonBox.ButtonRole.ActionRole)
        copy.setIcon(icon("copy"))
        copy.setEnabled(bool(rows))
        copy.setAutoDefault(False)
        copy.clicked.connect(self.copy)

    def copy(self) -> None:
        """Put the problems that are shown on the clipboard, one a line."""
        shown = [
            self._shown.mapToSource(self._shown.index(i, 0)).row() for i in range(self._shown.rowCount())
        ]
        QGuiApplication.clipboard().setText("\n".join(self._rows[i].line() for i in shown))

    def _view(self) -> QTableView:
        view = QTableView()
        view.setModel(self._shown)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(28)
        header = view.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(0, 34)
        header.resizeSection(1, 400)
        header.resizeSection(2, 170)
        header.setStretchLastSection(True)
        return view
