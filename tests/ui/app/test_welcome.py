"""The first run explains itself, a new version says that it is one, and neither is in anybody's way."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot
from window_builders import MakeWindow, make_window  # noqa: F401 - a fixture

import ichviewer
from ichviewer.bundle import changelog_file
from ichviewer.disclaimer import DISCLAIMER
from ichviewer.services import changelog
from ichviewer.services.changelog import Version
from ichviewer.ui.app.main_window import MainWindow
from ichviewer.ui.dialogs.news import NewsDialog
from ichviewer.ui.panes.welcome_words import WelcomeWords
from ichviewer.ui.session.ui_settings import UiSettings

NOW = Version.of(ichviewer.__version__)


def words(window: MainWindow) -> WelcomeWords:
    return window.image.card.welcome


def ran_before(version: str | None) -> None:
    """Settings as an earlier version left them."""
    store = UiSettings()
    store.introduce()
    if version is not None:
        store.version_seen = Version.of(version)
    store.save()


def news_dialogs(window: MainWindow) -> list[QDialog]:
    return [d for d in window.findChildren(NewsDialog) if d.isVisible()]


def test_the_first_run_explains_what_to_do_with_the_keys_in_use(make_window: MakeWindow) -> None:  # noqa: F811
    window = make_window()
    steps = words(window).steps
    assert words(window).isVisible() and len(steps) == 4
    assert "demo studies" in steps[0]
    assert "N goes to the next flagged slice" in steps[1]
    assert DISCLAIMER in steps[2]
    assert steps[3].startswith("F1 lists all keys")
    assert words(window).news == "", "nothing is new to a new user"
    assert not news_dialogs(window)


def test_it_explains_itself_until_something_was_opened(
    make_window: MakeWindow,  # noqa: F811
    ct_series: list[Path],
) -> None:
    first = make_window()
    first.close()
    assert words(make_window()).steps, "closing an empty window is no introduction"
    window = make_window.opened(ct_series[0].parent)
    window.opening.close_study()
    assert not words(window).steps and not words(window).news and not words(window).isVisible()
    assert UiSettings().version_seen == NOW
    assert not words(make_window()).steps


def test_something_that_cannot_be_opened_ends_no_introduction(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    tmp_path: Path,
) -> None:
    (tmp_path / "notes.txt").write_text("no image")
    window = make_window()
    failed: list[object] = []
    window.session.readFailed.connect(failed.append)
    window.open_paths([tmp_path])
    qtbot.waitUntil(lambda: bool(failed) or not window.session.reading)
    window.opening.close_study()
    assert words(window).steps


@pytest.mark.parametrize("before", ["0.0.9", None], ids=["an older version", "one that did not say"])
def test_after_an_update_the_news_are_offered_until_they_were_seen(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    before: str | None,
) -> None:
    ran_before(before)
    window = make_window()
    assert words(window).news == f"What's new in ichviewer {NOW}"
    assert words(window).isVisible() and not words(window).steps
    assert not news_dialogs(window), "nothing opens by itself"
    qtbot.wait(50)
    button = words(window).news_button
    assert words(window).rect().contains(button.mapTo(words(window), button.rect().center()))
    assert words(window).height() >= button.height() >= 20
    words(window).news_button.click()
    (dialog,) = news_dialogs(window)
    told = " ".join(label.text() for label in dialog.findChildren(type(window.image.card._title)))
    assert f"ichviewer {NOW}" in told and "A viewer for CT studies" in told
    assert not words(window).news
    dialog.reject()
    assert not words(make_window()).news


def test_news_that_were_refused_are_offered_no_more(make_window: MakeWindow) -> None:  # noqa: F811
    ran_before("0.0.9")
    window = make_window()
    words(window).dismiss_button.click()
    assert not words(window).news and not news_dialogs(window) and not words(window).isVisible()
    assert not words(make_window()).news


@pytest.mark.parametrize("seen", [str(NOW), "99.0.0"], ids=["this version", "a newer one"])
def test_nothing_is_offered_where_nothing_is_new(make_window: MakeWindow, seen: str) -> None:  # noqa: F811
    ran_before(seen)
    assert not words(make_window()).news


def test_news_wait_for_the_empty_window_where_a_study_is_opened_at_once(
    make_window: MakeWindow,  # noqa: F811
    ct_series: list[Path],
) -> None:
    ran_before("0.0.9")
    window = make_window.opened(ct_series[0].parent)
    assert not words(window).isVisible() and window.notice.text == ""
    window.opening.close_study()
    assert words(window).isVisible() and words(window).news


def test_help_shows_the_news_at_any_time(make_window: MakeWindow, ct_series: list[Path]) -> None:  # noqa: F811
    window = make_window.opened(ct_series[0].parent)
    window.actions_["help.news"].trigger()
    assert len(news_dialogs(window)) == 1


def test_a_changelog_that_is_missing_is_said_and_breaks_nothing(
    make_window: MakeWindow,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(changelog, "changelog_file", lambda: tmp_path / "CHANGELOG.md")
    window = make_window()
    window.actions_["help.news"].trigger()
    assert window.notice.text.startswith("What is new cannot be told.")


def test_the_steps_name_the_keys_as_they_were_changed(make_window: MakeWindow) -> None:  # noqa: F811
    window = make_window()
    assert window.keys.give("go.next_flagged", ("F9",)) == ""
    assert "F9 goes to the next flagged slice" in words(window).steps[1]


@pytest.mark.parametrize("text", ["", "1", "no version", "9" * 400])
def test_a_damaged_version_in_the_settings_counts_as_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "settings.ini"
    path.write_text(f"[General]\nversion_seen={text}\n")
    settings = UiSettings(QSettings(str(path), QSettings.Format.IniFormat))
    assert settings.version_seen is None and settings.introduced


@pytest.mark.parametrize("width", [240, 500, 1600])
def test_the_words_lie_inside_and_over_nothing_else(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    width: int,
) -> None:
    card = make_window().image.card
    card.welcome.set_news("What's new")
    card.resize(width, 900)
    qtbot.wait(50)
    places = [b.geometry() for b in card.buttons] + [card.welcome.geometry()]
    for number, place in enumerate(places):
        assert card.rect().contains(place)
        assert not any(place.intersects(other) for other in places[:number])


def test_the_changelog_lies_beside_the_checkout() -> None:
    assert changelog_file() == Path(ichviewer.__file__).parents[1] / "CHANGELOG.md"
