"""A choice among values in a dialog, with words for each value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

from ichviewer.ui.look.combo_box import ComboBox
from ichviewer.ui.look.plain_text import one_line
from ichviewer.ui.look.plain_widgets import set_tip

_SHORTEST = 12

Value = TypeVar("Value")


class Choice(ComboBox, Generic[Value]):
    """Offers values by their words.

    Parameters
    ----------
    name : str
        What is chosen, for who cannot see the label.
    words : mapping of value to str
    """

    def __init__(self, name: str, words: Mapping[Value, str]) -> None:
        super().__init__(name, _SHORTEST)
        self.currentTextChanged.connect(lambda words: set_tip(self, words))
        self._values: list[Value] = []
        self.set_words(words)

    def set_words(self, words: Mapping[Value, str]) -> None:
        """Offer other values; the one that was chosen stays where it is still offered. No signal is sent."""
        blocked = self.blockSignals(True)
        # None may be a value itself.
        before = (self.value(),) if self._values else ()
        self.clear()
        self._values = list(words)
        self.addItems([one_line(text) for text in words.values()])
        for value in before:
            if value in self._values:
                self.setCurrentIndex(self._values.index(value))
        self.blockSignals(blocked)
        set_tip(self, self.currentText())

    def value(self) -> Value:
        """What is chosen."""
        return self._values[self.currentIndex()]

    def set_value(self, value: Value) -> None:
        """Choose a value; one that is not offered leaves the first."""
        self.setCurrentIndex(self._values.index(value) if value in self._values else 0)
