"""Behind the window, a slice is decoded once for the screen and the analysis."""

from __future__ import annotations

from pathlib import Path

from dicom_factory import make_slice, write
from synthetic_head import SPACING_MM, head_hu

from ichviewer.dicom.pixel_cache import PixelCache
from ichviewer.domain.findings import SliceFinding
from ichviewer.inference.model_card import load_model_card
from ichviewer.progress import CancelToken, silent
from ichviewer.ui.session.backend import default_backend

TINY = Path(__file__).parents[2] / "inference" / "tiny_model"


def test_the_analysis_leaves_its_slices_to_the_screen_and_takes_those_that_are_there(tmp_path: Path) -> None:
    for i in range(4):
        hu = head_hu(30 + i)
        ds = make_slice(hu=hu, z_mm=5.0 * i, instance_number=i + 1, pixel_spacing_mm=(SPACING_MM, SPACING_MM))
        write(tmp_path / f"slice{i}", ds)
    backend = default_backend()
    reader = backend.open_reader()
    try:
        catalog = reader.open_study(
            [tmp_path], progress=silent, cancel=CancelToken(), on_partial=lambda _: None
        )
        series = catalog.series[0]
        kept = PixelCache(read=reader.read_slice)
        backend.share(kept)
        shown = kept.get(series.slices[1])
        analyser = backend.open_analyser(load_model_card(TINY), "litert", cancel=CancelToken())
        found: dict[int, SliceFinding] = {}
        try:
            analyser.annotate(
                series,
                on_finding=found.__setitem__,
                progress=silent,
                cancel=CancelToken(),
                paused=lambda: False,
            )
        finally:
            analyser.close()
        there = [kept.peek(info) for info in series.slices]
        assert there[1] is shown
        # Of the others none is decoded for the screen any more: closed, the reader could not.
        reader.close()
        assert [found[i].pixel_hash for i in range(4)] == [
            kept.get(info).pixel_hash for info in series.slices
        ]
    finally:
        reader.close()
