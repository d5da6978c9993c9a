from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from annotation_factory import examples
from dicom_factory import make_slice, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from synthetic_head import make_series

from ichviewer.bundle import model_dir, resources_dir
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import Catalog, PatientInfo, Study, StudyInfo
from ichviewer.errors import ExportError
from ichviewer.services.annotations_db import AnnotationsDb
from ichviewer.services.outputs import Inputs, write_outputs
from ichviewer.services.windows import user_windows_file

REFUSED = "one of the files that were read or found"


@pytest.fixture
def opened(tmp_path: Path) -> Path:
    """A folder as people open them: images, a text, an archive, a DICOMDIR, folders in folders."""
    folder = tmp_path / "study"
    for name in ("1.dcm", "notes.txt", "a.zip", "DICOMDIR", "deep/er/2.dcm", ".hidden"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize("name", ["1.dcm", "notes.txt", "a.zip", "DICOMDIR", "deep/er/2.dcm", ".hidden"])
@pytest.mark.parametrize("way", ["plain", "dots", "symlink", "link to folder", "hard link", "link in study"])
def test_nothing_found_is_written_to_by_any_name(opened, tmp_path, name, way):
    before = contents(opened)
    target = opened / name
    if way == "dots":
        target = opened / "deep" / ".." / name
    elif way == "symlink":
        target = tmp_path / "out.csv"
        target.symlink_to(opened / name)
    elif way == "link to folder":
        (tmp_path / "elsewhere").symlink_to(opened, target_is_directory=True)
        target = tmp_path / "elsewhere" / name
    elif way == "hard link":
        target = tmp_path / "out.csv"
        target.hardlink_to(opened / name)
    elif way == "link in study":
        target = tmp_path / "outside"
        (opened / name).rename(target)
        (opened / name).symlink_to(target)
    with pytest.raises(ExportError, match=REFUSED):
        Inputs((opened,)).check(target)
    with pytest.raises(ExportError, match=REFUSED):
        write_outputs([(tmp_path / "fine.csv", b"x"), (target, b"x")], Inputs((opened,)))
    assert contents(opened) == before
    assert not (tmp_path / "fine.csv").exists()


def test_links_in_a_circle_are_walked_once(opened):
    (opened / "deep" / "back").symlink_to(opened, target_is_directory=True)
    with pytest.raises(ExportError, match=REFUSED):
        Inputs((opened,)).check(opened / "deep" / "back" / "1.dcm")


def test_a_new_name_beside_the_images_is_allowed(opened):
    before = contents(opened)
    write_outputs([(opened / "findings.csv", b"x")], Inputs((opened,)))
    assert contents(opened) == {**before, "findings.csv": b"x"}


def test_an_image_that_was_not_opened_is_not_replaced_either(tmp_path):
    image = write(tmp_path / "neighbor", make_slice())
    before = image.read_bytes()
    (tmp_path / "link").symlink_to(image)
    for name in ("neighbor", "link"):
        with pytest.raises(ExportError, match="this is a DICOM file"):
            write_outputs([(tmp_path / name, b"x")], Inputs())
    assert image.read_bytes() == before
    (tmp_path / "old.csv").write_bytes(b"short")
    write_outputs([(tmp_path / "old.csv", b"new")], Inputs())
    assert (tmp_path / "old.csv").read_bytes() == b"new"


def test_annotations_are_not_replaced(tmp_path):
    kept, drawn = tmp_path / "annotations.sqlite3", examples()[0]
    with AnnotationsDb(kept) as annotations:
        annotations.add(drawn)
        before = kept.read_bytes()
        with pytest.raises(ExportError, match="this is a database"):
            write_outputs([(kept, b"x")], Inputs())
        assert kept.read_bytes() == before
        assert annotations.all() == (drawn,)


def test_a_file_that_came_after_the_first_check_is_not_replaced(opened):
    inputs = Inputs((opened,))
    inputs.check(opened / "late.csv")
    (opened / "late.csv").write_bytes(b"of somebody else")
    with pytest.raises(ExportError, match=REFUSED):
        write_outputs([(opened / "late.csv", b"x")], inputs)
    assert (opened / "late.csv").read_bytes() == b"of somebody else"


def test_what_a_dicomdir_names_lies_beside_it(opened):
    with pytest.raises(ExportError, match=REFUSED):
        Inputs((opened / "DICOMDIR",)).check(opened / "1.dcm")


@pytest.mark.parametrize(
    "where", ["{}", "{}!member.dcm", "{}!dir/a!b.dcm"], ids=["file", "archive", "name with !"]
)
@pytest.mark.parametrize("place", ["catalog", "series", "slice"])
def test_everything_a_catalog_names_counts(tmp_path, where, place):
    """Also what lies outside of what was opened: a duplicate, a damaged file, an archive."""
    path = tmp_path / "a.zip"
    path.write_bytes(b"x")
    problem = (Problem(ProblemCode.UNREADABLE_FILE, where.format(path)),)
    series = make_series(1, problems=problem if place == "series" else ())
    if place == "slice":
        info = type(series.slices[0])(**{**vars(series.slices[0]), "problems": problem})
        series = type(series)(**{**vars(series), "slices": (info,)})
    catalog = Catalog(
        (Study(StudyInfo("1"), PatientInfo(), (series,)),), problem if place == "catalog" else ()
    )
    with pytest.raises(ExportError, match=REFUSED):
        Inputs().with_catalog(catalog).check(path)


def test_model_and_resources_are_inputs(tiny_card):
    for path in (tiny_card.path, tiny_card.litert_file, tiny_card.keras_file):
        with pytest.raises(ExportError, match=REFUSED):
            Inputs().with_model(tiny_card).check(path)
    mine = user_windows_file()
    mine.parent.mkdir(parents=True)
    mine.touch()
    for path in (model_dir() / "model.json", resources_dir() / "windows.toml", mine):
        with pytest.raises(ExportError, match=REFUSED):
            Inputs().check(path)


@pytest.mark.parametrize("other", ["a.csv", "./a.csv", "sub/../a.csv", "A.CSV", "link.csv", "folder/a.csv"])
def test_two_outputs_never_go_to_one_file(tmp_path, monkeypatch, other):
    monkeypatch.chdir(tmp_path)
    Path("sub").mkdir()
    Path("link.csv").symlink_to("a.csv")
    Path("folder").symlink_to(".", target_is_directory=True)
    with pytest.raises(ExportError, match="two outputs"):
        Inputs().check(Path("a.csv"), Path(other))
    assert not Path("a.csv").exists()


def test_two_hard_links_are_one_file(tmp_path):
    (tmp_path / "a").touch()
    (tmp_path / "b").hardlink_to(tmp_path / "a")
    with pytest.raises(ExportError, match="two outputs"):
        Inputs().check(tmp_path / "a", tmp_path / "b")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("no/such/a.csv", "No such file"),
        ("x" * 300, "too long"),
        (".", "this is a folder"),
        ("file/a.csv", "Not a directory"),
        ("loop", "symbolic links"),
        ("nul\0", "null byte"),
    ],
)
def test_what_cannot_be_written_is_known_before(tmp_path, monkeypatch, name, words):
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    Path("loop").symlink_to("loop")
    before = sorted(Path().iterdir())
    with pytest.raises(ExportError, match=words):
        Inputs().check(Path(name))
    with pytest.raises(ExportError, match=words):
        write_outputs([(Path(name), b"x")], Inputs())
    assert sorted(Path().iterdir()) == before


