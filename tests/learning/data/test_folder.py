"""Any folder of DICOM studies with a table of labels."""

from __future__ import annotations

import pytest
from dicom_factory import make_slice, uid_of, write, write_series
from synthetic_head import head_hu

from ichviewer.errors import LearningError
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.data.folder import FolderSource, FolderTable, read_table
from ichviewer.learning.data.volumes import UNKNOWN
from ichviewer.learning.data.workers import HereRunner
from ichviewer.progress import silent

U = UNKNOWN
SETTINGS = PreprocessSettings(size_px=96, mm_per_px=2.0)


def table_of(folder, text):
    path = folder / "labels.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def studies(tmp_path):
    """Two series of three slices in folders of their own, of two patients."""
    root = tmp_path / "hospital"
    for name in ("a", "b"):
        write_series(
            root / name,
            3,
            hu=head_hu(),
            series=name,
            study=name,
            patient_id=name.upper(),
            pixel_spacing_mm=(1.8, 1.8),
        )
    return root


def find(root, table):
    return FolderSource(root, table).find(HereRunner(), silent)


@pytest.mark.parametrize(
    ("head", "row", "expected"),
    [
        ("any,epidural", "1,1", (1, 1, U, U, U, U)),
        ("any", "0", (0, 0, 0, 0, 0, 0)),
        ("any", "1", (1, U, U, U, U, U)),
        ("subdural", "1", (1, U, U, U, U, 1)),
        ("subdural", "0", (U, U, U, U, U, 0)),
        ("Subdural, Epidural ", "0,", (U, U, U, U, U, 0)),
        (
            "epidural,intraparenchymal,intraventricular,subarachnoid,subdural",
            "0,0,0,0,0",
            (0, 0, 0, 0, 0, 0),
        ),
    ],
)
def test_what_follows_from_a_label_is_filled_in_and_the_rest_is_unknown(tmp_path, head, row, expected):
    table = read_table(table_of(tmp_path, f"SOP Instance UID,{head}\n1.2,{row}\n"))
    assert table.labels == {"1.2": expected}


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("patient,any\n1,1\n", "needs one of the columns"),
        ("file,fracture\na.dcm,1\n", "needs one of the columns"),
        ("file,any\na.dcm,2\n", "line 2"),
        ("file,any\na.dcm,1\na.dcm,0\n", "line 3: a second row says otherwise"),
        ("file,any,epidural\na.dcm,0,1\n", "any is 0"),
        ("", "needs one of the columns"),
    ],
)
def test_a_wrong_table_is_told(tmp_path, text, match):
    with pytest.raises(LearningError, match=match):
        read_table(table_of(tmp_path, text))


def test_a_table_is_about_something_known():
    with pytest.raises(ValueError, match="Received"):
        FolderTable("study", {}, {})


def test_labels_by_image(studies, tmp_path):
    first, second, _ = (
        uid_of("sop", uid_of("series", "a", "a"), "", (-4.0, -4.0, 5.0 * i), i + 1) for i in range(3)
    )
    found = find(studies, table_of(tmp_path, f"sop_instance_uid,any\n{first},0\n{second},1\n9.9,1\n"))
    (task,) = found.tasks
    (volume,) = task.read(SETTINGS).volumes
    assert volume.labels[:, 0].tolist() == [0, 1, U]
    assert volume.patient == "hospital-A"
    assert volume.name.startswith("hospital-")
    assert found.notes == (
        "1 rows of labels.csv name nothing in the folder",
        "1 series have no labels and are left out",
    )


def test_labels_by_file_with_patients_from_the_table(studies, tmp_path):
    text = "file,any,patient\na/IM0001,1,x\nb\\IM0000,0,y\n./a/IM0000,0,x\n"
    found = find(studies, table_of(tmp_path, text))
    by_patient = {task.patient: task for task in found.tasks}
    assert set(by_patient) == {"hospital-x", "hospital-y"}
    (volume,) = by_patient["hospital-x"].read(SETTINGS).volumes
    assert volume.labels[:, 0].tolist() == [0, 1, U]


def test_labels_by_series_teach_that_there_is_none_but_not_where_it_is(studies, tmp_path):
    single = write(
        studies / "c.dcm", make_slice(hu=head_hu(), series="c", study="c", pixel_spacing_mm=(1.8, 1.8))
    )
    uids = {name: uid_of("series", name, name) for name in "abc"}
    text = f"series_instance_uid,any,subdural\n{uids['a']},1,1\n{uids['b']},0,0\n{uids['c']},1,0\n"
    found = find(studies, table_of(tmp_path, text))
    volumes = {v.slice_ids: v for task in found.tasks for v in task.read(SETTINGS).volumes}
    labels = sorted(v.labels.tolist() for v in volumes.values())
    assert [[0] * 6] * 3 in labels
    assert [[U, U, U, U, U, U]] * 3 in labels
    assert [[1, U, U, U, U, 0]] in labels
    assert single.exists()


def test_what_is_no_dicom_is_no_error_unless_it_claims_to_be(studies, tmp_path):
    (studies / "readme.txt").write_text("hello")
    (studies / ".hidden").write_text("hello")
    (studies / "broken.dcm").write_bytes(b"broken")
    found = find(studies, table_of(tmp_path, "file,any\na/IM0000,0\n"))
    assert {item.file.rpartition("/")[2]: item.is_error for item in found.left_out} == {
        "readme.txt": False,
        "broken.dcm": True,
    }


def test_a_table_of_another_folder_is_told(studies, tmp_path):
    with pytest.raises(LearningError, match=r"named in labels\.csv"):
        find(studies, table_of(tmp_path, "file,any\nz.dcm,0\n"))


def test_other_labels_are_another_recipe(studies, tmp_path):
    path = table_of(tmp_path, "file,any\na/IM0000,0\n")
    before = FolderSource(studies, path).recipe
    assert before == FolderSource(studies, path).recipe
    table_of(tmp_path, "file,any\na/IM0000,1\n")
    assert before != FolderSource(studies, path).recipe
    with pytest.raises(LearningError, match="cannot be read"):
        _ = FolderSource(studies, tmp_path / "none.csv").recipe
