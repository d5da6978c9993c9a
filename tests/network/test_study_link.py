from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.network.study_link import StudyLink, is_link, parse_link

LINK = "ichviewer://open?node=PACS&study=1.2.3"

names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20).filter(
    lambda text: text.isprintable() and text == text.strip()
)


@given(names, st.sampled_from(["1.2.3", "1.2.840.10008.1", "A1.b"]))
def test_a_link_comes_back_as_it_was(name, uid):
    link = StudyLink(name, uid)
    assert is_link(str(link))
    assert parse_link(str(link)) == link


@pytest.mark.parametrize(
    "text",
    [
        LINK,
        "ICHVIEWER://open?study=1.2.3&node=PACS",
        "ichviewer://open/?node=PACS&study=1.2.3",
        # What is left of it as a path.
        str(PurePosixPath(LINK)),
    ],
)
def test_what_browsers_and_paths_make_of_a_link_is_understood(text):
    assert is_link(text)
    assert parse_link(text) == StudyLink("PACS", "1.2.3")


@pytest.mark.parametrize(
    "text",
    [
        "ichviewer://delete?node=PACS&study=1.2.3",
        "ichviewer://open?node=PACS",
        "ichviewer://open?node=PACS&study=1.2.3&study=1.2.4",
        "ichviewer://open?node=PACS&study=1.2.*",
        "ichviewer://open?node=&study=1.2.3",
        "ichviewer://open?node=PACS&study=1.2.3&host=evil.example",
        "ichviewer://open?node=PACS%0a&study=1.2.3",
        "ichviewer://open?" + "&".join(["node=x"] * 500),
        "ichviewer:open?node=PACS&study=1.2.3",
        "ichviewer:///etc/passwd",
        "ichviewer:study",
        "ichviewer://evil.example/open?node=PACS&study=1.2.3",
        "ichviewer://open?node=PACS&study=..",
        "ichviewer://open?node=PACS&study=1.2%23series",
        "ichviewer://open?node=PACS&study=1.2%2Fseries%2F1.3",
        "ichviewer://open?node=PACS&study=1.2%26limit%3D1",
        "ichviewer://open?node=PACS&study=%25%32%66",
        "ichviewer://open?node=PACS&study=--help",
        "ichviewer://open?node=PACS&study=1.2%00",
        "ichviewer://open?node=PA%1B%5B2JCS&study=1.2.3",
        "ichviewer://open?node=%E2%80%AEPACS&study=1.2.3",
    ],
)
def test_other_links_are_refused(text):
    assert is_link(text)
    with pytest.raises(ValueError, match="Received"):
        parse_link(text)


@pytest.mark.parametrize("text", ["/data/ichviewer", "ichviewer", "https://x/ichviewer://open"])
def test_paths_are_no_links(text):
    assert not is_link(text)
