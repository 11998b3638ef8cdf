"""The files of this repository, as the guards look at them."""

from __future__ import annotations

import ast
import os
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PLUGIN = ROOT / "plugin" / "support_policy"
EDGE = ROOT / "webhooks" / "support_policy_webhooks"
TESTS = ROOT / "tests"
DOCS = ROOT / "docs"

_NOT_SOURCE = {"__pycache__", "build", "demo-data", "dist"}


@cache
def files() -> tuple[Path, ...]:
    """What is or would be committed; everything outside hidden folders where there is no git."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    found = (
        [ROOT / name for name in listed.stdout.decode().split("\0") if name]
        if listed.returncode == 0
        else list(_walk())
    )
    return tuple(sorted(path for path in found if path.is_file()))


def _walk() -> Iterator[Path]:
    for folder, inner, names in os.walk(ROOT):
        inner[:] = [each for each in inner if each not in _NOT_SOURCE and each[0] != "."]
        yield from (Path(folder, name) for name in names if name[0] != ".")
    yield ROOT / ".gitignore"


def texts() -> Iterator[tuple[Path, str]]:
    """Every file that is text, with its text."""
    for path in files():
        content = path.read_bytes()
        if b"\0" not in content[:4096]:
            yield path, content.decode("utf-8", errors="replace")


def within(*folders: Path, suffix: str) -> list[Path]:
    """The files of a kind below these folders."""
    return [
        path
        for path in files()
        if path.suffix == suffix and any(path.is_relative_to(folder) for folder in folders)
    ]


def documents() -> list[Path]:
    """Every page of documentation: all Markdown that people read."""
    return within(ROOT, suffix=".md")


def modules() -> list[Path]:
    """Every module of both import packages."""
    return within(PLUGIN, EDGE, suffix=".py")


def name(path: Path) -> str:
    """How a failing guard names a file."""
    return path.relative_to(ROOT).as_posix()


@cache
def parsed(path: Path) -> ast.Module:
    """A module's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a module, those inside others as well."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def code_lines(path: Path) -> frozenset[int]:
    """The lines of a module that hold code: no blanks, no comments, no docstrings."""
    quiet = {
        number
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(
        number
        for number, line in enumerate(lines, start=1)
        if number not in quiet and not re.match(r"\s*(#|$)", line)
    )
