"""Commands that show or write what is in view: tags, report, pictures."""

from __future__ import annotations

from ichviewer.ui.app.commands import Command, Entry, MenuPlace, Sheet, SheetGroup
from ichviewer.ui.app.window_state import has_picture, has_series

_PROGRAM = SheetGroup.PROGRAM


def output_commands() -> list[Entry]:
    """All of them."""
    return [
        Command(
            "file.report_pdf",
            "Report as &PDF…",
            "A report of the series in view with key images, as PDF",
            lambda c: c.report.ask_pdf(),
            keys=("Ctrl+D",),
            enabled=has_series,
            menu=MenuPlace("file", 31),
            sheet=Sheet(_PROGRAM, "report as PDF", 31),
        ),
        Command(
            "file.print",
            "Pri&nt…",
            "Print a report of the series in view",
            lambda c: c.report.ask_print(),
            keys=("Ctrl+Shift+P",),
            enabled=has_series,
            menu=MenuPlace("file", 31),
            sheet=Sheet(_PROGRAM, "print a report", 32),
        ),
        Command(
            "file.copy_picture",
            "Copy p&icture",
            "Put what the image shows on the clipboard, without the patient's data",
            lambda c: c.pictures.copy(patient_data=False),
            icon="copy",
            keys=("Ctrl+C",),
            enabled=has_picture,
            menu=MenuPlace("file", 32),
            sheet=Sheet(_PROGRAM, "copy the picture without the patient's data", 33),
        ),
        Command(
            "file.copy_picture_with_patient",
            "Copy picture &with patient data",
            "Put what the image shows on the clipboard, as it is",
            lambda c: c.pictures.copy(patient_data=True),
            keys=("Ctrl+Shift+C",),
            enabled=has_picture,
            menu=MenuPlace("file", 32),
            sheet=Sheet(_PROGRAM, "copy the picture with the patient's data", 34),
        ),
        Command(
            "file.save_picture",
            "Save pict&ure as PNG…",
            "Save what the image shows, or the pixels of the slice, as PNG",
            lambda c: c.pictures.ask_save(),
            keys=("Ctrl+S",),
            enabled=has_picture,
            menu=MenuPlace("file", 32),
            sheet=Sheet(_PROGRAM, "save the picture as PNG", 35),
        ),
        Command(
            "file.save_series",
            "Save series &as pictures…",
            "Save the slices as a folder of PNGs or as a film",
            lambda c: c.pictures.ask_series(),
            keys=("Ctrl+Shift+S",),
            enabled=has_series,
            menu=MenuPlace("file", 32),
            sheet=Sheet(_PROGRAM, "save the series as pictures or as a film", 36),
        ),
        Command(
            "help.tags",
            "&Tags…",
            "All DICOM tags of the slice in view",
            lambda c: c.tags.show(),
            keys=("Ctrl+I",),
            enabled=has_series,
            menu=MenuPlace("help", 10),
            sheet=Sheet(_PROGRAM, "tags of the slice", 105),
        ),
    ]
