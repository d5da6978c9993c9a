"""What each object holds, element by element, as a person looked at it; ``pytest --update-golden`` writes it anew."""

from __future__ import annotations

import re
from pathlib import Path

import highdicom
import pydicom
import pytest
from analysis_factory import analysis_of, only_series, with_regions
from dicom_factory import uid_of, write_series

from ichviewer import __version__
from ichviewer.domain.problems import ProblemCode
from ichviewer.results.kinds import KINDS

FOLDER = Path(__file__).parent / "golden"


def dump(dataset: pydicom.Dataset, folder: Path) -> str:
    """All elements as text; UIDs of ours are numbered, and versions and places of this machine are named."""
    numbers: dict[str, str] = {}

    def named(match: re.Match[str]) -> str:
        return numbers.setdefault(match.group(), f"<our UID {len(numbers) + 1}>")

    text = str(dataset)
    text = re.sub(r"2\.25\.[0-9]+", named, text)
    text = text.replace(f"software {__version__}", "software <version>")
    for version, name in ((__version__, "<version>"), (highdicom.__version__, "<highdicom version>")):
        text = text.replace(f"'{version}'", f"'{name}'").replace(f"highdicom{version}", f"highdicom{name}")
        text = text.replace(f"ichviewer {version}", f"ichviewer {name}")
    text = re.sub(r"UL: [0-9]+", "UL: <length>", text)
    # The table's text holds the folder, whose name is as long as it happens to be.
    text = re.sub(r"UT: Array of [0-9]{4,} elements", "UT: Array of <length> elements", text)
    return text.replace(str(folder), "<folder>") + "\n"


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_each_object_holds_what_it_held(kind, written, tmp_path, request):
    # Regions are of slices that lie somewhere in the patient.
    place = {"FrameOfReferenceUID": uid_of("golden frame")} if kind in ("seg", "pm") else {}
    series = only_series(*write_series(tmp_path / "ct", n=4, series_number=3, **place))
    analysis = analysis_of(
        series, {1: {"subdural": 0.75}, 2: {"intraventricular": 0.625}}, {3: ProblemCode.NO_BRAIN_IN_SLICE}
    )
    if place:
        analysis = with_regions(analysis, 1, 2)
    dataset = written(analysis, kind, observer="Doe^Jane")[kind]
    if "PixelData" in dataset:
        # What fonts make of the page differs a little between machines; the page has tests of its own.
        dataset.PixelData, dataset.Rows = b"", 0
    if "FloatPixelData" in dataset:
        dataset.FloatPixelData = b""
    found = dump(dataset, tmp_path)
    path = FOLDER / f"{kind}.txt"
    if request.config.getoption("--update-golden"):
        FOLDER.mkdir(exist_ok=True)
        path.write_text(found, encoding="utf-8")
        return
    assert path.is_file(), f"there is no {path}; run with --update-golden and look at it"
    assert found == path.read_text(encoding="utf-8")
