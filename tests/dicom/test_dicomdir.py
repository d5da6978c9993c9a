from __future__ import annotations

from pathlib import Path

import pytest
from dicom_factory import make_slice, write, write_dicomdir, write_series, write_zip

from ichviewer.dicom.catalog import read_catalog
from ichviewer.dicom.dicomdir import Folders, leads_out, missing_members
from ichviewer.domain.problems import ProblemCode
from ichviewer.domain.series import Catalog


def dangling(catalog: Catalog) -> list[str]:
    return [p.where for p in catalog.problems if p.code is ProblemCode.DANGLING_DICOMDIR_ENTRY]


def outside(catalog: Catalog) -> list[str]:
    return [p.where for p in catalog.problems if p.code is ProblemCode.OUTSIDE_FOLDER]


def names(catalog: Catalog) -> list[str]:
    return [s.source.path.name for series in catalog.series for s in series.slices]


def test_a_dicomdir_alone_leads_to_its_files(tmp_path: Path) -> None:
    write_series(tmp_path / "IMAGES", n=3, name="I{}")
    path = write_dicomdir(tmp_path, ["IMAGES/I0", "IMAGES/I1", "IMAGES/I2"])
    catalog = read_catalog([path])
    assert names(catalog) == ["I0", "I1", "I2"]
    assert catalog.problems == ()


def test_a_file_found_both_ways_counts_once(tmp_path: Path) -> None:
    write_series(tmp_path / "IMAGES", n=3, name="I{}")
    path = write_dicomdir(tmp_path, ["IMAGES/I0", "IMAGES/I1"])
    for paths in ([tmp_path], [path, tmp_path], [tmp_path / "IMAGES", path]):
        catalog = read_catalog(paths)
        assert names(catalog) == ["I0", "I1", "I2"]
        assert [p for s in catalog.series for p in s.problems] == []


def test_entries_that_point_nowhere_are_named_and_not_fatal(tmp_path: Path) -> None:
    write_series(tmp_path, n=1, name="I{}")
    path = write_dicomdir(tmp_path, ["GONE/I9", "I0", "../outside", "GONE/I9"])
    catalog = read_catalog([path])
    assert names(catalog) == ["I0"]
    assert dangling(catalog) == [str(tmp_path / "GONE" / "I9")]
    assert outside(catalog) == [str(tmp_path / ".." / "outside")]
    assert catalog.problems[0].found == f"named by {path}"


def test_case_is_ignored_where_it_must_be(tmp_path: Path) -> None:
    write(tmp_path / "images" / "i0.dcm", make_slice())
    folders = Folders()
    assert folders.locate(tmp_path, ("IMAGES", "I0.DCM")) == tmp_path / "images" / "i0.dcm"
    assert folders.locate(tmp_path, ("IMAGES",)) is None
    assert folders.locate(tmp_path, ("..", tmp_path.name, "images", "i0.dcm")) is None


def test_directories_further_down_name_files_from_the_root(tmp_path: Path) -> None:
    folder = tmp_path / "S1" / "S2"
    write_series(folder, n=2, name="I{}")
    ids = [("S1", "S2", "I0"), ("S1", "S2", "I7")]
    assert Folders().find_root(folder, ids) == tmp_path
    assert Folders().find_root(folder, [("S9", "I0")]) == folder
    inner = write_dicomdir(folder, ["/".join(file_id) for file_id in ids])
    catalog = read_catalog([tmp_path])
    assert names(catalog) == ["I0", "I1"]
    assert dangling(catalog) == [str(folder / "I7")]
    assert catalog.problems[0].found == f"named by {inner}"


def test_inside_an_archive(tmp_path: Path) -> None:
    files = write_series(tmp_path / "cd" / "IMAGES", n=2, name="I{}")
    directory = write_dicomdir(tmp_path / "cd", ["IMAGES/I0", "IMAGES/I1", "IMAGES/I2"])
    archive = write_zip(tmp_path / "cd.zip", [*files, directory], tmp_path)
    catalog = read_catalog([archive])
    assert [s.source.member for s in catalog.series[0].slices] == ["cd/IMAGES/I0", "cd/IMAGES/I1"]
    assert dangling(catalog) == [f"{archive}!cd/IMAGES/I2"]


