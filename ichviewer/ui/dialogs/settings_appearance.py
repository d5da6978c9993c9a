"""Settings of how the window looks: theme, size of words, layout at start."""

from __future__ import annotations

from dataclasses import replace

from ichviewer.ui.dialogs.choice import Choice
from ichviewer.ui.dialogs.frame import wrapped
from ichviewer.ui.dialogs.settings_page import Field, SettingsPage, add_field, form
from ichviewer.ui.look.language import tr
from ichviewer.ui.session.preferences import TEXT_PERCENTS, Panes, Preferences, ThemeChoice

_THEMES = {
    ThemeChoice.DARK: tr("Dark"),
    ThemeChoice.LIGHT: tr("Light"),
    ThemeChoice.SYSTEM: tr("As the system shows it"),
}
_PANES = {
    Panes.ONE: tr("One image"),
    Panes.TWO_ACROSS: tr("Two beside each other"),
    Panes.TWO_DOWN: tr("Two above each other"),
    Panes.FOUR: tr("Four"),
    Panes.ONE_AND_THREE: tr("A large one and three small ones"),
}


class AppearancePage(SettingsPage):
    """Theme, size of words and layout at start."""

    def __init__(self) -> None:
        super().__init__(tr("Appearance"))
        self.theme = Choice(tr("Theme"), _THEMES)
        self.text = Choice(tr("Size of text"), _percents())
        self.panes = Choice(tr("Images at start"), _PANES)
        rows = form()
        for name, control in (
            (tr("Theme"), self.theme),
            (tr("Size of text"), self.text),
            (tr("Images at start"), self.panes),
        ):
            add_field(rows, Field(name, control))
        self.content.addLayout(rows)
        self.content.addWidget(
            wrapped(
                tr("The image itself stays on black in every theme. The size counts for its words too."),
                "muted",
            )
        )
        self.content.addStretch()

    def load(self, preferences: Preferences) -> None:
        """Fill the fields."""
        self.theme.set_value(preferences.theme)
        self.text.set_words(_percents(preferences.text_percent))
        self.text.set_value(preferences.text_percent)
        self.panes.set_value(preferences.panes)

    def save(self, preferences: Preferences) -> Preferences:
        """The preferences with what was entered."""
        return replace(
            preferences,
            theme=self.theme.value(),
            text_percent=self.text.value(),
            panes=self.panes.value(),
        )


def _percents(more: int = 100) -> dict[int, str]:
    """The sizes on offer, and one that was written into the file by hand."""
    return {percent: f"{percent} %" for percent in sorted({*TEXT_PERCENTS[::10], more})}
