"""What a node is installed with says what the program does."""

from __future__ import annotations

import configparser
import re
import tomllib
from dataclasses import fields
from pathlib import Path

from ichviewer.network.node.settings import (
    AnalysisSettings,
    MetricsSettings,
    ResultSettings,
    StorageSettings,
    WatchSettings,
)
from ichviewer.network.node.settings_file import read_settings
from ichviewer.network.receiver import ReceiverSettings

FOLDER = Path(__file__).parents[2] / "packaging" / "linux" / "node"
EXAMPLE = (FOLDER / "node.toml").read_text(encoding="utf-8")


def named(section: str) -> dict[str, object]:
    """Values that the example names in a section, whether commented out or not."""
    (text,) = re.findall(rf"^#? ?\[{section}\].*?\n(.*?)(?=^#? ?\[|\Z)", EXAMPLE, re.M | re.S)
    lines = re.findall(r"^#? ?(\w+ = .*)$", text, re.M)
    return tomllib.loads("\n".join(lines))


def test_the_example_is_right_as_it_stands():
    settings, faults = read_settings(FOLDER / "node.toml", {})
    assert faults == ()
    assert settings is not None
    assert settings.receiver == ReceiverSettings()
    assert settings.analysis == AnalysisSettings()


def test_the_example_names_every_setting_with_what_holds_where_nothing_is_said():
    for section, kind, examples in (
        ("watch", WatchSettings, {"folder"}),
        ("analysis", AnalysisSettings, {"model", "operating_point", "scheduler"}),
        ("results", ResultSettings, {"send_to"}),
        ("storage", StorageSettings, set()),
        ("metrics", MetricsSettings, {"port"}),
    ):
        values = named(section)
        assert set(values) == {item.name for item in fields(kind)}, section
        for name in set(values) - examples:
            default = getattr(kind(), name)
            assert values[name] == (list(default) if isinstance(default, tuple) else default), name


def test_the_example_names_the_receivers_settings_with_what_holds_where_nothing_is_said():
    usual = ReceiverSettings()
    assert named("receiver") == {
        "host": usual.address.host,
        "port": usual.address.port,
        "ae_title": usual.ae_title,
        "ae_titles": [],
        "hosts": [],
        "most_associations": usual.most_associations,
        "largest_object_mb": usual.largest_object_bytes // (1 << 20),
    }


def test_the_service_checks_its_settings_and_ends_the_node_first():
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read(FOLDER / "ichviewer-node.service")
    service = unit["Service"]
    # A node takes studies also while a scheduler is away that --check would complain of.
    assert "ExecStartPre" not in service
    assert service["KillMode"] == "mixed"
    assert service["UMask"] == "0077"


def test_service_and_container_start_the_same_program_with_the_same_settings():
    container = (FOLDER / "Containerfile").read_text(encoding="utf-8")
    assert 'ENTRYPOINT ["/opt/ichviewer/bin/ichviewer", "node"]' in container
    assert 'CMD ["/etc/ichviewer/node.toml"]' in container


def test_the_container_is_built_of_all_that_the_wheel_holds():
    project = tomllib.loads((FOLDER.parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    container = (FOLDER / "Containerfile").read_text(encoding="utf-8")
    copied = {name for line in re.findall(r"^COPY (.+) \S+$", container, re.M) for name in line.split()}
    assert project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"].keys() <= copied
    assert {project["project"]["readme"], "pyproject.toml", "ichviewer"} <= copied
