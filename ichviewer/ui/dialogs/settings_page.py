"""What the pages of the settings dialog share: load, check and save; and fields that say what is wrong with them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QVBoxLayout, QWidget

from ichviewer.ui.dialogs.frame import wrapped
from ichviewer.ui.look.plain_widgets import PlainLabel
from ichviewer.ui.session.preferences import Preferences


class SettingsPage(QWidget):
    """A page: fills its fields from preferences, checks what was entered, and puts it into preferences.

    A page for something that is no preference (keys) overrides `applied` and leaves the preferences as they are.

    Parameters
    ----------
    title : str
        What the list of pages calls it.
    """

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title = title
        self.content = QVBoxLayout(self)
        self.content.setContentsMargins(4, 0, 8, 0)
        self.content.setSpacing(12)

    def load(self, preferences: Preferences) -> None:
        """Fill the fields."""
        raise NotImplementedError

    def check(self) -> QWidget | None:
        """Say beside each field what is wrong with it.

        Returns
        -------
        QWidget or None
            The first field that cannot be used as it is; None if all can.
        """
        return None

    def save(self, preferences: Preferences) -> Preferences:
        """The preferences with what was entered; asked for only after `check` found nothing wrong."""
        raise NotImplementedError

    def load_defaults(self) -> None:
        """Fill the fields as in a new installation."""
        self.load(Preferences())

    def applied(self) -> None:
        """What all pages hold was stored and acts."""


class Field:
    """A control and the sentence below it that says what is wrong with what was entered.

    Parameters
    ----------
    name : str
        The label, which is also what a screen reader calls the control.
    control : QWidget
    beside : QWidget, optional
        What is shown in place of the control alone: a row in which it stands.
    """

    def __init__(self, name: str, control: QWidget, beside: QWidget | None = None) -> None:
        self.control = control
        self.label = PlainLabel(name)
        self.label.setBuddy(control)
        control.setAccessibleName(name)
        self.box = QWidget()
        column = QVBoxLayout(self.box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(beside or control)
        self._complaint = wrapped("", "danger")
        self._complaint.hide()
        column.addWidget(self._complaint)

    @property
    def complaint(self) -> str:
        """What is said beside it; empty if nothing is wrong."""
        return self._complaint.text()

    def complain(self, words: str) -> bool:
        """Say what is wrong, or nothing; gives back whether something is."""
        self._complaint.setText(words)
        self._complaint.setVisible(bool(words))
        self.control.setAccessibleDescription(words)
        return bool(words)


def form(*, narrow: bool = False) -> QFormLayout:
    """Labels on the left and fields on the right, or, where there is little room across, labels above fields."""
    made = QFormLayout()
    made.setHorizontalSpacing(18)
    made.setVerticalSpacing(10)
    made.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    made.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    policy = QFormLayout.RowWrapPolicy
    made.setRowWrapPolicy(policy.WrapAllRows if narrow else policy.WrapLongRows)
    return made


def add_field(layout: QFormLayout, field: Field) -> None:
    """Put a field at the end of a form."""
    layout.addRow(field.label, field.box)
