"""Names that say something."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from tests.guards.tree import EDGE, PLUGIN, TESTS, files, functions, modules, name, parsed, within

EMPTY_WORDS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers"}
CLOCK_CALLS = {"now", "utcnow", "today", "time", "monotonic"}
FILE_CALLS = {"write_text", "write_bytes", "touch", "mkdir"}


def test_no_module_or_folder_is_a_bag_of_leftovers() -> None:
    bags = [
        name(path)
        for path in files()
        if path.suffix in {".py", ".php", ".js"} and EMPTY_WORDS & set(words(path))
    ]
    assert not bags


def words(path: Path) -> list[str]:
    return [*path.relative_to(PLUGIN.parents[1]).parts[:-1], *path.stem.split("_")]


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=name(path))
        for path in within(TESTS, suffix=".py")
        if path.name.startswith("test_")
    ],
)
def test_every_test_is_named_by_what_it_claims(path: Path) -> None:
    vague = [
        each.name
        for each in functions(path)
        if each.name.startswith("test_") and len(each.name.split("_")) < 4
    ]
    assert not vague, "a test's name is a claim: at least three words after test_"


@pytest.mark.parametrize("folder", [PLUGIN / "core", PLUGIN / "reader"], ids=["core", "reader"])
def test_the_pure_parts_never_ask_what_time_it_is(folder: Path) -> None:
    asked = [
        f"{name(path)}:{node.lineno}"
        for path in within(folder, suffix=".py")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCK_CALLS
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"datetime", "date", "time"}
    ]
    assert within(folder, suffix=".py")
    assert not asked, "`now` is always a parameter"


@pytest.mark.parametrize("folder", [PLUGIN / "core", PLUGIN / "reader"], ids=["core", "reader"])
def test_the_pure_parts_open_no_files(folder: Path) -> None:
    """The loaders only ever read from a folder that they are given."""
    opened = [
        f"{name(path)}:{node.lineno}"
        for path in within(folder, suffix=".py")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and opens_a_file(node)
    ]
    assert not opened


def opens_a_file(node: ast.Call) -> bool:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr in FILE_CALLS
    return isinstance(node.func, ast.Name) and node.func.id == "open"


def test_every_import_package_tells_type_checkers_that_it_is_typed() -> None:
    assert all((package / "py.typed").is_file() for package in (PLUGIN, EDGE))


def test_no_code_prints_but_the_command_line_and_the_demo() -> None:
    printing = [
        f"{name(path)}:{node.lineno}"
        for path in modules()
        if not path.is_relative_to(PLUGIN / "demo")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    ]
    assert not printing
