"""Small pieces, each with a sentence that says what it is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.guards.tree import TESTS, code_lines, functions, modules, name, parsed, within

LONGEST_FUNCTION = 40
LONG_FUNCTION = 25
LONG_SHARE = 0.05
LONGEST_MODULE = 250

MODULES = [pytest.param(path, id=name(path)) for path in modules()]
Function = ast.FunctionDef | ast.AsyncFunctionDef


def length(path: Path, function: Function) -> int:
    """Code lines from `def` on; functions inside it are measured on their own."""
    inner = {line for each in nested(function) for line in lines_of(each)}
    own = set(range(function.lineno, (function.end_lineno or 0) + 1)) - inner
    return len(code_lines(path) & own)


def nested(function: Function) -> Iterator[Function]:
    """Functions inside a function are measured on their own."""
    for node in ast.walk(function):
        if node is not function and isinstance(node, Function):
            yield node


def lines_of(node: Function) -> range:
    start = min([node.lineno, *(each.lineno for each in node.decorator_list)])
    return range(start, (node.end_lineno or start) + 1)


def test_the_guards_see_the_code() -> None:
    seen = {name(path) for path in modules()}
    assert {
        "plugin/support_policy/pipeline.py",
        "webhooks/support_policy_webhooks/app.py",
    } <= seen


@pytest.mark.parametrize("path", MODULES)
def test_no_function_is_longer_than_a_screen(path: Path) -> None:
    too_long = {
        f"{function.name} (line {function.lineno})": length(path, function)
        for function in functions(path)
        if length(path, function) > LONGEST_FUNCTION
    }
    assert not too_long, f"more than {LONGEST_FUNCTION} lines: {too_long}"


def test_few_functions_are_long() -> None:
    lengths = {
        f"{name(path)}:{function.name}": length(path, function)
        for path in modules()
        for function in functions(path)
    }
    long = sorted((size, where) for where, size in lengths.items() if size > LONG_FUNCTION)
    assert len(long) <= LONG_SHARE * len(lengths), long


@pytest.mark.parametrize("path", MODULES)
def test_no_module_holds_more_than_one_idea_can_need(path: Path) -> None:
    assert len(code_lines(path)) <= LONGEST_MODULE


@pytest.mark.parametrize(
    "path", [pytest.param(path, id=name(path)) for path in within(TESTS, suffix=".py")]
)
def test_no_test_is_longer_than_a_screen(path: Path) -> None:
    too_long = [each.name for each in functions(path) if length(path, each) > LONGEST_FUNCTION]
    assert not too_long, f"more than {LONGEST_FUNCTION} lines: {too_long}"


@pytest.mark.parametrize("path", MODULES)
def test_everything_public_says_what_it_is(path: Path) -> None:
    assert not list(undocumented(path))


def undocumented(path: Path) -> Iterator[str]:
    tree = parsed(path)
    if path.stat().st_size and not ast.get_docstring(tree):
        yield name(path)
    yield from public_without(tree, "")


def public_without(tree: ast.Module | ast.ClassDef, prefix: str) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef | Function) and not node.name.startswith("_"):
            if not ast.get_docstring(node):
                yield prefix + node.name
            if isinstance(node, ast.ClassDef):
                yield from public_without(node, f"{prefix}{node.name}.")
