"""One version of ours, and one of everything we build on."""

from __future__ import annotations

import json
import re
import tomllib
from itertools import combinations
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from tests.guards.tree import DOCS, PLUGIN, ROOT, documents, name

import support_policy

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ("requirements.lock", "bench.lock", "minilm.lock")
LOCK = "".join((ROOT / lock).read_text(encoding="utf-8") for lock in LOCKS)
PIN = r"(?m)^([\w.-]+)(?:\[[^\]]*\])?==([^\s;]+)"
VERSION = r"\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?"
ELSEWHERE = {
    "manifest.json": r'"version": "([^"]+)"',
    "plugin/osticket/support_policy/plugin.php": r"'version' *=> *'([^']+)'",
}


def wanted() -> list[Requirement]:
    """Everything that pyproject.toml asks for, extras and groups included."""
    project, groups = PROJECT["project"], PROJECT["dependency-groups"]
    lists = [project["dependencies"], *project["optional-dependencies"].values(), *groups.values()]
    return [Requirement(text) for each in lists for text in each]


def locked() -> dict[str, set[str]]:
    pins = re.findall(PIN, LOCK)
    found: dict[str, set[str]] = {}
    for package, version in pins:
        found.setdefault(canonicalize_name(package), set()).add(version)
    return found


def test_the_package_says_the_version_of_the_distribution() -> None:
    assert support_policy.__version__ == PROJECT["project"]["version"]


def test_the_changelog_tells_of_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(rf"^## \[({VERSION}|Unreleased)\]", changelog, re.MULTILINE)
    released = [heading for heading in headings if heading != "Unreleased"]
    assert released[0] == PROJECT["project"]["version"]


@pytest.mark.parametrize("file", ELSEWHERE)
def test_what_is_packaged_for_other_platforms_has_the_same_version(file: str) -> None:
    """A platform that is not supported yet has no package whose version could differ."""
    path = ROOT / file
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    versions = set(re.findall(ELSEWHERE[file], text))
    assert versions == ({PROJECT["project"]["version"]} if path.exists() else set())
    if path.suffix == ".json" and text:
        assert json.loads(text)["version"] == PROJECT["project"]["version"]


@pytest.mark.parametrize("requirement", [pytest.param(each, id=each.name) for each in wanted()])
def test_the_lock_satisfies_what_is_asked_for(requirement: Requirement) -> None:
    pins = locked().get(canonicalize_name(requirement.name), set())
    assert pins, f"{requirement.name} is not locked"
    assert all(requirement.specifier.contains(pin) for pin in pins)


def test_the_locks_agree() -> None:
    """They are installed into one environment; a newer Python may have a pin of its own."""
    pins = [set(re.findall(PIN, (ROOT / lock).read_text(encoding="utf-8"))) for lock in LOCKS]
    for one, other in combinations(pins, 2):
        common = {package for package, _ in one} & {package for package, _ in other}
        assert {pin for pin in one if pin[0] in common} == {
            pin for pin in other if pin[0] in common
        }


def test_only_the_bench_installs_what_it_measures_against() -> None:
    groups = PROJECT["dependency-groups"]
    peers = {Requirement(text).name for text in [*groups["bench"], *groups["minilm"]]}
    assert {"torch", "workclock"} <= peers
    everywhere = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert not [peer for peer in peers if re.search(rf"^{peer}==", everywhere, re.MULTILINE)]


def test_the_tool_that_builds_is_the_one_that_is_locked() -> None:
    for text in PROJECT["build-system"]["requires"]:
        requirement = Requirement(text)
        pins = locked()[canonicalize_name(requirement.name)]
        assert all(requirement.specifier.contains(pin) for pin in pins)


def test_the_help_desk_named_in_the_pages_is_the_one_that_is_tested() -> None:
    pin = next(iter(locked()["django-helpdesk"]))
    assert f"django-helpdesk=={pin}" in PROJECT["project"]["optional-dependencies"]["demo"]
    named = {
        (name(path), version)
        for path in [*documents(), *(PLUGIN / "helpdesks" / "django_helpdesk").glob("*.*")]
        for version in re.findall(
            rf"django-helpdesk ({VERSION})", path.read_text(encoding="utf-8"), re.IGNORECASE
        )
    }
    assert (name(DOCS / "operations.md"), pin) in named
    assert {version for _, version in named} == {pin}


def test_every_place_that_names_the_oldest_python_agrees() -> None:
    oldest = PROJECT["project"]["requires-python"].removeprefix(">=")
    classifiers = re.findall(r"Python :: (3\.\d+)", " ".join(PROJECT["project"]["classifiers"]))
    assert classifiers[0] == oldest
    assert PROJECT["tool"]["mypy"]["python_version"] == oldest
    assert PROJECT["tool"]["ruff"]["target-version"] == "py" + oldest.replace(".", "")
    assert f"Python {oldest}" in (ROOT / "README.md").read_text(encoding="utf-8")
