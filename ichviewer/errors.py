"""Every error a person may see. Each says what went wrong, where, and what was found."""

from __future__ import annotations


class IchViewerError(Exception):
    """Base of all errors shown to a person.

    Parameters
    ----------
    what : str
        What could not be done, a sentence without a full stop.
    where : str
        The file, setting or argument it concerns; empty if there is none.
    found : str
        What was found instead; empty if there is nothing to say.
    """

    def __init__(self, what: str, where: str = "", found: str = "") -> None:
        super().__init__(what, where, found)
        self.what = what
        self.where = where
        self.found = found

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text}. Found: {self.found}" if self.found else text


class NothingReadableError(IchViewerError):
    """The paths given hold nothing that can be shown."""


class ArgumentError(IchViewerError):
    """An argument of a function is not what it has to be."""


class MissingExtraError(IchViewerError):
    """A package is needed that an extra of ichviewer installs."""


class ReadError(IchViewerError):
    """A file could not be read or its header not understood."""


class FileChangedError(ReadError):
    """A file is no longer what it was when it was listed; nothing of it may be shown under the old name."""


class DecodeError(IchViewerError):
    """Pixel data could not be decoded."""


class ModelError(IchViewerError):
    """A model is missing, damaged, or does not fit this version of the program."""


class EngineError(IchViewerError):
    """The model could not be run."""


class WorkerBugError(Exception):
    """A bug in a process that works for the program, with its traceback: not a mistake of the person's.

    Parameters
    ----------
    what : str
        The exception's type and message.
    details : str
        The traceback, as text.
    """

    def __init__(self, what: str, details: str = "") -> None:
        super().__init__(what, details)
        self.what = what
        self.details = details

    def __str__(self) -> str:
        return f"{self.what}\n{self.details}" if self.details else self.what


class ExportError(IchViewerError):
    """A result could not be written; what was there before is untouched."""


class SettingsError(IchViewerError):
    """A settings or resource file holds something unusable."""


class SelfTestError(IchViewerError):
    """The program's own check of itself failed."""


class NetworkError(IchViewerError):
    """A DICOM node or server refused, did not answer, or gave an answer that makes no sense.

    Parameters
    ----------
    what, where, found : str
        As in `IchViewerError`; ``where`` names the peer.
    may_retry : bool
        Whether the same request may succeed later without anything being changed: a line that broke, a peer that is
        busy. False for a refusal that will be repeated, such as an unknown AE title or a wrong password.
    """

    def __init__(self, what: str, where: str = "", found: str = "", *, may_retry: bool = False) -> None:
        super().__init__(what, where, found)
        self.may_retry = may_retry


class LearningError(IchViewerError):
    """A data set, configuration or run of the learning pipeline is unusable."""


def system_refusal(error: BaseException) -> str | None:
    """What an exception says that is about the input or the machine and not about the program, in words.

    Parameters
    ----------
    error : BaseException
        Anything that reached the edge of the program.

    Returns
    -------
    str or None
        What the system refused and for which file, that memory is short, or that something is too deeply nested; None
        for everything else, which is a bug.
    """
    if isinstance(error, OSError):
        where = error.filename or "something cannot be read or written"
        return f"{where}: {error.strerror or error}"
    if isinstance(error, MemoryError):
        return "there is not enough memory for this input"
    if isinstance(error, RecursionError):
        return "the input is too deeply nested"
    if isinstance(error, UnicodeError):
        return f"a text cannot be read or written ({error})"
    return None
