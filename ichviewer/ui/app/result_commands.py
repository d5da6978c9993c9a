"""Commands about results as DICOM objects: writing them, and showing those that lie beside the images."""

from __future__ import annotations

from ichviewer.ui.app.commands import Command, Entry, MenuPlace, Sheet, SheetGroup
from ichviewer.ui.app.window_state import can_save_results, has_drawn_results, shows_key_objects
from ichviewer.ui.look.language import tr


def result_commands() -> list[Entry]:
    """All of them."""
    return [
        Command(
            "file.save_results",
            tr("Save resul&ts as DICOM…"),
            tr(
                "Write the findings of the series in view as DICOM objects: report, key objects, "
                "segmentation and others"
            ),
            lambda c: c.saving.ask(),
            keys=("Ctrl+Shift+E",),
            enabled=can_save_results,
            menu=MenuPlace("file", 30, 1),
            sheet=Sheet(SheetGroup.PROGRAM, tr("save the results as DICOM objects"), 30),
        ),
        Command(
            "file.send_results",
            tr("Send &results…"),
            tr("Put the findings of the series in view into the outbox as DICOM objects, and send them"),
            lambda c: c.saving.ask_send(),
            keys=("Ctrl+Alt+E",),
            enabled=can_save_results,
            menu=MenuPlace("file.network", 20),
            sheet=Sheet(SheetGroup.PROGRAM, tr("send the results as DICOM objects"), 30),
        ),
        Command(
            "view.stored_results",
            tr("Stor&ed results on the images"),
            tr("Draw the stored results that were opened over the images, or not"),
            lambda c: c.results.toggle_drawn(),
            icon="result",
            keys=("S",),
            enabled=has_drawn_results,
            checked=lambda state: state.results_visible,
            menu=MenuPlace("view", 10),
            sheet=Sheet(SheetGroup.IMAGE, tr("draw stored results that were opened, or not"), 61),
        ),
        Command(
            "go.all_slices",
            tr("&All slices, not only key objects"),
            tr("Show all slices again, not only the key objects of a selection"),
            lambda c: c.results.show_all_slices(),
            keys=("Alt+K",),
            enabled=shows_key_objects,
            menu=MenuPlace("go", 20),
            sheet=Sheet(SheetGroup.SLICES, tr("all slices again, not only key objects"), 90),
        ),
    ]
