from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```$", PAGE, re.M | re.S)


def test_examples_of_the_page_run_one_after_the_other(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("pandas")
    names: dict[str, object] = {}
    for example in EXAMPLES:
        exec(compile(example, "docs/api.md", "exec"), names)
    out = capsys.readouterr().out
    assert "Demo, Trauma CT 30" in out
    assert "(28, 512, 512) float32" in out
    assert "no/such/folder" in out
    assert sorted(p.name for p in Path().iterdir()) == [
        *("findings.csv", "findings.csv.json", "results", "slice14-narrow.png", "slice14.png")
    ]
    assert len(EXAMPLES) >= 9


def test_the_lines_of_the_readme_run(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("pandas")
    (block,) = re.findall(r"^### From Python\n\n((?:    .*\n)+)", README, re.M)
    example = textwrap.dedent(block)
    assert len(example.splitlines()) == 5
    exec(compile(example, "README.md", "exec"), {})
    assert (Path() / "findings.csv").is_file()
    assert "intraventricular" in capsys.readouterr().out
