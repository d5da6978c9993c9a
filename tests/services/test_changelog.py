"""The changelog is read as it is kept, and versions are ordered as they are numbered."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ichviewer
from ichviewer.errors import ReadError
from ichviewer.services import changelog
from ichviewer.services.changelog import Changes, Release, Version, parse_changelog, read_changelog

TEXT = """# Changelog

What changed, after [Keep a Changelog](https://keepachangelog.com).

- not an item of a release

## [Unreleased]

- not yet

## [0.10.0] - 2026-03-04

### Added

- Panes: see [the tour](docs/tour.md), `W` shows
  three windows.
- A **report**.

A paragraph that is in no list.

### Fixed

## [0.9.0]

- Something without a kind.
"""


def test_releases_have_their_changes_as_plain_sentences() -> None:
    assert parse_changelog(TEXT) == (
        Release(
            Version(0, 10, 0),
            "2026-03-04",
            (Changes("Added", ("Panes: see the tour, W shows three windows.", "A report.")),),
        ),
        Release(Version(0, 9, 0), "", (Changes("", ("Something without a kind.",)),)),
    )


def test_the_programs_own_changelog_tells_of_its_version_and_loses_no_item() -> None:
    releases = read_changelog()
    assert Version.of(ichviewer.__version__) in {release.version for release in releases}
    text = (Path(__file__).parents[2] / "CHANGELOG.md").read_text(encoding="utf-8")
    items = sum(line.startswith("- ") for line in text.split("\n"))
    assert sum(len(c.items) for r in releases for c in r.changes) == items > 20
    told = "\n".join(item for r in releases for c in r.changes for item in c.items)
    assert "](" not in told and "`" not in told


def test_versions_are_ordered_by_their_numbers_and_not_their_letters() -> None:
    assert Version.of("0.9.0") < Version.of("0.10.0") < Version.of("1.0.0.dev3") == Version(1, 0, 0)
    for text in ("", "1.2", "x1.2.3", "\u0661.2.3", "unreleased"):
        with pytest.raises(ValueError, match="Received"):
            Version.of(text)
    with pytest.raises(ValueError, match="Received"):
        Version(0, -1, 0)


@given(st.text(alphabet="# [].-*\n`a0129", max_size=400))
def test_any_text_is_read_without_an_error(text: str) -> None:
    for release in parse_changelog(text):
        assert all(changes.items for changes in release.changes)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"nothing here", None])
def test_a_changelog_that_cannot_be_read_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    path = tmp_path / "CHANGELOG.md"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setattr(changelog, "changelog_file", lambda: path)
    with pytest.raises(ReadError, match="changelog"):
        read_changelog()
