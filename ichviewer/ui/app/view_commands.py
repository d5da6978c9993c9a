"""Commands of the menu View beyond the standard ones: turning, sizes, words, panels, playing, windows, magnifier."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ichviewer.ui.app.commands import Command, Entry, Menu, MenuPlace, Sheet, SheetGroup
from ichviewer.ui.app.window_state import (
    WindowState,
    can_play,
    has_grey_image,
    has_grey_picture,
    has_picture,
    has_slices,
    has_study,
)
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.words import counted
from ichviewer.ui.panes.cine import SPEEDS
from ichviewer.ui.panes.magnifier import FACTORS
from ichviewer.ui.panes.word_detail import WordDetail

if TYPE_CHECKING:
    from ichviewer.ui.app.command_context import CommandContext

    Run = Callable[[CommandContext], None]

_IMAGE, _SLICES, _PROGRAM = SheetGroup.IMAGE, SheetGroup.SLICES, SheetGroup.PROGRAM


def more_view_commands() -> list[Entry]:
    """All of them."""
    return [*_sizes(), *_turns(), *_windows(), *_words(), *_magnifier(), *_cine(), *_screen()]


def _sizes() -> list[Entry]:
    group = tr("the whole image, its actual size")
    return [
        Command(
            "view.fit",
            tr("W&hole image"),
            tr("The whole image, as large as it fits"),
            lambda c: c.image.fit(),
            keys=("Ctrl+0",),
            enabled=has_picture,
            menu=MenuPlace("view", 11),
            sheet=Sheet(_IMAGE, group, 35),
        ),
        Command(
            "view.one_to_one",
            tr("&Actual size"),
            tr("A column of the image as wide as a pixel of the screen"),
            lambda c: c.image.one_to_one(),
            keys=("Ctrl+1",),
            enabled=has_picture,
            menu=MenuPlace("view", 11),
            sheet=Sheet(_IMAGE, group, 36),
        ),
    ]


def _turns() -> list[Entry]:
    turns: tuple[tuple[str, str, str, str, Run], ...] = (
        (
            "flip_horizontal",
            tr("Flip &horizontally"),
            tr("Left for right"),
            "Ctrl+Y",
            lambda c: c.image.flip_horizontal(),
        ),
        (
            "flip_vertical",
            tr("Flip &vertically"),
            tr("Top for bottom"),
            "Ctrl+Shift+Y",
            lambda c: c.image.flip_vertical(),
        ),
        (
            "rotate_right",
            tr("Rotate &right"),
            tr("By 90 degrees clockwise"),
            "Ctrl+Right",
            lambda c: c.image.rotate(90),
        ),
        (
            "rotate_left",
            tr("Rotate &left"),
            tr("By 90 degrees counterclockwise"),
            "Ctrl+Left",
            lambda c: c.image.rotate(-90),
        ),
    )
    groups = (tr("flip left for right, top for bottom"), tr("rotate right, left"))
    made: list[Entry] = [
        Menu("view.turn", tr("Flip an&d rotate"), place=MenuPlace("view", 11, 1), enabled=has_picture)
    ]
    for number, (name, words, tip, key, run) in enumerate(turns):
        made.append(
            Command(
                f"view.{name}",
                words,
                tr("{tip}; the letters at the edges follow").format(tip=tip),
                run,
                keys=(key,),
                enabled=has_picture,
                menu=MenuPlace("view.turn", 10 + number // 2),
                sheet=Sheet(_IMAGE, groups[number // 2], 70 + number),
            )
        )
    return made


def _windows() -> list[Entry]:
    return [
        Command(
            "view.window_values",
            tr("Window in n&umbers…"),
            tr("Enter center and width in HU"),
            lambda c: c.image.type_window(),
            keys=("G",),
            enabled=has_grey_image,
            menu=MenuPlace("view", 12),
            sheet=Sheet(_IMAGE, tr("window in numbers"), 11),
        ),
        Command(
            "view.window_from_region",
            tr("Window from a re&gion"),
            tr("Drag a rectangle: the window goes around the median HU in it, as wide as their spread"),
            lambda c: c.image.toggle_picking(),
            keys=("Shift+G",),
            enabled=has_grey_picture,
            checked=lambda state: state.picking,
            menu=MenuPlace("view", 12),
            sheet=Sheet(_IMAGE, tr("window from a region"), 12),
        ),
    ]


def _words() -> list[Entry]:
    return [
        Command(
            "view.painted_regions",
            tr("Pai&nted regions on the images"),
            tr("Draw the painted regions on images and reformats, or not"),
            lambda c: c.painted.toggle(),
            keys=("U",),
            enabled=lambda state: state.tools.painted,
            checked=lambda state: not state.tools.painted_hidden,
            menu=MenuPlace("view", 10),
            sheet=Sheet(_IMAGE, tr("draw painted regions, or not"), 62),
        ),
        Command(
            "view.words",
            tr("W&ords on the image"),
            _words_tip,
            lambda c: c.image.next_detail(),
            keys=("T",),
            enabled=has_slices,
            checked=lambda state: state.detail is WordDetail.ALL,
            menu=MenuPlace("view", 13),
            sheet=Sheet(_IMAGE, tr("words on the image: all, without the patient, none"), 80),
        ),
    ]


def _words_tip(state: WindowState) -> str:
    return {
        WordDetail.ALL: tr("Hide the words about patient and examination"),
        WordDetail.NO_PATIENT: tr("Hide all words and findings on the image"),
        WordDetail.NONE: tr("Show all words on the image again"),
    }[state.detail]


def _magnifier() -> list[Entry]:
    return [
        Menu("view.magnifier", tr("&Magnifier"), place=MenuPlace("view", 13, 1), enabled=has_picture),
        Command(
            "view.magnify",
            tr("&Magnifier"),
            tr("A lens under the mouse"),
            lambda c: c.image.toggle_magnifier(),
            keys=("L",),
            enabled=has_picture,
            checked=lambda state: state.magnified > 0,
            menu=MenuPlace("view.magnifier", 10),
            sheet=Sheet(_IMAGE, tr("magnifier under the mouse"), 90),
        ),
        *(_magnify(factor) for factor in FACTORS),
    ]


def _magnify(factor: int) -> Command:
    return Command(
        f"view.magnify_{factor}",
        tr("&{factor} times").format(factor=factor),
        tr("A lens under the mouse that enlarges {factor} times").format(factor=factor),
        lambda c: c.image.magnify(factor),
        enabled=has_picture,
        checked=lambda state: state.magnified == factor,
        menu=MenuPlace("view.magnifier", 20),
    )


def _cine() -> list[Entry]:
    speed = tr("play slower, faster")
    return [
        Menu("go.cine", tr("Pla&y"), place=MenuPlace("go", 40), enabled=can_play),
        Command(
            "cine.play",
            tr("&Play"),
            tr("Play through the slices, or stop"),
            lambda c: c.cine.toggle(),
            icon=lambda state: "pause" if state.playing else "resume",
            keys=("C",),
            enabled=can_play,
            checked=lambda state: state.playing,
            menu=MenuPlace("go.cine", 10),
            sheet=Sheet(_SLICES, tr("play through the slices, or stop"), 80),
        ),
        Command(
            "cine.slower",
            tr("&Slower"),
            tr("Play slower"),
            lambda c: c.cine.change_speed(-1),
            keys=("Shift+Down",),
            enabled=can_play,
            menu=MenuPlace("go.cine", 20),
            sheet=Sheet(_SLICES, speed, 81),
        ),
        Command(
            "cine.faster",
            tr("&Faster"),
            tr("Play faster"),
            lambda c: c.cine.change_speed(1),
            keys=("Shift+Up",),
            enabled=can_play,
            menu=MenuPlace("go.cine", 20),
            sheet=Sheet(_SLICES, speed, 82),
        ),
        *(_play_at(slices) for slices in SPEEDS),
    ]


def _play_at(slices: int) -> Command:
    words = tr("{slices} a second").format(slices=counted("slice", "slices", slices))
    return Command(
        f"cine.speed_{slices}",
        words,
        tr("Play {words}").format(words=words),
        lambda c: c.cine.set_speed(slices),
        enabled=can_play,
        checked=lambda state: state.cine_speed == slices,
        menu=MenuPlace("go.cine", 30),
    )


def _screen() -> list[Entry]:
    return [
        Command(
            "view.panels",
            tr("Hide &panels"),
            tr("Hide the lists beside the image and the strip below it, or show them again"),
            lambda c: c.panels.toggle(),
            keys=("H",),
            enabled=has_study,
            checked=lambda state: state.panels_hidden,
            menu=MenuPlace("view", 19),
            sheet=Sheet(_PROGRAM, tr("hide the panels, or show them"), 92),
        ),
        Command(
            "view.full_screen",
            tr("Full s&creen"),
            tr("Take the whole screen, or give it back"),
            lambda c: c.full_screen.toggle(),
            keys=("F11",),
            checked=lambda state: state.full_screen,
            menu=MenuPlace("view", 19),
            sheet=Sheet(_PROGRAM, tr("full screen; Esc leaves it"), 93),
        ),
    ]
