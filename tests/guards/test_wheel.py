"""What is installed: both packages with their data, nothing else, and it works."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from tests.guards.tree import EDGE, PLUGIN, files

PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from datetime import datetime
from pathlib import Path
import support_policy, support_policy_webhooks
from support_policy.core.load import load
from support_policy.reader import load_reader
from support_policy.settings import policy_folder
from support_policy.store.store import Store
from support_policy.texts import load_texts

assert support_policy.__file__.startswith(sys.argv[1]), support_policy.__file__
assert support_policy_webhooks.__file__.startswith(sys.argv[1])
folder = policy_folder("mexxus", Path())
assert load(folder).rules and load_reader(folder).vocabulary
assert load_texts("fr").messages
store = Store.open("sqlite:///" + sys.argv[2])
store.migrate()
assert store.schema_is_current()
store.close()
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from what is here, without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=PLUGIN.parents[1],
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_is_the_same_for_every_platform(wheel: Path) -> None:
    assert wheel.name.endswith("-py3-none-any.whl")


def test_the_wheel_holds_every_file_of_both_packages(names: set[str]) -> None:
    expected = {
        path.relative_to(package.parent).as_posix()
        for package in (PLUGIN, EDGE)
        for path in files()
        if path.is_relative_to(package)
    }
    assert {
        "support_policy/py.typed",
        "support_policy/locales/fr.toml",
        "support_policy/policies/mexxus/policy.md",
        "support_policy/policies/mexxus/support.toml",
        "support_policy/store/migrations/env.py",
        "support_policy_webhooks/py.typed",
    } <= expected
    assert expected <= names


def test_the_wheel_holds_nothing_else(names: set[str]) -> None:
    tops = {each.partition("/")[0] for each in names}
    ours = {"support_policy", "support_policy_webhooks"}
    assert {top for top in tops - ours if not top.endswith(".dist-info")} == set()
    assert not [each for each in names if "/tests/" in each or "/test_" in each]
    assert not [each for each in names if each.endswith((".pyc", ".db", ".log"))]


def test_the_wheel_carries_its_licence_and_its_command(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = {each.rpartition("/")[2]: each for each in archive.namelist()}
        assert "LICENSE" in inside
        entry = archive.read(inside["entry_points.txt"]).decode()
    assert "support-policy = support_policy.cli:main" in entry


def test_what_is_in_the_wheel_works_by_itself(wheel: Path, tmp_path: Path) -> None:
    place = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place)
    ran = subprocess.run(
        [sys.executable, "-I", "-c", PROGRAM, str(place), str(tmp_path / "store.db")],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
