"""Settings of how the window looks: language, theme, size of words, layout at start."""

from __future__ import annotations

from dataclasses import replace

from ichviewer.ui.dialogs.choice import Choice
from ichviewer.ui.dialogs.frame import wrapped
from ichviewer.ui.dialogs.settings_page import Field, SettingsPage, add_field, form
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.translators import languages
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
    """Language, theme, size of words and layout at start."""

    def __init__(self) -> None:
        super().__init__(tr("Appearance"))
        self.language = Choice(tr("Language"), _languages())
        self.theme = Choice(tr("Theme"), _THEMES)
        self.text = Choice(tr("Size of text"), _percents())
        self.panes = Choice(tr("Images at start"), _PANES)
        rows = form()
        for name, control in (
            (tr("Language"), self.language),
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
        self.content.addWidget(
            wrapped(
                tr(
                    "Another language is used from the next start on. CSV files, DICOM results and the words below "
                    "saved pictures are English in every language."
                ),
                "muted",
            )
        )
        self.content.addStretch()

    def load(self, preferences: Preferences) -> None:
        """Fill the fields."""
        self.language.set_words(_languages(preferences.language))
        self.language.set_value(preferences.language)
        self.theme.set_value(preferences.theme)
        self.text.set_words(_percents(preferences.text_percent))
        self.text.set_value(preferences.text_percent)
        self.panes.set_value(preferences.panes)

    def save(self, preferences: Preferences) -> Preferences:
        """The preferences with what was entered."""
        return replace(
            preferences,
            language=self.language.value(),
            theme=self.theme.value(),
            text_percent=self.text.value(),
            panes=self.panes.value(),
        )


def _languages(more: str = "") -> dict[str, str]:
    """The languages on offer, and one that was chosen and is not there any more."""
    return {"": tr("As the system"), **({more: more} if more else {}), **languages()}


def _percents(more: int = 100) -> dict[int, str]:
    """The sizes on offer, and one that was written into the file by hand."""
    return {percent: f"{percent} %" for percent in sorted({*TEXT_PERCENTS[::10], more})}