def test_the_longest_name_a_file_system_takes_is_fine(tmp_path):
    path = tmp_path / ("x" * 255)
    write_outputs([(path, b"x")], Inputs((tmp_path,)))
    assert path.read_bytes() == b"x"


@pytest.mark.skipif(sys.platform == "win32", reason="rights of POSIX")
def test_a_protected_folder_or_file_is_known_before(tmp_path):
    (tmp_path / "closed").mkdir(mode=0o500)
    (tmp_path / "file.csv").touch(0o400)
    code = (
        "from pathlib import Path\n"
        "from ichviewer.errors import ExportError\n"
        "from ichviewer.services.outputs import Inputs\n"
        f"for path in ({str(tmp_path / 'closed' / 'a.csv')!r}, {str(tmp_path / 'file.csv')!r}):\n"
        "    try:\n        Inputs().check(Path(path))\n"
        "    except ExportError as error:\n        print(error)\n"
    )
    done = subprocess.run(
        [*without_privileges(), sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert "Permission denied" in done.stdout
    assert "protected against writing" in done.stdout


def without_privileges() -> list[str]:
    """What to put before a command so that rights of files hold for it even where the tests run as root."""
    if os.geteuid() != 0:
        return []
    dropped = "-dac_override,-dac_read_search"
    return ["setpriv", "--bounding-set", dropped, "--inh-caps", dropped]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_devices_need_no_check_and_may_come_twice():
    Inputs().check(Path("/dev/null"), Path("/dev/null"), Path("/dev/full"))


NAMES = st.sampled_from(["a", "b", "A", "a.json"])
PLACES = st.builds(lambda folder, name: f"{folder}/{name}", st.sampled_from(["in", "in/sub", "out"]), NAMES)
STEPS = st.tuples(st.sampled_from(["file", "symlink", "hard link", "folder link"]), PLACES, PLACES)
TARGETS = st.builds(
    lambda start, name: f"{start}/{name}",
    st.sampled_from(["in", "in/sub", "out", "out/../in", "in/sub/../../out", "in/sub/a", "out/a", "out/b"]),
    NAMES,
)


def seen_below(folder: Path) -> dict[str, bytes]:
    """Everything that a person sees who opens a folder, by name, links followed."""
    found = {}
    for place, folders, names in os.walk(folder, followlinks=True):
        if place.count("/") - str(folder).count("/") > 3:
            folders.clear()  # links in a circle
        for name in names:
            path = Path(place, name)
            if path.is_file():
                found[str(path.relative_to(folder))] = path.read_bytes()
    return found


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(STEPS, max_size=8), st.lists(TARGETS, min_size=1, max_size=3))
def test_whatever_is_written_nothing_that_was_opened_changes(tmp_path_factory, steps, targets):
    top = tmp_path_factory.mktemp("tree")
    for folder in ("in", "in/sub", "out"):
        (top / folder).mkdir()
    for i, (kind, place, other) in enumerate(steps):
        path = top / place
        try:
            if kind == "file":
                path.write_bytes(b"source %d" % i)
            elif kind == "hard link":
                path.hardlink_to(top / other)
            else:
                path.symlink_to(top / (other if kind == "symlink" else Path(other).parent))
        except OSError:
            continue  # the name is taken, or leads nowhere
    before = seen_below(top / "in")
    outputs = [(top / target, b"output %d" % i) for i, target in enumerate(targets)]
    try:
        write_outputs(outputs, Inputs((top / "in",)))
        done = True
    except ExportError:
        done = False
    after = seen_below(top / "in")
    assert {name: after.get(name) for name in before} == before
    if done:
        # Every output holds what was written to it: none went onto another.
        assert all(path.read_bytes() == data for path, data in outputs)
    else:
        assert after == before
    assert not [p for p in top.rglob("*") if p.name.startswith(".ichviewer")]


def test_a_dicom_file_is_replaced_only_if_it_is_known_as_an_earlier_output(tmp_path):
    path = write(tmp_path / "result.dcm", make_slice())
    inputs = Inputs((tmp_path / "elsewhere",))
    with pytest.raises(ExportError, match="DICOM file"):
        write_outputs([(path, b"new")], inputs)
    write_outputs([(path, b"new")], inputs, ours=(path,))
    assert path.read_bytes() == b"new"
    opened = write(tmp_path / "opened" / "IM0", make_slice())
    with pytest.raises(ExportError, match="read or found"):
        write_outputs([(opened, b"new")], Inputs((opened.parent,)), ours=(opened,))
