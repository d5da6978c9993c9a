"""Settings of what the mouse does over an image, with the defaults of other viewers at hand."""

from __future__ import annotations

from dataclasses import fields, replace

from ichviewer.ui.dialogs.choice import Choice
from ichviewer.ui.dialogs.frame import wrapped
from ichviewer.ui.dialogs.settings_page import Field, SettingsPage, add_field, form
from ichviewer.ui.look.language import tr
from ichviewer.ui.session.mouse_map import (
    ACTIONS,
    MOUSE_PRESETS,
    DoubleClick,
    Drag,
    MouseMap,
    Wheel,
    preset_name,
)
from ichviewer.ui.session.preferences import Preferences

_OWN = ""
_GESTURES = {
    "left": tr("Left drag"),
    "middle": tr("Middle drag"),
    "right": tr("Right drag"),
    "shift_left": tr("Shift and left drag"),
    "wheel": tr("Wheel"),
    "control_wheel": tr("Ctrl and wheel"),
    "double_click": tr("Double click"),
}
_WORDS: dict[type, dict[Drag, str] | dict[Wheel, str] | dict[DoubleClick, str]] = {
    Drag: {
        Drag.WINDOW: tr("Window center and width"),
        Drag.PAN: tr("Move the image"),
        Drag.ZOOM: tr("Zoom"),
        Drag.SLICES: tr("Slices"),
        Drag.NOTHING: tr("Nothing"),
    },
    Wheel: {Wheel.SLICES: tr("Slices"), Wheel.ZOOM: tr("Zoom"), Wheel.NOTHING: tr("Nothing")},
    DoubleClick: {
        DoubleClick.RESET: tr("Reset zoom, position and window"),
        DoubleClick.ENLARGE: tr("This image alone, and all again"),
        DoubleClick.NOTHING: tr("Nothing"),
    },
}


class MousePage(SettingsPage):
    """One choice a gesture, and one that sets all of them as in another viewer."""

    def __init__(self) -> None:
        super().__init__(tr("Mouse"))
        self.preset = Choice(tr("As in"), {**{name: name for name in MOUSE_PRESETS}, _OWN: tr("Own choice")})
        self.gestures = {name: Choice(_GESTURES[name], _WORDS[kind]) for name, kind in ACTIONS.items()}
        rows = form()
        add_field(rows, Field(tr("As in"), self.preset))
        for name, choice in self.gestures.items():
            add_field(rows, Field(_GESTURES[name], choice))
            choice.currentIndexChanged.connect(lambda _: self._name_preset())
        self.preset.currentIndexChanged.connect(lambda _: self._take_preset())
        self.content.addLayout(rows)
        self.content.addWidget(
            wrapped(
                tr(
                    "What the other viewers leave free, such as Ctrl and wheel, keeps the meaning it has here. "
                    "Weasis shows a menu with the right button, which this window has not."
                ),
                "muted",
            )
        )
        self.content.addStretch()

    @property
    def mouse(self) -> MouseMap:
        """What is chosen."""
        return MouseMap(**{name: choice.value() for name, choice in self.gestures.items()})

    def load(self, preferences: Preferences) -> None:
        """Fill the fields."""
        self._show(preferences.mouse)

    def save(self, preferences: Preferences) -> Preferences:
        """The preferences with what was entered."""
        return replace(preferences, mouse=self.mouse)

    def _show(self, mouse: MouseMap) -> None:
        for field in fields(mouse):
            self.gestures[field.name].set_value(getattr(mouse, field.name))
        self._name_preset()

    def _name_preset(self) -> None:
        blocked = self.preset.blockSignals(True)
        self.preset.set_value(preset_name(self.mouse) or _OWN)
        self.preset.blockSignals(blocked)

    def _take_preset(self) -> None:
        chosen = MOUSE_PRESETS.get(self.preset.value())
        if chosen is not None:
            self._show(chosen)
