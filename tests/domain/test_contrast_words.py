from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.domain.contrast_words import agent_given, description_tells_contrast

WITH = (
    "CTA HEAD",
    "COW CTA 0.75 H20f",
    "CT Angio Head 0.6",
    "Carotid Angiography",
    "CT VENOGRAM",
    "CTV 1.0",
    "Venous phase",
    "Head w contrast",
    "HEAD WITH CONTRAST",
    "POST CONTRAST",
    "Head post-contrast 5mm",
    "Brain post",
    "Post IV",
    "Head C+",
    "Head CE+",
    "HEAD +C",
    "Enhanced head",
    "CECT_BRAIN",
    "Kopf mit KM",
    "Schädel nach KM",
    "crâne avec injection",
    "Cerebro con contraste",
    "Perfusion 5.0",
)
WITHOUT = (
    "",
    "Head 5.0 H30s",
    "Axial bone",
    "NON CONTRAST",
    "Head non-contrast",
    "Noncontrast head",
    "non enhanced",
    "unenhanced",
    "HEAD W/O CONTRAST",
    "HEAD WITHOUT IV CONTRAST",
    "Brain wo contrast",
    "W/O C",
    "HEAD W O CONTRAST",
    "CRANIO SEM CONTRASTE",
    "Schedel zonder contrast",
    "CT HEAD WO",
    "NCCT",
    "NECT 5mm",
    "Kopf nativ",
    "SCHAEDEL OHNE KM",
    "sans injection",
    "cerebro sin contraste",
    "CRANIO SENZA MDC",
    "Pre contrast",
    "PRE-CONTRAST",
    "Head C-",
    "HEAD W & W/O",
    "with and without contrast",
    "Posterior fossa",
    "Head post fossa 2.5",
    "POST OP",
    "post trauma",
    "POST TPA",
    "Low contrast",
)


@pytest.mark.parametrize("description", WITH)
def test_words_for_contrast_medium_are_understood(description):
    assert description_tells_contrast(description)


@pytest.mark.parametrize("description", WITHOUT)
def test_words_for_none_and_words_that_look_alike_are_not_taken_for_it(description):
    assert not description_tells_contrast(description)


@given(st.sampled_from(WITH + WITHOUT), st.sampled_from([str.upper, str.lower, str.title]))
def test_case_does_not_matter(description, change):
    assert description_tells_contrast(change(description)) == description_tells_contrast(description)


@given(st.text(max_size=64))
def test_any_text_gets_an_answer(text):
    assert description_tells_contrast(text) in (True, False)
    assert agent_given(text) in (True, False)


@pytest.mark.parametrize("agent", ["IOMERON 400", "APPLIED", "Omnipaque 350 100 ml", "CE"])
def test_a_named_agent_was_given(agent):
    assert agent_given(agent)


@pytest.mark.parametrize("agent", ["", "  ", "None", "NO", "no  contrast", "ohne", "N/A"])
def test_scanners_that_write_that_there_was_none_are_believed(agent):
    assert not agent_given(agent)
