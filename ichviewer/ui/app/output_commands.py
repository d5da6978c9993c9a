"""Commands that show or write what is in view: tags, report, pictures."""

from __future__ import annotations

from ichviewer.ui.app.commands import Command, Entry, MenuPlace, Sheet, SheetGroup
from ichviewer.ui.app.window_state import has_picture, has_series
from ichviewer.ui.look.language import tr

_PROGRAM = SheetGroup.PROGRAM


def output_commands() -> list[Entry]:
    """All of them."""
    return [
        Command(
            "file.report_pdf",
            tr("Report as &PDF…"),
            tr("A report of the series in view with key images, as PDF"),
            lambda c: c.report.ask_pdf(),
            keys=("Ctrl+D",),
            enabled=has_series,
            menu=MenuPlace("file", 31),
            sheet=Sheet(_PROGRAM, tr("report as PDF"), 31),
        ),
        Command(
            "file.print",
            tr("Pri&nt…"),
            tr("Print a report of the series in view"),
            lambda c: c.report.ask_print(),
            keys=("Ctrl+Shift+P",),
            enabled=has_series,
            menu=MenuPlace("file", 31),
            sheet=Sheet(_PROGRAM, tr("print a report"), 32),
        ),
        Command(
            "file.copy_picture",
            tr("Copy p&icture"),
            tr("Put what the image shows on the clipboard, without the patient's data"),
            lambda c: c.pictures.copy(patient_data=False),
            icon="copy",
            keys=("Ctrl+C",),
            enabled=has_picture,
            menu=MenuPlace("file", 32),
            sheet=Sheet(_PROGRAM, tr("copy the picture without the patient's data"), 33),
        ),
        Command(
            "file.copy_picture_with_patient",
            tr("Copy picture &with patient data"),
            tr("Put what the image shows on the clipboard, as it is"),
            lambda c: c.pictures.copy(patient_data=True),
            keys=("Ctrl+Shift+C",),
            enabled=has_picture,
            menu=MenuPlace("file", 32),
            sheet=Sheet(_PROGRAM, tr("copy the picture with the patient's data"), 34),
        ),
        Command(
            "file.save_picture",
            tr("Save pict&ure as PNG…"),
            tr("Save what the image shows, or the pixels of the slice, as PNG"),
            lambda c: c.pictures.ask_save(),
            keys=("Ctrl+S",),
            enabled=has_picture,
            menu=MenuPlace("file", 32),
            sheet=Sheet(_PROGRAM, tr("save the picture as PNG"), 35),
        ),
        Command(
            "file.save_series",
            tr("Save series &as pictures…"),
            tr("Save the slices as a folder of PNGs or as a film"),
            lambda c: c.pictures.ask_series(),
            keys=("Ctrl+Shift+S",),
            enabled=has_series,
            menu=MenuPlace("file", 32),
            sheet=Sheet(_PROGRAM, tr("save the series as pictures or as a film"), 36),
        ),
        Command(
            "help.tags",
            tr("&Tags…"),
            tr("All DICOM tags of the slice in view"),
            lambda c: c.tags.show(),
            keys=("Ctrl+I",),
            enabled=has_series,
            menu=MenuPlace("help", 10),
            sheet=Sheet(_PROGRAM, tr("tags of the slice"), 105),
        ),
    ]
