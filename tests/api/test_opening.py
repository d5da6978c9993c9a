from __future__ import annotations

from pathlib import Path

import pytest

import ichviewer
from ichviewer.errors import ArgumentError, NothingReadableError


def test_a_folder_a_text_and_several_paths_give_the_same_catalog(ct_series: list[Path]) -> None:
    folder = ct_series[0].parent
    wanted = [info.source for info in ichviewer.open_study(folder).series[0].slices]
    for paths in (str(folder), [folder], (str(p) for p in ct_series), set(ct_series)):
        (series,) = ichviewer.open_study(paths).series
        assert [info.source for info in series.slices] == wanted


def test_an_empty_folder_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(NothingReadableError) as caught:
        ichviewer.open_study(tmp_path / "empty")
    assert caught.value.where == str(tmp_path / "empty")
    assert caught.value.found


@pytest.mark.parametrize("name", ["missing", "a\0b", "x" * 5000])
def test_a_path_that_leads_nowhere_is_an_error_even_beside_one_that_does(
    ct_series: list[Path], tmp_path: Path, name: str
) -> None:
    with pytest.raises(NothingReadableError, match="no file or folder") as caught:
        ichviewer.open_study([ct_series[0], tmp_path / name])
    assert name in caught.value.where


@pytest.mark.parametrize("wrong", [None, 5, b"folder", "", [], [5], ["a", None], {"": 1}])
def test_what_is_no_path_is_named(wrong: object) -> None:
    with pytest.raises(ArgumentError) as caught:
        ichviewer.open_study(wrong)  # type: ignore[arg-type]
    assert caught.value.where == "open_study(paths)"
    assert caught.value.what
    assert caught.value.found


def test_a_long_argument_is_not_shown_whole() -> None:
    with pytest.raises(ArgumentError) as caught:
        ichviewer.open_study([b"x" * 10_000])  # type: ignore[list-item]
    assert len(caught.value.found) < 120


def test_progress_is_told_and_cancelling_stops(ct_series: list[Path]) -> None:
    steps: list[int] = []
    ichviewer.open_study(ct_series, progress=lambda done, total, what: steps.append(done))
    assert steps == [1, 2, 3, 4, 5]
    token = ichviewer.CancelToken()
    token.cancel()
    with pytest.raises(ichviewer.Cancelled):
        ichviewer.open_study(ct_series, cancel=token)


def test_doubles_that_differ_are_compared_without_a_process_left_over(
    ct_series: list[Path], tmp_path: Path
) -> None:
    import multiprocessing

    copy = tmp_path / "copy"
    copy.mkdir()
    data = bytearray(ct_series[0].read_bytes())
    data[-1] ^= 1
    (copy / "IM").write_bytes(bytes(data))
    catalog = ichviewer.open_study([*ct_series, copy])
    assert sum(map(len, catalog.series)) + len(catalog.problems) == 6
    assert multiprocessing.active_children() == []
