"""A structured report as a tree of plain words, to search and to copy."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialogButtonBox,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from ichviewer.domain.problems import Problem
from ichviewer.ui.dialogs.frame import DialogFrame, wrapped
from ichviewer.ui.look.fonts import text_size
from ichviewer.ui.look.icons import icon
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.plain_text import lines, one_line, title_text
from ichviewer.ui.look.plain_widgets import set_tip
from ichviewer.ui.look.words import counted

_INDENT = "  "
_MOST_PROBLEMS = 6
_PIECE = 16
_MARGINS_PX, _LEAST_PX = 12, 120
_WRAPPED = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft)
_ENDLESS = re.compile(r"\S{33,}")
_MAY_BREAK = "\u200b"
"""Zero width space."""

Line = tuple[int, str]
"""Depth from 0, and what an item says, perhaps on several lines."""


class _WholeText(QStyledItemDelegate):
    """Rows as high as their wrapped text; Qt's own tree has one line for each."""

    def __init__(self, tree: QTreeWidget) -> None:
        super().__init__(tree)
        self._tree = tree

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Room for all lines at the width of the tree."""
        hint = super().sizeHint(option, index)
        depth, above = 1, index.parent()
        while above.isValid():
            depth, above = depth + 1, above.parent()
        room = self._tree.viewport().width() - depth * self._tree.indentation() - _MARGINS_PX
        area = QRect(0, 0, max(room, _LEAST_PX), 1 << 20)
        needed = QFontMetrics(self._tree.font()).boundingRect(area, _WRAPPED, str(index.data()))
        return QSize(hint.width(), max(hint.height(), needed.height() + _MARGINS_PX // 2))


class ReportTreeDialog(DialogFrame):
    """Shows any report.

    Parameters
    ----------
    heading : str
        What it is.
    about : sequence of str
        Whose it is, who made it, and whether it is finished.
    items : sequence of Line
        In order; each is a child of the last one before it with a smaller depth.
    problems : sequence of Problem
        What was malformed or left out.
    parent : QWidget or None
    """

    def __init__(
        self,
        heading: str,
        about: Sequence[str],
        items: Sequence[Line],
        problems: Sequence[Problem] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title_text(heading), one_line(heading), parent)
        self.setSizeGripEnabled(True)
        self._lines = tuple((depth, lines(text)) for depth, text in items)
        self.tree = QTreeWidget()
        self.search = QLineEdit()
        self._status = wrapped("", "muted")
        self._items: list[QTreeWidgetItem] = []
        self._build(about, problems)
        self._fill()
        self.search.textChanged.connect(lambda _: self._filter())
        self._filter()
        self.fit(text_size().px(860), text_size().px(680))
        self.search.setFocus()

    @property
    def status(self) -> str:
        """How many items are listed."""
        return self._status.text()

    def listed(self) -> list[str]:
        """What is listed, indented, in order."""
        return [
            "\n".join(_INDENT * depth + part for part in text.split("\n"))
            for (depth, text), item in zip(self._lines, self._items, strict=True)
            if not item.isHidden()
        ]

    def copy(self) -> None:
        """Put what is listed on the clipboard as plain text."""
        QGuiApplication.clipboard().setText("\n".join(self.listed()))
        self._status.setText(tr("{counted} copied.").format(counted=self._counted()))

    # Building

    def _build(self, about: Sequence[str], problems: Sequence[Problem]) -> None:
        for text in filter(None, about):
            label = wrapped(lines(text), "muted")
            label.setMinimumWidth(1)
            self.content.addWidget(label)
        self.search.setPlaceholderText(tr("Search the report"))
        self.search.setAccessibleName(tr("Search the report"))
        self.search.setClearButtonEnabled(True)
        self.content.addWidget(self.search)
        self.tree.setHeaderHidden(True)
        self.tree.setAccessibleName(tr("Report"))
        self.tree.setWordWrap(True)
        self.tree.setItemDelegate(_WholeText(self.tree))
        self.tree.header().sectionResized.connect(lambda *_: self.tree.scheduleDelayedItemsLayout())
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.tree.header().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.content.addWidget(self.tree, 1)
        if problems:
            told = [
                one_line(f"{problem.text}: {problem.found}" if problem.found else problem.text)
                for problem in problems[:_MOST_PROBLEMS]
            ]
            more = len(problems) - len(told)
            self.content.addWidget(
                wrapped(
                    "\n".join([*told, *([tr("and {rest} more").format(rest=more)] if more else [])]),
                    "warning",
                )
            )
        self.content.addWidget(self._status)
        button = self.buttons.addButton(tr("Copy as text"), QDialogButtonBox.ButtonRole.ActionRole)
        button.setIcon(icon("copy"))
        button.setAutoDefault(False)
        set_tip(button, tr("Copy every item that is listed, indented"))
        button.clicked.connect(self.copy)
        # Enter in the search must not close the dialog.
        close = self.buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setAutoDefault(False)
        close.setDefault(False)

    def _fill(self) -> None:
        above: list[QTreeWidgetItem] = []
        tops: list[QTreeWidgetItem] = []
        for depth, text in self._lines:
            item = QTreeWidgetItem([_breakable(text)])
            del above[depth:]
            if above:
                above[-1].addChild(item)
            else:
                tops.append(item)
            above.append(item)
            self._items.append(item)
        self.tree.addTopLevelItems(tops)
        self.tree.expandAll()

    def _filter(self) -> None:
        """List the items with the words searched for, and what they stand below."""
        wanted = self.search.text().casefold().split()
        # Children come after their parents.
        below: set[int] = set()
        for (_, text), item in zip(reversed(self._lines), reversed(self._items), strict=True):
            folded = text.casefold()
            listed = id(item) in below or all(word in folded for word in wanted)
            item.setHidden(not listed)
            if listed:
                below.add(id(item.parent()))
        self._status.setText(self._counted())

    def _counted(self) -> str:
        shown = sum(not item.isHidden() for item in self._items)
        words = counted("item", "items", len(self._items))
        return (
            words
            if shown == len(self._items)
            else tr("{shown:,} of {items}").format(shown=shown, items=words)
        )


def _breakable(text: str) -> str:
    """The text with places where endless words, such as hashes, may be broken."""
    return _ENDLESS.sub(lambda word: _MAY_BREAK.join(re.findall(f".{{1,{_PIECE}}}", word.group())), text)
