"""The command that shows the tags of the slice in view, and compares series of what is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ichviewer.domain.series import Series, SliceInfo
from ichviewer.progress import CancelToken, Progress
from ichviewer.ui.app.output_place import OutputPlace
from ichviewer.ui.panes.viewing import Viewing
from ichviewer.ui.session.session import Session

if TYPE_CHECKING:
    from ichviewer.domain.tags import SeriesTags, TagList


class TagsChoice:
    """Opens the tags; they close with the study.

    Parameters
    ----------
    session : Session
        Its reader of tags is started by the first dialog.
    viewing : Viewing
    place : OutputPlace
    """

    def __init__(self, session: Session, viewing: Viewing, place: OutputPlace) -> None:
        self._session, self._viewing, self._place = session, viewing, place

    def show(self) -> None:
        """Show the tags of the slice in view."""
        series = self._viewing.series
        if series is None:
            return
        from ichviewer.ui.dialogs.tags import TagsDialog  # noqa: PLC0415 - on first use

        reader = self._session.tags

        def read(info: SliceInfo, cancel: CancelToken) -> TagList:
            return reader.read(info, cancel=cancel)

        def read_series(whole: Series, progress: Progress, cancel: CancelToken) -> SeriesTags:
            return reader.read_series(whole.slices, progress=progress, cancel=cancel)

        dialog = TagsDialog(
            self._session.workers,
            series,
            self._viewing.index,
            read,
            self._place.window,
            read_series=read_series,
            others=[other for other in self._session.catalog.series if other.key != series.key],
        )
        self._place.open(dialog)
