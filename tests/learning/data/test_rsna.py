"""The RSNA layout."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.domain.labels import LABELS, N_LABELS
from ichviewer.errors import LearningError
from ichviewer.learning.data.drawn import label_rows
from ichviewer.learning.data.rsna import SUBMISSION_ORDER, RsnaSource, read_table
from ichviewer.learning.data.volumes import UNKNOWN
from ichviewer.learning.data.workers import HereRunner
from ichviewer.progress import silent

images = st.from_regex(r"ID_[0-9a-f]{9}", fullmatch=True)
labels = st.tuples(*[st.integers(0, 1)] * N_LABELS)


def write(folder, rows):
    path = folder / "stage_2_train.csv"
    path.write_text("\n".join(["ID,Label", *rows]) + "\n", encoding="utf-8")
    return path


@given(truth=st.dictionaries(images, labels, max_size=8), doubled=st.booleans(), backwards=st.booleans())
def test_the_table_comes_back_however_it_is_sorted(tmp_path_factory, truth, doubled, backwards):
    rows = [row for image, values in truth.items() for row in label_rows(image, values)]
    rows += rows[:6] if doubled else []
    table = read_table(write(tmp_path_factory.mktemp("t"), rows[::-1] if backwards else rows))
    assert dict(table.labels) == truth
    assert table.doubled_rows == (6 if doubled and truth else 0)
    assert table.contradictions == ()


def test_rows_that_lack_or_contradict_make_a_label_unknown(tmp_path):
    rows = label_rows("ID_a", (1, 0, 0, 1, 0, 0))
    table = read_table(write(tmp_path, [*rows[1:], "ID_a_any,0", "ID_b_any,1"]))
    place = {label.value: i for i, label in enumerate(LABELS)}
    assert table.labels["ID_a"][place["epidural"]] == UNKNOWN
    assert table.labels["ID_a"][place["any"]] == UNKNOWN
    assert table.labels["ID_a"][place["intraventricular"]] == 1
    assert table.labels["ID_b"] == (1, *[UNKNOWN] * 5)
    assert table.contradictions == ("ID_a",)


@pytest.mark.parametrize(
    "row",
    ["ID_a_any", "ID_a_any,2", "ID_a_any,x", "ID_a_all,1", "any,1", "_any,1", "ID_a_any,1,0", "ID_a_any,-1"],
)
def test_a_wrong_row_is_named_by_its_line(tmp_path, row):
    with pytest.raises(LearningError, match="line 3"):
        read_table(write(tmp_path, ["ID_a_any,1", row]))


def test_a_table_of_something_else_is_told(tmp_path):
    path = tmp_path / "stage_2_train.csv"
    path.write_text("filename,label\n", encoding="utf-8")
    with pytest.raises(LearningError, match="ID,Label"):
        read_table(path)
    path.write_bytes(b"ID,Label\n\xff\xfe")
    with pytest.raises(LearningError, match="cannot be read"):
        read_table(path)


def test_the_order_of_a_submission_is_the_challenges():
    names = [label.value for label in SUBMISSION_ORDER]
    assert names == ["epidural", "intraparenchymal", "intraventricular", "subarachnoid", "subdural", "any"]
    assert label_rows("ID_a", (1, 0, 1, 0, 0, 0))[1] == "ID_a_intraparenchymal,1"


def test_files_are_sorted_into_the_series_their_headers_name(rsna_like):
    found = RsnaSource.at(rsna_like.folder.parent).find(HereRunner(), silent)
    assert [task.name for task in found.tasks] == [f"rsna-ID_series{i}" for i in range(4)]
    assert [task.patient for task in found.tasks] == [f"rsna-ID_patient{i}" for i in range(4)]
    assert [len(task.files) for task in found.tasks] == [6] * 4
    for task in found.tasks:
        for file in task.files:
            image = file.rpartition("/")[2].removesuffix(".dcm")
            assert task.labels[file] == rsna_like.labels[image]
            assert task.patient == f"rsna-{rsna_like.patients[image]}"
    assert any("12 rows" in note for note in found.notes)
    assert found.left_out == ()


def test_what_lacks_is_said(rsna_like, tmp_path):
    root = tmp_path / "part"
    (root / "stage_2_train").mkdir(parents=True)
    kept = sorted(rsna_like.folder.glob("*.dcm"))[:5]
    for path in kept:
        (root / "stage_2_train" / path.name).write_bytes(path.read_bytes())
    (root / "stage_2_train" / "ID_bad.dcm").write_bytes(b"bad")
    unlabelled = kept[0].stem
    rows = rsna_like.csv.read_text(encoding="utf-8").splitlines()[1:]
    write(root, [row for row in rows if not row.startswith(unlabelled)])
    found = RsnaSource.at(root).find(HereRunner(), silent)
    assert any("labeled images have no file" in note for note in found.notes)
    assert [item.file.rpartition("/")[2] for item in found.left_out] == ["ID_bad.dcm"]
    assert all(unlabelled not in file for task in found.tasks for file in task.labels)


def test_a_folder_that_is_none_is_told(tmp_path):
    with pytest.raises(LearningError, match=r"stage_2_train\.csv"):
        RsnaSource.at(tmp_path)
    write(tmp_path, [])
    with pytest.raises(LearningError, match="no folder stage_2_train"):
        RsnaSource.at(tmp_path)
    (tmp_path / "stage_2_train").mkdir()
    with pytest.raises(LearningError, match=r"no \.dcm files"):
        RsnaSource.at(tmp_path).find(HereRunner(), silent)