def test_missing_members_ignore_case_and_find_the_root() -> None:
    members = ["top/a/i1", "top/DICOMDIR", "top/a/DIRFILE"]
    assert missing_members(members, "top/DICOMDIR", [("A", "I1"), ("A", "I2")]) == ["top/A/I2"]
    assert missing_members(members, "top/a/DIRFILE", [("A", "I1")]) == []
    assert missing_members(members, "top/a/DIRFILE", [("X",)]) == ["top/a/X"]


def test_a_damaged_or_empty_directory_is_named(tmp_path: Path) -> None:
    empty = write_dicomdir(tmp_path / "a", [])
    (problem,) = read_catalog([empty]).problems
    assert (problem.code, problem.found) == (ProblemCode.NO_PIXEL_DATA, "a DICOMDIR that names no files")
    damaged = write_dicomdir(tmp_path / "b", ["I0"])
    data = damaged.read_bytes()
    # The sequence of records becomes a text.
    damaged.write_bytes(data.replace(b"\x04\x00\x20\x12SQ\0\0", b"\x04\x00\x20\x12UT\0\0", 1))
    codes = [p.code for p in read_catalog([damaged]).problems]
    assert codes == [ProblemCode.BROKEN_VALUE, ProblemCode.NO_PIXEL_DATA]


def test_a_directory_brings_in_nothing_from_outside_of_what_was_opened(tmp_path: Path) -> None:
    write_series(tmp_path, n=3, name="I{}")
    write_series(tmp_path / "open", n=1, name="J{}", series="other")
    path = write_dicomdir(tmp_path / "open", ["I0", "I1", "I2"])
    for opened in (tmp_path / "open", path):
        catalog = read_catalog([opened])
        assert names(catalog) == (["J0"] if opened.is_dir() else [])
        assert outside(catalog) == [str(tmp_path / f"I{i}") for i in range(3)]
    # With the folder above, they are inside.
    assert sorted(names(read_catalog([tmp_path]))) == ["I0", "I1", "I2", "J0"]
    # A directory opened as a file leads to what lies below its own folder.
    assert names(read_catalog([write_dicomdir(tmp_path, ["open/J0"])])) == ["J0"]


def test_a_directory_below_the_root_finds_its_own_files_where_only_its_folder_is_opened(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "S1" / "S2"
    write_series(folder, n=2, name="I{}")
    write_series(tmp_path / "S1", n=1, name="I{}", series="other")
    path = write_dicomdir(folder, ["S1/S2/I0", "S1/S2/I1", "S1/I0"])
    for opened in (folder, path):
        catalog = read_catalog([opened])
        assert names(catalog) == ["I0", "I1"]
        assert outside(catalog) == [str(tmp_path / "S1" / "I0")]


def test_links_that_a_directory_names_are_not_followed_out(tmp_path: Path) -> None:
    write_series(tmp_path / "elsewhere", n=1, name="I{}")
    (tmp_path / "open").mkdir()
    (tmp_path / "open" / "IMAGES").symlink_to(tmp_path / "elsewhere")
    path = write_dicomdir(tmp_path / "open", ["IMAGES/I0"])
    catalog = read_catalog([path])
    assert names(catalog) == []
    (problem,) = catalog.problems
    assert (problem.code, problem.where) == (
        ProblemCode.OUTSIDE_FOLDER,
        str(tmp_path / "open" / "IMAGES" / "I0"),
    )
    assert problem.found == f"named by {path}, leads to {tmp_path / 'elsewhere' / 'I0'}"


@pytest.mark.parametrize(
    ("file_id", "out"),
    [
        (("A", "B"), False),
        (("..", "B"), True),
        (("A", "..", "..", "B"), True),
        (("A", "..", "B"), False),
        (("C:", "B"), True),
        ((".", ".."), True),
    ],
)
def test_which_file_ids_lead_out(file_id: tuple[str, ...], out: bool) -> None:
    assert leads_out(file_id) is out


def test_names_that_no_file_can_have_are_named(tmp_path: Path) -> None:
    write_series(tmp_path, n=1, name="I{}")
    path = write_dicomdir(tmp_path, ["I0", "A" * 300, "B\0C", "\u00fc" * 200, "/".join(["D"] * 3000)])
    catalog = read_catalog([path])
    assert names(catalog) == ["I0"]
    assert len(dangling(catalog)) == 4
