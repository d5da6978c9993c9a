"""The commands of studies over the network."""

from __future__ import annotations

from ichviewer.ui.app.commands import Command, Entry, Menu, MenuPlace, Sheet, SheetGroup
from ichviewer.ui.look.language import tr

_PROGRAM = SheetGroup.PROGRAM


def network_commands() -> list[Entry]:
    """All of them."""
    return [
        Menu("file.network", tr("Networ&k"), place=MenuPlace("file", 17)),
        Command(
            "file.find_studies",
            tr("&Find studies…"),
            tr("Search a DICOM node or a DICOMweb server, and fetch studies"),
            lambda c: c.network.find_studies(),
            keys=("Ctrl+F",),
            menu=MenuPlace("file.network", 10),
            sheet=Sheet(_PROGRAM, tr("find studies over the network"), 27),
        ),
        Command(
            "file.sources",
            tr("&Sources…"),
            tr("Folders, DICOM nodes and DICOMweb servers that studies come from and go to"),
            lambda c: c.network.show_sources(),
            keys=("Ctrl+Shift+F",),
            menu=MenuPlace("file.network", 10),
            sheet=Sheet(_PROGRAM, tr("sources of studies"), 28),
        ),
        Command(
            "file.outbox",
            tr("&Outbox…"),
            tr("What is to be sent to a node or a server, and what became of it"),
            lambda c: c.network.show_outbox(),
            keys=("Ctrl+Shift+X",),
            menu=MenuPlace("file.network", 10),
            sheet=Sheet(_PROGRAM, tr("the outbox"), 29),
        ),
        Command(
            "file.worklist",
            tr("&Worklist…"),
            tr("What a node that reads what arrives has found, the most urgent first"),
            lambda c: c.network.show_worklist(),
            keys=("Ctrl+L",),
            menu=MenuPlace("file.network", 10),
            sheet=Sheet(_PROGRAM, tr("the worklist of a node"), 29),
        ),
    ]
