from __future__ import annotations

import pytest

from ichviewer.errors import NothingReadableError
from ichviewer.progress import Cancelled, CancelToken
from ichviewer.services.open_study import open_study


def test_opens_what_is_there(ct_series):
    catalog = open_study([ct_series[0].parent])
    assert [len(s) for s in catalog.series] == [5]


def test_an_empty_folder(tmp_path):
    with pytest.raises(NothingReadableError, match=r"no DICOM image here\. Found: nothing at all"):
        open_study([tmp_path])


def test_says_what_was_found_instead(tmp_path):
    (tmp_path / "a.txt").write_text("hello")
    (tmp_path / "b.txt").write_text("hello")
    with pytest.raises(NothingReadableError, match="2 x not a DICOM file") as caught:
        open_study([tmp_path])
    assert str(tmp_path) in str(caught.value)


def test_cancelled(ct_series):
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        open_study([ct_series[0].parent], cancel=cancel)
