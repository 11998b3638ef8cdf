"""Every help desk says what it does of what is asked of all, and shows it."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path
from typing import Any

import pytest
from tests.guards.pages import Page
from tests.guards.tree import PLUGIN, ROOT, name, parsed

FOLDERS = [
    path
    for path in sorted((PLUGIN / "helpdesks").iterdir())
    if path.is_dir() and (path / "codec.py").exists()
]
DESKS = [pytest.param(path, id=path.name) for path in FOLDERS]
STATUSES = {"done", "todo", "exempt"}
SHORTEST_COMMENT = 20


def common_rules() -> set[str]:
    """The rules asked of every help desk: the table of CONTRIBUTING.md."""
    section = Page.read(ROOT / "CONTRIBUTING.md").section("Add a help desk")
    cells = (line.split("|")[1].strip() for line in section.splitlines() if line.startswith("| `"))
    return {cell.strip("`") for cell in cells}


def answers(folder: Path) -> dict[str, dict[str, Any]]:
    content = tomllib.loads((folder / "quality.toml").read_text(encoding="utf-8"))
    rules: dict[str, dict[str, Any]] = content["rules"]
    return rules


def functions_in(path: Path) -> set[str]:
    return {node.name for node in ast.walk(parsed(path)) if isinstance(node, ast.FunctionDef)}


def test_the_guard_sees_the_help_desks() -> None:
    assert "django_helpdesk" in {path.name for path in FOLDERS}
    assert len(common_rules()) > 10


@pytest.mark.parametrize("folder", DESKS)
def test_every_help_desk_has_the_same_files(folder: Path) -> None:
    wanted = {"__init__.py", "client.py", "codec.py", "setup.py", "quality.toml", "README.md"}
    assert wanted <= {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("folder", DESKS)
def test_every_rule_is_answered_and_none_is_made_up(folder: Path) -> None:
    assert set(answers(folder)) == common_rules()


@pytest.mark.parametrize("folder", DESKS)
def test_every_answer_gives_its_reason(folder: Path) -> None:
    for rule, answer in answers(folder).items():
        assert answer["status"] in STATUSES, rule
        assert len(answer["comment"]) >= SHORTEST_COMMENT, rule
        assert ("tests" in answer) == (answer["status"] == "done"), rule


@pytest.mark.parametrize("folder", DESKS)
def test_whatever_is_done_is_shown_by_a_test_that_exists(folder: Path) -> None:
    named = [
        test for answer in answers(folder).values() if "tests" in answer for test in answer["tests"]
    ]
    missing = []
    for test in named:
        file, _, function = test.partition("::")
        path = ROOT / file
        if not path.is_file() or function not in functions_in(path):
            missing.append(test)
    assert named
    assert not missing, f"{name(folder)} names tests that do not exist: {missing}"
