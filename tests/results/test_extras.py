from __future__ import annotations

import pytest
from analysis_factory import analysis_of, only_series
from dicom_factory import write_series

from ichviewer.results.extras import Extras


@pytest.mark.parametrize("name", ["x" * 65, "Doe^Jane\t", "Doe\\Jane", "A=B", "a^b^c^d^e^f", "  ", "^^"])
def test_what_is_no_name_of_a_person_is_refused(name):
    with pytest.raises(ValueError, match="Received"):
        Extras(observer=name)


@pytest.mark.parametrize(
    ("name", "told"),
    [("Doe^Jane^A^Dr^PhD", "Doe^Jane^A^Dr^PhD"), ("Müller", "Müller^"), ("王小东", "王小东^")],
)
def test_names_of_any_script_and_of_one_part_come_back(tmp_path, written, name, told):
    analysis = analysis_of(only_series(*write_series(tmp_path / "ct", n=1)), {0: {"subdural": 0.9}})
    for document in written(analysis, "sr", "ko", "csv", observer=name).values():
        assert [str(i.PersonName) for i in document.ContentSequence if i.ValueType == "PNAME"] == [told]
