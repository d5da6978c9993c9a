from __future__ import annotations

import dataclasses

import pytest
from synthetic_head import make_series

from ichviewer.domain.eligibility import refusal
from ichviewer.domain.problems import ProblemCode

CT = "1.2.840.10008.5.1.4.1.1.2"
ENHANCED_CT = "1.2.840.10008.5.1.4.1.1.2.1"
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
MULTIFRAME_SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7.2"
CORONAL = {"row_direction": (1.0, 0.0, 0.0), "column_direction": (0.0, 0.0, -1.0)}


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"sop_class_uid": CT},
        {"sop_class_uid": ENHANCED_CT},
        {"image_type": ()},
        {"image_type": ("ORIGINAL", "PRIMARY", "AXIAL", "ADD")},
        {"image_type": ("DERIVED", "SECONDARY", "REFORMATTED", "AVERAGE")},
        {"image_type": (), "positions_mm": None},
        {"modality": "ct"},
        # A gantry tilt of 30 degrees.
        {"column_direction": (0.0, 0.8660254, -0.5)},
        # A picture lying on its side.
        {"row_direction": (0.0, 1.0, 0.0), "column_direction": (-1.0, 0.0, 0.0)},
    ],
)
def test_axial_ct_is_accepted(fields):
    assert refusal(make_series(2, **fields)) is None


@pytest.mark.parametrize(
    ("fields", "code", "found"),
    [
        ({"modality": "MR"}, ProblemCode.NOT_CT, "modality MR"),
        ({"modality": ""}, ProblemCode.NOT_CT, "no modality"),
        ({"sop_class_uid": "1.2.840.10008.5.1.4.1.1.4"}, ProblemCode.NOT_CT, "SOP class"),
        ({"sop_class_uid": SECONDARY_CAPTURE}, ProblemCode.SECONDARY_CAPTURE, "Secondary Capture"),
        ({"sop_class_uid": MULTIFRAME_SECONDARY_CAPTURE}, ProblemCode.SECONDARY_CAPTURE, "Secondary Capture"),
        (
            {"image_type": ("ORIGINAL", "PRIMARY", "LOCALIZER")},
            ProblemCode.LOCALIZER,
            r"ORIGINAL\PRIMARY\LOCALIZER",
        ),
        ({"image_type": ("ORIGINAL", "PRIMARY", "scout ")}, ProblemCode.LOCALIZER, "scout"),
        (
            {"image_type": ("DERIVED", "SECONDARY", "SCREEN SAVE")},
            ProblemCode.SECONDARY_CAPTURE,
            "SCREEN SAVE",
        ),
        ({"image_type": ("DERIVED", "PRIMARY", "PERFUSION", "CBF")}, ProblemCode.SECONDARY_CAPTURE, "CBF"),
        (
            {"image_type": ("DERIVED", "SECONDARY"), "positions_mm": None},
            ProblemCode.SECONDARY_CAPTURE,
            "no position",
        ),
        (CORONAL, ProblemCode.NOT_AXIAL, "normal (0.00, 1.00, 0.00)"),
    ],
)
def test_others_are_refused_with_the_reason(fields, code, found):
    problem = refusal(make_series(2, **fields))
    assert problem is not None
    assert problem.code is code
    assert found in problem.found


def test_the_series_is_named():
    series = dataclasses.replace(make_series(1, modality="MR"), number=3, description="T1")
    assert refusal(series).where == "series 3 T1"
    assert refusal(make_series(1, modality="MR")).where == "series"
