"""The languages that the window can speak, and Qt's translators for one of them.

A language is a file ``resources/translations/ichviewer_de.qm``, made of the ``.ts`` beside it by
``packaging/write_translations.py``. English needs none: it stands in the code.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from ichviewer.bundle import resources_dir
from ichviewer.errors import SettingsError
from ichviewer.ui.look.language import set_lookup

ENGLISH = "en"
FOLDER = "translations"
_PREFIX = "ichviewer_"


def languages() -> dict[str, str]:
    """Every language that the window can speak, English first: what it calls itself, by its code such as ``de``."""
    codes = sorted(p.stem.removeprefix(_PREFIX) for p in _folder().glob(f"{_PREFIX}*.qm"))
    return {ENGLISH: "English", **{code: _own_name(code) for code in codes}}


def language_to_speak(chosen: str, system: Iterable[str], known: Sequence[str]) -> str:
    """The code of the language for the window.

    Parameters
    ----------
    chosen : str
        What the person chose; empty for the language of the system.
    system : iterable of str
        Languages of the system, the most wanted first, such as ``de-AT``.
    known : sequence of str
        What the window can speak.

    Returns
    -------
    str
        English where nothing else fits, also where what was chosen is not there any more.
    """
    if chosen:
        return chosen if chosen in known else ENGLISH
    for wanted in system:
        name = wanted.replace("-", "_")
        for code in (name, name.partition("_")[0]):
            if code in known:
                return code
    return ENGLISH


def system_languages() -> list[str]:
    """Languages of the system, the most wanted first."""
    return QLocale.system().uiLanguages()


def speak(app: QCoreApplication, language: str) -> None:
    """Have the window's words, and Qt's own, in a language.

    Words that stand in tables of the window's modules are looked up when these are loaded: it has to be called before
    that, once in the life of a process.

    Parameters
    ----------
    app : QCoreApplication
    language : str
        One of `languages`.

    Raises
    ------
    SettingsError
        If a file of the program's own is missing or damaged.
    """
    if language == ENGLISH:
        return
    own = QTranslator(app)
    path = _folder() / f"{_PREFIX}{language}.qm"
    if not own.load(str(path)):
        raise SettingsError("a translation could not be loaded; please install ichviewer again", str(path))
    # Qt has not been translated into every language; its few words are English then.
    of_qt = QTranslator(app)
    if of_qt.load(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(of_qt)
    app.installTranslator(own)
    set_lookup(_look_up)


def _look_up(words: str, apart: str, number: int) -> str:
    return QCoreApplication.translate("", words, apart or None, number)


def _folder() -> Path:
    return resources_dir() / FOLDER


def _own_name(code: str) -> str:
    name = QLocale(code).nativeLanguageName()
    return name[:1].upper() + name[1:] or code
