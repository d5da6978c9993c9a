from __future__ import annotations

import pytest
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QTableView
from pytestqt.qtbot import QtBot

from ichviewer.ui.look.columns import size_columns


@pytest.fixture
def view(qtbot: QtBot) -> QTableView:
    made = QTableView()
    qtbot.addWidget(made)
    model = QStandardItemModel(0, 2, made)
    model.setHorizontalHeaderLabels(["ID", "Nächster Versuch, wenn der letzte nicht gelang"])
    made.setModel(model)
    return made


def test_a_column_is_as_wide_as_it_should_be_where_its_name_fits(view: QTableView) -> None:
    size_columns(view.horizontalHeader(), (140, 50))
    assert view.columnWidth(0) == 140


def test_a_column_is_wider_where_its_name_needs_it(view: QTableView) -> None:
    size_columns(view.horizontalHeader(), (140, 50))
    view.show()
    header = view.horizontalHeader()
    words = header.fontMetrics().horizontalAdvance("Nächster Versuch, wenn der letzte nicht gelang")
    assert words < view.columnWidth(1) == header.sectionSizeHint(1)
